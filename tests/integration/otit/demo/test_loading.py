"""The demonstration: believable, alive on every day, and nothing in it that the rules of the system would refuse."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from inspections.moc.models import MocReport
from inspections.moc.states import MocState
from inspections.orders.models import CorrectionOrder
from inspections.orders.states import OrderState
from inspections.scheduling.models import Inspection
from inspections.scheduling.services import demand_inspection
from inspections.scheduling.states import InspectionState
from inspections.violations.models import Violation
from inspections.violations.states import ViolationState
from organizations.register.models import Organization
from organizations.register.states import BusinessStatus, OrganizationKind
from otit.__main__ import otit
from otit.auth.permissions import Role
from otit.auth.services import sign_in
from otit.clock import FixedClock
from otit.demo.loading import NotEmpty, is_demo, is_empty, load_demo
from otit.demo.people import DOCUMENTED, PASSWORD
from otit.places import OFFICES
from tests import databases
from tests.factories import TODAY, Factories

CLOCK = FixedClock.on(TODAY)


def rows(session: Session, model: type) -> list:
    return list(session.scalars(sa.select(model)))


def test_it_has_what_a_visitor_should_see(session: Session) -> None:
    assert is_empty(session)
    summary = load_demo(session, CLOCK)
    session.commit()
    assert summary.counts["training_plans"] == 2000
    kinds = Counter(session.scalars(sa.select(Organization.kind)))
    assert kinds == {OrganizationKind.SUPERVISING: 60, OrganizationKind.IMPLEMENTING: 405}
    assert set(session.scalars(sa.select(Organization.office_code))) == set(OFFICES)
    assert any(session.scalars(sa.select(Organization.is_individual)))
    assert BusinessStatus.SUSPENDED in set(session.scalars(sa.select(Organization.status)))
    assert {account.role for account in summary.sign_ins} == set(Role)
    assert {row.state for row in rows(session, Inspection)} == set(InspectionState)
    assert {row.state for row in rows(session, CorrectionOrder)} == set(OrderState)
    assert {row.state for row in rows(session, Violation)} == set(ViolationState)
    assert {row.state for row in rows(session, MocReport)} == set(MocState)
    years = {row.completed_on.year for row in rows(session, Inspection) if row.completed_on}
    assert {2024, 2025, 2026} <= years


def test_every_documented_person_signs_in(session: Session) -> None:
    load_demo(session, CLOCK)
    session.commit()
    for account in DOCUMENTED:
        user, _token = sign_in(session, account.username, PASSWORD, CLOCK.now())
        assert (user.role, user.office_code, user.bureau_code) == (
            account.role,
            account.office_code,
            account.bureau_code,
        )


def test_data_is_loaded_once_and_only_into_an_empty_database(session: Session) -> None:
    load_demo(session, CLOCK)
    session.commit()
    assert is_demo(session)
    with pytest.raises(NotEmpty):
        load_demo(session, CLOCK)


def test_one_entered_user_is_enough_to_refuse(session: Session, factories: Factories) -> None:
    factories.user()
    with pytest.raises(NotEmpty):
        load_demo(session, CLOCK)
    assert not is_demo(session)


def test_the_same_day_makes_the_same_rows_and_another_seed_others(app: Flask, session: Session) -> None:
    digests = []
    for seed in (1, 1, 2):
        digests.append(load_demo(session, CLOCK, seed).digest)
        session.rollback()
    assert digests[0] == digests[1] != digests[2]


def test_numbering_goes_on_behind_the_demonstration(session: Session, factories: Factories) -> None:
    load_demo(session, CLOCK)
    manager = factories.user().actor
    organization = session.scalars(sa.select(Organization).order_by(Organization.id)).first()
    made = demand_inspection(session, manager, organization, reason="確認", due_on=TODAY, now=CLOCK.now(), today=TODAY)
    session.commit()
    assert made.number.startswith("26-")
    taken = [int(n.rsplit("-")[-1]) for n in session.scalars(sa.select(Inspection.number)) if n.startswith("26-")]
    assert sorted(taken) == list(range(1, len(taken) + 1))


@pytest.mark.parametrize(
    "day", [date(2026, 4, 1), date(2027, 3, 31), date(2028, 2, 29), date(2026, 6, 7), date(2029, 1, 1)]
)
def test_it_is_alive_on_any_day_of_the_year(session: Session, day: date) -> None:
    load_demo(session, FixedClock.on(day, hour=0))
    session.commit()
    open_ones = [row for row in rows(session, Inspection) if row.completed_on is None]
    assert [row for row in open_ones if row.due_on < day and not row.cancelled_on]
    assert [row for row in open_ones if row.planned_on == day]
    facts = [row.completed_on for row in rows(session, Inspection) if row.completed_on]
    assert max(facts) < day
    assert [row for row in rows(session, CorrectionOrder) if row.overdue(day)]


def test_the_command_loads_and_prints_the_sign_ins(app: Flask) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(args=["demo"])
    assert first.exit_code == 0, first.output
    for account in DOCUMENTED:
        assert account.username in first.output
    assert PASSWORD in first.output
    second = runner.invoke(args=["demo"])
    assert second.exit_code == 1
    assert "データベースが空ではない" in second.output


def test_the_program_itself_gives_the_command_its_application(
    session: Session, database: databases.Database, tmp_path: Path
) -> None:
    """As a person types it: `otit demo`, then the other commands on what it made."""
    session.rollback()
    environ = {
        "DATABASE_URL": database.url,
        "OTIT_HOME": str(tmp_path),
        "SECRET_KEY": "s" * 40,
        "REDIS_URL": "unix:///nowhere/redis.sock",
    }
    loaded = CliRunner(env=environ).invoke(otit, ["demo"])
    assert loaded.exit_code == 0, loaded.output
    assert PASSWORD in loaded.output
    verified = CliRunner(env=environ).invoke(otit, ["audit", "verify"])
    assert verified.output.startswith("audit trail sound: 1 events, the last one's hash is ")
    foreseen = CliRunner(env=environ).invoke(otit, ["schedule", "--dry-run"])
    assert foreseen.exit_code == 0, foreseen.output
