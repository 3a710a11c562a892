"""What the register knows about an application, put before the criteria: licence, bar, caps, occupation, sender."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.dispositions.models import Decision, Disposition
from inspections.dispositions.states import DispositionKind, DispositionState
from organizations.accreditation import changes, services
from organizations.accreditation.models import PlanApplication
from organizations.accreditation.services import Received
from organizations.accreditation.states import ApplicationState
from organizations.licenses.models import License, LicenseOccupation, LicenseTerm
from organizations.licenses.states import LicenseClass, LicenseState, TermGround
from organizations.licensing.states import ApplicationState as LicensingState
from organizations.occupations.models import Occupation
from organizations.plans.states import PlanCategory, PlanState, Scheme
from organizations.register.business import NoticeFacts, record_business_notice
from organizations.register.models import Organization
from organizations.register.states import BusinessAct, BusinessStatus, OrganizationKind
from organizations.sending.models import AcceptanceSuspension
from otit.auth.actors import Actor
from otit.auth.permissions import Role
from otit.errors import RuleViolation
from tests.cases import statements
from tests.factories import NOW, TODAY, Factories


def suspension_order(factories: Factories, license: License, effective_on: date, until: date) -> Disposition:
    """Decided by the ministers, and not yet in effect."""
    order: Disposition = factories.add(
        Disposition(
            number=f"処26-11-{license.id:04d}", organization_id=license.organization_id, license_id=license.id,
            office_code="11", state=DispositionState.DECIDED, proposed_kind=DispositionKind.BUSINESS_SUSPENSION,
            proposed_on=date(2026, 10, 1), submitted_on=date(2026, 10, 2), reason="架空の理由", created_at=NOW,
            proposed_by_id=factories.user(Role.MANAGER).id,
        )
    )  # fmt: skip
    kind, days = DispositionKind.BUSINESS_SUSPENSION, {"effective_on": effective_on, "suspension_until": until}
    decided = {"authority": "moj_mhlw", "decided_on": date(2026, 11, 20), "reason": "架空の理由"}
    factories.add(Decision(disposition=order, kind=kind, recorded_by_id=order.proposed_by_id, **decided, **days))
    return order


def messages(session: Session, application: PlanApplication) -> str:
    return "\n".join(f.message for f in services.findings_of(session, application, on=TODAY, today=TODAY))


def test_the_licence_is_that_of_the_first_day(
    session: Session, manager: Actor, received: Received, union: Organization
) -> None:
    beyond = replace(received, starts_on=date(2027, 6, 1), ends_on=date(2028, 5, 31))
    assert "有効な許可" in messages(session, services.receive(session, manager, beyond, now=NOW))
    last = replace(received, starts_on=date(2027, 5, 31), ends_on=date(2028, 5, 30))
    assert "有効な許可" not in messages(session, services.receive(session, manager, last, now=NOW))


def test_the_class_is_that_of_the_term_in_which_training_begins(
    session: Session, manager: Actor, received: Received, factories: Factories
) -> None:
    body = factories.organization(OrganizationKind.SUPERVISING)
    license = factories.license(body, license_class=LicenseClass.GENERAL)
    third = replace(received, supervising=body, category=PlanCategory.F)
    application = services.receive(session, manager, third, now=NOW)
    assert "一般監理事業" not in messages(session, application)
    session.scalars(sa.select(LicenseTerm).filter_by(license_id=license.id)).one().ends_on = date(2027, 3, 31)
    session.add(
        LicenseTerm(
            license_id=license.id,
            license_class=LicenseClass.SPECIFIC,
            starts_on=date(2027, 4, 1),
            ends_on=date(2027, 5, 31),
            ground=TermGround.DOWNGRADED,
        )
    )
    session.flush()
    assert "一般監理事業" in messages(session, application)


def test_a_suspension_on_the_first_day_is_told(
    session: Session, manager: Actor, received: Received, factories: Factories
) -> None:
    body = factories.organization(OrganizationKind.SUPERVISING)
    until = date(2027, 4, 1)
    license = factories.license(body, state=LicenseState.SUSPENDED, suspended_until=until)
    application = services.receive(session, manager, replace(received, supervising=body), now=NOW)
    assert "事業の停止を命じられています" in messages(session, application)
    license.suspended_until = until - timedelta(days=1)
    assert "事業の停止を命じられています" not in messages(session, application)


@pytest.mark.parametrize(
    ("effective_on", "until", "told"),
    [
        (date(2027, 3, 1), date(2027, 4, 1), True),
        (date(2027, 4, 1), date(2027, 6, 30), True),
        (date(2027, 3, 1), date(2027, 3, 31), False),
        (date(2027, 4, 2), date(2027, 6, 30), False),
    ],
)
def test_an_order_that_is_decided_and_holds_on_the_first_day_is_told_before_it_takes_effect(
    session: Session, manager: Actor, received: Received, factories: Factories, effective_on: date, until: date,
    told: bool,
) -> None:  # fmt: skip
    license = factories.license()
    order = suspension_order(factories, license, effective_on, until)
    application = services.receive(session, manager, replace(received, supervising=license.organization), now=NOW)
    assert ("事業の停止を命じられています" in messages(session, application)) is told
    order.state = DispositionState.NOT_TAKEN
    session.flush()
    assert "事業の停止を命じられています" not in messages(session, application)


def test_a_licence_whose_renewal_is_applied_for_refuses_nothing(
    session: Session, manager: Actor, received: Received, factories: Factories
) -> None:
    license = factories.license(expires_on=date(2027, 3, 31))
    application = services.receive(session, manager, replace(received, supervising=license.organization), now=NOW)
    assert "有効な許可がありません" in messages(session, application)
    renewal = factories.application(license=license)
    assert "有効な許可がありません" not in messages(session, application)
    with pytest.raises(RuleViolation) as refusal:
        services.accredit(session, manager, application, on=TODAY, now=NOW)
    assert refusal.value.field == "reason"
    renewal.state, renewal.withdrawn_on = LicensingState.WITHDRAWN, TODAY
    session.flush()
    assert "有効な許可がありません" in messages(session, application)


def test_a_bar_after_a_revocation_holds_to_its_last_day(
    session: Session, manager: Actor, received: Received, factories: Factories, company: Organization
) -> None:
    revoked = {"state": PlanState.REVOKED, "accredited_on": date(2021, 1, 1), "revoked_on": date(2021, 11, 25)}
    plan = factories.plan(company, **revoked, bar_until=TODAY)
    application = services.receive(session, manager, received, now=NOW)
    assert "受けることができません" in messages(session, application)
    plan.bar_until = TODAY - timedelta(days=1)
    assert "受けることができません" not in messages(session, application)


def test_closed_bodies_get_no_accreditation(
    session: Session, manager: Actor, received: Received, company: Organization, union: Organization
) -> None:
    application = services.receive(session, manager, received, now=NOW)
    for body in (company, union):
        body.status = BusinessStatus.CLOSED
        with pytest.raises(RuleViolation):
            services.accredit(session, manager, application, on=TODAY, now=NOW)
        body.status = BusinessStatus.SUSPENDED


def test_the_caps_count_the_trainees_in_force_on_the_first_day(
    session: Session, manager: Actor, received: Received, factories: Factories, company: Organization
) -> None:
    company.staff_count = 30
    application = services.receive(session, manager, received, now=NOW)
    running = {"starts_on": date(2026, 5, 1), "ends_on": date(2027, 4, 30), "accredited_on": date(2026, 3, 1)}
    for _ in range(2):
        factories.plan(company, **running)
    factories.plan(company, **running | {"ends_on": date(2027, 3, 31)})
    factories.plan(company, **running, category=PlanCategory.B)
    factories.plan(company, **running, state=PlanState.DISCONTINUED, ended_on=date(2026, 10, 1))
    factories.plan(**running)
    assert "人数枠（" not in messages(session, application)
    factories.plan(company, **running)
    assert "人数枠（" in messages(session, application)


@pytest.mark.parametrize(
    ("code", "name", "words"),
    [("3-5", "型枠施工", "介護と建設"), ("7-21-1", "介護", "介護と建設"), ("7-1-1", "架空", ""), ("7-9", "", "一覧に")],
)
def test_the_register_of_occupations_is_asked_for_the_first_day(
    session: Session, manager: Actor, received: Received, code: str, name: str, words: str
) -> None:
    occupation = {"scheme": Scheme.TECHNICAL_INTERN_TRAINING, "code": code, "sort_key": code, "sector": "架空"}
    if name:
        session.add(Occupation(**occupation, name=name, valid_from=date(2017, 11, 1), valid_until=date(2027, 4, 1)))
    application = services.receive(session, manager, replace(received, occupation_code=code), now=NOW)
    found = messages(session, application)
    assert words in found
    assert ("一覧にありません" in found) is not bool(name)
    application.starts_on = date(2027, 4, 2)
    assert "一覧にありません" in messages(session, application)


def test_a_suspended_sender_counts_on_the_first_day_and_today(
    session: Session, manager: Actor, received: Received, factories: Factories
) -> None:
    sender = factories.sending_organization(approved_on=date(2020, 1, 1))
    application = services.receive(session, manager, replace(received, sending=sender), now=NOW)
    assert "停止されています" not in messages(session, application)
    suspension = AcceptanceSuspension(
        sending_organization_id=sender.id, starts_on=date(2026, 1, 1), ends_on=TODAY, reason="架空の理由"
    )
    factories.add(suspension)
    assert "停止されています" in messages(session, application)
    suspension.ends_on = TODAY - timedelta(days=1)
    session.flush()
    assert "停止されています" not in messages(session, application)
    suspension.starts_on, suspension.ends_on = date(2027, 3, 1), None
    session.flush()
    assert "停止されています" in messages(session, application)


@pytest.mark.parametrize(
    ("country", "approved_on", "ended_on", "told"),
    [
        ("VNM", None, None, True),
        ("VNM", date(2027, 4, 2), None, True),
        ("VNM", date(2027, 4, 1), None, False),
        ("VNM", date(2020, 1, 1), date(2027, 3, 31), True),
        ("VNM", date(2020, 1, 1), date(2027, 4, 1), False),
        ("CHN", None, None, False),
    ],
)
def test_a_sender_of_a_memorandum_country_is_approved_on_the_first_day(
    session: Session,
    manager: Actor,
    received: Received,
    factories: Factories,
    country: str,
    approved_on: date | None,
    ended_on: date | None,
    told: bool,
) -> None:
    sender = factories.sending_organization(country=country, approved_on=approved_on, approval_ended_on=ended_on)
    application = services.receive(session, manager, replace(received, sending=sender), now=NOW)
    assert ("送出国政府" in messages(session, application)) is told


def test_an_odd_year_or_office_is_only_a_warning(session: Session, manager: Actor, received: Received) -> None:
    odd = services.receive(session, manager, replace(received, number="認2508000001"), now=NOW)
    fit = services.receive(session, manager, replace(received, number="認2611000001"), now=NOW)
    assert "受理番号の年" in messages(session, odd)
    assert "受理番号の年" not in messages(session, fit)


def test_a_grave_finding_needs_a_reason_to_accredit_all_the_same(
    session: Session, manager: Actor, received: Received, factories: Factories
) -> None:
    sender = factories.sending_organization(approved_on=date(2020, 1, 1))
    held = AcceptanceSuspension(sending_organization_id=sender.id, starts_on=date(2026, 1, 1), reason="架空の理由")
    factories.add(held)
    application = services.receive(session, manager, replace(received, sending=sender), now=NOW)
    with pytest.raises(RuleViolation) as refusal:
        services.accredit(session, manager, application, on=TODAY, now=NOW)
    assert refusal.value.field == "reason"
    plan = services.accredit(session, manager, application, on=TODAY, reason="架空の事情", now=NOW)
    assert plan.number == application.number


# --- what other records of the register say ---------------------------------------------------------------------------


def test_the_other_plans_and_open_applications_of_the_person_are_looked_at(
    session: Session, manager: Actor, received: Received, factories: Factories
) -> None:
    person = factories.trainee(born_on=date(2009, 4, 2))
    application = services.receive(session, manager, replace(received, category=PlanCategory.E), now=NOW)
    assert "技能実習生" not in messages(session, application)  # nobody is named
    application.trainee_id = person.id
    found = messages(session, application)
    assert "18歳未満" in found
    assert "第%(level)s号の計画が登録されていません" in found
    first = factories.plan(trainee_id=person.id, ends_on=date(2027, 3, 31))
    assert "号の計画が登録されていません" not in messages(session, application)
    first.ends_on = date(2027, 4, 1)
    assert "同じ技能実習生の計画" in messages(session, application)
    first.state, first.ended_on = PlanState.COMPLETED, date(2026, 11, 20)
    assert "同じ技能実習生の計画" not in messages(session, application)
    first.state, first.ended_on = PlanState.REVOKED, None
    first.revoked_on, first.bar_until = date(2026, 11, 20), date(2031, 11, 19)
    assert "第%(level)s号の計画が登録されていません" in messages(session, application)
    other = factories.plan_application(trainee_id=person.id)
    assert "まだ決定されていない申請" in messages(session, application)
    other.state, other.decided_on = ApplicationState.WITHDRAWN, TODAY
    assert "まだ決定されていない申請" not in messages(session, application)


def test_a_changed_plan_does_not_overlap_itself(session: Session, manager: Actor, factories: Factories) -> None:
    plan = factories.plan(trainee_id=factories.trainee().id)
    facts = changes.ChangeFacts(TODAY, TODAY, "架空の変更", {"ends_on": date(2027, 2, 28)})
    change = changes.apply_for_change(session, manager, plan, facts, now=NOW)
    found = changes.findings_of(session, change, on=TODAY, today=TODAY)
    assert not [one for one in found if "同じ技能実習生" in one.message]


def test_the_content_of_the_licence_is_looked_at_where_it_is_recorded(
    session: Session, manager: Actor, received: Received, factories: Factories
) -> None:
    license = factories.license()
    care = {"code": "7-21-1", "name": "介護", "sort_key": "7-21-1", "sector": "架空", "valid_from": date(2017, 11, 1)}
    session.add(Occupation(scheme=Scheme.TECHNICAL_INTERN_TRAINING, **care))
    named = replace(received, supervising=license.organization, occupation_code="7-21-1")
    application = services.receive(session, manager, named, now=NOW)
    assert "介護を取り扱う" in messages(session, application)
    assert "取扱職種" not in messages(session, application)
    license.handles_care = True
    license.occupations = [LicenseOccupation(code="3-5")]
    session.flush()
    assert "介護を取り扱う" not in messages(session, application)
    assert "取扱職種" in messages(session, application)
    license.occupations = [LicenseOccupation(code="7-21"), LicenseOccupation(code="3-5")]
    session.flush()
    assert "取扱職種" not in messages(session, application)


@pytest.mark.parametrize(("day", "told"), [(date(2028, 3, 31), True), (date(2028, 4, 1), False)])
def test_a_closure_that_lies_ahead_is_told_of_either_body(
    session: Session, manager: Actor, received: Received, company: Organization, union: Organization, day: date,
    told: bool,
) -> None:  # fmt: skip
    application = services.receive(session, manager, received, now=NOW)
    for body, words in ((company, "実習実施者は、実習の終了日より前"), (union, "監理団体は、実習の終了日より前")):
        assert words not in messages(session, application)
        actor = replace(manager, office_code=body.office_code)
        notice = NoticeFacts(BusinessAct.CLOSE, TODAY, day)
        record_business_notice(session, actor, body, notice, now=NOW)
        assert (words in messages(session, application)) is told


def test_the_sending_organization_is_of_the_country_of_the_person(
    session: Session, manager: Actor, received: Received, factories: Factories
) -> None:
    sender = factories.sending_organization(country="IDN")
    application = services.receive(session, manager, received, now=NOW)
    assert "送出機関が登録されていません" in messages(session, application)
    application.sending_organization = sender
    assert "国籍が、送出機関の国と異なります" in messages(session, application)
    application.nationality = "IDN"
    assert "国籍が" not in messages(session, application)


def test_an_examination_takes_few_statements_whatever_is_known(
    session: Session, manager: Actor, received: Received, factories: Factories
) -> None:
    person = factories.trainee()
    for _ in range(15):
        factories.plan(trainee_id=person.id)
    named = replace(received, sending=factories.sending_organization())
    application = services.receive(session, manager, named, now=NOW)
    application.trainee_id = person.id
    session.flush()
    with statements() as sent:
        services.findings_of(session, application, on=TODAY, today=TODAY)
    assert len(sent) <= 12, sent
