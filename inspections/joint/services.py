"""Acts of the Labour Standards side in a joint inspection: its own result, violations and instruments.

Each body keeps its own findings. Nothing that a bureau wrote, its summary apart, reaches OTIT: not its confidential
note, not the words of its findings, not the text of its instruments, and none of it the audit trail.
"""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.joint.models import JointResult
from inspections.joint.queries import RESULT_STATES, own_result
from inspections.orders.issuing import Draft, Issuer, create
from inspections.orders.models import CorrectionOrder
from inspections.scheduling.models import Inspection
from inspections.violations.findings import Finding
from inspections.violations.models import Violation
from inspections.violations.services import add_violation, check_finding
from inspections.violations.states import Authority
from inspections.visits.charge import person
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import hold
from otit.errors import NotPermitted, RuleViolation, StateConflict
from otit.law.terms import ACT_IN_FORCE
from otit.text import N_

UNAUDITED = ("summary", "confidential")


@dataclass(frozen=True)
class ResultReport:
    """`summary` may be read by OTIT; `confidential` never leaves the bureau."""

    visited_on: date
    violation_found: bool
    summary: str
    confidential: str = ""


def record_result(
    session: Session, actor: Actor, inspection: Inspection, report: ResultReport, *, now: datetime, today: date
) -> JointResult:
    """Record the bureau's result of a joint inspection, or correct the one it recorded before.

    Raises NotPermitted for another bureau, RuleViolation for a day to come or when "no violation" is said although
    violations or instruments of the bureau stand recorded.
    """
    bureau = _require_bureau(session, actor, inspection)
    result = own_result(session, actor, inspection.id)
    if result is not None:
        hold(session, result)  # a colleague may be adding a violation
    _check_report(session, inspection, bureau, report, today)
    action = "joint_result.recorded" if result is None else "joint_result.corrected"
    if result is None:
        result = JointResult(inspection_id=inspection.id, bureau_code=bureau)
        session.add(result)
    result.visited_on, result.violation_found = report.visited_on, report.violation_found
    result.summary, result.confidential = report.summary, report.confidential
    result.recorded_by_id, result.recorded_at = person(actor), now
    changes = {name: pair for name, pair in changed(result).items() if name not in UNAUDITED}
    record(session, actor, action, result, changes, inspection=inspection.number)
    session.flush()
    return result


def record_bureau_violation(
    session: Session, actor: Actor, inspection: Inspection, finding: Finding, *, now: datetime
) -> Violation:
    """Note a violation of labour law that the bureau found; its result must say that there is one."""
    bureau = _require_bureau(session, actor, inspection)
    result = _require_result(session, actor, inspection)
    if not result.violation_found:
        raise StateConflict(N_("「違反なし」と記録した検査には、違反を追加できません。先に結果を訂正してください。"))
    check_finding(inspection, finding, Authority.LABOUR_STANDARDS, result.visited_on)
    return add_violation(session, actor, inspection, finding, now=now, bureau_code=bureau)


def issue(
    session: Session, actor: Actor, inspection: Inspection, draft: Draft, *, now: datetime, today: date
) -> CorrectionOrder:
    """Issue a 是正勧告, 使用停止等命令 (both rest on the bureau's open violations) or 指導票 (on none)."""
    bureau = _require_bureau(session, actor, inspection)
    result = _require_result(session, actor, inspection)
    issuer = Issuer(Authority.LABOUR_STANDARDS, bureau, bureau, result.visited_on)
    return create(session, actor, inspection, draft, issuer, now=now, today=today)


def _require_bureau(session: Session, actor: Actor, inspection: Inspection) -> str:
    """The actor's bureau, when it takes part (or took part: it keeps what it began). Raises NotPermitted."""
    actor.require(Permission.RECORD_JOINT_RESULTS)
    bureau = actor.bureau_code
    if bureau is None:
        raise NotPermitted()
    if inspection.bureau_code != bureau and own_result(session, actor, inspection.id) is None:
        raise NotPermitted()
    if inspection.state not in RESULT_STATES:
        message = N_("状態が「%(state)s」の検査には、結果を記録できません。")
        raise StateConflict(message, {"state": inspection.state})
    return bureau


def _require_result(session: Session, actor: Actor, inspection: Inspection) -> JointResult:
    result = own_result(session, actor, inspection.id)
    if result is None:
        raise StateConflict(N_("先に、合同検査の結果を記録してください。"))
    hold(session, result)  # a colleague may be correcting it to "no violation"
    return result


def _check_report(session: Session, inspection: Inspection, bureau: str, report: ResultReport, today: date) -> None:
    if report.visited_on > today:
        raise RuleViolation(N_("訪問した日は、今日までの日にしてください。"), field="visited_on")
    if report.visited_on < ACT_IN_FORCE:
        raise RuleViolation(N_("訪問した日が技能実習法の施行より前です。"), field="visited_on")
    if not report.summary:
        raise RuleViolation(N_("結果の概要を入力してください。"), field="summary")
    _check_against_records(session, inspection, bureau, report)


def _check_against_records(session: Session, inspection: Inspection, bureau: str, report: ResultReport) -> None:
    latest = session.scalar(
        sa.select(sa.func.max(Violation.fact_on)).where(
            Violation.inspection_id == inspection.id, Violation.bureau_code == bureau
        )
    )
    if latest is not None and not report.violation_found:
        message = N_("この検査には記録済みの違反があるため、「違反なし」にはできません。")
        raise RuleViolation(message, field="finding")
    earliest = session.scalar(
        sa.select(sa.func.min(CorrectionOrder.issued_on)).where(
            CorrectionOrder.inspection_id == inspection.id, CorrectionOrder.bureau_code == bureau
        )
    )
    if (latest is not None and report.visited_on < latest) or (earliest is not None and report.visited_on > earliest):
        message = N_("訪問した日が、記録済みの違反又は書面の日付と合いません。")
        raise RuleViolation(message, field="visited_on")
