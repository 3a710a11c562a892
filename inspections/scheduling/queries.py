"""Reads of inspections. Who sees one: the office in charge of the organization, the inspecting office, headquarters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from inspections.scheduling.models import OPEN, Inspection
from inspections.scheduling.states import DueBasis, InspectionKind, InspectionState
from organizations.register.matching import named
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.auth.actors import Actor
from otit.auth.models import User
from otit.auth.permissions import Role
from otit.auth.scope import within_offices
from otit.errors import NotFound
from otit.labels import Labelled
from otit.places import full_address
from otit.sql import among, between
from otit.text import N_, compact, match_key, plain_dashes
from otit.web.paging import Listing

RECENT = 10

LIST_COLUMNS: tuple[Any, ...] = (
    Inspection.id,
    Inspection.number,
    Inspection.due_on,
    Inspection.due_basis,
    Inspection.due_basis_on,
    Inspection.state,
    Inspection.office_code,
    Inspection.planned_on,
    Inspection.bureau_code,
    Inspection.organization_id,
    Organization.name.label("organization_name"),
    User.display_name.label("assignee"),
)


class Charge(Labelled):
    """Whose inspections a list shows."""

    MINE = "mine", N_("自分の担当")
    MINE_OR_FREE = "mine_or_free", N_("自分の担当と担当未定")
    FREE = "free", N_("担当未定")


@dataclass(frozen=True)
class InspectionFilter:
    """None or False means any. `open` are planned, assigned and in progress; `due_from` and `due_to` are inclusive, and
    so are the ids `first` and `last`: what one run of the schedule has planned."""

    q: str | None = None
    charge: Charge | None = None
    office: str | None = None
    kind: InspectionKind | None = None
    organization_kind: OrganizationKind | None = None
    state: InspectionState | None = None
    open: bool = False
    overdue: bool = False
    joint: bool = False
    due_from: date | None = None
    due_to: date | None = None
    first: int | None = None
    last: int | None = None


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    return within_offices(actor, Inspection.office_code, Inspection.owner_office_code)


def get_inspection(session: Session, actor: Actor, inspection_id: int) -> Inspection:
    """With its organization and the inspector. Raises NotFound, also when it is out of the actor's scope."""
    statement = (
        sa.select(Inspection)
        .join(Inspection.organization)
        .options(contains_eager(Inspection.organization), joinedload(Inspection.assigned_to))
        .where(Inspection.id == inspection_id, visible(actor))
    )
    found = session.scalar(statement)
    if found is None:
        raise NotFound()
    return found


@lru_cache(maxsize=256)
def inspection_list(actor: Actor, wanted: InspectionFilter, today: date) -> Listing:
    """Rows by due date, each LIST_COLUMNS and the two sort keys."""
    statement = (
        sa.select(*LIST_COLUMNS)
        .join(Organization, Organization.id == Inspection.organization_id)
        .outerjoin(User, User.id == Inspection.assigned_to_id)
        .where(*_conditions(actor, wanted, today))
    )
    charges = (Charge.MINE, Charge.FREE) if wanted.charge is Charge.MINE_OR_FREE else (wanted.charge,)
    parts = [_to_count(actor, replace(wanted, charge=charge), today) for charge in charges]
    return Listing(statement, (Inspection.due_on, Inspection.id), parts=parts)


def _to_count(actor: Actor, wanted: InspectionFilter, today: date) -> sa.Select[Any]:
    """In the order of the list, so that it is counted along the same index; what a person has and what nobody has yet
    have an index of their own."""
    rows: sa.Select[Any] = sa.select(sa.literal(1)).select_from(Inspection)
    if wanted.organization_kind:
        rows = rows.join(Organization, Organization.id == Inspection.organization_id)
    rows = rows.where(*_conditions(actor, wanted, today))
    return rows if wanted.charge else rows.order_by(Inspection.due_on, Inspection.id)


@dataclass(frozen=True)
class PlannedVisit:
    """What is shown of an open inspection on the day of its visit, with where to go."""

    id: int
    state: InspectionState
    due_on: date
    due_basis: DueBasis
    due_basis_on: date
    cycle: str | None
    demand: str | None
    announced: bool
    bureau_code: str | None
    organization_id: int
    organization_name: str
    prefecture_code: str
    address: str
    phone: str | None

    @property
    def full_address(self) -> str:
        return full_address(self.prefecture_code, self.address)


def planned_for(session: Session, actor: Actor, day: date) -> Sequence[PlannedVisit]:
    """The actor's own open inspections with a visit planned for that day, by place."""
    return [PlannedVisit(*row) for row in session.connection().execute(_planned_for(actor, day)).all()]


