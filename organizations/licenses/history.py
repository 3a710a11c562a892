"""Reading and writing the terms of licences: one at a time for acts, set by set for imports."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.licenses.models import License, LicenseTerm
from organizations.licenses.states import LicenseClass
from organizations.licenses.terms import History, Term, followed

# The columns of a licence that its terms repeat.
TERM_FIELDS = frozenset({"license_class", "licensed_on", "expires_on"})

_TERMS = cast(sa.Table, LicenseTerm.__table__)


def history_of(session: Session, license_id: int) -> list[Term]:
    """The terms of one licence, the first one first."""
    return [_term(row) for row in _rows(session, license_id)]


def write_history(session: Session, license: License, history: History) -> None:
    """Make the terms of the licence these, and let its class and last valid day follow the last one. Rows are told
    apart by the day on which they begin."""
    rows = {row.starts_on: row for row in _rows(session, license.id)}
    for term in history:
        row = rows.pop(term.starts_on, None)
        if row is None:
            session.add(LicenseTerm(license_id=license.id, **_columns(term)))
        elif _term(row) != term:
            row.license_class, row.ends_on, row.ground = term.license_class, term.ends_on, term.ground
    for gone in rows.values():
        session.delete(gone)
    license.license_class, license.expires_on = history[-1].license_class, history[-1].ends_on


def follow_licenses(session: Session, license_ids: Collection[int], on: date) -> None:
    """After licences were written set by set: bring their terms to what each licence is now. Four statements, however
    many licences."""
    ids = sorted(license_ids)
    if not ids:
        return
    table = cast(sa.Table, License.__table__).c
    licenses = session.execute(
        sa.select(table.id, table.license_class, table.licensed_on, table.expires_on).where(table.id.in_(ids))
    ).all()
    histories: dict[int, list[Term]] = defaultdict(list)
    terms = sa.select(_TERMS).where(_TERMS.c.license_id.in_(ids)).order_by(_TERMS.c.license_id, _TERMS.c.starts_on)
    for row in session.execute(terms):
        histories[row.license_id].append(_term(row))
    new: dict[int, Sequence[Term]] = {
        row.id: followed(histories[row.id], row.license_class, row.licensed_on, row.expires_on, on) for row in licenses
    }
    moved = {key: history for key, history in new.items() if history != histories[key]}
    if moved:
        session.execute(sa.delete(_TERMS).where(_TERMS.c.license_id.in_(list(moved))))
        rows = [{"license_id": key, **_columns(term)} for key, history in moved.items() for term in history]
        session.execute(sa.insert(_TERMS), rows)


def _rows(session: Session, license_id: int) -> Sequence[LicenseTerm]:
    statement = sa.select(LicenseTerm).where(LicenseTerm.license_id == license_id).order_by(LicenseTerm.starts_on)
    return session.scalars(statement).all()


def _term(row: LicenseTerm | sa.Row[tuple[object, ...]]) -> Term:
    license_class: LicenseClass = row.license_class
    return Term(license_class, row.starts_on, row.ends_on, row.ground)


def _columns(term: Term) -> dict[str, object]:
    return {
        "license_class": term.license_class,
        "starts_on": term.starts_on,
        "ends_on": term.ends_on,
        "ground": term.ground,
    }
