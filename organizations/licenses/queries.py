"""Reads of licences. Lists are ordered; organizations are shown only where their own scope has been checked."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from organizations.licenses.models import License, LicenseCondition, LicenseTerm
from organizations.licenses.states import LIVE_STATES, LicenseClass, LicenseState, Scheme
from organizations.register.lookup import chunks
from organizations.register.models import Organization
from organizations.register.searching import number_range, read_term
from otit.auth.actors import Actor
from otit.auth.scope import within_offices
from otit.clock import add_months
from otit.errors import NotFound
from otit.sql import between
from otit.web.paging import EVERY_ONE, Listing

# How many months ahead the end of a licence is watched: its renewal has to be applied for in good time.
SOON, LATER = 3, 6
SHOWN = 6


@dataclass(frozen=True)
class LicenseFilter:
    """None means any. `q` is the beginning of a number or a part of the body's name; the days are of the last valid
    day, both included; `live` asks for what is not ended, suspended licences included."""

    q: str | None = None
    license_class: LicenseClass | None = None
    scheme: Scheme | None = None
    state: LicenseState | None = None
    live: bool = False
    office: str | None = None
    expires_from: date | None = None
    expires_to: date | None = None


@lru_cache(maxsize=256)
def license_list(actor: Actor, wanted: LicenseFilter) -> Listing:
    """Rows, what ends first on top: the licence's columns with the name and the office of its body."""
    conditions = _conditions(actor, wanted)
    counted: sa.Select[Any] = sa.select(sa.literal(1)).select_from(License)
    if actor.office_code is not None or wanted.office or wanted.q:  # the body's columns are asked for
        counted = counted.join(Organization, Organization.id == License.organization_id)
    keys = (License.expires_on, License.id)
    return Listing(_rows().where(*conditions), keys, parts=[counted.where(*conditions)], most=EVERY_ONE)


@dataclass(frozen=True)
class Expiring:
    """Live licences that end within three months, and within six (those within three included); the first rows."""

    soon: int
    later: int
    rows: Sequence[Any]


def bar_of_organization(session: Session, organization_id: int, today: date) -> date | None:
    """The last day of the five-year bar (Art. 26(ii)) that revoked licences put on a supervising organization, if it
    still runs; that day is included."""
    return session.scalar(
        sa.select(sa.func.max(License.bar_until)).where(
            License.organization_id == organization_id,
            License.state == LicenseState.REVOKED,
            License.bar_until >= today,
        )
    )


def expiring(session: Session, actor: Actor, today: date, limit: int = SHOWN) -> Expiring:
    """One statement: each row brings the two counts over all of them."""
    count = sa.func.count(License.id)
    near = count.filter(License.expires_on <= add_months(today, SOON))
    statement = (
        _rows()
        .add_columns(near.over().label("soon"), count.over().label("later"))
        .where(
            within_offices(actor, Organization.office_code),
            License.state.in_(LIVE_STATES),
            License.expires_on.between(today, add_months(today, LATER)),
        )
        .order_by(License.expires_on, License.id)
        .limit(limit)
    )
    rows = session.execute(statement).all()
    return Expiring(rows[0].soon, rows[0].later, rows) if rows else Expiring(0, 0, [])


def _rows() -> sa.Select[Any]:
    columns: list[Any] = [
        License.id,
        License.number,
        License.license_class,
        License.scheme,
        License.state,
        License.licensed_on,
        License.expires_on,
        Organization.id.label("organization_id"),
        Organization.name,
        Organization.office_code,
    ]
    return sa.select(*columns).join(Organization, Organization.id == License.organization_id)


def _conditions(actor: Actor, wanted: LicenseFilter) -> list[sa.ColumnElement[bool]]:
    pairs: list[tuple[Any, Any]] = [
        (wanted.license_class, License.license_class),
        (wanted.scheme, License.scheme),
        (wanted.state, License.state),
        (wanted.office, Organization.office_code),
    ]
    conditions = [within_offices(actor, Organization.office_code)]
    conditions += [column == value for value, column in pairs if value is not None]
    if wanted.live:
        conditions.append(License.state.in_(LIVE_STATES))
    conditions += between(License.expires_on, wanted.expires_from, wanted.expires_to)
    return conditions + _search(wanted.q or "")


def _search(text: str) -> list[sa.ColumnElement[bool]]:
    term = read_term(text)
    if term.digits is not None:
        low, high = number_range(term.digits)
        begins = [License.number >= f"許{low}", License.number.startswith(f"許{term.digits}", autoescape=True)]
        return [*begins, License.number < f"許{high}"] if high is not None else list(begins)
    if term.name_key is not None:
        return [Organization.name_key.contains(term.name_key, autoescape=True)]
    return []


