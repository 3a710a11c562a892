"""The rules of `due` as one SELECT over the whole register, for SQLite and PostgreSQL alike.

Which organizations are due is decided by comparing dates only; the few functions that compute a date differ between
the two databases and stand at the end.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from inspections.scheduling.due import held_off_since, latest_basis, rule_for
from inspections.scheduling.models import Inspection
from inspections.scheduling.states import OPEN_STATES, DueBasis, InspectionKind, InspectionState
from organizations.licenses.models import License
from organizations.licenses.states import LIVE_STATES
from organizations.register.models import Organization
from organizations.register.states import BusinessStatus, OrganizationKind, Scheme
from otit.law.cadence import CadenceRule, Interval


def candidates(
    kind: OrganizationKind, scheme: Scheme, as_of: date, scope: sa.ColumnElement[bool] | None = None
) -> sa.Select[Any] | None:
    """The organizations whose periodic inspection has to be planned on `as_of`: organization_id, office_code, name,
    due_on, cycle, due_basis, due_basis_on. `scope` is a condition on Organization. None when no cadence was in
    force."""
    rule = rule_for(kind, scheme, as_of)
    if rule is None:
        return None
    based = _based(kind, scheme, as_of).where(sa.true() if scope is None else scope).subquery("based")
    on = based.c.due_basis_on
    due_on, cycle = _due(on, rule)
    return sa.select(
        based.c.organization_id,
        based.c.office_code,
        based.c.name,
        due_on.label("due_on"),
        cycle.label("cycle"),
        based.c.due_basis,
        on,
    ).where(on <= latest_basis(as_of, rule))


def _based(kind: OrganizationKind, scheme: Scheme, as_of: date) -> sa.Select[Any]:
    """Each organization in business without an open periodic inspection, and what its period is counted from."""
    past = _past(scheme)
    starts: list[tuple[DueBasis, sa.ColumnElement[Any]]] = [(DueBasis.LAST_INSPECTION, past.c.last_completed_on)]
    origin = sa.join(Organization, past, past.c.organization_id == Organization.id, isouter=True)
    if kind is OrganizationKind.SUPERVISING:
        starts += [(DueBasis.LICENSED, License.__table__.c.licensed_on)]
        origin = origin.join(License, _live_license(scheme, as_of))
    else:
        starts += [
            (DueBasis.FIRST_TRAINING, Organization.__table__.c.first_training_on),
            (DueBasis.NOTIFIED, Organization.__table__.c.notified_on),
        ]
    created_on = day_in_japan(Organization.created_at)
    basis = sa.case(
        *((column.is_not(None), sa.literal(name, Inspection.due_basis.type)) for name, column in starts),
        else_=sa.literal(DueBasis.REGISTERED, Inspection.due_basis.type),
    )
    return (
        sa.select(
            Organization.id.label("organization_id"),
            Organization.office_code,
            Organization.name,
            basis.label("due_basis"),
            sa.func.coalesce(*(column for _name, column in starts), created_on, type_=sa.Date()).label("due_basis_on"),
        )
        .select_from(origin)
        .where(Organization.kind == kind, Organization.status == BusinessStatus.ACTIVE)
        .where(Organization.merged_into_id.is_(None))
        .where(sa.func.coalesce(past.c.open, 0) == 0)
        .where(sa.or_(past.c.last_cancelled_on.is_(None), past.c.last_cancelled_on < held_off_since(as_of)))
    )


def _past(scheme: Scheme) -> sa.Subquery:
    """One pass over the inspections: last done, last called off, whether a periodic one is open."""
    periodic = Inspection.kind == InspectionKind.PERIODIC
    done = sa.case((Inspection.state == InspectionState.DONE, Inspection.completed_on))
    cancelled = sa.case((sa.and_(Inspection.state == InspectionState.CANCELLED, periodic), Inspection.cancelled_on))
    is_open = sa.case((sa.and_(Inspection.state.in_(OPEN_STATES), periodic), 1), else_=0)
    return (
        sa.select(
            Inspection.organization_id,
            sa.func.max(done).label("last_completed_on"),
            sa.func.max(cancelled).label("last_cancelled_on"),
            sa.func.max(is_open).label("open"),
        )
        .where(Inspection.scheme == scheme)
        .group_by(Inspection.organization_id)
        .subquery("past")
    )


def _live_license(scheme: Scheme, as_of: date) -> sa.ColumnElement[bool]:
    """A licence that stands and has not run out, whether or not its expiry has been noted yet."""
    return sa.and_(
        License.organization_id == Organization.id,
        License.scheme == scheme,
        License.state.in_(LIVE_STATES),
        License.expires_on >= as_of,
    )


def _due(on: sa.ColumnElement[date], rule: CadenceRule) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    if rule.interval is Interval.FISCAL_YEARS:
        before_april = sa.case((sa.extract("month", on) < 4, 1), else_=0)
        year = sa.extract("year", on) - before_april + rule.count
        return end_of_fiscal_year(year), sa.literal("FY") + sa.cast(sa.cast(year, sa.Integer), sa.String)
    due_on = years_later(on, sa.literal_column(str(rule.count)))
    return due_on, iso_text(due_on)


# --- computing dates, where the two databases have no common words ----------------------------------------------------


class end_of_fiscal_year(FunctionElement[date]):  # noqa: N801 - reads as a function in SQL expressions
    """31 March that ends the fiscal year of that number."""

    type = sa.Date()
    inherit_cache = True


class years_later(FunctionElement[date]):  # noqa: N801
    """The same day so many years later; 28 February for a 29 February that does not exist."""

    type = sa.Date()
    inherit_cache = True


class day_in_japan(FunctionElement[date]):  # noqa: N801
    """The date in Japan of a stored moment. Nine hours, not a zone's name: a server may have no zone data."""

    type = sa.Date()
    inherit_cache = True


