"""Instruments: who issues what on what, every pair of state and act, deadlines, and what closes a violation."""

from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspections.orders import services
from inspections.orders.models import CorrectionOrder, OrderReply
from inspections.orders.services import Assessment
from inspections.orders.states import TRANSITIONS, Instrument, OrderAct, OrderState
from inspections.violations.states import ViolationState
from inspections.visits.states import VisitOutcome
from otit.audit.models import AuditEvent
from otit.errors import NotPermitted, RuleViolation, StateConflict
from tests.factories import NOW, TODAY, Factories
from tests.field_work import BOOKS, CUSTODY, VISITED, Case


@pytest.fixture
def case(session: Session, factories: Factories) -> Case:
    return Case(session, factories)


def _issue(case: Case, *args: object, **values: object) -> CorrectionOrder:
    draft = case.draft(*args, **values)
    return services.issue(case.session, case.inspector.actor, case.inspection, draft, now=NOW, today=TODAY)


def test_a_recommendation_instructs_its_violations_and_takes_a_number_of_its_office(case: Case) -> None:
    case.visit(BOOKS, CUSTODY)
    first, second = case.violations()
    order = _issue(case, first)
    assert order.number == "改勧26-11-0001"
    assert (first.state, second.state) == (ViolationState.INSTRUCTED, ViolationState.OPEN)
    assert _issue(case, second).number == "改勧26-11-0002"
    assert _issue(case).number == "改指26-11-0001"


def test_the_number_carries_the_fiscal_year_of_issue(session: Session, factories: Factories) -> None:
    case = Case(session, factories)
    case.visit(visited_on=date(2026, 3, 20))
    assert _issue(case, issued_on=date(2026, 3, 31)).number == "改指25-11-0001"
    assert _issue(case, issued_on=date(2026, 4, 1)).number == "改指26-11-0001"


def test_a_recommendation_needs_a_violation_and_a_guidance_names_none(case: Case) -> None:
    case.visit(BOOKS)
    (violation,) = case.violations()
    with pytest.raises(RuleViolation) as without:
        _issue(case, instrument=Instrument.IMPROVEMENT_RECOMMENDATION)
    with pytest.raises(RuleViolation) as with_one:
        _issue(case, violation, instrument=Instrument.IMPROVEMENT_GUIDANCE)
    assert (without.value.field, with_one.value.field) == ("violations", "violations")


def test_otit_cannot_issue_what_the_labour_standards_side_issues(case: Case) -> None:
    case.visit(BOOKS)
    with pytest.raises(RuleViolation) as refusal:
        _issue(case, *case.violations(), instrument=Instrument.CORRECTIVE_RECOMMENDATION)
    assert refusal.value.field == "instrument"


def test_a_violation_already_instructed_or_of_another_inspection_is_refused(case: Case) -> None:
    order = case.order()
    with pytest.raises(StateConflict):
        _issue(case, *order.violations)
    other = Case(case.session, case.factories)
    other.visit()
    with pytest.raises(RuleViolation) as refusal:
        _issue(other, *order.violations)
    assert refusal.value.field == "violations"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"issued_on": TODAY + timedelta(days=1), "due_on": TODAY + timedelta(days=9)}, "issued_on"),
        ({"issued_on": VISITED - timedelta(days=1)}, "issued_on"),
        ({"due_on": date(2026, 11, 20)}, "due_on"),
        ({"text": ""}, "text"),
    ],
)
def test_days_of_an_instrument_are_in_order(case: Case, values: dict[str, object], field: str) -> None:
    case.visit()
    with pytest.raises(RuleViolation) as refusal:
        _issue(case, **values)
    assert refusal.value.field == field


def test_the_deadline_may_be_the_day_of_issue(case: Case) -> None:
    case.visit()
    assert _issue(case, issued_on=TODAY, due_on=TODAY).due_on == TODAY


def test_nothing_is_issued_before_a_visit_was_carried_out(case: Case) -> None:
    case.visit(outcome=VisitOutcome.REFUSED, people_present="")
    with pytest.raises(StateConflict):
        _issue(case)


def test_only_people_of_the_office_who_may_issue_do(case: Case) -> None:
    case.visit()
    for who in (case.elsewhere, case.reader, case.officer):
        with pytest.raises(NotPermitted):
            services.issue(case.session, who.actor, case.inspection, case.draft(), now=NOW, today=TODAY)


def _do(case: Case, act: OrderAct, order: CorrectionOrder) -> None:
    session, actor = case.session, case.inspector.actor
    if act is OrderAct.RECEIVE_REPLY:
        services.receive_reply(session, actor, order, received_on=TODAY, summary="是正した。", today=TODAY)
    elif act in (OrderAct.ACCEPT, OrderAct.FIND_INSUFFICIENT):
        services.assess(session, actor, order, Assessment(TODAY, act is OrderAct.ACCEPT, "写真"), today=TODAY)
    elif act is OrderAct.EXTEND:
        services.extend(session, actor, order, due_on=date(2027, 1, 31), reason="資料の準備", today=TODAY)
    else:
        services.escalate(session, actor, order, reason="改善されない。", today=TODAY)


PATHS: dict[OrderState, tuple[OrderAct, ...]] = {
    OrderState.ISSUED: (),
    OrderState.REPLIED: (OrderAct.RECEIVE_REPLY,),
    OrderState.INSUFFICIENT: (OrderAct.RECEIVE_REPLY, OrderAct.FIND_INSUFFICIENT),
    OrderState.ACCEPTED: (OrderAct.RECEIVE_REPLY, OrderAct.ACCEPT),
    OrderState.ESCALATED: (OrderAct.ESCALATE,),
}


