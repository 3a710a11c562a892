"""The worker process: takes runs from RQ and does each in a forked child, the application already loaded.

The parent marks the run alive while the child works, so a child busy in C code is not taken for dead; and the child is
tied to the parent, so a dead parent leaves no child behind that nobody watches.
"""

import logging
import os
import signal
import socket
from typing import Any

from flask import Flask
from redis import Redis
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from otit.db import db
from otit.jobs import queue as jobs
from otit.jobs import tether
from otit.jobs.models import JobRun, Outcome
from otit.jobs.runner import LOST, MARK_EVERY_SECONDS, mark_alive, run_job, settle

log = logging.getLogger(__name__)


def perform(run_id: str) -> None:
    """What RQ calls in the forked child, within the application context of the worker."""
    run_job(db.engine, jobs.queue_of(db.session()), run_id, f"{socket.gethostname()}:{os.getppid()}")


class RunWorker(Worker):
    """RQ's forking worker, knowing our runs."""

    _run_id: str | None = None

    def execute_job(self, job: Job, queue: Queue) -> None:
        self._run_id = str(job.args[0])
        try:
            super().execute_job(job, queue)
        finally:
            self._run_id = None

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        parent = self.pid
        assert parent is not None
        tether.hold(parent, signal.SIGKILL)
        tether.watch_parent(parent)
        # Connections of the parent are its own: dropping them here without closing leaves them usable there.
        db.engine.dispose(close=False)
        super().main_work_horse(job, queue)

    def maintain_heartbeats(self, job: Job, execution: Any) -> None:
        if self._run_id is not None:
            mark_alive(self.connection, self._run_id)
        super().maintain_heartbeats(job, execution)

    def handle_work_horse_killed(self, job: Job, retpid: Any, ret_val: Any, rusage: Any) -> None:
        super().handle_work_horse_killed(job, retpid, ret_val, rusage)  # type: ignore[no-untyped-call]
        self._give_back()

    def request_force_stop(self, signum: int, frame: Any) -> None:
        try:
            super().request_force_stop(signum, frame)
        except SystemExit:
            self._give_back()
            raise

    def _give_back(self) -> None:
        """The child is gone: its run goes to its next attempt now instead of when the sweep notices."""
        if self._run_id is None:
            return
        session = db.session()
        attempt = session.query(JobRun.attempts).filter_by(id=self._run_id).scalar()
        db.session.remove()
        if attempt:
            settle(db.engine, jobs.queue_of(db.session()), self._run_id, attempt, Outcome.LOST, LOST, {})
        db.engine.dispose()


def work(app: Flask, url: str, burst: bool = False) -> None:
    """Work until told to stop; with `burst` until the queue is empty. Raises RedisError when Redis does not answer."""
    with app.app_context():
        redis = Redis.from_url(url)
        worker = RunWorker(
            [Queue(jobs.QUEUE_NAME, connection=redis, serializer=JSONSerializer)],
            name=f"{socket.gethostname()}-{os.getpid()}",
            connection=redis,
            serializer=JSONSerializer,
            job_monitoring_interval=MARK_EVERY_SECONDS,
            log_job_description=False,
        )
        worker.work(burst=burst, logging_level="WARNING")
