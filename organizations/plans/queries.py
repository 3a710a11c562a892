"""Reads of training plans. Who sees a plan: the offices in charge of either organization, and headquarters."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from organizations.occupations.models import Occupation
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanCategory, PlanState, Scheme
from organizations.register.lookup import chunks
from organizations.register.matching import bearers
from organizations.register.models import Organization
from organizations.register.queries import begins_with
from organizations.register.searching import read_term
from organizations.register.states import OrganizationKind
from organizations.sending.models import SendingOrganization
from otit.auth.actors import Actor
from otit.auth.scope import within_offices
from otit.errors import NotFound
from otit.sql import among, between, holds
from otit.text import compact, match_key, plain_dashes
from otit.web.paging import Listing

LATEST = 10
# The plans of so many bearers of a name are sought by their owners; those of more are met sooner along the list itself.
FEW_BEARERS = 300
_OWNERS = (TrainingPlan.implementing_organization_id, TrainingPlan.supervising_organization_id)

Implementing = aliased(Organization, name="implementing")
Supervising = aliased(Organization, name="supervising")


@dataclass(frozen=True)
class PlanFilter:
    """None means any. `number` may be the beginning of an accreditation number; `organization_id` is either of the
    plan's organizations, `organization_name` a part of the name of either. `occupation` is a code, with the operations
    of an occupation; `sending` is part of a sending organization's name, or its number. The dates are inclusive."""

    number: str | None = None
    organization_id: int | None = None
    organization_name: str | None = None
    category: PlanCategory | None = None
    state: PlanState | None = None
    scheme: Scheme | None = None
    occupation: str | None = None
    sending: str | None = None
    accredited_from: date | None = None
    accredited_to: date | None = None
    ends_from: date | None = None
    ends_to: date | None = None


def get_plan(session: Session, actor: Actor, plan_id: int) -> TrainingPlan:
    """With its organizations. Raises NotFound when there is none or it is out of the actor's scope."""
    statement = (
        _joined(sa.select(TrainingPlan))
        .where(TrainingPlan.id == plan_id, _visible(actor))
        .options(
            joinedload(TrainingPlan.implementing_organization, innerjoin=True),
            joinedload(TrainingPlan.supervising_organization),
            joinedload(TrainingPlan.sending_organization),
        )
    )
    plan: TrainingPlan | None = session.scalar(statement)
    if plan is None:
        raise NotFound()
    return plan


def plan_list(session: Session, actor: Actor, wanted: PlanFilter) -> Listing:
    """Rows, the latest accreditation first: the plan's columns with the names of its organizations. A name costs one
    statement of its own."""
    key = match_key(wanted.organization_name or "")
    if not key:
        return _plan_list(actor, wanted)
    standing = sa.select(Organization.id).where(Organization.merged_into_id.is_(None))
    return _plans_of(actor, wanted, session.scalars(bearers(standing, key)).all())


@lru_cache(maxsize=256)
def _plan_list(actor: Actor, wanted: PlanFilter) -> Listing:
    revoked = wanted.state is PlanState.REVOKED  # few, with an index of their own
    return _listing(actor, wanted, branches=[_visible(actor)] if revoked else _offices(actor))


def _plans_of(actor: Actor, wanted: PlanFilter, owners: Sequence[int]) -> Listing:
    """Of these organizations, in either role. coalesce() keeps SQLite from gathering all plans of many of them."""
    own, supervised = (among(owner, owners) for owner in _OWNERS)
    owned = [sa.and_(own, _visible(actor)), sa.and_(supervised, sa.not_(own), _visible(actor))]
    if len(owners) <= FEW_BEARERS:
        return _listing(actor, wanted, branches=owned)
    met = sa.or_(*(among(sa.func.coalesce(owner, 0), owners) for owner in _OWNERS))
    counted = sa.select(sa.literal(1)).select_from(TrainingPlan).where(*_conditions(actor, wanted))
    parts = [counted.where(branch) for branch in owned]
    return _listing(actor, wanted, branches=[sa.and_(met, _visible(actor))], parts=parts)


def _listing(actor: Actor, wanted: PlanFilter, **found: Any) -> Listing:
    statement = _joined(
        sa.select(
            TrainingPlan.id,
            TrainingPlan.number,
            TrainingPlan.category,
            TrainingPlan.state,
            TrainingPlan.accredited_on,
            TrainingPlan.ends_on,
            Implementing.name.label("implementing_name"),
            Implementing.id.label("implementing_id"),
            Supervising.name.label("supervising_name"),
            Supervising.id.label("supervising_id"),
        )
    )
    sought = sa.select(TrainingPlan.id).where(*_conditions(actor, wanted))
    keys = (TrainingPlan.accredited_on, TrainingPlan.id)
    return Listing(statement, keys, descending=True, sought=sought, **found)


