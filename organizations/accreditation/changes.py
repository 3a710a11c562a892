"""Acts on changes of accredited plans (Art. 11): accreditation of a change, and the notice of a minor one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from organizations.accreditation.examination import Proposal, examine
from organizations.accreditation.models import PlanChange
from organizations.accreditation.queries import open_change
from organizations.accreditation.services import PERMISSIONS, check_decision_day, check_findings
from organizations.accreditation.states import CHANGE_TRANSITIONS, ApplicationAct, ChangeKind, ChangeState
from organizations.licenses.law import cited
from organizations.plans.models import TrainingPlan
from organizations.plans.services import note_first_training
from organizations.plans.states import GROUP_CATEGORIES, LIVE_STATES
from organizations.register.models import Organization
from organizations.sending.models import SendingOrganization
from otit.audit.trail import changed, plain, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import add_months, today
from otit.db import assign
from otit.errors import RuleViolation, StateConflict, require_text
from otit.findings import Finding, stored, warning
from otit.law.provisions import Provision
from otit.lifecycle import next_state
from otit.text import N_

# Days of a plan that a change may move, and what else.
DAYS = ("starts_on", "ends_on")
BODIES = ("supervising_organization_id", "sending_organization_id")
FIELDS = (*DAYS, "occupation_code", *BODIES)
NOTICE_MONTHS = 1
CORRECTED = "plan_change.corrected"


@dataclass(frozen=True)
class ChangeFacts:
    """`new` are the new values of `FIELDS`; what is equal to the plan is no change. `changed_on` is the day from which
    the change is to hold (minor: held)."""

    applied_on: date
    changed_on: date
    summary: str
    new: Mapping[str, Any] = field(default_factory=dict)


def may_change(actor: Actor, plan: TrainingPlan) -> bool:
    in_charge = actor.covers_office(plan.implementing_organization.office_code)
    return in_charge and actor.can(Permission.MAINTAIN_REGISTERS) and plan.state in LIVE_STATES


def apply_for_change(
    session: Session, actor: Actor, plan: TrainingPlan, facts: ChangeFacts, *, now: datetime
) -> PlanChange:
    """Take an application for the accreditation of a change; one at a time for each plan."""
    basis = _check(actor, plan, facts, today(now))
    moved = _moved(plan, facts)
    if open_change(session, plan.id) is not None:
        raise RuleViolation(N_("この計画の変更の申請は、既に受け付けて審査しています。"))
    change = _new(plan, ChangeKind.CHANGE, ChangeState.APPLIED, facts, basis, now)
    change.changes = moved
    return _keep(session, actor, change, "plan_change.applied")


def correct_change(session: Session, actor: Actor, change: PlanChange, facts: ChangeFacts, *, now: datetime) -> bool:
    """Put right what is recorded of an undecided application for a change. Raises what its receipt would. Whether
    anything has changed; the event tells it by the fields of the plan."""
    check_act(actor, change, ApplicationAct.CORRECT)
    basis = _check(actor, change.plan, facts, today(now))
    moved, before = _moved(change.plan, facts), change.changes
    new = {"applied_on": facts.applied_on, "changed_on": facts.changed_on, "summary": facts.summary.strip()}
    new |= {"provision_code": basis.code, "provision_from": basis.valid_from}
    pairs = {name: [(one.get(name) or [None, None])[1] for one in (before, moved)] for name in FIELDS}
    altered = {name: (old, wanted) for name, (old, wanted) in pairs.items() if old != wanted}
    if altered:
        new["changes"] = moved
    assign(change, new)
    altered |= {name: pair for name, pair in changed(change).items() if name != "changes"}
    if not altered:
        return False
    record(session, actor, CORRECTED, change, altered)
    session.flush()
    return True


def note_minor_change(
    session: Session, actor: Actor, plan: TrainingPlan, facts: ChangeFacts, *, now: datetime
) -> PlanChange:
    """Keep the notice of a minor change (Ord. 17). One that comes later than a month after the change is kept with a
    warning."""
    basis = _check(actor, plan, facts, today(now))
    if facts.applied_on < facts.changed_on:
        raise RuleViolation(N_("届出の日は、変更した日以後にしてください。"), field="applied_on")
    change = _new(plan, ChangeKind.MINOR, ChangeState.NOTIFIED, facts, basis, now)
    change.warnings = stored(late_notice(facts.changed_on, facts.applied_on))
    return _keep(session, actor, change, "plan_change.notified")


def late_notice(changed_on: date, notified_on: date) -> list[Finding]:
    """Minor changes are notified within a month (Art. 11, Ord. 17)."""
    last = add_months(changed_on, NOTICE_MONTHS)
    if notified_on <= last:
        return []
    message = N_("軽微な変更の届出が、期限（%(day)s）を過ぎています。")
    return [warning(message, N_("法第11条、規則第17条"), day=last)]


def check_act(actor: Actor, change: PlanChange, act: ApplicationAct) -> ChangeState:
    """The state after the act. Raises NotPermitted or StateConflict; nothing is changed."""
    actor.require(PERMISSIONS[act])
    actor.require_office(change.plan.implementing_organization.office_code)
    return next_state(CHANGE_TRANSITIONS, change.state, act)


def may(actor: Actor, change: PlanChange, act: ApplicationAct) -> bool:
    in_charge = actor.covers_office(change.plan.implementing_organization.office_code)
    return in_charge and actor.can(PERMISSIONS[act]) and (change.state, act) in CHANGE_TRANSITIONS


def accredit_change(
    session: Session, actor: Actor, change: PlanChange, *, on: date, now: datetime, reason: str = ""
) -> None:
    """Accredit the change: the plan takes its values from now on. Checked by the same criteria as the plan was; a grave
    finding asks for a `reason` here as well."""
    state, plan = check_act(actor, change, ApplicationAct.ACCREDIT), change.plan
    check_decision_day(change.applied_on, on, today(now))
    _check_live(plan)
    found = findings_of(session, change, on=on, today=today(now))
    check_findings(found, reason)
    new, supervising = values(change), new_supervisor(session, change)
    if supervising is not None:
        new |= {"supervising_organization_id": supervising.id, "supervising_office_code": supervising.office_code}
    for name, value in new.items():
        setattr(plan, name, value)
    record(session, actor, "plan.changed", plan, changed(plan), change=change.id)
    change.state, change.decided_on, change.warnings = state, on, stored(found)
    record(session, actor, "plan_change.accredited", change, changed(change), reason=reason.strip())
    session.flush()
    note_first_training(session, [plan.implementing_organization_id])


def refuse_change(session: Session, actor: Actor, change: PlanChange, *, on: date, reason: str, now: datetime) -> None:
    """Refuse the change. The findings of that day are kept as well."""
    state = check_act(actor, change, ApplicationAct.REFUSE)
    check_decision_day(change.applied_on, on, today(now))
    change.warnings = stored(findings_of(session, change, on=on, today=today(now)))
    change.state, change.decided_on, change.refusal_reason = state, on, require_text(reason)
    record(session, actor, "plan_change.refused", change, changed(change))
    session.flush()


def withdraw_change(session: Session, actor: Actor, change: PlanChange, *, on: date, now: datetime) -> None:
    state = check_act(actor, change, ApplicationAct.WITHDRAW)
    check_decision_day(change.applied_on, on, today(now))
    change.state, change.decided_on = state, on
    record(session, actor, "plan_change.withdrawn", change, changed(change))
    session.flush()


def values(change: PlanChange) -> dict[str, Any]:
    """{field: new value} as the plan's columns hold them."""
    return {
        name: date.fromisoformat(new) if name in DAYS else new for name, (_old, new) in sorted(change.changes.items())
    }


