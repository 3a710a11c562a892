"""Changes of accredited plans through their services: what moves, when, and the notice of a minor change."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizations.accreditation import changes
from organizations.accreditation.changes import ChangeFacts
from organizations.accreditation.models import PlanChange
from organizations.accreditation.states import CHANGE_TRANSITIONS, ApplicationAct, ChangeKind, ChangeState
from organizations.merging import services as merging
from organizations.plans.models import TrainingPlan
from organizations.plans.services import complete
from organizations.plans.states import PlanCategory, PlanState
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor
from otit.auth.permissions import Permission, Role
from otit.errors import NotPermitted, RuleViolation, StateConflict
from tests.factories import NOW, TODAY, Factories


@pytest.fixture
def plan(factories: Factories, company: Organization, union: Organization) -> TrainingPlan:
    """From 2026-04-01 to 2027-03-31, accredited on 2026-03-01."""
    return factories.plan(company, category=PlanCategory.D, supervising_organization_id=union.id)


def facts(new: dict[str, Any] | None = None, **values: Any) -> ChangeFacts:
    defaults: dict[str, Any] = {
        "applied_on": date(2026, 11, 10),
        "changed_on": date(2026, 12, 1),
        "summary": "実習の期間を短くする。",
        "new": {"ends_on": date(2027, 2, 28)} if new is None else new,
    }
    return ChangeFacts(**defaults | values)


def applied(session: Session, actor: Actor, plan: TrainingPlan, new: dict[str, Any] | None = None) -> PlanChange:
    return changes.apply_for_change(session, actor, plan, facts(new), now=NOW)


def test_a_change_cites_the_article_of_the_scheme(session: Session, manager: Actor, factories: Factories) -> None:
    """Act No. 60 of 2024 keeps the layout of the articles; what comes before it is in force cites its first day."""
    old, new = (
        factories.plan(category=category, scheme=category.scheme) for category in (PlanCategory.A, PlanCategory.S)
    )
    cited = [
        (change.provision_code, change.provision_from) for change in (applied(session, manager, p) for p in (old, new))
    ]
    assert cited == [("TIT-11", date(2017, 11, 1)), ("ESD-11", date(2027, 4, 1))]


def test_a_change_moves_the_plan_when_it_is_accredited_and_not_before(
    session: Session, manager: Actor, plan: TrainingPlan, factories: Factories
) -> None:
    other = factories.organization(OrganizationKind.SUPERVISING)
    factories.license(other, licensed_on=date(2020, 1, 1))
    sender = factories.sending_organization()
    old = plan.supervising_organization_id
    new = {
        "ends_on": date(2027, 2, 28),
        "occupation_code": "3-5",
        "supervising_organization_id": other.id,
        "sending_organization_id": sender.id,
        "starts_on": plan.starts_on,
    }
    change = applied(session, manager, plan, new)
    session.commit()
    assert change.changes == {
        "ends_on": ["2027-03-31", "2027-02-28"],
        "occupation_code": [None, "3-5"],
        "supervising_organization_id": [old, other.id],
        "sending_organization_id": [None, sender.id],
    }
    assert (plan.ends_on, plan.supervising_organization_id) == (date(2027, 3, 31), old)
    changes.accredit_change(session, manager, change, on=TODAY, now=NOW)
    session.commit()
    assert (plan.ends_on, plan.occupation_code) == (date(2027, 2, 28), "3-5")
    assert (plan.supervising_organization_id, plan.sending_organization_id) == (other.id, sender.id)
    assert change.state is ChangeState.ACCREDITED
    assert {each["citation"] for each in change.warnings} >= {"協力覚書、規則第25条"}
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "plan.changed")).one()
    assert event.changes["ends_on"] == ["2027-03-31", "2027-02-28"]


def test_the_criteria_hold_for_changes_too(
    session: Session, manager: Actor, plan: TrainingPlan, factories: Factories
) -> None:
    longer = applied(session, manager, plan, {"ends_on": date(2027, 4, 1)})
    with pytest.raises(RuleViolation) as refusal:
        changes.accredit_change(session, manager, longer, on=TODAY, now=NOW)
    assert refusal.value.citation == "法第9条"
    changes.refuse_change(session, manager, longer, on=TODAY, reason="1年を超える。", now=NOW)
    session.commit()
    assert ("refusal", "法第9条") in {(each["severity"], each["citation"]) for each in longer.warnings}
    unlicensed = factories.organization(OrganizationKind.SUPERVISING)
    moved = applied(session, manager, plan, {"supervising_organization_id": unlicensed.id})
    with pytest.raises(RuleViolation) as refusal:
        changes.accredit_change(session, manager, moved, on=TODAY, now=NOW)
    assert refusal.value.citation == "法第23条"
    assert plan.ends_on == date(2027, 3, 31)


def test_the_plan_itself_does_not_count_against_the_cap(
    session: Session, manager: Actor, plan: TrainingPlan, factories: Factories, company: Organization
) -> None:
    company.staff_count = 30
    for _ in range(2):
        factories.plan(company)
    change = applied(session, manager, plan)
    found = changes.findings_of(session, change, on=TODAY, today=TODAY)
    assert not [each for each in found if "人数枠（" in each.message]


def test_a_grave_finding_needs_a_reason_to_accredit_a_change_all_the_same(
    session: Session, manager: Actor, plan: TrainingPlan, factories: Factories, company: Organization
) -> None:
    company.staff_count = 30
    for _ in range(3):
        factories.plan(company, category=PlanCategory.D, supervising_organization_id=plan.supervising_organization_id)
    change = applied(session, manager, plan)
    with pytest.raises(RuleViolation) as refusal:
        changes.accredit_change(session, manager, change, on=TODAY, now=NOW)
    assert refusal.value.field == "reason"
    changes.accredit_change(session, manager, change, on=TODAY, reason="架空の事情", now=NOW)
    session.commit()
    events = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "plan_change.accredited"))
    assert [event.detail["reason"] for event in events] == ["架空の事情"]


def test_an_earlier_start_is_the_first_training(
    session: Session, manager: Actor, plan: TrainingPlan, company: Organization
) -> None:
    company.first_training_on = date(2026, 4, 1)
    change = applied(session, manager, plan, {"starts_on": date(2026, 3, 20), "ends_on": date(2027, 3, 19)})
    changes.accredit_change(session, manager, change, on=TODAY, now=NOW)
    session.refresh(company)
    assert company.first_training_on == date(2026, 3, 20)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"new": {}}, None),
        ({"new": {"ends_on": date(2027, 3, 31)}}, None),
        ({"summary": " "}, "summary"),
        ({"applied_on": TODAY + timedelta(days=1)}, "applied_on"),
        ({"applied_on": date(2026, 2, 28)}, "applied_on"),
        ({"changed_on": date(2026, 2, 28)}, "changed_on"),
    ],
)
def test_what_is_no_application_for_a_change(
    session: Session, manager: Actor, plan: TrainingPlan, values: dict[str, Any], field: str | None
) -> None:
    with pytest.raises(RuleViolation) as refusal:
        changes.apply_for_change(session, manager, plan, facts(**values), now=NOW)
    assert refusal.value.field == field


def test_an_enterprise_plan_gets_no_supervising_organization(
    session: Session, manager: Actor, company: Organization, union: Organization, factories: Factories
) -> None:
    with pytest.raises(RuleViolation):
        applied(session, manager, factories.plan(company), {"supervising_organization_id": union.id})


def test_one_application_at_a_time(session: Session, manager: Actor, plan: TrainingPlan) -> None:
    first = applied(session, manager, plan)
    with pytest.raises(RuleViolation):
        applied(session, manager, plan)
    changes.withdraw_change(session, manager, first, on=TODAY, now=NOW)
    applied(session, manager, plan)
    session.commit()
    copy = {c.key: getattr(first, c.key) for c in sa.inspect(PlanChange).column_attrs if c.key not in ("id", "version")}
    session.add(PlanChange(**copy | {"state": ChangeState.APPLIED, "decided_on": None}))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


@pytest.mark.parametrize(
    ("changed_on", "notified_on", "late"),
    [
        (date(2026, 6, 30), date(2026, 7, 30), False),
        (date(2026, 6, 30), date(2026, 7, 31), True),
        (date(2026, 8, 31), date(2026, 9, 30), False),
        (date(2026, 8, 31), date(2026, 10, 1), True),
    ],
)
def test_a_minor_change_is_notified_within_a_month(
    session: Session, manager: Actor, plan: TrainingPlan, changed_on: date, notified_on: date, late: bool
) -> None:
    given = facts({}, changed_on=changed_on, applied_on=notified_on)
    change = changes.note_minor_change(session, manager, plan, given, now=NOW)
    session.commit()
    assert (change.kind, change.state, change.changes) == (ChangeKind.MINOR, ChangeState.NOTIFIED, {})
    assert [each["citation"] for each in change.warnings] == (["法第11条、規則第17条"] if late else [])


def test_a_notice_does_not_precede_its_change(session: Session, manager: Actor, plan: TrainingPlan) -> None:
    with pytest.raises(RuleViolation) as refusal:
        changes.note_minor_change(session, manager, plan, facts({}, changed_on=date(2026, 11, 11)), now=NOW)
    assert refusal.value.field == "applied_on"


def do(session: Session, actor: Actor, row: PlanChange, act: ApplicationAct, on: date = TODAY) -> None:
    if act is ApplicationAct.CORRECT:
        changes.correct_change(session, actor, row, facts(), now=NOW)
    elif act is ApplicationAct.ACCREDIT:
        changes.accredit_change(session, actor, row, on=on, now=NOW)
    elif act is ApplicationAct.REFUSE:
        changes.refuse_change(session, actor, row, on=on, reason="架空の理由", now=NOW)
    else:
        changes.withdraw_change(session, actor, row, on=on, now=NOW)


WAYS = {
    ChangeState.ACCREDITED: ApplicationAct.ACCREDIT,
    ChangeState.REFUSED: ApplicationAct.REFUSE,
    ChangeState.WITHDRAWN: ApplicationAct.WITHDRAW,
}


@pytest.mark.parametrize("act", list(ApplicationAct))
@pytest.mark.parametrize("state", list(ChangeState))
def test_every_state_and_act(
    session: Session, manager: Actor, plan: TrainingPlan, state: ChangeState, act: ApplicationAct
) -> None:
    if state is ChangeState.NOTIFIED:
        change = changes.note_minor_change(
            session, manager, plan, facts({}, changed_on=TODAY, applied_on=TODAY), now=NOW
        )
    else:
        change = applied(session, manager, plan)
    if state in WAYS:
        do(session, manager, change, WAYS[state])
    assert changes.may(manager, change, act) is ((state, act) in CHANGE_TRANSITIONS)
    if (state, act) in CHANGE_TRANSITIONS:
        do(session, manager, change, act)
        session.commit()
        assert change.state is CHANGE_TRANSITIONS[state, act]
    else:
        with pytest.raises(StateConflict):
            do(session, manager, change, act)


def test_a_plan_that_has_ended_is_not_changed(session: Session, manager: Actor, plan: TrainingPlan) -> None:
    change = applied(session, manager, plan)
    complete(session, manager, plan, on=TODAY, today=TODAY)
    assert not changes.may_change(manager, plan)
    for act in (lambda: do(session, manager, change, ApplicationAct.ACCREDIT), lambda: applied(session, manager, plan)):
        with pytest.raises(StateConflict):
            act()
    assert plan.state is PlanState.COMPLETED


def test_only_permitted_people_of_the_implementing_office_act(
    session: Session, factories: Factories, manager: Actor, plan: TrainingPlan
) -> None:
    change = applied(session, manager, plan)
    elsewhere = factories.user(Role.MANAGER, office_code="03").actor
    clerk = factories.user(Role.ADMINISTRATOR).actor
    assert clerk.can(Permission.MAINTAIN_REGISTERS)
    for actor in (elsewhere, clerk, factories.user(Role.INSPECTOR).actor):
        for act in (ApplicationAct.ACCREDIT, ApplicationAct.REFUSE):
            with pytest.raises(NotPermitted):
                do(session, actor, change, act)
    for actor in (elsewhere, factories.user(Role.INSPECTOR).actor):
        with pytest.raises(NotPermitted):
            applied(session, actor, plan)
        with pytest.raises(NotPermitted):
            changes.note_minor_change(session, actor, plan, facts({}), now=NOW)
    do(session, clerk, change, ApplicationAct.WITHDRAW)


def test_a_body_that_was_merged_after_the_application_is_the_one_that_lives_on(
    session: Session, manager: Actor, plan: TrainingPlan, factories: Factories
) -> None:
    kept, duplicate = (factories.organization(OrganizationKind.SUPERVISING, prefecture_code="13") for _n in range(2))
    factories.license(kept, licensed_on=date(2020, 1, 1))
    change = applied(session, manager, plan, {"supervising_organization_id": duplicate.id})
    headquarters = factories.user(Role.MANAGER).actor
    merging.merge(session, headquarters, kept, duplicate, reason="架空の理由", now=NOW)
    changes.accredit_change(session, manager, change, on=TODAY, now=NOW)
    session.commit()
    assert (plan.supervising_organization_id, plan.supervising_office_code) == (kept.id, kept.office_code)
