"""What the generating statements draw from: numbers, days, words and places in temporary tables.

Everything that depends on the calendar is looked up in `DAYS`, so that the statements are the same on both databases.
They look up by outer joins, although nothing is ever missing: SQLite keeps the order of these, and so goes through the
numbers once instead of once for each word.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from otit.clock import fiscal_year, last_day_before_anniversary
from otit.demo.words import GIVEN_NAMES, MUNICIPALITIES, PLACES, SURNAMES, TRADES
from otit.law.terms import ACT_IN_FORCE
from otit.places import OFFICE_OF_PREFECTURE, PREFECTURES
from otit.text import match_key

TERMS: Final = (1, 2, 3, 5, 8, 12, 13)
_AHEAD: Final = timedelta(days=800)
_SLOTS: Final = 10
# Trainees are many here; the other prefectures count one.
_MANY: Final = {"23": 8, "27": 5, "11": 5, "12": 4, "34": 4, "08": 4, "21": 4, "22": 4, "40": 4, "13": 3, "38": 3}

_metadata = sa.MetaData()


def _table(name: str, *columns: sa.Column[Any]) -> sa.Table:
    return sa.Table(f"generate_{name}", _metadata, *columns, prefixes=["TEMPORARY"])


def _key(name: str) -> sa.Column[Any]:
    # Wide, because it is multiplied.
    return sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False)


NUMBERS = _table("numbers", _key("i"))
DAYS = _table(
    "days",
    _key("n"),
    sa.Column("day", sa.Date),
    sa.Column("iso", sa.String),
    sa.Column("year", sa.String),
    sa.Column("fiscal_year", sa.Integer),
    *(sa.Column(f"plus_{years}", sa.Date) for years in TERMS),
)
WORDS = _table("words", sa.Column("kind", sa.String, primary_key=True), _key("n"), sa.Column("text", sa.String),
               sa.Column("key", sa.String), sa.Column("kana", sa.String), sa.Column("about", sa.String))  # fmt: skip
PLACES_OF = _table("places", _key("n"), sa.Column("prefecture", sa.String), sa.Column("office", sa.String))
INSPECTORS = _table("inspectors", sa.Column("office", sa.String, primary_key=True), _key("slot"),
                    sa.Column("user_id", sa.Integer))  # fmt: skip


class Material:
    """The filled tables, and how many of each there are."""

    def __init__(self, connection: sa.Connection, today: date, numbers: int, inspectors: dict[str, list[int]]) -> None:
        self.today = today
        self.now = (today - ACT_IN_FORCE).days
        _metadata.create_all(connection)
        _fill_numbers(connection, numbers)
        connection.execute(sa.insert(DAYS), list(_days(today + _AHEAD)))
        words: dict[str, Sequence[tuple[str, ...]]] = {
            "place": PLACES,
            "trade": [(*company, trade.industry) for trade in TRADES for company in trade.companies],
            "occupation": [(code, "") for trade in TRADES for code in trade.occupations],
            "town": [(name, "") for name in MUNICIPALITIES],
            "family": SURNAMES,
            "given": GIVEN_NAMES,
        }
        self.counts = {kind: len(found) for kind, found in words.items()}
        connection.execute(sa.insert(WORDS), [row for kind, found in words.items() for row in _words(kind, found)])
        prefectures = [code for code in PREFECTURES for _ in range(_MANY.get(code, 1))]
        self.counts["prefecture"] = len(prefectures)
        places = [
            {"n": n, "prefecture": code, "office": OFFICE_OF_PREFECTURE[code]} for n, code in enumerate(prefectures)
        ]
        connection.execute(sa.insert(PLACES_OF), places)
        slots = [
            {"office": office, "slot": slot, "user_id": found[slot % len(found)]}
            for office, found in inspectors.items()
            for slot in range(_SLOTS)
        ]
        connection.execute(sa.insert(INSPECTORS), slots)
        for table in _metadata.sorted_tables:
            connection.exec_driver_sql(f"ANALYZE {table.name}")

    def drop(self, connection: sa.Connection) -> None:
        _metadata.drop_all(connection)

    def word(self, kind: str, place: sa.ColumnElement[int]) -> tuple[sa.FromClause, sa.ColumnElement[bool]]:
        """A word of that kind for each row, to be joined: the table and the condition."""
        words = WORDS.alias()
        return words, sa.and_(words.c.kind == kind, words.c.n == place % self.counts[kind])


def spread(i: sa.ColumnElement[Any], factor: int, modulus: int) -> sa.ColumnElement[Any]:
    """0 … modulus - 1, as if at random; the factor a prime that does not divide the modulus."""
    return (i * factor) % modulus


def padded(number: sa.ColumnElement[Any], digits: int) -> sa.ColumnElement[str]:
    """With leading zeros; the number has no more digits than that."""
    return sa.func.substr(sa.cast(number + 10**digits, sa.String), 2)


def _fill_numbers(connection: sa.Connection, count: int) -> None:
    series = sa.select(sa.literal(1, sa.BigInteger).label("i")).cte("series", recursive=True)
    series = series.union_all(sa.select(series.c.i + 1).where(series.c.i < count))
    connection.execute(sa.insert(NUMBERS).from_select(["i"], sa.select(series.c.i)))


def _days(last: date) -> Iterable[dict[str, Any]]:
    for n in range((last - ACT_IN_FORCE).days + 1):
        day = ACT_IN_FORCE + timedelta(days=n)
        ends = {f"plus_{years}": last_day_before_anniversary(day, years) for years in TERMS}
        year = fiscal_year(day)
        yield {"n": n, "day": day, "iso": day.isoformat(), "year": f"{day:%y}", "fiscal_year": year, **ends}


def _words(kind: str, found: Iterable[tuple[str, ...]]) -> Iterable[dict[str, Any]]:
    for n, (text, kana, *about) in enumerate(found):
        yield {"kind": kind, "n": n, "text": text, "key": match_key(text), "kana": kana, "about": "".join(about)}
