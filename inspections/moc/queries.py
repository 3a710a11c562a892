"""Reads of the reports to governments. Sending organizations belong to no office: who may read them sees every one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from inspections.moc.models import MocReport
from inspections.moc.states import AWAITING, Ageing, MocState
from organizations.sending.models import SendingOrganization
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.errors import NotFound
from otit.text import compact, match_key, plain_dashes

LONG_OVERDUE = timedelta(days=90)
_PANEL_ROWS = 10


@dataclass(frozen=True)
class MocFilter:
    """None means any. `q` is part of the name, or of the report's number."""

    q: str | None = None
    country: str | None = None
    state: MocState | None = None
    ageing: Ageing | None = None


def get(session: Session, report_id: int) -> MocReport:
    """Raises NotFound."""
    statement = (
        sa.select(MocReport)
        .where(MocReport.id == report_id)
        .options(
            joinedload(MocReport.sending_organization),
            joinedload(MocReport.drafted_by),
            selectinload(MocReport.steps),
        )
    )
    report = session.scalar(statement)
    if report is None:
        raise NotFound()
    return report


def listing(wanted: MocFilter, today: date) -> sa.Select[Any]:
    columns: list[Any] = [
        MocReport.id,
        MocReport.number,
        MocReport.country,
        MocReport.state,
        MocReport.drafted_on,
        MocReport.sent_on,
        MocReport.answer_due_on,
        MocReport.answered_on,
        MocReport.measure,
        SendingOrganization.id.label("sending_id"),
        SendingOrganization.name,
    ]
    return _narrowed(sa.select(*columns), wanted, today)


def count(session: Session, wanted: MocFilter, today: date) -> int:
    columns: list[Any] = [sa.func.count(MocReport.id)]
    return int(session.execute(_narrowed(sa.select(*columns), wanted, today)).scalar_one())


def _narrowed(statement: sa.Select[Any], wanted: MocFilter, today: date) -> sa.Select[Any]:
    statement = statement.select_from(MocReport).join(MocReport.sending_organization)
    if wanted.q and (key := match_key(wanted.q)):
        by_name = SendingOrganization.name_key.contains(key, autoescape=True)
        by_number = MocReport.number.contains(plain_dashes(compact(wanted.q)), autoescape=True)
        statement = statement.where(sa.or_(by_name, by_number))
    if wanted.country is not None:
        statement = statement.where(MocReport.country == wanted.country)
    if wanted.state is not None:
        statement = statement.where(MocReport.state == wanted.state)
    if wanted.ageing is not None:
        statement = statement.where(MocReport.state.in_(AWAITING), _aged(wanted.ageing, today))
    return statement


def _aged(ageing: Ageing, today: date) -> sa.ColumnElement[bool]:
    """The day asked for runs to its end, so a report is overdue from the next day."""
    due = MocReport.answer_due_on
    return {
        Ageing.WITHIN: due >= today,
        Ageing.OVERDUE: due < today,
        Ageing.LONG_OVERDUE: due <= today - LONG_OVERDUE,
    }[ageing]


def of_sending(session: Session, sending_id: int, today: date) -> Sequence[Any]:
    """The latest reports about one sending organization, for the panel on its page."""
    statement = listing(MocFilter(), today).where(MocReport.sending_organization_id == sending_id)
    return session.execute(
        statement.order_by(MocReport.drafted_on.desc(), MocReport.id.desc()).limit(_PANEL_ROWS)
    ).all()


@dataclass(frozen=True)
class Awaited:
    """What the reports want today, for a home page. `rows` are those whose answer is awaited, most overdue first."""

    to_approve: int
    to_send: int
    awaited: int
    overdue: int
    rows: Sequence[Any]


def awaited(session: Session, actor: Actor, today: date, limit: int = 5) -> Awaited | None:
    """None for who neither reports nor approves."""
    if not (actor.can(Permission.REPORT_MOC) or actor.can(Permission.APPROVE_MOC)):
        return None
    waiting = MocReport.state.in_(AWAITING)
    columns: list[Any] = [
        sa.func.count().filter(MocReport.state == MocState.DRAFTED),
        sa.func.count().filter(MocReport.state == MocState.APPROVED),
        sa.func.count().filter(waiting),
        sa.func.count().filter(waiting, MocReport.answer_due_on < today),
    ]
    to_approve, to_send, open_reports, overdue = session.execute(sa.select(*columns).select_from(MocReport)).one()
    rows = listing(MocFilter(), today).where(waiting).order_by(MocReport.answer_due_on, MocReport.id).limit(limit)
    return Awaited(to_approve, to_send, open_reports, overdue, session.execute(rows).all())


def drafts_to_approve(session: Session, actor: Actor, today: date, limit: int = 5) -> Sequence[Any]:
    """Drafts this person may approve: not their own. Empty for who may approve none."""
    if not actor.can(Permission.APPROVE_MOC):
        return []
    statement = listing(MocFilter(state=MocState.DRAFTED), today)
    if actor.user_id is not None:
        statement = statement.where(MocReport.drafted_by_id != actor.user_id)
    return session.execute(statement.order_by(MocReport.drafted_on, MocReport.id).limit(limit)).all()
