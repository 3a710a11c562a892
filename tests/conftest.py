"""Fixtures for all tests: real databases, a stopped clock, the asserting page client, factories."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings
from sqlalchemy.orm import Session

from otit.app import create_app
from otit.clock import FixedClock
from otit.config import Settings
from otit.db import db
from otit.web.clock import set_clock
from otit.web.limits import limiter
from tests import databases, services
from tests.factories import TODAY, Factories
from tests.pages import Browser

BACKENDS = ("sqlite", "postgresql")


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("TZ", "Asia/Tokyo")
    # How long an example takes depends on what else the machine does.
    settings.register_profile("otit", deadline=None)
    settings.load_profile("otit")
    services.open_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    services.close_run()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whatever touches the database runs on both, unless a test says that it looks at something else."""
    if "backend" in metafunc.fixturenames:
        chosen = os.environ.get("OTIT_TEST_BACKENDS", ",".join(BACKENDS)).split(",")
        if metafunc.definition.get_closest_marker("one_backend"):
            chosen = chosen[:1]
        metafunc.parametrize("backend", chosen, scope="session", indirect=True)


@pytest.fixture(scope="session")
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def database(backend: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.Database]:
    """This worker's own database on that backend, migrated once."""
    kind = databases.SqliteDatabase if backend == "sqlite" else databases.PostgresDatabase
    with kind.create(tmp_path_factory.mktemp(backend)) as made:
        yield made


@pytest.fixture(scope="session")
def redis_url(worker_id: str) -> Iterator[str]:
    """A database of this worker's own on the run's real Redis-protocol server."""
    with services.valkey_server() as url:
        yield f"{url}?db={0 if worker_id == 'master' else int(worker_id.removeprefix('gw')) % 64}"


@pytest.fixture(scope="session")
def built_app(database: databases.Database, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    limiter.enabled = True  # it hooks itself into an application only while it is
    app = create_app(make_settings(tmp_path_factory.mktemp("home"), database.url, redis_url))
    limiter.enabled = False
    return app


def make_settings(home: Path, database_url: str, redis_url: str) -> Settings:
    return Settings(
        home=home,
        database_url=database_url,
        redis_url=redis_url,
        secret_key="0123456789abcdef" * 4,
        host="127.0.0.1",
        port=8000,
        worker_processes=1,
        upload_limit=64 * 1024 * 1024,
        secure_cookies=False,
        demo=False,
        trusted_proxies=0,
    )


@pytest.fixture
def app(built_app: Flask, database: databases.Database) -> Iterator[Flask]:
    """The application on an empty migrated database, its clock stopped on `TODAY`."""
    with built_app.app_context():
        db.engine.dispose()
    database.reset()
    set_clock(built_app, FixedClock.on(TODAY))
    with built_app.app_context():
        yield built_app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    """The session of the test's own application context; requests of a client use theirs."""
    return db.session()


@pytest.fixture
def factories(session: Session) -> Factories:
    return Factories(session)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """The asserting client: every page it gets must be a good page."""
    return Browser(app)
