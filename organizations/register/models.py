"""The register of supervising (Art. 23) and implementing (Art. 17) organizations. Identity is separate from licence."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from organizations.register.states import BusinessStatus, OrganizationKind
from otit.db import Base, Versioned, code_type
from otit.places import full_address


class Organization(Versioned, Base):
    """`name` is kept as written; `name_key` is its folded form, for matching and search only.

    `office_code` is the office in charge: derived from the head office's prefecture (for individuals the residence).
    `first_training_on` starts the three-year cycle of an implementing organization that was never inspected.
    """

    __tablename__ = "organizations"
    __table_args__ = (
        sa.CheckConstraint("name <> ''", name="name_present"),
        sa.CheckConstraint("NOT (is_individual AND corporate_number IS NOT NULL)", name="individual_without_number"),
        sa.CheckConstraint("length(corporate_number) = 13", name="corporate_number_length"),
        sa.CheckConstraint("staff_count >= 0", name="staff_count_not_negative"),
        sa.Index("uq_organizations_kind_corporate_number", "kind", "corporate_number", unique=True),
        sa.Index("uq_organizations_notification_number", "notification_number", unique=True),
        sa.Index(None, "kind", "name_key", "id"),
        sa.Index(None, "kind", "office_code", "name_key", "id"),
        sa.Index(None, "kind", "prefecture_code", "name_key", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[OrganizationKind] = mapped_column(code_type(OrganizationKind, "kind"))
    name: Mapped[str]
    name_key: Mapped[str]
    kana: Mapped[str | None]
    is_individual: Mapped[bool] = mapped_column(default=False)
    corporate_number: Mapped[str | None] = mapped_column(sa.String(13))
    notification_number: Mapped[str | None] = mapped_column(sa.String(20))
    notified_on: Mapped[date | None]
    first_training_on: Mapped[date | None]
    representative: Mapped[str | None]
    postal_code: Mapped[str | None] = mapped_column(sa.String(8))
    prefecture_code: Mapped[str] = mapped_column(sa.String(2))
    office_code: Mapped[str] = mapped_column(sa.String(2))
    address: Mapped[str]
    address_key: Mapped[str] = mapped_column(default="")
    phone: Mapped[str | None] = mapped_column(sa.String(40))
    industry: Mapped[str | None]
    staff_count: Mapped[int | None]
    status: Mapped[BusinessStatus] = mapped_column(code_type(BusinessStatus, "status"), default=BusinessStatus.ACTIVE)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def full_address(self) -> str:
        return full_address(self.prefecture_code, self.address)
