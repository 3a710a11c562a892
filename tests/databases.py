"""A migrated database for each worker, brought back to its first state before each test."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import flask_migrate
import psycopg
from flask import Flask
from sqlalchemy import Engine, event

from otit.app import create_app
from otit.config import load_settings
from otit.db import db
from tests import services


@event.listens_for(Engine, "connect")
def _rows_without_an_order_come_backwards(connection: Any, record: Any) -> None:
    """So that whoever relies on an order that no statement asks for is found here, not on PostgreSQL some day."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects = ON")


class Database(Protocol):
    @property
    def url(self) -> str: ...

    def reset(self) -> None: ...


def migrate(url: str, home: Path) -> Flask:
    """Run all migrations on the database at `url`."""
    environ = {"DATABASE_URL": url, "OTIT_HOME": str(home), "SECRET_KEY": "k" * 32, "REDIS_URL": "unix:///nowhere"}
    app = create_app(load_settings(environ))
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()
    return app


@dataclass
class SqliteDatabase:
    """Reset by laying the migrated file anew."""

    file: Path
    template: Path

    @classmethod
    @contextmanager
    def create(cls, place: Path) -> Iterator["SqliteDatabase"]:
        template = place / "template.sqlite3"
        migrate(f"sqlite:///{template}", place)
        connection = sqlite3.connect(template)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        yield cls(place / "test.sqlite3", template)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"

    def reset(self) -> None:
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self.template, self.file)


@dataclass
class PostgresDatabase:
    """Reset by emptying the tables that hold rows; the append-only trigger is passed over as only a superuser can."""

    url: str
    tables: list[str]

    @classmethod
    @contextmanager
    def create(cls, place: Path) -> Iterator["PostgresDatabase"]:
        with services.postgres_server() as server, services.fresh_database(server) as url:
            migrate(url, place)
            with psycopg.connect(plain(url), autocommit=True) as connection:
                query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                names = [row[0] for row in connection.execute(query)]
            yield cls(url, [name for name in names if name not in ("alembic_version", "audit_head")])

    def reset(self) -> None:
        with psycopg.connect(plain(self.url), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in self.tables)
            names = [row[0] for row in connection.execute(filled.encode())]
            for name in names:
                connection.execute(f"DELETE FROM {name}".encode())
            connection.execute(b"UPDATE audit_head SET count = 0, hash = repeat('0', 64)")


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
