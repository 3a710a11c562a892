"""A sheet as the layouts see it: rows with the number Excel shows, cells with the reference Excel shows."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from openpyxl.utils import get_column_letter

CellValue = str | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
Position = tuple[int, int]
"""(row, column), both counted from 1."""


class CellKind(Enum):
    """What stands in the cell. The value of a formula is what Excel last computed: shown back, never used."""

    VALUE = "value"
    FORMULA = "formula"
    ERROR = "error"


def reference(row: int, column: int) -> str:
    """The name of a cell as Excel shows it: (7, 2) is B7."""
    return f"{get_column_letter(column)}{row}"


class Cell(NamedTuple):
    """`origin` is set on a cell covered by a merge: the top-left cell, whose value and kind this cell then carries."""

    row: int
    column: int
    value: CellValue
    kind: CellKind = CellKind.VALUE
    origin: Position | None = None

    @property
    def ref(self) -> str:
        return reference(self.row, self.column)

    @property
    def is_formula(self) -> bool:
        return self.kind is CellKind.FORMULA

    @property
    def inherited_from_above(self) -> bool:
        """Covered by a merge that began in an earlier row: one value for a block of rows."""
        return self.origin is not None and self.origin[0] < self.row

    @property
    def covered_from_left(self) -> bool:
        return self.origin is not None and self.origin[0] == self.row


@dataclass(slots=True)
class Row:
    """One row. `values` begins at column A; `formulas` and `errors` are bit masks by column (bit 0 is A);
    `merged` maps a covered column to the cell whose value it shows."""

    number: int
    values: Sequence[CellValue]
    hidden: bool = False
    formulas: int = 0
    errors: int = 0
    merged: Mapping[int, Cell] = field(default_factory=dict)

    def cell(self, column: int) -> Cell:
        """The cell of a column (from 1); columns beyond the last value are blank cells."""
        if column in self.merged:
            top = self.merged[column]
            return Cell(self.number, column, top.value, top.kind, (top.row, top.column))
        value = self.values[column - 1] if column <= len(self.values) else None
        return Cell(self.number, column, value, self._kind(column))

    def _kind(self, column: int) -> CellKind:
        bit = 1 << (column - 1)
        if self.formulas & bit:
            return CellKind.FORMULA
        return CellKind.ERROR if self.errors & bit else CellKind.VALUE

    @property
    def width(self) -> int:
        return max(len(self.values), max(self.merged, default=0), self.formulas.bit_length(), self.errors.bit_length())

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(self.cell(column) for column in range(1, self.width + 1))

    @property
    def is_blank(self) -> bool:
        """No cell of its own holds anything (merged values from above do not count)."""
        return not self.formulas and not self.errors and all(is_blank(value) for value in self.values)


def is_blank(value: CellValue) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible sheet that holds data. `rows()` starts from the first row each time it is called."""

    name: str
    row_count: int
    rows: Callable[[], Iterator[Row]]
    hidden_columns: frozenset[int] = frozenset()
