"""What the two databases are told in words of their own means the same in both."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.register.models import Organization
from otit.sql import among, holds, name_holds
from tests.factories import Factories


@pytest.mark.parametrize("condition", [holds, name_holds])
@pytest.mark.parametrize(
    ("text", "found"),
    [("架", 2), ("架空", 2), ("空縫", 1), ("製縫", 0), ("縫製架空", 0), ("%", 0), ("架空縫製の工場", 0), ("", 3)],
)
def test_a_part_of_a_name_is_found_letter_by_letter(
    session: Session, factories: Factories, condition: type[holds], text: str, found: int
) -> None:
    for name in ("架空縫製", "試験架空", "工場"):
        factories.organization(name=name)
    statement = sa.select(sa.func.count()).select_from(Organization)
    assert session.scalar(statement.where(condition(Organization.name_key, text))) == found
    assert session.scalar(statement.where(sa.not_(condition(Organization.name_key, text)))) == 3 - found


@pytest.mark.parametrize("ids", [[], [0], range(40_000)])
def test_any_number_of_ids_is_one_value(session: Session, factories: Factories, ids: list[int]) -> None:
    body = factories.organization()
    wanted = [*ids, body.id]
    for some, expected in ((wanted, [body.id]), ([key for key in wanted if key != body.id], [])):
        assert session.scalars(sa.select(Organization.id).where(among(Organization.id, some))).all() == expected
    assert session.scalars(sa.select(Organization.id).where(sa.not_(among(Organization.id, wanted)))).all() == []
