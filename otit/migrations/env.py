"""Alembic's environment: runs inside the application, on its engine."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from otit.migrations.pairs import is_of_pairs
from otit.migrations.trigrams import is_of_trigrams

target = current_app.extensions["migrate"]
metadata = target.db.metadata


def run() -> None:
    if context.is_offline_mode():
        raise SystemExit("migrations run against a database only")
    with target.db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:  # it rebuilds tables that others refer to; nothing is torn apart that is whole at the end
            _check_references(connection, "OFF")
        context.configure(
            connection=connection, target_metadata=metadata, include_name=_compared, **target.configure_args
        )
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            connection.commit()
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise SystemExit(f"rows that refer to nothing: {broken[:5]}")
            _check_references(connection, "ON")


def _compared(name: str | None, kind: str, _parents: Any) -> bool:
    """The models know nothing of the indexes of parts of names: each is of one of the databases only."""
    return not (kind == "index" and is_of_pairs(name)) and not (kind == "table" and is_of_trigrams(name))


def _check_references(connection: sa.Connection, state: str) -> None:
    """Only outside a transaction does SQLite take notice of it."""
    connection.commit()
    connection.exec_driver_sql(f"PRAGMA foreign_keys={state}")
    connection.commit()


run()
