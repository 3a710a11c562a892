"""Era dates out, written dates in."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otit.clock import (
    CalendarRangeError,
    DateParseError,
    DateProblem,
    DateWarning,
    format_era,
    format_era_short,
    parse_date,
)

ERA_DAYS = st.dates(date(1926, 12, 25), date(2099, 12, 31))
FY_END = date(2024, 3, 31)


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (date(1926, 12, 25), "昭和元年12月25日", "S1.12.25"),
        (date(1989, 1, 7), "昭和64年1月7日", "S64.1.7"),
        (date(1989, 1, 8), "平成元年1月8日", "H1.1.8"),
        (date(2019, 4, 30), "平成31年4月30日", "H31.4.30"),
        (date(2019, 5, 1), "令和元年5月1日", "R1.5.1"),
        (date(2026, 11, 22), "令和8年11月22日", "R8.11.22"),
    ],
)
def test_a_date_is_written_in_the_era_of_its_day(day: date, long: str, short: str) -> None:
    assert (format_era(day), format_era_short(day)) == (long, short)


def test_a_day_before_showa_has_no_era_here() -> None:
    with pytest.raises(CalendarRangeError):
        format_era(date(1926, 12, 24))


@given(ERA_DAYS)
def test_what_is_written_is_read_back_without_warning(day: date) -> None:
    for text in (format_era(day), format_era_short(day), day.isoformat(), f"{day:%Y%m%d}", f"{day:%Y/%m/%d}"):
        assert parse_date(text).value == day
        assert parse_date(text).warnings == ()


@given(ERA_DAYS)
def test_kanji_numerals_and_full_width_digits_are_read_as_digits_are(day: date) -> None:
    text = format_era(day)
    wide = text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert parse_date(wide).value == day
    assert parse_date(_in_kanji(text)).value == day


def _in_kanji(text: str) -> str:
    def kanji(number: int) -> str:
        tens, ones = divmod(number, 10)
        return ("十" if tens == 1 else f"{'〇一二三四五六七八九'[tens]}十" if tens else "") + (
            "〇一二三四五六七八九"[ones] if ones else ""
        )

    words, number = "", ""
    for letter in text:
        if letter.isdigit():
            number += letter
        else:
            words += (kanji(int(number)) if number else "") + letter
            number = ""
    return words


@pytest.mark.parametrize(
    "written",
    [
        "令和6年3月31日",
        "令和６年３月３１日",
        "令和六年三月三十一日",
        "令和 6年 3月31日",
        "　令和06年03月31日　",
        "㋿6年3月31日",
        "R6.3.31",
        "r6.3.31",
        "Ｒ６．３．３１",
        "R6/3/31",
        "R06-03-31",
        "R 6. 3.31",
        "2024年3月31日",
        "二〇二四年三月三十一日",
        "2024/3/31",
        "2024/03/31",
        "2024.3.31",
        "2024-03-31",
        "2024‐03‐31",
        "2024−3−31",
        "2024-03-31 00:00:00",
        "2024-03-31T00:00:00",
        "20240331",
        20240331,
        20240331.0,
        45382,
        45382.0,
        date(2024, 3, 31),
        datetime(2024, 3, 31),  # noqa: DTZ001 - a cell's value carries no zone
    ],
)
def test_the_forms_seen_in_papers_and_workbooks_are_read(written: object) -> None:
    parsed = parse_date(written)
    assert (parsed.value, parsed.warnings) == (FY_END, ())


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("令和1年5月1日", date(2019, 5, 1)),
        ("R元.5.1", date(2019, 5, 1)),
        ("H31.4.30", date(2019, 4, 30)),
        ("㍻31年4月30日", date(2019, 4, 30)),
        ("㍼63年1月7日", date(1988, 1, 7)),
        ("平成二十年十月十日", date(2008, 10, 10)),
        ("令和6年2月29日", date(2024, 2, 29)),
        (43461, date(2018, 12, 27)),
    ],
)
def test_first_years_eras_and_serials_are_converted(written: object, day: date) -> None:
    parsed = parse_date(written)
    assert (parsed.value, parsed.warnings) == (day, ())


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("平成41年3月31日", date(2029, 3, 31)),
        ("平成39年1月30日", date(2027, 1, 30)),
        ("H31.5.1", date(2019, 5, 1)),
        ("昭和64年1月8日", date(1989, 1, 8)),
    ],
)
def test_an_era_that_had_ended_is_converted_with_a_warning(written: str, day: date) -> None:
    parsed = parse_date(written)
    assert (parsed.value, parsed.warnings) == (day, (DateWarning.ERA_OVERRUN,))


@pytest.mark.parametrize(
    "written",
    [45382.5, datetime(2024, 3, 31, 9, 30)],  # noqa: DTZ001
)
def test_a_time_of_day_is_dropped_with_a_warning(written: object) -> None:
    parsed = parse_date(written)
    assert (parsed.value, parsed.warnings) == (FY_END, (DateWarning.TIME_DROPPED,))


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (None, DateProblem.EMPTY),
        ("", DateProblem.EMPTY),
        ("　 ", DateProblem.EMPTY),
        ("未定", DateProblem.UNKNOWN_FORMAT),
        ("24/3/31", DateProblem.UNKNOWN_FORMAT),
        ("6.3.31", DateProblem.UNKNOWN_FORMAT),
        ("3/31/2024", DateProblem.UNKNOWN_FORMAT),
        ("2024/3-31", DateProblem.UNKNOWN_FORMAT),
        ("2024/3/3 1", DateProblem.UNKNOWN_FORMAT),
        ("2024 03 31", DateProblem.UNKNOWN_FORMAT),
        ("2024年3月", DateProblem.UNKNOWN_FORMAT),
        ("大正15年12月24日", DateProblem.UNKNOWN_FORMAT),
        ("令和六年三月三十十一日", DateProblem.UNKNOWN_FORMAT),
        ("2024-03-31 09:30", DateProblem.UNKNOWN_FORMAT),
        ("45382", DateProblem.UNKNOWN_FORMAT),
        ("令和6年3月31日(日)付", DateProblem.UNKNOWN_FORMAT),
        (True, DateProblem.UNKNOWN_FORMAT),
        (float("nan"), DateProblem.UNKNOWN_FORMAT),
        (float("inf"), DateProblem.UNKNOWN_FORMAT),
        (["2024-03-31"], DateProblem.UNKNOWN_FORMAT),
        ("令和元年2月30日", DateProblem.IMPOSSIBLE),
        ("令和5年2月29日", DateProblem.IMPOSSIBLE),
        ("令和0年5月1日", DateProblem.IMPOSSIBLE),
        ("2024/13/1", DateProblem.IMPOSSIBLE),
        ("2024-00-10", DateProblem.IMPOSSIBLE),
        ("20240230", DateProblem.IMPOSSIBLE),
        (20241301, DateProblem.IMPOSSIBLE),
        ("令和元年4月30日", DateProblem.BEFORE_ERA),
        ("R1.1.1", DateProblem.BEFORE_ERA),
        ("平成元年1月7日", DateProblem.BEFORE_ERA),
        ("昭和1年12月24日", DateProblem.BEFORE_ERA),
        ("0024-03-31", DateProblem.OUT_OF_RANGE),
        ("1926-12-24", DateProblem.OUT_OF_RANGE),
        ("9999-12-31", DateProblem.OUT_OF_RANGE),
        (0, DateProblem.OUT_OF_RANGE),
        (-5, DateProblem.OUT_OF_RANGE),
        (60, DateProblem.OUT_OF_RANGE),
        (1711001206, DateProblem.OUT_OF_RANGE),
        (10**400, DateProblem.OUT_OF_RANGE),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(written: object, reason: DateProblem) -> None:
    with pytest.raises(DateParseError) as refused:
        parse_date(written)
    assert refused.value.reason is reason
    assert refused.value.message == reason.label


def test_a_refusal_keeps_what_was_written() -> None:
    with pytest.raises(DateParseError) as refused:
        parse_date("令和元年2月30日")
    assert refused.value.params == {"text": "令和元年2月30日"}


def test_a_moment_with_a_zone_is_not_taken_for_a_written_date() -> None:
    with pytest.raises(ValueError, match="time zone"):
        parse_date(datetime(2024, 3, 31, 15, tzinfo=UTC))


@given(st.one_of(st.text(max_size=20), st.integers(), st.floats()))
def test_any_input_is_either_read_or_refused(written: object) -> None:
    try:
        parsed = parse_date(written)
    except DateParseError:
        return
    assert date(1926, 12, 25) <= parsed.value <= date(2199, 12, 31)
    assert format_era(parsed.value)
