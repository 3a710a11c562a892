"""Revoking many plans at once: all or none, one statement, one audit event; and how single plans end."""

from datetime import date

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from organizations.plans import queries, services
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanState
from otit.audit.models import AuditEvent
from otit.audit.trail import verify
from otit.auth.actors import Actor
from otit.auth.permissions import Permission, Role
from otit.errors import NotFound, NotPermitted, RuleViolation, StateConflict
from tests.factories import Factories

ON, BAR, TODAY = date(2026, 7, 1), date(2031, 6, 30), date(2026, 11, 24)


@pytest.fixture
def manager(factories: Factories) -> Actor:
    return factories.user(Role.MANAGER).actor


def plans_of(factories: Factories, count: int) -> list[TrainingPlan]:
    owner = factories.organization()
    return [factories.plan(owner) for _ in range(count)]


def test_a_thousand_plans_are_revoked_in_a_few_statements_and_one_event(
    session: Session, factories: Factories, manager: Actor
) -> None:
    plans = plans_of(factories, 1000)
    session.commit()
    ids = [plan.id for plan in plans]
    statements: list[str] = []
    engine = session.get_bind()
    listener = lambda *args: statements.append(args[2])  # noqa: E731 - removed below by identity
    event.listen(engine, "before_cursor_execute", listener)
    try:
        assert services.revoke_plans(session, manager, ids, on=ON, bar_until=BAR) == 1000
    finally:
        event.remove(engine, "before_cursor_execute", listener)
    session.commit()
    assert len(statements) <= 4
    revoked = select(func.count()).where(TrainingPlan.state == PlanState.REVOKED, TrainingPlan.bar_until == BAR)
    assert session.scalar(revoked) == 1000
    noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "plan.revoked")).one()
    assert noted.detail["count"] == 1000
    assert noted.detail["state"] == ["accredited", "revoked"]
    assert noted.detail["bar_until"] == "2031-06-30"
    assert verify(session).sound


def test_plans_already_loaded_show_the_revocation_and_its_new_version(
    session: Session, factories: Factories, manager: Actor
) -> None:
    plan = plans_of(factories, 1)[0]
    services.revoke_plans(session, manager, [plan.id], on=ON, bar_until=BAR)
    assert (plan.state, plan.revoked_on, plan.version) == (PlanState.REVOKED, ON, 2)


def test_one_plan_that_cannot_be_revoked_stops_all(session: Session, factories: Factories, manager: Actor) -> None:
    good, ended = plans_of(factories, 2)
    services.complete(session, manager, ended, on=ON, today=TODAY)
    session.commit()
    with pytest.raises(StateConflict):
        services.revoke_plans(session, manager, [good.id, ended.id], on=ON, bar_until=BAR)
    session.rollback()
    assert (good.state, ended.state) == (PlanState.ACCREDITED, PlanState.COMPLETED)


def test_a_revocation_is_not_dated_before_an_accreditation(
    session: Session, factories: Factories, manager: Actor
) -> None:
    early, late = plans_of(factories, 2)
    late.accredited_on = date(2026, 7, 2)
    with pytest.raises(RuleViolation) as refusal:
        services.revoke_plans(session, manager, [early.id, late.id], on=ON, bar_until=BAR)
    assert refusal.value.params == {"day": date(2026, 7, 2)}


@pytest.mark.parametrize("ids", [[], [987654]])
def test_no_plans_and_unknown_plans_are_refused(session: Session, manager: Actor, ids: list[int]) -> None:
    with pytest.raises((RuleViolation, NotFound)):
        services.revoke_plans(session, manager, ids, on=ON, bar_until=BAR)


def test_the_bar_does_not_end_before_it_begins(session: Session, factories: Factories, manager: Actor) -> None:
    plan = plans_of(factories, 1)[0]
    with pytest.raises(RuleViolation):
        services.revoke_plans(session, manager, [plan.id], on=ON, bar_until=date(2026, 6, 30))


def test_an_annulment_gives_all_plans_back_and_lifts_the_bar(
    session: Session, factories: Factories, manager: Actor
) -> None:
    plans = plans_of(factories, 3)
    ids = [plan.id for plan in plans]
    services.revoke_plans(session, manager, ids, on=ON, bar_until=BAR)
    owner = plans[0].implementing_organization_id
    assert queries.bar_of_organization(session, owner, BAR) == BAR
    assert queries.bar_of_organization(session, owner, date(2031, 7, 1)) is None
    services.reinstate_plans(session, manager, ids, on=date(2026, 8, 1))
    session.commit()
    assert {(plan.state, plan.revoked_on, plan.bar_until) for plan in plans} == {(PlanState.ACCREDITED, None, None)}
    assert queries.bar_of_organization(session, owner, ON) is None


def test_an_annulment_is_not_dated_before_the_revocation(
    session: Session, factories: Factories, manager: Actor
) -> None:
    plan = plans_of(factories, 1)[0]
    services.revoke_plans(session, manager, [plan.id], on=ON, bar_until=BAR)
    with pytest.raises(RuleViolation):
        services.reinstate_plans(session, manager, [plan.id], on=date(2026, 6, 30))


def test_only_permitted_people_of_the_office_in_charge_revoke(session: Session, factories: Factories) -> None:
    plan = plans_of(factories, 1)[0]
    elsewhere = factories.user(Role.MANAGER, office_code="03").actor
    powerless = [a for role in Role if not (a := factories.user(role).actor).can(Permission.RECORD_DECISIONS)]
    assert len(powerless) == 5
    for actor in (elsewhere, *powerless):
        with pytest.raises(NotPermitted):
            services.revoke_plans(session, actor, [plan.id], on=ON, bar_until=BAR)
        with pytest.raises(NotPermitted):
            services.reinstate_plans(session, actor, [plan.id], on=ON)


@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2026, 11, 25)])
def test_training_ends_between_accreditation_and_today(
    session: Session, factories: Factories, manager: Actor, day: date
) -> None:
    plan = plans_of(factories, 1)[0]
    for act in (services.complete, services.discontinue):
        with pytest.raises(RuleViolation):
            act(session, manager, plan, on=day, today=TODAY)


def test_a_discontinued_plan_keeps_the_day_and_is_audited(
    session: Session, factories: Factories, manager: Actor
) -> None:
    plan = plans_of(factories, 1)[0]
    services.discontinue(session, manager, plan, on=TODAY, today=TODAY)
    session.commit()
    assert (plan.state, plan.ended_on) == (PlanState.DISCONTINUED, TODAY)
    noted = session.scalars(select(AuditEvent)).one()
    assert noted.changes == {"state": ["accredited", "discontinued"], "ended_on": [None, "2026-11-24"]}
    with pytest.raises(StateConflict):
        services.complete(session, manager, plan, on=TODAY, today=TODAY)
