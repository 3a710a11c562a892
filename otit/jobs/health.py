"""What runs, when it last did, and what waits: the facts of the page "job health"."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from sqlalchemy.orm import Session

from otit.jobs.models import JobRun, JobStatus
from otit.jobs.queue import KINDS, SCHEDULE

PROCESSES_KEY = "otit:processes"
PROCESSES_SECONDS = 15
LEADER_KEY = "otit:cron:leader"
TICK_KEY = "otit:cron:tick"


@dataclass(frozen=True)
class Process:
    """A part kept by an `otit serve`. `pid` None: it has ended and waits to be started again."""

    machine: str
    name: str
    pid: int | None
    restarts: int
    seconds: int


@dataclass(frozen=True)
class WorkerState:
    """A worker process as RQ knows it, on whatever machine; `heard` is its last heartbeat."""

    name: str
    machine: str
    state: str
    heard: datetime | None


@dataclass(frozen=True)
class Schedule:
    """The process that leads the schedule and its last tick; both None when none leads."""

    leader: str | None
    tick: datetime | None


@dataclass(frozen=True)
class PeriodicState:
    """One entry of the schedule (`title` is a msgid) and the last run that it asked for."""

    title: str
    cron: str
    last: JobRun | None


@dataclass(frozen=True)
class Health:
    """`answers` False: Redis is away, so nothing can be said about processes; runs stay queued until it is back."""

    answers: bool
    processes: Sequence[Process]
    workers: Sequence[WorkerState]
    schedule: Schedule
    periodic: Sequence[PeriodicState]
    counts: dict[JobStatus, int]
    failed: Sequence[JobRun]


def job_health(session: Session, queue: Queue | None, failures: int = 20) -> Health:
    """All of it, with the latest `failures` failed runs, newest first. Three statements however many jobs there are."""
    answers, processes, workers, schedule = _from_redis(queue)
    return Health(
        answers, processes, workers, schedule, _periodic(session), _counts(session), _failed(session, failures)
    )


def _from_redis(queue: Queue | None) -> tuple[bool, list[Process], list[WorkerState], Schedule]:
    nothing: tuple[bool, list[Process], list[WorkerState], Schedule] = (False, [], [], Schedule(None, None))
    if queue is None:
        return nothing
    redis = queue.connection
    try:
        return True, _processes(redis), _workers(redis), _schedule(redis)
    except RedisError:
        return nothing


def _processes(redis: "Redis") -> list[Process]:
    found: list[Process] = []
    keys: list[bytes] = sorted(redis.scan_iter(f"{PROCESSES_KEY}:*"))
    for key in keys:
        raw: Any = redis.get(key)
        machine = key.decode().removeprefix(f"{PROCESSES_KEY}:").rpartition(":")[0]
        for part in json.loads(raw or "[]"):
            found.append(Process(machine, part["name"], part["pid"], part["starts"] - 1, int(part["seconds"])))
    return found


def _workers(redis: "Redis") -> list[WorkerState]:
    states = [
        WorkerState(worker.name, worker.hostname or "", str(worker.get_state()), worker.last_heartbeat)
        for worker in Worker.all(connection=redis)
    ]
    return sorted(states, key=lambda state: state.name)


def _schedule(redis: "Redis") -> Schedule:
    leader: Any = redis.get(LEADER_KEY)
    tick: Any = redis.get(TICK_KEY)
    return Schedule(
        leader.decode() if leader else None, datetime.fromisoformat(tick.decode()).astimezone(UTC) if tick else None
    )


def _periodic(session: Session) -> list[PeriodicState]:
    rank = (
        sa.func.row_number()
        .over(partition_by=JobRun.kind, order_by=[JobRun.created_at.desc(), JobRun.id.desc()])
        .label("rank")
    )
    newest = sa.select(JobRun.id, rank).where(JobRun.kind.in_(SCHEDULE), JobRun.business_key.is_not(None)).subquery()
    runs = session.scalars(
        sa.select(JobRun).join(newest, newest.c.id == JobRun.id).where(newest.c.rank == 1).order_by(JobRun.kind)
    )
    last = {run.kind: run for run in runs}
    return [
        PeriodicState(KINDS[entry.kind].title, entry.cron, last.get(entry.kind))
        for entry in sorted(SCHEDULE.values(), key=lambda entry: entry.kind)
    ]


def _counts(session: Session) -> dict[JobStatus, int]:
    rows = session.execute(sa.select(JobRun.status, sa.func.count()).group_by(JobRun.status)).all()
    return dict.fromkeys(JobStatus, 0) | {row[0]: row[1] for row in rows}


def _failed(session: Session, limit: int) -> Sequence[JobRun]:
    return session.scalars(
        sa.select(JobRun)
        .where(JobRun.status == JobStatus.FAILED)
        .order_by(JobRun.created_at.desc(), JobRun.id.desc())
        .limit(limit)
    ).all()
