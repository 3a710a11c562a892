"""The acts on an inspection: every state, every act, who may, and what is refused."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.scheduling import services
from inspections.scheduling.models import Inspection
from inspections.scheduling.states import TRANSITIONS, DueBasis, InspectionAct, InspectionState
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor
from otit.auth.models import User
from otit.auth.permissions import Role
from otit.errors import NotPermitted, RuleViolation, StateConflict
from tests.factories import NOW, TODAY, Factories

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def in_state(factories: Factories, state: InspectionState, inspector: User, **values: Any) -> Inspection:
    needed: dict[InspectionState, dict[str, Any]] = {
        InspectionState.ASSIGNED: {"assigned_to_id": inspector.id},
        InspectionState.IN_PROGRESS: {"assigned_to_id": inspector.id},
        InspectionState.DONE: {"completed_on": YESTERDAY},
        InspectionState.CANCELLED: {"cancelled_on": YESTERDAY, "cancelled_reason": "廃業"},
    }
    return factories.inspection(state=state, **(needed.get(state, {}) | values))


def perform(session: Session, actor: Actor, inspection: Inspection, act: InspectionAct, inspector: User) -> None:
    acts = {
        InspectionAct.ASSIGN: lambda: services.assign(
            session, actor, inspection, assignee=inspector, planned_on=TOMORROW, announced=True, today=TODAY
        ),
        InspectionAct.START: lambda: services.start(session, actor, inspection),
        InspectionAct.COMPLETE: lambda: services.complete(session, actor, inspection, completed_on=TODAY, today=TODAY),
        InspectionAct.CANCEL: lambda: services.cancel(session, actor, inspection, reason="廃業", today=TODAY),
        InspectionAct.REINSTATE: lambda: services.reinstate(session, actor, inspection),
        InspectionAct.PLAN_JOINT: lambda: services.plan_joint(session, actor, inspection, bureau_code="38"),
        InspectionAct.END_JOINT: lambda: services.end_joint(session, actor, inspection),
        InspectionAct.TRANSFER: lambda: services.transfer(
            session, actor, inspection, office_code="08", reason="架空寮は大阪にある"
        ),
    }
    acts[act]()


@pytest.mark.parametrize("state", list(InspectionState))
@pytest.mark.parametrize("act", list(InspectionAct))
def test_each_act_moves_or_is_refused_as_the_table_says(
    session: Session, factories: Factories, state: InspectionState, act: InspectionAct
) -> None:
    inspector, manager = factories.user(Role.INSPECTOR), factories.user(Role.MANAGER)
    joint = {"bureau_code": "13"} if act is InspectionAct.END_JOINT else {}
    inspection = in_state(factories, state, inspector, **joint)
    expected = TRANSITIONS.get((state, act))
    assert services.may(manager.actor, inspection, act) is (expected is not None)
    if expected is None:
        with pytest.raises(StateConflict):
            perform(session, manager.actor, inspection, act, inspector)
        session.rollback()
        return
    perform(session, manager.actor, inspection, act, inspector)
    session.commit()
    assert inspection.state is expected
    event = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert event.actor == manager.actor.audit_name
    assert (event.subject_type, event.subject_id) == ("inspections", str(inspection.id))
    assert event.changes


@pytest.mark.parametrize("act", list(InspectionAct))
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("office", ["11", "03"])
def test_permission_and_office_decide_who_may_act(
    session: Session, factories: Factories, act: InspectionAct, role: Role, office: str
) -> None:
    inspector = factories.user(Role.INSPECTOR)
    states = {
        InspectionAct.START: InspectionState.ASSIGNED,
        InspectionAct.COMPLETE: InspectionState.IN_PROGRESS,
        InspectionAct.REINSTATE: InspectionState.CANCELLED,
    }
    joint = {"bureau_code": "13"} if act is InspectionAct.END_JOINT else {}
    inspection = in_state(factories, states.get(act, InspectionState.PLANNED), inspector, **joint)
    actor = factories.user(role, office_code=None if role is Role.LABOUR_STANDARDS else office).actor
    allowed = role is Role.MANAGER and office == "11"
    assert services.may(actor, inspection, act) is allowed
    if allowed:
        perform(session, actor, inspection, act, inspector)
    else:
        with pytest.raises(NotPermitted):
            perform(session, actor, inspection, act, inspector)


def test_the_assigned_inspector_starts_and_ends_it_and_a_colleague_does_not(
    session: Session, factories: Factories
) -> None:
    mine, colleague = factories.user(Role.INSPECTOR), factories.user(Role.INSPECTOR)
    inspection = in_state(factories, InspectionState.ASSIGNED, mine)
    with pytest.raises(NotPermitted):
        services.start(session, colleague.actor, inspection)
    services.start(session, mine.actor, inspection)
    with pytest.raises(NotPermitted):
        services.complete(session, colleague.actor, inspection, completed_on=TODAY, today=TODAY)
    services.complete(session, mine.actor, inspection, completed_on=TODAY, today=TODAY)
    assert (inspection.state, inspection.completed_on) == (InspectionState.DONE, TODAY)


@pytest.mark.parametrize(
    "values",
    [{"office_code": "03"}, {"active": False}, {"role": Role.MANAGER, "office_code": "11"}],
    ids=["another office", "deactivated", "no inspector"],
)
def test_only_an_active_inspector_of_the_inspecting_office_is_assigned(
    session: Session, factories: Factories, values: dict[str, Any]
) -> None:
    user = factories.user(**({"role": Role.INSPECTOR} | values))
    with pytest.raises(RuleViolation) as refusal:
        perform(session, factories.user(Role.MANAGER).actor, factories.inspection(), InspectionAct.ASSIGN, user)
    assert refusal.value.field == "assignee"


def test_the_inspecting_office_counts_for_the_inspector_not_the_office_in_charge(
    session: Session, factories: Factories
) -> None:
    inspection = factories.inspection(factories.organization(prefecture_code="13"), office_code="11")
    manager, inspector = factories.user(Role.MANAGER), factories.user(Role.INSPECTOR)
    perform(session, manager.actor, inspection, InspectionAct.ASSIGN, inspector)
    assert inspection.assigned_to_id == inspector.id


@pytest.mark.parametrize(("planned_on", "fine"), [(YESTERDAY, False), (TODAY, True), (None, True)])
def test_a_visit_is_not_planned_for_a_day_that_has_passed(
    session: Session, factories: Factories, planned_on: date | None, fine: bool
) -> None:
    manager, inspector, inspection = factories.user(), factories.user(Role.INSPECTOR), factories.inspection()

    def act() -> None:
        services.assign(
            session,
            manager.actor,
            inspection,
            assignee=inspector,
            planned_on=planned_on,
            announced=False,
            today=TODAY,
        )

    if fine:
        act()
        assert (inspection.planned_on, inspection.announced) == (planned_on, False)
    else:
        with pytest.raises(RuleViolation):
            act()


def test_an_inspection_does_not_end_in_the_future_or_before_the_one_before(
    session: Session, factories: Factories
) -> None:
    inspection = in_state(
        factories,
        InspectionState.IN_PROGRESS,
        factories.user(Role.INSPECTOR),
        due_basis=DueBasis.LAST_INSPECTION,
        due_basis_on=date(2026, 11, 1),
    )
    manager = factories.user(Role.MANAGER).actor
    for day in (TOMORROW, date(2026, 10, 31)):
        with pytest.raises(RuleViolation):
            services.complete(session, manager, inspection, completed_on=day, today=TODAY)
    services.complete(session, manager, inspection, completed_on=date(2026, 11, 1), today=TODAY)


def test_a_cancellation_needs_a_reason_and_keeps_its_day(session: Session, factories: Factories) -> None:
    inspection, manager = factories.inspection(), factories.user(Role.MANAGER).actor
    with pytest.raises(RuleViolation):
        services.cancel(session, manager, inspection, reason=" \n", today=TODAY)
    services.cancel(session, manager, inspection, reason=" 廃業 ", today=TODAY)
    assert (inspection.cancelled_reason, inspection.cancelled_on) == ("廃業", TODAY)


def test_a_joint_inspection_is_not_planned_twice_nor_with_an_unknown_bureau(
    session: Session, factories: Factories
) -> None:
    inspection, manager = factories.inspection(), factories.user(Role.MANAGER).actor
    with pytest.raises(RuleViolation):
        services.plan_joint(session, manager, inspection, bureau_code="99")
    with pytest.raises(StateConflict):
        services.end_joint(session, manager, inspection)
    services.plan_joint(session, manager, inspection, bureau_code="38")
    with pytest.raises(StateConflict):
        services.plan_joint(session, manager, inspection, bureau_code="13")


def demand(session: Session, actor: Actor, factories: Factories, **values: Any) -> Inspection:
    given = {"reason": "申告", "due_on": TOMORROW, "now": NOW, "today": TODAY} | values
    return services.demand_inspection(session, actor, factories.organization(), **given)


def test_a_demanded_inspection_has_its_own_clock_and_stands_beside_the_periodic_one(
    session: Session, factories: Factories
) -> None:
    body, manager = factories.organization(), factories.user(Role.MANAGER, office_code="11").actor
    factories.inspection(body)
    made = [
        services.demand_inspection(session, manager, body, reason="申告", due_on=TOMORROW, now=NOW, today=TODAY)
        for _ in range(2)
    ]
    session.commit()
    assert [row.number for row in made] == ["26-11-000001", "26-11-000002"]
    assert (made[0].cycle, made[0].due_basis, made[0].due_basis_on, made[0].demand) == (
        None,
        DueBasis.DEMANDED,
        TODAY,
        "申告",
    )
    actions = session.scalars(sa.select(AuditEvent.action)).all()
    assert actions == ["inspection.demanded", "inspection.demanded"]


@pytest.mark.parametrize("values", [{"reason": "  "}, {"due_on": YESTERDAY}])
def test_a_demand_needs_a_reason_and_a_day_to_come(
    session: Session, factories: Factories, values: dict[str, Any]
) -> None:
    with pytest.raises(RuleViolation):
        demand(session, factories.user(Role.MANAGER).actor, factories, **values)


@pytest.mark.parametrize(("role", "office"), [(Role.INSPECTOR, "11"), (Role.READ_ONLY, None), (Role.MANAGER, "03")])
def test_only_a_manager_of_the_office_demands_an_inspection(
    session: Session, factories: Factories, role: Role, office: str | None
) -> None:
    with pytest.raises(NotPermitted):
        demand(session, factories.user(role, office_code=office).actor, factories)
