"""One streaming pass over the XML of a sheet for what the value reader does not tell: where formulas and error values
stand, which rows and columns are hidden, how far the values reach, and whether the XML is safe to read at all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

from openpyxl.utils import column_index_from_string, range_boundaries

from imports.workbook.cells import reference
from imports.workbook.errors import (
    NotAWorkbook,
    SheetTooSparse,
    TooManyColumns,
    TooManyMergedCells,
    TooManyRows,
    UnsafeWorkbook,
)
from imports.workbook.limits import Limits

_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_SHORTEST_STRING = len("<si/>")
_TRUE = ("1", "true", "on")
Attributes = dict[str, str]


@dataclass(slots=True)
class Survey:
    """`formulas` and `errors` map a row to a bit mask of columns (bit 0 is A)."""

    rows_with_values: int = 0
    last_row: int = 0
    last_column: int = 0
    merged: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: dict[int, int] = field(default_factory=dict)
    errors: dict[int, int] = field(default_factory=dict)


def survey_sheet(chunks: Iterable[bytes], sheet: str, filename: str, limits: Limits) -> Survey:
    """Read the XML of one sheet to its end, or raise the first limit that it passes.

    Only cells that hold a value count towards the limits: formatted blank cells reach to XFD1048576 in honest files.
    """
    surveyor = _Surveyor(sheet, limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = surveyor.start

    def refuse_doctype(*_: object) -> None:
        raise UnsafeWorkbook(filename=filename)

    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise NotAWorkbook(filename=filename) from error
    return surveyor.found


def check_strings(first: bytes, size: int, filename: str) -> None:
    """Look at the head of the table of shared strings: no document type, and no more strings claimed than its `size` in
    bytes can hold (uniqueCount). The value reader reserves memory for as many strings as the table claims."""

    def start(_: str, attributes: Attributes) -> None:
        parser.StartElementHandler = None
        if int(attributes.get("uniqueCount", 0)) > size // _SHORTEST_STRING:
            raise NotAWorkbook(filename=filename)

    def refuse_doctype(*_: object) -> None:
        raise UnsafeWorkbook(filename=filename)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(first, False)
    except expat.ExpatError as error:
        raise NotAWorkbook(filename=filename) from error


class _Surveyor:
    def __init__(self, sheet: str, limits: Limits) -> None:
        self.found = Survey()
        self._sheet = sheet
        self._limits = limits
        self._row = 0
        self._row_digits = ""
        self._column = 0
        self._counted_row = 0
        self._is_error = False
        self._columns: dict[str, int] = {}
        handlers: dict[str, Callable[[Attributes], None]] = {
            "row": self._start_row,
            "c": self._start_cell,
            "v": self._value,
            "is": self._value,
            "f": self._formula,
            "col": self._column_format,
            "mergeCell": self._merge,
        }
        self._handlers = {f"{space} {name}": act for space in _NAMESPACES for name, act in handlers.items()}

    def start(self, name: str, attributes: Attributes) -> None:
        handler = self._handlers.get(name)
        if handler is not None:
            handler(attributes)

    def _start_row(self, attributes: Attributes) -> None:
        number = attributes.get("r")
        self._row = int(number) if number else self._row + 1
        self._row_digits = str(self._row)
        self._column = 0
        if attributes.get("hidden") in _TRUE or _is_zero(attributes.get("ht")):
            self.found.hidden_rows.add(self._row)

    def _start_cell(self, attributes: Attributes) -> None:
        ref = attributes.get("r")
        self._column = self._place(ref) if ref else self._column + 1
        self._is_error = attributes.get("t") == "e"

    def _place(self, ref: str) -> int:
        """The column of a cell. A cell that claims another row than the one it stands in would make the value reader
        reserve memory for all rows between."""
        letters = ref.rstrip("0123456789")
        if ref[len(letters) :] != self._row_digits:
            raise ValueError(ref)
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = column_index_from_string(letters)
        return column

    def _value(self, _: Attributes) -> None:
        self._reach(self._row, self._column)
        if self._is_error:
            self.found.errors[self._row] = self.found.errors.get(self._row, 0) | 1 << (self._column - 1)

    def _reach(self, row: int, column: int) -> None:
        found, limits = self.found, self._limits
        if row != self._counted_row:
            self._counted_row = row
            found.rows_with_values += 1
            if found.rows_with_values > limits.max_rows:
                raise TooManyRows(sheet=self._sheet, limit=limits.max_rows)
        if row <= found.last_row and column <= found.last_column:
            return
        found.last_row, found.last_column = max(found.last_row, row), max(found.last_column, column)
        if found.last_column > limits.max_columns:
            raise TooManyColumns(sheet=self._sheet, column=found.last_column, limit=limits.max_columns)
        if found.last_row * found.last_column > limits.max_cells:
            raise SheetTooSparse(sheet=self._sheet, cell=reference(row, column))

    def _formula(self, attributes: Attributes) -> None:
        self._reach(self._row, self._column)
        first_column, first_row, last_column, last_row = (self._column, self._row, self._column, self._row)
        if attributes.get("t") in ("array", "dataTable") and attributes.get("ref"):
            first_column, first_row, last_column, last_row = _boundaries(attributes["ref"])
            last_column = min(last_column, self._limits.max_columns)
            last_row = min(last_row, first_row + self._limits.max_rows)
        mask = sum(1 << (column - 1) for column in range(first_column, last_column + 1))
        for row in range(first_row, last_row + 1):
            self.found.formulas[row] = self.found.formulas.get(row, 0) | mask

    def _column_format(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in _TRUE or _is_zero(attributes.get("width")):
            first, last = int(attributes["min"]), int(attributes["max"])
            self.found.hidden_columns.update(range(first, min(last, self._limits.max_columns) + 1))

    def _merge(self, _: Attributes) -> None:
        self.found.merged += 1
        if self.found.merged > self._limits.max_merged:
            raise TooManyMergedCells(sheet=self._sheet, limit=self._limits.max_merged)


def _is_zero(size: str | None) -> bool:
    return size is not None and float(size) == 0


def _boundaries(ref: str) -> tuple[int, int, int, int]:
    first_column, first_row, last_column, last_row = range_boundaries(ref)
    if first_column is None or first_row is None or last_column is None or last_row is None:
        raise ValueError(ref)
    return first_column, first_row, last_column, last_row
