"""What can be true of an organization, and what follows from its name and address."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.register.details import OrganizationDetails, derive, refusals
from organizations.register.states import OrganizationKind
from otit.places import OFFICES, PREFECTURES

TODAY = date(2026, 11, 24)
GOOD = OrganizationDetails(name="架空縫製株式会社", prefecture_code="38", address="松山市架空町1-2")


def test_the_office_in_charge_is_that_of_the_prefecture() -> None:
    assert derive("架空縫製", "38", "松山市1")["office_code"] == "11"
    assert derive("架空縫製", "39", "高知市1")["office_code"] == "11"
    assert derive("架空縫製", "08", "水戸市1")["office_code"] == "04"


@given(st.sampled_from(sorted(PREFECTURES)))
def test_each_prefecture_has_an_office_that_covers_it(code: str) -> None:
    assert code in OFFICES[derive("架空", code, "町1")["office_code"]].prefectures


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("㈱髙﨑縫製", "38", "松山市４丁目"), ("(株)高崎縫製", "38", "愛媛県松山市4丁目")),
        (("架空　水産", "38", "愛媛県 今治市 1-2"), ("架空水産", "38", "今治市１－２")),
    ],
)
def test_two_spellings_of_one_body_at_one_place_have_the_same_keys(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert derive(*one) == derive(*other)


def test_the_same_street_in_two_prefectures_is_two_places() -> None:
    assert derive("架空", "13", "府中市1")["address_key"] != derive("架空", "34", "府中市1")["address_key"]


def refused(kind: OrganizationKind = OrganizationKind.IMPLEMENTING, **values: Any) -> list[str | None]:
    """The fields that are wrong."""
    return [one.field for one in refusals(kind, replace(GOOD, **values), TODAY)]


def test_a_good_record_passes_and_the_number_of_a_company_must_have_a_right_check_digit() -> None:
    assert refused(corporate_number="7000012050002") == []
    assert refused(corporate_number="8000012050002") == ["corporate_number"]


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        (OrganizationKind.IMPLEMENTING, {"name": "　"}, "name"),
        (OrganizationKind.IMPLEMENTING, {"prefecture_code": "48"}, "prefecture_code"),
        (OrganizationKind.IMPLEMENTING, {"staff_count": -1}, "staff_count"),
        (OrganizationKind.IMPLEMENTING, {"corporate_number": "700001205000"}, "corporate_number"),
        (
            OrganizationKind.IMPLEMENTING,
            {"is_individual": True, "corporate_number": "7000012050002"},
            "corporate_number",
        ),
        (OrganizationKind.IMPLEMENTING, {"notified_on": date(2026, 11, 25)}, "notified_on"),
        (OrganizationKind.IMPLEMENTING, {"first_training_on": date(2026, 11, 25)}, "first_training_on"),
        (OrganizationKind.SUPERVISING, {"notification_number": "2411000001"}, "notification_number"),
    ],
)
def test_what_cannot_be_true_is_refused_beside_its_field(
    kind: OrganizationKind, changes: dict[str, Any], field: str
) -> None:
    assert refused(kind, **changes) == [field]


@pytest.mark.parametrize(
    ("values", "field"),
    [({"postal_code": "12"}, "postal_code"), ({"phone": "abc"}, "phone"), ({"phone": "998-1234"}, "phone")],
)
def test_a_body_can_be_reached(values: dict[str, str], field: str) -> None:
    assert refused(**values) == [field]
    assert refused(postal_code="４６０－０００２", phone="０５２－１２３－４５６７") == []


def test_all_that_cannot_be_true_is_told() -> None:
    assert refused(name=" ", staff_count=-1, phone="1") == ["name", "staff_count", "phone"]
