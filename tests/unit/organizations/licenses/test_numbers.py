"""Licence numbers: the shape is hard, the year and office inside are read."""

from datetime import date

import pytest

from organizations.licenses.numbers import made_number, read_number


@pytest.mark.parametrize("written", ["許1708000610", "1708000610", "許１７０８０００６１０号", " 許 1708000610 号 "])
def test_a_number_is_read_in_any_width(written: str) -> None:
    number = read_number(written)
    assert number is not None
    assert (str(number), number.year, number.office) == ("許1708000610", 17, "08")


@pytest.mark.parametrize("written", ["", "許200400151", "認1708000610", "許17080006101", "許17-08-000610", "許"])
def test_another_shape_is_no_number(written: str) -> None:
    assert read_number(written) is None


def test_a_number_is_made_of_year_office_and_serial() -> None:
    assert str(made_number(date(2026, 11, 24), "11", 42)) == "許2611000042"
