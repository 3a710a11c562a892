"""Correction orders in the wide sense: 改善勧告・改善指導 by OTIT, 是正勧告 and others by the Labour Standards side."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspections.orders.states import AWAITING_REPLY, Instrument, OrderState
from inspections.scheduling.models import Inspection
from inspections.violations.models import Violation
from inspections.violations.states import Authority
from otit.auth.models import User
from otit.db import Base, Versioned, code_type

order_violations = sa.Table(
    "order_violations",
    Base.metadata,
    sa.Column("order_id", sa.ForeignKey("correction_orders.id"), primary_key=True),
    sa.Column("violation_id", sa.ForeignKey(Violation.id), primary_key=True),
)


class CorrectionOrder(Versioned, Base):
    """`due_on` is set case by case and runs to the end of that day in Japan. `bureau_code` is the issuing Labour
    Bureau's prefecture, NULL for OTIT."""

    __tablename__ = "correction_orders"
    __table_args__ = (
        sa.CheckConstraint("due_on >= issued_on", name="due_after_issue"),
        sa.CheckConstraint(
            "(authority = 'otit') = (instrument IN ('improvement_recommendation', 'improvement_guidance'))",
            name="instrument_of_authority",
        ),
        sa.CheckConstraint("(authority = 'labour_standards') = (bureau_code IS NOT NULL)", name="bureau_of_authority"),
        sa.CheckConstraint("(state = 'accepted') = (accepted_on IS NOT NULL)", name="accepted_with_date"),
        sa.CheckConstraint("(state = 'escalated') = (escalated_on IS NOT NULL)", name="escalated_with_date"),
        sa.CheckConstraint("(escalated_on IS NULL) = (escalation_reason IS NULL)", name="escalated_with_reason"),
        sa.Index("uq_correction_orders_number", "number", unique=True),
        sa.Index(None, "inspection_id"),
        sa.Index(None, "state", "due_on", "id"),
        sa.Index(None, "due_on", "id"),
        sa.Index(None, "bureau_code", "due_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(30))
    inspection_id: Mapped[int] = mapped_column(sa.ForeignKey(Inspection.id))
    authority: Mapped[Authority] = mapped_column(code_type(Authority, "authority"))
    bureau_code: Mapped[str | None] = mapped_column(sa.String(2))
    instrument: Mapped[Instrument] = mapped_column(code_type(Instrument, "instrument"))
    issued_on: Mapped[date]
    due_on: Mapped[date]
    text: Mapped[str]
    state: Mapped[OrderState] = mapped_column(code_type(OrderState, "state"), default=OrderState.ISSUED)
    accepted_on: Mapped[date | None]
    escalated_on: Mapped[date | None]
    escalation_reason: Mapped[str | None]
    issued_by_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    created_at: Mapped[datetime]

    inspection: Mapped[Inspection] = relationship()
    violations: Mapped[list[Violation]] = relationship(secondary=order_violations, order_by=Violation.id)
    replies: Mapped[list["OrderReply"]] = relationship(back_populates="order", order_by="OrderReply.id")
    extensions: Mapped[list["DeadlineExtension"]] = relationship(order_by="DeadlineExtension.id")
    issued_by: Mapped[User] = relationship()

    def overdue(self, today: date) -> bool:
        """A reply is awaited and the last day has passed: from the day after `due_on`, in Japan."""
        return self.state in AWAITING_REPLY and self.due_on < today


class OrderReply(Base):
    """A 改善報告書 (or 是正報告書) and what was decided on it."""

    __tablename__ = "order_replies"
    __table_args__ = (
        sa.CheckConstraint("(assessed_on IS NULL) = (sufficient IS NULL)", name="assessed_with_result"),
        sa.CheckConstraint("assessed_on >= received_on", name="assessed_after_receipt"),
        sa.Index(None, "order_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey(CorrectionOrder.id))
    received_on: Mapped[date]
    summary: Mapped[str]
    assessed_on: Mapped[date | None]
    sufficient: Mapped[bool | None]
    assessment: Mapped[str | None]
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))

    order: Mapped[CorrectionOrder] = relationship(back_populates="replies")


class DeadlineExtension(Base):
    """A deadline that was moved to a later day, and why."""

    __tablename__ = "order_extensions"
    __table_args__ = (
        sa.CheckConstraint("due_on > previous_due_on", name="later"),
        sa.CheckConstraint("reason <> ''", name="with_reason"),
        sa.Index(None, "order_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey(CorrectionOrder.id))
    previous_due_on: Mapped[date]
    due_on: Mapped[date]
    reason: Mapped[str]
    extended_on: Mapped[date]
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
