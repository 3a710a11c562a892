"""職種コード: what is read as one, and its order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.occupations.codes import (
    SECTORS,
    is_operation,
    occupation_of,
    parse_code,
    sector_of,
    sort_key,
)

numbers = st.tuples(st.integers(1, 99), st.integers(1, 999), st.none() | st.integers(1, 999))


def code_of(parts: tuple[int, int, int | None]) -> str:
    return "-".join(str(part) for part in parts if part is not None)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("3-5", "3-5"),
        ("3－5", "3-5"),
        ("３-5-1", "3-5-1"),
        ("３ー５", "3-5"),
        (" 3‐10 ", "3-10"),
        ("3−5−01", "3-5-1"),
        ("03-005", "3-5"),
        ("3", None),
        ("3-0", None),
        ("0-5", None),
        ("3-5-1-1", None),
        ("3/5", None),
        ("3-1000", None),
        ("100-1", None),
        ("建設", None),
        ("", None),
    ],
)
def test_what_is_read_as_a_code(written: str, code: str | None) -> None:
    assert parse_code(written) == code


@given(numbers)
def test_a_code_is_read_as_itself_however_wide_it_is_written(parts: tuple[int, int, int | None]) -> None:
    code = code_of(parts)
    wide = code.translate({ord("-"): "－"} | {ord(str(n)): chr(ord("０") + n) for n in range(10)})
    assert parse_code(code) == parse_code(wide) == code


@given(numbers, numbers)
def test_codes_are_ordered_as_numbers_and_operations_stand_behind_their_occupation(
    one: tuple[int, int, int | None], other: tuple[int, int, int | None]
) -> None:
    def as_numbers(parts: tuple[int, int, int | None]) -> tuple[int, int, int]:
        return parts[0], parts[1], parts[2] or 0

    assert (sort_key(code_of(one)) < sort_key(code_of(other))) == (as_numbers(one) < as_numbers(other))


@given(numbers)
def test_an_operation_belongs_to_its_occupation_and_both_to_their_sector(parts: tuple[int, int, int | None]) -> None:
    code = code_of(parts)
    assert is_operation(code) == (parts[2] is not None)
    assert occupation_of(code) == f"{parts[0]}-{parts[1]}"
    assert occupation_of(occupation_of(code)) == occupation_of(code)
    assert sector_of(code) == parts[0]


def test_the_sectors_are_numbered_from_one() -> None:
    assert list(SECTORS) == list(range(1, 9))
