"""Reads of the administration: the audit trail, newest first, and the users."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from otit.audit.models import AuditEvent
from otit.auth.models import User
from otit.auth.permissions import Role
from otit.clock import JST
from otit.errors import NotFound
from otit.web.paging import Page, keyset_page


@dataclass(frozen=True)
class AuditFilter:
    """None means any. `actor` is a user name or the name in the trail ("system:schedule"), `action` what the acts are
    about ("plan"); the days are inclusive, in Japan."""

    actor: str | None = None
    action: str | None = None
    subject_type: str | None = None
    subject_id: str | None = None
    from_day: date | None = None
    to_day: date | None = None


@dataclass(frozen=True)
class UserFilter:
    """None means any; `q` is part of the user name or the name shown."""

    q: str | None = None
    role: Role | None = None
    inactive: bool = False


def audit_page(session: Session, wanted: AuditFilter, cursor: str | None) -> Page[Any]:
    """Rows (AuditEvent,), the latest first. Not counted: the trail only grows."""
    statement = sa.select(AuditEvent).where(*_audit_conditions(wanted))
    return keyset_page(session, statement, (AuditEvent.id,), cursor, descending=True)


def _audit_conditions(wanted: AuditFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.actor is not None:
        named = sa.select(sa.literal("user:") + sa.cast(User.id, sa.String)).where(
            User.username == wanted.actor.lower()
        )
        conditions.append(sa.or_(AuditEvent.actor == wanted.actor, AuditEvent.actor.in_(named)))
    if wanted.action is not None:
        conditions.append(AuditEvent.action.startswith(f"{wanted.action}.", autoescape=True))
    if wanted.subject_type is not None:
        conditions.append(AuditEvent.subject_type == wanted.subject_type)
    if wanted.subject_id is not None:
        conditions.append(AuditEvent.subject_id == wanted.subject_id)
    if wanted.from_day is not None:
        conditions.append(AuditEvent.at >= _midnight(wanted.from_day))
    if wanted.to_day is not None:
        conditions.append(AuditEvent.at < _midnight(wanted.to_day + timedelta(days=1)))
    return conditions


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), JST)


def user_page(session: Session, wanted: UserFilter, cursor: str | None) -> Page[Any]:
    """Rows (User,) by user name."""
    return keyset_page(session, sa.select(User).where(*_user_conditions(wanted)), (User.username, User.id), cursor)


def count_users(session: Session, wanted: UserFilter) -> int:
    statement = sa.select(sa.func.count()).select_from(User).where(*_user_conditions(wanted))
    return session.scalar(statement) or 0


def _user_conditions(wanted: UserFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [User.active.is_(not wanted.inactive)]
    if wanted.role is not None:
        conditions.append(User.role == wanted.role)
    if wanted.q is not None:
        text = wanted.q.lower()
        names = (User.username, sa.func.lower(User.display_name))
        conditions.append(sa.or_(*(name.contains(text, autoescape=True) for name in names)))
    return conditions


def get_user(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFound()
    return user
