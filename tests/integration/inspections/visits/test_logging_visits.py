"""Logging a visit: what it moves, what it keeps, and what is refused."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspections.scheduling.states import InspectionState
from inspections.visits.models import Visit
from inspections.visits.services import FindingRefused, VisitReport, log_visit
from inspections.visits.states import VisitOutcome
from otit.audit.models import AuditEvent
from otit.errors import NotPermitted, RuleViolation, StateConflict
from tests.factories import NOW, TODAY, Factories
from tests.field_work import BOOKS, CUSTODY, PREMIUM, VISITED, Case

NOT_DONE = [outcome for outcome in VisitOutcome if outcome is not VisitOutcome.DONE]


@pytest.fixture
def case(session: Session, factories: Factories) -> Case:
    return Case(session, factories)


def test_the_first_visit_carried_out_starts_the_inspection_and_keeps_what_was_found(case: Case) -> None:
    visit = case.visit(BOOKS, CUSTODY)
    assert case.inspection.state is InspectionState.IN_PROGRESS
    found = case.violations()
    assert [(row.provision_code, row.visit_id) for row in found] == [("TIT-20", visit.id), ("TIT-48-1", visit.id)]
    case.session.commit()
    actions = case.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions == ["inspection.started", "visit.logged", "violation.recorded", "violation.recorded"]


@pytest.mark.parametrize("outcome", NOT_DONE)
def test_a_visit_that_was_not_carried_out_is_kept_and_moves_nothing(case: Case, outcome: VisitOutcome) -> None:
    visit = case.visit(outcome=outcome, people_present="")
    assert case.session.get(Visit, visit.id) is not None
    assert case.inspection.state is InspectionState.ASSIGNED


@pytest.mark.parametrize("outcome", NOT_DONE)
def test_a_visit_that_was_not_carried_out_cannot_end_the_inspection_nor_carry_findings(
    case: Case, outcome: VisitOutcome
) -> None:
    with pytest.raises(RuleViolation) as ended:
        case.visit(outcome=outcome, ends_inspection=True)
    with pytest.raises(RuleViolation) as found:
        case.visit(BOOKS, outcome=outcome)
    assert (ended.value.field, found.value.field) == ("ends_inspection", "outcome")


def test_the_visit_that_ends_the_inspection_dates_its_completion(case: Case) -> None:
    case.visit(ends_inspection=True)
    assert (case.inspection.state, case.inspection.completed_on) == (InspectionState.DONE, VISITED)


def test_an_older_visit_cannot_end_the_inspection(case: Case) -> None:
    case.visit()
    with pytest.raises(RuleViolation) as refusal:
        case.visit(visited_on=VISITED - timedelta(days=1), ends_inspection=True)
    assert refusal.value.field == "ends_inspection"


@pytest.mark.parametrize(
    ("day", "field"),
    [(TODAY + timedelta(days=1), "visited_on"), (date(2024, 3, 31), "visited_on"), (date(2017, 10, 31), "visited_on")],
)
def test_a_visit_lies_between_the_basis_of_the_inspection_and_today(case: Case, day: date, field: str) -> None:
    with pytest.raises(RuleViolation) as refusal:
        case.visit(visited_on=day)
    assert refusal.value.field == field


def test_a_visit_today_and_on_the_day_of_the_basis_are_accepted(case: Case) -> None:
    case.visit(visited_on=date(2024, 4, 1))
    case.visit(visited_on=TODAY)


def test_a_visit_carried_out_names_who_was_there(case: Case) -> None:
    with pytest.raises(RuleViolation) as refusal:
        case.visit(people_present="")
    assert refusal.value.field == "people_present"


@pytest.mark.parametrize("state", [InspectionState.PLANNED, InspectionState.DONE, InspectionState.CANCELLED])
def test_only_an_assigned_or_running_inspection_is_visited(
    session: Session, factories: Factories, state: InspectionState
) -> None:
    values = {
        InspectionState.PLANNED: {"assigned_to_id": None},
        InspectionState.DONE: {"completed_on": VISITED},
        InspectionState.CANCELLED: {"cancelled_on": VISITED, "cancelled_reason": "廃業"},
    }[state]
    case = Case(session, factories, state=state, **values)
    with pytest.raises(StateConflict):
        log_visit(
            session,
            case.manager.actor,
            case.inspection,
            VisitReport(VISITED, VisitOutcome.DONE, "架空一郎"),
            now=NOW,
            today=TODAY,
        )


@pytest.mark.parametrize("who", ["other_inspector", "elsewhere", "reader", "officer"])
def test_only_the_assigned_inspector_or_a_manager_of_the_office_logs(case: Case, who: str) -> None:
    report = VisitReport(VISITED, VisitOutcome.DONE, "架空一郎")
    with pytest.raises(NotPermitted):
        log_visit(case.session, getattr(case, who).actor, case.inspection, report, now=NOW, today=TODAY)
    log_visit(case.session, case.manager.actor, case.inspection, report, now=NOW, today=TODAY)


def test_a_refused_finding_says_which_one_it_was_and_nothing_is_kept(case: Case) -> None:
    with pytest.raises(FindingRefused) as refusal:
        case.visit(BOOKS, PREMIUM)
    assert (refusal.value.index, refusal.value.field) == (1, "finding")
    assert case.session.scalars(select(Visit)).all() == []


def test_the_same_provision_on_the_same_day_is_one_violation(case: Case) -> None:
    with pytest.raises(FindingRefused) as refusal:
        case.visit(BOOKS, BOOKS)
    assert refusal.value.index == 1
