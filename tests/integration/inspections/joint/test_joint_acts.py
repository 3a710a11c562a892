"""The Labour Standards side of a joint inspection, and what each side never learns of the other."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspections.joint import queries, services
from inspections.joint.models import JointResult
from inspections.orders import services as orders
from inspections.orders.queries import get_order, orders_of
from inspections.orders.states import Instrument, OrderState
from inspections.scheduling.states import InspectionState
from inspections.violations.queries import violations_of
from inspections.violations.states import ViolationState
from otit.audit.models import AuditEvent
from otit.errors import NotFound, NotPermitted, RuleViolation, StateConflict
from tests.factories import NOW, TODAY, Factories
from tests.field_work import BOOKS, PREMIUM, VISITED, Case


@pytest.fixture
def case(session: Session, factories: Factories) -> Case:
    return Case(session, factories)


def _violation(case: Case) -> None:
    services.record_bureau_violation(case.session, case.officer.actor, case.inspection, PREMIUM, now=NOW)


def _issue(case: Case, **values: object):
    found = violations_of(case.session, case.officer.actor, case.inspection.id)
    draft = case.draft(*found, instrument=Instrument.CORRECTIVE_RECOMMENDATION, **values)
    return services.issue(case.session, case.officer.actor, case.inspection, draft, now=NOW, today=TODAY)


def test_the_bureau_records_and_corrects_one_result(case: Case) -> None:
    case.bureau_result(violation_found=False)
    case.bureau_result(summary="訂正")
    (result,) = case.session.scalars(select(JointResult)).all()
    assert (result.bureau_code, result.violation_found, result.summary) == ("38", True, "訂正")


def test_the_bureau_issues_its_own_instrument_and_accepts_the_reply(case: Case) -> None:
    case.bureau_result()
    _violation(case)
    order = _issue(case)
    assert order.number == "是勧26-38-0001"
    actor = case.officer.actor
    orders.receive_reply(case.session, actor, order, received_on=TODAY, summary="支払った。", today=TODAY)
    orders.assess(case.session, actor, order, orders.Assessment(TODAY, True), today=TODAY)
    (violation,) = violations_of(case.session, actor, case.inspection.id)
    assert (order.state, violation.state) == (OrderState.ACCEPTED, ViolationState.CLOSED)


def test_the_bureau_has_no_disposition_procedure_of_otits(case: Case) -> None:
    case.bureau_result()
    _violation(case)
    with pytest.raises(RuleViolation):
        orders.escalate(case.session, case.officer.actor, _issue(case), reason="悪質", today=TODAY)


def test_violations_and_instruments_rest_on_a_result(case: Case) -> None:
    with pytest.raises(StateConflict):
        _violation(case)
    with pytest.raises(StateConflict):
        services.issue(case.session, case.officer.actor, case.inspection, case.draft(), now=NOW, today=TODAY)
    case.bureau_result(violation_found=False)
    with pytest.raises(StateConflict):
        _violation(case)


def test_a_result_cannot_deny_what_is_recorded(case: Case) -> None:
    case.bureau_result()
    _violation(case)
    with pytest.raises(RuleViolation) as refusal:
        case.bureau_result(violation_found=False)
    assert refusal.value.field == "finding"
    with pytest.raises(RuleViolation):
        case.bureau_result(visited_on=PREMIUM.fact_on - timedelta(days=1))


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(2017, 10, 31)])
def test_the_bureaus_visit_is_not_in_the_future_nor_before_the_act(case: Case, day: date) -> None:
    with pytest.raises(RuleViolation) as refusal:
        case.bureau_result(visited_on=day)
    assert refusal.value.field == "visited_on"


def test_the_bureau_cites_labour_law_only(case: Case) -> None:
    case.bureau_result()
    with pytest.raises(RuleViolation) as refusal:
        services.record_bureau_violation(case.session, case.officer.actor, case.inspection, BOOKS, now=NOW)
    assert refusal.value.field == "finding"


def test_an_instrument_of_the_bureau_cannot_name_otits_violation(case: Case) -> None:
    case.visit(BOOKS)
    case.bureau_result()
    draft = case.draft(*case.violations(), instrument=Instrument.CORRECTIVE_RECOMMENDATION)
    with pytest.raises(RuleViolation) as refusal:
        services.issue(case.session, case.officer.actor, case.inspection, draft, now=NOW, today=TODAY)
    assert refusal.value.field == "violations"


def test_otits_instrument_cannot_name_the_bureaus_violation(case: Case) -> None:
    case.visit()
    case.bureau_result()
    _violation(case)
    found = violations_of(case.session, case.officer.actor, case.inspection.id)
    with pytest.raises(RuleViolation) as refusal:
        orders.issue(case.session, case.inspector.actor, case.inspection, case.draft(*found), now=NOW, today=TODAY)
    assert refusal.value.field == "violations"


@pytest.mark.parametrize("who", ["other_officer", "inspector", "manager", "reader"])
def test_nobody_but_the_bureau_records_its_result(case: Case, who: str) -> None:
    report = services.ResultReport(VISITED, False, "違反は認められなかった。")
    with pytest.raises(NotPermitted):
        services.record_result(case.session, getattr(case, who).actor, case.inspection, report, now=NOW, today=TODAY)


@pytest.mark.parametrize("state", [InspectionState.PLANNED, InspectionState.CANCELLED])
def test_no_result_where_nobody_goes(session: Session, factories: Factories, state: InspectionState) -> None:
    cancelled = {"cancelled_on": TODAY, "cancelled_reason": "廃業"} if state is InspectionState.CANCELLED else {}
    case = Case(session, factories, state=state, assigned_to_id=None, **cancelled)
    with pytest.raises(StateConflict):
        case.bureau_result()


def test_neither_side_nor_another_bureau_finds_the_others_records(case: Case) -> None:
    case.order()
    case.bureau_result()
    _violation(case)
    theirs = _issue(case)
    for who in (case.inspector, case.manager, case.reader, case.other_officer):
        with pytest.raises(NotFound):
            get_order(case.session, who.actor, theirs.id)
    (ours,) = orders_of(case.session, case.inspector.actor, case.inspection.id)
    for officer in (case.officer, case.other_officer):
        with pytest.raises(NotFound):
            get_order(case.session, officer.actor, ours.id)
    codes = {row.provision_code for row in violations_of(case.session, case.officer.actor, case.inspection.id)}
    assert codes == {"LSA-37"}
    assert {row.provision_code for row in case.violations()} == {"TIT-20"}


def test_another_bureau_does_not_find_the_inspection_and_otit_has_no_bureau(case: Case) -> None:
    for who in (case.other_officer, case.inspector, case.manager):
        with pytest.raises(NotFound):
            queries.shared_facts(case.session, who.actor, case.inspection.id)
        assert queries.count_joint(case.session, who.actor, queries.JointFilter()) == 0
    assert queries.shared_facts(case.session, case.officer.actor, case.inspection.id).phone == "089-000-0000"


def test_a_bureau_keeps_its_result_when_the_cooperation_ends(case: Case) -> None:
    case.bureau_result()
    case.inspection.bureau_code = None
    case.session.flush()
    assert queries.shared_facts(case.session, case.officer.actor, case.inspection.id).id == case.inspection.id
    assert queries.own_result(case.session, case.other_officer.actor, case.inspection.id) is None


def test_nothing_the_bureau_wrote_reaches_the_audit_trail(case: Case) -> None:
    result = case.bureau_result()
    _violation(case)
    order = _issue(case, text="直ちに支払うこと。")
    orders.receive_reply(
        case.session, case.officer.actor, order, received_on=TODAY, summary="分割で支払う。", today=TODAY
    )
    orders.assess(
        case.session, case.officer.actor, order, orders.Assessment(TODAY, False, "分割は認めない。"), today=TODAY
    )
    orders.extend(case.session, case.officer.actor, order, due_on=date(2027, 1, 31), reason="資金繰り", today=TODAY)
    case.session.commit()
    events = case.session.scalars(select(AuditEvent)).all()
    kept = " ".join(f"{event.changes} {event.detail}" for event in events)
    written = (result.summary, result.confidential, PREMIUM.description, order.text, "分割", "資金繰り")
    assert [text for text in written if text in kept] == []
    assert "joint_result.recorded" in {event.action for event in events}


def test_missing_results_are_those_whose_day_has_come(case: Case) -> None:
    Case(case.session, case.factories, planned_on=TODAY + timedelta(days=1))
    Case(case.session, case.factories, bureau_code=None)
    due_today = Case(case.session, case.factories, planned_on=TODAY)
    for who in (case.officer, case.inspector, case.manager):
        missing = queries.missing_results(case.session, who.actor, TODAY)
        assert (missing.count, {row.id for row in missing.first}) == (2, {case.inspection.id, due_today.inspection.id})
    for who in (case.other_officer, case.elsewhere):
        assert queries.missing_results(case.session, who.actor, TODAY).count == 0
    case.bureau_result()
    assert queries.missing_results(case.session, case.officer.actor, TODAY).count == 1
