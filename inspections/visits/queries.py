"""Reads of visits, and the inspection they belong to within the actor's scope."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from inspections.scheduling.models import Inspection
from inspections.visits.models import Visit
from inspections.visits.states import VisitOutcome
from otit.auth.actors import Actor
from otit.auth.scope import within_offices
from otit.errors import NotFound


def inspection_in_scope(session: Session, actor: Actor, inspection_id: int) -> Inspection:
    """The inspection with its organization. Raises NotFound, also when it is outside the actor's offices."""
    query = (
        sa.select(Inspection)
        .join(Inspection.organization)
        .options(contains_eager(Inspection.organization))
        .where(Inspection.id == inspection_id)
        .where(within_offices(actor, Inspection.owner_office_code, Inspection.office_code))
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def visits_of(session: Session, inspection_id: int) -> Sequence[Visit]:
    """Newest first. The caller has scoped the inspection."""
    query = sa.select(Visit).where(Visit.inspection_id == inspection_id).options(joinedload(Visit.recorded_by))
    return session.scalars(query.order_by(Visit.visited_on.desc(), Visit.id.desc())).all()


def carried_out(session: Session, inspection_id: int) -> list[Visit]:
    """The visits at which findings were possible, newest first."""
    return [visit for visit in visits_of(session, inspection_id) if visit.outcome is VisitOutcome.DONE]
