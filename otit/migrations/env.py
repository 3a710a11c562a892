"""Alembic's environment: runs inside the application, on its engine."""

from alembic import context
from flask import current_app

target = current_app.extensions["migrate"]
metadata = target.db.metadata


def run() -> None:
    if context.is_offline_mode():
        raise SystemExit("migrations run against a database only")
    with target.db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata, **target.configure_args)
        with context.begin_transaction():
            context.run_migrations()


run()
