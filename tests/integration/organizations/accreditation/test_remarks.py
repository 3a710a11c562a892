"""What the page of an accredited plan says of it: doubts about a plan that a list brought, a missing contract."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from organizations.accreditation.models import PlanChange
from organizations.accreditation.queries import application_of_plan, changes_of_plan
from organizations.accreditation.remarks import remarks_on
from organizations.accreditation.states import ApplicationState, ChangeKind, ChangeState
from organizations.licenses.states import LicenseState
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanCategory, PlanState
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from organizations.relations.models import Supervision
from otit.auth.permissions import Role
from otit.findings import Finding, Severity
from tests.cases import statements
from tests.factories import NOW, Factories
from tests.pages import Browser

TITLE = "確認結果"


@pytest.fixture
def union(factories: Factories) -> Organization:
    """Its licence begins after the plan was accredited."""
    body = factories.organization(OrganizationKind.SUPERVISING, name="架空組合")
    factories.license(body, licensed_on=date(2026, 3, 2), expires_on=date(2029, 3, 1))
    return body


@pytest.fixture
def plan(factories: Factories, union: Organization) -> TrainingPlan:
    return factories.plan(category=PlanCategory.D, supervising_organization_id=union.id)


def remarks(session: Session, plan: TrainingPlan) -> list[Finding]:
    return remarks_on(session, plan, application_of_plan(session, plan.id), changes_of_plan(session, plan.id))


def said(session: Session, plan: TrainingPlan) -> list[tuple[str, str | None]]:
    """The missing contract apart."""
    return [(one.message, one.citation) for one in remarks(session, plan) if one.severity is not Severity.NOTE]


UNLICENSED = ("監理団体には、%(day)sに有効な許可がありません。", "法第23条")


def test_an_imported_plan_shows_what_the_criteria_say_against_it(
    browser: Browser, factories: Factories, plan: TrainingPlan
) -> None:
    browser.sign_in(factories.user(Role.READ_ONLY))
    page = browser.get(f"/plans/{plan.id}")
    assert TITLE in page.text
    assert "認められない事由" not in page.text  # the accreditation stands
    assert "監理団体には、令和8年3月1日に有効な許可がありません。 法第23条" in page.text


def test_a_sound_plan_shows_nothing(browser: Browser, factories: Factories) -> None:
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert TITLE not in browser.get(f"/plans/{factories.plan().id}").text


def test_what_was_said_of_a_plan_with_an_application_is_kept_there(
    session: Session, factories: Factories, plan: TrainingPlan, union: Organization
) -> None:
    assert said(session, plan) == [UNLICENSED]
    factories.plan_application(
        plan.implementing_organization,
        category=PlanCategory.D,
        supervising_organization_id=union.id,
        state=ApplicationState.ACCREDITED,
        applied_on=date(2026, 1, 5),
        decided_on=date(2026, 3, 1),
        plan=plan,
    )
    assert said(session, plan) == []


def test_a_bar_that_began_with_the_plan_itself_is_nothing_against_it(session: Session, factories: Factories) -> None:
    plan = factories.plan(state=PlanState.REVOKED, revoked_on=date(2026, 6, 1), bar_until=date(2031, 5, 31))
    assert said(session, plan) == []
    earlier = {"accredited_on": date(2025, 1, 6), "revoked_on": date(2026, 2, 1), "bar_until": date(2031, 1, 31)}
    factories.plan(plan.implementing_organization, state=PlanState.REVOKED, **earlier)
    assert [citation for _message, citation in said(session, plan)] == ["法第10条第7号"]


@pytest.mark.parametrize("state", [ChangeState.ACCREDITED, ChangeState.APPLIED])
def test_a_changed_plan_is_seen_as_it_was_accredited(
    session: Session, factories: Factories, plan: TrainingPlan, union: Organization, state: ChangeState
) -> None:
    """The union that came later held no licence on the day of the accreditation, and need not have."""
    first = factories.organization(OrganizationKind.SUPERVISING)
    factories.license(first)
    changes = {"supervising_organization_id": [first.id, union.id], "ends_on": ["2027-03-31", "2027-03-31"]}
    decided = {"decided_on": date(2026, 5, 1)} if state is ChangeState.ACCREDITED else {}
    days = {"applied_on": date(2026, 4, 6), "changed_on": date(2026, 5, 1), "created_at": NOW, **decided}
    basis = {"provision_code": "TIT-11-1", "provision_from": date(2017, 11, 1)}
    kind = {"kind": ChangeKind.CHANGE, "state": state, "summary": "架空の変更"}
    factories.add(PlanChange(plan_id=plan.id, changes=changes, **kind, **days, **basis))
    assert said(session, plan) == ([] if state is ChangeState.ACCREDITED else [UNLICENSED])


def test_a_revoked_licence_served_until_then(session: Session, factories: Factories) -> None:
    license = factories.license(state=LicenseState.REVOKED, revoked_on=date(2026, 3, 2), bar_until=date(2031, 3, 1))
    plan = factories.plan(category=PlanCategory.D, supervising_organization_id=license.organization_id)
    assert said(session, plan) == []


def test_the_remarks_cost_few_statements(session: Session, factories: Factories, plan: TrainingPlan) -> None:
    plan.sending_organization_id = factories.sending_organization().id
    session.flush()
    with statements() as sent:
        remarks_on(session, plan, None, [])
    assert len(sent) <= 6, sent


# --- the contract of the two bodies -----------------------------------------------------------------------------------

MISSING = "監理団体と実習実施者との契約が登録されていません"


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "missing"),
    [
        (date(2027, 3, 31), None, False),  # begins on the last day
        (date(2020, 4, 1), date(2026, 4, 1), False),  # ends on the first day
        (date(2027, 4, 1), None, True),
        (date(2020, 4, 1), date(2026, 3, 31), True),
    ],
)
def test_a_contract_on_a_day_of_the_plan_is_looked_for(
    session: Session,
    factories: Factories,
    plan: TrainingPlan,
    union: Organization,
    starts_on: date,
    ends_on: date | None,
    missing: bool,
) -> None:
    """That with another body, or of another one, is none."""
    pair = {
        "supervising_organization_id": union.id,
        "implementing_organization_id": plan.implementing_organization_id,
    }
    other = {"starts_on": date(2020, 4, 1)}
    factories.add(Supervision(**pair | {"implementing_organization_id": factories.organization().id}, **other))
    union_of_others = factories.organization(OrganizationKind.SUPERVISING)
    factories.add(Supervision(**pair | {"supervising_organization_id": union_of_others.id}, **other))
    factories.add(Supervision(**pair, starts_on=starts_on, ends_on=ends_on))
    found = [one for one in remarks(session, plan) if MISSING in one.message]
    assert [(one.severity, one.citation) for one in found] == ([(Severity.NOTE, None)] if missing else [])


def test_a_plan_of_an_enterprise_needs_no_contract(session: Session, factories: Factories) -> None:
    assert remarks(session, factories.plan()) == []


def test_the_missing_contract_is_noted_at_the_receipt_and_on_the_plan(
    browser: Browser, session: Session, factories: Factories
) -> None:
    """A note refuses nothing; it is kept with the decision."""
    union = factories.license(licensed_on=date(2026, 1, 5), expires_on=date(2029, 1, 4)).organization
    ids = {"supervising_organization_id": union.id}
    application = factories.plan_application(category=PlanCategory.D, **ids)
    browser.sign_in(factories.user(Role.MANAGER))
    assert MISSING in browser.get(f"/plan-applications/{application.id}").text
    browser.send(f"/plan-applications/{application.id}/accreditation", {"on": "2026-11-20"})
    session.refresh(application)
    assert application.state is ApplicationState.ACCREDITED
    assert [one["severity"] for one in application.warnings if MISSING in one["message"]] == ["note"]
    page = browser.get(f"/plans/{application.plan_id}")
    assert MISSING in page.text
    assert "参考" in page.text
    bodies = {**ids, "implementing_organization_id": application.implementing_organization_id}
    factories.add(Supervision(**bodies, starts_on=date(2026, 4, 1)))
    assert MISSING not in browser.get(f"/plans/{application.plan_id}").text
