"""Rows of lists: whatever data holds stays text, each cell keeps to its column and row, what recurs is drawn once."""

from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from flask import Flask, session
from flask_babel import refresh
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from otit.labels import Labelled
from otit.web import cells
from otit.web.list_columns import ListColumn, LoadedColumns
from tests.factories import TODAY


class Light(Labelled):
    OPEN = "open", "着手", "info"


class Heavy(Labelled):
    OPEN = "open", "超過", "danger"


@pytest.fixture(autouse=True)
def request_context(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        app.preprocess_request()
        yield


def table(columns: list[cells.Column], rows: list[Any]) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(f"<tbody>{cells.draw(columns, rows)}</tbody>"))


def texts(part: cells.Part, *values: Any) -> list[str]:
    rows = [SimpleNamespace(value=value, id=n) for n, value in enumerate(values, 1)]
    return ["".join(row[0].itertext()) for row in table([cells.column("列", part)], rows)]


# What XML cannot hold at all is left out, since the test reads the rows as XML.
written = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(written.filter(bool), min_size=1), written)
def test_what_people_wrote_comes_back_as_text_wherever_it_stands(names: list[str], label: str) -> None:
    rows = [SimpleNamespace(id=n, name=name) for n, name in enumerate(names)]
    columns = [
        cells.column(label, cells.link("name", "organizations.detail", organization_id="id"), name=True),
        cells.column(label, cells.text("name")),
        cells.column(label, cells.text("name", "msg")),
        cells.column(label, cells.when("name", cells.words(label))),
        cells.column(label, cells.drawn(lambda row: row.name)),
        cells.column(label, cells.marked("code", cells.text("name"))),
    ]
    drawn = table(columns, rows)
    assert len(drawn) == len(names)
    for row, name in zip(drawn, names, strict=True):
        assert ["".join(cell.itertext()) for cell in row] == [name, name, name, label, name, name]
        assert {cell.attrib["data-label"] for cell in row} == {label}
        assert {element.tag for element in row.iter()} == {"tr", "th", "td", "a", "span"}


def test_a_mark_that_no_text_should_hold_puts_no_cell_into_another_row() -> None:
    html = cells.draw([cells.column("", cells.text("value"))], [SimpleNamespace(value=text) for text in ("a\0<", "b")])
    assert [line.partition(">a")[2] for line in html.splitlines()] == ["\0&lt;</td></tr>", ""]
    assert html.count("<tr>") == 2


def test_a_macro_that_returns_html_is_not_escaped_again() -> None:
    row = table([cells.column("列", cells.drawn(lambda row: Markup("<b>{}</b>").format("<i>")))], [None])[0]
    assert (row[0][0].tag, row[0][0].text) == ("b", "<i>")


def test_a_cell_names_its_column_and_the_naming_one_heads_its_row() -> None:
    columns = [
        cells.column("番号", cells.text("id"), css="code", name=True),
        cells.column("計", cells.text("id"), css="amount"),
    ]
    name, amount = table(columns, [SimpleNamespace(id=7)])[0]
    assert (name.tag, name.attrib) == ("th", {"scope": "row", "class": "code", "data-label": "番号"})
    assert (amount.tag, amount.attrib) == ("td", {"class": "amount", "data-label": "計"})
    assert [column.amount for column in columns] == [False, True]


def test_a_list_without_rows_has_none() -> None:
    assert cells.draw([cells.column("列", cells.text("id"), cells.when("id", cells.status("id")))], []) == ""


def test_rows_of_a_query_are_read_as_objects_are(session: Session) -> None:
    query = sa.select(sa.literal("あ").label("name"), sa.literal(3).label("id"))
    [row] = session.execute(query).all()
    columns = [
        cells.column("名称", cells.link("name", "organizations.detail", organization_id="id")),
        cells.column("", cells.text(lambda row: row.id)),
    ]
    link, number = table(columns, [row])[0]
    assert (link[0].attrib["href"], link[0].text, number.text) == ("/organizations/3", "あ", "3")


def test_a_link_takes_whole_numbers_only() -> None:
    part = cells.link("id", "organizations.detail", organization_id="id")
    with pytest.raises(ValueError, match="format code"):
        cells.draw([cells.column("", part)], [SimpleNamespace(id='1" onclick="')])


def test_nothing_to_tell_is_a_dash_or_the_word_given() -> None:
    assert texts(cells.text("value"), None, "", 0, "x") == ["—", "—", "0", "x"]
    assert texts(cells.text("value", blank="未定"), None) == ["未定"]
    assert texts(cells.date("value"), None) == ["—"]
    assert texts(cells.due("value"), None) == [""]


def test_days_left_are_counted_from_today() -> None:
    days = [TODAY + timedelta(days=n) for n in (-2, 0, 3)]
    assert texts(cells.due("value"), *days) == ["超過2日", "本日", "あと3日"]


def test_a_part_is_drawn_only_for_the_rows_it_is_for() -> None:
    part = cells.when("value", cells.status("value"), cells.words("なし"))
    assert texts(part, Light.OPEN, None, Light.OPEN) == ["着手", "なし", "着手"]
    assert texts(cells.when("value", cells.text("value"), among=("a", "c")), "a", "b", "c") == ["a", "", "c"]


def test_parts_stand_beside_or_below_each_other() -> None:
    empty = cells.when("value", cells.words("y"))
    assert texts(cells.beside(cells.text("value"), empty, cells.words("z")), "x", None) == ["x y z", "— z"]
    html = cells.draw([cells.column("", cells.stacked(cells.words("a"), cells.words("b")))], [None])
    assert "a<br>b" in html


def test_members_of_two_enums_with_one_value_keep_their_words() -> None:
    assert texts(cells.status("value"), Light.OPEN) == ["着手"]
    assert texts(cells.status("value"), Heavy.OPEN) == ["超過"]


def test_what_is_kept_of_a_tag_is_kept_for_one_language(app: Flask) -> None:
    shown = []
    for locale in ("ja", "en", "ja"):
        session["locale"] = locale
        refresh()
        app.preprocess_request()
        shown += texts(cells.due("value"), TODAY)
    assert shown == ["本日", "Due today", "本日"]


def test_a_value_that_recurs_is_shown_through_its_filter_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setitem(app.jinja_env.filters, "noted", lambda value: asked.append(value) or f"<{value}>")
    assert texts(cells.text("value", "noted"), "a", "b", "a") == ["<a>", "<b>", "<a>"]
    assert sorted(asked) == ["a", "b"]


def test_columns_of_others_follow_with_empty_cells_where_they_know_nothing() -> None:
    kinds = ("due", "date", "status", "text", "amount")
    known = {1: (TODAY, date(2026, 4, 1), Light.OPEN, "<b>", 1234), 2: (None,) * 5}
    extra = LoadedColumns(tuple(ListColumn(kind, kind) for kind in kinds), known)
    first, second = table(cells.added(extra), [SimpleNamespace(id=1), SimpleNamespace(id=2)])
    assert ["".join(cell.itertext()) for cell in first][2:] == ["着手", "<b>", "1,234"]
    assert "".join(first[0].itertext()).endswith(" 本日")
    assert ["".join(cell.itertext()) for cell in second] == ["—"] * 5
    assert [cell.attrib.get("class") for cell in first] == [None] * 4 + ["amount"]
