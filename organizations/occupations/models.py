"""Occupations and operations (職種・作業) as dated master data: which codes existed on which day."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from organizations.register.states import Scheme
from otit.db import Base, Versioned, code_type


class Occupation(Versioned, Base):
    """`code` is "3-5" for an occupation, "3-5-1" for an operation of it, numbered within its `sector`. `transferable`
    says that levels two and three may follow (移行対象職種・作業). `valid_until` is the last day, NULL while it
    lasts. `sort_key` orders codes as numbers."""

    __tablename__ = "occupations"
    __table_args__ = (
        sa.CheckConstraint("name <> ''", name="name_present"),
        sa.CheckConstraint("valid_until >= valid_from", name="ends_after_start"),
        sa.UniqueConstraint("scheme", "code", "valid_from"),
        sa.Index(None, "sort_key", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[Scheme] = mapped_column(code_type(Scheme, "scheme"))
    code: Mapped[str] = mapped_column(sa.String(12))
    sort_key: Mapped[str] = mapped_column(sa.String(20))
    sector: Mapped[str]
    name: Mapped[str]
    transferable: Mapped[bool] = mapped_column(default=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
