"""What runs through sending organizations: plans in force and contracts, in the scope of the reader. Set by set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from organizations.plans.models import TrainingPlan
from organizations.plans.states import LIVE_STATES
from organizations.register.models import Organization
from organizations.relations.models import Supervision
from organizations.sending.models import SendingOrganization
from organizations.sending.queries import approved_on, suspended_on
from otit.auth.actors import Actor
from otit.auth.scope import within_offices

SHOWN = 10


@dataclass(frozen=True)
class CountryFigures:
    """Of one country: bodies that are registered, approved and suspended; plans in force that the reader may see."""

    registered: int = 0
    approved: int = 0
    suspended: int = 0
    plans: int = 0


@dataclass(frozen=True)
class Through:
    """Plans in force through one body: how many at how many implementing organizations, and those with the most."""

    plans: int
    organizations: int
    rows: Sequence[Any]


def figures_by_country(session: Session, actor: Actor, day: date) -> dict[str, CountryFigures]:
    """{country: figures}, countries without a body left out. Two statements."""
    country = SendingOrganization.country
    bodies = sa.select(
        country,
        sa.func.count().label("registered"),
        sa.func.count(sa.case((approved_on(day), 1))).label("approved"),
        sa.func.count(sa.case((suspended_on(day), 1))).label("suspended"),
    ).group_by(country)
    plans = (
        sa.select(country, sa.func.count())
        .select_from(TrainingPlan)
        .join(SendingOrganization, SendingOrganization.id == TrainingPlan.sending_organization_id)
        .where(_in_force(day), _visible(actor))
        .group_by(country)
    )
    counted = {row[0]: row[1] for row in session.execute(plans.order_by(country))}
    rows = session.execute(bodies.order_by(country))
    return {row.country: CountryFigures(*row[1:], plans=counted.get(row.country, 0)) for row in rows}


def plans_through(session: Session, actor: Actor, sending_id: int, day: date) -> Through:
    """Rows: organization_id, name, office_code, plans. Two statements."""
    scope = (
        TrainingPlan.sending_organization_id == sending_id,
        _in_force(day),
        _visible(actor),
    )
    owner, count = TrainingPlan.implementing_organization_id, sa.func.count()
    plans, organizations = session.execute(sa.select(count, sa.func.count(owner.distinct())).where(*scope)).one()
    rows = sa.select(Organization.id, Organization.name, Organization.office_code, count.label("plans"))
    rows = rows.join(TrainingPlan, owner == Organization.id).where(*scope)
    rows = rows.group_by(Organization.id, Organization.name, Organization.office_code)
    return Through(
        plans, organizations, session.execute(rows.order_by(count.desc(), Organization.id).limit(SHOWN)).all()
    )


def supervisions_through(session: Session, actor: Actor, sending_id: int) -> Sequence[Any]:
    """The latest contracts that name the body: ids, names and offices of both organizations, starts_on, ends_on."""
    supervising, implementing = aliased(Organization), aliased(Organization)
    statement = (
        sa.select(
            Supervision.id,
            supervising.id.label("supervising_id"),
            supervising.name.label("supervising_name"),
            supervising.office_code.label("supervising_office"),
            implementing.id.label("implementing_id"),
            implementing.name.label("implementing_name"),
            implementing.office_code.label("implementing_office"),
            Supervision.starts_on,
            Supervision.ends_on,
        )
        .join(supervising, supervising.id == Supervision.supervising_organization_id)
        .join(implementing, implementing.id == Supervision.implementing_organization_id)
        .where(
            Supervision.sending_organization_id == sending_id,
            within_offices(actor, supervising.office_code, implementing.office_code),
        )
        .order_by(Supervision.starts_on.desc(), Supervision.id.desc())
        .limit(SHOWN)
    )
    return session.execute(statement).all()


def _in_force(day: date) -> sa.ColumnElement[bool]:
    """Accredited, and the training not over; it may begin later."""
    return sa.and_(TrainingPlan.state.in_(LIVE_STATES), TrainingPlan.ends_on >= day)


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    """The offices in charge of either organization, and headquarters, which is spared the look at each of them."""
    if actor.covers_office():
        return sa.true()
    seen = sa.select(Organization.id).where(within_offices(actor, Organization.office_code))
    return sa.or_(
        TrainingPlan.implementing_organization_id.in_(seen), TrainingPlan.supervising_organization_id.in_(seen)
    )
