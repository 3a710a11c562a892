"""On-site inspections: one row from the day it falls due until it is done or cancelled."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspections.scheduling.states import OPEN_STATES, DueBasis, InspectionKind, InspectionState
from organizations.register.models import Organization
from organizations.register.states import Scheme
from otit.auth.models import User
from otit.db import Base, Versioned, code_type

_OPEN = sa.text("state IN ('planned', 'assigned', 'in_progress')")
_OPEN_PERIODIC = sa.text("kind = 'periodic' AND state IN ('planned', 'assigned', 'in_progress')")


def _open_index(name: str, *order: str) -> sa.Index:
    """What is open, in the order of the lists, with all that scope and filters ask for, so that the rows of a list are
    counted without being read. SQLite looks at the state even where the index has only open ones."""
    asked = ("state", "office_code", "owner_office_code", "assigned_to_id", "kind", "bureau_code")
    columns = [*order, *(name for name in asked if name not in order)]
    return sa.Index(name, *columns, sqlite_where=_OPEN, postgresql_where=_OPEN)


class Inspection(Versioned, Base):
    """`cycle` names the period a periodic inspection answers for: "FY2026" (supervising), its due date (implementing).

    `owner_office_code` is the office in charge of the organization, `office_code` the one that inspects. With
    `bureau_code` it is a joint inspection with that prefecture's Labour Bureau.
    """

    __tablename__ = "inspections"
    __table_args__ = (
        sa.CheckConstraint("(kind = 'periodic') = (cycle IS NOT NULL)", name="periodic_has_cycle"),
        sa.CheckConstraint("(state = 'done') = (completed_on IS NOT NULL)", name="done_with_date"),
        sa.CheckConstraint("(state = 'cancelled') = (cancelled_reason IS NOT NULL)", name="cancelled_with_reason"),
        sa.CheckConstraint("(state = 'cancelled') = (cancelled_on IS NOT NULL)", name="cancelled_with_date"),
        sa.CheckConstraint(
            "state NOT IN ('assigned', 'in_progress') OR assigned_to_id IS NOT NULL", name="assigned_to_somebody"
        ),
        sa.CheckConstraint("state <> 'planned' OR assigned_to_id IS NULL", name="planned_is_unassigned"),
        sa.Index("uq_inspections_number", "number", unique=True),
        sa.Index(
            "uq_inspections_organization_id_open",
            "organization_id",
            unique=True,
            sqlite_where=_OPEN_PERIODIC,
            postgresql_where=_OPEN_PERIODIC,
        ),
        _open_index("ix_inspections_open", "due_on", "id"),
        _open_index("ix_inspections_open_of_office", "office_code", "due_on", "id"),
        _open_index("ix_inspections_open_of_inspector", "assigned_to_id", "due_on", "id"),
        sa.Index(
            "ix_inspections_open_planned", "assigned_to_id", "planned_on", sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        # All that the nightly planning reads of the past, so that it never touches the rows (see `due_sql`).
        sa.Index("ix_inspections_past", "organization_id", "state", "completed_on", "kind", "cancelled_on", "scheme"),
        sa.Index(None, "state", "due_on", "id"),
        sa.Index(None, "assigned_to_id", "state", "due_on", "id"),
        sa.Index(None, "bureau_code", "due_on", "id"),
        sa.Index(None, "due_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20))
    scheme: Mapped[Scheme] = mapped_column(code_type(Scheme, "scheme"), default=Scheme.TECHNICAL_INTERN_TRAINING)
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey(Organization.id))
    kind: Mapped[InspectionKind] = mapped_column(code_type(InspectionKind, "kind"))
    cycle: Mapped[str | None] = mapped_column(sa.String(10))
    due_on: Mapped[date]
    due_basis: Mapped[DueBasis] = mapped_column(code_type(DueBasis, "due_basis"))
    due_basis_on: Mapped[date]
    demand: Mapped[str | None]
    state: Mapped[InspectionState] = mapped_column(code_type(InspectionState, "state"), default=InspectionState.PLANNED)
    owner_office_code: Mapped[str] = mapped_column(sa.String(2))
    office_code: Mapped[str] = mapped_column(sa.String(2))
    assigned_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    planned_on: Mapped[date | None]
    announced: Mapped[bool] = mapped_column(default=True)
    bureau_code: Mapped[str | None] = mapped_column(sa.String(2))
    completed_on: Mapped[date | None]
    cancelled_on: Mapped[date | None]
    cancelled_reason: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(sa.String(80))

    organization: Mapped[Organization] = relationship()
    assigned_to: Mapped[User | None] = relationship()


# Written out, not bound: only then do both databases see that the partial index ix_inspections_open serves it.
OPEN: sa.ColumnElement[bool] = Inspection.state.in_(
    [sa.literal_column(f"'{state.value}'", Inspection.state.type) for state in OPEN_STATES]
)
