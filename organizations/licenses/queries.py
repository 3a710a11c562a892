"""Reads of licences. Lists are ordered; organizations are shown only where their own scope has been checked."""

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from organizations.licenses.models import License
from organizations.licenses.states import LIVE_STATES, LicenseState, Scheme
from organizations.register.lookup import chunks
from organizations.register.models import Organization
from otit.auth.actors import Actor
from otit.auth.scope import within_offices
from otit.errors import NotFound


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
