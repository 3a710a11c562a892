"""Writing and verifying the audit trail.

`record` notes an act in the session; the events are written just before the commit, in one go, under the lock of the
chain's head. So the lock is short and always the last one taken, an event exists if and only if its act was committed,
and bulk statements and jobs are covered because each act names itself.
"""

import hashlib
import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from otit.audit.models import GENESIS, AuditEvent, AuditHead
from otit.db import Versioned, begun

_PENDING = "audit"


class Named(Protocol):
    """Whoever acts: `audit_name` is "user:12" or "system:schedule", never empty."""

    @property
    def audit_name(self) -> str: ...


@dataclass
class _Note:
    actor: str
    action: str
    subject: object
    changes: dict[str, Any] = field(default_factory=dict)
    detail: dict[str, Any] = field(default_factory=dict)


def record(
    session: Session,
    actor: Named,
    action: str,
    subject: object,
    changes: dict[str, Any] | None = None,
    **detail: Any,
) -> None:
    """Note that `actor` did `action` ("inspection.assigned") to `subject` (a mapped object, or a (type, id) pair).

    `changes` is {field: (old, new)}; `changed(obj)` makes it from pending attribute changes. The id of a new object is
    read at commit time; so is the version of a versioned one, so that a reader of an older version can be told what has
    happened since.
    """
    notes: list[_Note] = begun(session).info.setdefault(_PENDING, [])
    notes.append(_Note(actor.audit_name, action, subject, plain(changes or {}), plain(detail)))


def record_bulk(
    session: Session, actor: Named, action: str, subject_type: str, ids: Iterable[int], **detail: Any
) -> None:
    """Note a bulk act as one event: how many, the ids as ranges, and a digest that proves the exact set."""
    ordered = sorted(ids)
    digest = hashlib.sha256(",".join(map(str, ordered)).encode()).hexdigest()
    record(
        session,
        actor,
        action,
        (subject_type, "*"),
        count=len(ordered),
        ids=id_ranges(ordered),
        digest=digest,
        **detail,
    )


def id_ranges(ordered: list[int]) -> list[list[int]]:
    """[1, 2, 3, 7] -> [[1, 3], [7, 7]]; `ordered` is ascending without repeats."""
    ranges: list[list[int]] = []
    for value in ordered:
        if ranges and ranges[-1][1] == value - 1:
            ranges[-1][1] = value
        else:
            ranges.append([value, value])
    return ranges


def changed(obj: object) -> dict[str, tuple[Any, Any]]:
    """{attribute: (old, new)} of the columns changed since the object was loaded or last flushed."""
    state = sa.inspect(obj, raiseerr=True)
    result: dict[str, tuple[Any, Any]] = {}
    unknown: list[str] = []
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        if not history.has_changes() or attribute.key == "version":
            continue
        result[attribute.key] = (history.deleted[0] if history.deleted else None, history.added[0])
        if not history.deleted:
            unknown.append(attribute.key)
    if unknown and state.persistent:
        for key, old in _stored(state, unknown).items():
            result[key] = (old, result[key][1])
    return result


def _stored(state: Any, keys: list[str]) -> dict[str, Any]:
    """The old values the object does not know, because they were never loaded before being set."""
    mapper, session = state.mapper, state.session
    same = [column == value for column, value in zip(mapper.primary_key, state.identity, strict=True)]
    with session.no_autoflush:
        row = session.execute(sa.select(*(mapper.attrs[key].columns[0].label(key) for key in keys)).where(*same)).one()
    return dict(row._mapping)


def plain(value: Any) -> Any:
    """A JSON-ready copy: dates as ISO text, enums as their value, tuples as lists."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def event_hash(previous: str, at: datetime, note: dict[str, Any]) -> str:
    body = json.dumps(
        [previous, at.astimezone(UTC).isoformat(timespec="microseconds"), note],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(body.encode()).hexdigest()


def _content(row: AuditEvent) -> dict[str, Any]:
    names = ("actor", "action", "subject_type", "subject_id", "changes", "detail")
    return {name: getattr(row, name) for name in names}


def _subject(subject: object) -> tuple[str, str]:
    if isinstance(subject, tuple):
        return str(subject[0]), str(subject[1])
    state = sa.inspect(subject, raiseerr=True)
    return str(state.mapper.local_table.name), "/".join(map(str, state.identity))


@event.listens_for(Session, "before_commit")
def _write_pending(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.get(_PENDING):
        return
    session.flush()
    notes: list[_Note] = session.info.pop(_PENDING)
    lock = sa.update(AuditHead).values(count=AuditHead.count + len(notes))
    previous = session.execute(lock.where(AuditHead.id == 1).returning(AuditHead.hash)).scalar_one()
    now = datetime.now(UTC)
    rows = []
    for note in notes:
        kind, key = _subject(note.subject)
        if isinstance(note.subject, Versioned):
            note.detail["version"] = note.subject.version
        row = AuditEvent(
            at=now,
            actor=note.actor,
            action=note.action,
            subject_type=kind,
            subject_id=key,
            changes=note.changes,
            detail=note.detail,
            previous_hash=previous,
        )
        previous = row.hash = event_hash(previous, now, _content(row))
        rows.append(row)
    session.add_all(rows)
    session.flush()
    session.execute(sa.update(AuditHead).where(AuditHead.id == 1).values(hash=previous))


@event.listens_for(Session, "after_soft_rollback")
def _forget_pending(session: Session, previous: Any) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_PENDING, None)


@dataclass(frozen=True)
class Verification:
    """The outcome of reading the whole chain: `count` events are sound, the last of them with the hash `end`;
    `broken_at` is the id of the first event that does not fit."""

    count: int
    end: str
    broken_at: int | None
    reason: str | None

    @property
    def sound(self) -> bool:
        return self.reason is None


@dataclass
class _Chain:
    """How far the chain has been followed."""

    hash: str = GENESIS
    count: int = 0
    last_id: int = 0

    def follow(self, session: Session) -> Verification | None:
        """Read the events after the last one in order; the first fault, None when there is none."""
        query = sa.select(AuditEvent).where(AuditEvent.id > self.last_id).order_by(AuditEvent.id)
        with closing(session.scalars(query.execution_options(yield_per=1000))) as stream:
            for row in stream:
                if row.previous_hash != self.hash:
                    return Verification(self.count, self.hash, row.id, "the link to the event before is broken")
                if row.hash != event_hash(self.hash, row.at, _content(row)):
                    return Verification(self.count, self.hash, row.id, "the content does not fit its hash")
                self.hash, self.count, self.last_id = row.hash, self.count + 1, row.id
        return None


def verify(session: Session) -> Verification:
    """Recompute every hash in order. Finds a changed, removed, added or reordered event; memory stays bounded.

    Work goes on meanwhile: where the head is ahead of the events that were read, those written since are read too,
    before anything is said to be missing.
    """
    chain, head = _Chain(), sa.select(AuditHead.count, AuditHead.hash).where(AuditHead.id == 1)
    while True:
        count_before = chain.count
        fault = chain.follow(session)
        if fault is not None:
            return fault
        head_count, head_hash = session.execute(head).one()
        if (head_count, head_hash) == (chain.count, chain.hash):
            return Verification(chain.count, chain.hash, None, None)
        if head_count <= chain.count or chain.count == count_before:
            return Verification(chain.count, chain.hash, None, "the end of the chain does not fit its head")
