"""Visits: an inspection can take several."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspections.scheduling.models import Inspection
from inspections.visits.states import VisitOutcome
from otit.auth.models import User
from otit.db import Base, Versioned, code_type


class Visit(Versioned, Base):
    """`people_present` holds one person a line, with position; `observations` is OTIT's own and not shown to others."""

    __tablename__ = "visits"
    __table_args__ = (
        sa.CheckConstraint("outcome <> 'done' OR people_present <> ''", name="done_with_people"),
        sa.Index(None, "inspection_id", "visited_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(sa.ForeignKey(Inspection.id))
    visited_on: Mapped[date]
    outcome: Mapped[VisitOutcome] = mapped_column(code_type(VisitOutcome, "outcome"))
    place: Mapped[str | None]
    people_present: Mapped[str] = mapped_column(default="")
    observations: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    recorded_at: Mapped[datetime]

    inspection: Mapped[Inspection] = relationship()
    recorded_by: Mapped[User] = relationship()
