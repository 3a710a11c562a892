"""One step in the life of a file: the move in the transition table, its track entry and its audit event together."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from inspections.dispositions.models import Disposition, DispositionStep
from inspections.dispositions.states import TRANSITIONS, DispositionAct
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.errors import RuleViolation
from otit.findings import Finding, noted
from otit.lifecycle import next_state
from otit.text import N_

PERMISSION: dict[DispositionAct, Permission] = {
    DispositionAct.SUBMIT: Permission.PROPOSE_DISPOSITIONS,
    DispositionAct.WITHDRAW: Permission.PROPOSE_DISPOSITIONS,
    DispositionAct.DECIDE: Permission.RECORD_DECISIONS,
    DispositionAct.DECIDE_NONE: Permission.RECORD_DECISIONS,
    DispositionAct.TAKE_EFFECT: Permission.RECORD_DECISIONS,
    DispositionAct.PUBLISH: Permission.RECORD_DECISIONS,
    DispositionAct.ANNUL: Permission.RECORD_DECISIONS,
}


def check_move(actor: Actor, disposition: Disposition, act: DispositionAct) -> None:
    """Raises NotPermitted or StateConflict, before anything is changed."""
    actor.require(PERMISSION[act])
    actor.require_office(disposition.office_code)
    next_state(TRANSITIONS, disposition.state, act)


def check_day(on: date, earliest: date, today: date, field: str) -> None:
    """Raises RuleViolation for a fact in the future or before the step it follows."""
    if on > today:
        raise RuleViolation(N_("まだ来ていない日付は記録できません。"), field=field)
    if on < earliest:
        message = N_("前の段階の日付（%(earliest)s）より前の日付は記録できません。")
        raise RuleViolation(message, {"earliest": earliest}, field=field)


def move(
    session: Session,
    actor: Actor,
    disposition: Disposition,
    act: DispositionAct,
    *,
    on: date,
    now: datetime,
    document_number: str | None = None,
    note: str | None = None,
    findings: Sequence[Finding] = (),
) -> None:
    """Do the act that `check_move` has let pass. Other columns of the file are changed before, to be in the audit, with
    the findings that were confirmed."""
    disposition.state = next_state(TRANSITIONS, disposition.state, act)
    detail: dict[str, Any] = {"on": on, "note": note, **noted(findings)}
    record(session, actor, f"disposition.{act.value}", disposition, changed(disposition), **detail)
    disposition.steps.append(
        DispositionStep(
            act=act,
            taken_on=on,
            document_number=document_number or None,
            note=note or None,
            recorded_by=actor.display_name,
            recorded_by_id=actor.user_id,
            recorded_at=now,
        )
    )
    session.flush()