@pytest.mark.parametrize(("state", "act"), list(product(OrderState, OrderAct)))
def test_each_act_moves_as_the_table_says_or_is_refused(case: Case, state: OrderState, act: OrderAct) -> None:
    order = case.order()
    for step in PATHS[state]:
        _do(case, step, order)
    assert order.state is state
    if (state, act) in TRANSITIONS:
        _do(case, act, order)
        assert order.state is TRANSITIONS[state, act]
    else:
        with pytest.raises(StateConflict):
            _do(case, act, order)
        assert order.state is state
    case.session.flush()


def test_accepting_the_reply_closes_the_violations_on_that_day_and_is_audited(case: Case) -> None:
    order = case.order()
    _do(case, OrderAct.RECEIVE_REPLY, order)
    assert order.violations[0].state is ViolationState.INSTRUCTED
    _do(case, OrderAct.ACCEPT, order)
    case.session.commit()
    assert (order.accepted_on, order.violations[0].closed_on) == (TODAY, TODAY)
    assert order.violations[0].state is ViolationState.CLOSED
    actions = case.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions[-4:] == ["violation.instructed", "order.reply_received", "violation.closed", "order.accepted"]


def test_an_insufficient_reply_closes_nothing_needs_a_reason_and_waits_for_the_next(case: Case) -> None:
    order = case.order()
    _do(case, OrderAct.RECEIVE_REPLY, order)
    with pytest.raises(RuleViolation) as refusal:
        services.assess(case.session, case.manager.actor, order, Assessment(TODAY, False), today=TODAY)
    assert refusal.value.field == "text"
    _do(case, OrderAct.FIND_INSUFFICIENT, order)
    assert (order.violations[0].state, order.violations[0].closed_on) == (ViolationState.INSTRUCTED, None)
    _do(case, OrderAct.RECEIVE_REPLY, order)
    _do(case, OrderAct.ACCEPT, order)
    replies = case.session.scalars(select(OrderReply).order_by(OrderReply.id)).all()
    assert [reply.sufficient for reply in replies] == [False, True]


def test_escalating_takes_the_violations_along_and_closes_none(case: Case) -> None:
    order = case.order()
    _do(case, OrderAct.ESCALATE, order)
    assert (order.violations[0].state, order.violations[0].closed_on) == (ViolationState.ESCALATED, None)
    assert (order.escalated_on, order.escalation_reason) == (TODAY, "改善されない。")


@pytest.mark.parametrize(
    "received_on", [date(2026, 11, 20), TODAY + timedelta(days=1)], ids=["before the issue", "in the future"]
)
def test_a_reply_comes_after_the_issue_and_not_in_the_future(case: Case, received_on: date) -> None:
    order = case.order()
    with pytest.raises(RuleViolation) as refusal:
        services.receive_reply(
            case.session, case.inspector.actor, order, received_on=received_on, summary="是正", today=TODAY
        )
    assert refusal.value.field == "received_on"


def test_an_assessment_comes_after_the_reply(case: Case) -> None:
    order = case.order()
    _do(case, OrderAct.RECEIVE_REPLY, order)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(RuleViolation) as refusal:
            services.assess(case.session, case.inspector.actor, order, Assessment(day, True), today=TODAY)
        assert refusal.value.field == "assessed_on"


@pytest.mark.parametrize("due_on", [date(2026, 12, 21), date(2026, 12, 20)])
def test_a_deadline_moves_only_forward(case: Case, due_on: date) -> None:
    order = case.order()
    with pytest.raises(RuleViolation) as refusal:
        services.extend(case.session, case.inspector.actor, order, due_on=due_on, reason="準備", today=TODAY)
    assert refusal.value.field == "due_on"


def test_a_deadline_is_not_extended_to_a_day_that_is_over(case: Case) -> None:
    order = case.order(due_on=date(2026, 11, 21))
    with pytest.raises(RuleViolation):
        services.extend(
            case.session, case.inspector.actor, order, due_on=TODAY - timedelta(days=1), reason="準備", today=TODAY
        )
    services.extend(case.session, case.inspector.actor, order, due_on=TODAY, reason="準備", today=TODAY)
    assert [(row.previous_due_on, row.due_on) for row in order.extensions] == [(date(2026, 11, 21), TODAY)]


def test_an_order_is_overdue_from_the_day_after_its_last_day_while_a_reply_is_awaited(case: Case) -> None:
    order = case.order()
    last = order.due_on
    assert [order.overdue(day) for day in (last - timedelta(days=1), last, last + timedelta(days=1))] == [
        False,
        False,
        True,
    ]
    _do(case, OrderAct.RECEIVE_REPLY, order)
    assert not order.overdue(last + timedelta(days=1))


def test_people_of_another_office_or_body_act_on_no_instrument_of_otits(case: Case) -> None:
    order = case.order()
    for who in (case.elsewhere, case.reader, case.officer):
        with pytest.raises(NotPermitted):
            services.escalate(case.session, who.actor, order, reason="理由", today=TODAY)
        with pytest.raises(NotPermitted):
            services.receive_reply(case.session, who.actor, order, received_on=TODAY, summary="是正", today=TODAY)
