"""Applications for a licence of the supervising business, its renewal, or another class."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from organizations.licenses.models import License
from organizations.licenses.states import LicenseClass, Scheme
from organizations.licensing.states import ApplicationPurpose, ApplicationState
from organizations.register.models import Organization
from otit.db import Base, Versioned, code_type

_OPEN = sa.text("state IN ('applied', 'facts_found')")


class LicenseApplication(Versioned, Base):
    """`number` is that of the receipt, 許 and ten digits: a new licence bears it. `license_id` is the licence that is
    to be renewed or changed, and after the grant the one that was given. `warnings` are the soft findings as shown
    when it was decided: [{message, params, citation, severity}]. The ministers' decision names who decided."""

    __tablename__ = "license_applications"
    __table_args__ = (
        sa.CheckConstraint("(state IN ('granted', 'refused')) = (decided_on IS NOT NULL)", name="decided_with_date"),
        sa.CheckConstraint("(decided_on IS NULL) = (authority IS NULL)", name="decided_by_somebody"),
        sa.CheckConstraint("(state = 'granted') = (valid_from IS NOT NULL)", name="granted_with_term"),
        sa.CheckConstraint("(valid_from IS NULL) = (valid_until IS NULL)", name="term_with_both_ends"),
        sa.CheckConstraint("valid_until >= valid_from", name="term_ends_after_start"),
        sa.CheckConstraint("state <> 'granted' OR license_id IS NOT NULL", name="granted_as_licence"),
        sa.CheckConstraint("purpose = 'new' OR license_id IS NOT NULL", name="about_a_licence"),
        sa.CheckConstraint("(state = 'refused') = (refusal_reason IS NOT NULL)", name="refused_with_reason"),
        sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_on IS NOT NULL)", name="withdrawn_with_date"),
        sa.CheckConstraint("(facts_found_on IS NULL) = (facts_found IS NULL)", name="facts_with_date"),
        sa.CheckConstraint(
            "state NOT IN ('facts_found', 'granted', 'refused') OR facts_found_on IS NOT NULL", name="facts_found_first"
        ),
        sa.CheckConstraint("facts_found_on >= applied_on", name="facts_after_application"),
        sa.CheckConstraint("decided_on >= facts_found_on", name="decided_after_facts"),
        sa.CheckConstraint("(scheme = 'esd') = (license_class = 'support')", name="class_of_scheme"),
        sa.CheckConstraint("withdrawn_on >= applied_on", name="withdrawn_after_application"),
        sa.CheckConstraint("scheme = 'tit' OR purpose <> 'class_change'", name="class_change_of_scheme"),
        sa.CheckConstraint("scheme = 'tit' OR applied_on >= '2026-04-15'", name="scheme_applied_for_in_time"),
        sa.Index("uq_license_applications_number", "number", unique=True),
        sa.Index(
            "uq_license_applications_open",
            "organization_id",
            "scheme",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        sa.Index(None, "organization_id", "applied_on", "id"),
        sa.Index(None, "applied_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20))
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey(Organization.id))
    license_id: Mapped[int | None] = mapped_column(sa.ForeignKey(License.id))
    scheme: Mapped[Scheme] = mapped_column(code_type(Scheme, "scheme"))
    purpose: Mapped[ApplicationPurpose] = mapped_column(code_type(ApplicationPurpose, "purpose"))
    license_class: Mapped[LicenseClass] = mapped_column(code_type(LicenseClass, "license_class"))
    state: Mapped[ApplicationState] = mapped_column(
        code_type(ApplicationState, "state"), default=ApplicationState.APPLIED
    )
    applied_on: Mapped[date]
    facts_found_on: Mapped[date | None]
    facts_found: Mapped[str | None]
    decided_on: Mapped[date | None]
    authority: Mapped[str | None] = mapped_column(sa.String(30))
    document_number: Mapped[str | None] = mapped_column(sa.String(60))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    refusal_reason: Mapped[str | None]
    withdrawn_on: Mapped[date | None]
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    provision_code: Mapped[str] = mapped_column(sa.String(30))
    provision_from: Mapped[date]
    created_at: Mapped[datetime]

    organization: Mapped[Organization] = relationship()
    license: Mapped[License | None] = relationship()
