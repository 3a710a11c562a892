"""The frame of the invented world: its day, its dice, and the rows that will be inserted."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from otit.audit.trail import plain
from otit.clock import JST, fiscal_year, fiscal_year_range
from otit.db import Base
from otit.demo.words import GIVEN_NAMES, SURNAMES

Row = dict[str, Any]


class Rows:
    """What is to be inserted, by table; ids count from 1 in the order of adding."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = {}

    def add(self, model: type[Base] | sa.Table, **values: Any) -> Row:
        table: Any = model if isinstance(model, sa.Table) else model.__table__
        rows = self.tables.setdefault(table.name, [])
        row = {**values}
        if "id" in table.c and "id" not in values:
            row["id"] = len(rows) + 1
        rows.append(row)
        return row

    def of(self, model: type[Base]) -> list[Row]:
        return self.tables.get(str(model.__tablename__), [])

    def counts(self) -> dict[str, int]:
        return {name: len(rows) for name, rows in sorted(self.tables.items())}

    def digest(self) -> str:
        """Of every row but the salted password hashes: equal worlds have equal digests."""
        kept = {
            name: [{k: v for k, v in row.items() if k != "password_hash"} for row in rows]
            for name, rows in self.tables.items()
        }
        body = json.dumps(plain(kept), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(body.encode()).hexdigest()

    def insert(self, session: Session) -> None:
        """In the order of the foreign keys, one statement a table; then the sequences go on behind the ids."""
        for table in Base.metadata.sorted_tables:
            rows = self.tables.get(table.name)
            if not rows:
                continue
            session.execute(sa.insert(table), [_complete(table, row) for row in rows])
            if session.get_bind().dialect.name == "postgresql" and table.autoincrement_column is not None:
                key = table.autoincrement_column.name
                sequence = sa.func.pg_get_serial_sequence(table.name, key)
                session.execute(sa.select(sa.func.setval(sequence, max(row[key] for row in rows))))


def _complete(table: sa.Table, row: Row) -> Row:
    """Every column named, as one statement for many rows needs it."""
    unknown = row.keys() - table.c.keys()
    assert not unknown, f"{table.name} has no {sorted(unknown)}"
    return {column.key: row.get(column.key, _default(column)) for column in table.c}


def _default(column: sa.Column[Any]) -> Any:
    default = column.default
    if isinstance(default, sa.ColumnDefault):
        return default.arg(None) if callable(default.arg) else default.arg
    return None


@dataclass
class World:
    """`today` is the day the world is made for; nothing in it that is a fact lies after it."""

    today: date
    dice: Random
    rows: Rows = field(default_factory=Rows)

    @property
    def year(self) -> int:
        return fiscal_year(self.today)

    @property
    def year_start(self) -> date:
        return fiscal_year_range(self.year)[0]

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def ahead(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def workday(self, first: date, last: date) -> date:
        """A weekday between the two, both included; the first day where there is none."""
        span = max((last - first).days, 0)
        start = self.dice.randint(0, span)
        days = (first + timedelta(days=(start + step) % (span + 1)) for step in range(span + 1))
        return next((day for day in days if day.weekday() < 5), first)

    def moment(self, day: date, hour: int = 10) -> datetime:
        """In Japan; never after the first moment of today."""
        midnight = datetime(self.today.year, self.today.month, self.today.day, tzinfo=JST)
        return min(datetime(day.year, day.month, day.day, hour, tzinfo=JST), midnight)

    def person(self) -> tuple[str, str]:
        """An invented name and its reading."""
        (family, family_kana), (given, given_kana) = self.dice.choice(SURNAMES), self.dice.choice(GIVEN_NAMES)
        return f"{family}　{given}", f"{family_kana}　{given_kana}"
