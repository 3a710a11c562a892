"""Which columns of a sheet say what about a record, and the facts of one row. Pure.

What a file has no column for is left as it is. A blank cell in a column that is there empties an optional field (the
preview shows old → （空欄）), but never takes away an identifying number or a date the register cannot do without:
`Blank` says which, field by field.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from imports.batches.states import Verdict
from imports.layouts.base import CellError, CellIssue, CellWarning, Layout, ParsedRow
from otit.audit.trail import plain
from otit.text import N_

TOO_LONG = N_("長すぎます（%(length)s文字）。%(maximum)s文字以内にしてください。")


class Blank(Enum):
    """What a blank cell means."""

    EMPTIES = "empties"
    KEEPS = "keeps"
    NO = "no"  # a flag: not marked is a no
    NONE = "none"  # a list: nothing in it


LOST = N_("空欄のため、登録されている値が消えます。")
_NOTHING: tuple[Any, ...] = (None, "", [])


@dataclass(frozen=True, slots=True)
class Field:
    """`name` is the fact, `source` the layout's field it is read from. `column` gives type and length.

    `derived`: the layout may know it without a column of that name.
    """

    name: str
    source: str
    column: InstrumentedAttribute[Any] | None = None
    blank: Blank = Blank.EMPTIES
    derived: bool = False

    @property
    def maximum(self) -> int | None:
        kind = None if self.column is None else self.column.type
        return kind.length if isinstance(kind, sa.String) and not isinstance(kind, sa.Enum) else None

    @property
    def load(self) -> Callable[[Any], Any] | None:
        """From JSON, or from a layout's code, to the value the register keeps; None where that is the same."""
        kind = None if self.column is None else self.column.type
        if isinstance(kind, sa.Date):
            return dt.date.fromisoformat
        if isinstance(kind, sa.Enum) and kind.enum_class is not None:
            return kind.enum_class
        return None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about one field of a row: a Japanese msgid with its parameters. `source` is the layout's field,
    `citation` the provision where a rule has one."""

    source: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)
    code: str = "register"
    citation: str | None = None


@dataclass(slots=True)
class Draft:
    """One row as it is held against the register. `where` names its place for messages about doubles."""

    facts: dict[str, Any]
    where: tuple[str, int] = ("", 0)


@dataclass(slots=True)
class Assessment:
    """What a row would do. `changes` is {field: (old, new)} and complete: what is written is what stands there.

    `resolved` holds the ids of the records that the row refers to (a plan's organizations).
    """

    target_id: int | None = None
    target_version: int | None = None
    license_id: int | None = None
    license_version: int | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    resolved: dict[str, int | None] = field(default_factory=dict)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        if self.errors:
            return Verdict.ERROR
        if self.target_id is None:
            return Verdict.NEW
        return Verdict.CHANGED if self.changes else Verdict.UNCHANGED

    def fail(self, source: str, message: str, code: str = "register", **params: object) -> None:
        self.errors.append(Problem(source, message, params, code))

    def warn(self, source: str, message: str, code: str = "register", **params: object) -> None:
        self.warnings.append(Problem(source, message, params, code))

    def warn_of_losses(self, fields: Iterable[Field]) -> None:
        """A blank cell empties what the register holds; a person is to see that before it is confirmed."""
        for one in fields:
            old, new = self.changes.get(one.name, (None, None))
            if old not in _NOTHING and new in _NOTHING:
                self.warn(one.source, LOST, "lost")

    @property
    def outcome(self) -> tuple[Any, ...]:
        """All that must be the same when the batch is applied as it was when a person looked at it."""
        ids = self.target_id, self.target_version, self.license_id, self.license_version
        return self.verdict, *ids, plain(self.changes), self.resolved


_KEEP = object()
_BLANK_VALUES: dict[Blank, Any] = {Blank.EMPTIES: None, Blank.NO: False, Blank.NONE: list}


class Reader:
    """Makes facts of parsed rows, and reads them back from JSON."""

    def __init__(self, layout: Layout, fields: tuple[Field, ...]) -> None:
        self.layout = layout
        self.fields = fields
        self._loaders = {one.name: load for one in fields if (load := one.load) is not None}
        self._titles = {column.field: column.title for column in layout.columns}
        self._maxima = [(one.name, one.source, one.maximum) for one in fields if one.maximum is not None]
        self._rules = [(one.name, one.source, one.derived, _BLANK_VALUES.get(one.blank, _KEEP)) for one in fields]

    def facts(self, row: ParsedRow) -> dict[str, Any]:
        facts: dict[str, Any] = {}
        for name, source, derived, blank in self._rules:
            if source not in row.cells and not (derived and source in row.values):
                continue
            value = row.values.get(source)
            if value is None or value == ():
                if blank is _KEEP:
                    continue
                value = blank() if callable(blank) else blank
            elif isinstance(value, tuple):
                value = sorted(value)
            facts[name] = value
        return self.load(facts)

    def load(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Codes become the members of their enums, ISO dates become dates; what is typed already stays."""
        loaded = dict(facts)
        for name, load in self._loaders.items():
            value = loaded.get(name)
            if isinstance(value, str) and not isinstance(value, StrEnum):
                loaded[name] = load(value)
        return loaded

    def too_long(self, facts: Mapping[str, Any]) -> list[Problem]:
        """Values that the register has no room for."""
        return [
            Problem(source, TOO_LONG, {"length": len(value), "maximum": maximum}, "too-long")
            for name, source, maximum in self._maxima
            if isinstance(value := facts.get(name), str) and len(value) > maximum
        ]

    def error(self, row: ParsedRow, problem: Problem) -> dict[str, Any]:
        return as_json(self._issue(CellError, row, problem))

    def warning(self, row: ParsedRow, problem: Problem) -> dict[str, Any]:
        return as_json(self._issue(CellWarning, row, problem))

    def _issue(self, kind: type[CellIssue], row: ParsedRow, problem: Problem) -> CellIssue:
        title = self._titles.get(problem.source, "")
        cell, params = row.cell_of(problem.source), dict(problem.params)
        return kind(row.sheet, cell, title, problem.message, params, problem.code, citation=problem.citation)


def as_json(issue: CellIssue) -> dict[str, Any]:
    """An issue as it is stored with its row (which knows the sheet)."""
    return {
        "cell": issue.cell,
        "header": issue.header,
        "message": issue.message,
        "params": plain(dict(issue.params)),
        "code": issue.code,
        "value": issue.value,
    } | ({"citation": issue.citation} if issue.citation else {})


def differences(record: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """{field: (old, new)} for each wanted value that the record does not have."""
    return {name: (record[name], value) for name, value in wanted.items() if record[name] != value}
