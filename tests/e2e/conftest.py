"""Whole jobs as people do them: the application on a real port, a real worker for its jobs, a real browser."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, got_request_exception
from playwright.sync_api import Browser, Page, sync_playwright
from redis import Redis
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from otit.auth.models import User
from otit.config import Settings
from otit.jobs import tether
from scripts.browser import find_browser
from tests.databases import Database
from tests.people import Person

ROOT = Path(__file__).resolve().parents[2]
# Without these Chromium asks its maker's hosts for updates and the like, many times at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = {"width": 1280, "height": 900}

Arrive = Callable[..., Person]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


class _Silent(WSGIRequestHandler):
    timeout = 5  # a connection that the browser opened in advance must not hold the server at its end

    def log_request(self, *args: Any) -> None:
        """Requests are no news."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of the application on a port of this machine's own choice."""
    server: BaseWSGIServer = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application answers. A fault inside it fails the test, whatever page was shown instead."""
    faults: list[BaseException] = []

    def note(_sender: Flask, exception: BaseException, **_extra: Any) -> None:
        faults.append(exception)

    got_request_exception.connect(note, app)
    with served(app) as where:
        yield where
    got_request_exception.disconnect(note, app)
    if faults:
        raise faults[0]


@pytest.fixture
def arrive(chromium: Browser, address: str) -> Iterator[Arrive]:
    """`arrive(user, path)`: a person at a browser of their own, signed in; without a user, a stranger."""
    people: list[Person] = []

    def come(user: User | None = None, path: str = "/", **options: Any) -> Person:
        context = chromium.new_context(**{"locale": "ja-JP", "viewport": DESK, "accept_downloads": True, **options})
        person = Person(context, address)
        people.append(person)
        return person.sign_in(user, path) if user else person

    yield come
    for person in people:
        person.context.close()
    assert [complaint for person in people for complaint in person.complaints] == []


@pytest.fixture(scope="package")
def worker(
    database: Database, built_app: Flask, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """A real `otit worker` on the test's database. It is gone before other tests look into the queue themselves."""
    settings: Settings = built_app.extensions["otit-settings"]
    home = tmp_path_factory.mktemp("worker")
    environ = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "TZ") if name in os.environ},
        "OTIT_HOME": str(home),
        "DATABASE_URL": database.url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": settings.secret_key,
    }
    with Redis.from_url(redis_url) as redis:
        redis.flushdb()
    log = home / "worker.log"
    command = tether.command([sys.executable, "-m", "otit", "worker"], signal.SIGKILL)
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=output)
    try:
        yield
        assert process.poll() is None, log.read_text()
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A bare page, for what is not our application; it fails the test when the browser complains."""
    context = chromium.new_context(locale="ja-JP")
    shown = context.new_page()
    complaints: list[str] = []
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    shown.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield shown
    context.close()
    assert complaints == []
