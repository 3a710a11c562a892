"""Reports under a memorandum of cooperation: about one sending organization, to one government."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspections.moc.states import MocAct, MocMeasure, MocState
from organizations.sending.models import SendingOrganization
from otit.auth.models import User
from otit.db import Base, Versioned, code_type


class MocReport(Versioned, Base):
    """`answer_due_on` is when an answer is asked for; with none by then the report shows as ageing."""

    __tablename__ = "moc_reports"
    __table_args__ = (
        sa.CheckConstraint("(state IN ('drafted', 'approved')) = (sent_on IS NULL)", name="sent_with_date"),
        sa.CheckConstraint("(sent_on IS NULL) = (answer_due_on IS NULL)", name="sent_with_answer_date"),
        sa.CheckConstraint("answer_due_on >= sent_on", name="answer_due_after_sending"),
        sa.CheckConstraint("(answered_on IS NULL) = (measure IS NULL)", name="answered_with_measure"),
        sa.CheckConstraint("answered_on >= sent_on", name="answered_after_sending"),
        sa.CheckConstraint("state <> 'answered' OR answered_on IS NOT NULL", name="answer_present"),
        sa.CheckConstraint("(state = 'drafted') = (approved_by_id IS NULL)", name="approved_by_somebody"),
        sa.CheckConstraint("approved_by_id <> drafted_by_id", name="approved_by_another"),
        sa.CheckConstraint("(approved_on IS NULL) = (approved_by_id IS NULL)", name="approved_with_date"),
        sa.CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed_with_date"),
        sa.Index("uq_moc_reports_number", "number", unique=True),
        sa.Index(None, "state", "answer_due_on", "id"),
        sa.Index(None, "sending_organization_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(30))
    sending_organization_id: Mapped[int] = mapped_column(sa.ForeignKey(SendingOrganization.id))
    country: Mapped[str] = mapped_column(sa.String(3))
    state: Mapped[MocState] = mapped_column(code_type(MocState, "state"), default=MocState.DRAFTED)
    facts: Mapped[str]
    request: Mapped[str]
    drafted_on: Mapped[date]
    drafted_by_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    approved_on: Mapped[date | None]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    sent_on: Mapped[date | None]
    sent_reference: Mapped[str | None] = mapped_column(sa.String(60))
    answer_due_on: Mapped[date | None]
    acknowledged_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    measure: Mapped[MocMeasure | None] = mapped_column(code_type(MocMeasure, "measure"))
    answer: Mapped[str | None]
    closed_on: Mapped[date | None]
    created_at: Mapped[datetime]

    sending_organization: Mapped[SendingOrganization] = relationship()
    drafted_by: Mapped[User] = relationship(foreign_keys=[drafted_by_id])
    steps: Mapped[list["MocStep"]] = relationship(order_by="MocStep.id")


class MocStep(Base):
    """An act done on the report: on which day, by whom it was recorded, under which reference."""

    __tablename__ = "moc_steps"
    __table_args__ = (sa.UniqueConstraint("report_id", "act"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey(MocReport.id))
    act: Mapped[MocAct] = mapped_column(code_type(MocAct, "act"))
    taken_on: Mapped[date]
    reference: Mapped[str | None] = mapped_column(sa.String(60))
    note: Mapped[str | None]
    recorded_by: Mapped[str] = mapped_column(sa.String(100))
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    recorded_at: Mapped[datetime]
