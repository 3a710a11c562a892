"""Reads of what belongs to an organization: officers, places, notices about its business. All ordered."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from organizations.register.models import BusinessNotice, Officer, Organization, Place
from organizations.register.queries import visible
from organizations.register.states import OfficerPosition
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor
from otit.errors import NotFound

_FEW = 6
_RANK = sa.case({position: rank for rank, position in enumerate(OfficerPosition)}, value=Officer.position)


def officers_of(session: Session, organization_id: int) -> Sequence[Officer]:
    """Who is in office first, then by rank, then who came last."""
    statement = (
        sa.select(Officer)
        .where(Officer.organization_id == organization_id)
        .order_by(Officer.ends_on.is_not(None), _RANK, Officer.starts_on.desc(), Officer.id)
    )
    return session.scalars(statement).all()


def get_officer(session: Session, actor: Actor, officer_id: int) -> Officer:
    """With the organization. Raises NotFound, also when it is out of the actor's scope."""
    statement = (
        sa.select(Officer)
        .join(Officer.organization)
        .where(Officer.id == officer_id, visible(actor))
        .options(contains_eager(Officer.organization))
    )
    found = session.scalar(statement)
    if found is None:
        raise NotFound()
    return found


def places_of(session: Session, organization_id: int) -> Sequence[Place]:
    """What is in use first, then by kind."""
    statement = (
        sa.select(Place)
        .where(Place.organization_id == organization_id)
        .order_by(Place.ends_on.is_not(None), Place.kind, Place.id)
    )
    return session.scalars(statement).all()


def get_place(session: Session, actor: Actor, place_id: int) -> Place:
    """With the organization. Raises NotFound, also when it is out of the actor's scope."""
    statement = (
        sa.select(Place)
        .join(Place.organization)
        .where(Place.id == place_id, visible(actor))
        .options(contains_eager(Place.organization))
    )
    found = session.scalar(statement)
    if found is None:
        raise NotFound()
    return found


def notices_of(session: Session, organization_id: int) -> Sequence[BusinessNotice]:
    """The latest first. A body pauses and closes a few times in its life."""
    statement = (
        sa.select(BusinessNotice)
        .where(BusinessNotice.organization_id == organization_id)
        .order_by(BusinessNotice.effective_on.desc(), BusinessNotice.id.desc())
    )
    return session.scalars(statement).all()


def get_notice(session: Session, organization: Organization, notice_id: int) -> BusinessNotice:
    """Raises NotFound when it is none of this organization's."""
    notice = session.get(BusinessNotice, notice_id)
    if notice is None or notice.organization_id != organization.id:
        raise NotFound()
    return notice


def moved_by(session: Session, notice: BusinessNotice) -> Mapping[str, Any] | None:
    """What following the notice, the latest of its body, changed of the body; None where the trail knows nothing."""
    actions = ("organization.business_notice", "organization.business_notice_followed")
    statement = sa.select(AuditEvent.changes).where(
        AuditEvent.subject_type == Organization.__tablename__,
        AuditEvent.subject_id == str(notice.organization_id),
        AuditEvent.action.in_(actions),
        AuditEvent.detail["act"].as_string() == notice.act.value,
    )
    found: Mapping[str, Any] | None = session.scalar(statement.order_by(AuditEvent.id.desc()).limit(1))
    return found


def notices_due(session: Session, today: date) -> Sequence[BusinessNotice]:
    """Those that hold by now and have not been followed, with their organizations, in the order in which they hold."""
    statement = (
        sa.select(BusinessNotice)
        .where(BusinessNotice.applied_on.is_(None), BusinessNotice.effective_on <= today)
        .order_by(BusinessNotice.effective_on, BusinessNotice.id)
        .options(joinedload(BusinessNotice.organization, innerjoin=True))
    )
    return session.scalars(statement).all()


def same_officer(session: Session, organization_id: int, name_key: str) -> Sequence[Officer]:
    statement = sa.select(Officer).where(Officer.organization_id == organization_id, Officer.name_key == name_key)
    return session.scalars(statement.order_by(Officer.starts_on, Officer.id)).all()


def representatives_between(
    session: Session, organization_id: int, starts_on: date, ends_on: date | None, own_id: int | None
) -> Sequence[Officer]:
    """The first few representatives, other than `own_id`, in office on a day of this period (None: without end)."""
    conditions = [
        Officer.organization_id == organization_id,
        Officer.position == OfficerPosition.REPRESENTATIVE,
        sa.or_(Officer.ends_on.is_(None), Officer.ends_on >= starts_on),
    ]
    if ends_on is not None:
        conditions.append(Officer.starts_on <= ends_on)
    if own_id is not None:
        conditions.append(Officer.id != own_id)
    return session.scalars(
        sa.select(Officer).where(*conditions).order_by(Officer.starts_on, Officer.id).limit(_FEW)
    ).all()


def present_representative(session: Session, organization_id: int) -> Officer | None:
    """The representative in office; of several the one who came last."""
    statement = (
        sa.select(Officer)
        .where(
            Officer.organization_id == organization_id,
            Officer.position == OfficerPosition.REPRESENTATIVE,
            Officer.ends_on.is_(None),
        )
        .order_by(Officer.starts_on.desc(), Officer.id.desc())
        .limit(1)
    )
    return session.scalar(statement)
