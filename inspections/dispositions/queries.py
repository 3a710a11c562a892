"""Reads of disposition files, always within the reader's scope and ordered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from inspections.dispositions.models import Decision, Disposition, DispositionGround, DispositionPlan
from inspections.dispositions.rules import Ground
from inspections.dispositions.states import IN_FORCE, DispositionKind, DispositionState
from inspections.scheduling.models import Inspection
from inspections.violations.models import Violation
from inspections.violations.states import ViolationState
from organizations.plans.models import TrainingPlan
from organizations.plans.states import LIVE_STATES
from organizations.register.matching import named
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.auth.scope import within_offices
from otit.errors import NotFound
from otit.law.provisions import cited_provision
from otit.sql import between
from otit.text import compact, match_key, plain_dashes

OPEN_STATES = (DispositionState.PROPOSED, DispositionState.SUBMITTED, DispositionState.DECIDED)
SHOWN = 50
_PANEL_ROWS = 10


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; dates are of the day of effect, both ends included."""

    text: str = ""
    state: DispositionState | None = None
    kind: DispositionKind | None = None
    target: OrganizationKind | None = None
    office: str | None = None
    effective_from: date | None = None
    effective_to: date | None = None


KIND = sa.func.coalesce(Decision.kind, Disposition.proposed_kind)


def listing(actor: Actor, filters: Filters) -> sa.Select[Any]:
    """Rows of the list: the file, its organization, the decision's dates and the number of plans: those proposed, and
    once there is a decision those it covers."""
    plans = (
        sa.select(sa.func.count())
        .where(DispositionPlan.disposition_id == Disposition.id)
        .where(sa.or_(Decision.id.is_(None), DispositionPlan.decided))
        .correlate(Disposition, Decision)
        .scalar_subquery()
    )
    columns: list[Any] = [
        Disposition.id,
        Disposition.number,
        Disposition.state,
        Disposition.office_code,
        Disposition.proposed_on,
        Disposition.proposed_kind,
        Organization.id.label("organization_id"),
        Organization.name,
        Organization.kind.label("target"),
        Decision.kind.label("decided_kind"),
        Decision.decided_on,
        Decision.effective_on,
        plans.label("plans"),
    ]
    return _narrowed(sa.select(*columns), actor, filters)


def count(session: Session, actor: Actor, filters: Filters) -> int:
    columns: list[Any] = [sa.func.count(Disposition.id)]
    return int(session.execute(_narrowed(sa.select(*columns), actor, filters)).scalar_one())


def _narrowed(statement: sa.Select[Any], actor: Actor, filters: Filters) -> sa.Select[Any]:
    statement = (
        statement.select_from(Disposition)
        .join(Disposition.organization)
        .outerjoin(Disposition.decision)
        .where(within_offices(actor, Disposition.office_code))
    )
    if key := match_key(filters.text):
        by_name = named(key)
        by_number = Disposition.number.contains(plain_dashes(compact(filters.text)), autoescape=True)
        statement = statement.where(sa.or_(by_name, by_number))
    wanted: list[tuple[Any, Any]] = [
        (Disposition.state, filters.state),
        (KIND, filters.kind),
        (Organization.kind, filters.target),
        (Disposition.office_code, filters.office),
    ]
    statement = statement.where(*(column == value for column, value in wanted if value is not None))
    return statement.where(*between(Decision.effective_on, filters.effective_from, filters.effective_to))


def get(session: Session, actor: Actor, disposition_id: int) -> Disposition:
    """The file with everything but its plans (see `plans_of`), which can be a thousand. Raises NotFound when there is
    none or it is out of the actor's scope."""
    statement = (
        sa.select(Disposition)
        .where(Disposition.id == disposition_id, within_offices(actor, Disposition.office_code))
        .options(
            joinedload(Disposition.organization),
            joinedload(Disposition.decision),
            joinedload(Disposition.license),
            joinedload(Disposition.inspection),
            joinedload(Disposition.proposed_by),
            selectinload(Disposition.grounds),
            selectinload(Disposition.steps),
        )
    )
    disposition = session.scalar(statement)
    if disposition is None:
        raise NotFound()
    return disposition


