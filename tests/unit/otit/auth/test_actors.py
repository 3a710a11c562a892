"""Whose offices a person acts in."""

import pytest

from otit.auth.actors import Actor, system_actor
from otit.auth.permissions import HEADQUARTERS_ONLY, MATRIX, Permission, Role
from otit.errors import NotPermitted

HEADQUARTERS = Actor("user:1", "試験", 1, Role.MANAGER)
NAGOYA = Actor("user:2", "試験", 2, Role.MANAGER, office_code="06")
BUREAU = Actor("user:3", "試験", 3, Role.LABOUR_STANDARDS, bureau_code="23")


@pytest.mark.parametrize(
    ("actor", "offices", "covered"),
    [
        (HEADQUARTERS, ("06",), True),
        (HEADQUARTERS, (None,), True),
        (NAGOYA, ("06",), True),
        (NAGOYA, ("03", "06"), True),
        (NAGOYA, ("03", None), False),
        (BUREAU, ("06",), False),
        (BUREAU, (None,), False),
        (system_actor("schedule"), ("06",), True),
    ],
)
def test_an_office_is_covered_by_its_people_and_headquarters_but_by_no_bureau(
    actor: Actor, offices: tuple[str | None, ...], covered: bool
) -> None:
    assert actor.covers_office(*offices) is covered
    if covered:
        actor.require_office(*offices)
    else:
        with pytest.raises(NotPermitted):
            actor.require_office(*offices)


def test_a_reader_may_change_nothing() -> None:
    reader = Actor("user:4", "試験", 4, Role.READ_ONLY)
    assert {p for p in Permission if reader.can(p)} == {
        Permission.VIEW_REGISTERS,
        Permission.VIEW_INSPECTIONS,
        Permission.VIEW_DISPOSITIONS,
        Permission.VIEW_SENDING,
    }


@pytest.mark.parametrize("role", Role)
def test_what_reaches_the_whole_country_is_held_at_headquarters_only(role: Role) -> None:
    bound = Actor("user:5", "試験", 5, role, office_code="06")
    assert not [p for p in HEADQUARTERS_ONLY if bound.can(p)]
    assert {p for p in Permission if bound.can(p)} == MATRIX[role] - HEADQUARTERS_ONLY


def test_who_would_hold_it_at_headquarters_is_told_so() -> None:
    with pytest.raises(NotPermitted, match="本部の職員だけ"):
        NAGOYA.require(Permission.IMPORT_WORKBOOKS)
    with pytest.raises(NotPermitted, match="権限がありません"):
        NAGOYA.require(Permission.MANAGE_USERS)
    HEADQUARTERS.require(Permission.MANAGE_USERS, Permission.IMPORT_WORKBOOKS)
