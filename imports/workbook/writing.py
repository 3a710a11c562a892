"""Workbooks out: text stays text, dates are dates, and what is written here reads back as it was.

No text becomes a formula: the cell is typed as text, so "=1+1" and "-5" stay exactly what they are and nothing has to
be deleted or put in front.
"""

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from itertools import chain, islice
from typing import BinaryIO, cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

ERA_FORMAT = "[$-411]ge.m.d"
WESTERN_FORMAT = "yyyy/mm/dd"
TEXT_FORMAT = "@"
# A sheet ends at row 1,048,576; the rest of that is for title lines and the header.
ROWS_PER_SHEET = 1_000_000
_MAX_TEXT = 32_767
_HEX_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_HEADER_FONT = Font(bold=True)
_HEADER_FILL = PatternFill("solid", fgColor="FFE6ECF5")
_HEADER_BORDER = Border(bottom=Side(style="thin", color="FF5B6B82"))
_HEADER_ALIGNMENT = Alignment(wrap_text=True, vertical="center")


class ColumnKind(Enum):
    """How a column is written. CODE is a number that is no quantity (認定番号, 電話番号): text, and shown as such."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    ERA_DATE = "era-date"
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class OutColumn:
    """`width` in characters of Excel's default font; a Japanese character takes two."""

    title: str
    kind: ColumnKind = ColumnKind.TEXT
    width: float | None = None


@dataclass(frozen=True, slots=True)
class OutSheet:
    """One table: lines of text above it, the header, then a row of values for each record, as long as `columns`."""

    name: str
    columns: Sequence[OutColumn]
    rows: Iterable[Sequence[object]]
    lines: Sequence[str] = field(default_factory=tuple)


def write_workbook(stream: BinaryIO, sheets: Iterable[OutSheet], rows_per_sheet: int = ROWS_PER_SHEET) -> None:
    """Write the sheets as .xlsx. Rows are taken one by one; a table longer than a sheet continues on further sheets
    ("名称 (2)"), each with the header. Raises ValueError for a text longer than Excel keeps."""
    with saved_workbook(stream) as workbook:
        for sheet in sheets:
            for number, rows in enumerate(_portions(sheet.rows, rows_per_sheet), 1):
                name = sheet.name if number == 1 else f"{sheet.name[:24]} ({number})"
                _write_table(new_sheet(workbook, name), sheet, rows)


@contextmanager
def saved_workbook(stream: BinaryIO) -> Iterator[Workbook]:
    """An empty workbook that takes rows one by one and keeps none in memory, saved to the stream at the end of the
    block. When the block fails nothing is written, and the temporary files of the half-written sheets go."""
    workbook = Workbook(write_only=True)
    workbook.properties.creator = "OTIT"
    try:
        yield workbook
    except BaseException:
        with suppress(Exception):
            workbook.save(io.BytesIO())
        raise
    workbook.save(stream)


def new_sheet(workbook: Workbook, name: str) -> Worksheet:
    """A further sheet of a workbook opened by `saved_workbook`; its name is made fit for Excel."""
    # The type stubs leave out most of what a write-only sheet shares with a normal one.
    return cast(Worksheet, workbook.create_sheet(sheet_name(name)))


def sheet_name(name: str) -> str:
    """A name Excel takes for a sheet: without []:*?/\\ and quotes at its ends, 1 to 31 characters."""
    return re.sub(r"[\[\]:*?/\\]", " ", clean_text(name)).strip().strip("'")[:31] or "Sheet"


def clean_text(text: str) -> str:
    """The text as XML can carry it: line breaks as \\n, control codes (which XML forbids) as U+FFFD, and a literal
    "_x0041_", which Excel would take for the letter A, escaped as Excel itself does (ECMA-376 22.4.2.4)."""
    if len(text) > _MAX_TEXT:
        raise ValueError(f"a cell holds at most {_MAX_TEXT} characters, not {len(text)}")
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HEX_ESCAPE.sub("_x005F_", ILLEGAL_CHARACTERS_RE.sub("\ufffd", plain))


def text_cell(worksheet: Worksheet, text: str) -> Cell:
    """A cell whose type is text whatever the text looks like."""
    cell = WriteOnlyCell(worksheet, clean_text(text))
    cell.data_type = "s"
    return cell


def _portions(rows: Iterable[Sequence[object]], size: int) -> Iterator[Iterator[Sequence[object]]]:
    remaining = iter(rows)
    yield islice(remaining, size)
    for first in remaining:
        yield chain((first,), islice(remaining, size - 1))


def _write_table(worksheet: Worksheet, sheet: OutSheet, rows: Iterable[Sequence[object]]) -> None:
    header = len(sheet.lines) + 1
    for index, column in enumerate(sheet.columns, 1):
        worksheet.column_dimensions[get_column_letter(index)].width = column.width or _width(column)
    worksheet.freeze_panes = f"A{header + 1}"
    worksheet.print_title_rows = f"1:{header}"
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = 9
    worksheet.page_setup.fitToHeight = 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for line in sheet.lines:
        worksheet.append([text_cell(worksheet, line)])
    worksheet.append([_header_cell(worksheet, column.title) for column in sheet.columns])
    for row in rows:
        worksheet.append(
            [_cell(worksheet, column.kind, value) for column, value in zip(sheet.columns, row, strict=True)]
        )


def _width(column: OutColumn) -> float:
    if column.kind in (ColumnKind.DATE, ColumnKind.ERA_DATE):
        return 12
    return float(min(40, max(10, 2 * len(column.title) + 2)))


def _header_cell(worksheet: Worksheet, title: str) -> Cell:
    cell = text_cell(worksheet, title)
    cell.font = _HEADER_FONT
    cell.fill = _HEADER_FILL
    cell.border = _HEADER_BORDER
    cell.alignment = _HEADER_ALIGNMENT
    return cell


def _cell(worksheet: Worksheet, kind: ColumnKind, value: object) -> object:
    """What to append: a plain value where openpyxl types it rightly by itself, a typed cell where it would not."""
    if value is None:
        return None
    if kind is ColumnKind.FLAG:
        return "○" if value else None
    if isinstance(value, dt.date):
        return _date_cell(worksheet, value, WESTERN_FORMAT if kind is ColumnKind.DATE else ERA_FORMAT)
    if kind is ColumnKind.NUMBER and isinstance(value, int | float):
        return value
    text = str(value)
    if kind is ColumnKind.CODE:
        cell = text_cell(worksheet, text)
        cell.number_format = TEXT_FORMAT
        return cell
    return text_cell(worksheet, text) if text[:1] in ("=", "#") else clean_text(text)


def _date_cell(worksheet: Worksheet, value: dt.date, number_format: str) -> Cell:
    cell = WriteOnlyCell(worksheet)
    cell.value = value
    cell.number_format = number_format
    return cell
