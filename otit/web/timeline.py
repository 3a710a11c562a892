"""The story of a record as one time line, told by the subjects that have a part in it, newest first.

Each provider tells its part in one statement that reads no more rows than a page needs. Pages go by day, so that the
parts need no common key: a page ends with a whole day.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Session

from otit.labels import Tone

PAGE_SIZE = 50

_KEY, _OPEN_KEY = "otit-timeline", "otit-timeline-open"


@dataclass(frozen=True)
class Event:
    """`title` is a msgid filled by `params`; `text` is what people wrote, `told_by` who else than OTIT tells it. `day`
    is the msgid of what the date is, where it is not when it happened: a deadline."""

    on: date
    title: str
    params: Mapping[str, Any] = field(default_factory=dict)
    tone: Tone = "neutral"
    text: str = ""
    url: str | None = None
    told_by: str = ""
    day: str = ""


Load = Callable[[Session, Any, Any, date, int], Sequence[Event]]


@dataclass(frozen=True)
class Provider:
    """`kind` is the code of the filter in the address and `label` its msgid: several providers may tell of one kind.
    `load(session, actor, record, until, most)` returns at most that many events up to and on that day, newest first;
    nothing for who may not see them."""

    place: str
    order: int
    kind: str
    label: str
    load: Load


@dataclass(frozen=True)
class Story:
    """`older` is the day from which the next page goes back, None at the beginning. `kinds` are (code, msgid)."""

    events: Sequence[Event]
    older: date | None
    kinds: Sequence[tuple[str, str]]


def add_provider(app: Flask, provider: Provider) -> None:
    app.extensions.setdefault(_KEY, []).append(provider)


def add_open(app: Flask, place: str, order: int, load: Load) -> None:
    """What is open: `load` as for a provider, with the day as today and the events in the order of their urgency."""
    app.extensions.setdefault(_OPEN_KEY, []).append((place, order, load))


def load_story(
    place: str, session: Session, actor: Any, record: Any, until: date, *, kind: str = "", size: int = PAGE_SIZE
) -> Story:
    """A page of what happened up to and on `until`. A kind that nobody tells of means every kind."""
    providers = sorted((p for p in current_app.extensions.get(_KEY, []) if p.place == place), key=lambda p: p.order)
    kinds = dict.fromkeys((provider.kind, provider.label) for provider in providers)
    chosen = [p for p in providers if p.kind == kind] or providers
    events, older = page([provider.load(session, actor, record, until, size + 1) for provider in chosen], size=size)
    return Story(events, older, list(kinds))


def load_open(place: str, session: Session, actor: Any, record: Any, today: date, most: int = 10) -> list[Event]:
    found = sorted(
        (entry for entry in current_app.extensions.get(_OPEN_KEY, []) if entry[0] == place), key=lambda e: e[1]
    )
    return [event for _place, _order, load in found for event in load(session, actor, record, today, most)]


def page(parts: Sequence[Sequence[Event]], *, size: int) -> tuple[list[Event], date | None]:
    """The newest events of all parts and the day from which to go on. A part as long as `size` + 1 may have more on its
    last day, which is then left to the next page whole; of a single day with more than that the rest is left out."""
    told = sorted((event for part in parts for event in part), key=lambda event: event.on, reverse=True)
    unsure = [part[-1].on for part in parts if len(part) > size]
    if len(told) > size:
        unsure.append(told[size].on)
    if not unsure:
        return told, None
    border = max(unsure)
    whole = [event for event in told if event.on > border]
    if whole:
        return whole, border
    return [event for event in told if event.on == border], border - timedelta(days=1)


def dated(statement: sa.Select[Any], days: Mapping[str, Any], until: date, most: int) -> sa.Select[Any]:
    """The statement's rows once for each of its `days` {what: date} that has come, newest first, with `what` and
    `day`."""
    parts = [
        statement.add_columns(sa.literal(what).label("what"), sa.type_coerce(day, sa.Date).label("day")).where(
            day <= until
        )
        for what, day in days.items()
    ]
    told = sa.union_all(*parts).subquery()
    return sa.select(told).order_by(told.c.day.desc()).limit(most)


def tell(session: Session, statement: sa.Select[Any], event: Callable[[Any], Event]) -> list[Event]:
    return [event(row) for row in session.execute(statement)]
