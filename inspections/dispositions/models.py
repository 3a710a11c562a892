"""Dispositions: OTIT proposes (進達), the ministers decide; proposal and decision are two records and may differ."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspections.dispositions.states import DispositionAct, DispositionKind, DispositionState
from inspections.scheduling.models import Inspection
from organizations.licenses.models import License
from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from otit.auth.models import User
from otit.db import Base, Versioned, code_type


class Disposition(Versioned, Base):
    """The file: one organization, the proposal, and through its relations the decision, the grounds and the plans."""

    __tablename__ = "dispositions"
    __table_args__ = (
        sa.CheckConstraint("proposed_kind <> 'none'", name="proposes_something"),
        sa.CheckConstraint("submitted_on >= proposed_on", name="submitted_after_proposal"),
        sa.CheckConstraint(
            "(state IN ('effective', 'published', 'annulled')) = (effective_on IS NOT NULL)", name="effective_with_date"
        ),
        sa.CheckConstraint("(state = 'annulled') = (annulled_on IS NOT NULL)", name="annulled_with_date"),
        sa.CheckConstraint("published_on >= effective_on", name="published_after_effect"),
        sa.Index("uq_dispositions_number", "number", unique=True),
        sa.Index(None, "organization_id"),
        sa.Index(None, "effective_on", "id"),
        sa.Index(None, "proposed_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(30))
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey(Organization.id))
    inspection_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Inspection.id))
    license_id: Mapped[int | None] = mapped_column(sa.ForeignKey(License.id))
    office_code: Mapped[str] = mapped_column(sa.String(2))
    state: Mapped[DispositionState] = mapped_column(
        code_type(DispositionState, "state"), default=DispositionState.PROPOSED
    )
    proposed_kind: Mapped[DispositionKind] = mapped_column(code_type(DispositionKind, "proposed_kind"))
    proposed_on: Mapped[date]
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    reason: Mapped[str]
    submitted_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    published_on: Mapped[date | None]
    annulled_on: Mapped[date | None]
    annulled_reason: Mapped[str | None]
    created_at: Mapped[datetime]

    organization: Mapped[Organization] = relationship()
    inspection: Mapped[Inspection | None] = relationship()
    license: Mapped[License | None] = relationship()
    proposed_by: Mapped[User] = relationship()
    decision: Mapped["Decision | None"] = relationship(back_populates="disposition")
    grounds: Mapped[list["DispositionGround"]] = relationship(order_by="DispositionGround.id")
    plans: Mapped[list["DispositionPlan"]] = relationship(order_by="DispositionPlan.plan_id")
    steps: Mapped[list["DispositionStep"]] = relationship(order_by="DispositionStep.id")

    @property
    def kind(self) -> DispositionKind:
        """What was decided, and before the decision what is proposed."""
        return self.decision.kind if self.decision else self.proposed_kind

    def grounds_at(self, stage: str) -> list["DispositionGround"]:
        return [ground for ground in self.grounds if ground.stage == stage]


class Decision(Versioned, Base):
    """The ministers' decision: who decided (`authority`, a code of otit.law), what, and from when it takes effect."""

    __tablename__ = "disposition_decisions"
    __table_args__ = (
        sa.UniqueConstraint("disposition_id"),
        sa.CheckConstraint("effective_on >= decided_on", name="effective_after_decision"),
        sa.CheckConstraint("(kind = 'none') = (effective_on IS NULL)", name="effect_of_a_disposition"),
        sa.CheckConstraint(
            "(kind = 'business_suspension') = (suspension_until IS NOT NULL)", name="suspension_with_end"
        ),
        sa.CheckConstraint("suspension_until >= effective_on", name="suspension_ends_after_effect"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    disposition_id: Mapped[int] = mapped_column(sa.ForeignKey(Disposition.id))
    authority: Mapped[str] = mapped_column(sa.String(30))
    kind: Mapped[DispositionKind] = mapped_column(code_type(DispositionKind, "kind"))
    decided_on: Mapped[date]
    effective_on: Mapped[date | None]
    suspension_until: Mapped[date | None]
    document_number: Mapped[str | None] = mapped_column(sa.String(60))
    reason: Mapped[str]
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))

    disposition: Mapped[Disposition] = relationship(back_populates="decision")


class DispositionGround(Base):
    """A ground, cited in the proposal or the decision; `via_code` is the Art. 10 or 26 item it rests on."""

    __tablename__ = "disposition_grounds"
    __table_args__ = (
        sa.CheckConstraint("stage IN ('proposal', 'decision')", name="stage"),
        sa.UniqueConstraint("disposition_id", "stage", "provision_code", "via_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    disposition_id: Mapped[int] = mapped_column(sa.ForeignKey(Disposition.id))
    stage: Mapped[str] = mapped_column(sa.String(10))
    provision_code: Mapped[str] = mapped_column(sa.String(30))
    provision_from: Mapped[date]
    via_code: Mapped[str | None] = mapped_column(sa.String(30))
    via_from: Mapped[date | None]


class DispositionPlan(Base):
    """A plan in the file. `decided` is true when the ministers' decision covers it: it may cover fewer plans than the
    proposal."""

    __tablename__ = "disposition_plans"

    disposition_id: Mapped[int] = mapped_column(sa.ForeignKey(Disposition.id), primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey(TrainingPlan.id), primary_key=True, index=True)
    decided: Mapped[bool] = mapped_column(default=False)

    plan: Mapped[TrainingPlan] = relationship()


class DispositionStep(Base):
    """An act done on the file: on which day, by whom it was recorded, and under which document. `recorded_by_id` is
    NULL for the nightly job."""

    __tablename__ = "disposition_steps"
    __table_args__ = (
        sa.CheckConstraint("recorded_by <> ''", name="recorder_present"),
        sa.UniqueConstraint("disposition_id", "act"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    disposition_id: Mapped[int] = mapped_column(sa.ForeignKey(Disposition.id))
    act: Mapped[DispositionAct] = mapped_column(code_type(DispositionAct, "act"))
    taken_on: Mapped[date]
    document_number: Mapped[str | None] = mapped_column(sa.String(60))
    note: Mapped[str | None]
    recorded_by: Mapped[str] = mapped_column(sa.String(100))
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    recorded_at: Mapped[datetime]
