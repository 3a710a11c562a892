"""Acts on inspections: who may do what in which state. Each notes itself in the audit trail."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from inspections.scheduling.models import Inspection
from inspections.scheduling.states import TRANSITIONS, DueBasis, InspectionAct, InspectionKind, InspectionState
from organizations.register.models import Organization
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.models import User
from otit.auth.permissions import Permission, Role
from otit.clock import fiscal_year
from otit.errors import NotPermitted, RuleViolation, StateConflict, require_text
from otit.numbering import next_number
from otit.places import OFFICES, PREFECTURES
from otit.text import N_

# One sequence for the whole country and fiscal year; the office is part of the number all the same.
COUNTER = "inspection"
NATIONWIDE = "00"

PERMISSIONS: dict[InspectionAct, Permission] = {
    InspectionAct.ASSIGN: Permission.ASSIGN_INSPECTIONS,
    InspectionAct.START: Permission.LOG_VISITS,
    InspectionAct.COMPLETE: Permission.LOG_VISITS,
    InspectionAct.CANCEL: Permission.ASSIGN_INSPECTIONS,
    InspectionAct.REINSTATE: Permission.ASSIGN_INSPECTIONS,
    InspectionAct.PLAN_JOINT: Permission.ASSIGN_INSPECTIONS,
    InspectionAct.END_JOINT: Permission.ASSIGN_INSPECTIONS,
    InspectionAct.TRANSFER: Permission.ASSIGN_INSPECTIONS,
}


def may(actor: Actor, inspection: Inspection, act: InspectionAct) -> bool:
    """Whether this person may do that now: permission, office and state. Pages show only such acts."""
    permitted = actor.can(PERMISSIONS[act]) and _in_charge(actor, inspection, act)
    return permitted and (inspection.state, act) in TRANSITIONS and _joint_fits(inspection, act)


def assign(
    session: Session,
    actor: Actor,
    inspection: Inspection,
    *,
    assignee: User,
    planned_on: date | None,
    announced: bool,
    today: date,
) -> None:
    """Put an inspector of the inspecting office in charge; may be done again until the inspection starts."""
    state = _next_state(actor, inspection, InspectionAct.ASSIGN)
    fits = assignee.role is Role.INSPECTOR and assignee.office_code == inspection.office_code
    if not (fits and assignee.active):
        raise RuleViolation(N_("検査を行う事務所に所属する検査官を選んでください。"), field="assignee")
    if planned_on is not None and planned_on < today:
        raise RuleViolation(N_("実施予定日には、今日以降の日付を入力してください。"), field="planned_on")
    inspection.assigned_to_id = assignee.id
    inspection.planned_on, inspection.announced, inspection.state = planned_on, announced, state
    record(session, actor, "inspection.assigned", inspection, changed(inspection))
    session.flush()


def plan_joint(session: Session, actor: Actor, inspection: Inspection, *, bureau_code: str) -> None:
    """Inspect together with a Labour Bureau, which from then on sees the inspection's shared facts."""
    state = _next_state(actor, inspection, InspectionAct.PLAN_JOINT)
    if bureau_code not in PREFECTURES:
        raise RuleViolation(N_("労働局を選んでください。"), field="bureau_code")
    inspection.bureau_code, inspection.state = bureau_code, state
    record(session, actor, "inspection.joint_planned", inspection, changed(inspection))
    session.flush()


def end_joint(session: Session, actor: Actor, inspection: Inspection) -> None:
    """Inspect alone after all; only before the inspection has started."""
    inspection.state = _next_state(actor, inspection, InspectionAct.END_JOINT)
    inspection.bureau_code = None
    record(session, actor, "inspection.joint_ended", inspection, changed(inspection))
    session.flush()


def cancel(session: Session, actor: Actor, inspection: Inspection, *, reason: str, today: date) -> None:
    """Call the inspection off. A periodic one is planned again from the next fiscal year (see `due`)."""
    state = _next_state(actor, inspection, InspectionAct.CANCEL)
    given = require_text(reason, N_("取りやめる理由を入力してください。"))
    inspection.state, inspection.cancelled_on, inspection.cancelled_reason = state, today, given
    record(session, actor, "inspection.cancelled", inspection, changed(inspection))
    session.flush()


def reinstate(session: Session, actor: Actor, inspection: Inspection) -> None:
    """Take back that the inspection was called off: it is planned again, and assigned where it was. No page offers
    this; it belongs to the undo of what called it off (see `merged`)."""
    state = _next_state(actor, inspection, InspectionAct.REINSTATE)
    if inspection.assigned_to_id is not None:
        state = TRANSITIONS[state, InspectionAct.ASSIGN]
    inspection.state, inspection.cancelled_on, inspection.cancelled_reason = state, None, None
    record(session, actor, "inspection.reinstated", inspection, changed(inspection))


