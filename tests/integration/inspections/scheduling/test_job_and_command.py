"""The nightly job and the command do the same planning; the schedule knows the job."""

import json
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from inspections.scheduling import jobs
from inspections.scheduling.models import Inspection
from otit.audit.models import AuditEvent
from otit.auth.actors import system_actor
from otit.db import db
from otit.jobs.models import JobRun, JobStatus
from otit.jobs.queue import SCHEDULE, enqueue
from otit.jobs.runner import run_job
from tests.factories import Factories

CRON = system_actor("cron")


def planned(session: Session) -> int:
    session.expire_all()
    return session.scalar(sa.select(sa.func.count()).select_from(Inspection)) or 0


def run(session: Session, business_date: str) -> JobRun:
    asked = enqueue(session, jobs.KIND, {"business_date": business_date}, CRON)
    session.commit()
    run_job(db.engine, None, asked.id, "test")
    session.expire_all()
    return session.get_one(JobRun, asked.id)


def test_it_runs_every_night_at_two_in_japan() -> None:
    assert SCHEDULE[jobs.KIND].cron == "0 2 * * *"


def test_the_job_plans_up_to_its_business_date_and_says_how_many(session: Session, factories: Factories) -> None:
    factories.organization(first_training_on=date(2023, 1, 1))
    factories.organization(first_training_on=date(2023, 12, 1))
    done = run(session, "2026-06-01")
    assert done.status is JobStatus.SUCCEEDED
    only = session.scalars(sa.select(Inspection.id)).one()
    counted = {"count": 1, "overdue": 1, "supervising": 0, "implementing": 1}
    assert done.result == counted | {"first": only, "last": only}
    assert (done.message, done.params) == (jobs.DONE, {"count": 1, "overdue": 1})
    assert planned(session) == 1
    events = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "inspection.scheduled")).all()
    assert [event.actor for event in events] == ["system:schedule"]


def test_a_second_run_adds_nothing_and_a_later_one_makes_up_for_missed_nights(
    session: Session, factories: Factories
) -> None:
    factories.organization(first_training_on=date(2023, 1, 1))
    factories.organization(first_training_on=date(2023, 12, 1))
    run(session, "2026-06-01")
    again = run(session, "2026-06-01")
    assert (again.result["count"], again.message) == (0, jobs.NOTHING)
    assert "first" not in again.result
    run(session, "2026-11-24")
    assert planned(session) == 2


def command(app: Flask, *arguments: str) -> str:
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["schedule", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_plans_and_prints_counts(app: Flask, session: Session, factories: Factories) -> None:
    factories.organization(first_training_on=date(2023, 1, 1))
    output = command(app)
    assert "as of 2026-11-24: 1 inspections planned (supervising 0, implementing 1), 1 of them overdue" in output
    assert "11 Matsuyama Branch: supervising 0, implementing 1" in output
    assert planned(session) == 1
    assert "0 inspections planned" in command(app)


def test_a_dry_run_prints_what_would_be_planned_as_json(app: Flask, session: Session, factories: Factories) -> None:
    body = factories.organization(first_training_on=date(2023, 12, 1), name="株式会社架空")
    answer = json.loads(command(app, "--as-of", "令和8年9月2日", "--dry-run", "--json"))
    assert answer == {
        "as_of": "2026-09-02",
        "dry_run": True,
        "planned": 1,
        "overdue": 0,
        "by_kind": {"supervising": 0, "implementing": 1},
        "by_office": {"11": {"supervising": 0, "implementing": 1}},
        "sample": [
            {
                "organization_id": body.id,
                "name": "株式会社架空",
                "kind": "implementing",
                "office": "11",
                "due_on": "2026-12-01",
                "because": "first_training",
                "since": "2023-12-01",
            }
        ],
    }
    assert planned(session) == 0


@pytest.mark.parametrize("day", ["2026-02-30", "令和元年4月30日", "tomorrow"])
def test_an_impossible_day_is_refused(app: Flask, day: str) -> None:
    result = app.test_cli_runner().invoke(args=["schedule", "--as-of", day])
    assert result.exit_code == 2
    assert "--as-of" in result.output
