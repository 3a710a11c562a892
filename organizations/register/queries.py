"""Reads of the register. Who sees an organization: its office in charge and headquarters."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from organizations.licenses.models import License
from organizations.licenses.states import LIVE_STATES, LicenseClass, LicenseState, Scheme
from organizations.register.matching import named_branches
from organizations.register.models import FormerName, Organization, Place
from organizations.register.searching import number_range, read_phone, read_term
from organizations.register.states import BusinessStatus, OrganizationKind
from otit.auth.actors import Actor
from otit.auth.scope import within_offices
from otit.errors import NotFound
from otit.labels import Bilingual, Labelled
from otit.places import PREFECTURES, PREFECTURES_EN
from otit.sql import among, holds
from otit.text import N_
from otit.web.paging import EVERY_ONE, MOST_COUNTED, Key, Listing


class Order(Labelled):
    """The orders of the lists, each along an index; that of the expiry sorts the few thousand supervising bodies."""

    NAME = "name", N_("名称の順")
    NAME_DOWN = "-name", N_("名称の逆順")
    OFFICE = "office", N_("担当事務所の順")
    OFFICE_DOWN = "-office", N_("担当事務所の逆順")
    EXPIRY = "expiry", N_("有効期限の早い順")
    EXPIRY_DOWN = "-expiry", N_("有効期限の遅い順")


FEW = 6
# What was entered for a merged duplicate leads to the row that lives on.
LIVES_ON: Final = sa.func.coalesce(Organization.merged_into_id, Organization.id)


@dataclass(frozen=True)
class OrganizationFilter:
    """None means any. `q` is a number, a telephone number or part of a name; the licence fields hold for supervising
    organizations, and so does the order by the expiry of the licence."""

    q: str | None = None
    prefecture: str | None = None
    office: str | None = None
    status: BusinessStatus | None = None
    license_class: LicenseClass | None = None
    license_state: LicenseState | None = None
    sort: Order | None = None


def get_organization(session: Session, actor: Actor, organization_id: int | None) -> Organization:
    """That of a merged duplicate is the row that lives on. Raises NotFound when there is none or it is out of the
    actor's scope; so it does for None, no id at all."""
    asked = aliased(Organization)
    lives_on = sa.select(sa.func.coalesce(asked.merged_into_id, asked.id)).where(asked.id == organization_id)
    statement = sa.select(Organization).where(Organization.id == lives_on.scalar_subquery(), visible(actor))
    organization = session.scalar(statement)
    if organization is None:
        raise NotFound()
    return organization


def alike(
    session: Session, kind: OrganizationKind, name_key: str, address_key: str, own_id: int | None
) -> Sequence[Organization]:
    """The first few other bodies of that kind with the same name or the same address. Unscoped: a namesake may be in
    the charge of another office; whether it can be opened is decided where it is shown."""
    same = sa.or_(Organization.name_key == name_key, Organization.address_key == address_key)
    conditions = [Organization.kind == kind, Organization.merged_into_id.is_(None), same]
    if own_id is not None:
        conditions.append(Organization.id != own_id)
    return session.scalars(sa.select(Organization).where(*conditions).order_by(Organization.id).limit(FEW)).all()


def whereabouts(actor: Actor, body: Organization) -> str | Bilingual:
    """Where a body is, wherever it is named. An individual's address is a home: of one in the charge of another office
    only the prefecture is told."""
    if not body.is_individual or actor.covers_office(body.office_code):
        return body.full_address
    return Bilingual(PREFECTURES[body.prefecture_code], PREFECTURES_EN[body.prefecture_code])


def openable(session: Session, actor: Actor, ids: Collection[int]) -> set[int]:
    """Those of these organizations that the actor may open."""
    if not ids:
        return set()
    return set(session.scalars(sa.select(Organization.id).where(Organization.id.in_(ids), visible(actor))))


def former_names(session: Session, organization_id: int) -> Sequence[FormerName]:
    """The latest first, those without a day last."""
    statement = sa.select(FormerName).where(FormerName.organization_id == organization_id)
    order = FormerName.used_until.desc().nulls_last(), FormerName.id.desc()
    return session.scalars(statement.order_by(*order)).all()


def last_former_name(session: Session, organization_id: int) -> tuple[str, date] | None:
    """The name that was given up last, of those with a day, and its last day."""
    dated = FormerName.organization_id == organization_id, FormerName.used_until.is_not(None)
    statement = sa.select(FormerName.name, FormerName.used_until).where(*dated)
    row = session.execute(statement.order_by(FormerName.used_until.desc(), FormerName.id.desc()).limit(1)).first()
    return None if row is None else (row.name, row.used_until)


def found_by_former_name(session: Session, ids: Sequence[int], text: str | None) -> dict[int, str]:
    """{organization id: the former name that the search term is part of}. None without a term or for a number."""
    key = read_term(text or "").name_key
    if key is None or not ids:
        return {}
    statement = (
        sa.select(FormerName.organization_id, FormerName.name)
        .where(among(FormerName.organization_id, ids), holds(FormerName.name_key, key))
        .order_by(FormerName.used_until.nulls_first(), FormerName.id)
    )
    return dict(session.execute(statement).all())


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    return within_offices(actor, Organization.office_code)


