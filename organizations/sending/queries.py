"""Reads of sending organizations. They belong to no office: who may read them at all sees every one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.register.lookup import chunks
from organizations.sending.models import AcceptanceSuspension, SendingOrganization
from otit.errors import NotFound
from otit.text import compact, match_key
from otit.web.paging import Listing, Page


@dataclass(frozen=True)
class SendingFilter:
    """None means any. `q` is part of the name or the beginning of a number; `suspended` asks for bodies from which no
    one is newly accepted on the given day."""

    q: str | None = None
    country: str | None = None
    suspended: bool = False


def get_sending(session: Session, sending_id: int | None) -> SendingOrganization:
    """Raises NotFound, also for None."""
    found = None if sending_id is None else session.get(SendingOrganization, sending_id)
    if found is None:
        raise NotFound()
    return found


def sending_page(session: Session, wanted: SendingFilter, today: date, cursor: str | None) -> Page[Any]:
    return sending_list(wanted, today).page(session, cursor)


def sending_list(wanted: SendingFilter, today: date) -> Listing:
    """Rows by name: id, name, country, number, reference_number, approved_on, suspended_from (None: not suspended)."""
    statement = sa.select(
        SendingOrganization.id,
        SendingOrganization.name,
        SendingOrganization.country,
        SendingOrganization.number,
        SendingOrganization.reference_number,
        SendingOrganization.approved_on,
        _suspended_from(today).label("suspended_from"),
    ).where(*_conditions(wanted, today))
    return Listing(statement, (SendingOrganization.name_key, SendingOrganization.id))


def count_sending(session: Session, wanted: SendingFilter, today: date) -> int:
    statement = sa.select(sa.func.count()).select_from(SendingOrganization).where(*_conditions(wanted, today))
    return session.scalar(statement) or 0


def suspensions_of(session: Session, sending_id: int) -> Sequence[AcceptanceSuspension]:
    """Every suspension of acceptance, the latest first."""
    statement = (
        sa.select(AcceptanceSuspension)
        .where(AcceptanceSuspension.sending_organization_id == sending_id)
        .order_by(AcceptanceSuspension.starts_on.desc(), AcceptanceSuspension.id.desc())
    )
    return session.scalars(statement).all()


def suspension_on(session: Session, sending_id: int, day: date) -> AcceptanceSuspension | None:
    """The suspension that holds on `day`, its first and last day included."""
    statement = (
        sa.select(AcceptanceSuspension)
        .where(AcceptanceSuspension.sending_organization_id == sending_id, _holds(day))
        .order_by(AcceptanceSuspension.starts_on.desc())
        .limit(1)
    )
    return session.scalar(statement)


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
    if wanted.suspended:
        conditions.append(_suspended_from(today).is_not(None))
    if wanted.q and (key := match_key(wanted.q)):
        number = compact(wanted.q).upper()
        conditions.append(
            sa.or_(
                SendingOrganization.name_key.contains(key, autoescape=True),
                SendingOrganization.number.startswith(number, autoescape=True),
                SendingOrganization.reference_number.startswith(number, autoescape=True),
            )
        )
    return conditions