def new_supervisor(session: Session, change: PlanChange) -> Organization | None:
    """The body that the change names as supervising, None where it names none. What has been merged since the
    application is the row that lives on: no plan may hang on a duplicate."""
    key = values(change).get("supervising_organization_id")
    body = None if key is None else session.get(Organization, key)
    if body is None or body.merged_into_id is None:
        return body
    return session.get(Organization, body.merged_into_id)


def new_sender(session: Session, change: PlanChange) -> SendingOrganization | None:
    """The sending organization that the change names, None where it names none."""
    key = values(change).get("sending_organization_id")
    return None if key is None else session.get(SendingOrganization, key)


def findings_of(session: Session, change: PlanChange, *, on: date, today: date) -> list[Finding]:
    """The criteria, applied to the plan as it would be."""
    plan, new = change.plan, values(change)
    proposal = Proposal(
        category=plan.category,
        implementing=plan.implementing_organization,
        supervising=plan.supervising_organization,
        sending=plan.sending_organization,
        occupation_code=new.get("occupation_code", plan.occupation_code),
        applied_on=change.applied_on,
        starts_on=new.get("starts_on", plan.starts_on),
        ends_on=new.get("ends_on", plan.ends_on),
        plan_id=plan.id,
        trainee_id=plan.trainee_id,
        nationality=plan.nationality,
    )
    if (supervising := new_supervisor(session, change)) is not None:
        proposal = replace(proposal, supervising=supervising)
    if (sending := new_sender(session, change)) is not None:
        proposal = replace(proposal, sending=sending)
    return examine(session, proposal, on=on, today=today)


