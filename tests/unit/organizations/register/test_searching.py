"""What a person typed: a number or a part of a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.register.searching import SearchTerm, number_range, read_phone, read_term


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("許1708000610", "1708000610"),
        ("許１７０８０００６１０号", "1708000610"),
        ("認1711001206", "1711001206"),
        (" 1711 001206 ", "1711001206"),
        ("17-11-001206", "1711001206"),
        ("1711", "1711"),
        ("7000012050002", "7000012050002"),
    ],
)
def test_four_digits_or_more_are_a_number_however_written(text: str, digits: str) -> None:
    assert read_term(text) == SearchTerm(digits=digits)


@pytest.mark.parametrize(
    ("text", "key"), [("㈱髙﨑", "株式会社高崎"), ("123", "123"), ("３丁目商会", "3丁目商会"), ("ﾐｶﾝ", "ミカン")]
)
def test_anything_else_is_part_of_a_folded_name(text: str, key: str) -> None:
    assert read_term(text) == SearchTerm(name_key=key)


@pytest.mark.parametrize("text", ["", " ", "　", "・"])
def test_nothing_to_search_for_searches_for_nothing(text: str) -> None:
    assert read_term(text) == SearchTerm()


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("0899990001", "0899990001"),
        ("089-999-0001", "0899990001"),
        ("０８９－９９９－０００１", "0899990001"),
        ("089 (999) 0001", "0899990001"),
        ("+81-89-999-0001", "0899990001"),
        ("電話：089-999-0001", "0899990001"),
        ("TEL 089-999", "089999"),
        ("089", None),  # half of a prefecture
        ("1711001206", None),  # no number of Japan begins so
        ("7000012050002", None),
        ("089-999-0001の会社", None),
        ("株式会社089", None),
        ("", None),
    ],
)
def test_what_may_be_a_telephone_number_is_read_as_one(text: str, phone: str | None) -> None:
    assert read_phone(text) == phone


@given(st.text(max_size=40))
def test_every_text_is_read_as_one_thing_at_most(text: str) -> None:
    term = read_term(text)
    assert term.digits is None or term.name_key is None
    assert term.digits is None or (term.digits.isascii() and 4 <= len(term.digits) <= 13)


@given(st.from_regex(r"[0-9]{4,13}", fullmatch=True), st.from_regex(r"[0-9]{13}", fullmatch=True))
def test_the_range_of_a_prefix_holds_the_numbers_that_begin_with_it_and_no_others(digits: str, number: str) -> None:
    low, high = number_range(digits)
    assert (number >= low and (high is None or number < high)) is number.startswith(digits)
    completed = (digits + number)[:13]
    assert completed >= low
    assert high is None or completed < high


def test_nothing_follows_the_nines() -> None:
    assert number_range("9999") == ("9999", None)
    assert number_range("0099") == ("0099", "0100")
