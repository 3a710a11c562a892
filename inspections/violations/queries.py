"""Reads of violations: of an inspection (by authority), and the open ones of an organization."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from inspections.scheduling.models import Inspection
from inspections.violations.models import Violation
from inspections.violations.states import Authority, ViolationState
from otit.auth.actors import Actor
from otit.auth.scope import within_bureau, within_offices
from otit.errors import NotFound

OPEN_STATES = (ViolationState.OPEN, ViolationState.INSTRUCTED, ViolationState.ESCALATED)


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """OTIT sees its own violations within its offices, a Labour Bureau its own; needs Inspection joined."""
    otit = sa.and_(
        Violation.authority == Authority.OTIT,
        within_offices(actor, Inspection.owner_office_code, Inspection.office_code),
    )
    return sa.or_(otit, within_bureau(actor, Violation.bureau_code))


def _visible(actor: Actor) -> sa.Select[Violation]:
    query = sa.select(Violation).join(Violation.inspection).options(contains_eager(Violation.inspection))
    return query.where(visible(actor))


def get_violation(session: Session, actor: Actor, violation_id: int) -> Violation:
    """Raises NotFound, also when the violation is another body's."""
    found = session.scalar(_visible(actor).where(Violation.id == violation_id))
    if found is None:
        raise NotFound()
    return found


def violations_of(session: Session, actor: Actor, inspection_id: int) -> Sequence[Violation]:
    """The violations of one inspection that the actor's own body found, in the order of recording."""
    query = _visible(actor).where(Violation.inspection_id == inspection_id).order_by(Violation.id)
    return session.scalars(query).all()


def instructable(session: Session, actor: Actor, inspection_id: int) -> Sequence[Violation]:
    """Violations that an instrument of the actor's own body can name."""
    return [row for row in violations_of(session, actor, inspection_id) if row.state is ViolationState.OPEN]


def open_of_organization(session: Session, actor: Actor, organization_id: int, limit: int) -> Sequence[Violation]:
    """OTIT's violations of an organization that are not closed, newest fact first; at most `limit`."""
    query = _visible(actor).where(Inspection.organization_id == organization_id, Violation.state.in_(OPEN_STATES))
    return session.scalars(query.order_by(Violation.fact_on.desc(), Violation.id.desc()).limit(limit)).all()
