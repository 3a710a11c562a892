"""What the two databases are told in words of their own means the same in both."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.register.models import Organization
from otit.migrations.pairs import COLUMNS
from otit.sql import among, holds, name_holds
from tests.factories import Factories


@pytest.mark.parametrize("condition", [holds, name_holds])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("架", 2),
        ("架空", 2),
        ("空縫", 1),
        ("空縫製", 1),
        ("製縫", 0),
        ("縫製架空", 0),
        ("%", 0),
        ('空"縫', 0),
        ("空 OR 縫", 0),
        ("架空縫製の工場", 0),
        ("", 3),
    ],
)
def test_a_part_of_a_name_is_found_letter_by_letter(
    session: Session, factories: Factories, condition: type[holds], text: str, found: int
) -> None:
    for name in ("架空縫製", "試験架空", "工場"):
        factories.organization(name=name)
    statement = sa.select(sa.func.count()).select_from(Organization)
    assert session.scalar(statement.where(condition(Organization.name_key, text))) == found
    assert session.scalar(statement.where(sa.not_(condition(Organization.name_key, text)))) == 3 - found


def test_a_name_is_found_as_it_stands_now(session: Session, factories: Factories) -> None:
    body, other = factories.organization(name="架空縫製工業"), factories.organization(name="試験建設工業")

    def bearers(text: str) -> list[int]:
        ids = sa.select(Organization.id).where(name_holds(Organization.name_key, text)).order_by(Organization.id)
        return list(session.scalars(ids))

    assert (bearers("縫製工業"), bearers("製工業"), bearers("設工業")) == ([body.id], [body.id], [other.id])
    body.name_key = "架空建設工業"
    session.flush()
    assert (bearers("縫製工業"), bearers("建設工業")) == ([], [body.id, other.id])
    session.execute(sa.update(Organization).values(name_key=sa.func.replace(Organization.name_key, "建設", "造園")))
    assert (bearers("建設工業"), bearers("造園工業")) == ([], [body.id, other.id])
    gone = other.id
    session.execute(sa.delete(Organization).where(Organization.id == gone))
    assert bearers("造園工業") == [body.id]


def test_every_index_of_parts_is_kept_in_step(session: Session, backend: str) -> None:
    """A migration that builds a table anew loses its triggers on SQLite, and its indexes."""
    wanted = {f"{table}_{column}_pairs" for table, column in COLUMNS}
    asked = "SELECT indexname FROM pg_indexes"
    if backend == "sqlite":
        events = "entered", "changed", "removed"
        wanted = {f"{table}_{column}_trigrams_{event}" for table, column in COLUMNS for event in events}
        asked = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    assert wanted - set(session.scalars(sa.text(asked))) == set()


@pytest.mark.parametrize("ids", [[], [0], range(40_000)])
def test_any_number_of_ids_is_one_value(session: Session, factories: Factories, ids: list[int]) -> None:
    body = factories.organization()
    wanted = [*ids, body.id]
    for some, expected in ((wanted, [body.id]), ([key for key in wanted if key != body.id], [])):
        assert session.scalars(sa.select(Organization.id).where(among(Organization.id, some))).all() == expected
    assert session.scalars(sa.select(Organization.id).where(sa.not_(among(Organization.id, wanted)))).all() == []
