"""Reading one table row by row: which rows are records, which continue the body above, where the table ends."""

import re
from collections.abc import Iterator

from imports.layouts.base import CellError, CellWarning, Column, Continuation, Fill, Layout, ParsedRow, header_key
from imports.layouts.tables import Table
from imports.values.base import Parsed, ValueProblem, shown
from imports.workbook.cells import Cell, CellKind, Row, is_blank
from otit.text import N_, compact

_DITTO = frozenset(("〃", "々", "同上", "同", "''", '"', "〟", "”"))
_BLANK_MARKS = frozenset(("-", "ー", "―", "‐", "−", "—"))
_SUBTOTAL = "小計"
_KEPT_VALUES = 2_000
_END = re.compile(
    r"(?:合計|総計|計)(?:[:：]?[0-9,]+(?:件|団体|者|名|人|社)?)?$|※|備考(?:[:：)]|$)|[(]?注[0-9]*[)）:：.]|[(]?以下余白[)]?$|以上$"
)


class TableReader:
    """Keeps what a row may take from the one above it: the cells of the row before, and the record still open."""

    def __init__(self, layout: Layout, table: Table) -> None:
        self._layout = layout
        self._table = table
        self._found = {name: cell.column for name, cell in table.header.found.items()}
        self._columns = [column for column in layout.columns if column.field in self._found]
        self._filled = [self._found[column.field] for column in self._columns if column.filled]
        self._headers = {self._found[c.field]: header_key(table.header.text_of(c.field)) for c in self._columns}
        self._known: dict[str, dict[str, Parsed[object]]] = {column.field: {} for column in self._columns}
        self._above: dict[str, Cell] = {}
        self._end: int | None = None

    def records(self) -> Iterator[ParsedRow]:
        """The records of the table in order. Rows that hold nothing in a known column are none."""
        pending: ParsedRow | None = None
        for row in self._table.sheet.rows():
            if self._is_no_record(row):
                continue
            if self._end is None and pending is not None and self._adds_to_record(row):
                self._collect(row, pending)
                continue
            if pending is not None:
                yield self._finished(pending)
                pending = None
            if self._end is None:
                pending = self._read(row)
            elif self._is_full(row):
                yield self._below_the_end(row)
        if pending is not None:
            yield self._finished(pending)

    # --- which row is what ---

    def _is_no_record(self, row: Row) -> bool:
        """Header rows and all above them, a header repeated on a later printed page, blank rows, totals and notes."""
        if row.number <= self._table.header.last_row or row.is_blank:
            return True
        first = self._first_text(row)
        if first == _SUBTOTAL and not self._is_full(row):
            return True
        if self._end is None and _END.match(first) and not self._is_full(row):
            self._end = row.number
            return True
        own = [column for column in self._found.values() if self._own(row, column)]
        return not own or self._repeats_header(row, own)

    def _first_text(self, row: Row) -> str:
        return next((compact(str(value)) for value in row.values if not is_blank(value)), "")

    def _own(self, row: Row, column: int) -> bool:
        cell = row.cell(column)
        return cell.origin is None and (cell.kind is not CellKind.VALUE or not is_blank(cell.value))

    def _is_full(self, row: Row) -> bool:
        return all(self._own(row, column) for column in self._filled)

    def _repeats_header(self, row: Row, own: list[int]) -> bool:
        texts = ((row.cell(column).value, self._headers[column]) for column in own)
        return len(own) > 1 and all(isinstance(value, str) and header_key(value) == key for value, key in texts)

    def _continues(self, row: Row) -> bool:
        """The row belongs to the body above: its name is merged from there, or blank with nothing else about the body.

        A blank name beside another address or number is a mistake, not a continuation.
        """
        cell = row.cell(self._found[self._layout.anchor])
        if cell.inherited_from_above:
            return True
        if cell.kind is not CellKind.VALUE or not is_blank(cell.value):
            return False
        return not any(self._states(row, column) for column in self._columns if column.fill is Fill.BLOCK)

    def _adds_to_record(self, row: Row) -> bool:
        return self._layout.continuation is Continuation.COLLECT and self._continues(row)

    def _states(self, row: Row, column: Column) -> bool:
        """The row has a value of its own there, and no ditto mark."""
        cell = row.cell(self._found[column.field])
        return self._own(row, cell.column) and not _is_ditto(cell)

    def _inherited(self, row: Row) -> frozenset[Fill]:
        """What a row takes from the row above where its own cell is blank."""
        if not self._above or not self._continues(row):
            return frozenset()
        bare = not any(self._states(row, column) for column in self._columns if column.fill is not Fill.NEVER)
        return frozenset((Fill.BLOCK, Fill.BARE) if bare else (Fill.BLOCK,))

    # --- reading ---

    def _read(self, row: Row) -> ParsedRow:
        record = ParsedRow(self._table.sheet.name, row.number, dict(self._table.shared))
        if row.hidden:
            message = N_("この行は非表示になっています。再表示するか、行を削除してください。")
            record.errors.append(CellError(record.sheet, f"A{row.number}", "", message, code="hidden-row"))
        inherited = self._inherited(row)
        above: dict[str, Cell] = {}
        for column in self._columns:
            cell = self._effective(row, column, inherited, record)
            if cell is not None:
                above[column.field] = cell
                self._parse(column, cell, record)
            elif column.field not in self._table.shared:
                record.values[column.field] = None
        self._above = above
        return record

    def _effective(self, row: Row, column: Column, inherited: frozenset[Fill], record: ParsedRow) -> Cell | None:
        """The cell whose value counts for this column: its own, or the one above for merges, ditto marks and blocks."""
        own = row.cell(self._found[column.field])
        record.cells[column.field] = own.ref
        if own.inherited_from_above:
            record.inferred.add(column.field)
        if own.kind is not CellKind.VALUE:
            return own
        if own.covered_from_left or _means_blank(own):
            source = self._above.get(column.field) if column.fill in inherited else None
        elif _is_ditto(own):
            source = self._above.get(column.field)
        else:
            return own
        if source is None:
            return own if _is_ditto(own) else None
        record.inferred.add(column.field)
        return own._replace(value=source.value, kind=source.kind)

    def _parse(self, column: Column, cell: Cell, record: ParsedRow) -> None:
        if cell.kind is CellKind.FORMULA:
            message = N_("数式ではなく値を入力してください（値の貼り付けをしてください）。")
            self._fail(record, column, cell, message, {}, "formula")
        elif cell.kind is CellKind.ERROR:
            self._fail(record, column, cell, N_("Excelのエラー値です。"), {}, "excel-error")
        elif _is_ditto(cell):
            message = N_("「同上」の元になる値が上の行にありません。")
            self._fail(record, column, cell, message, {}, "ditto-without-source")
        else:
            self._parse_value(column, cell, record)

    def _parse_value(self, column: Column, cell: Cell, record: ParsedRow) -> None:
        try:
            parsed = self._parsed(column, cell)
        except ValueProblem as problem:
            self._fail(record, column, cell, problem.message, problem.params, problem.code)
            return
        header = self._table.header.text_of(column.field)
        record.values[column.field] = parsed.value
        record.warnings += [
            CellWarning(record.sheet, cell.ref, header, note.message, note.params, "value", shown(cell.value))
            for note in parsed.warnings
        ]

    def _parsed(self, column: Column, cell: Cell) -> Parsed[object]:
        """Names, dates and places repeat from row to row: what a text was read as is kept. (Only text: True == 1.)"""
        if not isinstance(cell.value, str):
            return column.parse(cell.value)
        known = self._known[column.field]
        parsed = known.get(cell.value)
        if parsed is None:
            if len(known) >= _KEPT_VALUES:
                known.clear()
            parsed = known[cell.value] = column.parse(cell.value)
        return parsed

    def _fail(
        self, record: ParsedRow, column: Column, cell: Cell, message: str, params: dict[str, object], code: str
    ) -> None:
        header = self._table.header.text_of(column.field)
        value = "" if cell.value is None else shown(cell.value)
        record.errors.append(CellError(record.sheet, cell.ref, header, message, params, code, value))

    def _collect(self, row: Row, record: ParsedRow) -> None:
        """Add a continuation row's values to the record above; a value in any other column is an error there."""
        for column in self._columns:
            cell = row.cell(self._found[column.field])
            if not self._own(row, cell.column):
                continue
            before = record.values.get(column.field)
            if not column.collects:
                message = N_("団体名のない行に値があります。団体名を入力するか、この値を削除してください。")
                self._fail(record, column, cell, message, {}, "row-without-name")
                continue
            self._parse(column, cell, record)
            after = record.values.get(column.field)
            if isinstance(before, tuple) and isinstance(after, tuple):
                record.values[column.field] = tuple(dict.fromkeys(before + after))

    def _finished(self, record: ParsedRow) -> ParsedRow:
        """Check that what must be filled is (unless the cell has an error already); let the layout derive the rest."""
        faulty = {error.cell for error in record.errors}
        for column in self._columns:
            blank = record.values.get(column.field) is None and column.field not in self._table.shared
            if column.filled and blank and record.cell_of(column.field) not in faulty:
                header = self._table.header.text_of(column.field)
                message = N_("必須の項目が空欄です。")
                cell = record.cell_of(column.field)
                record.errors.append(CellError(record.sheet, cell, header, message, code="blank"))
        self._layout.finish(self._layout, record)
        return record

    def _below_the_end(self, row: Row) -> ParsedRow:
        record = ParsedRow(self._table.sheet.name, row.number, {})
        message = N_("表の終わり（%(row)s行目の合計または注記）より下にデータがあります。表の中に移してください。")
        record.errors.append(
            CellError(record.sheet, f"A{row.number}", "", message, {"row": self._end}, "below-the-end")
        )
        return record


def _is_ditto(cell: Cell) -> bool:
    return isinstance(cell.value, str) and cell.value.strip() in _DITTO


def _means_blank(cell: Cell) -> bool:
    return is_blank(cell.value) or (isinstance(cell.value, str) and cell.value.strip() in _BLANK_MARKS)
