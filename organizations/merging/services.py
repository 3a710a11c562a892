"""Acts on two register rows that may be one body: they are judged to be two, or made one, or that is undone."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from organizations.merging import facts, queries, rows
from organizations.merging.foreseeing import MergePlan, foresee
from organizations.merging.models import DuplicateCandidate, OrganizationMerge
from organizations.merging.names import keep_name
from organizations.merging.signals import after_move, before_move
from organizations.merging.states import TRANSITIONS, CandidateAct
from organizations.register.details import set_fact
from organizations.register.models import Organization
from otit.audit.trail import changed, plain, record, record_bulk
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import today
from otit.db import hold
from otit.errors import StaleRecord, require_text
from otit.lifecycle import next_state


def separate(session: Session, actor: Actor, pair: DuplicateCandidate, *, reason: str) -> None:
    """Two bodies after all: the pair does not come back. For either body's office."""
    _require_either(actor, pair)
    state = next_state(TRANSITIONS, pair.state, CandidateAct.SEPARATE)
    pair.state, pair.distinct_reason = state, require_text(reason)
    record(session, actor, "duplicates.separated", pair, changed(pair))
    session.flush()


def reconsider(session: Session, actor: Actor, pair: DuplicateCandidate) -> None:
    """Take the judgement back that these are two bodies."""
    _require_either(actor, pair)
    pair.state = next_state(TRANSITIONS, pair.state, CandidateAct.RECONSIDER)
    pair.distinct_reason = None
    record(session, actor, "duplicates.reconsidered", pair, changed(pair))
    session.flush()


def merge(
    session: Session,
    actor: Actor,
    kept: Organization,
    duplicate: Organization,
    *,
    reason: str,
    now: datetime,
    seen: str | None = None,
) -> OrganizationMerge:
    """Make one body of two: whatever hangs on the duplicate goes to the kept one, which takes over facts it lacks.

    `seen` is the digest of the plan that the person was shown. Raises StaleRecord when it would be another one by now,
    RuleViolation for all that stands against the merge.
    """
    require_both(actor, kept, duplicate)
    given = require_text(reason)
    for body in sorted({kept, duplicate}, key=lambda body: body.id):
        hold(session, body)
    plan = foresee(session, kept, duplicate, today=today(now))
    plan.require_clear()
    if seen is not None and seen != plan.digest:
        raise StaleRecord()
    pair = queries.pair_of(session, kept.id, duplicate.id)
    if pair is not None:
        pair.state = next_state(TRANSITIONS, pair.state, CandidateAct.MERGE)
        record(session, actor, "duplicates.merged", pair, changed(pair))
    merged = _join(session, actor, kept, duplicate, plan, today(now))
    merged.reason, merged.merged_at, merged.warnings = given, now, plan.warnings
    session.add(merged)
    session.flush()
    moved = {key: len(ids) for key, ids in merged.moved.items()}
    change = {"merged_into_id": (None, kept.id)}
    record(session, actor, "organization.merged", duplicate, change, reason=given, merge=merged.id, moved=moved)
    return merged


def _join(
    session: Session, actor: Actor, kept: Organization, duplicate: Organization, plan: MergePlan, day: date
) -> OrganizationMerge:
    """Reactions before, rows, facts, the name, the way from the duplicate, reactions after."""
    effects: dict[str, Any] = {}
    before_move.send(None, session=session, kept=kept, duplicate=duplicate, today=day, effects=effects)
    session.flush()
    moved = rows.move_rows(session, duplicate.id, kept.id)
    session.expire_all()
    _note_rows(session, actor, moved, duplicate.id, kept.id)
    filled = {name: [getattr(kept, name), value] for name, value in plan.filled.items()}
    _take_over(session, actor, kept, duplicate, plan.filled)
    keep_name(session, kept, duplicate, effects)
    duplicate.merged_into_id = kept.id
    session.flush()
    after_move.send(None, session=session, kept=kept, today=day, effects=effects)
    return OrganizationMerge(
        duplicate_id=duplicate.id,
        kept_id=kept.id,
        moved=moved,
        filled=plain(filled),
        effects=plain(effects),
        merged_by_id=actor.user_id,
    )


def _take_over(
    session: Session, actor: Actor, kept: Organization, duplicate: Organization, filled: Mapping[str, Any]
) -> None:
    given_up = [name for name in facts.UNIQUE if name in filled]
    for name in given_up:
        setattr(duplicate, name, None)
    if given_up:
        record(session, actor, "organization.numbers_released", duplicate, changed(duplicate))
        session.flush()
    for name, value in filled.items():
        set_fact(kept, name, value)
    if filled:
        record(session, actor, "organization.facts_taken_over", kept, changed(kept), duplicate=duplicate.id)
    session.flush()


def _note_rows(session: Session, actor: Actor, moved: Mapping[str, list[int]], source: int, target: int) -> None:
    for key, ids in moved.items():
        table, column = key.split(".")
        change = {"column": column, "old": source, "new": target}
        record_bulk(session, actor, "organization.rows_moved", table, ids, **change)


def require_both(actor: Actor, *bodies: Organization) -> None:
    """The permission, and both bodies in the actor's scope. Raises NotPermitted."""
    actor.require(Permission.MAINTAIN_REGISTERS)
    for body in bodies:
        actor.require_office(body.office_code)


def _require_either(actor: Actor, pair: DuplicateCandidate) -> None:
    actor.require(Permission.MAINTAIN_REGISTERS)
    actor.require_office(pair.first.office_code, pair.second.office_code)
