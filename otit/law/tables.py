"""Reading the CSV tables of the law: one place for columns, blanks, dates and the error that names file and line."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files
from typing import TypeVar

Code = TypeVar("Code", bound=StrEnum)
Value = TypeVar("Value")


class LawTableError(ValueError):
    """A law table is wrong; the application does not start with it."""


@dataclass(frozen=True)
class Row:
    """One line of a table. A blank cell is None."""

    cells: Mapping[str, str | None]
    where: str

    def text(self, column: str) -> str:
        value = self.cells[column]
        if value is None:
            raise LawTableError(f"{self.where}: {column} is blank")
        return value

    def optional(self, column: str) -> str | None:
        return self.cells[column]

    def number(self, column: str) -> int | None:
        value = self.cells[column]
        return None if value is None else self._read(int, value)

    def day(self, column: str) -> date:
        return self._read(date.fromisoformat, self.text(column))

    def optional_day(self, column: str) -> date | None:
        return None if self.cells[column] is None else self.day(column)

    def member(self, column: str, kind: type[Code]) -> Code:
        """The enum member whose value the cell holds."""
        return self._member(column, self.text(column), kind)

    def optional_member(self, column: str, kind: type[Code]) -> Code | None:
        return None if self.cells[column] is None else self.member(column, kind)

    def members(self, column: str, kind: type[Code]) -> list[Code]:
        """The enum members whose values the cell holds, with spaces between them."""
        return [self._member(column, value, kind) for value in self.text(column).split()]

    def _member(self, column: str, value: str, kind: type[Code]) -> Code:
        for member in kind:
            if member.value == value:
                return member
        raise LawTableError(f"{self.where}: {column} has no value {value}")

    def _read(self, read: Callable[[str], Value], value: str) -> Value:
        try:
            return read(value)
        except ValueError as fault:
            raise LawTableError(f"{self.where}: {fault}") from fault


def table_text(name: str) -> str:
    return files("otit.law").joinpath(name).read_text(encoding="utf-8")


def rows(text: str, name: str, columns: tuple[str, ...]) -> Iterator[Row]:
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != columns:
        raise LawTableError(f"{name}: the columns are {reader.fieldnames}, not {list(columns)}")
    for cells in reader:
        where = f"{name} line {reader.line_num}"
        if None in cells or None in cells.values():
            raise LawTableError(f"{where}: {len(columns)} cells are wanted")
        yield Row({column: cells[column].strip() or None for column in columns}, where)
