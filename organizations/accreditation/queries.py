"""Reads of applications and changes. Who sees them: the offices in charge of either organization, and headquarters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from organizations.accreditation.models import PlanApplication, PlanChange
from organizations.accreditation.states import ApplicationState, ChangeState
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanCategory
from organizations.register.models import Organization
from organizations.register.queries import begins_with
from organizations.register.searching import read_term
from organizations.sending.models import SendingOrganization
from otit.auth.actors import Actor
from otit.auth.scope import within_offices
from otit.errors import NotFound
from otit.sql import between
from otit.text import match_key
from otit.web.paging import Listing

RECENT = 10

Implementing = aliased(Organization, name="implementing")
Supervising = aliased(Organization, name="supervising")


@dataclass(frozen=True)
class ApplicationFilter:
    """None means any. `number` may be the beginning of one; `organization_name` is part of the name of either body."""

    number: str | None = None
    organization_name: str | None = None
    category: PlanCategory | None = None
    state: ApplicationState | None = None
    office: str | None = None
    applied_from: date | None = None
    applied_to: date | None = None


def get_application(session: Session, actor: Actor, application_id: int) -> PlanApplication:
    """With its organizations. Raises NotFound, also when it is out of the actor's scope."""
    statement = (
        _joined(sa.select(PlanApplication), PlanApplication)
        .where(PlanApplication.id == application_id, _visible(actor))
        .options(
            contains_eager(PlanApplication.implementing_organization.of_type(Implementing)),
            contains_eager(PlanApplication.supervising_organization.of_type(Supervising)),
            joinedload(PlanApplication.sending_organization),
        )
    )
    application: PlanApplication | None = session.scalar(statement)
    if application is None:
        raise NotFound()
    return application


def get_change(session: Session, actor: Actor, change_id: int) -> PlanChange:
    """With its plan and the organizations of that. Raises NotFound, also when it is out of the actor's scope."""
    statement = (
        _joined(sa.select(PlanChange).join(PlanChange.plan), TrainingPlan)
        .where(PlanChange.id == change_id, _visible(actor))
        .options(
            contains_eager(PlanChange.plan).options(
                contains_eager(TrainingPlan.implementing_organization.of_type(Implementing)),
                contains_eager(TrainingPlan.supervising_organization.of_type(Supervising)),
                joinedload(TrainingPlan.sending_organization),
            )
        )
    )
    change: PlanChange | None = session.scalar(statement)
    if change is None:
        raise NotFound()
    return change


@lru_cache(maxsize=256)
def application_list(actor: Actor, wanted: ApplicationFilter) -> Listing:
    """Rows, the latest application first."""
    statement = _joined(
        sa.select(
            PlanApplication.id,
            PlanApplication.number,
            PlanApplication.category,
            PlanApplication.state,
            PlanApplication.applied_on,
            PlanApplication.starts_on,
            PlanApplication.decided_on,
            Implementing.name.label("implementing_name"),
            Supervising.name.label("supervising_name"),
        ),
        PlanApplication,
    ).where(*_conditions(actor, wanted))
    return Listing(statement, (PlanApplication.applied_on, PlanApplication.id), descending=True)


def of_organization(session: Session, actor: Actor, organization_id: int) -> Sequence[Any]:
    """The latest few of one body, in either role."""
    either = (PlanApplication.implementing_organization_id, PlanApplication.supervising_organization_id)
    statement = (
        _joined(
            sa.select(
                PlanApplication.id,
                PlanApplication.number,
                PlanApplication.category,
                PlanApplication.state,
                PlanApplication.applied_on,
                PlanApplication.starts_on,
            ),
            PlanApplication,
        )
        .where(sa.or_(*(column == organization_id for column in either)), _visible(actor))
        .order_by(PlanApplication.applied_on.desc(), PlanApplication.id.desc())
        .limit(RECENT)
    )
    return session.execute(statement).all()


def application_of_plan(session: Session, plan_id: int) -> PlanApplication | None:
    """The application that led to the plan; None for imported plans."""
    return session.scalar(sa.select(PlanApplication).where(PlanApplication.plan_id == plan_id))


def changes_of_plan(session: Session, plan_id: int) -> Sequence[PlanChange]:
    """The latest first."""
    statement = sa.select(PlanChange).where(PlanChange.plan_id == plan_id)
    return session.scalars(statement.order_by(PlanChange.applied_on.desc(), PlanChange.id.desc())).all()


def open_change(session: Session, plan_id: int) -> PlanChange | None:
    """The application for a change that is not decided yet; at most one exists."""
    return session.scalar(
        sa.select(PlanChange).where(PlanChange.plan_id == plan_id, PlanChange.state == ChangeState.APPLIED)
    )


def names_of(
    session: Session, organizations: Iterable[int], senders: Iterable[int]
) -> tuple[dict[int, str], dict[int, str]]:
    """{id: name} of bodies that changes name by id, once for each kind that is asked for."""
    found: list[dict[int, str]] = []
    for model, ids in ((Organization, set(organizations)), (SendingOrganization, set(senders))):
        columns: Any = sa.select(model.id, model.name).where(model.id.in_(ids)).order_by(model.id)
        found.append(dict(session.execute(columns).all()) if ids else {})
    return found[0], found[1]


def _joined(statement: sa.Select[*tuple[Any, ...]], model: Any) -> sa.Select[*tuple[Any, ...]]:
    return statement.join(Implementing, Implementing.id == model.implementing_organization_id).outerjoin(
        Supervising, Supervising.id == model.supervising_organization_id
    )


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    return within_offices(actor, Implementing.office_code, Supervising.office_code)


def _conditions(actor: Actor, wanted: ApplicationFilter) -> list[sa.ColumnElement[bool]]:
    conditions = [_visible(actor)]
    pairs: list[tuple[Any, Any]] = [
        (wanted.category, PlanApplication.category),
        (wanted.state, PlanApplication.state),
        (wanted.office, Implementing.office_code),
    ]
    conditions += [column == value for value, column in pairs if value is not None]
    if wanted.number:
        digits = read_term(wanted.number).digits
        conditions.append(begins_with(PlanApplication.number, digits, "認") if digits else sa.false())
    if wanted.organization_name and (key := match_key(wanted.organization_name)):
        names = (Implementing.name_key, Supervising.name_key)
        conditions.append(sa.or_(*(name.contains(key, autoescape=True) for name in names)))
    conditions += between(PlanApplication.applied_on, wanted.applied_from, wanted.applied_to)
    return conditions
