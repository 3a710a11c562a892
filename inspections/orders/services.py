"""Acts on instruments: issue, receive the reply, assess it, extend the deadline, escalate.

OTIT issues 改善勧告 (violations were found) and 改善指導 (none, but improvement is wanted); the Labour Standards side
acts on its own instruments through the same life. Deadlines are set case by case: no law gives a number of days.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from inspections.orders.issuing import Draft, Issuer, create
from inspections.orders.models import CorrectionOrder, DeadlineExtension, OrderReply
from inspections.orders.states import TRANSITIONS, OrderAct
from inspections.scheduling.models import Inspection
from inspections.violations import services as violations
from inspections.violations.services import FINDABLE
from inspections.violations.states import Authority, ViolationState
from inspections.visits.charge import person
from inspections.visits.queries import carried_out
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.errors import NotPermitted, RuleViolation, StateConflict, require_text
from otit.lifecycle import next_state
from otit.text import N_


def issue(
    session: Session, actor: Actor, inspection: Inspection, draft: Draft, *, now: datetime, today: date
) -> CorrectionOrder:
    """Issue a 改善勧告 or 改善指導 on an inspection that was carried out. Its violations become "instructed".

    Raises RuleViolation: a 改善勧告 needs at least one open violation of OTIT's in this inspection, a 改善指導 none.
    """
    actor.require(Permission.ISSUE_INSTRUMENTS)
    actor.require_office(inspection.owner_office_code, inspection.office_code)
    visits = carried_out(session, inspection.id)
    if inspection.state not in FINDABLE or not visits:
        raise StateConflict(N_("訪問を実施していない検査からは、勧告も指導もできません。"))
    issuer = Issuer(Authority.OTIT, inspection.office_code, None, min(visit.visited_on for visit in visits))
    return create(session, actor, inspection, draft, issuer, now=now, today=today)


@dataclass(frozen=True)
class Assessment:
    """What the authority decided on a reply; an insufficient one needs its reason in `text`."""

    assessed_on: date
    sufficient: bool
    text: str = ""


def require_issuer(actor: Actor, order: CorrectionOrder) -> None:
    """Raises NotPermitted unless the actor acts for the body that issued the instrument."""
    if order.authority is Authority.OTIT:
        actor.require(Permission.ISSUE_INSTRUMENTS)
        actor.require_office(order.inspection.owner_office_code, order.inspection.office_code)
        return
    actor.require(Permission.RECORD_JOINT_RESULTS)
    if order.bureau_code != actor.bureau_code:
        raise NotPermitted()


def receive_reply(
    session: Session, actor: Actor, order: CorrectionOrder, *, received_on: date, summary: str, today: date
) -> OrderReply:
    """A 改善報告書 (是正報告書) came in."""
    require_issuer(actor, order)
    _refuse_future(received_on, today, "received_on")
    earliest = max([order.issued_on, *(reply.assessed_on or reply.received_on for reply in order.replies)])
    if received_on < earliest:
        message = N_("受け取った日は%(day)s以後の日にしてください。")
        raise RuleViolation(message, {"day": earliest}, field="received_on")
    require_text(summary, N_("報告の内容と証拠を入力してください。"), field="summary")
    _move(order, OrderAct.RECEIVE_REPLY)
    reply = OrderReply(order=order, received_on=received_on, summary=summary, recorded_by_id=person(actor))
    session.add(reply)
    _record(session, actor, "order.reply_received", order, received_on=received_on)
    session.flush()
    return reply


def assess(session: Session, actor: Actor, order: CorrectionOrder, assessment: Assessment, *, today: date) -> None:
    """Decide on the reply that is waiting. Accepting it closes the order's violations on that day."""
    require_issuer(actor, order)
    sufficient, day = assessment.sufficient, assessment.assessed_on
    next_state(TRANSITIONS, order.state, OrderAct.ACCEPT if sufficient else OrderAct.FIND_INSUFFICIENT)
    reply = order.replies[-1]
    _refuse_future(day, today, "assessed_on")
    if day < reply.received_on:
        message = N_("確認した日は、報告書を受け取った日（%(day)s）以後の日にしてください。")
        raise RuleViolation(message, {"day": reply.received_on}, field="assessed_on")
    if not sufficient:
        require_text(assessment.text, N_("不十分とする理由を入力してください。"), field="text")
    corrected = list(order.violations) if sufficient else []
    reply.assessed_on, reply.sufficient, reply.assessment = day, sufficient, assessment.text or None
    _move(order, OrderAct.ACCEPT if sufficient else OrderAct.FIND_INSUFFICIENT)
    order.accepted_on = day if sufficient else None
    for violation in corrected:
        violations.close(session, actor, violation, on=day, reply_id=reply.id)
    _record(session, actor, "order.accepted" if sufficient else "order.found_insufficient", order, reply=reply.id)


def extend(session: Session, actor: Actor, order: CorrectionOrder, *, due_on: date, reason: str, today: date) -> None:
    """Move the deadline to a later day that is not over yet; the reason is kept."""
    require_issuer(actor, order)
    if due_on <= order.due_on:
        message = N_("新しい期限は、今の期限（%(day)s）より後の日にしてください。")
        raise RuleViolation(message, {"day": order.due_on}, field="due_on")
    if due_on < today:
        raise RuleViolation(N_("新しい期限は、今日以後の日にしてください。"), field="due_on")
    require_text(reason, N_("期限を延ばす理由を入力してください。"))
    _move(order, OrderAct.EXTEND)
    extension = DeadlineExtension(
        previous_due_on=order.due_on, due_on=due_on, reason=reason, extended_on=today, recorded_by_id=person(actor)
    )
    order.extensions.append(extension)
    order.due_on = due_on
    _record(session, actor, "order.extended", order)


def escalate(session: Session, actor: Actor, order: CorrectionOrder, *, reason: str, today: date) -> None:
    """Give up on the instrument: the order and its violations go to the disposition procedure (OTIT only)."""
    require_issuer(actor, order)
    if order.authority is not Authority.OTIT:
        raise RuleViolation(N_("処分手続へ移せるのは、機構の勧告と指導だけです。"))
    require_text(reason, N_("処分手続へ移す理由を入力してください。"))
    _move(order, OrderAct.ESCALATE)
    order.escalated_on, order.escalation_reason = today, reason
    for violation in order.violations:
        if violation.state is ViolationState.INSTRUCTED:
            violations.escalate_with_order(session, actor, violation, reason=reason)
    _record(session, actor, "order.escalated", order)


def _move(order: CorrectionOrder, act: OrderAct) -> None:
    order.state = next_state(TRANSITIONS, order.state, act)


def _record(session: Session, actor: Actor, action: str, order: CorrectionOrder, **detail: object) -> None:
    record(session, actor, action, order, changed(order), number=order.number, **detail)


def _refuse_future(day: date, today: date, field: str) -> None:
    if day > today:
        raise RuleViolation(N_("今日までの日にしてください。"), field=field)
