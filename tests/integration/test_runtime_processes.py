"""The running system as an operator meets it: real processes, started, killed and stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import sqlalchemy as sa
from redis import Redis
from sqlalchemy.orm import Session

from otit.auth.actors import system_actor
from otit.auth.models import User
from otit.config import load_settings
from otit.db import transaction
from otit.jobs import queue as jobs
from otit.jobs.health import job_health
from otit.jobs.models import JobAttempt, JobRun, JobStatus, Outcome
from tests import databases, job_kinds, services

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(sys.platform != "linux", reason="counts processes in /proc"),
]

ROOT = Path(__file__).resolve().parents[2]
START = """
import sys
from otit.jobs.queue import SCHEDULE, Periodic
from tests import job_kinds
from otit.__main__ import main
SCHEDULE.clear()
SCHEDULE["test-nightly"] = Periodic("test-nightly", "0 2 * * *")
sys.argv[0] = "otit"
main()
"""

assert User  # the runs refer to its table


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(condition, seconds=15.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


class System:
    """Processes of one home, found by their environment wherever they hang in the process tree."""

    def __init__(self, home, **extra):
        self.home, self.port = home, free_port()
        clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        self.environ = {**clean, "OTIT_HOME": str(home), "PORT": str(self.port), "OTIT_DEMO": "0", **extra}
        self.settings = load_settings(self.environ)
        self.engine = sa.create_engine(self.settings.database_url, poolclass=sa.NullPool)
        self.queue = jobs.connect(self.engine, self.settings.queue_url)
        self.log = home / "test.log"
        self.started = []

    def start(self, *arguments):
        with self.log.open("ab") as log:
            command = [sys.executable, "-c", START, *arguments]
            process = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=log, stderr=log)
        self.started.append(process)
        return process

    def serve(self):
        process = self.start("serve")
        eventually(lambda: process.poll() is not None or "ready:" in self.log.read_text(), 40)
        assert process.poll() is None, self.log.read_text()
        return process

    def processes(self):
        """{process id: command line}; the Redis server overwrites its environment, but its title has the socket."""
        found = {}
        for entry in (entry for entry in Path("/proc").iterdir() if entry.name.isdigit()):
            try:
                seen = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
                ended = (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            except OSError:
                continue
            if f"{self.home}".encode() in seen and not ended:
                found[int(entry.name)] = seen[-200:]
        return found

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""

    def ask(self, kind, **args):
        with Session(self.engine) as session, transaction(session):
            return jobs.enqueue(session, kind, args, system_actor("test")).id

    def run(self, run_id):
        with Session(self.engine) as session:
            return session.get_one(JobRun, run_id)

    def ended(self, run_id, seconds=15.0):
        return eventually(lambda: (run := self.run(run_id)).ended and run, seconds)

    def worked(self):
        with Session(self.engine) as session:
            return job_kinds.worked(session)

    def part(self, name):
        """The process id of a part, as the supervisor tells it to the page "job health"."""
        with Session(self.engine) as session:
            found = job_health(session, self.queue)
        return next((process.pid for process in found.processes if process.name == name), None)

    def stop(self):
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        for process in self.started:
            process.wait()
        self.queue.connection.close()
        self.engine.dispose()


@pytest.fixture
def system(tmp_path_factory):
    # A short name: the socket of the embedded server lies below it.
    made = System(tmp_path_factory.mktemp("s"))
    yield made
    made.stop()


def test_serve_answers_works_heals_and_stops_clean(system):
    supervisor = system.serve()
    assert system.get("/healthz") == (200, "ok\n")
    run = system.ended(system.ask("test-work"))
    assert run.status is JobStatus.SUCCEEDED
    # the last missed night was made up at the start, without anybody asking
    eventually(lambda: system.worked() == 2)

    # a second one on the same home is refused in one line that says what to do
    other = subprocess.run(
        [sys.executable, "-c", START, "serve"],
        cwd=ROOT,
        env=system.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert other.returncode == 2
    assert f"process {supervisor.pid}" in other.stderr
    assert "Traceback" not in other.stderr

    # every part that is killed comes back
    for name in ("web", "worker 1", "cron", "redis"):
        old = eventually(lambda name=name: system.part(name))
        os.kill(old, signal.SIGKILL)
        eventually(lambda name=name, old=old: system.part(name) not in (None, old), 20)
    assert system.get("/healthz")[0] == 200
    assert system.ended(system.ask("test-work"), 30).status is JobStatus.SUCCEEDED

    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(timeout=12) == 0
    assert system.processes() == {}
    assert "Traceback" not in system.log.read_text()


def test_a_killed_worker_leaves_no_half_state_and_a_killed_supervisor_nothing_at_all(system, tmp_path):
    supervisor = system.serve()
    eventually(lambda: system.worked() == 1)
    hold, begun = tmp_path / "hold", tmp_path / "begun"
    hold.touch()
    run_id = system.ask("test-hang", begun=str(begun), hold=str(hold))
    child = int(eventually(lambda: begun.exists() and begun.read_text()))

    os.kill(eventually(lambda: system.part("worker 1")), signal.SIGKILL)
    eventually(lambda: child not in system.processes(), 5)
    assert system.worked() == 1, "the work of the killed process was rolled back"
    begun.unlink()
    child = int(eventually(lambda: begun.exists() and begun.read_text(), 40))
    assert system.worked() == 1

    # the child alone is killed: its worker sees it at once
    os.kill(child, signal.SIGKILL)
    hold.unlink()
    run = system.ended(run_id, 20)
    assert (run.status, run.attempts) == (JobStatus.SUCCEEDED, 3)
    assert system.worked() == 2
    with Session(system.engine) as session:
        outcomes = session.scalars(
            sa.select(JobAttempt.outcome).where(JobAttempt.run_id == run_id).order_by(JobAttempt.number)
        ).all()
    assert outcomes == [Outcome.LOST, Outcome.LOST, Outcome.SUCCEEDED]

    # nothing outlives the supervisor, not even a job in the middle of its work
    hold.touch()
    begun.unlink(missing_ok=True)
    system.ask("test-hang", begun=str(begun), hold=str(hold))
    eventually(begun.exists)
    assert len(system.processes()) >= 6
    supervisor.kill()
    supervisor.wait()
    eventually(lambda: system.processes() == {}, 5)


def test_two_crons_ask_for_each_business_date_once(tmp_path_factory, system):
    with services.valkey_server() as url:
        shared = System(tmp_path_factory.mktemp("c"), REDIS_URL=f"{url}?db=60")
        Redis.from_url(shared.settings.queue_url).flushdb()
        databases.migrate(shared.settings.database_url, shared.home)
        crons = [shared.start("cron") for _ in range(2)]
        try:
            eventually(lambda: len(shared.queue.job_ids) == 1, 30)
            time.sleep(1.5)
            with Session(shared.engine) as session:
                keys = session.scalars(sa.select(JobRun.business_key).order_by(JobRun.id)).all()
            assert len(keys) == 1
            assert keys[0].startswith("test-nightly:")
            worker = shared.start("worker", "--burst")
            assert worker.wait(timeout=30) == 0
            assert shared.worked() == 1
            for cron in crons:
                cron.terminate()
            assert [cron.wait(timeout=10) for cron in crons] == [0, 0]
            assert "Traceback" not in shared.log.read_text()
        finally:
            shared.stop()


def test_a_taken_port_is_told_in_one_line(system):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", system.port))
        taken.listen()
        process = system.start("serve")
        assert process.wait(timeout=30) == 2
    told = system.log.read_text()
    assert told.startswith("PORT:")
    assert str(system.port) in told
    assert len(told.splitlines()) == 1
    assert system.processes() == {}


def test_wrong_settings_are_all_named_at_once(system):
    system.environ |= {"PORT": "none", "WORKERS": "0", "REDIS_URL": "http://x", "DATABASE_URL": "oracle://x"}
    process = system.start("serve")
    assert process.wait(timeout=30) == 2
    told = system.log.read_text()
    assert [name for name in ("PORT", "WORKERS", "REDIS_URL", "DATABASE_URL") if f"{name}:" not in told] == []
    assert "Traceback" not in told


def test_a_worker_without_redis_ends_with_one_line(system):
    databases.migrate(system.settings.database_url, system.home)
    process = system.start("worker")
    assert process.wait(timeout=30) == 1
    told = system.log.read_text()
    assert "REDIS_URL" in told
    assert "Traceback" not in told