def of_organization(session: Session, organization_id: int) -> Sequence[License]:
    """Every licence of a body, the latest first, with its countries and occupations (three statements)."""
    statement = (
        sa.select(License)
        .where(License.organization_id == organization_id)
        .order_by(License.licensed_on.desc(), License.id.desc())
        .options(selectinload(License.countries), selectinload(License.occupations))
    )
    return session.scalars(statement).all()


def get_license(session: Session, actor: Actor, license_id: int) -> License:
    """With its organization. Raises NotFound when there is none or it is out of the actor's scope."""
    statement = (
        sa.select(License)
        .join(License.organization)
        .where(License.id == license_id, within_offices(actor, Organization.office_code))
        .options(contains_eager(License.organization))
    )
    license = session.scalar(statement)
    if license is None:
        raise NotFound()
    return license


def live_license(session: Session, organization_id: int, scheme: Scheme) -> License | None:
    """The licence under which the body may act now, a suspended one included; at most one exists."""
    return session.scalar(
        sa.select(License).where(
            License.organization_id == organization_id, License.scheme == scheme, License.state.in_(LIVE_STATES)
        )
    )


def get_condition(session: Session, license: License, condition_id: int) -> LicenseCondition:
    """A condition of this licence. Raises NotFound."""
    statement = (
        sa.select(LicenseCondition)
        .join(LicenseCondition.license)
        .where(LicenseCondition.id == condition_id, License.id == license.id)
        .options(contains_eager(LicenseCondition.license))
    )
    condition = session.scalar(statement)
    if condition is None:
        raise NotFound()
    return condition


def conditions_of(session: Session, license_id: int) -> Sequence[LicenseCondition]:
    """Every condition of a licence, the latest first."""
    statement = (
        sa.select(LicenseCondition)
        .where(LicenseCondition.license_id == license_id)
        .order_by(LicenseCondition.starts_on.desc(), LicenseCondition.id.desc())
    )
    return session.scalars(statement).all()


def ids_by_number(session: Session, numbers: Iterable[str]) -> dict[str, tuple[int, int]]:
    """{許可番号 (許 and ten digits): (licence id, organization id)}; unknown numbers are left out."""
    found: dict[str, tuple[int, int]] = {}
    for part in chunks(numbers):
        statement = (
            sa.select(License.number, License.id, License.organization_id)
            .where(License.number.in_(part))
            .order_by(License.id)
        )
        found.update((number, (key, owner)) for number, key, owner in session.execute(statement) if number is not None)
    return found


@dataclass(frozen=True)
class Holding:
    """From when to when a body held a licence of a class; the last day included."""

    first: date
    last: date
    license_class: LicenseClass


def holdings_of(session: Session, organization_ids: Iterable[int], scheme: Scheme) -> dict[int, list[Holding]]:
    """{organization: what its licences were, as far as the register knows}: their terms, or what stands in a licence
    without any, up to the day before a revocation or closure. One statement for some thousands; for imports, which
    bring plans of the past."""
    found: dict[int, list[Holding]] = defaultdict(list)
    term, body = LicenseTerm, License
    columns = (
        body.organization_id,
        sa.func.coalesce(term.starts_on, body.licensed_on),
        sa.func.coalesce(term.ends_on, body.expires_on),
        sa.func.coalesce(sa.type_coerce(term.license_class, body.license_class.type), body.license_class),
        sa.func.coalesce(body.revoked_on, body.closed_on),
    )
    for part in chunks(organization_ids):
        statement = (
            sa.select(*columns)
            .outerjoin(term, term.license_id == body.id)
            .where(body.organization_id.in_(part), body.scheme == scheme)
            .order_by(body.organization_id, body.licensed_on, term.starts_on)
        )
        for owner, first, last, license_class, ended in session.execute(statement):
            until = last if ended is None else min(last, ended - timedelta(days=1))
            if first <= until:
                found[owner].append(Holding(first, until, license_class))
    return dict(found)


def past_their_term(session: Session, today: date) -> Sequence[License]:
    """Live licences whose last valid day is over."""
    return _due(session, License.state.in_(LIVE_STATES), License.expires_on < today)


def past_their_suspension(session: Session, today: date) -> Sequence[License]:
    """Suspended licences whose suspension is over."""
    return _due(session, License.state == LicenseState.SUSPENDED, License.suspended_until < today)


def _due(session: Session, *conditions: sa.ColumnElement[bool]) -> Sequence[License]:
    statement = (
        sa.select(License)
        .where(*conditions)
        .order_by(License.id)
        .options(joinedload(License.organization, innerjoin=True))
    )
    return session.scalars(statement).all()
