"""The schedule: RQ's cron, led by one process at a time, enqueuing through our own rows.

RQ's cron has no leader and makes nothing up. Ours holds a lock in Redis: of several `otit cron` processes one works and
the others wait for its lock to lapse. Whoever takes the lead first asks for what should have run and has no run, once
for each business date: the unique business key decides in the database, should two ever lead at once.
"""

import logging
import os
import socket
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from croniter import croniter  # type: ignore[import-untyped]  # comes with RQ, which uses it for the same
from flask import Flask
from redis import Redis
from redis.exceptions import LockError, LockNotOwnedError, RedisError
from redis.lock import Lock
from rq import Queue
from rq.cron import CronJob, CronScheduler
from rq.exceptions import SchedulerNotFound
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from otit.auth.actors import system_actor
from otit.clock import in_japan
from otit.db import db, transaction
from otit.errors import ConfigurationError
from otit.jobs import queue as jobs
from otit.jobs.health import LEADER_KEY, TICK_KEY
from otit.jobs.queue import Periodic
from otit.jobs.sweep import sweep

log = logging.getLogger(__name__)

LEAD_SECONDS = 20
TICK_SECONDS = 4


class PeriodicJob(CronJob):
    """One entry of the schedule. RQ computes when it fires; what is asked for is a run of ours."""

    def __init__(self, entry: Periodic) -> None:
        self.entry = entry
        super().__init__(jobs.QUEUE_NAME, func=jobs.KINDS[entry.kind].function, cron=entry.cron, name=entry.kind)

    def get_next_enqueue_time(self) -> datetime:
        """The next firing in Japan: RQ would read the cron string in whatever zone the process happens to run."""
        following: datetime = self._around(self.latest_enqueue_time or datetime.now(UTC)).get_next(datetime)
        return following.astimezone(UTC)

    def last_due(self, moment: datetime) -> datetime:
        """The latest moment before or at `moment` at which the entry fires."""
        # `get_prev` looks strictly before its start.
        found: datetime = self._around(moment + timedelta(microseconds=1)).get_prev(datetime)
        return found.astimezone(UTC)

    def _around(self, moment: datetime) -> Any:
        return croniter(self.entry.cron, in_japan(moment))

    def ask(self, moment: datetime) -> None:
        """Ask for the run of the latest business date that is due, unless it has been asked for."""
        business_date = in_japan(self.last_due(moment)).date().isoformat()
        with Session(db.engine) as session, transaction(session):
            jobs.enqueue(
                session,
                self.entry.kind,
                {"business_date": business_date},
                system_actor("cron"),
                business_key=f"{self.entry.kind}:{business_date}",
            )


class LeadingCron(CronScheduler):
    """RQ's scheduler that acts only while it leads, and puts right what was left lying at every tick."""

    def __init__(self, connection: "Redis", queue: Queue) -> None:
        super().__init__(
            connection, logging_level="WARNING", name=f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:6]}"
        )
        self.queue = queue
        self.entries = [PeriodicJob(entry) for entry in jobs.SCHEDULE.values()]
        self._cron_jobs = list(self.entries)
        self._lock = Lock(connection, LEADER_KEY, timeout=LEAD_SECONDS, thread_local=False)
        self._caught_up = False

    def enqueue_jobs(self) -> list[CronJob]:
        """One tick. Trouble with the database is logged and tried again at the next one."""
        try:
            return self._tick(datetime.now(UTC))
        except SQLAlchemyError as error:
            log.error("the schedule could not reach the database: %s", error)
            return []

    def _tick(self, now: datetime) -> list[CronJob]:
        if not self._lead():
            self._caught_up = False
            return []
        asked: list[CronJob] = []
        for entry in self.entries:
            if not self._caught_up or entry.should_run():
                entry.ask(now)
                entry.set_enqueue_time(now)
                asked.append(entry)
        self._caught_up = True
        sweep(db.engine, self.queue, now)
        self.connection.set(TICK_KEY, now.isoformat())
        return asked

    def _lead(self) -> bool:
        """Keep the lock, or take it when nobody has it."""
        if self._lock.local.token is not None:
            try:
                return bool(self._lock.reacquire())
            except LockNotOwnedError:
                log.warning("another scheduler has taken the lead")
                self._lock.local.token = None
        return bool(self._lock.acquire(blocking=False, token=self.name))

    def calculate_sleep_interval(self) -> float:
        return min(TICK_SECONDS, super().calculate_sleep_interval() or TICK_SECONDS)

    def register_death(self, pipeline: Any = None) -> None:
        """Let another one lead at once."""
        with suppress(LockError, RedisError):
            self._lock.release()
        with suppress(SchedulerNotFound, RedisError):
            super().register_death(pipeline)


def run(app: Flask, url: str) -> None:
    """Keep the schedule until told to stop. Raises RedisError when Redis goes away."""
    with app.app_context():
        queue = jobs.queue_of(db.session())
        if queue is None:
            raise ConfigurationError("create_app has connected no queue")
        cron = LeadingCron(Redis.from_url(url, socket_connect_timeout=2, socket_timeout=10), queue)
        cron.start()  # type: ignore[no-untyped-call]
