"""Reads of triggers. Who sees one: the office that received it, the office in charge of the organization now, and
headquarters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from inspections.scheduling.models import Inspection
from inspections.triggers.models import Trigger
from inspections.triggers.states import TriggerKind, TriggerState
from organizations.notices.models import DifficultyNotice
from organizations.notices.states import DifficultyReason
from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from otit.auth.actors import Actor
from otit.auth.scope import within_offices
from otit.errors import NotFound
from otit.sql import between
from otit.text import compact, match_key, plain_dashes
from otit.web.paging import Listing

RECENT = 10

_COLUMNS: tuple[Any, ...] = (
    Trigger.id,
    Trigger.number,
    Trigger.kind,
    Trigger.state,
    Trigger.received_on,
    Trigger.decided_on,
    Trigger.office_code,
    Trigger.notice_id,
    Organization.name.label("organization_name"),
    Inspection.id.label("inspection_id"),
    Inspection.number.label("inspection_number"),
)
# The codes of the states happen to be in the order of the list, downwards: received, no_action, demanded. So one index
# serves it: open triggers first, the latest on top.
_KEYS = (sa.type_coerce(Trigger.state, sa.String), Trigger.received_on, Trigger.id)


@dataclass(frozen=True)
class TriggerFilter:
    """None means any. `q` is part of the organization's name or of the trigger's number."""

    q: str | None = None
    kind: TriggerKind | None = None
    state: TriggerState | None = None
    office: str | None = None
    received_from: date | None = None
    received_to: date | None = None


@dataclass(frozen=True)
class Undecided:
    """Triggers that wait for a decision, and since when the oldest of them does."""

    count: int
    oldest: date | None


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    return within_offices(actor, Trigger.office_code, Organization.office_code)


def get_trigger(session: Session, actor: Actor, trigger_id: int) -> Trigger:
    """With organization, plan and inspection. Raises NotFound, also when it is out of the actor's scope."""
    statement = (
        sa.select(Trigger)
        .join(Trigger.organization)
        .where(Trigger.id == trigger_id, visible(actor))
        .options(contains_eager(Trigger.organization), joinedload(Trigger.plan), joinedload(Trigger.inspection))
    )
    trigger = session.scalar(statement)
    if trigger is None:
        raise NotFound()
    return trigger


def heard_again(session: Session, trigger: Trigger) -> Sequence[DifficultyNotice]:
    """Later notices of a disappearance under the same plan, which raised no trigger of their own; the first first."""
    if trigger.notice_id is None:
        return []
    statement = sa.select(DifficultyNotice).where(
        DifficultyNotice.plan_id == trigger.plan_id,
        DifficultyNotice.reason == DifficultyReason.DISAPPEARANCE,
        DifficultyNotice.id > trigger.notice_id,
        ~sa.exists().where(Trigger.notice_id == DifficultyNotice.id),
    )
    return session.scalars(statement.order_by(DifficultyNotice.id)).all()


@lru_cache(maxsize=256)
def trigger_list(actor: Actor, wanted: TriggerFilter) -> Listing:
    """Rows, the undecided ones first, within a state the latest first."""
    return Listing(_rows().where(*_conditions(actor, wanted)), _KEYS, descending=True)


def of_organization(session: Session, actor: Actor, organization_id: int) -> Sequence[Any]:
    """The latest few of one organization."""
    statement = _rows().where(Trigger.organization_id == organization_id, visible(actor))
    return session.execute(statement.order_by(Trigger.received_on.desc(), Trigger.id.desc()).limit(RECENT)).all()


def of_plan(session: Session, actor: Actor, plan: TrainingPlan) -> Sequence[Any]:
    """What was heard by way of this plan, found among those of its implementing organization."""
    statement = _rows().where(_of_plan(plan), visible(actor))
    return session.execute(statement.order_by(Trigger.received_on.desc(), Trigger.id.desc()).limit(RECENT)).all()


def of_inspection(session: Session, actor: Actor, inspection: Inspection) -> Sequence[Any]:
    """What called for this inspection."""
    calling = sa.and_(Trigger.organization_id == inspection.organization_id, Trigger.inspection_id == inspection.id)
    return session.execute(_rows().where(calling, visible(actor)).order_by(Trigger.id).limit(RECENT)).all()


def undecided_disappearance(session: Session, plan: TrainingPlan) -> Trigger | None:
    """The trigger that a notice of the plan's disappearance has raised and nobody has decided on."""
    statement = sa.select(Trigger).where(_disappearance_of(plan), Trigger.state == TriggerState.RECEIVED)
    return session.scalars(statement.order_by(Trigger.id).limit(1)).first()


def taken_up_by(session: Session, actor: Actor, notice: DifficultyNotice) -> Any:
    """The row of the trigger that this notice of a disappearance raised, else of that which was waiting then. None when
    it is out of the actor's scope."""
    by_then = sa.select(Trigger.id).where(_disappearance_of(notice.plan), Trigger.notice_id <= notice.id)
    latest = by_then.order_by(Trigger.notice_id.desc()).limit(1).scalar_subquery()
    return session.execute(_rows().where(Trigger.id == latest, visible(actor))).one_or_none()


def undecided(session: Session, actor: Actor) -> Undecided:
    statement = (
        sa.select(sa.func.count(), sa.func.min(Trigger.received_on))
        .select_from(Trigger)
        .join(Trigger.organization)
        .where(Trigger.state == TriggerState.RECEIVED, visible(actor))
    )
    return Undecided(*session.execute(statement).one())


def _of_plan(plan: TrainingPlan) -> sa.ColumnElement[bool]:
    return sa.and_(Trigger.organization_id == plan.implementing_organization_id, Trigger.plan_id == plan.id)


def _disappearance_of(plan: TrainingPlan) -> sa.ColumnElement[bool]:
    noted = sa.and_(Trigger.kind == TriggerKind.DISAPPEARANCE, Trigger.notice_id.is_not(None))
    return sa.and_(_of_plan(plan), noted)


def _rows() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*_COLUMNS)
        .join(Organization, Organization.id == Trigger.organization_id)
        .outerjoin(Inspection, Inspection.id == Trigger.inspection_id)
    )


def _conditions(actor: Actor, wanted: TriggerFilter) -> list[sa.ColumnElement[bool]]:
    conditions = [visible(actor)]
    pairs: list[tuple[Any, Any]] = [
        (wanted.kind, Trigger.kind),
        (wanted.state, Trigger.state),
        (wanted.office, Trigger.office_code),
    ]
    conditions += [column == value for value, column in pairs if value is not None]
    if wanted.q and (key := match_key(wanted.q)):
        by_number = Trigger.number.contains(plain_dashes(compact(wanted.q)).upper(), autoescape=True)
        conditions.append(sa.or_(Organization.name_key.contains(key, autoescape=True), by_number))
    conditions += between(Trigger.received_on, wanted.received_from, wanted.received_to)
    return conditions
