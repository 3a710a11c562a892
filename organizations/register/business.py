"""What a body notifies about its business (supervising: Art. 34(1)): recorded when it comes, followed when it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from organizations.register import part_queries
from organizations.register.models import BusinessNotice, Organization
from organizations.register.states import BUSINESS_TRANSITIONS, BusinessAct, BusinessStatus, OrganizationKind
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import add_months, today
from otit.db import hold
from otit.errors import RuleViolation, StateConflict, require_text
from otit.findings import Finding, noted
from otit.lifecycle import next_state
from otit.text import N_


@dataclass(frozen=True)
class NoticeFacts:
    """`until` is the announced last day of a pause."""

    act: BusinessAct
    notified_on: date
    effective_on: date
    until: date | None = None
    reason: str | None = None


def notify_by(effective_on: date) -> date:
    """The last day for the notice of a supervising body, one month before it holds: for 31 March that is 28 February.
    Source: the filing deadlines of OTIT's procedures for supervising organizations (事業廃止・休止・再開届出書)."""
    return add_months(effective_on, -1)


def is_late(kind: OrganizationKind, notified_on: date, effective_on: date) -> bool:
    """A late notice is no ground to refuse it."""
    return kind is OrganizationKind.SUPERVISING and notified_on > notify_by(effective_on)


def review_notice(organization: Organization, facts: NoticeFacts) -> list[Finding]:
    if not is_late(organization.kind, facts.notified_on, facts.effective_on):
        return []
    message = N_("届出が期限（%(by)s、1か月前）より遅れています。記録はできますが、遅延したことが残ります。")
    return [Finding(message, {"by": notify_by(facts.effective_on)}, N_("法第34条第1項"), code="late-notice")]


def record_business_notice(
    session: Session,
    actor: Actor,
    organization: Organization,
    facts: NoticeFacts,
    *,
    findings: Sequence[Finding] = (),
    now: datetime,
) -> BusinessNotice:
    """The body gives its business a pause, takes it up again or gives it up. What holds only later is recorded now and
    followed on its day. Raises StateConflict when the notices before it do not lead to such a state."""
    actor.require(Permission.MAINTAIN_REGISTERS)
    actor.require_office(organization.office_code)
    hold(session, organization)
    earlier = part_queries.notices_of(session, organization.id)
    state = _state_after(organization, earlier, facts.act)
    _check_days(facts, earlier, today(now))
    at_once = facts.effective_on <= today(now)
    notice = BusinessNotice(
        organization_id=organization.id,
        act=facts.act,
        notified_on=facts.notified_on,
        effective_on=facts.effective_on,
        until=facts.until,
        reason=facts.reason,
        applied_on=today(now) if at_once else None,
        recorded_at=now,
    )
    session.add(notice)
    detail = {"act": facts.act, "notified_on": facts.notified_on, "effective_on": facts.effective_on, **noted(findings)}
    organization.updated_at = now
    if at_once:
        organization.status = state
    changes = {name: pair for name, pair in changed(organization).items() if name == "status"}
    record(session, actor, "organization.business_notice", organization, changes, **detail)
    session.flush()
    return notice


def withdraw_notice(
    session: Session, actor: Actor, organization: Organization, notice: BusinessNotice, *, reason: str, now: datetime
) -> None:
    """The latest notice was recorded wrongly, or the body has taken it back: it is as if it had not been recorded, and
    what it said stands in the audit trail. Where it was followed already, the business stands as before it. Raises
    StateConflict when it is not the latest or the business has moved on otherwise since."""
    actor.require(Permission.MAINTAIN_REGISTERS)
    actor.require_office(organization.office_code)
    reason = require_text(reason)
    hold(session, organization)
    notices = part_queries.notices_of(session, organization.id)
    if not notices or notice.id != notices[0].id:
        raise StateConflict(N_("取り消せるのは最後に記録した届出だけです。後の届出から順に取り消してください。"))
    before = _state_before(session, notice, notices[1:]) if notice.applied_on is not None else None
    if before is not None:
        if organization.status is not BUSINESS_TRANSITIONS.get((before, notice.act)):
            raise StateConflict(N_("届出の後に事業の状況が変わっているため、取り消せません。"))
        organization.status = before
    organization.updated_at = now
    changes = {name: pair for name, pair in changed(organization).items() if name == "status"}
    told = {name: getattr(notice, name) for name in ("act", "notified_on", "effective_on", "until", "applied_on")}
    record(
        session,
        actor,
        "organization.notice_withdrawn",
        organization,
        changes,
        **told,
        notified_reason=notice.reason,
        reason=reason,
    )
    session.delete(notice)
    session.flush()


def settle_business(session: Session, actor: Actor, *, today: date, now: datetime) -> int:
    """Follow the notices whose day has come; a second run finds nothing. Where the state has moved on otherwise since,
    the notice is only marked as followed. Returns how many."""
    actor.require(Permission.MAINTAIN_REGISTERS)
    due = part_queries.notices_due(session, today)
    for notice in due:
        body = notice.organization
        notice.applied_on = today
        state = BUSINESS_TRANSITIONS.get((body.status, notice.act))
        changes = {}
        if state is not None:
            changes = {"status": (body.status, state)}
            body.status, body.updated_at = state, now
        record(session, actor, "organization.business_notice_followed", body, changes, act=notice.act)
    session.flush()
    return len(due)


def _state_after(organization: Organization, notices: Sequence[BusinessNotice], act: BusinessAct) -> BusinessStatus:
    """The state after the act, behind the notices that are recorded but lie ahead."""
    state, last = organization.status, None
    for last in sorted((one for one in notices if one.applied_on is None), key=lambda one: one.effective_on):
        state = next_state(BUSINESS_TRANSITIONS, state, last.act)
    if last is not None and (state, act) not in BUSINESS_TRANSITIONS:
        message = N_(
            "%(day)sから効力が生じる「%(notified)s」の届出があるため、「%(act)s」は記録できません。誤って記録した届出であれば、団体のページで取り消してください。"
        )
        raise StateConflict(message, {"day": last.effective_on, "notified": last.act, "act": act})
    return next_state(BUSINESS_TRANSITIONS, state, act)


def _state_before(session: Session, notice: BusinessNotice, earlier: Sequence[BusinessNotice]) -> BusinessStatus | None:
    """The state from which the notice moved the business, as the audit trail has it: a list may have told it. None
    where the notice moved nothing. Without a trail, the state to which the notices before it led, the latest first."""
    moved = part_queries.moved_by(session, notice)
    if moved is not None:
        return BusinessStatus(moved["status"][0]) if "status" in moved else None
    paused = notice.act is BusinessAct.RESUME or (bool(earlier) and earlier[0].act is BusinessAct.SUSPEND)
    return BusinessStatus.SUSPENDED if paused else BusinessStatus.ACTIVE


def _check_days(facts: NoticeFacts, earlier: Sequence[BusinessNotice], today: date) -> None:
    if facts.notified_on > today:
        raise RuleViolation(N_("未来の日付は登録できません。"), field="notified_on")
    last = max((one.effective_on for one in earlier), default=None)
    if last is not None and facts.effective_on < last:
        message = N_("前の届出の効力の発生日（%(last)s）以後の日付にしてください。")
        raise RuleViolation(message, {"last": last}, field="effective_on")
    if facts.until is not None and facts.act is not BusinessAct.SUSPEND:
        raise RuleViolation(N_("休止の末日は、事業の休止のときだけ入力します。"), field="until")
    if facts.until is not None and facts.until < facts.effective_on:
        raise RuleViolation(N_("休止の末日は、休止の開始日以後にしてください。"), field="until")