class iso_text(FunctionElement[str]):  # noqa: N801
    """A date as the text YYYY-MM-DD."""

    type = sa.String()
    inherit_cache = True


def _parts(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> list[str]:
    return [compiler.process(part, **options) for part in element.clauses]


@compiles(end_of_fiscal_year, "postgresql")
def _(element: FunctionElement[date], compiler: SQLCompiler, **options: Any) -> str:
    (year,) = _parts(element, compiler, **options)
    return f"make_date(({year})::int + 1, 3, 31)"


@compiles(end_of_fiscal_year, "sqlite")
def _(element: FunctionElement[date], compiler: SQLCompiler, **options: Any) -> str:
    (year,) = _parts(element, compiler, **options)
    return f"((({year}) + 1) || '-03-31')"


@compiles(years_later, "postgresql")
def _(element: FunctionElement[date], compiler: SQLCompiler, **options: Any) -> str:
    on, years = _parts(element, compiler, **options)
    return f"({on} + make_interval(years => {years}))::date"


@compiles(years_later, "sqlite")
def _(element: FunctionElement[date], compiler: SQLCompiler, **options: Any) -> str:
    # SQLite moves 29 February on to 1 March, so the last day of that month limits it.
    on, years = _parts(element, compiler, **options)
    moved = f"date({on}, '+{years} years')"
    last = f"date({on}, 'start of month', '+{years} years', '+1 months', '-1 days')"
    return f"CASE WHEN {on} LIKE '%-02-29' THEN min({moved}, {last}) ELSE {moved} END"


@compiles(day_in_japan, "postgresql")
def _(element: FunctionElement[date], compiler: SQLCompiler, **options: Any) -> str:
    (at,) = _parts(element, compiler, **options)
    return f"({at} AT TIME ZONE 'UTC' + interval '9 hours')::date"


@compiles(day_in_japan, "sqlite")
def _(element: FunctionElement[date], compiler: SQLCompiler, **options: Any) -> str:
    (at,) = _parts(element, compiler, **options)
    return f"date({at}, '+9 hours')"


@compiles(iso_text, "postgresql")
def _(element: FunctionElement[str], compiler: SQLCompiler, **options: Any) -> str:
    (on,) = _parts(element, compiler, **options)
    return f"to_char({on}, 'YYYY-MM-DD')"


@compiles(iso_text, "sqlite")
def _(element: FunctionElement[str], compiler: SQLCompiler, **options: Any) -> str:
    (on,) = _parts(element, compiler, **options)
    return on
