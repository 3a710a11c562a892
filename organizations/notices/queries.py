"""Reads of difficulty notices. Who sees one: the offices in charge of the plan's organizations, and headquarters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager

from organizations.notices.models import DifficultyNotice
from organizations.notices.states import DifficultyReason
from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from otit.auth.actors import Actor
from otit.auth.scope import within_offices
from otit.errors import NotFound
from otit.sql import between
from otit.text import match_key
from otit.web.paging import Listing

Implementing = aliased(Organization, name="implementing")
Supervising = aliased(Organization, name="supervising")


@dataclass(frozen=True)
class NoticeFilter:
    """None means any. `organization_name` is part of the name of either organization of the plan."""

    organization_name: str | None = None
    reason: DifficultyReason | None = None
    office: str | None = None
    notified_from: date | None = None
    notified_to: date | None = None


def get_notice(session: Session, actor: Actor, notice_id: int) -> DifficultyNotice:
    """With its plan and the organizations of that. Raises NotFound, also when it is out of the actor's scope."""
    statement = (
        _joined(sa.select(DifficultyNotice))
        .where(DifficultyNotice.id == notice_id, _visible(actor))
        .options(
            contains_eager(DifficultyNotice.plan).options(
                contains_eager(TrainingPlan.implementing_organization.of_type(Implementing)),
                contains_eager(TrainingPlan.supervising_organization.of_type(Supervising)),
            )
        )
    )
    notice: DifficultyNotice | None = session.scalar(statement)
    if notice is None:
        raise NotFound()
    return notice


@lru_cache(maxsize=256)
def notice_list(actor: Actor, wanted: NoticeFilter) -> Listing:
    """Rows, the latest notice first."""
    statement = _joined(
        sa.select(
            DifficultyNotice.id,
            DifficultyNotice.reason,
            DifficultyNotice.notifier,
            DifficultyNotice.occurred_on,
            DifficultyNotice.notified_on,
            TrainingPlan.id.label("plan_id"),
            TrainingPlan.number,
            Implementing.name.label("implementing_name"),
            Supervising.name.label("supervising_name"),
        )
    ).where(*_conditions(actor, wanted))
    return Listing(statement, (DifficultyNotice.notified_on, DifficultyNotice.id), descending=True)


def of_plan(session: Session, plan_id: int) -> Sequence[DifficultyNotice]:
    """The latest first."""
    statement = sa.select(DifficultyNotice).where(DifficultyNotice.plan_id == plan_id)
    return session.scalars(statement.order_by(DifficultyNotice.notified_on.desc(), DifficultyNotice.id.desc())).all()


def _joined(statement: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    return (
        statement.join(TrainingPlan, TrainingPlan.id == DifficultyNotice.plan_id)
        .join(Implementing, Implementing.id == TrainingPlan.implementing_organization_id)
        .outerjoin(Supervising, Supervising.id == TrainingPlan.supervising_organization_id)
    )


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    return within_offices(actor, Implementing.office_code, Supervising.office_code)


def _conditions(actor: Actor, wanted: NoticeFilter) -> list[sa.ColumnElement[bool]]:
    conditions = [_visible(actor)]
    if wanted.reason is not None:
        conditions.append(DifficultyNotice.reason == wanted.reason)
    if wanted.office is not None:
        conditions.append(Implementing.office_code == wanted.office)
    if wanted.organization_name and (key := match_key(wanted.organization_name)):
        names = (Implementing.name_key, Supervising.name_key)
        conditions.append(sa.or_(*(name.contains(key, autoescape=True) for name in names)))
    conditions += between(DifficultyNotice.notified_on, wanted.notified_from, wanted.notified_to)
    return conditions
