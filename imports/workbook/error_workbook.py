"""The error workbook: the rows a person sent, in their places, each faulty cell marked, its reason in a comment."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell as OutCell
from openpyxl.comments import Comment
from openpyxl.styles import Border, PatternFill, Side
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.worksheet import Worksheet

from imports.workbook.cells import Cell, CellValue, Position, Sheet, reference
from imports.workbook.writing import WESTERN_FORMAT, clean_text, new_sheet, saved_workbook, text_cell

MAX_COMMENTS = 5_000
_MAX_COMMENT = 2_000
_AUTHOR = "OTIT"
# Colour and a thick frame: the mark must not rest on colour alone.
_ERROR_FILL = PatternFill("solid", fgColor="FFFFD6D6")
_WARNING_FILL = PatternFill("solid", fgColor="FFFFF2CC")
_ERROR_SIDE = Side(style="medium", color="FFC00000")
_WARNING_SIDE = Side(style="dashed", color="FF9C6500")


@dataclass(frozen=True, slots=True)
class Mark:
    """What to say about one cell, already in the reader's language."""

    sheet: str
    cell: str
    text: str
    is_error: bool = True


Marks = dict[Position, list[Mark]]


def write_error_workbook(stream: BinaryIO, sheets: Sequence[Sheet], marks: Iterable[Mark]) -> None:
    """Write the visible sheets again with the marks. Values keep their place and type, merged cells stay merged,
    formulas come as the value Excel last showed. The first `MAX_COMMENTS` marked cells carry a comment; further ones
    are marked only, because Excel itself slows down beyond that."""
    by_sheet: dict[str, Marks] = {}
    for mark in marks:
        row, column = coordinate_to_tuple(mark.cell)
        by_sheet.setdefault(mark.sheet, {}).setdefault((row, column), []).append(mark)
    comments = MAX_COMMENTS
    with saved_workbook(stream) as workbook:
        for sheet in sheets:
            writer = _SheetWriter(new_sheet(workbook, sheet.name), by_sheet.get(sheet.name, {}), comments)
            comments = writer.write(sheet)


class _SheetWriter:
    def __init__(self, worksheet: Worksheet, marks: Marks, comments: int) -> None:
        self._worksheet = worksheet
        self._marks = marks
        self._comments = comments
        self._extents: dict[Position, Position] = {}

    def write(self, sheet: Sheet) -> int:
        """Write all rows; the number of comments that are left."""
        last_marked: dict[int, int] = {}
        for row, column in self._marks:
            last_marked[row] = max(column, last_marked.get(row, 0))
        for row_in in sheet.rows():
            width = max(row_in.width, last_marked.get(row_in.number, 0))
            self._worksheet.append([self._cell(row_in.cell(column)) for column in range(1, width + 1)])
        for top, bottom in self._extents.items():
            self._worksheet.merged_cells.add(f"{reference(*top)}:{reference(*bottom)}")
        return self._comments

    def _cell(self, cell: Cell) -> object:
        marks = self._marks.get((cell.row, cell.column))
        if cell.origin is not None:
            self._extents[cell.origin] = (cell.row, cell.column)
        value = None if cell.origin is not None else cell.value
        if marks:
            return self._marked(value, marks)
        if isinstance(value, str):
            return text_cell(self._worksheet, value) if value[:1] in ("=", "#") else clean_text(value)
        return self._typed(value) if isinstance(value, dt.date) else value

    def _marked(self, value: CellValue, marks: list[Mark]) -> OutCell:
        cell = self._typed(value)
        is_error = any(mark.is_error for mark in marks)
        side = _ERROR_SIDE if is_error else _WARNING_SIDE
        cell.fill = _ERROR_FILL if is_error else _WARNING_FILL
        cell.border = Border(left=side, right=side, top=side, bottom=side)
        if self._comments:
            self._comments -= 1
            text = clean_text("\n".join(mark.text for mark in marks)[:_MAX_COMMENT])
            cell.comment = Comment(text, _AUTHOR, width=320, height=30 + 20 * text.count("\n") + len(text))
        return cell

    def _typed(self, value: CellValue) -> OutCell:
        if isinstance(value, str):
            return text_cell(self._worksheet, value)
        cell = WriteOnlyCell(self._worksheet)
        cell.value = value
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            cell.number_format = WESTERN_FORMAT
        return cell
