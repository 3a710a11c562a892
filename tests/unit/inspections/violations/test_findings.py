"""Which provision a finding cites: of the right body, for the right kind of organization, in force on that day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.violations.findings import Finding, categories, cite
from inspections.violations.states import Authority
from organizations.register.states import OrganizationKind
from otit.errors import RuleViolation
from otit.law.terms import ACT_IN_FORCE

DAYS = st.dates(ACT_IN_FORCE, date(2027, 3, 31))
SUPERVISING, IMPLEMENTING = OrganizationKind.SUPERVISING, OrganizationKind.IMPLEMENTING


@given(st.sampled_from(OrganizationKind), st.sampled_from(Authority), DAYS)
def test_whatever_is_offered_on_a_day_can_be_cited_in_the_version_of_that_day(
    kind: OrganizationKind, authority: Authority, on: date
) -> None:
    for category in categories(kind, authority, on):
        for code in category.provisions:
            cited = cite(Finding(category.code, code, on, "事実"), kind, authority)
            assert cited.code == code
            assert cited.in_force(on)


@given(st.sampled_from(OrganizationKind), DAYS)
def test_the_two_bodies_never_share_a_category(kind: OrganizationKind, on: date) -> None:
    otit, labour = (
        {category.code for category in categories(kind, authority, on)}
        for authority in (Authority.OTIT, Authority.LABOUR_STANDARDS)
    )
    assert otit
    assert not otit & labour


def test_the_labour_standards_side_looks_at_employers_only() -> None:
    on = date(2026, 11, 1)
    assert categories(SUPERVISING, Authority.LABOUR_STANDARDS, on) == []
    assert categories(IMPLEMENTING, Authority.LABOUR_STANDARDS, on)


def test_a_category_without_a_confirmed_provision_is_not_offered() -> None:
    offered = {category.code for category in categories(SUPERVISING, Authority.OTIT, date(2026, 11, 1))}
    assert "SO-FEE" in offered
    assert "SO-LECTURE" not in offered


@pytest.mark.parametrize(
    ("category", "provision", "on", "kind", "authority", "field"),
    [
        ("SO-FEE", "TIT-28-1", date(2026, 11, 1), IMPLEMENTING, Authority.OTIT, "finding"),
        ("LSI-HOURS", "LSA-32", date(2026, 11, 1), IMPLEMENTING, Authority.OTIT, "finding"),
        ("IO-BOOKS", "TIT-20", date(2026, 11, 1), IMPLEMENTING, Authority.LABOUR_STANDARDS, "finding"),
        ("IO-BOOKS", "TIT-21", date(2026, 11, 1), IMPLEMENTING, Authority.OTIT, "finding"),
        ("IO-BOOKS", "TIT-999", date(2026, 11, 1), IMPLEMENTING, Authority.OTIT, "fact_on"),
        ("IO-BOOKS", "TIT-20", date(2017, 10, 31), IMPLEMENTING, Authority.OTIT, "fact_on"),
        ("", "", date(2026, 11, 1), IMPLEMENTING, Authority.OTIT, "fact_on"),
    ],
)
def test_what_cannot_be_cited_is_refused(
    category: str, provision: str, on: date, kind: OrganizationKind, authority: Authority, field: str
) -> None:
    with pytest.raises(RuleViolation) as refusal:
        cite(Finding(category, provision, on, "事実"), kind, authority)
    assert refusal.value.field == field
