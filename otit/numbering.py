"""Running numbers from a locked counter row, one per name, office and year; never count + 1."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from otit.db import Base


class Counter(Base):
    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    office_code: Mapped[str] = mapped_column(sa.String(2), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[int]


def next_number(session: Session, name: str, office_code: str, year: int, count: int = 1) -> int:
    """Reserve `count` numbers and return the first. The row stays locked until the transaction ends, so two people
    never get the same number and a rolled-back act leaves no gap."""
    upsert = sa.text(
        "INSERT INTO counters (name, office_code, year, value) VALUES (:name, :office_code, :year, :count) "
        "ON CONFLICT (name, office_code, year) DO UPDATE SET value = counters.value + :count RETURNING value"
    )
    last = session.execute(
        upsert, {"name": name, "office_code": office_code, "year": year, "count": count}
    ).scalar_one()
    return int(last) - count + 1
