"""Violations: one provision cited in one inspection by one authority."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspections.scheduling.models import Inspection
from inspections.violations.states import Authority, ViolationState
from inspections.visits.models import Visit
from otit.auth.models import User
from otit.db import Base, Versioned, code_type


class Violation(Versioned, Base):
    """`provision_code` and `provision_from` name the version of the provision in force on `fact_on`; `category_code`
    is our own statistical category. `bureau_code` is the Labour Bureau's prefecture, NULL for OTIT."""

    __tablename__ = "violations"
    __table_args__ = (
        sa.CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed_with_date"),
        sa.CheckConstraint("(authority = 'otit') = (visit_id IS NOT NULL)", name="otit_from_visit"),
        sa.CheckConstraint("(authority = 'labour_standards') = (bureau_code IS NOT NULL)", name="bureau_of_authority"),
        sa.UniqueConstraint("inspection_id", "authority", "provision_code", "fact_on"),
        sa.Index(None, "state", "fact_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(sa.ForeignKey(Inspection.id))
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Visit.id))
    authority: Mapped[Authority] = mapped_column(code_type(Authority, "authority"))
    bureau_code: Mapped[str | None] = mapped_column(sa.String(2))
    provision_code: Mapped[str] = mapped_column(sa.String(30))
    provision_from: Mapped[date]
    category_code: Mapped[str | None] = mapped_column(sa.String(30))
    fact_on: Mapped[date]
    description: Mapped[str]
    state: Mapped[ViolationState] = mapped_column(code_type(ViolationState, "state"), default=ViolationState.OPEN)
    closed_on: Mapped[date | None]
    escalation_reason: Mapped[str | None]
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    recorded_at: Mapped[datetime]

    inspection: Mapped[Inspection] = relationship()
    visit: Mapped[Visit | None] = relationship()
