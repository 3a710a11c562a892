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
    """Two rows of one kind that look alike; the lower id comes first. `score` is 0 to 100, `reasons` are codes of
    LikenessReason. `distinct_reason` says why a person took them for two bodies."""

    __tablename__ = "duplicate_candidates"
    __table_args__ = (
        sa.CheckConstraint("first_id < second_id", name="lower_id_first"),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name="score_in_percent"),
        sa.CheckConstraint("(state = 'distinct') = (distinct_reason IS NOT NULL)", name="distinct_with_reason"),
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
    distinct_reason: Mapped[str | None]

    first: Mapped[Organization] = relationship(foreign_keys=[first_id])
    second: Mapped[Organization] = relationship(foreign_keys=[second_id])


class OrganizationMerge(Versioned, Base):
    """`moved` is {table.column: ids of its rows} that went from the duplicate to the body that lives on, `filled` is
    {field: [old, new]} of what that body took over, `effects` the name that stays with it and what the subjects above
    changed at the move, in words of their own: with these the merge can be undone. `warnings` are the soft findings as
    shown before the act: [{message, params, citation, severity}]."""

    __tablename__ = "organization_merges"
    __table_args__ = (
        sa.CheckConstraint("duplicate_id <> kept_id", name="two_bodies"),
        sa.CheckConstraint("reason <> ''", name="reason_present"),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_reason IS NULL)", name="undone_with_reason"),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_by_somebody"),
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
    effects: Mapped[dict[str, Any]] = mapped_column(default=dict)
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    merged_at: Mapped[datetime]
    merged_by_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    undone_reason: Mapped[str | None]

    duplicate: Mapped[Organization] = relationship(foreign_keys=[duplicate_id])
    kept: Mapped[Organization] = relationship(foreign_keys=[kept_id])
    merged_by: Mapped[User] = relationship(foreign_keys=[merged_by_id])
    undone_by: Mapped[User | None] = relationship(foreign_keys=[undone_by_id])
