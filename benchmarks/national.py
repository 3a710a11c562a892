"""A database of national size, made by `otit generate`: 73,718 organizations, 1,843,195 plans, 260,000 inspections."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from flask import Flask

from otit.clock import FixedClock
from otit.db import db, transaction
from otit.generate.loading import generate, settle
from otit.generate.scales import NATIONAL, Scale
from otit.web.clock import set_clock
from tests import databases, services

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
BACKENDS = ("sqlite", "postgresql")


@contextmanager
def generated(backend: str, scale: Scale = NATIONAL) -> Iterator[Flask]:
    """The application on a freshly built database, inside its context; everything is removed afterwards."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="otit-bench-")))
        if backend == "sqlite":
            url = f"sqlite:///{place / 'generated.sqlite3'}"
        else:
            services.open_run()
            stack.callback(services.close_run)
            url = stack.enter_context(services.fresh_database(stack.enter_context(services.postgres_server())))
        app = databases.migrate(url, place)
        set_clock(app, FixedClock.on(TODAY))
        with app.app_context():
            with transaction(db.session()) as session:
                generate(session, FixedClock.on(TODAY), scale)
            settle(db.engine)
            yield app
            db.session.remove()
            db.engine.dispose()
