"""Reads of instruments. OTIT sees its own within its offices, a Labour Bureau its own; nobody sees the other's text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from inspections.orders.models import CorrectionOrder
from inspections.orders.states import AWAITING_REPLY, CLOSED_STATES, OPEN_STATES, Instrument, OrderState
from inspections.scheduling.models import Inspection
from inspections.violations.states import Authority
from organizations.register.models import Organization
from otit.auth.actors import Actor
from otit.auth.scope import within_bureau, within_offices
from otit.errors import NotFound
from otit.sql import between
from otit.web.paging import Listing


@dataclass(frozen=True)
class OrderFilter:
    """None means "any", and so does False for `overdue`, which needs the day of the question."""

    instrument: Instrument | None = None
    state: OrderState | None = None
    open: bool | None = None
    overdue: bool = False
    office_code: str | None = None
    due_from: date | None = None
    due_to: date | None = None


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Which instruments the actor sees; needs Inspection joined."""
    otit = sa.and_(
        CorrectionOrder.authority == Authority.OTIT,
        within_offices(actor, Inspection.owner_office_code, Inspection.office_code),
    )
    return sa.or_(otit, within_bureau(actor, CorrectionOrder.bureau_code))


def is_overdue(today: date) -> sa.ColumnElement[bool]:
    """A reply is awaited and the last day is over: overdue from the day after `due_on`, in Japan."""
    return sa.and_(CorrectionOrder.state.in_(AWAITING_REPLY), CorrectionOrder.due_on < today)


def get_order(session: Session, actor: Actor, order_id: int) -> CorrectionOrder:
    """The instrument with all its page shows. Raises NotFound, also when it is another body's or office's."""
    query = (
        sa.select(CorrectionOrder)
        .join(CorrectionOrder.inspection)
        .join(Inspection.organization)
        .options(
            contains_eager(CorrectionOrder.inspection).contains_eager(Inspection.organization),
            joinedload(CorrectionOrder.issued_by),
            selectinload(CorrectionOrder.violations),
            selectinload(CorrectionOrder.replies),
            selectinload(CorrectionOrder.extensions),
        )
        .where(CorrectionOrder.id == order_id, visible(actor))
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def _conditions(actor: Actor, wanted: OrderFilter, today: date) -> list[sa.ColumnElement[bool]]:
    found = [visible(actor)]
    if wanted.instrument is not None:
        found.append(CorrectionOrder.instrument == wanted.instrument)
    if wanted.state is not None:
        found.append(CorrectionOrder.state == wanted.state)
    if wanted.open is not None:
        found.append(CorrectionOrder.state.in_(OPEN_STATES if wanted.open else CLOSED_STATES))
    if wanted.overdue:
        found.append(is_overdue(today))
    if wanted.office_code is not None:
        found.append(Inspection.office_code == wanted.office_code)
    found += between(CorrectionOrder.due_on, wanted.due_from, wanted.due_to)
    return found


def _listed() -> sa.Select[Any]:
    columns: list[Any] = [
        CorrectionOrder.id,
        CorrectionOrder.number,
        CorrectionOrder.instrument,
        CorrectionOrder.state,
        CorrectionOrder.issued_on,
        CorrectionOrder.due_on,
        CorrectionOrder.state.in_(AWAITING_REPLY).label("awaiting_reply"),
        CorrectionOrder.inspection_id,
        Inspection.office_code,
        Organization.name.label("organization"),
    ]
    query = sa.select(*columns).join(Inspection, CorrectionOrder.inspection_id == Inspection.id)
    return query.join(Organization, Inspection.organization_id == Organization.id)


@lru_cache(maxsize=256)
def order_list(actor: Actor, wanted: OrderFilter, today: date) -> Listing:
    """By deadline, the oldest first."""
    conditions = _conditions(actor, wanted, today)
    counted: sa.Select[Any] = sa.select(CorrectionOrder.id).join(CorrectionOrder.inspection).where(*conditions)
    keys = (CorrectionOrder.due_on, CorrectionOrder.id)
    return Listing(_listed().where(*conditions), keys, parts=[counted])


def orders_of(session: Session, actor: Actor, inspection_id: int) -> Sequence[Any]:
    """The instruments of one inspection that the actor's own body issued, in the order of issue."""
    query = _listed().where(visible(actor), CorrectionOrder.inspection_id == inspection_id)
    return session.execute(query.order_by(CorrectionOrder.issued_on, CorrectionOrder.id)).all()


def open_of_organization(session: Session, actor: Actor, organization_id: int, limit: int) -> Sequence[Any]:
    """The instruments of an organization that are not settled, by deadline; at most `limit`."""
    query = _listed().where(
        visible(actor), Inspection.organization_id == organization_id, CorrectionOrder.state.in_(OPEN_STATES)
    )
    return session.execute(query.order_by(CorrectionOrder.due_on, CorrectionOrder.id).limit(limit)).all()


@dataclass(frozen=True)
class OrderAttention:
    """What a home page says: the count and the first rows, by deadline."""

    overdue_count: int
    overdue: Sequence[Any]
    to_assess_count: int
    to_assess: Sequence[Any]


def orders_needing_attention(session: Session, actor: Actor, today: date, limit: int = 5) -> OrderAttention:
    """Instruments past due and replies waiting to be assessed, within the actor's scope. Three statements."""
    replied = CorrectionOrder.state == OrderState.REPLIED
    counts = (
        sa.select(sa.func.count().filter(is_overdue(today)), sa.func.count().filter(replied))
        .select_from(CorrectionOrder)
        .join(Inspection, CorrectionOrder.inspection_id == Inspection.id)
        .where(visible(actor), CorrectionOrder.state.in_(OPEN_STATES))
    )
    overdue_count, to_assess_count = session.execute(counts).one()

    def first(condition: sa.ColumnElement[bool]) -> Sequence[Any]:
        rows = _listed().where(visible(actor), condition)
        return session.execute(rows.order_by(CorrectionOrder.due_on, CorrectionOrder.id).limit(limit)).all()

    return OrderAttention(overdue_count, first(is_overdue(today)), to_assess_count, first(replied))