def transfer(session: Session, actor: Actor, inspection: Inspection, *, office_code: str, reason: str) -> None:
    """Give the inspection to the office where the place to be inspected lies, or back. The office in charge of the
    organization stays the owner and alone may do it; who was assigned and the planned day fall away."""
    state = _next_state(actor, inspection, InspectionAct.TRANSFER)
    if office_code not in OFFICES:
        raise RuleViolation(N_("事務所を選んでください。"), field="office")
    if office_code == inspection.office_code:
        raise RuleViolation(N_("既にこの事務所が検査を行うことになっています。"), field="office")
    given = require_text(reason)
    inspection.office_code, inspection.state = office_code, state
    inspection.assigned_to_id, inspection.planned_on = None, None
    record(session, actor, "inspection.transferred", inspection, changed(inspection), reason=given)
    session.flush()


def start(session: Session, actor: Actor, inspection: Inspection) -> None:
    """The first visit begins the inspection. For the assigned inspector or a manager of the office."""
    inspection.state = _next_state(actor, inspection, InspectionAct.START)
    record(session, actor, "inspection.started", inspection, changed(inspection))
    session.flush()


def complete(session: Session, actor: Actor, inspection: Inspection, *, completed_on: date, today: date) -> None:
    """The inspection is done, on the day of its last visit; from that day the next period is counted."""
    state = _next_state(actor, inspection, InspectionAct.COMPLETE)
    if completed_on > today:
        raise RuleViolation(N_("検査を終えた日に、今日より後の日付は入力できません。"), field="completed_on")
    if inspection.due_basis is DueBasis.LAST_INSPECTION and completed_on < inspection.due_basis_on:
        raise RuleViolation(
            N_("検査を終えた日が、前回の実地検査（%(last)s）より前です。"),
            {"last": inspection.due_basis_on},
            field="completed_on",
        )
    inspection.state, inspection.completed_on = state, completed_on
    record(session, actor, "inspection.completed", inspection, changed(inspection))
    session.flush()


def demand_inspection(
    session: Session,
    actor: Actor,
    organization: Organization,
    *,
    reason: str,
    due_on: date,
    now: datetime,
    today: date,
) -> Inspection:
    """An inspection outside the cycle, for a reason of its own (a declaration, a notice, a follow-up)."""
    actor.require(Permission.ASSIGN_INSPECTIONS)
    actor.require_office(organization.office_code)
    _check_demand(reason, due_on, today)
    year = fiscal_year(today)
    serial = next_number(session, COUNTER, NATIONWIDE, year)
    inspection = Inspection(
        number=inspection_number(year, organization.office_code, serial),
        organization_id=organization.id,
        kind=InspectionKind.AD_HOC,
        due_on=due_on,
        due_basis=DueBasis.DEMANDED,
        due_basis_on=today,
        demand=reason.strip(),
        state=InspectionState.PLANNED,
        owner_office_code=organization.office_code,
        office_code=organization.office_code,
        created_at=now,
        created_by=actor.audit_name,
    )
    session.add(inspection)
    record(session, actor, "inspection.demanded", inspection, changed(inspection))
    session.flush()
    return inspection


def _check_demand(reason: str, due_on: date, today: date) -> None:
    require_text(reason, N_("臨時の検査が必要な理由を入力してください。"))
    if due_on < today:
        raise RuleViolation(N_("期限には、今日以降の日付を入力してください。"), field="due_on")


def inspection_number(year: int, office_code: str, serial: int) -> str:
    """YY-OO-NNNNNN: fiscal year, office in charge, number within the country and year."""
    return f"{year % 100:02d}-{office_code}-{serial:06d}"


def _next_state(actor: Actor, inspection: Inspection, act: InspectionAct) -> InspectionState:
    """Permission, office, state, in this order. Raises NotPermitted or StateConflict."""
    actor.require(PERMISSIONS[act])
    if not _in_charge(actor, inspection, act):
        raise NotPermitted()
    state = TRANSITIONS.get((inspection.state, act))
    if state is None or not _joint_fits(inspection, act):
        raise StateConflict(
            N_("検査%(number)sは「%(state)s」のため、「%(act)s」はできません。"),
            {"number": inspection.number, "state": inspection.state, "act": act},
        )
    return state


def _in_charge(actor: Actor, inspection: Inspection, act: InspectionAct) -> bool:
    if act is InspectionAct.TRANSFER:
        return actor.covers_office(inspection.owner_office_code)
    if not actor.covers_office(inspection.owner_office_code, inspection.office_code):
        return False
    of_the_visit = act in (InspectionAct.START, InspectionAct.COMPLETE)
    return not of_the_visit or actor.role is not Role.INSPECTOR or inspection.assigned_to_id == actor.user_id


def _joint_fits(inspection: Inspection, act: InspectionAct) -> bool:
    if act is InspectionAct.PLAN_JOINT:
        return inspection.bureau_code is None
    return act is not InspectionAct.END_JOINT or inspection.bureau_code is not None
