"""Putting assessed rows into the register, a chunk at a time and set by set: a few statements, however many rows.

What is written is what the preview showed: for a new record the facts of its row, for a changed one the new values of
its changes. Versions go up by one, so that whoever has the record open in a form is told.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from imports.batches import implementing, occupations, plans, supervising
from imports.batches.held_licenses import LICENSE_FIELDS
from imports.batches.renames import keep_former_names, last_day
from imports.batches.states import ImportKind, Verdict
from organizations.licenses.history import TERM_FIELDS, follow_licenses
from organizations.licenses.models import License, LicenseCountry, LicenseOccupation
from organizations.licenses.states import LicenseState
from organizations.occupations.codes import sort_key
from organizations.occupations.models import Occupation
from organizations.plans.models import TrainingPlan
from organizations.plans.services import note_first_training
from organizations.plans.states import PlanState
from organizations.register.details import derive
from organizations.register.models import FormerName, Organization
from organizations.register.states import BusinessStatus, OrganizationKind, Scheme
from otit.clock import today
from otit.text import phone_key

Values = Mapping[str, Any]

ORGANIZATIONS = cast(sa.Table, Organization.__table__)
LICENSES = cast(sa.Table, License.__table__)
PLANS = cast(sa.Table, TrainingPlan.__table__)
OCCUPATIONS = cast(sa.Table, Occupation.__table__)

_DERIVED = ("name_key", "kana_key", "address_key", "phone_key", "office_code")
_BODY = tuple(dict.fromkeys((*supervising.NAMES, *implementing.NAMES, "status", *_DERIVED)))
_LICENSE = ("license_class", "licensed_on", "expires_on", "handles_care")
_REFERENCES = ("implementing_organization_id", "supervising_organization_id", "sending_organization_id")
_PLAN = (*plans.NAMES, *_REFERENCES)
# A plan bears the office of each of its bodies: {reference: the column for the office}.
_OFFICES = {
    "implementing_organization_id": "implementing_office_code",
    "supervising_organization_id": "supervising_office_code",
}


@dataclass(slots=True)
class Work:
    """A row to be written: `values` and `changes` with their types (new values only), ids as known so far."""

    row_id: int
    verdict: Verdict
    values: Values
    changes: Values
    target_id: int | None
    license_id: int | None


@dataclass
class Written:
    """Ids per table, for the audit trail."""

    added: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    changed: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def write_chunk(
    session: Session, kind: ImportKind, rows: Sequence[Work], written: Written, *, as_of: date | None, now: datetime
) -> None:
    """Write the rows and fill in the ids of what was added. The caller has made sure that nothing stands against it.
    `as_of` is the day of the list."""
    if kind is ImportKind.PLANS:
        _write_plans(session, rows, written)
        return
    if kind is ImportKind.OCCUPATIONS:
        _write_occupations(session, rows, written)
        return
    of_kind = OrganizationKind.SUPERVISING if kind is ImportKind.SUPERVISING else OrganizationKind.IMPLEMENTING
    _write_bodies(session, of_kind, rows, now, written, last_day(as_of, today(now)))
    if kind is ImportKind.SUPERVISING:
        _write_licenses(session, rows, now, written)


def _write_bodies(
    session: Session,
    kind: OrganizationKind,
    rows: Sequence[Work],
    now: datetime,
    written: Written,
    until: date | None,
) -> None:
    """A name that is only spelled otherwise is no new name; `until` is the last day of those that are given up."""
    new = [row for row in rows if row.target_id is None]
    moments = {"created_at": now, "updated_at": now}
    ids = _insert(session, ORGANIZATIONS, [_new_body(kind, row.values) | moments for row in new])
    for row, key in zip(new, ids, strict=True):
        row.target_id = key
    written.added[ORGANIZATIONS.name] += ids
    changed = [(row.target_id, _with_phone_key(row.changes)) for row in rows if row.verdict is Verdict.CHANGED]
    renamed = [cast(int, key) for key, changes in changed if "name_key" in changes]
    written.added[FormerName.__tablename__] += keep_former_names(session, renamed, until)
    written.changed[ORGANIZATIONS.name] += _update(session, ORGANIZATIONS, _BODY, changed, updated_at=now)


def _with_phone_key(changes: Values) -> Values:
    """What is shown to people before they confirm is the number only."""
    return {**changes, "phone_key": phone_key(changes["phone"])} if "phone" in changes else changes


def _new_body(kind: OrganizationKind, values: Values) -> dict[str, Any]:
    body: dict[str, Any] = {name: values.get(name) for name in _BODY}
    body |= derive(values["name"], values["prefecture_code"], values["address"], values.get("kana"))
    body["phone_key"] = phone_key(values.get("phone"))
    body["status"] = values.get("status") or BusinessStatus.ACTIVE
    return body | {"kind": kind, "is_individual": False, "version": 1}


def _write_licenses(session: Session, rows: Sequence[Work], now: datetime, written: Written) -> None:
    new = [row for row in rows if row.license_id is None]
    ids = _insert(session, LICENSES, [_new_license(row) for row in new])
    for row, key in zip(new, ids, strict=True):
        row.license_id = key
    written.added[LICENSES.name] += ids
    fresh = set(ids)
    held = [row for row in rows if row.license_id not in fresh and row.changes.keys() & set(LICENSE_FIELDS)]
    changed = [(row.license_id, _license_columns(row.changes)) for row in held]
    always = [(key, values) for key, values in changed if values]
    _update(session, LICENSES, ("number", *_LICENSE), always)
    lists_only = [key for key, values in changed if not values]
    if lists_only:
        table = LICENSES.c
        session.execute(sa.update(LICENSES).where(table.id.in_(lists_only)).values(version=table.version + 1))
    written.changed[LICENSES.name] += [cast(int, key) for key, _values in changed]
    moved = [cast(int, row.license_id) for row in held if row.changes.keys() & TERM_FIELDS]
    follow_licenses(session, [*ids, *moved], today(now))
    _write_lists(session, [(row.license_id, row.values) for row in new], held)


def _new_license(row: Work) -> dict[str, Any]:
    values = row.values
    return {
        "organization_id": row.target_id,
        "number": values.get("license_number"),
        "scheme": Scheme.TECHNICAL_INTERN_TRAINING,
        "state": LicenseState.LICENSED,
        "version": 1,
        **{name: values.get(name) for name in _LICENSE},
        "handles_care": bool(values.get("handles_care")),
    }


def _license_columns(changes: Values) -> dict[str, Any]:
    columns = {name: changes[name] for name in _LICENSE if name in changes}
    if "license_number" in changes:
        columns["number"] = changes["license_number"]
    return columns


def _write_lists(session: Session, new: Sequence[tuple[int | None, Values]], held: Sequence[Work]) -> None:
    """Countries and occupations are replaced as a whole where they changed."""
    for name, model, column in (
        ("countries", LicenseCountry, "country"),
        ("occupations", LicenseOccupation, "code"),
    ):
        table = cast(sa.Table, model.__table__)
        replaced = [(row.license_id, row.changes) for row in held if name in row.changes]
        if replaced:
            session.execute(sa.delete(table).where(table.c.license_id.in_([key for key, _values in replaced])))
        items = [
            {"license_id": key, column: item} for key, values in (*new, *replaced) for item in values.get(name) or ()
        ]
        if items:
            session.execute(sa.insert(table), items)


def _write_plans(session: Session, rows: Sequence[Work], written: Written) -> None:
    new = [row for row in rows if row.target_id is None]
    fixed = {"scheme": Scheme.TECHNICAL_INTERN_TRAINING, "state": PlanState.ACCREDITED, "version": 1}
    ids = _insert(session, PLANS, [{name: row.values.get(name) for name in _PLAN} | fixed for row in new])
    for row, key in zip(new, ids, strict=True):
        row.target_id = key
    written.added[PLANS.name] += ids
    changed = [(row.target_id, row.changes) for row in rows if row.verdict is Verdict.CHANGED]
    written.changed[PLANS.name] += _update(session, PLANS, _PLAN, changed)
    note_first_training(session, {row.values.get("implementing_organization_id") for row in rows} - {None})


def _write_occupations(session: Session, rows: Sequence[Work], written: Written) -> None:
    """What ends is written before what begins: a code has one version without an end at any time."""
    changed = [(row.target_id, row.changes) for row in rows if row.verdict is Verdict.CHANGED]
    written.changed[OCCUPATIONS.name] += _update(session, OCCUPATIONS, occupations.NAMES, changed)
    new = [row for row in rows if row.target_id is None]
    ids = _insert(session, OCCUPATIONS, [_new_occupation(row.values) for row in new])
    for row, key in zip(new, ids, strict=True):
        row.target_id = key
    written.added[OCCUPATIONS.name] += ids


def _new_occupation(values: Values) -> dict[str, Any]:
    columns = {name: values.get(name) for name in occupations.NAMES}
    return columns | {"sort_key": sort_key(values["code"]), "version": 1}


def _insert(session: Session, table: sa.Table, rows: Sequence[Values]) -> list[int]:
    """The new ids in the order of the rows. They are taken beforehand, because only that gives every row its id in a
    fixed number of statements on both databases (RETURNING promises no order)."""
    if not rows:
        return []
    ids = _reserve(session, table, len(rows))
    offices = {column: _office_of(f"of_{name}") for name, column in _OFFICES.items() if name in table.c}
    named = [{f"of_{name}": row.get(name) for name in _OFFICES if name in table.c} for row in rows]
    numbered = [{**row, **of, "id": key} for row, of, key in zip(rows, named, ids, strict=True)]
    session.execute(sa.insert(table).values(offices), numbered)
    return ids


def _office_of(parameter: str) -> sa.ScalarSelect[str]:
    body = ORGANIZATIONS.c
    return sa.select(body.office_code).where(body.id == sa.bindparam(parameter, type_=sa.Integer)).scalar_subquery()


def _reserve(session: Session, table: sa.Table, count: int) -> list[int]:
    if session.get_bind().dialect.name == "postgresql":
        sequence = sa.func.pg_get_serial_sequence(table.name, "id")
        numbers = sa.func.generate_series(1, count).table_valued("n")
        return sorted(session.scalars(sa.select(sa.func.nextval(sequence)).select_from(numbers)))
    # Safe under the write lock, of which SQLite has one and this transaction holds it (see applying.wait_for_turn).
    last = session.scalar(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))) or 0
    return list(range(last + 1, last + count + 1))


def _update(
    session: Session,
    table: sa.Table,
    columns: Collection[str],
    rows: Sequence[tuple[int | None, Values]],
    **always: Any,
) -> list[int]:
    """One statement for rows that each change other columns: a flag beside each value says whether it is to be set.
    Rows that change none of `columns` are left alone. Returns the ids written."""
    used = [name for name in columns if any(name in values for _key, values in rows)]
    touched = [(key, values) for key, values in rows if any(name in values for name in used)]
    if not touched:
        return []
    parameters = [
        {"b_id": key}
        | {f"v_{name}": values.get(name) for name in used}
        | {f"f_{name}": name in values for name in used}
        for key, values in touched
    ]
    sets = {
        name: sa.case(
            (sa.bindparam(f"f_{name}", type_=sa.Boolean), sa.bindparam(f"v_{name}", type_=table.c[name].type)),
            else_=table.c[name],
        )
        for name in used
    }
    for name in _OFFICES.keys() & set(used):
        office = table.c[_OFFICES[name]]
        flag = sa.bindparam(f"f_{name}", type_=sa.Boolean)
        sets[office.name] = sa.case((flag, _office_of(f"v_{name}")), else_=office)
    statement = (
        sa.update(table).where(table.c.id == sa.bindparam("b_id")).values(version=table.c.version + 1, **sets, **always)
    )
    session.execute(statement, parameters)
    return [cast(int, key) for key, _values in touched]
