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

_FILTERED = ("state", "category")
_OFFICES = ("implementing_office_code", "supervising_office_code")


def _with_office(role: str) -> sa.ForeignKeyConstraint:
    """The organization together with its office: when it moves to another office, its plans follow."""
    columns = [f"{role}_organization_id", f"{role}_office_code"]
    target = ["organizations.id", "organizations.office_code"]
    return sa.ForeignKeyConstraint(columns, target, onupdate="CASCADE", name=f"fk_training_plans_{role}_organization")


class TrainingPlan(Versioned, Base):
    """`number` is 認 and ten digits. Group-type plans (D to F, M) run under a supervising organization, others never.
    The office codes are those of the two organizations, kept true by the database, so that the plans of an office are
    found by an index among two million. `bar_until` is the last day of the five-year bar after a revocation
    (Art. 10(vii)), `ended_on` the day on which training was completed or given up (Art. 19, 33)."""

    __tablename__ = "training_plans"
    __table_args__ = (
        sa.CheckConstraint(
            "(category IN ('D', 'E', 'F', 'M')) = (supervising_organization_id IS NOT NULL)",
            name="group_type_is_supervised",
        ),
        sa.CheckConstraint("(scheme = 'esd') = (category IN ('S', 'M'))", name="category_of_scheme"),
        _with_office("implementing"),
        _with_office("supervising"),
        sa.CheckConstraint(
            "(supervising_organization_id IS NULL) = (supervising_office_code IS NULL)", name="supervisor_with_office"
        ),
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
        # Each holds what lists filter by, so that hits are counted without reading the rows.
        sa.Index("ix_training_plans_list", "accredited_on", "id", *_FILTERED, *_OFFICES),
        sa.Index("ix_training_plans_office", _OFFICES[0], "accredited_on", "id", *_FILTERED),
        sa.Index("ix_training_plans_office_supervising", _OFFICES[1], "accredited_on", "id", *_FILTERED, _OFFICES[0]),
        sa.Index("ix_training_plans_category", "category", "accredited_on", "id", "state", *_OFFICES),
        sa.Index(
            "ix_training_plans_revoked",
            "accredited_on",
            "id",
            "category",
            *_OFFICES,
            sqlite_where=sa.text("state = 'revoked'"),
            postgresql_where=sa.text("state = 'revoked'"),
        ),
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
    implementing_organization_id: Mapped[int] = mapped_column()
    implementing_office_code: Mapped[str] = mapped_column(sa.String(2))
    supervising_organization_id: Mapped[int | None] = mapped_column()
    supervising_office_code: Mapped[str | None] = mapped_column(sa.String(2))
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

    implementing_organization: Mapped[Organization] = relationship(
        primaryjoin=implementing_organization_id == Organization.id, foreign_keys=[implementing_organization_id]
    )
    supervising_organization: Mapped[Organization | None] = relationship(
        primaryjoin=supervising_organization_id == Organization.id, foreign_keys=[supervising_organization_id]
    )
    sending_organization: Mapped[SendingOrganization | None] = relationship()
