"""The persons behind the plans. Read only by those who need it, and every reading is in the audit trail."""

from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from otit.db import Base, Versioned

# Who agrees in these is one person.
IDENTITY: Final = ("name_key", "born_on", "nationality")


class Trainee(Versioned, Base):
    """One person; up to three plans, one for each level, name the same one."""

    __tablename__ = "trainees"
    __table_args__ = (
        sa.CheckConstraint("name <> ''", name="name_present"),
        sa.CheckConstraint("length(nationality) = 3", name="nationality_alpha3"),
        sa.Index("uq_trainees_identity", *IDENTITY, unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str]
    nationality: Mapped[str] = mapped_column(sa.String(3))
    born_on: Mapped[date]
    created_at: Mapped[datetime]