def plans_of(disposition: Disposition) -> sa.Select[Any]:
    """The plans in the file, to be paged by number."""
    columns: list[Any] = [TrainingPlan, DispositionPlan.decided]
    statement = sa.select(*columns).join(DispositionPlan, DispositionPlan.plan_id == TrainingPlan.id)
    return statement.where(DispositionPlan.disposition_id == disposition.id)


def plan_counts(session: Session, disposition: Disposition) -> tuple[int, int]:
    """(proposed, decided)."""
    statement = sa.select(sa.func.count(), sa.func.count().filter(DispositionPlan.decided)).where(
        DispositionPlan.disposition_id == disposition.id
    )
    proposed, decided = session.execute(statement).one()
    return proposed, decided


def decided_plan_ids(session: Session, disposition: Disposition) -> Sequence[int]:
    statement = sa.select(DispositionPlan.plan_id).where(
        DispositionPlan.disposition_id == disposition.id, DispositionPlan.decided
    )
    return session.scalars(statement.order_by(DispositionPlan.plan_id)).all()


def live_plans(organization: Organization) -> sa.Select[TrainingPlan]:
    """Plans of the implementing organization that can be revoked, the newest first."""
    return (
        sa.select(TrainingPlan)
        .where(TrainingPlan.implementing_organization_id == organization.id, TrainingPlan.state.in_(LIVE_STATES))
        .order_by(TrainingPlan.accredited_on.desc(), TrainingPlan.id.desc())
    )


def count_live_plans(session: Session, organization: Organization) -> int:
    statement = live_plans(organization).order_by(None).with_only_columns(sa.func.count(TrainingPlan.id))
    return session.scalars(statement).one()


def plans_by_number(session: Session, numbers: Collection[str]) -> Sequence[TrainingPlan]:
    statement = sa.select(TrainingPlan).where(TrainingPlan.number.in_(list(numbers)))
    return session.scalars(statement.order_by(TrainingPlan.number)).all()


def plans_by_id(session: Session, ids: Collection[int]) -> Sequence[TrainingPlan]:
    statement = sa.select(TrainingPlan).where(TrainingPlan.id.in_(list(ids)))
    return session.scalars(statement.order_by(TrainingPlan.number)).all()


def plans_in_open_files(session: Session, plan_ids: Collection[int]) -> Sequence[TrainingPlan]:
    """Those of the plans that another file, not yet in effect, already names."""
    statement = (
        sa.select(TrainingPlan)
        .join(DispositionPlan, DispositionPlan.plan_id == TrainingPlan.id)
        .join(Disposition, Disposition.id == DispositionPlan.disposition_id)
        .where(TrainingPlan.id.in_(list(plan_ids)), Disposition.state.in_(OPEN_STATES))
        .where(sa.or_(Disposition.state != DispositionState.DECIDED, DispositionPlan.decided))
    )
    return session.scalars(statement.distinct().order_by(TrainingPlan.number)).all()


def escalated_inspections(session: Session, organization_id: int) -> Sequence[Inspection]:
    """Inspections of the organization with a violation that was taken to disposition procedure."""
    escalated = sa.select(Violation.inspection_id).where(Violation.state == ViolationState.ESCALATED)
    statement = sa.select(Inspection).where(Inspection.organization_id == organization_id, Inspection.id.in_(escalated))
    return session.scalars(statement.order_by(Inspection.due_on.desc(), Inspection.id.desc())).all()


def has_escalated_violations(session: Session, inspection_id: int) -> bool:
    statement = sa.select(Violation.id).where(
        Violation.inspection_id == inspection_id, Violation.state == ViolationState.ESCALATED
    )
    return session.scalar(sa.select(statement.exists())) is True


