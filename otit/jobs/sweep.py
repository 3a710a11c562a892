"""Putting right what was left lying: runs that RQ does not know of, and runs whose process is gone."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from rq import Queue
from rq.exceptions import NoSuchJobError
from rq.job import Job
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from otit.jobs.models import JobRun, JobStatus, Outcome
from otit.jobs.queue import KINDS, rq_id, send
from otit.jobs.runner import ALIVE_SECONDS, LOST, alive_key, settle

log = logging.getLogger(__name__)

_AT_ONCE = 500
_STRANDED_AFTER = timedelta(seconds=30)


@dataclass(frozen=True)
class Swept:
    """How many runs were handed to RQ (again), and how many were taken from a process that is gone."""

    sent: int
    lost: int


def sweep(engine: Engine, queue: Queue, now: datetime) -> Swept:
    """Send what waits and is due, take back what nobody works on. Safe to call at any moment, from anywhere.

    Raises RedisError when Redis does not answer: then nothing can be said about any process.
    """
    lost = _take_back(engine, queue, now)
    with Session(engine) as session:
        waiting = session.execute(
            sa.select(JobRun.id, JobRun.attempts, JobRun.kind)
            .where(JobRun.status == JobStatus.QUEUED, JobRun.due_at <= now)
            .order_by(JobRun.created_at, JobRun.id)
            .limit(_AT_ONCE)
        ).all()
    sent = sum(_send_waiting(queue, row.id, row.attempts, row.kind, now) for row in waiting)
    if sent or lost:
        log.warning("swept: %s sent, %s taken from processes that are gone", sent, lost)
    return Swept(sent, lost)


def _send_waiting(queue: Queue, run_id: str, attempt: int, kind_name: str, now: datetime) -> bool:
    kind = KINDS.get(kind_name)
    timeout = kind.timeout if kind else 60  # the worker will fail it with a clear message
    if send(queue, run_id, attempt, timeout):
        return True
    name = rq_id(run_id, attempt)
    if not _is_stranded(queue, name, now):
        return False
    Job.fetch(name, connection=queue.connection, serializer=queue.serializer).delete()
    return send(queue, run_id, attempt, timeout)


def _is_stranded(queue: Queue, name: str, now: datetime) -> bool:
    """RQ has a record of the job but no worker will ever take it: its worker died between taking and claiming it."""
    try:
        record = Job.fetch(name, connection=queue.connection, serializer=queue.serializer)
    except NoSuchJobError:
        return False
    since = record.enqueued_at
    if since is None or now - since.replace(tzinfo=since.tzinfo or UTC) < _STRANDED_AFTER:
        return False
    return queue.get_job_position(name) is None


def _take_back(engine: Engine, queue: Queue, now: datetime) -> int:
    """Runs marked running whose process has not shown itself. A Redis that has just started cannot know yet."""
    server: Any = queue.connection.info("server")
    if int(server["uptime_in_seconds"]) < ALIVE_SECONDS:
        return 0
    with Session(engine) as session:
        running = session.execute(
            sa.select(JobRun.id, JobRun.attempts)
            .where(JobRun.status == JobStatus.RUNNING, JobRun.started_at <= now - timedelta(seconds=ALIVE_SECONDS))
            .order_by(JobRun.created_at, JobRun.id)
        ).all()
    if not running:
        return 0
    marks: Any = queue.connection.mget([alive_key(row.id) for row in running])
    gone = [row for row, mark in zip(running, marks, strict=True) if mark is None]
    return sum(settle(engine, queue, row.id, row.attempts, Outcome.LOST, LOST, {}) for row in gone)
