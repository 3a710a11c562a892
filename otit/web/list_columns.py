"""List columns: how an upper subject adds columns to a lower subject's list, with one query for the whole page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

from flask import Flask, current_app
from sqlalchemy.orm import Session

_KEY = "otit-list-columns"

CellKind = Literal["due", "date", "status", "text", "amount"]
Cells = Mapping[int, Sequence[Any]]


@dataclass(frozen=True)
class ListColumn:
    """`label` is a Japanese msgid. `kind` says how a value is drawn: "due" and "date" take a date, "status" an enum
    member with a tone, "amount" an integer; None is drawn as nothing to tell."""

    label: str
    kind: CellKind


@dataclass(frozen=True)
class ColumnProvider:
    """Columns for the list `place` ("organizations").

    `load(session, actor, ids)` runs one statement and returns {record id: one value for each column}; records that are
    left out get empty cells. None means that this person may not see the columns at all.
    """

    place: str
    order: int
    columns: tuple[ListColumn, ...]
    load: Callable[[Session, Any, Sequence[int]], Cells | None]


@dataclass(frozen=True)
class LoadedColumns:
    columns: tuple[ListColumn, ...]
    cells: Mapping[int, tuple[Any, ...]]


def add_columns(app: Flask, provider: ColumnProvider) -> None:
    app.extensions.setdefault(_KEY, []).append(provider)


def load_columns(place: str, session: Session, actor: Any, ids: Sequence[int]) -> LoadedColumns:
    """The columns that others add to `place`, side by side, with the cells of these records."""
    providers = sorted((p for p in current_app.extensions.get(_KEY, []) if p.place == place), key=lambda p: p.order)
    loaded = [(provider.columns, provider.load(session, actor, ids)) for provider in providers]
    shown = [(columns, cells, (None,) * len(columns)) for columns, cells in loaded if cells is not None]
    rows = {key: tuple(chain(*(cells.get(key, empty) for _columns, cells, empty in shown))) for key in ids}
    return LoadedColumns(tuple(column for columns, _cells, _empty in shown for column in columns), rows)
