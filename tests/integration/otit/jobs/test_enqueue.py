"""Asking for jobs: after the commit, once for each business date, also while Redis is away."""

import json
import threading
import zlib
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from otit.auth.actors import system_actor
from otit.db import db, transaction
from otit.jobs import queue as jobs
from otit.jobs.models import JobRun, JobStatus
from otit.jobs.sweep import sweep

ACTOR = system_actor("test")


def count_runs(session):
    return session.scalar(sa.select(sa.func.count()).select_from(JobRun))


def test_a_job_goes_to_the_queue_only_after_the_commit(session, queue):
    run = jobs.enqueue(session, "test-work", {"rows": 1}, ACTOR)
    assert queue.job_ids == []
    session.commit()
    assert queue.job_ids == [jobs.rq_id(run.id, 0)]
    assert queue.jobs[0].args == [run.id]


def test_a_rolled_back_transaction_asks_for_nothing(session, queue):
    jobs.enqueue(session, "test-work", {}, ACTOR)
    session.rollback()
    session.commit()
    assert queue.job_ids == []
    assert count_runs(session) == 0


def test_the_message_is_json_with_an_id_and_no_code(session, queue, redis):
    run = jobs.enqueue(session, "test-work", {"name": "秘密"}, ACTOR)
    session.commit()
    body = json.loads(zlib.decompress(redis.hget(f"rq:job:{jobs.rq_id(run.id, 0)}", "data")))
    assert body == [jobs.ENTRY_POINT, None, [run.id], {}]


def test_without_redis_the_run_waits_and_the_sweep_sends_it_later(session, queue, no_redis):
    with transaction(session):
        run = jobs.enqueue(session, "test-work", {}, ACTOR)
    assert session.get_one(JobRun, run.id).status is JobStatus.QUEUED
    assert sweep(db.engine, queue, datetime.now(UTC)).sent == 1
    assert queue.job_ids == [jobs.rq_id(run.id, 0)]


def test_a_business_key_is_asked_for_once(session, queue):
    first = jobs.enqueue(session, "test-nightly", {}, ACTOR, business_key="test-nightly:2026-11-24")
    session.commit()
    second = jobs.enqueue(session, "test-nightly", {}, ACTOR, business_key="test-nightly:2026-11-24")
    session.commit()
    assert second.id == first.id
    assert len(queue.job_ids) == 1


def test_two_schedulers_at_the_same_moment_make_one_run(session, queue):
    session.commit()
    start = threading.Barrier(2)
    engine = db.engine
    errors = []

    def ask():
        try:
            start.wait(timeout=10)
            with Session(engine) as own, transaction(own):
                jobs.enqueue(own, "test-nightly", {}, ACTOR, business_key="test-nightly:2026-11-24")
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert count_runs(session) == 1
    assert len(queue.job_ids) == 1


def test_an_unknown_kind_is_a_fault_of_the_program(session):
    with pytest.raises(KeyError):
        jobs.enqueue(session, "test-nonsense", {}, ACTOR)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"status": JobStatus.SUCCEEDED}, "finished_at_end"),
        ({"finished_at": datetime.now(UTC)}, "finished_at_end"),
        ({"status": JobStatus.RUNNING}, "running_was_started"),
        ({"status": JobStatus.FAILED, "finished_at": datetime.now(UTC)}, "failed_says_why"),
        ({"error": "x"}, "failed_says_why"),
        ({"attempts": 4}, "attempts_in_range"),
        ({"requested_by": ""}, "requester_present"),
    ],
)
def test_the_database_refuses_a_run_whose_state_lacks_its_evidence(session, values, constraint):
    defaults = {"kind": "test-work", "args": {}, "max_attempts": 3, "requested_by": "system:test"}
    session.add(JobRun(**defaults | values))
    with pytest.raises(IntegrityError, match=constraint):
        session.flush()
    session.rollback()
