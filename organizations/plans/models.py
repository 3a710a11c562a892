"""Accredited training plans (Art. 8): one plan is one trainee at one level. Who the trainee is stands apart, because
few may read it."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from organizations.plans.states import PlanCategory, PlanState, Scheme
from organizations.register.models import Organization
from organizations.sending.models import SendingOrganization
from organizations.trainees.models import Trainee
from otit.db import Base, Versioned, code_type


class TrainingPlan(Versioned, Base):
    """`number` is 認 and ten digits. Group-type plans (D to F) run under a supervising organization, others never.
    `bar_until` is the last day of the five-year bar after a revocation (Art. 10(vii)), `ended_on` the day on which
    training was completed or given up (Art. 19, 33)."""

    __tablename__ = "training_plans"
    __table_args__ = (
        sa.CheckConstraint(
            "(category IN ('D', 'E', 'F', 'M')) = (supervising_organization_id IS NOT NULL)",
            name="group_type_is_supervised",
        ),
        sa.CheckConstraint("(scheme = 'esd') = (category IN ('S', 'M'))", name="category_of_scheme"),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        sa.CheckConstraint("(state = 'revoked') = (revoked_on IS NOT NULL)", name="revoked_with_date"),
        sa.CheckConstraint("(revoked_on IS NULL) = (bar_until IS NULL)", name="bar_with_revocation"),
        sa.CheckConstraint("revoked_on >= accredited_on", name="revoked_after_accredited"),
        sa.CheckConstraint("(state IN ('completed', 'discontinued')) = (ended_on IS NOT NULL)", name="ended_with_date"),
        sa.CheckConstraint("ended_on >= accredited_on", name="ended_after_accredited"),
        sa.Index("uq_training_plans_number", "number", unique=True),
        sa.Index(None, "implementing_organization_id", "accredited_on", "id"),
        sa.Index(None, "supervising_organization_id", "accredited_on", "id"),
        sa.Index(None, "sending_organization_id", "accredited_on", "id"),
        sa.Index(None, "occupation_code", "accredited_on", "id"),
        sa.Index(None, "ends_on", "accredited_on", "id"),
        sa.Index(None, "trainee_id"),
        sa.Index(None, "accredited_on", "id"),
        # The few plans of the other scheme, which lie far apart among those of technical intern training.
        sa.Index(
            "ix_training_plans_esd",
            "accredited_on",
            "id",
            sqlite_where=sa.text("scheme = 'esd'"),
            postgresql_where=sa.text("scheme = 'esd'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[Scheme] = mapped_column(code_type(Scheme, "scheme"), default=Scheme.TECHNICAL_INTERN_TRAINING)
    number: Mapped[str] = mapped_column(sa.String(11))
    category: Mapped[PlanCategory] = mapped_column(code_type(PlanCategory, "category"))
    implementing_organization_id: Mapped[int] = mapped_column(sa.ForeignKey(Organization.id))
    supervising_organization_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Organization.id))
    sending_organization_id: Mapped[int | None] = mapped_column(sa.ForeignKey(SendingOrganization.id))
    occupation_code: Mapped[str | None] = mapped_column(sa.String(12))
    nationality: Mapped[str | None] = mapped_column(sa.String(3))
    trainee_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Trainee.id))
    accredited_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[PlanState] = mapped_column(code_type(PlanState, "state"), default=PlanState.ACCREDITED)
    revoked_on: Mapped[date | None]
    bar_until: Mapped[date | None]
    ended_on: Mapped[date | None]

    implementing_organization: Mapped[Organization] = relationship(foreign_keys=[implementing_organization_id])
    supervising_organization: Mapped[Organization | None] = relationship(foreign_keys=[supervising_organization_id])
    sending_organization: Mapped[SendingOrganization | None] = relationship()
