"""Reads for the home pages: figures and first rows, each within the reader's scope and in one statement.

The conditions are those of the lists behind the figures (`inspections.scheduling.queries`), so that a figure and its
list agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.scheduling.models import OPEN, Inspection
from inspections.scheduling.queries import visible
from inspections.scheduling.states import InspectionState
from inspections.violations.models import Violation
from inspections.violations.queries import OPEN_STATES as OPEN_VIOLATIONS
from inspections.violations.states import Authority
from organizations.register.models import Organization
from otit.auth.actors import Actor
from otit.auth.models import User
from otit.clock import fiscal_year, fiscal_year_range

SOON: Final = timedelta(days=30)
LATER: Final = timedelta(days=90)
SHOWN: Final = 6


@dataclass(frozen=True)
class Workload:
    """Open inspections by deadline: over, within 30 days, within 90 days, later. Of all of them, `unassigned` is how
    many nobody of the office has been assigned to, and `this_year` how many fall due within the fiscal year."""

    overdue: int
    soon: int
    next: int
    later: int
    unassigned: int
    this_year: int

    @property
    def open(self) -> int:
        return self.overdue + self.soon + self.next + self.later


def _workload(actor: Actor, today: date) -> list[Any]:
    due, count = Inspection.due_on, sa.func.count(Inspection.id)
    ours = sa.true() if actor.office_code is None else Inspection.office_code == actor.office_code
    return [
        count.filter(due < today),
        count.filter(due.between(today, today + SOON)),
        count.filter(due.between(today + SOON + timedelta(days=1), today + LATER)),
        count.filter(due > today + LATER),
        count.filter(Inspection.assigned_to_id.is_(None), ours),
        count.filter(due <= fiscal_year_range(fiscal_year(today))[1]),
    ]


def own_workload(session: Session, actor: Actor, today: date) -> Workload:
    """Of the inspections that are the actor's own."""
    statement = sa.select(*_workload(actor, today)).where(
        OPEN, visible(actor), Inspection.assigned_to_id == actor.user_id
    )
    return Workload(*session.execute(statement).one())


def by_office(session: Session, actor: Actor, today: date) -> list[tuple[str, Workload]]:
    """By the inspecting office, in the order of the codes; offices without open inspections are left out."""
    columns: list[Any] = [Inspection.office_code, *_workload(actor, today)]
    statement = sa.select(*columns).where(OPEN, visible(actor)).group_by(Inspection.office_code)
    rows = session.execute(statement.order_by(Inspection.office_code))
    return [(office, Workload(*figures)) for office, *figures in rows]


def by_inspector(session: Session, actor: Actor, today: date) -> list[tuple[str | None, Workload]]:
    """By the assigned inspector's name, most overdue first; None is what nobody has been assigned to."""
    columns: list[Any] = [User.display_name, *_workload(actor, today)]
    overdue = sa.func.count(Inspection.id).filter(Inspection.due_on < today)
    statement = (
        sa.select(*columns)
        .select_from(Inspection)
        .outerjoin(User, User.id == Inspection.assigned_to_id)
        .where(OPEN, visible(actor))
        .group_by(User.id, User.display_name)
        .order_by(overdue.desc(), User.id.is_(None), User.id)
    )
    return [(name, Workload(*figures)) for name, *figures in session.execute(statement)]


def total(groups: Sequence[tuple[Any, Workload]]) -> Workload:
    columns = zip(*(astuple(load) for _name, load in groups), strict=True)
    return Workload(*map(sum, columns)) if groups else Workload(0, 0, 0, 0, 0, 0)


def _rows() -> sa.Select[Any]:
    columns: list[Any] = [
        Inspection.id,
        Inspection.number,
        Inspection.due_on,
        Inspection.state,
        Inspection.planned_on,
        Inspection.office_code,
        Inspection.bureau_code,
        Organization.name.label("organization"),
        User.display_name.label("assignee"),
    ]
    statement = sa.select(*columns).join(Organization, Organization.id == Inspection.organization_id)
    return statement.outerjoin(User, User.id == Inspection.assigned_to_id)


def own_due(session: Session, actor: Actor, today: date, limit: int = SHOWN) -> Sequence[Any]:
    """The actor's own inspections that are over or due within 30 days, and not to be visited today."""
    elsewhere = sa.or_(Inspection.planned_on.is_(None), Inspection.planned_on != today)
    statement = _rows().where(
        OPEN, visible(actor), Inspection.assigned_to_id == actor.user_id, Inspection.due_on <= today + SOON, elsewhere
    )
    return session.execute(statement.order_by(Inspection.due_on, Inspection.id).limit(limit)).all()


def most_overdue(session: Session, actor: Actor, today: date, limit: int = SHOWN) -> Sequence[Any]:
    statement = _rows().where(OPEN, visible(actor), Inspection.due_on < today)
    return session.execute(statement.order_by(Inspection.due_on, Inspection.id).limit(limit)).all()


def left_open(session: Session, actor: Actor, organization_ids: Sequence[int]) -> Mapping[int, Sequence[Any]]:
    """{organization: OTIT's violations of earlier inspections that are not closed}, the oldest first: what the
    inspector has to ask about at the door."""
    statement = (
        sa.select(
            Inspection.organization_id,
            Violation.provision_code,
            Violation.provision_from,
            Violation.fact_on,
            Violation.state,
        )
        .join(Inspection, Inspection.id == Violation.inspection_id)
        .where(
            Inspection.organization_id.in_(organization_ids),
            Violation.authority == Authority.OTIT,
            Violation.state.in_(OPEN_VIOLATIONS),
            visible(actor),
        )
        .order_by(Inspection.organization_id, Violation.fact_on, Violation.id)
        .limit(100)
    )
    found: dict[int, list[Any]] = {}
    for row in session.execute(statement):
        found.setdefault(row.organization_id, []).append(row)
    return found


def done_by_month(session: Session, actor: Actor, today: date) -> list[tuple[int, int | None]]:
    """(month, inspections done) from April to March of the present fiscal year; None for months still to come."""
    first, last = fiscal_year_range(fiscal_year(today))
    month = sa.extract("month", Inspection.completed_on)
    statement = (
        sa.select(month, sa.func.count(Inspection.id))
        .where(visible(actor), Inspection.state == InspectionState.DONE, Inspection.completed_on.between(first, last))
        .group_by(month)
        .order_by(month)
    )
    counts = {int(key): count for key, count in session.execute(statement)}
    months = [(first.month - 1 + step) % 12 + 1 for step in range(12)]
    gone = months[: months.index(today.month) + 1]
    return [(key, counts.get(key, 0) if key in gone else None) for key in months]
