"""The schedule: one leader, each business date once, a missed night made up."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from otit.auth.actors import system_actor
from otit.jobs import cron
from otit.jobs import queue as jobs
from otit.jobs.health import LEADER_KEY, job_health
from otit.jobs.models import JobRun, JobStatus

NIGHTLY = jobs.Periodic("test-nightly", "0 2 * * *")
AFTER_TWO = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)  # 02:30 on the 24th in Japan


@pytest.fixture(autouse=True)
def only_ours(monkeypatch):
    monkeypatch.setattr(jobs, "SCHEDULE", {"test-nightly": NIGHTLY})
    monkeypatch.setattr("otit.jobs.health.SCHEDULE", jobs.SCHEDULE)
    monkeypatch.setattr(cron, "sweep", lambda *_: None)


@pytest.fixture
def scheduler(queue, redis):
    return lambda: cron.LeadingCron(redis, queue)


def asked(session):
    session.commit()
    return list(session.scalars(sa.select(JobRun.business_key).order_by(JobRun.business_key)))


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (datetime(2026, 11, 23, 16, 59, tzinfo=UTC), "2026-11-22T17:00"),  # 01:59 on the 24th in Japan
        (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), "2026-11-23T17:00"),
        (datetime(2026, 3, 31, 14, 59, tzinfo=UTC), "2026-03-30T17:00"),  # a minute before 1 April in Japan
        (datetime(2028, 2, 28, 18, 0, tzinfo=UTC), "2028-02-28T17:00"),  # 03:00 on 29 February in Japan
    ],
)
def test_the_latest_firing_is_told_in_japanese_time(moment, due):
    assert cron.PeriodicJob(NIGHTLY).last_due(moment).strftime("%Y-%m-%dT%H:%M") == due


def test_the_run_carries_its_business_date(session, queue):
    cron.PeriodicJob(NIGHTLY).ask(AFTER_TWO)
    session.commit()
    run = session.scalars(sa.select(JobRun)).one()
    assert run.args == {"business_date": "2026-11-24"}
    assert (run.requested_by, run.user_id) == ("system:cron", None)


def test_who_takes_the_lead_makes_up_the_missed_night_once(session, scheduler):
    first = scheduler()
    first._tick(AFTER_TWO)
    assert asked(session) == ["test-nightly:2026-11-24"]
    first._tick(AFTER_TWO + timedelta(minutes=1))
    assert asked(session) == ["test-nightly:2026-11-24"]


def test_after_three_missed_nights_the_last_one_is_enough(session, scheduler):
    """Jobs do what is due up to their date, so the nights between add nothing."""
    scheduler()._tick(AFTER_TWO)
    later = scheduler()
    later.connection.delete(LEADER_KEY)
    later._tick(AFTER_TWO + timedelta(days=3))
    assert asked(session) == ["test-nightly:2026-11-24", "test-nightly:2026-11-27"]


def test_of_two_schedulers_one_leads_and_the_other_takes_over_without_asking_again(session, scheduler):
    leader, standby = scheduler(), scheduler()
    leader._tick(AFTER_TWO)
    assert standby._tick(AFTER_TWO) == []
    leader.register_death()
    standby._tick(AFTER_TWO)
    assert standby._lock.owned()
    assert asked(session) == ["test-nightly:2026-11-24"]


def test_a_leader_that_lost_its_lock_steps_down(scheduler):
    old, new = scheduler(), scheduler()
    old._tick(AFTER_TWO)
    old.connection.delete(LEADER_KEY)
    new._tick(AFTER_TWO)
    assert old._tick(AFTER_TWO) == []
    assert new._lock.owned()


def test_two_leaders_at_once_still_make_one_run(session, scheduler):
    one = scheduler()
    one._tick(AFTER_TWO)
    one.connection.delete(LEADER_KEY)
    scheduler()._tick(AFTER_TWO)
    assert asked(session) == ["test-nightly:2026-11-24"]


def test_trouble_with_the_database_is_logged_and_tried_again(session, scheduler, monkeypatch, caplog):
    leader = scheduler()
    healthy = cron.PeriodicJob.ask

    def broken(*_):
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(cron.PeriodicJob, "ask", broken)
    with caplog.at_level(logging.ERROR):
        assert leader.enqueue_jobs() == []
    assert "could not reach the database" in caplog.text
    monkeypatch.setattr(cron.PeriodicJob, "ask", healthy)
    leader.enqueue_jobs()
    assert len(asked(session)) == 1


def test_health_names_the_leader_its_tick_and_the_last_run(session, queue, scheduler):
    leader = scheduler()
    leader._tick(AFTER_TWO)
    jobs.enqueue(session, "test-nightly", {"business_date": "x"}, system_actor("test"))  # by hand: not the schedule's
    session.commit()
    health = job_health(session, queue)
    assert health.schedule.leader == leader.name
    assert health.schedule.tick == AFTER_TWO
    (entry,) = health.periodic
    assert (entry.cron, entry.last.business_key) == ("0 2 * * *", "test-nightly:2026-11-24")
    assert health.counts == {
        JobStatus.QUEUED: 2,
        JobStatus.RUNNING: 0,
        JobStatus.SUCCEEDED: 0,
        JobStatus.FAILED: 0,
    }


def test_health_without_redis_says_so_and_still_shows_the_runs(session, no_redis):
    jobs.enqueue(session, "test-work", {}, system_actor("test"))
    session.commit()
    health = job_health(session, jobs.queue_of(session))
    assert not health.answers
    assert health.counts[JobStatus.QUEUED] == 1
