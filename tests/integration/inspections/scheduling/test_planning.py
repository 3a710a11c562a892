"""The nightly planning on both databases: agrees with the pure rules, adds once, numbers without gaps, is audited."""

import random
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from inspections.scheduling.due import Facts, to_plan
from inspections.scheduling.due_sql import candidates
from inspections.scheduling.models import Inspection
from inspections.scheduling.planning import schedule
from inspections.scheduling.states import DueBasis, InspectionKind, InspectionState
from organizations.licenses.states import LicenseState
from organizations.register.states import BusinessStatus, OrganizationKind, Scheme
from otit.audit.models import AuditEvent
from otit.audit.trail import verify
from otit.auth.actors import system_actor
from otit.auth.permissions import Role
from otit.clock import today as day_of
from otit.db import db, transaction
from otit.errors import NotPermitted
from tests.factories import NOW, TODAY, Factories

TIT = Scheme.TECHNICAL_INTERN_TRAINING
SCHEDULER = system_actor("schedule")
SUPERVISING, IMPLEMENTING = OrganizationKind.SUPERVISING, OrganizationKind.IMPLEMENTING
# The days around which the two could part: leap days, ends of fiscal years, the horizon.
AS_OF = [date(2026, 3, 31), date(2026, 4, 1), date(2027, 2, 28), date(2028, 2, 29), date(2027, 11, 30), TODAY]
EDGES = [date(2024, 2, 29), date(2025, 3, 31), date(2025, 4, 1), date(2024, 2, 28), date(2024, 3, 1), date(2023, 5, 28)]


def generate(factories: Factories, seed: int, count: int = 150) -> dict[int, Facts]:
    """Organizations in every situation, and what the pure rule is told about each."""
    dice = random.Random(seed)

    def day() -> date:
        return dice.choice(EDGES) if dice.random() < 0.4 else date(2022, 1, 1) + timedelta(days=dice.randrange(1800))

    def maybe(share: float) -> date | None:
        return day() if dice.random() < share else None

    known = {}
    for _ in range(count):
        facts = _organization(factories, dice, day, maybe)
        known.update(facts)
    return known


