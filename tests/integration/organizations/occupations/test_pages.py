"""The list of occupations on screen: as of a day, in the order of numbers, and the end of a code."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.occupations.codes import sort_key
from organizations.occupations.models import Occupation
from organizations.occupations.queries import occupation_names
from organizations.occupations.services import end_occupation
from otit.audit.models import AuditEvent
from otit.auth.permissions import Role
from otit.db import db
from otit.errors import NotPermitted, RuleViolation, StateConflict
from otit.law.terms import Scheme
from tests.factories import TODAY, Factories
from tests.pages import Browser, Page

START = date(2017, 11, 1)


def occupation(factories: Factories, code: str, name: str, **values: object) -> Occupation:
    defaults = {"scheme": Scheme.TIT, "sort_key": sort_key(code), "sector": "建設", "valid_from": START}
    row: Occupation = factories.add(Occupation(code=code, name=name, **defaults | values))
    return row


@pytest.fixture
def listed(factories: Factories) -> dict[str, Occupation]:
    return {
        "tiles": occupation(factories, "3-10", "タイル張り"),
        "stone": occupation(factories, "3-9", "石材施工"),
        "stone-1": occupation(factories, "3-9-1", "石材加工作業"),
        "farming": occupation(factories, "1-1", "耕種農業", sector="農業・林業", transferable=False),
        "old": occupation(factories, "3-4", "建具製作（旧）", valid_until=date(2023, 3, 31)),
        "new": occupation(factories, "3-4", "建具製作", valid_from=date(2023, 4, 1)),
        "esd": occupation(factories, "3-9", "石材（育成就労）", scheme=Scheme.ESD, valid_from=date(2027, 4, 1)),
    }


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that run inside."""
    found: list[str] = []

    def note(connection, cursor, statement, *rest):
        found.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield found
    sa.event.remove(db.engine, "before_cursor_execute", note)


def names(page: Page) -> list[str]:
    return ["".join(cell.itertext()).strip() for cell in page.all("th") if cell.get("scope") == "row"]


def test_codes_stand_in_the_order_of_their_numbers(browser: Browser, factories: Factories, listed) -> None:
    browser.sign_in(factories.user(Role.READ_ONLY, office_code="08"))
    with counted() as statements:
        page = browser.get("/occupations")
    assert names(page) == ["耕種農業", "建具製作", "石材施工", "石材加工作業", "タイル張り"]
    assert len(statements) <= 4, statements


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "３－９"}, ["石材施工", "石材加工作業"]),
        ({"q": "3-9-1"}, ["石材加工作業"]),
        ({"q": "3"}, ["建具製作", "石材施工", "石材加工作業", "タイル張り"]),
        ({"q": "石材"}, ["石材施工", "石材加工作業"]),
        ({"q": "%"}, []),
        ({"sector": "農業・林業"}, ["耕種農業"]),
        ({"transferable": "y", "sector": "建設"}, ["建具製作", "石材施工", "石材加工作業", "タイル張り"]),
        ({"on": "R5.3.31", "q": "3-4"}, ["建具製作（旧）"]),
        ({"on": "2023-04-01", "q": "3-4"}, ["建具製作"]),
        ({"on": "2017-10-31"}, []),
        ({"on": "2027-04-01", "scheme": "esd"}, ["石材（育成就労）"]),
    ],
)
def test_the_list_is_searched_as_of_a_day(
    browser: Browser, factories: Factories, listed, query: dict[str, str], found: list[str]
) -> None:
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert names(browser.get("/occupations", **query)) == found


def test_a_code_shows_its_versions_and_its_operations(browser: Browser, factories: Factories, listed) -> None:
    browser.sign_in(factories.user(Role.INSPECTOR))
    page = browser.get(f"/occupations/{listed['new'].id}")
    assert page.heading == "3-4 建具製作 — 適用中"
    assert "建具製作（旧）" in page.text
    assert browser.get(f"/occupations/{listed['old'].id}").heading.endswith("適用終了")
    assert browser.get(f"/occupations/{listed['esd'].id}").heading.endswith("適用開始前")
    assert "石材加工作業" in browser.get(f"/occupations/{listed['stone'].id}").text
    assert "3-9 石材施工" in browser.get(f"/occupations/{listed['stone-1'].id}").text
    browser.get("/occupations/999", status=404)
    browser.get(f"/occupations/{listed['stone'].id}/end", status=403)


def test_headquarters_ends_an_occupation_with_its_operations(
    browser: Browser, factories: Factories, session: Session, listed
) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    url = f"/occupations/{listed['stone'].id}"
    answer = browser.send(f"{url}/end", {"valid_until": "2017-10-31"}, status=422)
    assert "適用開始日（平成29年11月1日）より前です" in answer.get_data(as_text=True)
    page = browser.follow(browser.send(f"{url}/end", {"valid_until": "令和9年3月31日"}))
    assert "適用終了日を記録しました。" in page.text
    session.expire_all()
    assert {one.valid_until for one in (listed["stone"], listed["stone-1"])} == {date(2027, 3, 31)}
    assert listed["esd"].valid_until is None
    events = session.scalars(sa.select(AuditEvent).filter_by(action="occupation.ended")).all()
    assert [event.changes["valid_until"] for event in events] == [[None, "2027-03-31"]] * 2
    assert "既に適用終了日" in browser.send(f"{url}/end", {"valid_until": "R9.3.30"}, status=422).get_data(as_text=True)


def test_who_may_not_end_one(session: Session, factories: Factories, listed) -> None:
    for values in ({"role": Role.MANAGER, "office_code": "08"}, {"role": Role.READ_ONLY}, {"role": Role.INSPECTOR}):
        with pytest.raises(NotPermitted):
            end_occupation(session, factories.user(**values).actor, listed["tiles"], valid_until=TODAY)
    actor = factories.user(Role.ADMINISTRATOR).actor
    with pytest.raises(StateConflict):
        end_occupation(session, actor, listed["old"], valid_until=TODAY)
    occupation(factories, "3-10-1", "タイル張り作業", valid_from=date(2027, 4, 1))
    with pytest.raises(RuleViolation) as refused:
        end_occupation(session, actor, listed["tiles"], valid_until=TODAY)
    assert refused.value.params["code"] == "3-10-1"
    end_occupation(session, actor, listed["stone-1"], valid_until=TODAY)
    assert listed["stone"].valid_until is None


def test_names_for_codes_are_those_of_the_day_in_one_statement(session: Session, factories: Factories, listed) -> None:
    found: list[str] = []

    def note(connection, cursor, statement, *rest):
        found.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    assert occupation_names(session, ["3-4", "3-9-1", "9-9", None], TODAY) == {
        "3-4": "建具製作",
        "3-9-1": "石材加工作業",
    }
    assert occupation_names(session, [None], TODAY) == {}
    sa.event.remove(db.engine, "before_cursor_execute", note)
    assert len(found) == 1
    assert occupation_names(session, ["3-4"], date(2023, 3, 31)) == {"3-4": "建具製作（旧）"}
    assert occupation_names(session, ["3-9"], date(2027, 4, 1), Scheme.ESD) == {"3-9": "石材（育成就労）"}


def test_the_database_keeps_one_version_without_an_end(session: Session, factories: Factories, listed) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        occupation(factories, "3-9", "石材施工", valid_from=date(2020, 4, 1))
    session.rollback()
