"""Sending organizations (送出機関) and the dated, open-ended suspensions of acceptance from them."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from organizations.sending.states import Approval
from otit.db import Base, Versioned


class SendingOrganization(Versioned, Base):
    """`number` is the OTIT number (ISO alpha-3 + six digits, "VNM000455") or NULL where only a reference number
    (整理番号) exists. The sending state approves a body from `approved_on` up to and with `approval_ended_on`."""

    __tablename__ = "sending_organizations"
    __table_args__ = (
        sa.CheckConstraint("length(country) = 3", name="country_alpha3"),
        sa.CheckConstraint("approval_ended_on >= approved_on", name="approval_ends_after_start"),
        sa.Index("uq_sending_organizations_number", "number", unique=True),
        sa.Index(None, "country", "name_key", "id"),
        sa.Index(None, "name_key", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(sa.String(3))
    number: Mapped[str | None] = mapped_column(sa.String(9))
    reference_number: Mapped[str | None] = mapped_column(sa.String(20))
    name: Mapped[str]
    name_key: Mapped[str]
    address: Mapped[str | None]
    representative: Mapped[str | None]
    approved_on: Mapped[date | None]
    approval_ended_on: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def approval_on(self, day: date) -> Approval:
        if self.approval_ended_on is not None and self.approval_ended_on < day:
            return Approval.ENDED
        approved = self.approved_on is not None and self.approved_on <= day
        return Approval.APPROVED if approved else Approval.NONE


class AcceptanceSuspension(Base):
    """New acceptance through this body is suspended from `starts_on` until released (`ends_on`)."""

    __tablename__ = "acceptance_suspensions"
    __table_args__ = (
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        sa.Index(
            "uq_acceptance_suspensions_open",
            "sending_organization_id",
            unique=True,
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sending_organization_id: Mapped[int] = mapped_column(sa.ForeignKey(SendingOrganization.id))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    reason: Mapped[str]

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)


class FocalPoint(Versioned, Base):
    """Whom to write to in a country under its memorandum of cooperation. `ends_on` is the last day, NULL while it
    lasts."""

    __tablename__ = "focal_points"
    __table_args__ = (
        sa.CheckConstraint("length(country) = 3", name="country_alpha3"),
        sa.CheckConstraint("body <> ''", name="body_present"),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        sa.Index(None, "country", "starts_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(sa.String(3))
    body: Mapped[str]
    department: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None] = mapped_column(sa.String(40))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)
