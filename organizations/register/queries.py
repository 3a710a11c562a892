"""Reads of the register. Who sees an organization: its office in charge and headquarters."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from organizations.licenses.models import License
from organizations.licenses.states import LIVE_STATES, LicenseClass, LicenseState, Scheme
from organizations.register.models import Organization
from organizations.register.searching import read_term
from organizations.register.states import BusinessStatus, OrganizationKind
from otit.auth.actors import Actor
from otit.auth.scope import within_offices
from otit.errors import NotFound
from otit.web.paging import Page, keyset_page


@dataclass(frozen=True)
class OrganizationFilter:
    """None means any. `q` is a number or part of a name; the licence fields hold for supervising organizations."""

    q: str | None = None
    prefecture: str | None = None
    office: str | None = None
    status: BusinessStatus | None = None
    license_class: LicenseClass | None = None
    license_state: LicenseState | None = None


def get_organization(session: Session, actor: Actor, organization_id: int) -> Organization:
    """Raises NotFound when there is none or it is out of the actor's scope."""
    statement = sa.select(Organization).where(Organization.id == organization_id, visible(actor))
    organization = session.scalar(statement)
    if organization is None:
        raise NotFound()
    return organization


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    return within_offices(actor, Organization.office_code)


def organization_page(
    session: Session, actor: Actor, kind: OrganizationKind, wanted: OrganizationFilter, cursor: str | None
) -> Page[Any]:
    """Rows by name: id, name, office_code, prefecture_code, status, number, and for supervising organizations
    license_class, license_state and expires_on of the licence that counts."""
    columns = (
        Organization.id,
        Organization.name,
        Organization.office_code,
        Organization.prefecture_code,
        Organization.status,
    )
    statement: sa.Select[*tuple[Any, ...]] = sa.select(*columns)
    if kind is OrganizationKind.SUPERVISING:
        statement = _join_license(statement).add_columns(
            License.number, License.license_class, License.state.label("license_state"), License.expires_on
        )
    else:
        statement = statement.add_columns(Organization.notification_number.label("number"))
    statement = statement.where(*_conditions(actor, kind, wanted))
    return keyset_page(session, statement, (Organization.name_key, Organization.id), cursor)


def count_organizations(session: Session, actor: Actor, kind: OrganizationKind, wanted: OrganizationFilter) -> int:
    """How many rows all pages have together. The licence is joined only where a filter asks for it."""
    statement: sa.Select[*tuple[Any, ...]] = sa.select(sa.func.count()).select_from(Organization)
    if wanted.license_class or wanted.license_state:
        statement = _join_license(statement)
    return session.scalar(statement.where(*_conditions(actor, kind, wanted))) or 0


def _join_license(statement: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    """The licence that counts: the live one, else the latest."""
    other = aliased(License)
    counting = (
        sa.select(other.id)
        .where(other.organization_id == Organization.id, other.scheme == Scheme.TECHNICAL_INTERN_TRAINING)
        .order_by(other.state.in_(LIVE_STATES).desc(), other.licensed_on.desc(), other.id.desc())
        .limit(1)
        .correlate(Organization)
        .scalar_subquery()
    )
    return statement.outerjoin(License, License.id == counting)


def _conditions(actor: Actor, kind: OrganizationKind, wanted: OrganizationFilter) -> list[sa.ColumnElement[bool]]:
    pairs: list[tuple[Any, Any]] = [
        (wanted.prefecture, Organization.prefecture_code),
        (wanted.office, Organization.office_code),
        (wanted.status, Organization.status),
        (wanted.license_class, License.license_class),
        (wanted.license_state, License.state),
    ]
    conditions = [Organization.kind == kind, visible(actor)]
    conditions += [column == value for value, column in pairs if value is not None]
    return conditions + _search(wanted.q or "")


def _search(text: str) -> list[sa.ColumnElement[bool]]:
    term = read_term(text)
    if term.digits is not None:
        licensed = sa.select(License.organization_id).where(License.number.startswith(f"許{term.digits}"))
        return [
            sa.or_(
                Organization.corporate_number.startswith(term.digits),
                Organization.notification_number.startswith(term.digits),
                Organization.id.in_(licensed),
            )
        ]
    if term.name_key is not None:
        return [Organization.name_key.contains(term.name_key, autoescape=True)]
    return []
