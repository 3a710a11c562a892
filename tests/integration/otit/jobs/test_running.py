"""One job's life: done entirely or not at all, tried again, and never twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from otit.auth.actors import system_actor
from otit.db import db, transaction
from otit.errors import StateConflict
from otit.jobs import queue as jobs
from otit.jobs import runner, sweep
from otit.jobs.models import JobAttempt, JobRun, JobStatus, Outcome
from otit.jobs.progress import Progress, read_progress
from otit.jobs.services import retry
from tests import job_kinds

ACTOR = system_actor("test")


@pytest.fixture
def ask(session):
    def asked(kind, **args):
        with transaction(session):
            return jobs.enqueue(session, kind, args, ACTOR).id

    return asked


@pytest.fixture
def do(session, queue):
    """Run a job here as a worker would, then look at it anew."""

    def done(run_id):
        session.commit()
        runner.run_job(db.engine, queue, run_id, "test:1")
        session.expire_all()
        return session.get_one(JobRun, run_id)

    return done


def attempts(session, run_id):
    rows = session.scalars(sa.select(JobAttempt).where(JobAttempt.run_id == run_id).order_by(JobAttempt.number))
    return [(row.number, row.outcome) for row in rows]


def test_success_is_stored_with_the_work_its_result_and_the_final_progress(session, ask, do):
    run = do(ask("test-work", rows=3))
    assert run.status is JobStatus.SUCCEEDED
    assert run.result == {"number": 1}
    assert (run.done, run.total, run.message, run.params) == (3, 3, "%(n)s件を処理しました。", {"n": 3})
    assert run.started_at <= run.finished_at
    assert attempts(session, run.id) == [(1, Outcome.SUCCEEDED)]


def test_a_message_delivered_twice_does_the_work_once(session, ask, do):
    run_id = ask("test-work")
    do(run_id)
    do(run_id)
    assert job_kinds.worked(session) == 1
    assert attempts(session, run_id) == [(1, Outcome.SUCCEEDED)]


def test_a_refusal_ends_the_run_at_once_with_its_own_words(session, ask, do):
    run = do(ask("test-refuse", name="架空組合"))
    assert run.status is JobStatus.FAILED
    assert run.error % run.error_params == "「架空組合」は登録できません。"
    assert attempts(session, run.id) == [(1, Outcome.FAILED)]
    assert job_kinds.worked(session) == 0


def test_a_fault_is_rolled_back_and_tried_again_until_the_last_attempt(session, queue, ask, do):
    run_id = ask("test-break")
    assert do(run_id).status is JobStatus.QUEUED
    assert jobs.rq_id(run_id, 1) in queue.job_ids
    run = do(run_id)
    assert run.status is JobStatus.FAILED
    assert attempts(session, run_id) == [(1, Outcome.FAILED), (2, Outcome.FAILED)]
    assert job_kinds.worked(session) == 0


def test_people_read_no_secret_of_the_program_but_the_log_has_the_trace(ask, do, caplog):
    run_id = ask("test-break")
    do(run_id)
    run = do(run_id)
    assert "secret" not in run.error % run.error_params
    assert run.id[:8] in run.error % run.error_params
    assert "a secret of the program" in caplog.text


def test_a_kind_with_a_pause_waits_for_it(session, queue, ask, do):
    run = do(ask("test-later"))
    assert run.status is JobStatus.QUEUED
    soon, late = run.due_at - timedelta(seconds=1), run.due_at
    assert run.due_at > datetime.now(UTC) + timedelta(seconds=500)
    assert sweep.sweep(db.engine, queue, soon).sent == 0
    assert sweep.sweep(db.engine, queue, late).sent == 1


def test_a_kind_that_the_program_has_lost_fails_with_its_name(session, ask, do, monkeypatch):
    run_id = ask("test-work")
    monkeypatch.delitem(jobs.KINDS, "test-work")
    run = do(run_id)
    assert run.status is JobStatus.FAILED
    assert "test-work" in run.error % run.error_params


def test_progress_is_seen_while_the_transaction_is_open(session, queue, redis, ask, monkeypatch):
    seen = []

    def look(task):
        job_kinds.work(task)
        task.session.flush()
        task.progress.report(1, 4, "読み込んでいます。")
        seen.append(read_progress(redis, task.run_id))

    monkeypatch.setitem(jobs.KINDS, "test-work", _with(look))
    runner.run_job(db.engine, queue, ask("test-work"), "test:1")
    assert [(s.done, s.total, s.message) for s in seen] == [(1, 4, "読み込んでいます。")]


def test_an_attempt_that_was_given_up_cannot_keep_its_work(session, queue, ask, monkeypatch):
    """The process was thought dead, lived on, and comes to its end after all."""

    def slow(task):
        if db.engine.dialect.name == "sqlite":
            runner.settle(db.engine, None, task.run_id, 1, Outcome.LOST, runner.LOST, {})
            job_kinds.work(task)
        else:
            job_kinds.work(task)
            runner.settle(db.engine, None, task.run_id, 1, Outcome.LOST, runner.LOST, {})

    monkeypatch.setitem(jobs.KINDS, "test-work", _with(slow))
    run_id = ask("test-work")
    runner.run_job(db.engine, queue, run_id, "test:1")
    session.expire_all()
    assert session.get_one(JobRun, run_id).status is JobStatus.QUEUED
    assert job_kinds.worked(session) == 0
    assert attempts(session, run_id) == [(1, Outcome.LOST)]


class TestSweep:
    @pytest.fixture
    def abandoned(self, session, ask):
        """A run whose process was killed a minute ago."""
        run_id = ask("test-work")
        with transaction(session):
            run = session.get_one(JobRun, run_id)
            run.status, run.attempts = JobStatus.RUNNING, 1
            run.started_at = datetime.now(UTC) - timedelta(minutes=1)
            session.add(JobAttempt(run_id=run_id, number=1, worker="gone:1", started_at=run.started_at))
        return run_id

    @pytest.fixture(autouse=True)
    def server_up_for_long(self, monkeypatch):
        monkeypatch.setattr(sweep, "ALIVE_SECONDS", 0)

    def swept(self, session, queue):
        session.commit()
        result = sweep.sweep(db.engine, queue, datetime.now(UTC))
        session.expire_all()
        return result

    def test_a_run_whose_process_is_gone_gets_its_next_attempt(self, session, queue, abandoned, do):
        assert self.swept(session, queue).lost == 1
        assert attempts(session, abandoned) == [(1, Outcome.LOST)]
        assert do(abandoned).status is JobStatus.SUCCEEDED
        assert attempts(session, abandoned) == [(1, Outcome.LOST), (2, Outcome.SUCCEEDED)]

    def test_after_the_last_attempt_it_has_failed_and_says_what_happened(self, session, queue, abandoned):
        with transaction(session):
            session.get_one(JobRun, abandoned).max_attempts = 1
        self.swept(session, queue)
        run = session.get_one(JobRun, abandoned)
        assert (run.status, run.error) == (JobStatus.FAILED, runner.LOST)

    def test_a_run_whose_process_shows_itself_is_left_alone(self, session, queue, redis, abandoned):
        runner.mark_alive(redis, abandoned)
        assert self.swept(session, queue).lost == 0
        assert session.get_one(JobRun, abandoned).status is JobStatus.RUNNING

    def test_a_redis_that_has_just_started_accuses_nobody(self, session, queue, abandoned, monkeypatch):
        monkeypatch.setattr(sweep, "ALIVE_SECONDS", 10**9)
        monkeypatch.setattr(sweep, "timedelta", lambda **_: timedelta(0))
        assert self.swept(session, queue).lost == 0

    def test_a_run_that_waits_in_the_queue_is_not_sent_twice(self, session, queue, ask):
        ask("test-work")
        assert self.swept(session, queue).sent == 0
        assert len(queue.job_ids) == 1

    def test_a_message_taken_by_a_worker_that_died_is_sent_again(self, session, queue, redis, ask):
        run_id = ask("test-work")
        redis.delete(queue.key)
        assert self.swept(session, queue).sent == 0, "it may still be on its way"
        old = (datetime.now(UTC) - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        redis.hset(f"rq:job:{jobs.rq_id(run_id, 0)}", "enqueued_at", old)
        assert self.swept(session, queue).sent == 1
        assert queue.job_ids == [jobs.rq_id(run_id, 0)]


class TestRetry:
    def test_a_failed_run_gets_its_attempts_again(self, session, queue, ask, do):
        run = do(ask("test-refuse", name="x"))
        with transaction(session):
            retry(session, run, datetime.now(UTC))
        assert jobs.rq_id(run.id, 1) in queue.job_ids
        run = do(run.id)
        assert run.status is JobStatus.FAILED
        assert attempts(session, run.id) == [(1, Outcome.FAILED), (2, Outcome.FAILED)]

    @pytest.mark.parametrize("status", [status for status in JobStatus if status is not JobStatus.FAILED])
    def test_no_other_run_can_be_asked_for_again(self, session, ask, status):
        run = session.get_one(JobRun, ask("test-work"))
        now = datetime.now(UTC)
        run.status, run.started_at = status, now
        run.finished_at = now if run.ended else None
        session.flush()
        with pytest.raises(StateConflict):
            retry(session, run, now)

    def test_a_kind_that_is_gone_cannot_be_asked_for_again(self, session, ask, do, monkeypatch):
        run = do(ask("test-refuse", name="x"))
        monkeypatch.delitem(jobs.KINDS, "test-refuse")
        with pytest.raises(StateConflict):
            retry(session, run, datetime.now(UTC))


def _with(function):
    return jobs.JobKind("test-work", function, "試験の処理", 3, 0, 60, None, ())


def test_what_people_read_of_a_state_is_its_word_and_not_its_code(redis) -> None:
    """Also while the job runs, and whatever kind of value fills the message."""
    progress = Progress("run", redis)
    progress.report(1, 3, "%(state)s %(on)s %(count)s", {"state": JobStatus.FAILED, "on": date(2026, 4, 1), "count": 3})
    shown = read_progress(redis, "run")
    assert shown == progress.standing
    assert shown.params == {"state": "失敗", "on": "2026-04-01", "count": 3}