def latest_of_organization(session: Session, organization: Organization) -> Sequence[TrainingPlan]:
    """The latest few plans of one organization, by its role."""
    owner = (
        TrainingPlan.supervising_organization_id
        if organization.kind is OrganizationKind.SUPERVISING
        else TrainingPlan.implementing_organization_id
    )
    statement = (
        sa.select(TrainingPlan)
        .where(owner == organization.id)
        .order_by(TrainingPlan.accredited_on.desc(), TrainingPlan.id.desc())
        .limit(LATEST)
        .options(joinedload(TrainingPlan.implementing_organization, innerjoin=True))
    )
    return session.scalars(statement).all()


def bar_of_organization(session: Session, organization_id: int, today: date) -> date | None:
    """The last day of the five-year bar (Art. 10) that revoked plans put on an implementing organization, if it still
    runs; that day is included."""
    return session.scalar(
        sa.select(sa.func.max(TrainingPlan.bar_until)).where(
            TrainingPlan.implementing_organization_id == organization_id,
            TrainingPlan.state == PlanState.REVOKED,
            TrainingPlan.bar_until >= today,
        )
    )


def bars_of(session: Session, organization_ids: Iterable[int]) -> dict[int, list[tuple[date, date]]]:
    """{implementing organization: (day of the revocation, last day of the bar)}, those that are over included. For
    imports."""
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    columns = TrainingPlan.implementing_organization_id, TrainingPlan.revoked_on, TrainingPlan.bar_until
    for part in chunks(organization_ids):
        revoked = TrainingPlan.state == PlanState.REVOKED, TrainingPlan.implementing_organization_id.in_(part)
        for key, first, last in session.execute(sa.select(*columns).where(*revoked).distinct().order_by(*columns)):
            if first is not None and last is not None:  # kept by the database: revoked => both
                found[key].append((first, last))
    return dict(found)


def ids_by_number(session: Session, numbers: Iterable[str]) -> dict[str, int]:
    """{認定番号 (認 and ten digits): id}; unknown numbers are left out. Unscoped: for imports."""
    found: dict[str, int] = {}
    for part in chunks(numbers):
        statement = sa.select(TrainingPlan.number, TrainingPlan.id).where(TrainingPlan.number.in_(part))
        rows = session.execute(statement.order_by(TrainingPlan.id))
        found.update((number, key) for number, key in rows)
    return found


def _joined(statement: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    return statement.join(Implementing, Implementing.id == TrainingPlan.implementing_organization_id).outerjoin(
        Supervising, Supervising.id == TrainingPlan.supervising_organization_id
    )


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    return within_offices(actor, TrainingPlan.implementing_office_code, TrainingPlan.supervising_office_code)


def _offices(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """What is `_visible` without a plan in common: those of the office's implementing organizations, and those that are
    only supervised from there."""
    own = within_offices(actor, TrainingPlan.implementing_office_code)
    if actor.office_code is None:
        return [own]
    supervised = within_offices(actor, TrainingPlan.supervising_office_code)
    return [own, sa.and_(supervised, TrainingPlan.implementing_office_code != actor.office_code)]


def _conditions(actor: Actor, wanted: PlanFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.number:
        digits = read_term(wanted.number).digits
        conditions.append(begins_with(TrainingPlan.number, digits, "認") if digits else sa.false())
    if wanted.organization_id is not None:
        one = wanted.organization_id
        conditions.append(sa.or_(*(owner == one for owner in _OWNERS)))
    if wanted.category is not None:
        column: Any = TrainingPlan.category
        if wanted.state is PlanState.REVOKED:  # SQLite would take the index of the category, and go through half of it
            column = sa.cast(column, sa.String)
        conditions.append(column == wanted.category.value)
    if wanted.state is not None:
        # Written out, not bound: only then do both databases see that ix_training_plans_revoked serves it.
        state = sa.bindparam(None, wanted.state, TrainingPlan.state.type, literal_execute=True)
        conditions.append(TrainingPlan.state == state)
    return conditions + _content(wanted) + _period(wanted)


def _content(wanted: PlanFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.scheme is not None:
        # Written out, not bound: only then do both databases see that ix_training_plans_esd serves it.
        scheme = sa.bindparam(None, wanted.scheme, TrainingPlan.scheme.type, literal_execute=True)
        conditions.append(TrainingPlan.scheme == scheme)
    if wanted.occupation:
        code = plain_dashes(compact(wanted.occupation))
        operations = sa.select(Occupation.code).where(Occupation.code.startswith(f"{code}-", autoescape=True))
        conditions.append(sa.or_(TrainingPlan.occupation_code == code, TrainingPlan.occupation_code.in_(operations)))
    if wanted.sending and (key := match_key(wanted.sending)):
        number = compact(wanted.sending).upper()
        meant = sa.or_(
            holds(SendingOrganization.name_key, key),
            SendingOrganization.number == number,
            SendingOrganization.reference_number == number,
        )
        conditions.append(TrainingPlan.sending_organization_id.in_(sa.select(SendingOrganization.id).where(meant)))
    return conditions


def _period(wanted: PlanFilter) -> list[sa.ColumnElement[bool]]:
    accredited = between(TrainingPlan.accredited_on, wanted.accredited_from, wanted.accredited_to)
    return accredited + between(TrainingPlan.ends_on, wanted.ends_from, wanted.ends_to)
