"""Japan time, fiscal years, periods of years, business days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otit.clock import (
    JST,
    CalendarRangeError,
    Clock,
    FixedClock,
    SystemClock,
    add_business_days,
    add_months,
    add_years,
    fiscal_year,
    fiscal_year_range,
    is_business_day,
    last_day_before_anniversary,
    today,
)

DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC), date(2026, 3, 31)),
        (datetime(2026, 3, 31, 15, 0, 0, tzinfo=UTC), date(2026, 4, 1)),
        (datetime(2026, 4, 1, 0, 0, tzinfo=JST), date(2026, 4, 1)),
    ],
)
def test_the_day_changes_at_midnight_in_japan(moment: datetime, day: date) -> None:
    assert today(moment) == day
    assert FixedClock(moment).today() == day


def test_a_moment_without_a_zone_has_no_date_in_japan() -> None:
    with pytest.raises(ValueError, match="time zone"):
        today(datetime(2026, 4, 1))  # noqa: DTZ001


def test_both_clocks_tell_aware_time_in_japan() -> None:
    clocks: list[Clock] = [SystemClock(), FixedClock.on(date(2026, 11, 22))]
    for clock in clocks:
        assert clock.now().utcoffset() == timedelta(hours=9)
        assert clock.today() == clock.now().date()
    assert clocks[1].today() == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2026, 12, 31), 2026), (date(2024, 2, 29), 2023)],
)
def test_the_fiscal_year_starts_on_the_first_of_april(day: date, year: int) -> None:
    assert fiscal_year(day) == year


@given(DAYS)
def test_every_day_lies_in_the_range_of_its_own_fiscal_year_only(day: date) -> None:
    first, last = fiscal_year_range(fiscal_year(day))
    assert first <= day <= last
    assert fiscal_year(first - timedelta(days=1)) == fiscal_year(day) - 1
    assert fiscal_year(last + timedelta(days=1)) == fiscal_year(day) + 1


@pytest.mark.parametrize(
    ("start", "years", "result"),
    [
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2023, 11, 22), 3, date(2026, 11, 22)),
        (date(2026, 11, 22), -3, date(2023, 11, 22)),
    ],
)
def test_years_are_added_by_the_calendar(start: date, years: int, result: date) -> None:
    assert add_years(start, years) == result


@pytest.mark.parametrize(
    ("start", "years", "last"),
    [
        pytest.param(date(2018, 7, 3), 5, date(2023, 7, 2), id="bar after the first revocation of an accreditation"),
        pytest.param(date(2018, 1, 31), 12, date(2030, 1, 30), id="general licence, 5 + 7 years, from the list"),
        pytest.param(date(2018, 11, 9), 8, date(2026, 11, 8), id="specific licence, 3 + 5 years, from the list"),
        pytest.param(date(2025, 6, 12), 3, date(2028, 6, 11), id="specific licence, 3 years, from the list"),
        pytest.param(date(2023, 3, 1), 1, date(2024, 2, 29), id="the day before is a leap day"),
        pytest.param(date(2024, 2, 29), 4, date(2028, 2, 28), id="leap day to leap day"),
        pytest.param(date(2024, 2, 29), 5, date(2029, 2, 28), id="no corresponding day: last day of the month"),
        pytest.param(date(2026, 1, 1), 1, date(2026, 12, 31), id="new year's day"),
    ],
)
def test_a_period_of_years_ends_the_day_before_its_anniversary(start: date, years: int, last: date) -> None:
    assert last_day_before_anniversary(start, years) == last


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        pytest.param(date(2026, 11, 20), True, id="Friday"),
        pytest.param(date(2026, 11, 21), False, id="Saturday"),
        pytest.param(date(2026, 11, 22), False, id="Sunday"),
        pytest.param(date(2026, 11, 23), False, id="勤労感謝の日"),
        pytest.param(date(2026, 5, 6), False, id="substitute holiday"),
        pytest.param(date(2026, 9, 22), False, id="citizens' holiday between two others"),
        pytest.param(date(2019, 5, 1), False, id="accession day"),
    ],
)
def test_weekends_and_public_holidays_are_no_business_days(day: date, open_: bool) -> None:
    assert is_business_day(day) is open_


@pytest.mark.parametrize(
    ("start", "days", "result"),
    [
        pytest.param(date(2026, 4, 28), 1, date(2026, 4, 30), id="over 昭和の日"),
        pytest.param(date(2026, 5, 1), 1, date(2026, 5, 7), id="over the May holidays"),
        pytest.param(date(2026, 5, 2), 0, date(2026, 5, 7), id="zero moves a holiday forward"),
        pytest.param(date(2026, 5, 1), 0, date(2026, 5, 1), id="zero leaves a business day"),
        pytest.param(date(2026, 12, 30), 3, date(2027, 1, 5), id="over new year's day and a weekend"),
    ],
)
def test_business_days_are_counted_from_the_next_day(start: date, days: int, result: date) -> None:
    assert add_business_days(start, days) == result


def test_a_day_beyond_the_known_holidays_is_an_error_and_not_a_business_day() -> None:
    with pytest.raises(CalendarRangeError, match="2100"):
        is_business_day(date(2100, 1, 4))
    with pytest.raises(CalendarRangeError, match="2100"):
        add_business_days(date(2099, 12, 31), 1)


def test_business_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_business_days(date(2026, 5, 1), -1)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 24), 3, date(2027, 2, 24)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2030, 3, 31), -6, date(2029, 9, 30)),
        (date(2030, 3, 31), -3, date(2029, 12, 31)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
        (date(2026, 1, 31), 0, date(2026, 1, 31)),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last_of_a_shorter_month(
    day: date, months: int, expected: date
) -> None:
    assert add_months(day, months) == expected
