"""Reads of applications. Who sees one: the office in charge of the body, and headquarters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from organizations.licenses.models import License
from organizations.licenses.numbers import read_number
from organizations.licenses.states import LIVE_STATES, LicenseClass, Scheme
from organizations.licensing.models import LicenseApplication
from organizations.licensing.rules import Facts, Held
from organizations.licensing.states import OPEN_STATES, ApplicationPurpose, ApplicationState
from organizations.register.models import Organization
from organizations.register.queries import begins_with
from organizations.register.searching import read_term
from otit.auth.actors import Actor
from otit.auth.scope import within_offices
from otit.errors import NotFound
from otit.sql import between
from otit.web.paging import Listing

_OPEN = LicenseApplication.state.in_(OPEN_STATES)
_PANEL_ROWS = 10


@dataclass(frozen=True)
class ApplicationFilter:
    """None means any. `q` is the beginning of a number or a part of the body's name; dates are inclusive."""

    q: str | None = None
    purpose: ApplicationPurpose | None = None
    license_class: LicenseClass | None = None
    state: ApplicationState | None = None
    office: str | None = None
    applied_from: date | None = None
    applied_to: date | None = None


def get_application(session: Session, actor: Actor, application_id: int) -> LicenseApplication:
    """With its organization and licence. Raises NotFound when there is none or it is out of the actor's scope."""
    statement = (
        sa.select(LicenseApplication)
        .join(LicenseApplication.organization)
        .where(LicenseApplication.id == application_id, within_offices(actor, Organization.office_code))
        .options(
            joinedload(LicenseApplication.organization, innerjoin=True),
            joinedload(LicenseApplication.license),
        )
    )
    application = session.scalar(statement)
    if application is None:
        raise NotFound()
    return application


@lru_cache(maxsize=256)
def application_list(actor: Actor, wanted: ApplicationFilter) -> Listing:
    """Rows, open ones first, then the latest application first."""
    rank = sa.case((_OPEN, 1), else_=0)
    keys = (rank, LicenseApplication.applied_on, LicenseApplication.id)
    return Listing(_rows().where(*_conditions(actor, wanted)), keys, descending=True)


def of_license(session: Session, license_id: int) -> Sequence[Any]:
    """The latest applications about a licence, the one that it came from included."""
    return _latest(session, LicenseApplication.license_id == license_id)


def of_organization(session: Session, organization_id: int) -> Sequence[Any]:
    return _latest(session, LicenseApplication.organization_id == organization_id)


def open_application(session: Session, organization_id: int, scheme: Scheme) -> LicenseApplication | None:
    """The application that is not yet decided; at most one exists for a body and scheme."""
    return session.scalar(
        sa.select(LicenseApplication).where(
            LicenseApplication.organization_id == organization_id, LicenseApplication.scheme == scheme, _OPEN
        )
    )


def number_is_taken(session: Session, number: str) -> bool:
    """By another application or by a licence."""
    either = sa.or_(
        sa.exists().where(LicenseApplication.number == number),
        sa.exists().where(License.number == number),
    )
    return session.scalar(sa.select(either)) is True


def highest_serial(session: Session, year: int) -> int:
    """The highest running number that an application or a licence of that year bears; 0 without any."""
    highest = [
        sa.select(sa.func.max(sa.func.substr(column, 6, 6)))
        .where(column.startswith(f"許{year % 100:02d}"))
        .scalar_subquery()
        for column in (LicenseApplication.number, License.number)
    ]
    return max(int(text or 0) for text in session.execute(sa.select(*highest)).one())


def facts_of(session: Session, application: LicenseApplication) -> Facts:
    """What the rules ask about an application that has been taken. One statement."""
    number = read_number(application.number)
    assert number is not None  # given its form when it was taken
    held = held_by(session, application.organization_id)
    return Facts(
        number=number,
        purpose=application.purpose,
        license_class=application.license_class,
        applied_on=application.applied_on,
        office_code=application.organization.office_code,
        status=application.organization.status,
        held=held,
        about=next((one for one in held if one.id == application.license_id), None),
    )


def held_by(session: Session, organization_id: int) -> list[Held]:
    """Every licence of the body under either scheme, the oldest first."""
    statement = (
        sa.select(License).where(License.organization_id == organization_id).order_by(License.licensed_on, License.id)
    )
    return [held(license) for license in session.scalars(statement)]


def last_license(session: Session, organization_id: int, scheme: Scheme) -> License | None:
    """The licence that the body holds under the scheme, else the one that it held last."""
    ended = sa.case((License.state.in_(LIVE_STATES), 0), else_=1)
    return session.scalar(
        sa.select(License)
        .where(License.organization_id == organization_id, License.scheme == scheme)
        .order_by(ended, License.licensed_on.desc(), License.id.desc())
        .limit(1)
    )


def held(license: License) -> Held:
    return Held(
        id=license.id,
        scheme=license.scheme,
        license_class=license.license_class,
        state=license.state,
        licensed_on=license.licensed_on,
        expires_on=license.expires_on,
        ended_on=license.last_day,
        revoked_on=license.revoked_on,
        bar_until=license.bar_until,
        suspended_until=license.suspended_until,
    )


def _rows() -> sa.Select[Any]:
    columns: list[Any] = [
        LicenseApplication.id,
        LicenseApplication.number,
        LicenseApplication.purpose,
        LicenseApplication.license_class,
        LicenseApplication.state,
        LicenseApplication.applied_on,
        LicenseApplication.decided_on,
        Organization.id.label("organization_id"),
        Organization.name,
        Organization.office_code,
    ]
    return sa.select(*columns).join(Organization, Organization.id == LicenseApplication.organization_id)


def _latest(session: Session, condition: sa.ColumnElement[bool]) -> Sequence[Any]:
    order = (LicenseApplication.applied_on.desc(), LicenseApplication.id.desc())
    return session.execute(_rows().where(condition).order_by(*order).limit(_PANEL_ROWS)).all()


def _conditions(actor: Actor, wanted: ApplicationFilter) -> list[sa.ColumnElement[bool]]:
    pairs: list[tuple[Any, Any]] = [
        (wanted.purpose, LicenseApplication.purpose),
        (wanted.license_class, LicenseApplication.license_class),
        (wanted.state, LicenseApplication.state),
        (wanted.office, Organization.office_code),
    ]
    conditions = [within_offices(actor, Organization.office_code)]
    conditions += [column == value for value, column in pairs if value is not None]
    conditions += between(LicenseApplication.applied_on, wanted.applied_from, wanted.applied_to)
    return conditions + _search(wanted.q or "")


def _search(text: str) -> list[sa.ColumnElement[bool]]:
    term = read_term(text)
    if term.digits is not None:
        return [begins_with(LicenseApplication.number, term.digits, "許")]
    if term.name_key is not None:
        return [Organization.name_key.contains(term.name_key, autoescape=True)]
    return []
