"""Fail unless the migrations, run on empty databases of both kinds, give exactly the tables of the models."""

import tempfile
from pathlib import Path

import flask_migrate

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
        db.engine.dispose()
    print(f"migrations equal the models on {url.partition(':')[0].partition('+')[0]}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        check(f"sqlite:///{folder}/check.sqlite3", Path(folder))
        with services.postgres_server() as server, services.fresh_database(server) as url:
            check(url, Path(folder))


if __name__ == "__main__":
    main()
