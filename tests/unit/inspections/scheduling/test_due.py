"""When a periodic inspection is due, from when it is planned, and why: the days around which mistakes are made."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.scheduling.due import (
    PLANNED_DAYS_AHEAD,
    Facts,
    due,
    held_off_since,
    latest_basis,
    plan_from,
    reason,
    rule_for,
    to_plan,
)
from inspections.scheduling.states import DueBasis
from organizations.register.states import OrganizationKind, Scheme
from otit.clock import add_years, fiscal_year, fiscal_year_range, today
from otit.law.cadence import CadenceRule

TIT = Scheme.TECHNICAL_INTERN_TRAINING
SUPERVISING, IMPLEMENTING = OrganizationKind.SUPERVISING, OrganizationKind.IMPLEMENTING
DAYS = st.dates(date(2017, 11, 1), date(2060, 12, 31))
KINDS = st.sampled_from(list(OrganizationKind))


def rule(kind: OrganizationKind) -> CadenceRule:
    found = rule_for(kind, TIT, date(2026, 11, 24))
    assert found is not None
    return found


def supervising(**values: date | bool | None) -> Facts:
    return Facts(**({"kind": SUPERVISING, "created_on": date(2020, 1, 1)} | values))  # type: ignore[arg-type]


def implementing(**values: date | bool | None) -> Facts:
    return Facts(**({"kind": IMPLEMENTING, "created_on": date(2020, 1, 1)} | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("last", "licensed", "due_on", "cycle", "basis"),
    [
        (date(2026, 3, 31), date(2020, 6, 1), date(2027, 3, 31), "FY2026", DueBasis.LAST_INSPECTION),
        (date(2026, 4, 1), date(2020, 6, 1), date(2028, 3, 31), "FY2027", DueBasis.LAST_INSPECTION),
        (date(2024, 2, 29), date(2020, 6, 1), date(2025, 3, 31), "FY2024", DueBasis.LAST_INSPECTION),
        (None, date(2026, 3, 31), date(2027, 3, 31), "FY2026", DueBasis.LICENSED),
        (None, date(2026, 4, 1), date(2028, 3, 31), "FY2027", DueBasis.LICENSED),
    ],
)
def test_a_supervising_organization_is_due_at_the_end_of_the_next_fiscal_year(
    last: date | None, licensed: date, due_on: date, cycle: str, basis: DueBasis
) -> None:
    found = due(supervising(last_completed_on=last, licensed_on=licensed), rule(SUPERVISING))
    assert (found.due_on, found.cycle, found.basis, found.basis_on) == (due_on, cycle, basis, last or licensed)


@pytest.mark.parametrize(
    ("facts", "due_on", "basis"),
    [
        (implementing(last_completed_on=date(2024, 3, 31)), date(2027, 3, 31), DueBasis.LAST_INSPECTION),
        (implementing(last_completed_on=date(2024, 2, 29)), date(2027, 2, 28), DueBasis.LAST_INSPECTION),
        (implementing(last_completed_on=date(2023, 2, 28)), date(2026, 2, 28), DueBasis.LAST_INSPECTION),
        (
            implementing(last_completed_on=date(2025, 1, 1), first_training_on=date(2018, 1, 1)),
            date(2028, 1, 1),
            DueBasis.LAST_INSPECTION,
        ),
        (
            implementing(first_training_on=date(2023, 4, 1), notified_on=date(2023, 4, 9)),
            date(2026, 4, 1),
            DueBasis.FIRST_TRAINING,
        ),
        (implementing(notified_on=date(2023, 4, 9)), date(2026, 4, 9), DueBasis.NOTIFIED),
        (implementing(), date(2023, 1, 1), DueBasis.REGISTERED),
    ],
)
def test_an_implementing_organization_is_due_three_years_after_what_is_known(
    facts: Facts, due_on: date, basis: DueBasis
) -> None:
    found = due(facts, rule(IMPLEMENTING))
    assert (found.due_on, found.cycle, found.basis) == (due_on, due_on.isoformat(), basis)


@pytest.mark.parametrize(
    ("as_of", "planned"),
    [(date(2027, 3, 31), False), (date(2027, 4, 1), True), (date(2028, 3, 31), True), (date(2030, 7, 1), True)],
)
def test_a_supervising_inspection_is_planned_from_the_first_of_april(as_of: date, planned: bool) -> None:
    facts = supervising(last_completed_on=date(2026, 4, 1), licensed_on=date(2020, 6, 1))
    assert (to_plan(facts, TIT, as_of) is not None) is planned


@pytest.mark.parametrize(
    ("days", "planned"), [(PLANNED_DAYS_AHEAD + 1, False), (PLANNED_DAYS_AHEAD, True), (-900, True)]
)
def test_an_implementing_inspection_is_planned_from_ninety_days_before(days: int, planned: bool) -> None:
    facts = implementing(last_completed_on=date(2024, 2, 29))
    as_of = date(2027, 2, 28) - timedelta(days=days)
    assert (to_plan(facts, TIT, as_of) is not None) is planned


def test_midnight_in_japan_decides_the_fiscal_year() -> None:
    facts = supervising(last_completed_on=date(2026, 3, 31), licensed_on=date(2020, 6, 1))
    before = today(datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC))
    after = today(datetime(2026, 3, 31, 15, 0, tzinfo=UTC))
    assert to_plan(facts, TIT, before) is None
    assert to_plan(facts, TIT, after) is not None


@pytest.mark.parametrize(
    "facts",
    [
        supervising(licensed_on=date(2020, 6, 1), in_business=False),
        supervising(licensed_on=date(2020, 6, 1), has_open_periodic=True),
        supervising(licensed_on=None),
        implementing(in_business=False),
        implementing(has_open_periodic=True),
    ],
)
def test_nothing_is_planned_for_a_body_out_of_business_or_with_an_open_inspection(facts: Facts) -> None:
    assert to_plan(facts, TIT, date(2026, 11, 24)) is None


def test_nothing_is_planned_before_the_act_applied() -> None:
    assert to_plan(implementing(first_training_on=date(2010, 1, 1)), TIT, date(2017, 10, 31)) is None


@pytest.mark.parametrize(
    ("cancelled", "as_of", "planned"),
    [
        (date(2026, 4, 1), date(2027, 3, 31), False),
        (date(2027, 3, 31), date(2027, 3, 31), False),
        (date(2027, 3, 31), date(2027, 4, 1), True),
    ],
)
def test_a_cancelled_inspection_is_planned_again_from_the_next_fiscal_year(
    cancelled: date, as_of: date, planned: bool
) -> None:
    facts = supervising(last_completed_on=date(2025, 5, 1), licensed_on=date(2020, 6, 1), last_cancelled_on=cancelled)
    assert (to_plan(facts, TIT, as_of) is not None) is planned


@given(kind=KINDS, on=DAYS)
def test_an_inspection_done_within_its_planning_time_is_never_planned_again_at_once(
    kind: OrganizationKind, on: date
) -> None:
    facts = Facts(kind, created_on=on, licensed_on=on, last_completed_on=on)
    assert to_plan(facts, TIT, on) is None


@given(kind=KINDS, on=DAYS, as_of=DAYS)
def test_the_latest_basis_says_the_same_as_the_planning_day(kind: OrganizationKind, on: date, as_of: date) -> None:
    found = due(Facts(kind, created_on=on, licensed_on=on), rule(kind))
    assert (on <= latest_basis(as_of, rule(kind))) is (plan_from(found.due_on, rule(kind)) <= as_of)


@given(kind=KINDS, on=DAYS, as_of=DAYS, later=st.integers(0, 2000))
def test_what_is_due_once_stays_due_until_it_is_done(kind: OrganizationKind, on: date, as_of: date, later: int) -> None:
    facts = Facts(kind, created_on=on, licensed_on=on)
    found = to_plan(facts, TIT, as_of)
    if found is not None:
        assert to_plan(facts, TIT, as_of + timedelta(days=later)) == found


@given(on=DAYS, more=st.integers(0, 400))
def test_a_later_basis_never_makes_it_due_earlier(on: date, more: int) -> None:
    for kind in OrganizationKind:
        earlier = Facts(kind, created_on=on, licensed_on=on)
        later = replace(earlier, created_on=on + timedelta(days=more), licensed_on=on + timedelta(days=more))
        assert due(earlier, rule(kind)).due_on <= due(later, rule(kind)).due_on


@given(on=DAYS)
def test_supervising_leaves_one_to_two_years_and_implementing_three(on: date) -> None:
    yearly = due(supervising(licensed_on=on), rule(SUPERVISING)).due_on
    assert yearly == fiscal_year_range(fiscal_year(on) + 1)[1]
    assert 365 <= (yearly - on).days <= 731
    assert due(implementing(first_training_on=on), rule(IMPLEMENTING)).due_on == add_years(on, 3)


@given(as_of=DAYS)
def test_a_cancellation_holds_until_the_next_first_of_april(as_of: date) -> None:
    first = held_off_since(as_of)
    assert (first.month, first.day) == (4, 1)
    assert 0 <= (as_of - first).days <= 365


def test_each_basis_has_its_sentence_for_either_way_of_counting() -> None:
    on = date(2024, 2, 29)
    for basis in DueBasis:
        if basis is DueBasis.DEMANDED:
            continue
        yearly, counted = reason(basis, on, "FY2024"), reason(basis, on, "2027-02-28")
        assert yearly.params == {"on": on, "year": 2024}
        assert counted.params == {"on": on, "years": 3}
        assert "2024年度" in yearly.message % yearly.params
        assert "3年" in counted.message % counted.params
    demanded = reason(DueBasis.DEMANDED, on, None, "申告があったため")
    assert "申告があったため" in demanded.message % demanded.params
