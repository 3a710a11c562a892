"""Who changed a record, since somebody opened its form or ever, and which fields: read from the audit trail, told in
words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from otit.audit.models import AuditEvent
from otit.auth.models import User
from otit.db import Versioned
from otit.labels import Labelled
from otit.web.field_labels import HIDDEN, LABELS, NAMED_BY
from otit.web.messages import date_text
from otit.web.stale import Amendment, FieldChange
from otit.web.templating import bureau_name, office_name, prefecture_name

MOST_SHOWN = 10
_LONGEST = 200
_NO_TABLE = sa.Table("none", sa.MetaData())  # acts on what is no record, such as an export
# {field: how its value is told}; upper packages add theirs when the application is built.
TOLD_BY: dict[str, Callable[[str], str]] = {
    "office_code": office_name,
    "owner_office_code": office_name,
    "prefecture_code": prefecture_name,
    "bureau_code": bureau_name,
}


def amendments_since(session: Session, kind: type[Versioned], key: str, seen: int) -> list[Amendment]:
    """The acts on the record after its version `seen`, in order, at most the latest MOST_SHOWN. Two statements,
    and one for each kind of record that the changes name."""
    return _latest(session, kind, key, AuditEvent.detail["version"].as_integer() > seen)[::-1]


def corrections_of(session: Session, record: Versioned, action: str) -> list[Amendment]:
    """The acts of this name on the record, the latest first, at most MOST_SHOWN. One statement when there is none, else
    as many as above."""
    return _latest(
        session, type(record), str(sa.inspect(record, raiseerr=True).identity[0]), AuditEvent.action == action
    )


def _latest(session: Session, kind: type[Versioned], key: str, which: sa.ColumnElement[bool]) -> list[Amendment]:
    """Acts on one record, the latest first."""
    table: Any = sa.inspect(kind).local_table
    statement = (
        sa.select(AuditEvent)
        .where(AuditEvent.subject_type == table.name, AuditEvent.subject_id == key, which)
        .order_by(AuditEvent.id.desc())
        .limit(MOST_SHOWN)
    )
    events = session.scalars(statement).all()
    if not events:
        return []
    names = names_of_actors(session, [*(event.actor for event in events), *_people(table, events)])
    names |= _names_of_records(session, table.metadata, events)
    return [
        Amendment(event.at, names.get(event.actor, str(_("自動処理"))), _told(table, event.changes, names))
        for event in events
    ]


def names_of_actors(session: Session, audit_names: Iterable[str]) -> dict[str, str]:
    """{"user:12": name shown} for the users among these names."""
    ids = {int(name[5:]) for name in audit_names if name.startswith("user:")}
    rows = session.execute(sa.select(User.id, User.display_name).where(User.id.in_(ids)).order_by(User.id))
    return {f"user:{key}": name for key, name in rows}


def told(session: Session, metadata: sa.MetaData, events: Sequence[AuditEvent]) -> dict[int, list[FieldChange]]:
    """{event: its changes in words}, those of use to nobody but the trail included. One statement for the people, and
    one for each kind of record that the changes name."""
    tables = {event.subject_type: metadata.tables.get(event.subject_type, _NO_TABLE) for event in events}
    people = [one for event in events for one in _people(tables[event.subject_type], [event])]
    names = names_of_actors(session, people) | _names_of_records(session, metadata, events)
    return {event.id: _told(tables[event.subject_type], event.changes, names, frozenset()) for event in events}


def _names_of_records(session: Session, metadata: sa.MetaData, events: Iterable[AuditEvent]) -> dict[str, str]:
    """{"organizations:12": its name} for the records that the changes name by their ids."""
    wanted: dict[tuple[str, str], set[int]] = {}
    for event in events:
        for name in event.changes.keys() & NAMED_BY.keys():
            wanted.setdefault(NAMED_BY[name], set()).update(key for key in event.changes[name] if key is not None)
    found: dict[str, str] = {}
    for (kind, told_by), ids in sorted(wanted.items()):
        columns = metadata.tables[kind].c
        rows = session.execute(sa.select(columns.id, columns[told_by]).where(columns.id.in_(ids)).order_by(columns.id))
        found |= {f"{kind}:{key}": text for key, text in rows if text is not None}
    return found


def _people(table: sa.Table, events: Iterable[AuditEvent]) -> list[str]:
    """The users that the changes name by their ids."""
    pairs = [(name, value) for event in events for name, pair in event.changes.items() for value in pair]
    return [f"user:{value}" for name, value in pairs if value is not None and _is_person(table, name)]


def _is_person(table: sa.Table, name: str) -> bool:
    return name in table.c and any(key.column.table.name == User.__tablename__ for key in table.c[name].foreign_keys)


def _told(
    table: sa.Table, changes: Mapping[str, Any], names: Mapping[str, str], hidden: frozenset[str] = HIDDEN
) -> list[FieldChange]:
    return [
        FieldChange(
            str(_(LABELS[name])) if name in LABELS else name,
            _value(table, name, pair[0], names),
            _value(table, name, pair[1], names),
        )
        for name, pair in changes.items()
        if name not in hidden
    ]


def _value(table: sa.Table, name: str, value: Any, names: Mapping[str, str]) -> str | None:
    if value is None or value in ("", []):
        return None
    if isinstance(value, list):
        return str(_("、").join(map(str, value)))
    if name in TOLD_BY:
        return str(TOLD_BY[name](value))
    if _is_person(table, name):
        return names.get(f"user:{value}", str(value))
    if name in NAMED_BY:
        return names.get(f"{NAMED_BY[name][0]}:{value}", str(value))
    if isinstance(value, bool):
        return str(_("はい") if value else _("いいえ"))
    if name not in table.c:  # of another record that this one speaks of, such as the plan of a change
        return date_text(date.fromisoformat(value)) if name.endswith("_on") else str(value)
    return _of_type(table.c[name].type, value)


def _of_type(kind: Any, value: Any) -> str:
    enum = getattr(kind, "enum_class", None)
    if enum is not None and issubclass(enum, Labelled):
        return str(_(enum(value).label))
    if isinstance(kind, sa.Date):
        return date_text(date.fromisoformat(value))
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
