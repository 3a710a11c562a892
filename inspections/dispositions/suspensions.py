"""Orders to suspend the business of a supervising organization (Art. 37(3)), as others ask for them."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.dispositions.models import Decision, Disposition
from inspections.dispositions.states import IN_FORCE, DispositionKind, DispositionState
from organizations.licenses.signals import suspension_asked

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
            Decision.kind == DispositionKind.BUSINESS_SUSPENSION,
            Decision.effective_on <= last,
            Decision.suspension_until >= first,
        )
        .order_by(Decision.effective_on, Decision.id)
    )


@suspension_asked.connect
def is_suspended(license_id: int, *, session: Session, day: date, **_more: Any) -> bool:
    """One statement."""
    return session.scalar(sa.select(ordered(license_id, day, day).order_by(None).exists())) is True
