"""Dates as they are written in Japanese papers and workbooks: era dates out (令和8年11月22日), anything out there in.

`parse_date` guesses nothing: it knows a list of forms, and what is not on the list is refused with the reason. A form
that leaves room for doubt (24/3/31, 6.3.31 without an era) is not on the list.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from japanera import ERA_DATA_GENERAL

from otit.errors import UserError
from otit.labels import Labelled
from otit.text import N_


class CalendarRangeError(UserError, ValueError):
    """The day lies outside the calendar we can vouch for (public holidays, eras)."""


@dataclass(frozen=True)
class Era:
    """A Japanese era. `first` and `last` are its first and last day; the current era has no last day."""

    name: str
    letter: str
    first: date
    last: date | None

    def year_of(self, day: date) -> int:
        return day.year - self.first.year + 1


# The eras that records of this work can carry: 昭和 (from 1926-12-25), 平成, 令和. The table counts an era's end
# exclusively.
ERAS: Final = tuple(
    Era(era.kanji, era.english_head, era.since, era.until - timedelta(days=1) if era.until else None)
    for era in ERA_DATA_GENERAL
    if era.since >= date(1926, 12, 25)
)


def era_of(day: date) -> Era:
    for era in reversed(ERAS):
        if era.first <= day:
            return era
    raise CalendarRangeError(N_("昭和より前の日付は和暦で表示できません。"))


def format_era(day: date) -> str:
    """令和8年11月22日; the first year of an era is 元年."""
    era = era_of(day)
    year = era.year_of(day)
    return f"{era.name}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def format_era_short(day: date) -> str:
    """R8.11.22; the first year of an era is 1."""
    era = era_of(day)
    return f"{era.letter}{era.year_of(day)}.{day.month}.{day.day}"


# --- reading ----------------------------------------------------------------------------------------------------------


class DateProblem(Labelled):
    """Why a written date was refused."""

    EMPTY = "empty", N_("日付が空欄です。")
    UNKNOWN_FORMAT = "unknown_format", N_("日付の書式として読み取れません。")
    IMPOSSIBLE = "impossible", N_("暦に存在しない日付です。")
    BEFORE_ERA = "before_era", N_("元号が始まる前の日付です。")
    OUT_OF_RANGE = "out_of_range", N_("日付の範囲を超えています。年を確かめてください。")


class DateWarning(Labelled):
    """What is odd about a date that was read all the same."""

    ERA_OVERRUN = "era_overrun", N_("元号が終わった後の年で書かれています。西暦に換算しました。"), "warning"
    TIME_DROPPED = "time_dropped", N_("時刻が付いています。日付だけを読み取りました。"), "warning"


class DateParseError(UserError, ValueError):
    """A written date that cannot be read; `reason` says why, `params["text"]` is what was written."""

    def __init__(self, reason: DateProblem, written: object):
        self.reason = reason
        super().__init__(reason.label, {"text": str(written)})


@dataclass(frozen=True)
class ParsedDate:
    value: date
    warnings: tuple[DateWarning, ...] = ()


# Excel's 1900 date system counts a 29 February 1900 that never was; from 1 March 1900 this epoch is right.
_EXCEL_EPOCH: Final = date(1899, 12, 30)
# A number outside these days is no date cell but an amount, a count or an identifier.
_EARLIEST_SERIAL: Final = date(1950, 1, 1)
_LATEST_SERIAL: Final = date(2099, 12, 31)
# What is read can be shown: an older day has no era here.
_EARLIEST: Final = ERAS[0].first
_LATEST: Final = date(2199, 12, 31)

# Hyphens and minus signs that NFKC leaves as they are.
_HYPHENS: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_KANJI_DIGITS: Final = {kanji: value for value, kanji in enumerate("〇一二三四五六七八九")} | {"零": 0}
_N: Final = r"[0-9〇零一二三四五六七八九十]+"
_ERA: Final = "|".join(f"{era.name}|{era.letter}" for era in ERAS)
_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        rf"(?P<era>{_ERA})(?P<year>元|{_N})年(?P<month>{_N})月(?P<day>{_N})日",
        rf"(?P<era>{_ERA})(?P<year>元|[0-9]{{1,2}})(?P<sep>[./-])(?P<month>[0-9]{{1,2}})(?P=sep)(?P<day>[0-9]{{1,2}})",
        rf"(?P<year>[0-9]{{4}}|[〇零一二三四五六七八九]{{4}})年(?P<month>{_N})月(?P<day>{_N})日",
        r"(?P<year>[0-9]{4})(?P<sep>[./-])(?P<month>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})",
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
    )
)
_MIDNIGHT: Final = re.compile(r"(?<=[0-9])[ T]0?0:00(:00)?$")


def parse_date(written: object) -> ParsedDate:
    """Read a date from a cell or a form field.

    Accepts, after NFKC: 令和6年3月31日, 令和元年5月1日, 令和六年三月三十一日, R6.3.31 (also / and -), ㋿6年3月31日,
    2024年3月31日, 2024/3/31, 2024-03-31, 2024.3.31, 20240331 (text or number), a date or datetime, and an Excel serial
    number (1900 date system, 1950 to 2099).
    An era that had ended by then is accepted with `ERA_OVERRUN` (平成41年3月31日 is 2029-03-31: official papers written
    before 2019 carry such expiry dates); a day before the era began is refused (令和元年4月30日 never was).

    Raises `DateParseError` with its reason.
    """
    if isinstance(written, datetime):
        return _from_datetime(written)
    if isinstance(written, date):
        return ParsedDate(written)
    if isinstance(written, bool):
        raise DateParseError(DateProblem.UNKNOWN_FORMAT, written)
    if isinstance(written, int | float):
        return _from_number(written)
    if written is None or (isinstance(written, str) and not written.strip()):
        raise DateParseError(DateProblem.EMPTY, written or "")
    if isinstance(written, str):
        return _from_text(written)
    raise DateParseError(DateProblem.UNKNOWN_FORMAT, written)


def _from_datetime(written: datetime) -> ParsedDate:
    # A cell holds the time on the wall. For a moment with a zone the date in Japan is `otit.clock.today(moment)`.
    if written.tzinfo is not None:
        raise ValueError("a moment with a time zone is not a written date")
    return ParsedDate(written.date(), (DateWarning.TIME_DROPPED,) if written.time() != time.min else ())


def _from_number(written: float) -> ParsedDate:
    if isinstance(written, float) and not math.isfinite(written):
        raise DateParseError(DateProblem.UNKNOWN_FORMAT, written)
    whole = math.floor(written)
    if whole == written and 10_000_000 <= whole <= 99_999_999:
        return _from_text(str(whole))
    if not _EARLIEST_SERIAL <= _EXCEL_EPOCH + timedelta(days=min(max(whole, 0), 99_999)) <= _LATEST_SERIAL:
        raise DateParseError(DateProblem.OUT_OF_RANGE, written)
    return ParsedDate(_EXCEL_EPOCH + timedelta(days=whole), (DateWarning.TIME_DROPPED,) if whole != written else ())


def _from_text(written: str) -> ParsedDate:
    text = unicodedata.normalize("NFKC", written).translate(_HYPHENS).strip()
    # A space between two digits stays: joining them would make another number.
    text = re.sub(r"(?<![0-9])\s+|\s+(?![0-9])", "", _MIDNIGHT.sub("", text)).upper()
    for form in _FORMS:
        if match := form.fullmatch(text):
            parts = match.groupdict()
            year, month, day = (_number(parts[name], written) for name in ("year", "month", "day"))
            if era := parts.get("era"):
                return _in_era(era, year, month, day, written)
            return ParsedDate(_day(year, month, day, written))
    raise DateParseError(DateProblem.UNKNOWN_FORMAT, written)


def _in_era(name: str, year: int, month: int, day: int, written: str) -> ParsedDate:
    era = next(era for era in ERAS if name in (era.name, era.letter))
    if year < 1:
        raise DateParseError(DateProblem.IMPOSSIBLE, written)
    value = _calendar_day(era.first.year + year - 1, month, day, written)
    if value < era.first:
        raise DateParseError(DateProblem.BEFORE_ERA, written)
    _check_range(value, written)
    overrun = era.last is not None and value > era.last
    return ParsedDate(value, (DateWarning.ERA_OVERRUN,) if overrun else ())


def _day(year: int, month: int, day: int, written: str) -> date:
    value = _calendar_day(year, month, day, written)
    _check_range(value, written)
    return value


def _calendar_day(year: int, month: int, day: int, written: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise DateParseError(DateProblem.IMPOSSIBLE, written) from None


def _check_range(value: date, written: str) -> None:
    if not _EARLIEST <= value <= _LATEST:
        raise DateParseError(DateProblem.OUT_OF_RANGE, written)


def _number(text: str, written: str) -> int:
    """元, 31, 三十一 or, digit by digit, 二〇二四."""
    if text == "元":
        return 1
    if text.isascii():
        return int(text)
    if "十" not in text and all(letter in _KANJI_DIGITS for letter in text):
        return int("".join(str(_KANJI_DIGITS[letter]) for letter in text))
    if match := re.fullmatch("([二三四五六七八九]?)十([一二三四五六七八九]?)", text):
        tens, ones = match.groups()
        return (_KANJI_DIGITS[tens] if tens else 1) * 10 + (_KANJI_DIGITS[ones] if ones else 0)
    raise DateParseError(DateProblem.UNKNOWN_FORMAT, written)
