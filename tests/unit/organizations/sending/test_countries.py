"""The countries: fifteen with a memorandum, each date with its standing."""

from organizations.sending.countries import COUNTRIES, MOC_COUNTRIES, country_name


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
