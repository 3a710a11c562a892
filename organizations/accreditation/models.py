"""Applications for the accreditation of training plans, and changes of accredited ones. OTIT decides (Art. 12)."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from organizations.accreditation.states import ApplicationState, ChangeKind, ChangeState
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanCategory, Scheme
from organizations.register.models import Organization
from organizations.sending.models import SendingOrganization
from organizations.trainees.models import Trainee
from otit.db import Base, Versioned, code_type


class PlanApplication(Versioned, Base):
    """`number` is that of the receipt, 認 and ten digits: the accredited plan bears it. `warnings` are the soft
    findings as shown when the application was decided: [{message, params, citation, severity}]."""

    __tablename__ = "plan_applications"
    __table_args__ = (
        sa.CheckConstraint(
            "(category IN ('D', 'E', 'F', 'M')) = (supervising_organization_id IS NOT NULL)",
            name="group_type_is_supervised",
        ),
        sa.CheckConstraint("(scheme = 'esd') = (category IN ('S', 'M'))", name="category_of_scheme"),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        sa.CheckConstraint("(state = 'applied') = (decided_on IS NULL)", name="decided_with_date"),
        sa.CheckConstraint("decided_on >= applied_on", name="decided_after_application"),
        sa.CheckConstraint("(state = 'refused') = (refusal_reason IS NOT NULL)", name="refused_with_reason"),
        sa.CheckConstraint("(state = 'accredited') = (plan_id IS NOT NULL)", name="accredited_as_plan"),
        sa.Index("uq_plan_applications_number", "number", unique=True),
        sa.UniqueConstraint("plan_id"),
        sa.Index(None, "state", "applied_on", "id"),
        sa.Index(None, "applied_on", "id"),
        sa.Index(None, "implementing_organization_id", "applied_on", "id"),
        sa.Index(None, "supervising_organization_id", "applied_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(11))
    scheme: Mapped[Scheme] = mapped_column(code_type(Scheme, "scheme"))
    category: Mapped[PlanCategory] = mapped_column(code_type(PlanCategory, "category"))
    implementing_organization_id: Mapped[int] = mapped_column(sa.ForeignKey(Organization.id))
    supervising_organization_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Organization.id))
    sending_organization_id: Mapped[int | None] = mapped_column(sa.ForeignKey(SendingOrganization.id))
    trainee_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Trainee.id))
    occupation_code: Mapped[str | None] = mapped_column(sa.String(12))
    nationality: Mapped[str | None] = mapped_column(sa.String(3))
    applied_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[ApplicationState] = mapped_column(
        code_type(ApplicationState, "state"), default=ApplicationState.APPLIED
    )
    decided_on: Mapped[date | None]
    refusal_reason: Mapped[str | None]
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    provision_code: Mapped[str] = mapped_column(sa.String(30))
    provision_from: Mapped[date]
    plan_id: Mapped[int | None] = mapped_column(sa.ForeignKey(TrainingPlan.id))
    created_at: Mapped[datetime]

    implementing_organization: Mapped[Organization] = relationship(foreign_keys=[implementing_organization_id])
    supervising_organization: Mapped[Organization | None] = relationship(foreign_keys=[supervising_organization_id])
    sending_organization: Mapped[SendingOrganization | None] = relationship()
    trainee: Mapped[Trainee | None] = relationship()
    plan: Mapped[TrainingPlan | None] = relationship()


class PlanChange(Versioned, Base):
    """A change of an accredited plan. `applied_on` is the day of the application or notice, `changed_on` that of the
    change; `changes` is {field: [old, new]} of what it moves in the plan, `summary` says it in words. `warnings` are
    the soft findings at the notice or decision, as those of an application."""

    __tablename__ = "plan_changes"
    __table_args__ = (
        sa.CheckConstraint("summary <> ''", name="summary_present"),
        sa.CheckConstraint("(kind = 'minor') = (state = 'notified')", name="minor_is_notified"),
        sa.CheckConstraint(
            "(state IN ('accredited', 'refused', 'withdrawn')) = (decided_on IS NOT NULL)", name="decided_with_date"
        ),
        sa.CheckConstraint("decided_on >= applied_on", name="decided_after_application"),
        sa.CheckConstraint("(state = 'refused') = (refusal_reason IS NOT NULL)", name="refused_with_reason"),
        sa.Index(
            "uq_plan_changes_open",
            "plan_id",
            unique=True,
            sqlite_where=sa.text("state = 'applied'"),
            postgresql_where=sa.text("state = 'applied'"),
        ),
        sa.Index(None, "plan_id", "applied_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey(TrainingPlan.id))
    kind: Mapped[ChangeKind] = mapped_column(code_type(ChangeKind, "kind"))
    state: Mapped[ChangeState] = mapped_column(code_type(ChangeState, "state"))
    applied_on: Mapped[date]
    changed_on: Mapped[date]
    changes: Mapped[dict[str, Any]]
    summary: Mapped[str]
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    decided_on: Mapped[date | None]
    refusal_reason: Mapped[str | None]
    provision_code: Mapped[str] = mapped_column(sa.String(30))
    provision_from: Mapped[date]
    created_at: Mapped[datetime]

    plan: Mapped[TrainingPlan] = relationship()
