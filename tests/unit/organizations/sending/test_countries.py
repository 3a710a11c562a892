"""The countries: fifteen with a memorandum, each date with its standing."""

from datetime import date

import pytest

from organizations.sending.countries import COUNTRIES, MOC_COUNTRIES, country_name
from organizations.sending.queries import Standing


def test_the_memoranda_are_with_fifteen_countries() -> None:
    expected = "VNM KHM IND PHL LAO MNG BGD LKA MMR BTN UZB PAK THA IDN NPL"
    assert set(MOC_COUNTRIES) == set(expected.split())


def test_a_day_of_signing_is_only_kept_with_its_source() -> None:
    for country in COUNTRIES.values():
        assert (country.moc_signed_on is None) == (country.moc_source is None)
        if country.moc_signed_on is not None:
            assert country.moc_signed_month is None
            assert country.moc_signed_by is None


def test_each_memorandum_says_something_about_its_time_and_others_nothing() -> None:
    for code, country in COUNTRIES.items():
        known = [country.moc_signed_on, country.moc_signed_month, country.moc_signed_by]
        assert bool([value for value in known if value]) == (code in MOC_COUNTRIES)


def test_names_are_in_the_language_of_the_reader_and_unknown_codes_as_they_are() -> None:
    assert country_name("VNM") == "ベトナム"
    assert country_name("VNM", english=True) == "Viet Nam"
    assert country_name("XYZ") == "XYZ"
    assert country_name(None) == "—"


@pytest.mark.parametrize(
    ("country", "day", "approved"),
    [
        ("VNM", date(2017, 6, 5), None),
        ("VNM", date(2017, 6, 6), False),
        ("IDN", date(2019, 6, 30), None),  # signed in that month, as commonly reported
        ("IDN", date(2019, 7, 1), False),
        ("NPL", date(2024, 1, 17), None),
        ("NPL", date(2024, 6, 1), True),
        ("CHN", date(2024, 6, 1), None),
    ],
)
def test_no_approval_is_missed_before_a_memorandum_asks_for_it(country: str, day: date, approved: bool | None) -> None:
    assert Standing(country, date(2024, 6, 1), None).approved(day) is approved
