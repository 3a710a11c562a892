"""Notices that training has become difficult to carry out (実施困難時届出: Art. 19(1), 33(1))."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from organizations.notices.states import DifficultyReason, Notifier
from organizations.plans.models import TrainingPlan
from otit.db import Base, code_type


class DifficultyNotice(Base):
    """`occurred_on` is the day on which training became difficult, `notified_on` the day the notice reached OTIT."""

    __tablename__ = "difficulty_notices"
    __table_args__ = (
        sa.CheckConstraint("notified_on >= occurred_on", name="notified_after_fact"),
        sa.Index(None, "plan_id", "notified_on", "id"),
        sa.Index(None, "notified_on", "id"),
        sa.Index(None, "reason", "notified_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey(TrainingPlan.id))
    notifier: Mapped[Notifier] = mapped_column(code_type(Notifier, "notifier"))
    reason: Mapped[DifficultyReason] = mapped_column(code_type(DifficultyReason, "reason"))
    occurred_on: Mapped[date]
    notified_on: Mapped[date]
    detail: Mapped[str | None]
    provision_code: Mapped[str] = mapped_column(sa.String(30))
    provision_from: Mapped[date]
    recorded_at: Mapped[datetime]

    plan: Mapped[TrainingPlan] = relationship()
