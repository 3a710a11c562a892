"""A form that somebody else's change has overtaken: the refusal, and what the page then shows of that change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import g, has_request_context

from otit.db import Versioned
from otit.errors import StaleRecord


class StaleForm(StaleRecord):
    """The form was opened on the version `seen` of a record that has moved on. `subject` is its class and key; None
    where the route does not tell."""

    def __init__(self, record: Versioned | None, seen: int) -> None:
        super().__init__()
        self.subject = None if record is None else (type(record), str(sa.inspect(record, raiseerr=True).identity[0]))
        self.seen = seen


@dataclass(frozen=True)
class FieldChange:
    """In the reader's language; None is nothing."""

    label: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Amendment:
    """One act of somebody else, and which fields it changed."""

    at: datetime
    who: str
    changes: Sequence[FieldChange]


@dataclass(frozen=True)
class Overtaken:
    """What has happened to the record since the form was opened, the first act first; empty where nobody noted it."""

    amendments: Sequence[Amendment]


def mark_overtaken(amendments: Sequence[Amendment]) -> None:
    """For the rest of this request: forms are shown again, and no form of it is acted upon."""
    g.overtaken = Overtaken(amendments)


def overtaken() -> Overtaken | None:
    found: Overtaken | None = g.get("overtaken") if has_request_context() else None
    return found
