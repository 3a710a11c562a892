"""Recognizing what a workbook is: which layout, which of its sheets hold a table of it, and what the titles say."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from imports.layouts.base import Layout, TableContext
from imports.layouts.headers import SEARCHED_ROWS, Header, best_header, check_header
from imports.workbook.cells import CellKind, Row, Sheet
from imports.workbook.errors import UnknownLayout
from otit.clock import DateParseError, parse_date
from otit.text import compact

_AS_OF = re.compile(
    r"((?:令和|平成|[RH])(?:元|[0-9]{1,2})[年./-]|[0-9]{4}[年./-])([0-9]{1,2})[月./-]([0-9]{1,2})日?(?:現在|時点)"
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a known layout. `shared` are the values that title or sheet name give to each of its rows."""

    sheet: Sheet
    header: Header
    context: TableContext
    shared: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Recognized:
    """A workbook whose layout is known. `ignored_sheets` hold no table of it; `ignored_headers` are not read."""

    layout: Layout
    tables: tuple[Table, ...]
    ignored_sheets: tuple[str, ...]

    @property
    def as_of(self) -> dt.date | None:
        """The latest date that a title of the workbook stands for (令和8年7月27日現在)."""
        return max((table.context.as_of for table in self.tables if table.context.as_of), default=None)

    @property
    def ignored_headers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for table in self.tables for text in table.header.ignored))

    @property
    def row_count(self) -> int:
        """An upper bound of the records to come, for a progress bar."""
        return sum(table.sheet.row_count for table in self.tables)


def recognize(sheets: Sequence[Sheet], layouts: Sequence[Layout]) -> Recognized:
    """The layout whose headers fit best, with its tables.

    A layout with all its required headers on some sheet goes before one that lacks some, then the number of headers
    found decides. Raises `UnknownLayout` when no sheet has a header row of any layout, and `MissingHeaders`,
    `DoubledHeader` or `HiddenColumn` when a sheet has one that cannot be read.
    """
    heads = [(sheet, _head(sheet)) for sheet in sheets]
    best: tuple[tuple[bool, int], Layout, list[Header | None]] | None = None
    for layout in layouts:
        headers = [best_header(layout, sheet, head) for sheet, head in heads]
        rank = max(((not header.missing, header.score) for header in headers if header), default=(False, 0))
        if rank[1] and (best is None or rank > best[0]):
            best = rank, layout, headers
    if best is None:
        raise UnknownLayout()
    _, layout, headers = best
    tables = [
        _table(layout, sheet, head, header) for (sheet, head), header in zip(heads, headers, strict=True) if header
    ]
    ignored = tuple(sheet.name for (sheet, _), header in zip(heads, headers, strict=True) if header is None)
    return Recognized(layout, tuple(tables), ignored)


def _table(layout: Layout, sheet: Sheet, head: Sequence[Row], header: Header) -> Table:
    check_header(header, sheet)
    lines = [_line(row) for row in head if row.number < header.first_row]
    titles = tuple(line for line in (sheet.name, *lines) if line)
    context = TableContext(sheet.name, titles, _as_of(titles), frozenset(header.found))
    return Table(sheet, header, context, layout.shared(context))


def _head(sheet: Sheet) -> list[Row]:
    return list(takewhile(lambda row: row.number <= SEARCHED_ROWS, sheet.rows()))


def _line(row: Row) -> str:
    """The texts of a row as one: 令和8年7月27日 and 現在 often stand in two cells."""
    cells = (cell for cell in row.cells if cell.origin is None and cell.kind is CellKind.VALUE)
    return compact("".join(_shown(cell.value) for cell in cells))


def _shown(value: object) -> str:
    if isinstance(value, dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    return value if isinstance(value, str) else ""


def _as_of(titles: Sequence[str]) -> dt.date | None:
    for title in titles:
        if found := _AS_OF.search(title):
            try:
                return parse_date(found[0].removesuffix("現在").removesuffix("時点")).value
            except DateParseError:
                continue
    return None