def _organization(factories, dice, day, maybe) -> dict[int, Facts]:  # type: ignore[no-untyped-def]
    kind = dice.choice(list(OrganizationKind))
    created = datetime.combine(day(), datetime.min.time(), UTC) + timedelta(hours=dice.randrange(24))
    status = dice.choices(list(BusinessStatus), [8, 1, 1])[0]
    training, notified = (maybe(0.6), maybe(0.6)) if kind is IMPLEMENTING else (None, None)
    prefecture = dice.choice(["38", "13", "01"])
    body = factories.organization(
        kind,
        status=status,
        created_at=created,
        first_training_on=training,
        notified_on=notified,
        prefecture_code=prefecture,
    )
    licensed_on, live = None, False
    if kind is SUPERVISING and dice.random() < 0.9:
        licensed_on, state = day(), dice.choices([LicenseState.LICENSED, LicenseState.EXPIRED], [5, 1])[0]
        factories.license(body, licensed_on=licensed_on, expires_on=date(2031, 12, 31), state=state)
        live = state is LicenseState.LICENSED
    done, cancelled = maybe(0.6), maybe(0.2)
    if done is not None:
        kind_done = dice.choice([InspectionKind.PERIODIC, InspectionKind.AD_HOC])
        factories.inspection(body, kind=kind_done, state=InspectionState.DONE, completed_on=done)
        factories.inspection(body, state=InspectionState.DONE, completed_on=done - timedelta(days=400))
    if cancelled is not None:
        factories.inspection(body, state=InspectionState.CANCELLED, cancelled_on=cancelled, cancelled_reason="休業")
    is_open = dice.random() < 0.15
    if is_open:
        factories.inspection(body)
    if dice.random() < 0.2:
        factories.inspection(body, kind=InspectionKind.AD_HOC, due_basis=DueBasis.DEMANDED, demand="申告")
    return {
        body.id: Facts(
            kind,
            created_on=day_of(created),
            in_business=status is BusinessStatus.ACTIVE and (kind is IMPLEMENTING or live),
            has_open_periodic=is_open,
            last_completed_on=done,
            last_cancelled_on=cancelled,
            licensed_on=licensed_on,
            first_training_on=training,
            notified_on=notified,
        )
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_select_agrees_with_the_pure_rules(session: Session, factories: Factories, seed: int) -> None:
    known = generate(factories, seed)
    for as_of in AS_OF:
        found = {}
        for kind in OrganizationKind:
            statement = candidates(kind, TIT, as_of)
            assert statement is not None
            for row in session.execute(statement):
                found[row.organization_id] = (row.due_on, row.cycle, row.due_basis, row.due_basis_on)
        expected = {
            key: (due.due_on, due.cycle, due.basis, due.basis_on)
            for key, facts in known.items()
            if (due := to_plan(facts, TIT, as_of)) is not None
        }
        assert found == expected
        assert 10 < len(expected) < len(known)


def test_an_expired_licence_is_not_inspected_even_before_its_expiry_is_noted(
    session: Session, factories: Factories
) -> None:
    body = factories.organization(SUPERVISING)
    factories.license(body, licensed_on=date(2022, 6, 1), expires_on=TODAY - timedelta(days=1))
    assert schedule(session, SCHEDULER, as_of=TODAY, now=NOW).total == 0
    assert schedule(session, SCHEDULER, as_of=TODAY - timedelta(days=1), now=NOW).total == 1


def due_bodies(factories: Factories, count: int = 3) -> list[int]:
    return [factories.organization(first_training_on=date(2023, 1, 1) + timedelta(days=n)).id for n in range(count)]


def test_what_is_due_is_planned_once_with_its_reason(session: Session, factories: Factories) -> None:
    ids = due_bodies(factories)
    supervising = factories.organization(SUPERVISING, prefecture_code="13")
    factories.license(supervising, licensed_on=date(2025, 5, 1))
    result = schedule(session, SCHEDULER, as_of=TODAY, now=NOW)
    assert (result.total, result.overdue) == (4, 3)
    assert result.by_office() == [
        ("03", {SUPERVISING: 1, IMPLEMENTING: 0}),
        ("11", {SUPERVISING: 0, IMPLEMENTING: 3}),
    ]
    rows = session.scalars(sa.select(Inspection).order_by(Inspection.organization_id)).all()
    first = rows[0]
    assert [row.organization_id for row in rows] == [*ids, supervising.id]
    assert (first.due_on, first.due_basis, first.due_basis_on) == (
        date(2026, 1, 1),
        DueBasis.FIRST_TRAINING,
        date(2023, 1, 1),
    )
    assert (first.state, first.cycle, first.created_by) == (InspectionState.PLANNED, "2026-01-01", "system:schedule")
    assert (rows[3].cycle, rows[3].due_on, rows[3].office_code) == ("FY2026", date(2027, 3, 31), "03")
    assert schedule(session, SCHEDULER, as_of=TODAY, now=NOW).total == 0


def test_numbers_run_through_the_country_and_the_fiscal_year_without_gaps(
    session: Session, factories: Factories
) -> None:
    due_bodies(factories, 2)
    factories.organization(first_training_on=date(2023, 6, 1), prefecture_code="13")
    schedule(session, SCHEDULER, as_of=TODAY, now=NOW)
    late = factories.organization(first_training_on=date(2023, 1, 1), prefecture_code="01")
    schedule(session, SCHEDULER, as_of=date(2027, 3, 31), now=NOW)
    factories.organization(first_training_on=date(2023, 1, 1), prefecture_code="01")
    schedule(session, SCHEDULER, as_of=date(2027, 4, 1), now=NOW)
    numbers = session.scalars(sa.select(Inspection.number).order_by(Inspection.id)).all()
    assert sorted(numbers[:3], key=lambda number: number[-6:]) == ["26-11-000001", "26-11-000002", "26-03-000003"]
    assert numbers[3:] == ["26-01-000004", "27-01-000001"]
    assert late.id


def test_a_missed_night_loses_nothing(session: Session, factories: Factories) -> None:
    due_bodies(factories, 5)
    nightly = {
        schedule(session, SCHEDULER, as_of=date(2025, 10, 1) + timedelta(days=n), now=NOW).total for n in range(9)
    }
    assert sum(nightly) > 0
    schedule(session, SCHEDULER, as_of=date(2026, 11, 24), now=NOW)
    assert session.scalar(sa.select(sa.func.count()).select_from(Inspection)) == 5


def test_a_dry_run_says_the_same_and_changes_nothing(session: Session, factories: Factories) -> None:
    due_bodies(factories, 25)
    factories.license(factories.organization(SUPERVISING), licensed_on=date(2020, 5, 1))
    foreseen = schedule(session, SCHEDULER, as_of=TODAY, now=NOW, dry_run=True)
    assert session.scalar(sa.select(sa.func.count()).select_from(Inspection)) == 0
    assert len(foreseen.sample) == 20
    assert [row.due_on for row in foreseen.sample] == sorted(row.due_on for row in foreseen.sample)
    done = schedule(session, SCHEDULER, as_of=TODAY, now=NOW)
    assert (foreseen.counts, foreseen.overdue) == (done.counts, done.overdue)


def test_a_dry_run_tells_a_manager_of_their_own_office_only(session: Session, factories: Factories) -> None:
    due_bodies(factories, 2)
    factories.organization(first_training_on=date(2023, 1, 1), prefecture_code="13")
    actor = factories.user(Role.MANAGER, office_code="11").actor
    foreseen = schedule(session, actor, as_of=TODAY, now=NOW, dry_run=True)
    assert foreseen.by_office() == [("11", {SUPERVISING: 0, IMPLEMENTING: 2})]
    assert {row.office_code for row in foreseen.sample} == {"11"}


def test_one_audit_event_names_all_that_was_planned(session: Session, factories: Factories) -> None:
    due_bodies(factories, 3)
    schedule(session, SCHEDULER, as_of=TODAY, now=NOW)
    session.commit()
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "inspection.scheduled")).one()
    ids = session.scalars(sa.select(Inspection.id).order_by(Inspection.id)).all()
    assert event.actor == "system:schedule"
    assert event.detail["count"] == 3
    assert [n for low, high in event.detail["ids"] for n in range(low, high + 1)] == list(ids)
    assert verify(session).sound


