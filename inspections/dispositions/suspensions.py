"""Orders to suspend the business of a supervising organization (Art. 37(3)): what others ask of them, and that two of
them overlap. No source makes that a rule: a person looks at it."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from inspections.dispositions.models import Decision, Disposition
from inspections.dispositions.queries import KIND, OPEN_STATES
from inspections.dispositions.states import IN_FORCE, DispositionKind, DispositionState
from organizations.licenses.signals import suspension_asked
from organizations.register.models import Organization
from otit.findings import Finding
from otit.text import N_

SUSPENSION = DispositionKind.BUSINESS_SUSPENSION
STANDING = (DispositionState.DECIDED, *IN_FORCE)


def ordered(license_id: int, first: date, last: date) -> sa.Select[Decision]:
    """The orders about a licence, decided and not annulled, that suspend the business on a day of this period; the
    earliest first."""
    return (
        sa.select(Decision)
        .join(Decision.disposition)
        .where(
            Disposition.license_id == license_id,
            Disposition.state.in_(STANDING),
            Decision.kind == SUSPENSION,
            Decision.effective_on <= last,
            Decision.suspension_until >= first,
        )
        .order_by(Decision.effective_on, Decision.id)
    )


def review_proposal(session: Session, organization: Organization, kind: DispositionKind | None) -> list[Finding]:
    """The other files on such an order that are not in effect yet; a draft has no days to compare. One statement, for a
    suspension only."""
    if kind is not SUSPENSION:
        return []
    statement = (
        sa.select(Disposition.number, Disposition.state)
        .outerjoin(Disposition.decision)
        .where(Disposition.organization_id == organization.id, Disposition.state.in_(OPEN_STATES), KIND == SUSPENSION)
        .order_by(Disposition.id)
    )
    message = N_(
        "この団体には、事業停止命令の手続（%(number)s、%(state)s）が既にあります。重ねて起案するのか確かめてください。"
    )
    return [
        Finding(message, {"number": row.number, "state": row.state}, code="second-suspension")
        for row in session.execute(statement)
    ]


def review_decision(
    session: Session,
    disposition: Disposition,
    kind: DispositionKind | None,
    effective_on: date | None,
    until: date | None,
) -> list[Finding]:
    """The other orders about the licence that suspend the business on a day of this one. One statement, for a
    suspension only."""
    if kind is not SUSPENSION or effective_on is None or until is None or disposition.license_id is None:
        return []
    others = ordered(disposition.license_id, effective_on, until).where(Disposition.id != disposition.id)
    message = N_("事業停止命令（%(number)s、%(start)sから%(end)sまで）と停止の期間が重なります。")
    return [
        Finding(
            message,
            {"number": one.disposition.number, "start": one.effective_on, "end": one.suspension_until},
            code="overlapping-suspension",
        )
        for one in session.scalars(others.options(contains_eager(Decision.disposition)))
    ]


@suspension_asked.connect
def is_suspended(license_id: int, *, session: Session, day: date, **_more: Any) -> bool:
    """One statement."""
    return session.scalar(sa.select(ordered(license_id, day, day).order_by(None).exists())) is True
