"""What the search of everything takes a typed text for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.search.terms import read


@pytest.mark.parametrize(
    ("text", "sign", "digits", "key"),
    [
        ("3999900000006", "", "3999900000006", None),
        ("３９９９９０００００００６", "", "3999900000006", None),
        ("法人番号：3999900000006", "", "3999900000006", None),
        ("許2101000123", "許", "2101000123", None),
        ("許２１０１０００１２３号", "許", "2101000123", None),
        ("許可番号 許2101000123", "許", "2101000123", None),
        ("認23-01-000292", "認", "2301000292", None),
        ("第2411000001号", "", "2411000001", None),
        ("26-08-000123", "", "2608000123", None),
        ("26－08－000123", "", "2608000123", None),
        ("処26-11-0001", "処", "26110001", "処26-11-0001"),
        ("vnm000455", "VNM", "000455", "vnm000455"),
        ("26-T-000123", "T", "26000123", None),
        ("２６－ｔ－１２３", "T", "26123", None),
        ("123", "", None, "123"),
        ("㈱髙﨑", "", None, "株式会社高崎"),
        ("ミカン", "", None, "ミカン"),
        ("みかん", "", None, "ミカン"),
        ("", "", None, None),
        ("号", "", None, "号"),
        ("---", "", None, "---"),
    ],
)
def test_a_text_is_a_number_a_name_or_either(text: str, sign: str, digits: str | None, key: str | None) -> None:
    asked = read(text)
    assert (asked.sign, asked.digits, asked.name_key) == (sign, digits, key)


@pytest.mark.parametrize(
    ("text", "sizes", "signs", "numbers"),
    [
        ("26-08-000123", (2, 2, 6), ("",), ["26-08-000123"]),
        ("2608000123", (2, 2, 6), ("",), ["26-08-000123"]),
        ("26-08-123", (2, 2, 6), ("",), ["26-08-000123"]),
        ("260800012", (2, 2, 6), ("",), []),
        ("許2608000123", (2, 2, 6), ("",), []),
        ("処26-11-1", (2, 2, 4), ("処",), ["処26-11-0001"]),
        ("26-11-0001", (2, 2, 4), ("改勧", "改指"), ["改勧26-11-0001", "改指26-11-0001"]),
        ("改勧26-11-0001", (2, 2, 4), ("改勧", "改指"), ["改勧26-11-0001"]),
        ("26-110-001", (2, 2, 4), ("処",), []),
        ("通26-0012", (2, 4), ("通",), ["通26-0012"]),
        ("26-T-123", (2, 6), ("T",), ["T26-000123"]),
    ],
)
def test_our_own_numbers_are_found_with_and_without_dashes_sign_and_zeros(
    text: str, sizes: tuple[int, ...], signs: tuple[str, ...], numbers: list[str]
) -> None:
    assert read(text).own(sizes, signs) == numbers


def test_a_number_with_the_sign_of_another_kind_is_not_looked_for() -> None:
    assert read("許2101000123").official("認") is None
    assert read("2101000123").official("認") == "2101000123"
    assert read("3999900000006").official("許") is None


@given(st.text(max_size=60))
def test_any_text_can_be_asked_for(text: str) -> None:
    asked = read(text)
    assert asked.digits is None or asked.digits.isdigit()
    assert isinstance(asked.own((2, 2, 6)), list)
    assert "\n" not in asked.filter_text or asked.digits is None