def effects_due(session: Session, as_of: date) -> Sequence[Disposition]:
    """Decided files whose day of effect has come, over all offices: for the nightly job."""
    statement = (
        sa.select(Disposition)
        .join(Disposition.decision)
        .where(Disposition.state == DispositionState.DECIDED, Decision.effective_on <= as_of)
        .order_by(Decision.effective_on, Disposition.id)
    )
    return session.scalars(statement).all()


def running_suspension(session: Session, license_id: int, day: date) -> Decision | None:
    """The order in force that suspends the business on `day` (Art. 37(3)); of several the one that lasts longest."""
    statement = (
        sa.select(Decision)
        .join(Decision.disposition)
        .where(
            Disposition.license_id == license_id,
            Disposition.state.in_(IN_FORCE),
            Decision.kind == DispositionKind.BUSINESS_SUSPENSION,
            Decision.suspension_until >= day,
        )
        .order_by(Decision.suspension_until.desc(), Decision.id)
    )
    return session.scalars(statement.limit(1)).first()


def grounds_of(rows: Collection[DispositionGround]) -> list[Ground]:
    """The cited versions of the law behind the rows."""
    return [
        Ground(
            cited_provision(row.provision_code, row.provision_from),
            cited_provision(row.via_code, row.via_from) if row.via_code and row.via_from else None,
        )
        for row in rows
    ]


def of_organization(session: Session, actor: Actor, organization_id: int) -> Sequence[Any]:
    """The latest files about an organization, for the panel on its page."""
    statement = listing(actor, Filters()).where(Disposition.organization_id == organization_id)
    statement = statement.order_by(Disposition.proposed_on.desc(), Disposition.id.desc())
    return session.execute(statement.limit(_PANEL_ROWS)).all()


def of_inspection(session: Session, actor: Actor, inspection_id: int) -> Sequence[Any]:
    statement = listing(actor, Filters()).where(Disposition.inspection_id == inspection_id)
    return session.execute(statement.order_by(Disposition.id).limit(_PANEL_ROWS)).all()


def of_license(session: Session, actor: Actor, license_id: int) -> Sequence[Any]:
    statement = listing(actor, Filters()).where(Disposition.license_id == license_id)
    statement = statement.order_by(Disposition.proposed_on.desc(), Disposition.id.desc())
    return session.execute(statement.limit(_PANEL_ROWS)).all()


@dataclass(frozen=True)
class Waiting:
    """What waits for an act, for a home page: figures, and the first rows of `listing`, the oldest first."""

    to_submit: int
    to_decide: int
    effects_due: int
    to_publish: int
    rows: Sequence[Any]


def waiting(session: Session, actor: Actor, today: date, limit: int = 5) -> Waiting | None:
    """None for who may neither propose nor record decisions."""
    if not (actor.can(Permission.PROPOSE_DISPOSITIONS) or actor.can(Permission.RECORD_DECISIONS)):
        return None
    due = sa.and_(Disposition.state == DispositionState.DECIDED, Decision.effective_on <= today)
    states = (DispositionState.PROPOSED, DispositionState.SUBMITTED, DispositionState.EFFECTIVE)
    scope = within_offices(actor, Disposition.office_code)
    columns: list[Any] = [
        *(sa.func.count().filter(Disposition.state == state) for state in states),
        sa.func.count().filter(due),
    ]
    proposed, submitted, effective, taking_effect = session.execute(
        sa.select(*columns).select_from(Disposition).outerjoin(Disposition.decision).where(scope)
    ).one()
    rows = listing(actor, Filters()).where(sa.or_(Disposition.state.in_(states), due))
    rows = rows.order_by(Disposition.proposed_on, Disposition.id).limit(limit)
    return Waiting(proposed, submitted, taking_effect, effective, session.execute(rows).all())
