"""Making an instrument: the rules that hold for whoever issues it, and its number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from inspections.orders.models import CorrectionOrder
from inspections.orders.states import INSTRUMENTS, NEEDS_VIOLATION, Instrument
from inspections.scheduling.models import Inspection
from inspections.violations.models import Violation
from inspections.violations.services import instruct
from inspections.violations.states import TRANSITIONS, Authority, ViolationAct
from inspections.visits.charge import person
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.clock import fiscal_year
from otit.errors import RuleViolation
from otit.lifecycle import next_state
from otit.numbering import next_number
from otit.text import N_

PREFIXES = {
    Instrument.IMPROVEMENT_RECOMMENDATION: "改勧",
    Instrument.IMPROVEMENT_GUIDANCE: "改指",
    Instrument.CORRECTIVE_RECOMMENDATION: "是勧",
    Instrument.GUIDANCE_SLIP: "指票",
    Instrument.STOP_USE_ORDER: "使停",
}


@dataclass(frozen=True)
class Draft:
    """What the officer writes. `violation_ids` are of the same inspection and body, and still open."""

    instrument: Instrument
    text: str
    issued_on: date
    due_on: date
    violation_ids: Sequence[int] = ()


@dataclass(frozen=True)
class Issuer:
    """The issuing body: `place_code` is the OTIT office or the bureau's prefecture, for the number; `visited_on` the
    day of its first visit, before which it can have issued nothing."""

    authority: Authority
    place_code: str
    bureau_code: str | None
    visited_on: date


def create(
    session: Session,
    actor: Actor,
    inspection: Inspection,
    draft: Draft,
    issuer: Issuer,
    *,
    now: datetime,
    today: date,
) -> CorrectionOrder:
    """Store the instrument and instruct its violations. The caller has checked permission, scope and state.

    The text of a Labour Standards instrument stays out of the audit trail, which OTIT's administrators read.
    """
    _check(draft, issuer, today)
    named = _violations(session, inspection, draft, issuer)
    order = CorrectionOrder(
        number=order_number(session, draft.instrument, issuer.place_code, draft.issued_on),
        inspection_id=inspection.id,
        inspection=inspection,
        authority=issuer.authority,
        bureau_code=issuer.bureau_code,
        instrument=draft.instrument,
        issued_on=draft.issued_on,
        due_on=draft.due_on,
        text=draft.text,
        issued_by_id=person(actor),
        created_at=now,
    )
    order.violations = list(named)
    session.add(order)
    changes = changed(order)
    if issuer.authority is not Authority.OTIT:
        changes.pop("text")
    record(session, actor, "order.issued", order, changes, violations=[row.id for row in named])
    for violation in named:
        instruct(session, actor, violation)
    session.flush()
    return order


def _check(draft: Draft, issuer: Issuer, today: date) -> None:
    if draft.instrument not in INSTRUMENTS[issuer.authority]:
        raise RuleViolation(N_("この機関が交付できる書面ではありません。"), field="instrument")
    _check_days(draft, issuer, today)
    if not draft.text:
        raise RuleViolation(N_("求める改善の内容を入力してください。"), field="text")


def order_number(session: Session, instrument: Instrument, place_code: str, issued_on: date) -> str:
    """改勧26-11-0001: instrument, fiscal year of issue, office (or the bureau's prefecture), running number."""
    year = fiscal_year(issued_on)
    sequence = next_number(session, f"order:{instrument.value}", place_code, year)
    return f"{PREFIXES[instrument]}{year % 100:02d}-{place_code}-{sequence:04d}"


def _check_days(draft: Draft, issuer: Issuer, today: date) -> None:
    if draft.issued_on > today:
        raise RuleViolation(N_("交付した日は、今日までの日にしてください。"), field="issued_on")
    if draft.issued_on < issuer.visited_on:
        message = N_("交付した日は、訪問した日（%(day)s）以後の日にしてください。")
        raise RuleViolation(message, {"day": issuer.visited_on}, field="issued_on")
    if draft.due_on < draft.issued_on:
        raise RuleViolation(N_("期限は、交付した日以後の日にしてください。"), field="due_on")


def _violations(session: Session, inspection: Inspection, draft: Draft, issuer: Issuer) -> Sequence[Violation]:
    needed = draft.instrument in NEEDS_VIOLATION
    if needed and not draft.violation_ids:
        raise RuleViolation(N_("対象とする違反を1件以上選んでください。"), field="violations")
    if not needed and draft.violation_ids:
        message = N_("%(instrument)sは、法令違反がない場合の書面です。違反を選ばないでください。")
        raise RuleViolation(message, {"instrument": draft.instrument}, field="violations")
    if not draft.violation_ids:
        return ()
    found = _named(session, inspection, draft, issuer)
    if len(found) != len(set(draft.violation_ids)):
        raise RuleViolation(N_("この検査で見つかった違反だけを選んでください。"), field="violations")
    for row in found:
        next_state(TRANSITIONS, row.state, ViolationAct.INSTRUCT)
        if row.visit is not None and row.visit.visited_on > draft.issued_on:
            raise RuleViolation(N_("交付した日より後の訪問で見つかった違反は選べません。"), field="violations")
    return found


def _named(session: Session, inspection: Inspection, draft: Draft, issuer: Issuer) -> Sequence[Violation]:
    """The violations with these ids that the issuing body itself found in this inspection."""
    query = sa.select(Violation).where(
        Violation.id.in_(set(draft.violation_ids)),
        Violation.inspection_id == inspection.id,
        Violation.authority == issuer.authority,
        Violation.bureau_code.is_not_distinct_from(issuer.bureau_code),
    )
    return session.scalars(query.options(joinedload(Violation.visit)).order_by(Violation.id)).all()
