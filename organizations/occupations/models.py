"""Occupations and operations (職種・作業) as dated master data: which codes existed on which day."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from organizations.occupations.codes import is_operation
from organizations.register.states import Scheme
from otit.db import Base, Versioned, code_type


class Occupation(Versioned, Base):
    """One version of one code. `code` is "3-5" for an occupation, "3-5-1" for an operation of it, numbered within its
    `sector`. `transferable` says that levels two and three may follow (移行対象職種・作業). `valid_until` is the last
    day, NULL while it lasts; the versions of a code do not overlap. `sort_key` orders codes as numbers."""

    __tablename__ = "occupations"
    __table_args__ = (
        sa.CheckConstraint("name <> ''", name="name_present"),
        sa.CheckConstraint("valid_until >= valid_from", name="ends_after_start"),
        sa.UniqueConstraint("scheme", "code", "valid_from"),
        sa.Index(
            "uq_occupations_open",
            "scheme",
            "code",
            unique=True,
            sqlite_where=sa.text("valid_until IS NULL"),
            postgresql_where=sa.text("valid_until IS NULL"),
        ),
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

    @property
    def is_operation(self) -> bool:
        return is_operation(self.code)

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)
