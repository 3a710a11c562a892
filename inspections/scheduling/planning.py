"""Planning the periodic inspections that are due: one INSERT … SELECT for each kind of organization.

The counter's row is locked first. Whoever comes second waits there, then finds the inspections of the first and adds
nothing; so numbers have no gap and no organization gets two. The partial unique index stands behind it.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.scheduling.due_sql import candidates
from inspections.scheduling.models import Inspection
from inspections.scheduling.services import COUNTER, NATIONWIDE
from inspections.scheduling.states import DueBasis, InspectionKind, InspectionState
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind, Scheme
from otit.audit.trail import record_bulk
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.auth.scope import within_offices
from otit.clock import fiscal_year
from otit.numbering import next_number

SAMPLE_SIZE = 20


@dataclass(frozen=True)
class Sample:
    """One organization for which an inspection would be planned."""

    organization_id: int
    name: str
    kind: OrganizationKind
    office_code: str
    due_on: date
    cycle: str
    basis: DueBasis
    basis_on: date


@dataclass
class ScheduleResult:
    """What was planned, or would be: counts by (office, kind of organization). `overdue` of them were due before
    `as_of`; `sample` holds the first by due date, of a dry run only. `first` and `last` are the ids of what was
    planned: everything between is of this run, because whoever adds an inspection waits for the counter."""

    as_of: date
    dry_run: bool
    counts: Counter[tuple[str, OrganizationKind]] = field(default_factory=Counter)
    overdue: int = 0
    sample: list[Sample] = field(default_factory=list)
    first: int | None = None
    last: int | None = None

    @property
    def total(self) -> int:
        return self.counts.total()

    def of_kind(self, kind: OrganizationKind) -> int:
        return sum(count for (_office, of), count in self.counts.items() if of is kind)

    def by_office(self) -> list[tuple[str, dict[OrganizationKind, int]]]:
        offices = sorted({office for office, _kind in self.counts})
        return [(office, {kind: self.counts[office, kind] for kind in OrganizationKind}) for office in offices]


def schedule(
    session: Session,
    actor: Actor,
    *,
    as_of: date,
    now: datetime,
    dry_run: bool = False,
    scheme: Scheme = Scheme.TECHNICAL_INTERN_TRAINING,
) -> ScheduleResult:
    """Plan every periodic inspection that is due to be planned up to `as_of`, in all offices: a second run adds
    nothing, a missed night is made up. A dry run changes nothing, and tells of the actor's offices only."""
    actor.require(Permission.RUN_SCHEDULE)
    if dry_run:
        return _foresee(session, actor, as_of, scheme)
    result = ScheduleResult(as_of, dry_run=False)
    year = fiscal_year(as_of)
    first = next_number(session, COUNTER, NATIONWIDE, year, count=0)
    ids: list[int] = []
    for kind in OrganizationKind:
        source = candidates(kind, scheme, as_of)
        if source is None:
            continue
        values = _rows(source, scheme, year, first + len(ids), now, actor)
        made = session.execute(_insert(values, as_of)).all()
        ids += [row.id for row in made]
        result.counts.update((row.owner_office_code, kind) for row in made)
        result.overdue += sum(row.overdue for row in made)
    if ids:
        result.first, result.last = min(ids), max(ids)
        next_number(session, COUNTER, NATIONWIDE, year, count=len(ids))
        record_bulk(
            session, actor, "inspection.scheduled", Inspection.__tablename__, ids, as_of=as_of, overdue=result.overdue
        )
    return result


def _rows(
    source: sa.Select[Any], scheme: Scheme, year: int, first: int, now: datetime, actor: Actor
) -> dict[str, sa.ColumnElement[Any]]:
    due = source.subquery("due")
    rank = sa.func.row_number().over(order_by=(due.c.due_on, due.c.organization_id))
    # 1000000 + n without its first digit: six digits with leading zeros, in words both databases know.
    digits = sa.func.substr(sa.cast(rank + (1_000_000 + first - 1), sa.String), 2)
    table = Inspection.__table__.c
    return {
        "number": sa.literal(f"{year % 100:02d}-") + due.c.office_code + sa.literal("-") + digits,
        "scheme": sa.literal(scheme, table.scheme.type),
        "organization_id": due.c.organization_id,
        "kind": sa.literal(InspectionKind.PERIODIC, table.kind.type),
        "cycle": due.c.cycle,
        "due_on": due.c.due_on,
        "due_basis": due.c.due_basis,
        "due_basis_on": due.c.due_basis_on,
        "state": sa.literal(InspectionState.PLANNED, table.state.type),
        "owner_office_code": due.c.office_code,
        "office_code": due.c.office_code,
        "announced": sa.true(),
        "created_at": sa.literal(now, table.created_at.type),
        "created_by": sa.literal(actor.audit_name),
        "version": sa.literal(1),
    }


def _insert(values: dict[str, sa.ColumnElement[Any]], as_of: date) -> Any:
    overdue = sa.case((Inspection.due_on < as_of, 1), else_=0).label("overdue")
    return (
        sa.insert(Inspection)
        .from_select(list(values), sa.select(*values.values()), include_defaults=False)
        .returning(Inspection.id, Inspection.owner_office_code, overdue)
    )


def _foresee(session: Session, actor: Actor, as_of: date, scheme: Scheme) -> ScheduleResult:
    result = ScheduleResult(as_of, dry_run=True)
    for kind in OrganizationKind:
        source = candidates(kind, scheme, as_of, within_offices(actor, Organization.office_code))
        if source is None:
            continue
        due = source.subquery("due")
        overdue = sa.func.sum(sa.case((due.c.due_on < as_of, 1), else_=0))
        for office, count, late in session.execute(
            sa.select(due.c.office_code, sa.func.count(), overdue).group_by(due.c.office_code)
        ):
            result.counts[office, kind] = count
            result.overdue += late
        first = sa.select(due).order_by(due.c.due_on, due.c.organization_id).limit(SAMPLE_SIZE)
        result.sample += [_sample(row, kind) for row in session.execute(first)]
    result.sample = sorted(result.sample, key=lambda row: (row.due_on, row.organization_id))[:SAMPLE_SIZE]
    return result


def _sample(row: sa.Row[Any], kind: OrganizationKind) -> Sample:
    return Sample(
        row.organization_id,
        row.name,
        kind,
        row.office_code,
        row.due_on,
        row.cycle,
        row.due_basis,
        row.due_basis_on,
    )
