"""Sources: how a subject lets its records be found by the search of everything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Session

from organizations.register.matching import named
from organizations.register.models import Organization
from organizations.search.terms import Asked
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.labels import Labelled
from otit.web.templating import menu_label

MOST_COUNTED = 100
SHOWN = 5

_KEY = "otit-search"


@dataclass(frozen=True)
class Hit:
    """One record: what it is called, its page, a line that tells it from others, its state. `exact`: the number is
    the whole number of this very record. `more` are ways on: (text of the link, address)."""

    title: str
    url: str
    line: str = ""
    state: Labelled | None = None
    exact: bool = False
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Source:
    """`label` is a Japanese msgid. `rows(actor, asked)` is the one statement, best rows first, or None when nothing of
    this kind can be meant; `hit(row, asked)` shows a row; `url(asked)` is the list with this filter, if any.
    `beside(session, rows, asked)` is what else is said of the rows that are shown, by their id, in one statement."""

    order: int
    label: str
    permissions: tuple[Permission, ...]
    rows: Callable[[Actor, Asked], sa.Select[Any] | None]
    hit: Callable[[Any, Asked], Hit]
    url: Callable[[Asked], str | None]
    beside: Callable[[Session, Sequence[Any], Asked], Mapping[int, str]] = lambda _session, _rows, _asked: {}


@dataclass(frozen=True)
class Group:
    """The best few of one kind; `total` counts as far as MOST_COUNTED, `more` says that there are others beyond."""

    label: str
    hits: Sequence[Hit]
    total: int
    more: bool
    url: str | None


def add_source(app: Flask, source: Source) -> None:
    app.extensions.setdefault(_KEY, []).append(source)


def find(session: Session, actor: Actor, asked: Asked) -> list[Group]:
    """What this person may see of what is asked, in the order of the sources. One statement for each source that can
    have it, and one for the bearers of a name."""
    asked = replace(asked, bodies=_bearers(session, asked.name_key))
    sources = sorted(current_app.extensions.get(_KEY, []), key=lambda source: source.order)
    groups = (_group(session, actor, asked, source) for source in sources if _may(actor, source))
    return [group for group in groups if group is not None]


def only_exact(groups: Sequence[Group]) -> str | None:
    """The page of the one record whose number was typed in full."""
    pages = {hit.url for group in groups for hit in group.hits if hit.exact}
    return pages.pop() if len(pages) == 1 else None


def _may(actor: Actor, source: Source) -> bool:
    return any(actor.can(permission) for permission in source.permissions)


def _group(session: Session, actor: Actor, asked: Asked, source: Source) -> Group | None:
    statement = source.rows(actor, asked)
    if statement is None:
        return None
    rows = session.execute(statement.limit(MOST_COUNTED + 1)).all()
    if not rows:
        return None
    shown = rows[:SHOWN]
    told = source.beside(session, shown, asked)
    hits = [_told(source.hit(row, asked), told.get(row.id)) for row in shown]
    total, more = min(len(rows), MOST_COUNTED), len(rows) > MOST_COUNTED
    return Group(menu_label(source.label), hits, total, more, source.url(asked))


def _told(hit: Hit, beside: str | None) -> Hit:
    return hit if beside is None else replace(hit, line="　".join(filter(None, (hit.line, beside))))


def _bearers(session: Session, key: str | None) -> tuple[int, ...] | None:
    if key is None:
        return None
    ids = sa.select(Organization.id).where(named(key), Organization.merged_into_id.is_(None))
    found = session.scalars(ids.limit(MOST_COUNTED + 1)).all()
    return tuple(found) if len(found) <= MOST_COUNTED else None
