"""Rules of what belongs to an organization: names with a status, filing deadlines, disqualification by officers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.register.business import is_late, notify_by
from organizations.register.names import business_status, split_status
from organizations.register.namesakes import follows, officers_clause
from organizations.register.states import BusinessStatus, OrganizationKind
from otit.findings import Finding, digest
from otit.law.citations import citation_ja

SO, IO = OrganizationKind.SUPERVISING, OrganizationKind.IMPLEMENTING
DAYS = st.dates(date(2018, 1, 1), date(2040, 1, 1))


@pytest.mark.parametrize(
    ("written", "name", "status"),
    [
        ("みかん協同組合(事業休止中)", "みかん協同組合", BusinessStatus.SUSPENDED),
        ("みかん協同組合（監理事業廃止）", "みかん協同組合", BusinessStatus.CLOSED),
        ("みかん協同組合【許可 取消し】", "みかん協同組合", None),
        ("架空縫製(株)", "架空縫製(株)", None),
    ],
)
def test_a_word_about_the_business_behind_a_name_is_read_off(
    written: str, name: str, status: BusinessStatus | None
) -> None:
    found, words = split_status(written)
    assert found == name
    assert business_status(words or "") is status


@pytest.mark.parametrize(
    ("effective_on", "last_day"),
    [
        (date(2026, 5, 1), date(2026, 4, 1)),
        (date(2026, 3, 31), date(2026, 2, 28)),
        (date(2028, 3, 30), date(2028, 2, 29)),
        (date(2026, 1, 15), date(2025, 12, 15)),
    ],
)
def test_a_supervising_body_notifies_one_month_before(effective_on: date, last_day: date) -> None:
    assert notify_by(effective_on) == last_day
    assert not is_late(SO, last_day, effective_on)
    assert is_late(SO, last_day + timedelta(days=1), effective_on)
    assert not is_late(IO, effective_on, effective_on)


REVOKED, UNTIL = date(2024, 7, 1), date(2029, 6, 30)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "on", "expected"),
    [
        (date(2020, 1, 1), None, date(2026, 1, 1), True),
        (REVOKED, REVOKED, UNTIL, True),
        (date(2020, 1, 1), date(2024, 6, 30), date(2026, 1, 1), False),  # left on the day before
        (date(2024, 7, 2), None, date(2026, 1, 1), False),  # came on the day after
        (date(2020, 1, 1), None, date(2029, 7, 1), False),  # the bar is over
        (date(2020, 1, 1), None, date(2024, 6, 30), False),  # not yet revoked
    ],
)
def test_a_revocation_follows_who_was_in_office_on_its_day_while_the_bar_runs(
    starts_on: date, ends_on: date | None, on: date, expected: bool
) -> None:
    assert follows(starts_on, ends_on, REVOKED, UNTIL, on) is expected


@given(DAYS, DAYS, DAYS, DAYS)
def test_nobody_is_followed_beyond_the_bar(starts_on: date, revoked_on: date, bar_until: date, on: date) -> None:
    if follows(starts_on, None, revoked_on, bar_until, on):
        assert starts_on <= revoked_on <= on <= bar_until


@pytest.mark.parametrize(
    ("kind", "on", "citation"),
    [
        (SO, date(2026, 1, 1), "法第26条第5号"),
        (IO, date(2026, 1, 1), "法第10条第12号"),
        (IO, date(2019, 9, 14), "法第10条第12号"),
        (IO, date(2019, 9, 13), "法第10条第11号"),
    ],
)
def test_the_clause_on_officers_is_that_of_the_day(kind: OrganizationKind, on: date, citation: str) -> None:
    found = officers_clause(kind, on)
    assert citation_ja(found) == citation
    assert "役員" in found.title_ja


def test_findings_are_confirmed_as_they_were_shown() -> None:
    one, other = (
        Finding("x", {"name": "甲"}, code="alike", organization_id=1),
        Finding("x", {"name": "乙"}, code="alike"),
    )
    assert digest([]) == ""
    assert digest([one]) == digest([one]) != digest([one, other])
