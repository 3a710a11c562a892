"""Who supervises whom, through which sending organization, from when to when."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from organizations.register.models import Organization
from organizations.sending.models import SendingOrganization
from otit.db import Base, Versioned

_OPEN = sa.text("ends_on IS NULL AND sending_organization_id IS NOT NULL")
_OPEN_WHICHEVER = sa.text("ends_on IS NULL AND sending_organization_id IS NULL")


class Supervision(Versioned, Base):
    """The contract between a supervising and an implementing organization. Which plans run under it follows from the
    plans. `ends_on` is the last day, NULL while it lasts. Without a sending organization: whichever."""

    __tablename__ = "supervisions"
    __table_args__ = (
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        sa.Index(
            "uq_supervisions_open",
            "implementing_organization_id",
            "supervising_organization_id",
            "sending_organization_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        sa.Index(
            "uq_supervisions_open_whichever",
            "implementing_organization_id",
            "supervising_organization_id",
            unique=True,
            sqlite_where=_OPEN_WHICHEVER,
            postgresql_where=_OPEN_WHICHEVER,
        ),
        sa.Index(None, "supervising_organization_id", "starts_on", "id"),
        sa.Index(None, "implementing_organization_id", "starts_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    implementing_organization_id: Mapped[int] = mapped_column(sa.ForeignKey(Organization.id))
    supervising_organization_id: Mapped[int] = mapped_column(sa.ForeignKey(Organization.id))
    sending_organization_id: Mapped[int | None] = mapped_column(sa.ForeignKey(SendingOrganization.id))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    implementing_organization: Mapped[Organization] = relationship(foreign_keys=[implementing_organization_id])
    supervising_organization: Mapped[Organization] = relationship(foreign_keys=[supervising_organization_id])
    sending_organization: Mapped[SendingOrganization | None] = relationship()
