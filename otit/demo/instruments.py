"""Instruments, replies and moved deadlines, as the fate of each finding demands."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from inspections.orders.issuing import order_number
from inspections.orders.models import CorrectionOrder, DeadlineExtension, OrderReply, order_violations
from inspections.orders.states import Instrument, OrderState
from inspections.violations.states import Authority
from otit.demo import texts
from otit.demo.findings import Finding
from otit.demo.story import Fate
from otit.demo.world import Row, World

_STATES: Final = {
    Fate.CLEAN: OrderState.ACCEPTED,
    Fate.WAITING: OrderState.ISSUED,
    Fate.PAST_DUE: OrderState.ISSUED,
    Fate.REPLIED: OrderState.REPLIED,
    Fate.INSUFFICIENT: OrderState.INSUFFICIENT,
    Fate.ACCEPTED: OrderState.ACCEPTED,
    Fate.ESCALATED: OrderState.ESCALATED,
}
_EXTENDED: Final = timedelta(days=120)  # at most
_GUIDED: Final = 0.22  # share of clean inspections after which improvement is asked for all the same


@dataclass
class Course:
    """The days of one instrument; None where it has not come to that."""

    issued_on: date
    due_on: date
    received_on: date | None = None
    assessed_on: date | None = None
    extended_to: date | None = None
    escalated_on: date | None = None


def issue_instruments(world: World, session: Session, findings: list[Finding]) -> None:
    """Numbered in the order of issue, from the counters that go on counting afterwards."""
    wanted = [finding for finding in findings if _leads_to_instrument(world, finding)]
    courses = [(course_of(world, finding), finding) for finding in wanted]
    for course, finding in sorted(courses, key=lambda pair: (pair[0].issued_on, pair[1].draft.row["id"])):
        _issue(world, session, finding, course)


def _leads_to_instrument(world: World, finding: Finding) -> bool:
    if finding.fate is Fate.CLEAN:
        settled = finding.on < world.ago(70)
        return finding.authority is Authority.OTIT and settled and world.dice.random() < _GUIDED
    return finding.fate is not Fate.NOT_YET


def course_of(world: World, finding: Finding) -> Course:
    """Deadlines are set case by case; about a month is usual."""
    dice, today = world.dice, world.today
    issued = world.workday(finding.on + timedelta(days=3), min(finding.on + timedelta(days=12), world.ago(1)))
    course = Course(issued, issued + timedelta(days=dice.randint(28, 45)))
    match finding.fate:
        case Fate.WAITING:
            course.due_on = max(course.due_on, world.ahead(dice.randint(2, 26)))
        case Fate.PAST_DUE:
            course.due_on = max(issued, min(max(course.due_on, world.ago(60)), world.ago(dice.randint(3, 24))))
        case Fate.REPLIED:
            course.received_on = max(world.workday(world.ago(12), world.ago(1)), issued)
            course.due_on = max(course.received_on + timedelta(days=dice.randint(-3, 6)), issued)
        case Fate.INSUFFICIENT:
            received, assessed = world.ago(dice.randint(36, 48)), world.ago(dice.randint(22, 30))
            course.received_on = max(issued, min(received, course.due_on))
            course.due_on = course.received_on + timedelta(days=2)
            course.assessed_on = max(course.received_on, min(assessed, course.received_on + timedelta(days=20)))
            course.extended_to = min(world.ahead(dice.randint(4, 16)), course.assessed_on + _EXTENDED)
        case Fate.ESCALATED:
            assert finding.draft.escalated_on is not None
            course.escalated_on = finding.draft.escalated_on
            course.due_on = max(issued, min(course.due_on, course.escalated_on - timedelta(days=6)))
        case _:
            latest = min(course.due_on + timedelta(days=3), world.ago(2))
            course.received_on = world.workday(min(issued + timedelta(days=9), latest), latest)
            after = min(course.received_on + timedelta(days=12), today - timedelta(days=1))
            course.assessed_on = world.workday(course.received_on, max(course.received_on, after))
    return course


def _instrument(finding: Finding) -> Instrument:
    if finding.authority is Authority.LABOUR_STANDARDS:
        return Instrument.CORRECTIVE_RECOMMENDATION
    return Instrument.IMPROVEMENT_RECOMMENDATION if finding.violations else Instrument.IMPROVEMENT_GUIDANCE


def _issue(world: World, session: Session, finding: Finding, course: Course) -> None:
    instrument, state = _instrument(finding), _STATES[finding.fate]
    accepted_on = course.assessed_on if state is OrderState.ACCEPTED else None
    body = "".join(f"{place}　{row['description']}\n" for place, row in enumerate(finding.violations, 1))
    order = world.rows.add(
        CorrectionOrder,
        number=order_number(session, instrument, finding.bureau or finding.draft.body.office, course.issued_on),
        inspection_id=finding.draft.row["id"],
        authority=finding.authority,
        bureau_code=finding.bureau,
        instrument=instrument,
        issued_on=course.issued_on,
        due_on=course.extended_to or course.due_on,
        text=f"{body}上記について改善し、期限までに報告してください。" if body else texts.GUIDANCE,
        state=state,
        accepted_on=accepted_on,
        escalated_on=course.escalated_on,
        escalation_reason=texts.ESCALATION if course.escalated_on else None,
        issued_by_id=finding.finder["id"],
        created_at=world.moment(course.issued_on, 15),
    )
    for row in finding.violations:
        world.rows.add(order_violations, order_id=order["id"], violation_id=row["id"])
        row["closed_on"] = accepted_on
        row["escalation_reason"] = order["escalation_reason"]
    _answer(world, finding, course, order)


def _answer(world: World, finding: Finding, course: Course, order: Row) -> None:
    if course.received_on is None:
        return
    sufficient = None if course.assessed_on is None else finding.fate is not Fate.INSUFFICIENT
    assessment = {None: None, True: texts.ACCEPTED, False: texts.INSUFFICIENT}[sufficient]
    world.rows.add(
        OrderReply,
        order_id=order["id"],
        received_on=course.received_on,
        summary=texts.REPLY,
        assessed_on=course.assessed_on,
        sufficient=sufficient,
        assessment=assessment,
        recorded_by_id=finding.finder["id"],
    )
    if course.extended_to and course.assessed_on:
        world.rows.add(
            DeadlineExtension,
            order_id=order["id"],
            previous_due_on=course.due_on,
            due_on=course.extended_to,
            reason=texts.EXTENSION,
            extended_on=course.assessed_on,
            recorded_by_id=finding.finder["id"],
        )
