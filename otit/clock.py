"""Time as this work counts it: Japan standard time, fiscal years, periods of years, business days, era dates.

Dates are dates in Japan. Nothing here reads the time of the machine except `SystemClock`; every other function takes
the day as an argument. Era dates and the reading of written dates live in `otit.eras` and are offered here as well.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from itertools import count
from typing import Final, Protocol

from holidays.countries.japan import Japan

from otit.eras import (
    CalendarRangeError,
    DateParseError,
    DateProblem,
    DateWarning,
    ParsedDate,
    format_era,
    format_era_short,
    parse_date,
)
from otit.text import N_

__all__ = [
    "JST",
    "CalendarRangeError",
    "Clock",
    "DateParseError",
    "DateProblem",
    "DateWarning",
    "FixedClock",
    "ParsedDate",
    "SystemClock",
    "add_business_days",
    "add_months",
    "add_years",
    "fiscal_year",
    "fiscal_year_range",
    "format_era",
    "format_era_short",
    "in_japan",
    "is_business_day",
    "last_day_before_anniversary",
    "parse_date",
    "today",
]

# A fixed offset, not a zone file: Japan has had no summer time since 1951, and a slim machine may have no zone data.
JST: Final = timezone(timedelta(hours=9), "JST")


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment, aware, in Japan standard time."""

    def today(self) -> date:
        """The date in Japan at that moment."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(JST)

    def today(self) -> date:
        return today(self.now())


@dataclass(frozen=True)
class FixedClock:
    """A clock that stands still, for tests and for runs "as of" a date; `moment` must be aware."""

    moment: datetime

    @classmethod
    def on(cls, day: date, hour: int = 9) -> "FixedClock":
        return cls(datetime(day.year, day.month, day.day, hour, tzinfo=JST))

    def now(self) -> datetime:
        return in_japan(self.moment)

    def today(self) -> date:
        return today(self.moment)


def in_japan(moment: datetime) -> datetime:
    """The same moment told in Japan standard time. A naive moment is refused: it would be a guess."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no date in Japan")
    return moment.astimezone(JST)


def today(now: datetime) -> date:
    """The date in Japan at the aware moment `now`."""
    return in_japan(now).date()


# --- fiscal years -----------------------------------------------------------------------------------------------------


def fiscal_year(day: date) -> int:
    """The Japanese fiscal year (1 April to 31 March) of a day, named by the year in which it starts."""
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_range(year: int) -> tuple[date, date]:
    """First and last day of a fiscal year, both inclusive."""
    return date(year, 4, 1), date(year + 1, 3, 31)


# --- periods of years -------------------------------------------------------------------------------------------------


def add_years(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes 28 February where that year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def add_months(day: date, months: int) -> date:
    """The same day so many months later (earlier when negative); the last day of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day_before_anniversary(start: date, years: int) -> date:
    """Last day of a period of `years` years that counts `start` as its first day (起算日).

    Civil Code Art. 143(2): it ends on the day before the corresponding day; where the last month has no corresponding
    day (a start on 29 February), on the last day of that month, so on 28 February and not on the 27th.
    A licence of 2018-11-09 for three years is good until 2021-11-08; a bar of five years from 2018-07-03 lasts until
    2023-07-02.
    """
    anniversary = add_years(start, years)
    if anniversary.day != start.day:
        return anniversary
    return anniversary - timedelta(days=1)


# --- business days ----------------------------------------------------------------------------------------------------


def is_business_day(day: date) -> bool:
    """Whether the day is neither Saturday, Sunday nor a public holiday (substitute and citizens' holidays included).

    The closing of offices from 29 December to 3 January is not part of this rule. Beyond the years the holiday data
    covers it would silently see no holiday at all, so such a day is an error.
    """
    if not Japan.start_year <= day.year <= Japan.end_year:
        raise CalendarRangeError(
            N_("%(year)s年の祝日は登録されていないため、営業日を計算できません（%(first)s年から%(last)s年まで）。"),
            {"year": day.year, "first": Japan.start_year, "last": Japan.end_year},
        )
    return day.weekday() < 5 and day not in Japan(years=day.year)


def add_business_days(day: date, days: int) -> date:
    """The `days`-th business day after `day`, which itself does not count (初日不算入). Zero gives `day` if it is a
    business day and otherwise the next one."""
    if days < 0:
        raise ValueError("business days are counted forward")
    wanted = max(days, 1)
    for found, candidate in enumerate(_business_days(day if days == 0 else day + timedelta(days=1)), start=1):
        if found == wanted:
            return candidate
    raise AssertionError("unreachable: the days do not run out before the calendar does")


def _business_days(first: date) -> Iterator[date]:
    return (day for offset in count() if is_business_day(day := first + timedelta(days=offset)))
