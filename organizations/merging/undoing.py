"""Undoing a merge: what went to the kept body comes back to the duplicate, if it is still as the merge left it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.merging import facts, queries, rows
from organizations.merging.models import OrganizationMerge
from organizations.merging.names import take_back_name
from organizations.merging.services import require_both
from organizations.merging.signals import after_undo
from organizations.merging.states import TRANSITIONS, CandidateAct, CandidateState
from organizations.register.details import set_fact
from organizations.register.models import Organization
from otit.audit.trail import changed, plain, record, record_bulk
from otit.auth.actors import Actor
from otit.clock import today
from otit.db import hold
from otit.errors import RuleViolation, StateConflict, require_text
from otit.lifecycle import next_state
from otit.text import N_


def undo_merge(session: Session, actor: Actor, merge: OrganizationMerge, *, reason: str, now: datetime) -> None:
    """Raises StateConflict when it is undone already, RuleViolation when later facts stand against it."""
    kept, duplicate = merge.kept, merge.duplicate
    require_both(actor, kept, duplicate)
    given = require_text(reason)
    for record_held in (merge, *sorted((kept, duplicate), key=lambda body: body.id)):
        hold(session, record_held)
    if merge.undone_at is not None:
        raise StateConflict(N_("この統合は既に取り消されています。"))
    _check_untouched(session, merge)
    rows.move_back(session, merge.moved, duplicate.id)
    session.expire_all()
    _note_rows(session, actor, merge)
    _give_back(session, actor, kept, duplicate, merge.filled)
    take_back_name(session, kept, merge.effects)
    duplicate.merged_into_id = None
    merge.undone_at, merge.undone_reason, merge.undone_by_id = now, given, actor.user_id
    change = {"merged_into_id": (kept.id, None)}
    record(session, actor, "organization.merge_undone", duplicate, change, reason=given, merge=merge.id)
    session.flush()
    _open_pair(session, actor, merge)
    _tell(session, merge, today(now))


def obstacles(session: Session, merge: OrganizationMerge) -> list[RuleViolation]:
    """What stands against the undo, to be shown before it."""
    kept = merge.kept
    if kept.merged_into_id is not None or merge.duplicate.merged_into_id != kept.id:
        message = N_("統合後の団体「%(name)s」が、その後さらに統合されています。先にその統合を取り消してください。")
        return [RuleViolation(message, {"name": kept.name})]
    found = []
    missing = rows.no_longer_there(session, merge.moved, kept.id)
    for key, count in missing.items():
        message = N_("移した記録（%(rows)s）のうち%(count)s件が、統合後の団体の記録ではなくなっています。")
        found.append(RuleViolation(message, {"rows": rows.word(key), "count": count}))
    if not missing and rows.grown_together(session, merge.moved, kept.id):
        found.append(
            RuleViolation(
                N_("統合の後に、移した記録と統合後の団体の記録とを結び付ける記録ができているため、元に戻せません。")
            )
        )
    taken = _numbers_taken(session, merge)
    found += [RuleViolation(N_("元の番号%(number)sは、別の団体に登録されています。"), {"number": n}) for n in taken]
    return found


def _check_untouched(session: Session, merge: OrganizationMerge) -> None:
    for obstacle in obstacles(session, merge):
        raise obstacle


def _numbers_taken(session: Session, merge: OrganizationMerge) -> list[str]:
    """Numbers that the duplicate gave up and that a third body bears by now."""
    taken = []
    for name in facts.UNIQUE:
        if name in merge.filled:
            number = merge.filled[name][1]
            others = sa.and_(Organization.kind == merge.kept.kind, Organization.id != merge.kept_id)
            holder = sa.select(Organization.id).where(getattr(Organization, name) == number, others)
            if session.scalar(holder) is not None:
                taken.append(str(number))
    return taken


def _give_back(
    session: Session, actor: Actor, kept: Organization, duplicate: Organization, filled: Mapping[str, list[Any]]
) -> None:
    """Facts of the kept body that have not been changed since are emptied again; its numbers go back."""
    for name, (old, new) in filled.items():
        if plain(getattr(kept, name)) == new:
            set_fact(kept, name, old)
    if filled:
        record(session, actor, "organization.facts_given_back", kept, changed(kept), duplicate=duplicate.id)
    session.flush()
    numbers = [name for name in facts.UNIQUE if name in filled]
    for name in numbers:
        setattr(duplicate, name, filled[name][1])
    if numbers:
        record(session, actor, "organization.numbers_restored", duplicate, changed(duplicate))
    session.flush()


def _note_rows(session: Session, actor: Actor, merge: OrganizationMerge) -> None:
    for key, ids in merge.moved.items():
        table, column = key.split(".")
        change = {"column": column, "old": merge.kept_id, "new": merge.duplicate_id}
        record_bulk(session, actor, "organization.rows_moved_back", table, ids, **change)


def _open_pair(session: Session, actor: Actor, merge: OrganizationMerge) -> None:
    pair = queries.pair_of(session, merge.kept_id, merge.duplicate_id)
    if pair is not None and pair.state is CandidateState.MERGED:
        pair.state = next_state(TRANSITIONS, pair.state, CandidateAct.UNDO)
        record(session, actor, "duplicates.reopened", pair, changed(pair))
        session.flush()


def _tell(session: Session, merge: OrganizationMerge, day: date) -> None:
    after_undo.send(
        None,
        session=session,
        kept=merge.kept,
        duplicate=merge.duplicate,
        merged_on=today(merge.merged_at),
        today=day,
        effects=merge.effects,
    )
