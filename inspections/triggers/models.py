"""Triggers: what was heard of an organization that may call for an inspection, until that is decided."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspections.scheduling.models import Inspection
from inspections.triggers.states import TriggerKind, TriggerState
from organizations.notices.models import DifficultyNotice
from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from otit.db import Base, Versioned, code_type


class Trigger(Versioned, Base):
    """`notice_id` is the notice of difficulty that raised it, where one did. Decided: either an inspection was demanded
    (`inspection_id`) or none is needed, for the reason given."""

    __tablename__ = "triggers"
    __table_args__ = (
        sa.CheckConstraint("summary <> ''", name="summary_present"),
        sa.CheckConstraint("(state = 'received') = (decided_on IS NULL)", name="decided_with_date"),
        sa.CheckConstraint("(state = 'demanded') = (inspection_id IS NOT NULL)", name="demanded_as_inspection"),
        sa.CheckConstraint("(state = 'no_action') = (reason IS NOT NULL)", name="no_action_with_reason"),
        sa.CheckConstraint("decided_on >= received_on", name="decided_after_receipt"),
        sa.Index("uq_triggers_number", "number", unique=True),
        sa.UniqueConstraint("notice_id"),
        sa.Index(None, "organization_id", "received_on", "id"),
        sa.Index(None, "state", "received_on", "id"),
        sa.Index(None, "received_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20))
    kind: Mapped[TriggerKind] = mapped_column(code_type(TriggerKind, "kind"))
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey(Organization.id))
    plan_id: Mapped[int | None] = mapped_column(sa.ForeignKey(TrainingPlan.id))
    notice_id: Mapped[int | None] = mapped_column(sa.ForeignKey(DifficultyNotice.id))
    office_code: Mapped[str] = mapped_column(sa.String(2))
    received_on: Mapped[date]
    summary: Mapped[str]
    state: Mapped[TriggerState] = mapped_column(code_type(TriggerState, "state"), default=TriggerState.RECEIVED)
    decided_on: Mapped[date | None]
    reason: Mapped[str | None]
    inspection_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Inspection.id))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(sa.String(100))

    organization: Mapped[Organization] = relationship()
    plan: Mapped[TrainingPlan | None] = relationship()
    inspection: Mapped[Inspection | None] = relationship()
