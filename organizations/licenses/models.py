"""Licences of supervising organizations (Art. 23), with the countries and occupations they handle."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from organizations.licenses.states import LicenseClass, LicenseState, Scheme, TermGround
from organizations.occupations.codes import sort_key
from organizations.register.models import Organization
from otit.db import Base, Versioned, code_type


class License(Versioned, Base):
    """`number` is missing in recent published lists, so it may be NULL. `expires_on` is the last valid day: the day
    before the anniversary (Art. 31). `bar_until` is the last day of the five-year bar after a revocation
    (Art. 26(ii)), `closed_on` the day from which the body gave up the business (Art. 34)."""

    __tablename__ = "licenses"
    __table_args__ = (
        sa.CheckConstraint("expires_on >= licensed_on", name="expires_after_licensed"),
        sa.CheckConstraint("(state = 'revoked') = (revoked_on IS NOT NULL)", name="revoked_with_date"),
        sa.CheckConstraint("(revoked_on IS NULL) = (bar_until IS NULL)", name="bar_with_revocation"),
        sa.CheckConstraint("(state = 'suspended') = (suspended_until IS NOT NULL)", name="suspended_with_end"),
        sa.CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed_with_date"),
        sa.CheckConstraint("closed_on >= licensed_on", name="closed_after_licensed"),
        sa.CheckConstraint("revoked_on >= licensed_on", name="revoked_after_licensed"),
        sa.CheckConstraint("(scheme = 'esd') = (license_class = 'support')", name="class_of_scheme"),
        sa.CheckConstraint("scheme = 'tit' OR licensed_on >= '2027-04-01'", name="scheme_in_force"),
        sa.Index("uq_licenses_number", "number", unique=True),
        sa.Index(None, "state", "expires_on", "id"),
        sa.Index(
            "uq_licenses_organization_id_scheme_live",
            "organization_id",
            "scheme",
            unique=True,
            sqlite_where=sa.text("state IN ('licensed', 'suspended')"),
            postgresql_where=sa.text("state IN ('licensed', 'suspended')"),
        ),
        sa.Index(None, "organization_id"),
        sa.Index(None, "expires_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey(Organization.id))
    scheme: Mapped[Scheme] = mapped_column(code_type(Scheme, "scheme"), default=Scheme.TECHNICAL_INTERN_TRAINING)
    number: Mapped[str | None] = mapped_column(sa.String(20))
    license_class: Mapped[LicenseClass] = mapped_column(code_type(LicenseClass, "license_class"))
    state: Mapped[LicenseState] = mapped_column(code_type(LicenseState, "state"), default=LicenseState.LICENSED)
    licensed_on: Mapped[date]
    expires_on: Mapped[date]
    handles_care: Mapped[bool] = mapped_column(default=False)
    suspended_until: Mapped[date | None]
    revoked_on: Mapped[date | None]
    bar_until: Mapped[date | None]
    closed_on: Mapped[date | None]

    organization: Mapped[Organization] = relationship()
    countries: Mapped[list["LicenseCountry"]] = relationship(
        cascade="all, delete-orphan", order_by="LicenseCountry.country", passive_deletes=True
    )
    occupations: Mapped[list["LicenseOccupation"]] = relationship(
        cascade="all, delete-orphan", order_by="LicenseOccupation.code", passive_deletes=True
    )

    @property
    def last_day(self) -> date:
        """On which it holds or held; a suspended one is held."""
        ends = [on - timedelta(days=1) for on in (self.revoked_on, self.closed_on) if on is not None]
        return min([self.expires_on, *ends])

    @property
    def occupation_codes(self) -> list[str]:
        """In the order of the official list, which is that of numbers: 3-2 before 3-10."""
        return sorted((one.code for one in self.occupations), key=sort_key)


class LicenseCountry(Base):
    """A country from which trainees are accepted (受入れ国), ISO 3166 alpha-3."""

    __tablename__ = "license_countries"

    license_id: Mapped[int] = mapped_column(sa.ForeignKey(License.id, ondelete="CASCADE"), primary_key=True)
    country: Mapped[str] = mapped_column(sa.String(3), primary_key=True)


class LicenseOccupation(Base):
    """A handled occupation (取扱職種) as a two-level code, "3-5"."""

    __tablename__ = "license_occupations"

    license_id: Mapped[int] = mapped_column(sa.ForeignKey(License.id, ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(12), primary_key=True)


class LicenseTerm(Base):
    """The history of a licence: from when to when it stood in which class, and on what ground. The terms of a licence
    follow each other without overlap; the last one agrees with the licence itself."""

    __tablename__ = "license_terms"
    __table_args__ = (
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        sa.UniqueConstraint("license_id", "starts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    license_id: Mapped[int] = mapped_column(sa.ForeignKey(License.id))
    license_class: Mapped[LicenseClass] = mapped_column(code_type(LicenseClass, "license_class"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    ground: Mapped[TermGround] = mapped_column(code_type(TermGround, "ground"))


class LicenseCondition(Versioned, Base):
    """A condition set on a licence (Art. 30(1)), in the version of the provision in force on the day it was set.
    `ends_on` is its last day, NULL while it holds."""

    __tablename__ = "license_conditions"
    __table_args__ = (
        sa.CheckConstraint("text <> ''", name="text_present"),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        sa.Index(None, "license_id", "starts_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    license_id: Mapped[int] = mapped_column(sa.ForeignKey(License.id))
    text: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    provision_code: Mapped[str] = mapped_column(sa.String(30))
    provision_from: Mapped[date]

    license: Mapped[License] = relationship()
