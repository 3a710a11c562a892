"""Keyset pages: the place in a list is the last row's sort key, so the deepest page costs as much as the first."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import reduce
from operator import add
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from otit.errors import UserError
from otit.text import N_

PAGE_SIZE = 50
MOST_COUNTED = 10_000

Row = TypeVar("Row")
Key = sa.ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`rows` in order; cursors are opaque texts for the address, None at either end."""

    rows: Sequence[Row]
    next_cursor: str | None
    previous_cursor: str | None


@dataclass(frozen=True)
class Cursor:
    """`values` are the sort key of the row beside the page; `backwards` asks for the page before it."""

    values: tuple[Any, ...]
    backwards: bool

    def encode(self) -> str:
        values = [v.isoformat() if isinstance(v, date | datetime) else v for v in self.values]
        body = json.dumps([int(self.backwards), *values], ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")


class Count(NamedTuple):
    """How many rows all pages of a list have together. Beyond MOST_COUNTED nobody pages on: then it is not exact."""

    total: int
    exact: bool


def count_rows(session: Session, *parts: sa.Select[Any]) -> Count:
    """Count what a list would show, as far as MOST_COUNTED, in one statement. A list that is the sum of parts without
    a row in common is counted part by part: each may have an index of its own."""
    found = [part.limit(MOST_COUNTED + 1).subquery() for part in parts]
    counts = [sa.select(sa.func.count()).select_from(part).scalar_subquery() for part in found]
    total = session.scalar(sa.select(reduce(add, counts))) or 0
    return Count(min(total, MOST_COUNTED), total <= MOST_COUNTED)


def keyset_page(
    session: Session,
    statement: sa.Select[Any],
    keys: Sequence[Key],
    cursor: str | None,
    *,
    descending: bool = False,
    size: int = PAGE_SIZE,
) -> Page[Any]:
    """One page of `statement` ordered by `keys` (never NULL; the last one unique). One SELECT of size + 1 rows.

    The keys are read as extra columns named key_0, key_1, …; rows come back as the statement's own rows with them.
    Raises UserError when the cursor of the address is damaged.
    """
    place = _decode(cursor, keys) if cursor else None
    backwards = place is not None and place.backwards
    upwards = descending == backwards
    query = statement.add_columns(*(key.label(f"key_{n}") for n, key in enumerate(keys)))
    if place is not None:
        here, there = (
            sa.tuple_(*keys),
            sa.tuple_(*(sa.literal(v, k.type) for v, k in zip(place.values, keys, strict=True))),
        )
        query = query.where(here > there if upwards else here < there)
    query = query.order_by(*(key.asc() if upwards else key.desc() for key in keys)).limit(size + 1)
    found = list(session.execute(query))
    more, rows = len(found) > size, found[:size]
    if backwards:
        rows.reverse()
    ahead = bool(rows) and (backwards or more)
    behind = bool(rows) and ((backwards and more) or (place is not None and not backwards))
    return Page(
        rows,
        _cursor(rows[-1], len(keys), False) if ahead else None,
        _cursor(rows[0], len(keys), True) if behind else None,
    )


def _cursor(row: Any, count: int, backwards: bool) -> str:
    return Cursor(tuple(row._mapping[f"key_{n}"] for n in range(count)), backwards).encode()


def _decode(text: str, keys: Sequence[Key]) -> Cursor:
    try:
        backwards, *values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if len(values) != len(keys):
            raise ValueError
        return Cursor(tuple(_value(v, key) for v, key in zip(values, keys, strict=True)), bool(backwards))
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error) as error:
        raise UserError(N_("ページの位置が正しくありません。一覧の最初から開き直してください。")) from error


def _value(value: Any, key: Key) -> Any:
    """As the column holds it. Raises ValueError, TypeError or OverflowError for what no row can have."""
    kind = key.type.python_type
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    if kind is date:
        return date.fromisoformat(value)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError
    if isinstance(value, int) and value.bit_length() > (63 if isinstance(key.type, sa.BigInteger) else 31):
        raise OverflowError
    if isinstance(value, str) and b"\0" in value.encode():
        raise ValueError
    return value
