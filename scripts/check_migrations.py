"""Fail unless the migrations, run on empty databases of both kinds, give exactly the tables of the models."""

import tempfile
from pathlib import Path

import flask_migrate
import sqlalchemy as sa

from otit.app import create_app
from otit.config import load_settings
from otit.db import db
from tests import services


def check(url: str, home: Path) -> None:
    """Exits with what differs, as Alembic tells it."""
    environ = {"DATABASE_URL": url, "OTIT_HOME": str(home), "SECRET_KEY": "k" * 32, "REDIS_URL": "unix:///nowhere"}
    app = create_app(load_settings(environ))
    with app.app_context():
        flask_migrate.upgrade()
        flask_migrate.check()
        _compare_checks()
        db.engine.dispose()
    print(f"migrations equal the models on {url.partition(':')[0].partition('+')[0]}")


def _compare_checks() -> None:
    """Alembic does not look at checks, and half of our rules are checks. SQLite keeps them as they were written;
    PostgreSQL writes them anew and cuts long names off, so there only the names can be compared."""
    found, sqlite = sa.inspect(db.engine), db.engine.dialect.name == "sqlite"
    for table in db.metadata.sorted_tables:
        checks = [check for check in table.constraints if isinstance(check, sa.CheckConstraint)]
        wanted = {(str(c.name)[:63], _condition(c).replace(f"{table.name}.", "") if sqlite else "") for c in checks}
        there = found.get_check_constraints(table.name)
        held = {(str(c["name"]), str(c["sqltext"]) if sqlite else "") for c in there}
        if wanted != held:
            raise SystemExit(f"checks of {table.name} stand on one side only: {sorted(wanted ^ held)}")


def _condition(check: sa.CheckConstraint) -> str:
    return str(check.sqltext.compile(db.engine, compile_kwargs={"literal_binds": True}))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        check(f"sqlite:///{folder}/check.sqlite3", Path(folder))
        with services.postgres_server() as server, services.fresh_database(server) as url:
            check(url, Path(folder))


if __name__ == "__main__":
    main()
