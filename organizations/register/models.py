"""The register of supervising (Art. 23) and implementing (Art. 17) organizations. Identity is separate from licence."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from organizations.register.states import BusinessAct, BusinessStatus, OfficerPosition, OrganizationKind, PlaceKind
from otit.db import Base, Versioned, code_type
from otit.places import full_address

_LISTED = sa.text("merged_into_id IS NULL")


def _list_index(*columns: str) -> sa.Index:
    """What lists and look-ups by name see: every organization but merged duplicates."""
    name = "_".join(["ix_organizations_listed", *columns])
    # The last column repeats the condition: without it SQLite would look at each row to see that it is met.
    return sa.Index(name, *columns, "merged_into_id", sqlite_where=_LISTED, postgresql_where=_LISTED)


class Organization(Versioned, Base):
    """`name` is kept as written; `name_key` is its folded form, for matching and search only; `kana_key` that of
    `kana`, `phone_key` the digits of `phone`.

    `office_code` is the office in charge: derived from the head office's prefecture (for individuals the residence).
    `first_training_on` starts the three-year cycle of an implementing organization that was never inspected.
    `is_excellent` is the finding that an implementing organization meets the standard of excellence (優良), which level
    three and the larger caps need (Art. 9(x), Ord. 16). `merged_into_id` leads from a duplicate to the row that lives
    on; a duplicate is shown nowhere but as this redirect.
    """

    __tablename__ = "organizations"
    __table_args__ = (
        sa.CheckConstraint("name <> ''", name="name_present"),
        sa.CheckConstraint("NOT (is_individual AND corporate_number IS NOT NULL)", name="individual_without_number"),
        sa.CheckConstraint("length(corporate_number) = 13", name="corporate_number_length"),
        sa.CheckConstraint("staff_count >= 0", name="staff_count_not_negative"),
        sa.Index("uq_organizations_kind_corporate_number", "kind", "corporate_number", unique=True),
        sa.Index("uq_organizations_notification_number", "notification_number", unique=True),
        sa.CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        sa.UniqueConstraint("id", "office_code"),  # what plans refer to, so that their office follows
        _list_index("kind", "name_key", "id"),
        _list_index("kind", "office_code", "name_key", "id"),
        _list_index("kind", "prefecture_code", "name_key", "id"),
        _list_index("kind", "address_key"),
        sa.Index(None, "merged_into_id"),
        sa.Index(None, "phone_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[OrganizationKind] = mapped_column(code_type(OrganizationKind, "kind"))
    name: Mapped[str]
    name_key: Mapped[str]
    kana: Mapped[str | None]
    kana_key: Mapped[str] = mapped_column(default="", server_default="")
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
    phone_key: Mapped[str | None]
    industry: Mapped[str | None]
    staff_count: Mapped[int | None]
    status: Mapped[BusinessStatus] = mapped_column(code_type(BusinessStatus, "status"), default=BusinessStatus.ACTIVE)
    is_excellent: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def full_address(self) -> str:
        return full_address(self.prefecture_code, self.address)


class FormerName(Base):
    """A name the body bore until `used_until`, so that old papers still lead to it. NULL where nobody has said until
    when: the name of a merged duplicate, or one that a list without a date replaced."""

    __tablename__ = "former_names"
    __table_args__ = (
        sa.CheckConstraint("name <> ''", name="name_present"),
        sa.Index(None, "organization_id", "used_until", "id"),
        sa.Index(None, "name_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey(Organization.id))
    name: Mapped[str]
    name_key: Mapped[str]
    kana: Mapped[str | None]
    used_until: Mapped[date | None]


class Officer(Versioned, Base):
    """Who acts for a body and from when to when: disqualification follows officers (Art. 10, Art. 26(v)). `ends_on` is
    the last day in office, NULL while it lasts."""

    __tablename__ = "officers"
    __table_args__ = (
        sa.CheckConstraint("name <> ''", name="name_present"),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        sa.Index(None, "organization_id", "starts_on", "id"),
        sa.Index(None, "name_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey(Organization.id))
    position: Mapped[OfficerPosition] = mapped_column(code_type(OfficerPosition, "position"))
    name: Mapped[str]
    name_key: Mapped[str]
    kana: Mapped[str | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    organization: Mapped[Organization] = relationship()


class Place(Versioned, Base):
    """Where an inspection may have to go: a business site, a place of training, a dormitory. The office in charge
    follows the head office; an inspection may be given to the office where the place lies."""

    __tablename__ = "places"
    __table_args__ = (
        sa.CheckConstraint("name <> ''", name="name_present"),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        sa.Index(None, "organization_id", "kind", "id"),
        sa.Index(None, "phone_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey(Organization.id))
    kind: Mapped[PlaceKind] = mapped_column(code_type(PlaceKind, "kind"))
    name: Mapped[str]
    postal_code: Mapped[str | None] = mapped_column(sa.String(8))
    prefecture_code: Mapped[str] = mapped_column(sa.String(2))
    address: Mapped[str]
    phone: Mapped[str | None] = mapped_column(sa.String(40))
    phone_key: Mapped[str | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]

    organization: Mapped[Organization] = relationship()

    @property
    def full_address(self) -> str:
        return full_address(self.prefecture_code, self.address)


class BusinessNotice(Base):
    """What a body notified about its business (supervising: Art. 34(1)): a pause, its end, or that it gives it up.
    `effective_on` is the day from which it holds, `until` the announced last day of a pause. A notice comes before that
    day: `applied_on` is the day on which the register followed it, NULL while it lies ahead."""

    __tablename__ = "business_notices"
    __table_args__ = (
        sa.CheckConstraint("until >= effective_on", name="ends_after_start"),
        sa.CheckConstraint("until IS NULL OR act = 'suspend'", name="only_a_pause_has_an_end"),
        sa.CheckConstraint("applied_on >= effective_on", name="applied_when_effective"),
        sa.Index(None, "organization_id", "effective_on", "id"),
        sa.Index(
            "ix_business_notices_ahead",
            "effective_on",
            sqlite_where=sa.text("applied_on IS NULL"),
            postgresql_where=sa.text("applied_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey(Organization.id))
    act: Mapped[BusinessAct] = mapped_column(code_type(BusinessAct, "act"))
    notified_on: Mapped[date]
    effective_on: Mapped[date]
    until: Mapped[date | None]
    reason: Mapped[str | None]
    applied_on: Mapped[date | None]
    recorded_at: Mapped[datetime]

    organization: Mapped[Organization] = relationship()
