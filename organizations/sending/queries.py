"""Reads of sending organizations. They belong to no office: who may read them at all sees every one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.register.lookup import chunks
from organizations.sending.countries import MOC_COUNTRIES
from organizations.sending.models import AcceptanceSuspension, FocalPoint, SendingOrganization
from organizations.sending.states import Approval
from otit.db import code_type
from otit.errors import NotFound
from otit.sql import holds
from otit.text import N_, compact, match_key
from otit.web.paging import EVERY_ONE, Listing


@dataclass(frozen=True)
class SendingFilter:
    """None means any. `q` is part of the name or the beginning of a number; `approval` is that of the given day;
    `suspended` asks for bodies from which no one is newly accepted on it."""

    q: str | None = None
    country: str | None = None
    approval: Approval | None = None
    suspended: bool = False


def get_sending(session: Session, sending_id: int | None) -> SendingOrganization:
    """Raises NotFound, also for None."""
    found = None if sending_id is None else session.get(SendingOrganization, sending_id)
    if found is None:
        raise NotFound()
    return found


@lru_cache(maxsize=256)
def sending_list(wanted: SendingFilter, today: date) -> Listing:
    """Rows by name: id, name, country, number, reference_number, approval, approved_on, suspended_from (None: not
    suspended)."""
    statement = sa.select(
        SendingOrganization.id,
        SendingOrganization.name,
        SendingOrganization.country,
        SendingOrganization.number,
        SendingOrganization.reference_number,
        SendingOrganization.approved_on,
        _approval(today).label("approval"),
        _suspended_from(today).label("suspended_from"),
    ).where(*_conditions(wanted, today))
    counted = sa.select(sa.literal(1)).select_from(SendingOrganization).where(*_conditions(wanted, today))
    keys = (SendingOrganization.name_key, SendingOrganization.id)
    return Listing(statement, keys, parts=[counted], most=EVERY_ONE)


def suspensions_of(session: Session, sending_id: int) -> Sequence[AcceptanceSuspension]:
    """Every suspension of acceptance, the latest first."""
    statement = (
        sa.select(AcceptanceSuspension)
        .where(AcceptanceSuspension.sending_organization_id == sending_id)
        .order_by(AcceptanceSuspension.starts_on.desc(), AcceptanceSuspension.id.desc())
    )
    return session.scalars(statement).all()


def open_suspension(session: Session, sending_id: int) -> AcceptanceSuspension | None:
    """The suspension without an end; at most one exists."""
    statement = sa.select(AcceptanceSuspension).where(
        AcceptanceSuspension.sending_organization_id == sending_id, AcceptanceSuspension.ends_on.is_(None)
    )
    return session.scalar(statement)


def last_suspended_day(session: Session, sending_id: int) -> date | None:
    """The last day of the suspensions that have an end."""
    return session.scalar(
        sa.select(sa.func.max(AcceptanceSuspension.ends_on)).where(
            AcceptanceSuspension.sending_organization_id == sending_id
        )
    )


def focal_points(session: Session, *conditions: sa.ColumnElement[bool]) -> Sequence[FocalPoint]:
    """The latest first within each country."""
    order = FocalPoint.country, FocalPoint.starts_on.desc(), FocalPoint.id.desc()
    return session.scalars(sa.select(FocalPoint).where(*conditions).order_by(*order)).all()


def get_focal_point(session: Session, focal_point_id: int) -> FocalPoint:
    """Raises NotFound."""
    found = session.get(FocalPoint, focal_point_id)
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True)
class SendingWarning:
    """What speaks against new trainees from a body: a msgid with its parameters, and where the law says so."""

    sending_id: int
    message: str
    params: dict[str, Any]
    citation: str | None = None


@dataclass(frozen=True)
class Standing:
    """How a body stands with its state and with Japan, on any day. `suspensions` are the first and last days of those
    of acceptance, the last one None while it is open."""

    country: str
    approved_on: date | None
    approval_ended_on: date | None
    suspensions: tuple[tuple[date, date | None], ...] = ()

    def approved(self, day: date) -> bool | None:
        """By the sending state; None where no memorandum asks for it, or none asked for it yet."""
        country = MOC_COUNTRIES.get(self.country)
        if country is None or day < country.moc_from:
            return None
        begun = self.approved_on is not None and self.approved_on <= day
        return begun and (self.approval_ended_on is None or self.approval_ended_on >= day)

    def suspended_from(self, day: date) -> date | None:
        """The first day of the suspension that holds on `day`."""
        held = (first for first, last in self.suspensions if first <= day and (last is None or last >= day))
        return max(held, default=None)


def standing(session: Session, ids: Iterable[int]) -> dict[int, Standing]:
    """{id: how the body stands}; one statement for some thousands."""
    found: dict[int, Standing] = {}
    body, held = SendingOrganization, AcceptanceSuspension
    columns = body.id, body.country, body.approved_on, body.approval_ended_on, held.starts_on, held.ends_on
    for part in chunks(ids):
        statement = (
            sa.select(*columns).outerjoin(held, held.sending_organization_id == body.id).where(body.id.in_(part))
        )
        for key, country, begun, ended, first, last in session.execute(statement.order_by(body.id, held.starts_on)):
            known = found.get(key) or Standing(country, begun, ended)
            periods = () if first is None else ((first, last),)
            found[key] = replace(known, suspensions=known.suspensions + periods)
    return found


SUSPENDED = N_("送出機関「%(name)s」からの新規受入れは%(start)sから停止されています（%(reason)s）。")
ANNOUNCED = N_("送出機関「%(name)s」からの新規受入れは%(start)sから停止されます（%(reason)s）。")
APPROVAL_ENDED = N_("送出機関「%(name)s」に対する相手国政府の認定は%(end)sで終了しています。")
# As OTIT cited them when it suspended acceptance in 2021.
SUSPENSION_ARTICLES = N_("法第9条第6号、規則第12条第1項第7号、法第25条第1項第2号・第6号")


def warnings_for(session: Session, sending_ids: Iterable[int | None], on: date) -> list[SendingWarning]:
    """For every plan, application and licence that names these bodies: acceptance suspended on a day or from a later
    one on, approval of the sending state over. Warnings, no refusals. One statement; None is passed over."""
    ids = sorted({key for key in sending_ids if key is not None})
    if not ids:
        return []
    ends, body = AcceptanceSuspension.ends_on, SendingOrganization
    lasting = sa.and_(AcceptanceSuspension.sending_organization_id == body.id, sa.or_(ends.is_(None), ends >= on))
    columns = body.id, body.name, body.approval_ended_on, AcceptanceSuspension.starts_on, AcceptanceSuspension.reason
    statement = sa.select(*columns).outerjoin(AcceptanceSuspension, lasting).where(body.id.in_(ids))
    rows = session.execute(statement.order_by(body.id, AcceptanceSuspension.starts_on)).all()
    ended = {row.id: row for row in rows if row.approval_ended_on is not None and row.approval_ended_on < on}
    return [
        *(SendingWarning(key, APPROVAL_ENDED, _named(row, end=row.approval_ended_on)) for key, row in ended.items()),
        *(_suspension_warning(row, on) for row in rows if row.starts_on is not None),
    ]


def _suspension_warning(row: Any, on: date) -> SendingWarning:
    message = SUSPENDED if row.starts_on <= on else ANNOUNCED
    return SendingWarning(row.id, message, _named(row, start=row.starts_on, reason=row.reason), SUSPENSION_ARTICLES)


def _named(row: Any, **params: Any) -> dict[str, Any]:
    return {"name": row.name, **params}


def ids_by_number(session: Session, numbers: Iterable[str]) -> dict[str, int]:
    """{送出機関番号 (VNM000455) or 整理番号 (digits): id}; unknown numbers are left out. For imports."""
    found: dict[str, int] = {}
    for column in (SendingOrganization.reference_number, SendingOrganization.number):
        for part in chunks(numbers):
            statement = (
                sa.select(column, SendingOrganization.id).where(column.in_(part)).order_by(SendingOrganization.id)
            )
            found.update((number, key) for number, key in session.execute(statement) if number is not None)
    return found


def _holds(day: date) -> sa.ColumnElement[bool]:
    ends = AcceptanceSuspension.ends_on
    return sa.and_(AcceptanceSuspension.starts_on <= day, sa.or_(ends.is_(None), ends >= day))


def approved_on(day: date) -> sa.ColumnElement[bool]:
    """The sending state approves the body on that day, the first and the last day included."""
    first, last = SendingOrganization.approved_on, SendingOrganization.approval_ended_on
    return sa.and_(first <= day, sa.or_(last.is_(None), last >= day))


def suspended_on(day: date) -> sa.ColumnElement[bool]:
    return sa.exists().where(AcceptanceSuspension.sending_organization_id == SendingOrganization.id, _holds(day))


def _approval(day: date) -> sa.ColumnElement[Any]:
    kind = code_type(Approval, "approval")
    ended = SendingOrganization.approval_ended_on < day
    return sa.case(
        (ended, sa.literal(Approval.ENDED, kind)),
        (SendingOrganization.approved_on <= day, sa.literal(Approval.APPROVED, kind)),
        else_=sa.literal(Approval.NONE, kind),
    )


def _suspended_from(day: date) -> sa.ScalarSelect[Any]:
    return (
        sa.select(sa.func.max(AcceptanceSuspension.starts_on))
        .where(AcceptanceSuspension.sending_organization_id == SendingOrganization.id, _holds(day))
        .correlate(SendingOrganization)
        .scalar_subquery()
    )


def _conditions(wanted: SendingFilter, today: date) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.country is not None:
        conditions.append(SendingOrganization.country == wanted.country)
    if wanted.approval is not None:
        conditions.append(_approval(today) == wanted.approval)
    if wanted.suspended:
        conditions.append(_suspended_from(today).is_not(None))
    if wanted.q and (key := match_key(wanted.q)):
        number = compact(wanted.q).upper()
        conditions.append(
            sa.or_(
                holds(SendingOrganization.name_key, key),
                SendingOrganization.number.startswith(number, autoescape=True),
                SendingOrganization.reference_number.startswith(number, autoescape=True),
            )
        )
    return conditions
