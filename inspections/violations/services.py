"""Acts on violations: record, instruct, close, escalate. Closing is only reached through an accepted reply."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.scheduling.models import Inspection
from inspections.scheduling.states import InspectionState
from inspections.violations.findings import Finding, cite
from inspections.violations.models import Violation
from inspections.violations.states import TRANSITIONS, Authority, ViolationAct, ViolationState
from inspections.visits.charge import person, require_in_charge
from inspections.visits.models import Visit
from inspections.visits.states import VisitOutcome
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.errors import RuleViolation, StateConflict, require_text
from otit.lifecycle import next_state
from otit.text import N_

FINDABLE = (InspectionState.IN_PROGRESS, InspectionState.DONE)


def record_violation(session: Session, actor: Actor, visit: Visit, finding: Finding, *, now: datetime) -> Violation:
    """Note one more violation found at a visit (Art. 14(1)), while the inspection runs or after it was done.

    Raises RuleViolation unless the visit was carried out and the fact is no younger than the visit.
    """
    actor.require(Permission.LOG_VISITS)
    require_in_charge(actor, visit.inspection)
    if visit.inspection.state not in FINDABLE:
        raise StateConflict(N_("この状態の検査には違反を追加できません。"))
    return add_otit_violation(session, actor, visit, finding, now=now)


def add_otit_violation(session: Session, actor: Actor, visit: Visit, finding: Finding, *, now: datetime) -> Violation:
    """The part of recording that logging a visit shares; the caller has checked permission and state."""
    check_finding(visit.inspection, finding, Authority.OTIT, visit.visited_on)
    if visit.outcome is not VisitOutcome.DONE:
        raise RuleViolation(N_("違反を記録できるのは、実施した訪問だけです。"), field="visit")
    return add_violation(session, actor, visit.inspection, finding, now=now, visit=visit)


def check_finding(inspection: Inspection, finding: Finding, authority: Authority, visited_on: date) -> None:
    """Raises RuleViolation when the finding cites what it cannot or its fact is younger than the visit."""
    if finding.fact_on > visited_on:
        raise RuleViolation(N_("違反の事実があった日は、訪問した日までの日にしてください。"), field="fact_on")
    if not finding.description:
        raise RuleViolation(N_("違反の内容を入力してください。"), field="description")
    cite(finding, inspection.organization.kind, authority)


def add_violation(
    session: Session,
    actor: Actor,
    inspection: Inspection,
    finding: Finding,
    *,
    now: datetime,
    visit: Visit | None = None,
    bureau_code: str | None = None,
) -> Violation:
    """Store a checked finding: of OTIT with its visit, of the Labour Standards side with its bureau.

    What the Labour Standards side wrote stays out of the audit trail, which OTIT's administrators read.
    """
    authority = Authority.OTIT if visit is not None else Authority.LABOUR_STANDARDS
    cited = cite(finding, inspection.organization.kind, authority)
    _refuse_repetition(session, inspection, finding, authority)
    violation = Violation(
        inspection_id=inspection.id,
        visit_id=None if visit is None else visit.id,
        authority=authority,
        bureau_code=bureau_code,
        provision_code=cited.code,
        provision_from=cited.valid_from,
        category_code=finding.category_code,
        fact_on=finding.fact_on,
        description=finding.description,
        recorded_by_id=person(actor),
        recorded_at=now,
    )
    session.add(violation)
    changes = changed(violation) if authority is Authority.OTIT else {}
    record(session, actor, "violation.recorded", violation, changes, inspection=inspection.number, authority=authority)
    session.flush()
    return violation


def _refuse_repetition(session: Session, inspection: Inspection, finding: Finding, authority: Authority) -> None:
    known = sa.select(Violation.id).where(
        Violation.inspection_id == inspection.id,
        Violation.authority == authority,
        Violation.provision_code == finding.provision_code,
        Violation.fact_on == finding.fact_on,
    )
    if session.scalar(known) is not None:
        raise RuleViolation(N_("同じ条文・同じ日の違反が既に記録されています。"), field="finding")


def instruct(session: Session, actor: Actor, violation: Violation) -> None:
    """An instrument that names the violation was issued. For inspections.orders, which has checked who issues."""
    _move(session, actor, violation, ViolationAct.INSTRUCT, "violation.instructed")


def close(session: Session, actor: Actor, violation: Violation, *, on: date, reply_id: int) -> None:
    """The reply `reply_id` proved the correction. For inspections.orders, which has accepted it."""
    next_state(TRANSITIONS, violation.state, ViolationAct.CLOSE)
    violation.closed_on = on
    _move(session, actor, violation, ViolationAct.CLOSE, "violation.closed", reply=reply_id)


def escalate_with_order(session: Session, actor: Actor, violation: Violation, *, reason: str) -> None:
    """The instrument failed; the violation goes to the disposition procedure with it."""
    next_state(TRANSITIONS, violation.state, ViolationAct.ESCALATE)
    violation.escalation_reason = reason
    _move(session, actor, violation, ViolationAct.ESCALATE, "violation.escalated")


def escalate(session: Session, actor: Actor, violation: Violation, *, reason: str) -> None:
    """Take an open violation to the disposition procedure without an instrument (grave cases).

    Raises RuleViolation without a reason, or when an instrument is running: then that one is escalated.
    """
    actor.require(Permission.ISSUE_INSTRUMENTS)
    require_in_charge(actor, violation.inspection)
    if violation.authority is not Authority.OTIT:
        raise RuleViolation(N_("労働基準監督機関の違反は、機構の処分手続には移せません。"))
    if violation.state is ViolationState.INSTRUCTED:
        raise StateConflict(N_("指導中の違反は、その勧告の画面から処分手続へ移してください。"))
    given = require_text(reason, N_("処分手続へ移す理由を入力してください。"))
    escalate_with_order(session, actor, violation, reason=given)


def _move(
    session: Session, actor: Actor, violation: Violation, act: ViolationAct, action: str, **detail: object
) -> None:
    violation.state = next_state(TRANSITIONS, violation.state, act)
    record(session, actor, action, violation, changed(violation), **detail)