def test_a_run_that_plans_nothing_leaves_no_audit_event(session: Session, factories: Factories) -> None:
    schedule(session, SCHEDULER, as_of=TODAY, now=NOW)
    session.commit()
    assert session.scalars(sa.select(AuditEvent)).all() == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_only_managers_and_the_system_run_the_schedule(session: Session, factories: Factories, role: Role) -> None:
    for dry_run in (True, False):
        with pytest.raises(NotPermitted):
            schedule(session, factories.user(role).actor, as_of=TODAY, now=NOW, dry_run=dry_run)


@pytest.fixture
def due_and_committed(app: Flask, session: Session, factories: Factories) -> Iterator[Flask]:
    due_bodies(factories, 40)
    session.commit()
    return app


def test_two_runs_at_the_same_moment_plan_each_inspection_once(due_and_committed: Flask, session: Session) -> None:
    start, totals, errors = threading.Barrier(3), [], []
    engine = db.engine

    def run() -> None:
        try:
            start.wait()
            with Session(engine) as own, transaction(own):
                totals.append(schedule(own, SCHEDULER, as_of=TODAY, now=NOW).total)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(totals) == [0, 0, 40]
    numbers = session.scalars(sa.select(Inspection.number).order_by(Inspection.number)).all()
    assert numbers == [f"26-11-{n:06d}" for n in range(1, 41)]
    assert verify(session).sound
