"""Keyset pages: the place in a list is the last row's sort key, so the deepest page costs as much as the first."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from otit.errors import UserError
from otit.text import N_

PAGE_SIZE = 50
MOST_COUNTED = 1_000
# For lists of a few thousand at most, whose number is what people want to know.
EVERY_ONE = 5_000

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
    """How many rows all pages of a list have together. Beyond some thousand nobody pages on: then it is not exact."""

    total: int
    exact: bool


class Listing:
    """What a list asks: a statement, the keys of its order (never NULL; the last one unique), and how it is counted:
    as it stands, or as the sum of `parts` without a row in common, each of which may have an index of its own. Where
    `sought` is given, the rows are sought and counted there, in fewer tables and by the same keys, and only those of
    the page are joined to what `statement` shows of them.

    `branches` are conditions of which each row meets exactly one: a page is then put together from a page of each, so
    that each is found and counted by an index of its own, where a single OR would go through the whole table.

    `most` is how many rows are counted at most. Where to find the rows costs more than to sort them, as in a search,
    `at_once` finds them once for the first page and for their number.

    To build a statement takes as long as to run it, so the lists that are open all day keep theirs: `lru_cache` on the
    function that makes the listing of an actor, a filter and a day.
    """

    def __init__(
        self,
        statement: sa.Select[Any],
        keys: Sequence[Key],
        *,
        descending: bool = False,
        size: int = PAGE_SIZE,
        parts: Sequence[sa.Select[Any]] | None = None,
        sought: sa.Select[Any] | None = None,
        branches: Sequence[sa.ColumnElement[bool]] = (),
        most: int = MOST_COUNTED,
        at_once: bool = False,
    ) -> None:
        self._keys, self._descending, self._size, self._most = keys, descending, size, most
        self._at_once = at_once
        labels = [key.label(f"key_{n}") for n, key in enumerate(keys)]
        self._keyed = statement.add_columns(*labels)
        self._sought = None if sought is None else sought.with_only_columns(*labels, maintain_column_froms=True)
        self._branches = branches or (sa.true(),)
        alone = statement if sought is None else sought
        alone = alone.with_only_columns(sa.literal(1), maintain_column_froms=True)
        self._parts = parts or [alone.where(branch) for branch in self._branches]

    @cached_property
    def _first(self) -> sa.Select[Any]:
        return self._page(self._found, upwards=not self._descending)

    @cached_property
    def _first_counted(self) -> sa.Select[Any]:
        """The first page of what is found, each row with the number of all as `total`."""
        upwards = not self._descending
        found = self._cut(self._found, upwards, self._most + 1).cte("found")
        total = sa.select(sa.func.count()).select_from(found).scalar_subquery().label("total")
        first = self._sorted(sa.select(found, total), self._keys_of(found), upwards).limit(self._size + 1).subquery()
        return self._sorted(self._joined(first).add_columns(first.c.total), self._keys, upwards)

    @property
    def _found(self) -> sa.Select[Any]:
        return self._keyed if self._sought is None else self._sought

    @cached_property
    def _counting(self) -> sa.Select[int]:
        """The parts one after the other, until there are enough."""
        enough = self._most + 1
        found = [sa.select(part.limit(enough).subquery()) for part in self._parts]
        together = found[0] if len(found) == 1 else sa.union_all(*found)
        return sa.select(sa.func.count()).select_from(together.limit(enough).subquery())

    def whole(self) -> sa.Select[Any]:
        """Every row in the order of the list, for a file."""
        met, shown = sa.or_(*self._branches), self._keyed
        if self._sought is None:
            return self._sorted(shown.where(met), self._keys, not self._descending)
        return self._sorted(self._joined(self._sought.where(met).subquery()), self._keys, not self._descending)

    def count(self, session: Session) -> Count:
        """As far as `most`, touching no more rows than that. One SELECT."""
        total: Any = session.connection().execute(self._counting).scalar_one()
        return self._counted(total)

    def _counted(self, total: int) -> Count:
        return Count(min(total, self._most), total <= self._most)

    def read(self, session: Session, cursor: str | None) -> tuple[Page[Any], Count]:
        """A page, and the number of all rows; what is seen as a whole on the first page is not counted again."""
        if self._at_once and cursor is None:
            return self._read_at_once(session)
        page = self.page(session, cursor)
        whole = cursor is None and page.next_cursor is None
        return page, Count(len(page.rows), True) if whole else self.count(session)

    def page(self, session: Session, cursor: str | None) -> Page[Any]:
        """One SELECT of a page and one row more. The keys are read as extra columns key_0, key_1, …; rows come back as
        the statement's own rows with them. Raises UserError when the cursor of the address is damaged."""
        place = _decode(cursor, self._keys) if cursor else None
        backwards = place is not None and place.backwards
        statement = self._first if place is None else self._before if backwards else self._after
        # Columns need the connection alone, which is quicker; records need the session.
        asked = session if self._has_records else session.connection()
        found = asked.execute(statement, _named(place.values) if place else {}).all()
        return self._page_of(found, place)

    def _read_at_once(self, session: Session) -> tuple[Page[Any], Count]:
        found = session.connection().execute(self._first_counted).all()
        return self._page_of(found, None), self._counted(found[0].total if found else 0)

    def _page_of(self, found: Sequence[Any], place: Cursor | None) -> Page[Any]:
        """From the rows beside the place, as they were read: one more than a page shows, if there are more."""
        more, rows = len(found) > self._size, list(found[: self._size])
        backwards = place is not None and place.backwards
        if backwards:
            rows.reverse()
        ahead = bool(rows) and (backwards or more)
        behind = bool(rows) and (more if backwards else place is not None)
        return Page(
            rows,
            self._cursor(rows[-1], False) if ahead else None,
            self._cursor(rows[0], True) if behind else None,
        )

    def _cursor(self, row: Any, backwards: bool) -> str:
        values = tuple(getattr(row, f"key_{n}") for n in range(len(self._keys)))
        return Cursor(values, backwards).encode()

    @cached_property
    def _has_records(self) -> bool:
        return any(column["expr"] is column["entity"] for column in self._keyed.column_descriptions)

    @cached_property
    def _after(self) -> sa.Select[Any]:
        return self._beyond(upwards=not self._descending)

    @cached_property
    def _before(self) -> sa.Select[Any]:
        return self._beyond(upwards=self._descending)

    def _beyond(self, *, upwards: bool) -> sa.Select[Any]:
        """The place is told when the statement is run, under the names of `_named`."""
        here = sa.tuple_(*self._keys)
        there = sa.tuple_(*(sa.bindparam(f"place_{n}", type_=key.type) for n, key in enumerate(self._keys)))
        return self._page(self._found.where(here > there if upwards else here < there), upwards)

    def _page(self, query: sa.Select[Any], upwards: bool) -> sa.Select[Any]:
        cut = self._cut(query, upwards, self._size + 1)
        return cut if self._sought is None else self._sorted(self._joined(cut.subquery()), self._keys, upwards)

    def _joined(self, found: sa.FromClause) -> sa.Select[Any]:
        return self._keyed.join(found, self._keys[-1] == self._keys_of(found)[-1])

    def _keys_of(self, found: sa.FromClause) -> Sequence[Key]:
        return [found.c[f"key_{n}"] for n in range(len(self._keys))]

    def _cut(self, query: sa.Select[Any], upwards: bool, most: int) -> sa.Select[Any]:
        """The first rows, so many at most, of each branch and then of all of them."""
        found = [self._sorted(query.where(branch), self._keys, upwards).limit(most) for branch in self._branches]
        if len(found) == 1:
            return found[0]
        pages = sa.union_all(*(sa.select(page.subquery()) for page in found)).subquery()
        return self._sorted(sa.select(pages), self._keys_of(pages), upwards).limit(most)

    @staticmethod
    def _sorted(query: sa.Select[Any], keys: Sequence[Key], upwards: bool) -> sa.Select[Any]:
        return query.order_by(*(key.asc() if upwards else key.desc() for key in keys))


def keyset_page(
    session: Session,
    statement: sa.Select[Any],
    keys: Sequence[Key],
    cursor: str | None,
    *,
    descending: bool = False,
    size: int = PAGE_SIZE,
) -> Page[Any]:
    """One page of a list that is asked for once."""
    return Listing(statement, keys, descending=descending, size=size).page(session, cursor)


def _named(place: Sequence[Any]) -> dict[str, Any]:
    return {f"place_{n}": value for n, value in enumerate(place)}


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
