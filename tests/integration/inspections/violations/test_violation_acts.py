"""The life of a violation: every pair of state and act, who may act, and which version of the law it cites."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy.orm import Session

from inspections.scheduling.states import InspectionState
from inspections.violations import services
from inspections.violations.models import Violation
from inspections.violations.queries import get_violation, violations_of
from inspections.violations.states import TRANSITIONS, ViolationAct, ViolationState
from inspections.visits.states import VisitOutcome
from otit.errors import NotFound, NotPermitted, RuleViolation, StateConflict
from tests.factories import NOW, TODAY, Factories
from tests.field_work import BOOKS, CUSTODY, VISITED, Case


@pytest.fixture
def case(session: Session, factories: Factories) -> Case:
    return Case(session, factories)


def _do(case: Case, act: ViolationAct, violation: Violation) -> None:
    session, actor = case.session, case.inspector.actor
    if act is ViolationAct.INSTRUCT:
        services.instruct(session, actor, violation)
    elif act is ViolationAct.CLOSE:
        services.close(session, actor, violation, on=TODAY, reply_id=1)
    else:
        services.escalate_with_order(session, actor, violation, reason="改善の見込みがない。")


@pytest.mark.parametrize(("state", "act"), list(product(ViolationState, ViolationAct)))
def test_each_act_moves_as_the_table_says_or_is_refused(case: Case, state: ViolationState, act: ViolationAct) -> None:
    case.visit(BOOKS)
    (violation,) = case.violations()
    violation.state, violation.closed_on = state, TODAY if state is ViolationState.CLOSED else None
    case.session.flush()
    if (state, act) in TRANSITIONS:
        _do(case, act, violation)
        assert violation.state is TRANSITIONS[state, act]
    else:
        with pytest.raises(StateConflict):
            _do(case, act, violation)
        assert violation.state is state
    case.session.flush()


def test_only_an_instructed_violation_can_be_closed() -> None:
    closing = [state for (state, act) in TRANSITIONS if act is ViolationAct.CLOSE]
    assert closing == [ViolationState.INSTRUCTED]


def test_an_open_violation_is_escalated_with_a_reason_by_who_is_in_charge(case: Case) -> None:
    case.visit(BOOKS)
    (violation,) = case.violations()
    for who in (case.other_inspector, case.elsewhere, case.reader, case.officer):
        with pytest.raises(NotPermitted):
            services.escalate(case.session, who.actor, violation, reason="悪質")
    with pytest.raises(RuleViolation):
        services.escalate(case.session, case.manager.actor, violation, reason="")
    services.escalate(case.session, case.manager.actor, violation, reason="悪質")
    assert (violation.state, violation.escalation_reason) == (ViolationState.ESCALATED, "悪質")


def test_a_violation_under_an_instrument_is_escalated_through_that_instrument(case: Case) -> None:
    order = case.order()
    with pytest.raises(StateConflict):
        services.escalate(case.session, case.manager.actor, order.violations[0], reason="悪質")


def test_a_violation_is_added_to_a_visit_carried_out_also_after_the_end(case: Case) -> None:
    visit = case.visit(ends_inspection=True)
    assert case.inspection.state is InspectionState.DONE
    added = services.record_violation(case.session, case.manager.actor, visit, BOOKS, now=NOW)
    assert (added.provision_code, added.provision_from, added.state) == (
        "TIT-20",
        date(2017, 11, 1),
        ViolationState.OPEN,
    )


def test_no_violation_is_added_to_a_visit_not_carried_out(case: Case) -> None:
    case.visit()
    attempt = case.visit(outcome=VisitOutcome.ABSENT, people_present="")
    with pytest.raises(RuleViolation) as refusal:
        services.record_violation(case.session, case.inspector.actor, attempt, BOOKS, now=NOW)
    assert refusal.value.field == "visit"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"fact_on": VISITED + timedelta(days=1)}, "fact_on"),
        ({"fact_on": date(2017, 10, 31)}, "fact_on"),
        ({"description": ""}, "description"),
        ({"category_code": "SO-FEE", "provision_code": "TIT-28-1"}, "finding"),
        ({"provision_code": "TIT-48-1"}, "finding"),
        ({"category_code": "NOT-THERE"}, "fact_on"),
    ],
)
def test_a_finding_that_cannot_be_is_refused_beside_its_field(
    case: Case, change: dict[str, object], field: str
) -> None:
    visit = case.visit()
    with pytest.raises(RuleViolation) as refusal:
        services.record_violation(case.session, case.inspector.actor, visit, replace(BOOKS, **change), now=NOW)
    assert refusal.value.field == field
    assert case.violations() == []


def test_only_who_is_in_charge_adds_a_violation(case: Case) -> None:
    visit = case.visit()
    for who in (case.other_inspector, case.elsewhere, case.reader, case.officer):
        with pytest.raises(NotPermitted):
            services.record_violation(case.session, who.actor, visit, CUSTODY, now=NOW)


def test_another_office_and_the_bureau_do_not_find_otits_violation(case: Case) -> None:
    case.visit(BOOKS)
    (violation,) = case.violations()
    for who in (case.elsewhere, case.officer):
        assert violations_of(case.session, who.actor, case.inspection.id) == []
        with pytest.raises(NotFound):
            get_violation(case.session, who.actor, violation.id)
    assert get_violation(case.session, case.reader.actor, violation.id) is violation
