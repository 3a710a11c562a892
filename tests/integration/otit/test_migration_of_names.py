"""0003 on tables with rows: keys folded anew, and the names of bodies that were merged before."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa

from otit.app import create_app
from otit.config import load_settings
from otit.db import db
from tests import services

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def before(backend: str, tmp_path: Path) -> Iterator[sa.Connection]:
    """A connection to a database as 0002 left it."""
    if backend == "sqlite":
        yield from _migrated(f"sqlite:///{tmp_path}/old.sqlite3", tmp_path)
    else:
        with services.postgres_server() as server, services.fresh_database(server) as url:
            yield from _migrated(url, tmp_path)


def _migrated(url: str, home: Path) -> Iterator[sa.Connection]:
    environ = {"DATABASE_URL": url, "OTIT_HOME": str(home), "SECRET_KEY": "k" * 32, "REDIS_URL": "unix:///nowhere"}
    with create_app(load_settings(environ)).app_context():
        flask_migrate.upgrade(revision="0002")
        with db.engine.connect() as connection:
            yield connection
        db.session.remove()
        db.engine.dispose()


class Old:
    """The tables of 0002, by their columns."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection, self.known = connection, sa.MetaData()
        self.known.reflect(connection)

    def add(self, into: str, **values: Any) -> int:
        table = self.known.tables[into]
        added = sa.insert(table).values(values).returning(table.c.id)
        return int(self.connection.execute(added).scalar_one())

    def body(self, name: str, key: str, **values: Any) -> int:
        fixed = {"kind": "implementing", "prefecture_code": "38", "office_code": "11", "address": "架空町1"}
        flags = {"is_individual": False, "status": "active", "version": 1, "created_at": NOW, "updated_at": NOW}
        return self.add("organizations", name=name, name_key=key, **{"address_key": ""} | fixed | flags | values)

    def merge(self, duplicate: int, kept: int, user: int, **values: Any) -> int:
        noted = {"moved": {}, "filled": {}, "effects": {"scheduling": 1}, "warnings": []} | values
        own = {"duplicate_id": duplicate, "kept_id": kept, "merged_by_id": user, "merged_at": NOW, "reason": "二重"}
        return self.add("organization_merges", **own, **noted, version=1)

    def user(self) -> int:
        fixed = {"username": "m", "display_name": "試験", "role": "manager", "password_hash": "x", "created_at": NOW}
        return self.add("users", **fixed, active=True, locale="ja", version=1)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.connection.execute(sa.text(statement))]


def test_keys_are_folded_anew_and_the_names_of_duplicates_kept(before: sa.Connection) -> None:
    old = Old(before)
    bodies = {"同じ": "架空", "別名": "假設工業", "残る": "架空", "最後": "最終"}
    first, second, third, last = (old.body(name, key, address_key="愛媛県假町") for name, key in bodies.items())
    user = old.user()
    named = old.add("former_names", organization_id=last, name="鐵", name_key="鐵", used_until=NOW.date())
    moved = {"former_names.organization_id": [named]}
    merges = [old.merge(first, third, user), old.merge(second, third, user), old.merge(third, last, user, moved=moved)]
    before.execute(sa.text(f"UPDATE organizations SET merged_into_id = {last} WHERE id <> {last}"))
    before.commit()
    flask_migrate.upgrade(revision="0003")
    assert old.rows("SELECT name_key, address_key FROM organizations ORDER BY id") == [
        (key, "愛媛県仮町") for key in ("架空", "仮設工業", "架空", "最終")
    ]
    kept = old.rows("SELECT id, organization_id, name, name_key, used_until FROM former_names ORDER BY id")
    assert [row[1:4] for row in kept] == [
        (last, "鐵", "鉄"),
        (last, "同じ", "架空"),
        (last, "別名", "仮設工業"),
    ]
    assert [row[4] is None for row in kept] == [False, True, True]
    table = Old(before).known.tables["organization_merges"]
    noted = {row.id: (row.effects, row.moved) for row in before.execute(sa.select(table))}
    one, two, three = merges
    assert noted[one] == ({"scheduling": 1, "former_name": kept[1][0]}, {})
    assert noted[two] == ({"scheduling": 1, "former_name": kept[2][0]}, {})
    assert noted[three] == (
        {"scheduling": 1},
        {"former_names.organization_id": [named, kept[1][0], kept[2][0]]},
    )
