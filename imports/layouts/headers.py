"""Finding the header of a table: one row, or two rows merged, within the first rows of a sheet."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from imports.layouts.base import Column, Layout, header_key
from imports.workbook.cells import CellKind, Row, Sheet, reference
from imports.workbook.errors import DoubledHeader, HiddenColumn, MissingHeaders

SEARCHED_ROWS = 30
# Fewer known headers than this are chance: 名称 and 住所 stand in many sheets that are no table of ours.
LEAST_HEADERS = 3
_BRACKETED = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class HeaderCell:
    column: int
    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of a layout stand in a sheet. `first_row` and `last_row` differ by one in a two-row header."""

    layout: Layout
    sheet: str
    first_row: int
    last_row: int
    found: dict[str, HeaderCell]
    doubled: tuple[tuple[HeaderCell, HeaderCell], ...]
    ignored: tuple[str, ...]

    @property
    def missing(self) -> tuple[Column, ...]:
        return tuple(column for column in self.layout.required if column.field not in self.found)

    @property
    def score(self) -> int:
        return len(self.found)

    def text_of(self, name: str) -> str:
        return self.found[name].text if name in self.found else self.layout.column(name).title


def best_header(layout: Layout, sheet: Sheet, head: Sequence[Row]) -> Header | None:
    """The header row (or pair of rows) with the most headers of the layout; None when no row has enough of them.

    Of equals one without a repeated header wins, then one row over two, then the first.
    """
    candidates = []
    rows = [row for row in head if not row.is_blank]
    for index, row in enumerate(rows):
        candidates.append(_match(layout, sheet, row, None))
        if index + 1 < len(rows) and rows[index + 1].number == row.number + 1:
            candidates.append(_match(layout, sheet, row, rows[index + 1]))
    best = max(candidates, key=_rank, default=None)
    return best if best is not None and best.score >= LEAST_HEADERS else None


def _rank(header: Header) -> tuple[int, bool, bool]:
    return header.score, not header.doubled, header.first_row == header.last_row


def check_header(header: Header, sheet: Sheet) -> None:
    """Refuse a table that cannot be read as a whole: a required header missing, one twice, a column that is hidden."""
    if header.doubled:
        first, second = header.doubled[0]
        raise DoubledHeader(
            sheet=sheet.name,
            header=first.text,
            first=reference(first.row, first.column),
            second=reference(second.row, second.column),
        )
    if header.missing:
        titles = "、".join(column.title for column in header.missing)
        raise MissingHeaders(sheet=sheet.name, layout=header.layout.title, headers=titles)
    for cell in header.found.values():
        if cell.column in sheet.hidden_columns:
            raise HiddenColumn(sheet=sheet.name, column=get_column_letter(cell.column), header=cell.text)


def _match(layout: Layout, sheet: Sheet, top: Row, bottom: Row | None) -> Header:
    found: dict[str, HeaderCell] = {}
    doubled: list[tuple[HeaderCell, HeaderCell]] = []
    ignored: list[str] = []
    for column in range(1, max(top.width, bottom.width if bottom else 0) + 1):
        upper, lower = _text(top, column), _text(bottom, column)
        source = bottom if bottom is not None and lower else top
        name = _field(layout, upper, lower)
        cell = HeaderCell(column, source.number, " ".join((lower or upper).split()))
        if _is_covered(source, column):
            continue
        if name is None:
            ignored += [cell.text] if cell.text else []
        elif name in found:
            doubled.append((found[name], cell))
        else:
            found[name] = cell
    last = bottom.number if bottom else top.number
    return Header(layout, sheet.name, top.number, last, found, tuple(doubled), tuple(ignored))


def _is_covered(row: Row, column: int) -> bool:
    """A header merged over several columns is one header, not a repeated one."""
    origin = row.cell(column).origin
    return origin is not None and origin[1] < column


def _text(row: Row | None, column: int) -> str:
    if row is None:
        return ""
    cell = row.cell(column)
    return cell.value.strip() if isinstance(cell.value, str) and cell.kind is CellKind.VALUE else ""


def _field(layout: Layout, upper: str, lower: str) -> str | None:
    """Both parts together say most (監理団体 over 名称), then the lower part; the upper one only when alone."""
    upper_key, lower_key = header_key(upper), header_key(lower)
    if upper_key == lower_key:
        lower_key = ""
    keys = [upper_key + lower_key, lower_key] if upper_key and lower_key else [upper_key or lower_key]
    for key in keys:
        for spelling in (key, _BRACKETED.sub("", key)):
            if layout.passes_over(spelling):
                return None
            for column in layout.columns:
                if spelling and spelling in column.names:
                    return column.field
    return None
