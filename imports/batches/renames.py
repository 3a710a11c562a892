"""Former names of the bodies that a list renames, as the form keeps them: set by set."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.register.lookup import chunks
from organizations.register.models import FormerName, Organization

_BODIES = cast(sa.Table, Organization.__table__)


def last_day(as_of: date | None, today: date) -> date | None:
    """A list tells what holds on its day, not since when: until the day before, at the latest, the old name was borne.
    None where the list bears no day, or one that has not come."""
    return as_of - timedelta(days=1) if as_of is not None and as_of <= today else None


def keep_former_names(session: Session, ids: Collection[int], until: date | None) -> list[int]:
    """Keep the names that these bodies bear now, before they are written over; the ids of the former names. Names that
    were given up later than `until` leave no room for a day. One statement for some thousands."""
    body = _BODIES.c
    added: list[int] = []
    day = sa.null() if until is None else sa.case((_given_up_since(until), None), else_=sa.literal(until, sa.Date))
    names = ["organization_id", "name", "name_key", "kana", "used_until"]
    for part in chunks(ids):
        present = sa.select(body.id, body.name, body.name_key, body.kana, sa.type_coerce(day, sa.Date))
        kept = sa.insert(FormerName).from_select(names, present.where(body.id.in_(part)).order_by(body.id))
        added += session.scalars(kept.returning(FormerName.id)).all()
    return sorted(added)


def _given_up_since(until: date) -> sa.ColumnElement[bool]:
    return sa.exists().where(FormerName.organization_id == _BODIES.c.id, FormerName.used_until >= until)