@lru_cache(maxsize=256)
def _planned_for(actor: Actor, day: date) -> sa.Select[*tuple[Any, ...]]:
    columns: tuple[Any, ...] = (
        Inspection.id,
        Inspection.state,
        Inspection.due_on,
        Inspection.due_basis,
        Inspection.due_basis_on,
        Inspection.cycle,
        Inspection.demand,
        Inspection.announced,
        Inspection.bureau_code,
        Organization.id.label("organization_id"),
        Organization.name,
        Organization.prefecture_code,
        Organization.address,
        Organization.phone,
    )
    return (
        sa.select(*columns)
        .join(Organization, Organization.id == Inspection.organization_id)
        .where(Inspection.assigned_to_id == actor.user_id, OPEN, Inspection.planned_on == day, visible(actor))
        .order_by(Organization.prefecture_code, Organization.address_key, Inspection.id)
        .limit(RECENT)
    )


def of_organization(session: Session, actor: Actor, organization_id: int) -> Sequence[Inspection]:
    """The latest few of one organization: open ones first, then by the day they were done or called off."""
    ended = sa.func.coalesce(Inspection.completed_on, Inspection.cancelled_on)
    statement = (
        sa.select(Inspection)
        .where(Inspection.organization_id == organization_id, visible(actor))
        .options(joinedload(Inspection.assigned_to))
        .order_by(ended.is_not(None), ended.desc(), Inspection.due_on.desc(), Inspection.id.desc())
        .limit(RECENT)
    )
    return session.scalars(statement).all()


def previous_done(session: Session, actor: Actor, inspection: Inspection) -> Inspection | None:
    """The organization's last inspection that was done before this one."""
    conditions = [
        Inspection.organization_id == inspection.organization_id,
        Inspection.state == InspectionState.DONE,
        Inspection.id != inspection.id,
        visible(actor),
    ]
    if inspection.completed_on is not None:
        conditions.append(Inspection.completed_on <= inspection.completed_on)
    latest = sa.select(Inspection).where(*conditions).order_by(Inspection.completed_on.desc(), Inspection.id.desc())
    return session.scalars(latest.limit(1)).first()


def due_and_last(session: Session, actor: Actor, ids: Sequence[int]) -> Mapping[int, tuple[date | None, date | None]]:
    """{organization id: (earliest due date of what is open, day of the last inspection done)}. One statement."""
    rows = session.connection().execute(_due_and_last(actor), {"ids": list(ids)}).all()
    return {key: (due_on, last) for key, due_on, last in rows}


@lru_cache(maxsize=256)
def _due_and_last(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Inspection.organization_id,
            sa.func.min(sa.case((OPEN, Inspection.due_on))),
            sa.func.max(Inspection.completed_on),
        )
        .where(among(Inspection.organization_id, "ids"), visible(actor))
        .group_by(Inspection.organization_id)
        .order_by(Inspection.organization_id)
    )


def inspectors_of(session: Session, office_code: str) -> Sequence[User]:
    """The active inspectors of an office, by name."""
    statement = sa.select(User).where(User.role == Role.INSPECTOR, User.office_code == office_code, User.active)
    return session.scalars(statement.order_by(User.display_name, User.id)).all()


def _conditions(actor: Actor, wanted: InspectionFilter, today: date) -> list[sa.ColumnElement[bool]]:
    pairs: list[tuple[Any, Any]] = [
        (wanted.office, Inspection.office_code),
        (wanted.kind, Inspection.kind),
        (wanted.organization_kind, Organization.kind),
        (wanted.state, Inspection.state),
    ]
    switches = [
        (wanted.open or wanted.overdue, OPEN),
        (wanted.overdue, Inspection.due_on < today),
        (wanted.joint, Inspection.bureau_code.is_not(None)),
    ]
    conditions = [visible(actor)]
    conditions += [column == value for value, column in pairs if value is not None]
    conditions += [condition for wish, condition in switches if wish]
    return conditions + _charge(actor, wanted.charge) + _bounds(wanted) + _search(wanted.q or "")


def _charge(actor: Actor, charge: Charge | None) -> list[sa.ColumnElement[bool]]:
    """What nobody has yet counts for the actor's own office only; for headquarters, anywhere."""
    assignee = Inspection.assigned_to_id
    here = sa.true() if actor.office_code is None else Inspection.office_code == actor.office_code
    if charge is Charge.MINE:
        return [assignee == actor.user_id]
    if charge is Charge.FREE:
        return [assignee.is_(None), here]
    if charge is Charge.MINE_OR_FREE:
        # coalesce() keeps SQLite from reading through two indexes and sorting; PostgreSQL estimates the IS NULL well.
        return [sa.or_(sa.and_(assignee.is_(None), here), sa.func.coalesce(assignee, 0) == actor.user_id)]
    return []


def _bounds(wanted: InspectionFilter) -> list[sa.ColumnElement[bool]]:
    due = between(Inspection.due_on, wanted.due_from, wanted.due_to)
    return due + between(Inspection.id, wanted.first, wanted.last)


def _search(text: str) -> list[sa.ColumnElement[bool]]:
    """Part of an inspection's number (26-11-000123) or of the organization's name."""
    if not text:
        return []
    written = plain_dashes(compact(text))
    if written and set(written) <= set("0123456789-"):
        return [Inspection.number.contains(written, autoescape=True)]
    key = match_key(text)
    return [Inspection.organization_id.in_(sa.select(Organization.id).where(named(key)))] if key else []
