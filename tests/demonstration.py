"""The demonstration in a database that the tests of one module share. Import both fixtures into a conftest."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from otit.clock import FixedClock
from otit.db import db
from otit.demo.loading import load_demo
from otit.web.clock import set_clock
from tests import databases
from tests.factories import TODAY


@pytest.fixture(scope="module")
def shared_app(built_app: Flask, database: databases.Database) -> Flask:
    """The application on a database with the demonstration of `TODAY`; tests that use it change nothing of it."""
    with built_app.app_context():
        db.engine.dispose()
        database.reset()
        set_clock(built_app, FixedClock.on(TODAY))
        load_demo(db.session(), FixedClock.on(TODAY))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return built_app


@pytest.fixture
def loaded(shared_app: Flask) -> Iterator[Session]:
    with shared_app.app_context():
        yield db.session()
        db.session.remove()
        db.engine.dispose()
