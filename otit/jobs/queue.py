"""Asking for background work: job kinds, the schedule as data, and `enqueue`.

A job is a row first (otit.jobs.models). It goes to RQ only after the commit of the transaction that asked for it, as
nothing but its id, in JSON. When Redis does not answer, the row stays queued and the sweep sends it later.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import uuid4
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from otit.db import after_commit
from otit.jobs.models import JobRun
from otit.jobs.progress import Progress

log = logging.getLogger(__name__)

QUEUE_NAME = "otit"
ENTRY_POINT = "otit.jobs.worker.perform"
_RQ_RECORD_SECONDS = 3600


class Requester(Protocol):
    """Who asks: `audit_name` is "user:12" or "system:schedule"; `user_id` is None for the system."""

    @property
    def audit_name(self) -> str: ...
    @property
    def user_id(self) -> int | None: ...


@dataclass(frozen=True)
class Task:
    """What a job function gets. All its work goes through `session` and is committed once, after it returns, together
    with the success of the run: so it is done entirely or not at all, and never twice."""

    session: Session
    progress: Progress
    args: Mapping[str, Any]
    run_id: str
    requested_by: str
    user_id: int | None


JobFunction = Callable[[Task], dict[str, Any] | None]


@dataclass(frozen=True)
class JobKind:
    """`title` is a Japanese msgid. After success the progress page leads to `endpoint` with the URL values named in
    `url_args`, taken from the result or else from the arguments: by itself, or (`leads_on` False) by a link, because
    what the job has to say is not said there."""

    name: str
    function: JobFunction
    title: str
    max_attempts: int
    retry_seconds: int
    timeout: int
    endpoint: str | None
    url_args: tuple[str, ...]
    leads_on: bool = True


@dataclass(frozen=True)
class Periodic:
    """`cron` is read in Japanese time and fires once a day at most: each firing is one business date."""

    kind: str
    cron: str


KINDS: dict[str, JobKind] = {}
SCHEDULE: dict[str, Periodic] = {}


def job(
    name: str,
    *,
    title: str,
    max_attempts: int = 3,
    retry_seconds: int = 0,
    timeout: int = 3600,
    endpoint: str | None = None,
    url_args: tuple[str, ...] = (),
    leads_on: bool = True,
) -> Callable[[JobFunction], JobFunction]:
    """Declare a job kind in a domain's `jobs.py`: `@job("read-workbook", title=N_("..."))`.

    The function takes a Task and returns a small JSON result or None. A UserError it raises fails the run at once with
    that message; any other exception is a fault of ours and is tried again, `max_attempts` times in all.
    """

    def declare(function: JobFunction) -> JobFunction:
        known = KINDS.get(name)
        if known is not None and known.function is not function:
            raise ValueError(f"two jobs are called {name!r}")
        KINDS[name] = JobKind(name, function, title, max_attempts, retry_seconds, timeout, endpoint, url_args, leads_on)
        return function

    return declare


def periodic(name: str, cron: str) -> Callable[[JobFunction], JobFunction]:
    """Put a declared job on the schedule: `@periodic("schedule-inspections", "0 2 * * *")` above its `@job`.

    The job gets {"business_date": "YYYY-MM-DD"} and does what is due up to that day.
    """

    def declare(function: JobFunction) -> JobFunction:
        SCHEDULE[name] = Periodic(name, cron)
        return function

    return declare


_queues: "WeakKeyDictionary[Engine, Queue]" = WeakKeyDictionary()


def connect(engine: Engine, url: str) -> Queue:
    """Bind the jobs of this database to the Redis at `url`. Called once by create_app; opens no connection yet."""
    redis = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)
    queue = Queue(QUEUE_NAME, connection=redis, serializer=JSONSerializer)
    _queues[engine] = queue
    return queue


def queue_of(session: Session) -> Queue | None:
    """The queue of the session's database; None when none is connected (a test without Redis)."""
    return _queues.get(session.get_bind().engine)


def enqueue(
    session: Session,
    kind: str,
    args: Mapping[str, Any],
    actor: Requester,
    business_key: str | None = None,
) -> JobRun:
    """Ask for a job within the caller's transaction; it starts only if that transaction commits.

    `args` are ids and plain values. With a `business_key` that is already known nothing is added and the run that
    has it is returned, also when two ask at the same moment.
    """
    now = datetime.now(UTC)
    values = {
        "id": uuid4().hex,
        "kind": kind,
        "args": dict(args),
        "max_attempts": KINDS[kind].max_attempts,
        "requested_by": actor.audit_name,
        "user_id": actor.user_id,
        "business_key": business_key,
        "created_at": now,
        "due_at": now,
    }
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    # The database decides, in one statement: looking first would leave a gap for the other scheduler.
    session.execute(insert(JobRun).values(values).on_conflict_do_nothing(index_elements=["business_key"]))
    run = session.get(JobRun, values["id"])
    if run is None:
        return session.scalars(sa.select(JobRun).where(JobRun.business_key == business_key)).one()
    send_after_commit(session, run)
    return run


def send_after_commit(session: Session, run: JobRun) -> None:
    """Once the transaction has committed, hand the run to RQ; without Redis it waits for the sweep."""
    queue = queue_of(session)
    if queue is None:
        return
    run_id, attempt, timeout = run.id, run.attempts, KINDS[run.kind].timeout

    def act() -> None:
        try:
            send(queue, run_id, attempt, timeout)
        except RedisError as error:
            log.warning("job %s waits for the sweep, Redis does not answer: %s", run_id, error)

    after_commit(session, act)


def send(queue: Queue, run_id: str, attempt: int, timeout: int) -> bool:
    """Put the run's id into RQ. False when RQ already has it; its id holds the attempt, so a retry is a new one."""
    try:
        queue.enqueue_call(
            ENTRY_POINT,
            args=(run_id,),
            timeout=timeout,
            result_ttl=0,
            failure_ttl=_RQ_RECORD_SECONDS,
            job_id=rq_id(run_id, attempt),
            description=f"run {run_id}",
            unique=True,
        )
    except DuplicateJobError:
        return False
    return True


def rq_id(run_id: str, attempt: int) -> str:
    return f"run-{run_id}-{attempt}"
