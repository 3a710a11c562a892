"""How many trainees an organization may have: the table of Ordinance Art. 16, and what holds for every number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.accreditation.caps import basic_quota, enterprise_cap, group_cap

STAFF = st.integers(0, 5000)


@pytest.mark.parametrize(
    ("staff", "quota"),
    [
        (1, 3), (30, 3), (31, 4), (40, 4), (41, 5), (50, 5), (51, 6), (100, 6), (101, 10), (200, 10), (201, 15),
        (300, 15), (301, 15), (319, 15), (320, 16), (1000, 50),
    ],
)  # fmt: skip
def test_the_basic_quota_is_that_of_the_table(staff: int, quota: int) -> None:
    assert basic_quota(staff) == quota


@pytest.mark.parametrize(
    ("level", "excellent", "cap"),
    [(1, False, 6), (2, False, 12), (3, False, 0), (1, True, 12), (2, True, 24), (3, True, 36)],
)
def test_levels_and_excellence_multiply_the_quota(level: int, excellent: bool, cap: int) -> None:
    assert group_cap(60, level, excellent=excellent) == cap


@pytest.mark.parametrize(("level", "cap"), [(1, 2), (2, 4), (3, 6)])
def test_a_small_body_has_no_more_trainees_than_its_staff_allows(level: int, cap: int) -> None:
    assert group_cap(2, level, excellent=True) == cap


@pytest.mark.parametrize(("staff", "first", "second"), [(19, 0, 1), (20, 1, 2), (39, 1, 3), (200, 10, 20)])
def test_an_ordinary_enterprise_has_a_twentieth_and_a_tenth(staff: int, first: int, second: int) -> None:
    assert (enterprise_cap(staff, 1), enterprise_cap(staff, 2), enterprise_cap(staff, 3)) == (first, second, None)


@given(STAFF, st.integers(1, 3), st.booleans())
def test_the_cap_never_passes_its_ceiling_and_grows_with_the_staff(staff: int, level: int, excellent: bool) -> None:
    cap = group_cap(staff, level, excellent=excellent)
    assert 0 <= cap <= staff * level
    assert cap <= group_cap(staff + 1, level, excellent=excellent)


@given(STAFF, st.integers(1, 3))
def test_an_excellent_body_may_have_at_least_as_many(staff: int, level: int) -> None:
    assert group_cap(staff, level, excellent=True) >= group_cap(staff, level, excellent=False)


@given(STAFF, st.integers(1, 2))
def test_an_enterprise_grows_with_its_staff(staff: int, level: int) -> None:
    assert (enterprise_cap(staff, level) or 0) <= (enterprise_cap(staff + 1, level) or 0) <= staff + 1
