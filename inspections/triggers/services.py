"""Acts on triggers: receiving one, and deciding whether it calls for an inspection."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from inspections.scheduling.models import Inspection
from inspections.scheduling.services import demand_inspection
from inspections.triggers import queries
from inspections.triggers.models import Trigger
from inspections.triggers.states import TRANSITIONS, TriggerAct, TriggerKind, TriggerState
from organizations.notices.models import DifficultyNotice
from organizations.notices.services import difficulty_noted
from organizations.notices.states import DifficultyReason
from organizations.register.models import Organization
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import fiscal_year, today
from otit.db import hold
from otit.errors import NotPermitted, RuleViolation, require_text
from otit.lifecycle import next_state
from otit.numbering import next_number
from otit.text import N_

COUNTER = "trigger"
NATIONWIDE = "00"
# Whoever speaks with people, at the door or at the counter, may hear of something.
RECEIVERS = (Permission.LOG_VISITS, Permission.MAINTAIN_REGISTERS)


@dataclass(frozen=True)
class Heard:
    """What was heard of an organization, and on which day."""

    kind: TriggerKind
    received_on: date
    summary: str


def may_receive(actor: Actor, organization: Organization) -> bool:
    return actor.covers_office(organization.office_code) and any(actor.can(permission) for permission in RECEIVERS)


def receive(session: Session, actor: Actor, organization: Organization, heard: Heard, *, now: datetime) -> Trigger:
    """Note what was heard of an organization of the actor's offices. Raises RuleViolation, naming the field."""
    if not may_receive(actor, organization):
        raise NotPermitted()
    if heard.received_on > today(now):
        raise RuleViolation(N_("未来の日付は登録できません。"), field="received_on")
    if not heard.summary.strip():
        raise RuleViolation(N_("内容を入力してください。"), field="summary")
    return _keep(session, actor, organization, heard, now)


@difficulty_noted.connect
def follow_notice(session: Session, *, actor: Actor, notice: DifficultyNotice, now: datetime) -> None:
    """A trainee who has disappeared is heard of by the notice itself. One disappearance is one trigger: while that
    of an earlier notice waits for its decision, this notice is noted with it and raises no other."""
    if notice.reason is not DifficultyReason.DISAPPEARANCE:
        return
    hold(session, notice.plan)  # a colleague may be recording the same disappearance
    waiting = queries.undecided_disappearance(session, notice.plan)
    if waiting is not None:
        record(session, actor, "trigger.heard_again", waiting, notice=notice.id)
        return
    heard = Heard(TriggerKind.DISAPPEARANCE, notice.notified_on, N_("行方不明の届出"))
    _keep(session, actor, notice.plan.implementing_organization, heard, now, notice)


def may(actor: Actor, trigger: Trigger, act: TriggerAct) -> bool:
    """Whether this person may do that now: permission, office and state. Pages show only such acts."""
    permitted = actor.can(Permission.ASSIGN_INSPECTIONS) and actor.covers_office(trigger.organization.office_code)
    return permitted and (trigger.state, act) in TRANSITIONS


def check_act(actor: Actor, trigger: Trigger, act: TriggerAct) -> TriggerState:
    """The state after the act. Raises NotPermitted or StateConflict; nothing is changed."""
    actor.require(Permission.ASSIGN_INSPECTIONS)
    actor.require_office(trigger.organization.office_code)
    return next_state(TRANSITIONS, trigger.state, act)


def demand(session: Session, actor: Actor, trigger: Trigger, *, reason: str, due_on: date, now: datetime) -> Inspection:
    """The trigger calls for an inspection outside the cycle, due on `due_on` (Art. 14(1))."""
    state, day = check_act(actor, trigger, TriggerAct.DEMAND), today(now)
    inspection = demand_inspection(
        session, actor, trigger.organization, reason=reason, due_on=due_on, now=now, today=day
    )
    trigger.state, trigger.decided_on = state, day
    trigger.inspection, trigger.inspection_id = inspection, inspection.id
    record(session, actor, "trigger.demanded", trigger, changed(trigger))
    session.flush()
    return inspection


def dismiss(session: Session, actor: Actor, trigger: Trigger, *, reason: str, now: datetime) -> None:
    """No inspection is needed, for the reason given."""
    state = check_act(actor, trigger, TriggerAct.DISMISS)
    given = require_text(reason, N_("検査を要しない理由を入力してください。"))
    trigger.state, trigger.decided_on, trigger.reason = state, today(now), given
    record(session, actor, "trigger.dismissed", trigger, changed(trigger))
    session.flush()


def trigger_number(year: int, serial: int) -> str:
    """YY-T-NNNNNN: fiscal year, number within the country and year."""
    return f"{year % 100:02d}-T-{serial:06d}"


def _keep(
    session: Session,
    actor: Actor,
    organization: Organization,
    heard: Heard,
    now: datetime,
    notice: DifficultyNotice | None = None,
) -> Trigger:
    year = fiscal_year(today(now))
    trigger = Trigger(
        number=trigger_number(year, next_number(session, COUNTER, NATIONWIDE, year)),
        kind=heard.kind,
        organization=organization,
        plan=notice.plan if notice else None,
        notice_id=notice.id if notice else None,
        office_code=organization.office_code,
        received_on=heard.received_on,
        summary=heard.summary.strip(),
        state=TriggerState.RECEIVED,
        created_at=now,
        created_by=actor.audit_name,
    )
    session.add(trigger)
    session.flush()
    record(session, actor, "trigger.received", trigger, number=trigger.number, kind=trigger.kind)
    return trigger
