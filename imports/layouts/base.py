"""What a layout is: the columns of one kind of sheet, found by their headers and never by position."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from imports.values.base import Parser
from otit.text import compact


class Fill(Enum):
    """Where a blank cell may take its value from the row above. Ditto marks and vertical merges always do."""

    NEVER = "never"
    BLOCK = "block"  # what belongs to the body: on every further row of the body
    BARE = "bare"  # what belongs to the record: only on a row that carries nothing but its number


class Continuation(Enum):
    """What a row without the layout's anchor (the name of the body) means."""

    RECORD = "record"  # a further record of the same body (a plan)
    COLLECT = "collect"  # more values for the columns that collect (a further office of the body)


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `title` is the header we write and show; `synonyms` are the other headers it is found under.

    `required`: the header must be there. `filled`: each record must have a value (a required column may have blanks).
    """

    field: str
    title: str
    synonyms: tuple[str, ...]
    parse: Parser
    required: bool = False
    filled: bool = False
    fill: Fill = Fill.NEVER
    collects: bool = False

    @property
    def names(self) -> frozenset[str]:
        return _header_keys((self.title, *self.synonyms))


@dataclass(frozen=True, slots=True)
class CellIssue:
    """Something about one cell. `message` is a Japanese msgid, `params` fills it; `value` is what stood in the cell,
    `citation` the provision where a rule has one."""

    sheet: str
    cell: str
    header: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)
    code: str = "value"
    value: str = ""
    citation: str | None = None


class CellError(CellIssue):
    """Why a row is refused."""


class CellWarning(CellIssue):
    """What a person should look at; the row is taken all the same."""


@dataclass(slots=True)
class ParsedRow:
    """One record of a sheet, read. `values` holds a value for each column that was found and could be read (None for a
    blank cell) and what the layout derives; a field with an error is missing from it.

    `inferred` names the fields taken from the row above (merge, ditto mark, continuation row).
    """

    sheet: str
    number: int
    values: dict[str, object]
    errors: list[CellError] = field(default_factory=list)
    warnings: list[CellWarning] = field(default_factory=list)
    inferred: set[str] = field(default_factory=set)
    cells: dict[str, str] = field(default_factory=dict)

    def cell_of(self, name: str) -> str:
        """The reference of the cell a field was read from; the row's first cell for fields without one."""
        return self.cells.get(name, f"A{self.number}")

    def has_error(self, name: str) -> bool:
        return any(error.cell == self.cells.get(name) for error in self.errors)


@dataclass(frozen=True, slots=True)
class TableContext:
    """What a table says about all its rows: its sheet's name, the texts above the header, the date it stands for."""

    sheet: str
    titles: tuple[str, ...]
    as_of: dt.date | None
    fields: frozenset[str]


Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of sheet. `anchor` is the field with the name of the body a row is about.

    `key(values)` identifies a record within a file, or is None when too little is known. `shared(context)` gives the
    values that hold for the whole table, or refuses the table. `finish` derives further values and checks between
    columns. `expand` names a field whose values (a tuple) each make a record of their own. `passed_over` are headers
    of columns that such sheets have and the register keeps nothing of: known, so that none is taken for another column.
    """

    code: str
    title: str
    columns: tuple[Column, ...]
    anchor: str
    key: Callable[[Mapping[str, object]], Key | None]
    shared: Callable[[TableContext], Mapping[str, object]]
    finish: Callable[["Layout", ParsedRow], None]
    continuation: Continuation = Continuation.COLLECT
    expand: str | None = None
    passed_over: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.field == name)

    def passes_over(self, key: str) -> bool:
        return key in _header_keys(self.passed_over)

    @property
    def required(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.required)


@lru_cache(maxsize=1024)
def _header_keys(texts: tuple[str, ...]) -> frozenset[str]:
    """Asked for each header of each searched row, so worked out once for each column."""
    return frozenset(header_key(text) for text in texts)


def header_key(text: str) -> str:
    """A header without what does not distinguish it: width, spaces, line breaks, required marks, number signs."""
    key = compact(text).casefold().strip("*※:★●■◆・")
    for mark in ("【必須】", "(必須)", "[必須]", "【任意】", "(任意)", "[任意]"):
        key = key.replace(mark, "")
    return key