def _check(actor: Actor, plan: TrainingPlan, facts: ChangeFacts, today: date) -> Provision:
    """Permission, office, state and days. The provision that a change of this plan cites."""
    actor.require(Permission.MAINTAIN_REGISTERS)
    actor.require_office(plan.implementing_organization.office_code)
    _check_live(plan)
    if facts.applied_on > today:
        raise RuleViolation(N_("未来の日付は登録できません。"), field="applied_on")
    if facts.applied_on < plan.accredited_on:
        raise RuleViolation(N_("認定年月日より前の日付です。"), field="applied_on")
    if facts.changed_on < plan.accredited_on:
        raise RuleViolation(N_("認定年月日より前の日付です。"), field="changed_on")
    if not facts.summary.strip():
        raise RuleViolation(N_("変更の内容を入力してください。"), field="summary")
    return cited(plan.scheme, "11", facts.applied_on)


def _moved(plan: TrainingPlan, facts: ChangeFacts) -> dict[str, list[Any]]:
    """{field: [old, new]} of what differs from the plan, as it is stored. Raises RuleViolation when nothing does."""
    moved = {name: [getattr(plan, name), facts.new[name]] for name in FIELDS if name in facts.new}
    moved = {name: pair for name, pair in moved.items() if pair[0] != pair[1]}
    if not moved:
        raise RuleViolation(N_("計画と異なる値を1つ以上入力してください。"))
    if plan.category not in GROUP_CATEGORIES and "supervising_organization_id" in moved:
        raise RuleViolation(N_("企業単独型の計画に監理団体はありません。"), field="supervising")
    stored_form: dict[str, list[Any]] = plain(moved)
    return stored_form


def _check_live(plan: TrainingPlan) -> None:
    if plan.state not in LIVE_STATES:
        message = N_("状態が「%(state)s」の計画は変更できません。")
        raise StateConflict(message, {"state": plan.state})


def _new(
    plan: TrainingPlan, kind: ChangeKind, state: ChangeState, facts: ChangeFacts, basis: Provision, now: datetime
) -> PlanChange:
    return PlanChange(
        plan=plan,
        kind=kind,
        state=state,
        applied_on=facts.applied_on,
        changed_on=facts.changed_on,
        changes={},
        summary=facts.summary.strip(),
        provision_code=basis.code,
        provision_from=basis.valid_from,
        created_at=now,
    )


def _keep(session: Session, actor: Actor, change: PlanChange, event: str) -> PlanChange:
    session.add(change)
    session.flush()
    record(session, actor, event, change, plan=change.plan_id, changes_of_plan=change.changes)
    return change
