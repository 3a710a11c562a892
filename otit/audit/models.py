"""Audit events: append-only (triggers refuse UPDATE and DELETE), each chained to the one before by its hash."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from otit.db import Base

GENESIS = "0" * 64


class AuditEvent(Base):
    """One named act. `changes` maps a field to [old, new]; `detail` holds counts, digests and ids of bulk acts."""

    __tablename__ = "audit_events"
    __table_args__ = (
        sa.Index(None, "subject_type", "subject_id"),
        sa.Index(None, "at", "id"),
        sa.CheckConstraint("actor <> ''", name="actor_present"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(sa.String(80), index=True)
    action: Mapped[str] = mapped_column(sa.String(60), index=True)
    subject_type: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[str] = mapped_column(sa.String(40))
    changes: Mapped[dict[str, Any]]
    detail: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)


class AuditHead(Base):
    """The end of the chain, one row. Locking it puts writers in line."""

    __tablename__ = "audit_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="single_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(sa.String(64), default=GENESIS)
