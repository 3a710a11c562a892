"""Pairs of register rows that may be one body, and the merges that made one of two."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from organizations.merging.states import CandidateState
from organizations.register.models import Organization
from otit.auth.models import User
from otit.db import Base, Versioned, code_type


class DuplicateCandidate(Versioned, Base):
    """Two rows of one kind that look alike; the lower id comes first. `score` is 0 to 100, `reasons` say what
    agrees."""

    __tablename__ = "duplicate_candidates"
    __table_args__ = (
        sa.CheckConstraint("first_id < second_id", name="lower_id_first"),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name="score_in_percent"),
        sa.UniqueConstraint("first_id", "second_id"),
        sa.Index(None, "second_id"),
        sa.Index(None, "state", "score", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(sa.ForeignKey(Organization.id))
    second_id: Mapped[int] = mapped_column(sa.ForeignKey(Organization.id))
    score: Mapped[int]
    reasons: Mapped[list[Any]]
    state: Mapped[CandidateState] = mapped_column(code_type(CandidateState, "state"), default=CandidateState.OPEN)
    found_on: Mapped[date]

    first: Mapped[Organization] = relationship(foreign_keys=[first_id])
    second: Mapped[Organization] = relationship(foreign_keys=[second_id])


class OrganizationMerge(Versioned, Base):
    """`moved` is {table.column: ids of its rows} that went from the duplicate to the body that lives on, `filled` is
    {field: [old, new]} of what that body took over: with both the merge can be undone."""

    __tablename__ = "organization_merges"
    __table_args__ = (
        sa.CheckConstraint("duplicate_id <> kept_id", name="two_bodies"),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_reason IS NULL)", name="undone_with_reason"),
        sa.Index(
            "uq_organization_merges_standing",
            "duplicate_id",
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
        sa.Index(None, "kept_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    duplicate_id: Mapped[int] = mapped_column(sa.ForeignKey(Organization.id))
    kept_id: Mapped[int] = mapped_column(sa.ForeignKey(Organization.id))
    reason: Mapped[str]
    moved: Mapped[dict[str, Any]]
    filled: Mapped[dict[str, Any]]
    merged_at: Mapped[datetime]
    merged_by_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    undone_at: Mapped[datetime | None]
    undone_reason: Mapped[str | None]

    duplicate: Mapped[Organization] = relationship(foreign_keys=[duplicate_id])
    kept: Mapped[Organization] = relationship(foreign_keys=[kept_id])
    merged_by: Mapped[User] = relationship()
