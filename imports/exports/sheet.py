"""The list as a workbook: print-ready on A4, one body over several rows; a second sheet says what it rests on."""

import io
import math
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from imports.exports.layout import PER_NUMBER, Layout, row
from imports.exports.revocations import Entry
from imports.workbook.writing import ERA_FORMAT, TEXT_FORMAT, ColumnKind, OutColumn, clean_text

HEADER_ROW = 3
NOTHING = "該当なし"
_LINE_POINTS = 16.0
_HIGHEST_POINTS = 409.0  # Excel's limit for a row
_THIN = Side(style="thin", color="FF5B6B82")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_TOP = Alignment(vertical="top", wrap_text=True)
_HEADER_FILL = PatternFill("solid", fgColor="FFE6ECF5")

Basis = Sequence[tuple[str, object]]


def workbook(layout: Layout, entries: Sequence[Entry], basis: Basis) -> bytes:
    """Sheet 一覧: title, 令和N年M月D日現在, header, then the bodies; sheet 作成条件: the basis."""
    book = Workbook()
    book.properties.creator = "OTIT"
    sheet = cast(Worksheet, book.active)
    sheet.title = "一覧"
    _head(sheet, layout)
    at = HEADER_ROW + 1
    for entry in entries:
        at = _body(sheet, at, entry, layout.columns)
    if not entries:
        _write(_cell(sheet, at, 1), ColumnKind.TEXT, NOTHING)
    _print_setup(sheet, len(layout.columns))
    _basis_sheet(book, basis)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _head(sheet: Worksheet, layout: Layout) -> None:
    for at, text in ((1, layout.title), (2, layout.as_of)):
        _write(_cell(sheet, at, 1), ColumnKind.TEXT, text, boxed=False)
        sheet.cell(at, 1).alignment = Alignment(wrap_text=False)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    for index, column in enumerate(layout.columns, 1):
        cell = _cell(sheet, HEADER_ROW, index)
        _write(cell, ColumnKind.TEXT, column.title)
        cell.font, cell.fill = Font(bold=True), _HEADER_FILL
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(index)].width = column.width or 14


def _body(sheet: Worksheet, first: int, entry: Entry, columns: Sequence[OutColumn]) -> int:
    """Write one body and return the row after it. Further rows carry only what belongs to their number."""
    last = first + len(entry.numbers) - 1
    for at, number in enumerate(entry.numbers, first):
        for index, (column, value) in enumerate(zip(columns, row(entry, number, columns), strict=True)):
            shared = index not in PER_NUMBER
            _write(_cell(sheet, at, index + 1), column.kind, None if shared and at > first else value)
        sheet.row_dimensions[at].height = _height(entry, columns, len(entry.numbers))
    if last > first:
        for index in range(len(columns)):
            if index not in PER_NUMBER:
                sheet.merge_cells(start_row=first, end_row=last, start_column=index + 1, end_column=index + 1)
    return last + 1


def _height(entry: Entry, columns: Sequence[OutColumn], rows: int) -> float:
    """Excel does not fit rows to merged cells: the longest text of the body decides, shared among its rows."""
    texts = zip(columns, row(entry, entry.numbers[0], columns), strict=True)
    lines = max(_lines(str(value), column.width or 14) for column, value in texts if isinstance(value, str))
    return min(_HIGHEST_POINTS, max(_LINE_POINTS, math.ceil(lines * _LINE_POINTS / rows)))


def _lines(text: str, width: float) -> int:
    """Lines a text takes in a column: wide characters take two units of the width."""
    return sum(
        max(1, math.ceil(sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in part) / width))
        for part in text.split("\n")
    )


def _cell(sheet: Worksheet, at: int, index: int) -> Cell:
    return cast(Cell, sheet.cell(at, index))


def _write(cell: Cell, kind: ColumnKind, value: object, *, boxed: bool = True) -> None:
    """Dates as dates, whole numbers as numbers; anything else is text by type, whatever it looks like."""
    if isinstance(value, date):
        cell.value = value
        cell.number_format = ERA_FORMAT
    elif isinstance(value, int):
        cell.value = value
    elif value is not None:
        cell.value = clean_text(str(value))
        cell.data_type = "s"
        if kind is ColumnKind.CODE:
            cell.number_format = TEXT_FORMAT
    cell.alignment = _TOP
    if boxed:
        cell.border = _BOX


def _print_setup(sheet: Worksheet, columns: int) -> None:
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    sheet.print_title_rows = f"1:{HEADER_ROW}"
    sheet.print_area = f"A1:{get_column_letter(columns)}{sheet.max_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text="&P / &N"))


def _basis_sheet(book: Workbook, basis: Basis) -> None:
    sheet = cast(Worksheet, book.create_sheet("作成条件"))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 70
    sheet.page_setup.paperSize = 9
    for at, (name, value) in enumerate(basis, 1):
        _write(_cell(sheet, at, 1), ColumnKind.TEXT, name)
        _write(_cell(sheet, at, 2), ColumnKind.TEXT, value)
        sheet.cell(at, 1).font = Font(bold=True)
        sheet.cell(at, 2).alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
