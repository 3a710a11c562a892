"""Running one job: claim it, do its work in one transaction, write down how it ended.

A run is claimed by moving it from queued to running, which only one process can do. Its success is written in the very
transaction that holds its work, and only if this attempt is still the current one: a process that was thought dead and
taken over finds its number changed, and everything it did is rolled back. So a job's work is kept once or not at all.
"""

import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.timeouts import JobTimeoutException
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from otit.db import transaction
from otit.errors import UserError
from otit.jobs.models import JobAttempt, JobRun, JobStatus, Outcome
from otit.jobs.progress import Progress, json_ready, message_params
from otit.jobs.queue import KINDS, Task, send
from otit.text import N_

log = logging.getLogger(__name__)

ALIVE_SECONDS = 15
MARK_EVERY_SECONDS = 4

FAULT = N_("処理中に予期しない誤りが起きました。変更は取り消されています。管理者に処理番号 %(run)s を伝えてください。")
TOO_LONG = N_("処理が制限時間（%(seconds)s秒）を超えたため止めました。変更は取り消されています。")
LOST = N_("処理の途中でプログラムが止まりました。変更は取り消されています。")
UNKNOWN_KIND = N_("処理の種類「%(kind)s」は、このプログラムにはありません。")


@dataclass(frozen=True)
class Claim:
    """One attempt at a run, held by this process."""

    run_id: str
    kind: str
    args: dict[str, Any]
    attempt: int
    requested_by: str
    user_id: int | None


class Superseded(Exception):
    """This attempt was given up by the sweep and another one is on its way."""


def run_job(engine: Engine, queue: Queue | None, run_id: str, worker: str) -> None:
    """Do the run if it still waits; does nothing otherwise, so a message delivered twice does no harm.

    Raises nothing but what ends the process: every outcome is in the tables, every traceback in the log.
    """
    redis = queue.connection if queue is not None else None
    mark_alive(redis, run_id)
    claim = _claim(engine, run_id, worker)
    if claim is None:
        return
    progress = Progress(run_id, redis)
    try:
        _work(engine, claim, progress)
    except Superseded:
        log.warning("run %s attempt %s was taken over; its work is rolled back", run_id, claim.attempt)
    except UserError as error:
        settle(engine, queue, run_id, claim.attempt, Outcome.FAILED, error.message, error.params, final=True)
    except JobTimeoutException:
        params = {"seconds": KINDS[claim.kind].timeout}
        settle(engine, queue, run_id, claim.attempt, Outcome.FAILED, TOO_LONG, params, final=True)
    except Exception:
        log.error("run %s (%s) attempt %s failed\n%s", run_id, claim.kind, claim.attempt, traceback.format_exc())
        settle(engine, queue, run_id, claim.attempt, Outcome.FAILED, FAULT, {"run": run_id[:8]})


def _claim(engine: Engine, run_id: str, worker: str) -> Claim | None:
    now = datetime.now(UTC)
    take = (
        sa.update(JobRun)
        .where(JobRun.id == run_id, JobRun.status == JobStatus.QUEUED)
        .values(status=JobStatus.RUNNING, attempts=JobRun.attempts + 1, started_at=now)
        .returning(JobRun.kind, JobRun.args, JobRun.attempts, JobRun.requested_by, JobRun.user_id)
    )
    with Session(engine) as session, transaction(session):
        row = session.execute(take).one_or_none()
        if row is None:
            return None
        session.add(JobAttempt(run_id=run_id, number=row.attempts, worker=worker, started_at=now))
        return Claim(run_id, row.kind, row.args, row.attempts, row.requested_by, row.user_id)


def _work(engine: Engine, claim: Claim, progress: Progress) -> None:
    kind = KINDS.get(claim.kind)
    if kind is None:
        raise UserError(UNKNOWN_KIND, {"kind": claim.kind})
    with Session(engine) as session, transaction(session):
        task = Task(session, progress, claim.args, claim.run_id, claim.requested_by, claim.user_id)
        result = kind.function(task) or {}
        _succeed(session, claim, progress, result)


def _succeed(session: Session, claim: Claim, progress: Progress, result: dict[str, Any]) -> None:
    now = datetime.now(UTC)
    standing = progress.standing
    ended = session.execute(
        _current(claim.run_id, claim.attempt)
        .values(
            status=JobStatus.SUCCEEDED,
            finished_at=now,
            done=standing.done,
            total=standing.total,
            message=standing.message,
            params=standing.params,
            result=json_ready(result),
            error=None,
        )
        .returning(JobRun.id)
    )
    if ended.one_or_none() is None:
        raise Superseded()
    _end_attempt(session, claim.run_id, claim.attempt, Outcome.SUCCEEDED, now, None, {})


def settle(
    engine: Engine,
    queue: Queue | None,
    run_id: str,
    attempt: int,
    outcome: Outcome,
    error: str,
    params: Mapping[str, Any],
    *,
    final: bool = False,
) -> bool:
    """Write down that an attempt did not succeed: the run waits for its next attempt, or has failed when it was the
    last one or the failure is `final`. False when the attempt is no longer the current one."""
    now = datetime.now(UTC)
    plain = message_params(params)
    with Session(engine) as session, transaction(session):
        run = session.get(JobRun, run_id, with_for_update=True)
        if run is None or (run.status, run.attempts) != (JobStatus.RUNNING, attempt):
            return False
        kind = KINDS.get(run.kind)
        again = not final and kind is not None and attempt < run.max_attempts
        waiting = kind.retry_seconds if kind is not None else 0
        values: dict[str, Any] = (
            {"status": JobStatus.QUEUED, "due_at": now + timedelta(seconds=waiting)}
            if again
            else {"status": JobStatus.FAILED, "finished_at": now, "error": error, "error_params": plain}
        )
        moved = session.execute(_current(run_id, attempt).values(**values).returning(JobRun.id)).one_or_none()
        if moved is None:
            return False
        _end_attempt(session, run_id, attempt, outcome, now, error, plain)
    if again and waiting == 0 and queue is not None and kind is not None:
        _send_again(queue, run_id, attempt, kind.timeout)
    return True


def _send_again(queue: Queue, run_id: str, attempt: int, timeout: int) -> None:
    try:
        send(queue, run_id, attempt, timeout)
    except RedisError as error:
        log.warning("run %s waits for the sweep, Redis does not answer: %s", run_id, error)


def _current(run_id: str, attempt: int) -> "sa.sql.dml.Update":
    return sa.update(JobRun).where(JobRun.id == run_id, JobRun.status == JobStatus.RUNNING, JobRun.attempts == attempt)


def _end_attempt(
    session: Session,
    run_id: str,
    attempt: int,
    outcome: Outcome,
    now: datetime,
    error: str | None,
    params: dict[str, Any],
) -> None:
    session.execute(
        sa.update(JobAttempt)
        .where(JobAttempt.run_id == run_id, JobAttempt.number == attempt)
        .values(outcome=outcome, finished_at=now, error=error, error_params=params)
    )


def alive_key(run_id: str) -> str:
    return f"otit:job:{run_id}:alive"


def mark_alive(redis: "Redis | None", run_id: str) -> None:
    """Say that the run's process lives. A run without this mark for ALIVE_SECONDS is taken from its process."""
    if redis is None:
        return
    try:
        redis.set(alive_key(run_id), "1", ex=ALIVE_SECONDS)
    except RedisError as error:
        log.warning("run %s could not be marked alive: %s", run_id, error)
