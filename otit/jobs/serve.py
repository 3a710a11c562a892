"""`otit serve`: the whole system on one machine, from one command.

The parts are the embedded Redis-protocol server (unless REDIS_URL names another), the workers, exactly one schedule,
and the web server. What runs is noted in Redis for the page "job health".
"""

import fcntl
import json
import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError

from otit.config import Settings
from otit.errors import ConfigurationError
from otit.jobs import cron, redis_server, startup, supervisor, web, worker
from otit.jobs.health import PROCESSES_KEY, PROCESSES_SECONDS
from otit.jobs.startup import SignIn

log = logging.getLogger(__name__)

_BEAT_SECONDS = 3.0
_READY_SECONDS = 60.0


def serve(settings: Settings, create_app: Callable[[Settings], Flask], tell: Callable[[str], None]) -> None:
    """Run until SIGINT or SIGTERM. Raises ConfigurationError before anything is started when it cannot be run."""
    lock = _lock_home(settings)
    listener = web.listening_socket(settings.host, settings.port)
    _Serving(settings, tell, lock, listener).run(create_app)
    os.close(lock)
    listener.close()


def _lock_home(settings: Settings) -> int:
    """One supervisor for each home. The kernel gives the lock back however this process ends."""
    path = redis_server.private_directory(settings.home / "run") / "serve.lock"
    lock = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.read(lock, 200).decode(errors="replace").strip()
        os.close(lock)
        raise ConfigurationError(
            f"OTIT_HOME: {settings.home} is already served by another `otit serve` ({holder}). "
            "Stop that one, or set OTIT_HOME to another directory"
        ) from error
    os.ftruncate(lock, 0)
    os.write(lock, f"process {os.getpid()}, {_address(settings)}".encode())
    return lock


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}/"


class _Serving:
    def __init__(self, settings: Settings, tell: Callable[[str], None], lock: int, listener: socket.socket) -> None:
        self.settings = settings
        self.tell = tell
        self.lock = lock
        self.listener = listener
        self.redis = Redis.from_url(settings.queue_url, socket_connect_timeout=1, socket_timeout=1)
        self.accounts: Sequence[SignIn] = ()
        self.announced = False
        self.began = time.monotonic()
        self.beat_at = 0.0
        self.told: list[tuple[str, int | None]] = []
        self.supervisor = supervisor.Supervisor(tell, self._tick)

    def run(self, create_app: Callable[[Settings], Flask]) -> None:
        self.supervisor.begin()
        try:
            self._start_redis()
            app = create_app(self.settings)
            self.accounts = startup.prepare(app, self.settings, self.tell)
            self._start_parts(app)
            self.supervisor.run()
        finally:
            self.supervisor.stop()
            with suppress(RedisError):
                self.redis.close()
            if self.settings.redis_url is None:
                self.settings.embedded_redis_socket.unlink(missing_ok=True)

    def _start_redis(self) -> None:
        settings = self.settings
        url = settings.queue_url
        if settings.redis_url is None:
            socket_path = settings.embedded_redis_socket
            redis_server.private_directory(socket_path.parent)
            data = redis_server.private_directory(settings.home / "redis")
            if redis_server.answers(url):
                redis_server.stop_left_over(url)
            arguments = redis_server.program(socket_path, data)
            self.supervisor.add(supervisor.program("redis", arguments, signal.SIGTERM, serves=True))
        if not redis_server.wait_until_ready(url, _READY_SECONDS if settings.redis_url is None else 5.0):
            log = settings.home / "redis" / redis_server.LOG_NAME
            where = f"the embedded server; see {log}" if settings.redis_url is None else "the server it names"
            raise ConfigurationError(f"REDIS_URL: no answer from {where}")

    def _start_parts(self, app: Flask) -> None:
        settings, url = self.settings, self.settings.queue_url
        quiet = (self.lock, self.listener.fileno())
        for number in range(1, settings.worker_processes + 1):
            self.supervisor.add(supervisor.function(f"worker {number}", lambda: worker.work(app, url), quiet))
        self.supervisor.add(supervisor.function("cron", lambda: cron.run(app, url), quiet))
        self.supervisor.add(
            supervisor.function("web", lambda: web.serve_waitress(app, settings, self.listener), (self.lock,))
        )

    def _tick(self) -> None:
        if not self.announced:
            self._announce()
        running = [(part.name, part.pid) for part in self.supervisor.parts]
        if running != self.told or time.monotonic() - self.beat_at >= _BEAT_SECONDS:
            self.beat_at = time.monotonic()
            self.told = running if self._beat() else []

    def _announce(self) -> None:
        late = time.monotonic() - self.began > _READY_SECONDS
        if not late and not _page_answers(self.settings):
            return
        self.announced = True
        self.tell(f"ready: {_address(self.settings)}   (Ctrl-C stops everything)")
        if self.accounts:
            self.tell("sign in with one of these (demonstration data, invented names):")
        for account in self.accounts:
            self.tell(f"  {account.username:<16} {account.password:<16} {account.role}")

    def _beat(self) -> bool:
        parts = [
            {"name": part.name, "pid": part.pid, "starts": part.starts, "seconds": time.monotonic() - part.started_at}
            for part in self.supervisor.parts
        ]
        key = f"{PROCESSES_KEY}:{socket.gethostname()}:{os.getpid()}"
        try:
            return bool(self.redis.set(key, json.dumps(parts), ex=PROCESSES_SECONDS))
        except RedisError:
            return False


def _page_answers(settings: Settings) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - a comparison
    connection = HTTPConnection(host, settings.port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