@lru_cache(maxsize=256)
def organization_list(actor: Actor, kind: OrganizationKind, wanted: OrganizationFilter) -> Listing:
    """Rows in the order asked for, usually by name: id, name, office_code, prefecture_code, status, number, and for
    supervising organizations license_class, license_state and expires_on of the licence that counts. The licence is
    joined for the count only where a filter asks for it."""
    conditions = _conditions(actor, kind, wanted)
    columns = (
        Organization.id,
        Organization.name,
        Organization.office_code,
        Organization.prefecture_code,
        Organization.status,
    )
    statement: sa.Select[*tuple[Any, ...]] = sa.select(*columns)
    if kind is OrganizationKind.SUPERVISING:
        statement = _join_license(statement, wanted.license_class).add_columns(
            License.number, License.license_class, License.state.label("license_state"), License.expires_on
        )
    else:
        statement = statement.add_columns(Organization.notification_number.label("number"))
    keys, down = _keys(kind, wanted.sort)
    most = EVERY_ONE if kind is OrganizationKind.SUPERVISING else MOST_COUNTED
    key = None if read_phone(wanted.q or "") else read_term(wanted.q or "").name_key
    if key is not None:
        # Two letters may be in very many names: those are met along the list and counted by the index of their pair.
        ordered = wanted.sort in (Order.EXPIRY, Order.EXPIRY_DOWN)
        sought = _sought(wanted, licensed=ordered).where(*conditions)
        found: Any = {"sought": sought, "branches": named_branches(key), "at_once": len(key) > 2}
        return Listing(statement, keys, descending=down, most=most, **found)
    counted = _sought(wanted).where(*conditions)
    return Listing(statement.where(*conditions), keys, descending=down, most=most, parts=[counted])


def _sought(wanted: OrganizationFilter, *, licensed: bool = False) -> sa.Select[*tuple[Any, ...]]:
    """Organizations, with their licence where the filter, or whoever asks, needs it."""
    sought: sa.Select[*tuple[Any, ...]] = sa.select(sa.literal(1)).select_from(Organization)
    asked = licensed or wanted.license_class or wanted.license_state
    return _join_license(sought, wanted.license_class) if asked else sought


def _keys(kind: OrganizationKind, order: Order | None) -> tuple[Sequence[Key], bool]:
    """The keys of an order and whether it goes down. A body without licence comes after those that have one."""
    down = order is not None and order.value.startswith("-")
    by = order.value.lstrip("-") if order else ""
    if by == "office":
        return (Organization.office_code, Organization.name_key, Organization.id), down
    if by == "expiry" and kind is OrganizationKind.SUPERVISING:
        never = date.min if down else date.max
        return (sa.func.coalesce(License.expires_on, sa.literal(never, sa.Date)), Organization.id), down
    return (Organization.name_key, Organization.id), down


def _join_license(
    statement: sa.Select[*tuple[Any, ...]], license_class: LicenseClass | None
) -> sa.Select[*tuple[Any, ...]]:
    """The licence that counts: the live one, each found by its own index, that of the first scheme before that of the
    second; else the latest. Where a class is asked for, of its scheme."""
    schemes = list(Scheme) if license_class is None else [license_class.scheme]
    other = aliased(License)
    own = sa.select(other.id).where(other.organization_id == Organization.id)
    # Written out, not bound: only then does SQLite see that uq_licenses_organization_id_scheme_live serves it.
    written = [sa.literal_column(f"'{state.value}'", other.state.type) for state in LIVE_STATES]
    live = own.where(other.state.in_(written))
    latest = own.where(other.scheme.in_(schemes)).order_by(other.licensed_on.desc(), other.id.desc()).limit(1)
    sought = [*(live.where(other.scheme == scheme) for scheme in schemes), latest]
    counting = sa.func.coalesce(*(one.correlate(Organization).scalar_subquery() for one in sought))
    return statement.select_from(sa.outerjoin(Organization, License, License.id == counting))


def _conditions(actor: Actor, kind: OrganizationKind, wanted: OrganizationFilter) -> list[sa.ColumnElement[bool]]:
    pairs: list[tuple[Any, Any]] = [
        (wanted.prefecture, Organization.prefecture_code),
        (wanted.office, Organization.office_code),
        (wanted.status, Organization.status),
        (wanted.license_class, License.license_class),
        (wanted.license_state, License.state),
    ]
    conditions = [Organization.kind == kind, Organization.merged_into_id.is_(None), visible(actor)]
    conditions += [column == value for value, column in pairs if value is not None]
    return conditions + _numbered(wanted.q or "")


def begins_with(column: InstrumentedAttribute[Any], digits: str, lead: str = "") -> sa.ColumnElement[bool]:
    """Numbers that begin with `lead` and `digits`, found by the column's index."""
    low, high = number_range(digits)
    conditions = [column >= lead + low, column.startswith(lead + digits, autoescape=True)]
    if high is not None:
        conditions.append(column < lead + high)
    return sa.and_(*conditions)


def _numbered(text: str) -> list[sa.ColumnElement[bool]]:
    """A number that was searched for; names are sought in branches."""
    digits, phone = read_term(text).digits, read_phone(text)
    found = [] if phone is None else reached_by(phone)
    if digits is not None:
        own = (Organization.corporate_number, Organization.notification_number)
        found += [sa.select(LIVES_ON).where(begins_with(column, digits)) for column in own]
        found.append(sa.select(License.organization_id).where(begins_with(License.number, digits, "許")))
    return [Organization.id.in_(sa.union(*found))] if found else []


def reached_by(phone: str) -> list[sa.Select[Any]]:
    """The ids of bodies whose telephone number, or that of one of their places, begins so (see `read_phone`)."""
    return [
        sa.select(LIVES_ON).where(begins_with(Organization.phone_key, phone)),
        sa.select(Place.organization_id).where(begins_with(Place.phone_key, phone)),
    ]
