"""The Labour Standards side of a joint inspection: its own result, seen by its bureau; the shared part is the
inspection itself."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspections.scheduling.models import Inspection
from otit.auth.models import User
from otit.db import Base, Versioned


class JointResult(Versioned, Base):
    """One result of one bureau. `summary` may be read by OTIT; `confidential` never leaves the bureau."""

    __tablename__ = "joint_results"
    __table_args__ = (sa.UniqueConstraint("inspection_id", "bureau_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(sa.ForeignKey(Inspection.id))
    bureau_code: Mapped[str] = mapped_column(sa.String(2))
    visited_on: Mapped[date]
    violation_found: Mapped[bool]
    summary: Mapped[str]
    confidential: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    recorded_at: Mapped[datetime]

    inspection: Mapped[Inspection] = relationship()
