"""Reads of kept lists: one's own, and those that others share with one."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from otit.auth.actors import Actor
from otit.auth.models import User
from otit.errors import NotFound
from otit.saved_lists.models import SavedList
from otit.saved_lists.states import Sharing
from otit.web.paging import Page, keyset_page

MOST_ON_SHELF = 8


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Labour Standards officers share no office of OTIT's; headquarters is an office of its own."""
    shared = [SavedList.owner_id == actor.user_id, SavedList.sharing == Sharing.EVERYBODY]
    if actor.bureau_code is None:
        here = SavedList.office_code.is_not_distinct_from(actor.office_code)
        shared.append(sa.and_(SavedList.sharing == Sharing.OFFICE, here))
    return sa.or_(*shared)


def saved_page(session: Session, actor: Actor, endpoints: Collection[str], cursor: str | None) -> Page[Any]:
    """Kept lists by name, of the lists behind these endpoints: the record with its owner."""
    statement = (
        sa.select(SavedList)
        .join(SavedList.owner)
        .options(contains_eager(SavedList.owner))
        .where(visible(actor), SavedList.endpoint.in_(sorted(endpoints)))
    )
    return keyset_page(session, statement, (SavedList.name, SavedList.id), cursor)


def shelf(session: Session, actor: Actor, endpoint: str) -> Sequence[Any]:
    """(name, query, who shares it) of what was kept for one list: one's own first, then by name, at most
    MOST_ON_SHELF."""
    return session.connection().execute(_shelf(actor, endpoint)).all()


@lru_cache(maxsize=256)
def _shelf(actor: Actor, endpoint: str) -> sa.Select[Any]:
    """Asked by every list page: to build it would take ten times as long as to run it."""
    own = SavedList.owner_id == actor.user_id
    return (
        sa.select(SavedList.name, SavedList.query, sa.case((own, ""), else_=User.display_name).label("owner"))
        .join(SavedList.owner)
        .where(visible(actor), SavedList.endpoint == endpoint)
        .order_by(sa.case((own, 0), else_=1), SavedList.name, SavedList.id)
        .limit(MOST_ON_SHELF)
    )


def get_saved(session: Session, actor: Actor, saved_id: int) -> SavedList:
    """Raises NotFound, also when nobody shares it with the actor."""
    statement = sa.select(SavedList).join(User).options(contains_eager(SavedList.owner))
    found = session.scalar(statement.where(SavedList.id == saved_id, visible(actor)))
    if found is None:
        raise NotFound()
    return found


def is_taken(session: Session, owner_id: int, endpoint: str, name: str) -> bool:
    same = sa.select(SavedList.id).where(
        SavedList.owner_id == owner_id, SavedList.endpoint == endpoint, SavedList.name == name
    )
    return session.scalar(same) is not None
