"""Components and error pages as HTML: valid, labelled, with one heading that the title begins with."""

import re
from xml.etree.ElementTree import Element

import html5lib
import pytest

from tests.gallery import ERROR_PAGES, create_gallery

H = "{http://www.w3.org/1999/xhtml}"
PAGES = ["/", "/?errors&flash", "/sign-in", *(f"/error/{name}" for name in ERROR_PAGES)]


@pytest.fixture(scope="module")
def client():
    return create_gallery().test_client()


def parsed(client, address: str) -> Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=True)
    return parser.parse(client.get(address).text)


def words(element: Element) -> str:
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def classes(root: Element, name: str) -> list[Element]:
    return [element for element in root.iter() if name in element.attrib.get("class", "").split()]


def by_id(root: Element) -> dict[str, Element]:
    return {element.attrib["id"]: element for element in root.iter() if "id" in element.attrib}


@pytest.mark.parametrize("address", PAGES)
def test_each_page_is_valid_html_with_unique_ids_and_one_h1_that_begins_the_title(client, address):
    root = parsed(client, address)
    headings = [words(heading) for heading in root.iter(f"{H}h1")]
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    title = next(root.iter(f"{H}title"))
    assert len(headings) == 1
    assert words(title).startswith(headings[0])
    assert sorted(ids) == sorted(set(ids))
    assert root.attrib["lang"] == "ja"


@pytest.mark.parametrize("address", PAGES)
def test_no_page_holds_a_style_or_a_script_of_its_own(client, address):
    root = parsed(client, address)
    for element in root.iter():
        assert "style" not in element.attrib
        assert not [name for name in element.attrib if name.startswith("on")]
        assert element.tag != f"{H}style"
        assert element.tag != f"{H}script" or not (element.text or "").strip()


def test_every_input_has_a_label_and_every_description_exists(client):
    root = parsed(client, "/?errors")
    ids = by_id(root)
    labelled = {label.attrib["for"] for label in root.iter(f"{H}label")}
    inputs = [e for tag in ("input", "select", "textarea") for e in root.iter(H + tag)]
    seen = [e for e in inputs if e.attrib.get("type") != "hidden"]
    assert {e.attrib["id"] for e in seen} == labelled
    for element in root.iter():
        assert set(element.attrib.get("aria-describedby", "").split()) <= set(ids)


def test_every_error_stands_in_the_summary_with_a_link_to_its_field_and_beside_it(client):
    root = parsed(client, "/?errors")
    ids = by_id(root)
    summary = classes(root, "error-summary")[0]
    links = {words(link): link.attrib["href"] for link in summary.iter(f"{H}a")}
    assert links["訪問日：訪問日を入力してください。"] == "#visited_on"
    assert links["訪問の結果：結果を選んでください。"] == "#outcome-0"
    assert {target.removeprefix("#") for target in links.values()} <= set(ids)
    assert "訪問日を入力してください。" in words(ids["visited_on-error"])
    assert ids["visited_on"].attrib["aria-invalid"] == "true"
    assert ids["visited_on"].attrib["aria-describedby"].split() == [
        "visited_on-error",
        "visited_on-hint",
        "visited_on-reason",
    ]


def test_a_form_without_errors_has_no_summary(client):
    assert not classes(parsed(client, "/"), "error-summary")


def test_a_multiple_choice_is_a_group_of_tick_boxes(client):
    group = by_id(parsed(client, "/"))["books"]
    assert group.tag == f"{H}fieldset"
    assert [(i.attrib["type"], i.attrib["value"]) for i in group.iter(f"{H}input")] == [
        ("checkbox", "1"),
        ("checkbox", "2"),
    ]


def test_a_form_carries_csrf_the_one_time_token_and_the_version_first_seen(client):
    def hidden(address: str) -> dict[str, str]:
        form = by_id(parsed(client, address))
        return {name: form[name].attrib.get("value", "") for name in ("once", "version", "csrf_token")}

    fresh = hidden("/")
    assert (fresh["once"], fresh["version"]) == ("token-1", "7")
    assert fresh["csrf_token"]
    assert hidden("/?errors")["version"] == "6"


def test_an_act_of_one_button_carries_csrf_a_one_time_token_and_the_version(client):
    act = classes(parsed(client, "/"), "inline-form")[0]
    sent = {part.attrib["name"]: part.attrib["value"] for part in act.iter(f"{H}input")}
    assert sent.pop("csrf_token")
    assert sent == {"once": "token-2", "version": "3", "kind": "start"}


def test_an_upload_field_makes_the_form_multipart(client):
    form = classes(parsed(client, "/"), "form-page")[0]
    assert form.attrib["enctype"] == "multipart/form-data"


def test_a_refused_form_is_guarded_as_already_changed(client):
    guards = [classes(parsed(client, page), "form-page")[0].attrib["data-guard"] for page in ("/", "/?errors")]
    assert guards == ["", "changed"]


def test_status_is_word_and_shape_and_colour(client):
    for tag in classes(parsed(client, "/"), "tag"):
        assert words(tag)
        assert classes(tag, "shape")
        assert "tag-" in tag.attrib["class"]


def test_due_says_how_many_days_over_today_or_left(client):
    shown = [(words(tag), tag.attrib["class"].split("-")[-1]) for tag in classes(parsed(client, "/"), "tag")]
    for expected in (("超過1,234日", "danger"), ("本日", "warning"), ("あと5日", "warning"), ("あと60日", "neutral")):
        assert expected in shown


def test_every_cell_of_a_list_names_its_column_for_the_stacked_form(client):
    table = classes(parsed(client, "/"), "data-table")[0]
    columns = [words(cell) for cell in table.iter(f"{H}th") if cell.attrib["scope"] == "col"]
    body = next(table.iter(f"{H}tbody"))
    assert words(next(table.iter(f"{H}caption"))) == "期限が近い監理団体"
    for row in body.iter(f"{H}tr"):
        assert [cell.attrib["data-label"] for cell in row] == columns


def test_the_sorted_column_says_so(client):
    table = classes(parsed(client, "/"), "data-table")[0]
    sorted_by = {words(cell): cell.attrib.get("aria-sort") for cell in table.iter(f"{H}th")}
    assert sorted_by["名称"] == "ascending"
    assert sorted_by["許可番号"] is None


def test_the_chart_comes_with_its_rows_as_a_table(client):
    chart = classes(parsed(client, "/"), "chart")[0]
    assert [words(cell) for cell in next(next(chart.iter(f"{H}tbody")).iter(f"{H}tr"))] == ["東京事務所", "42"]


def test_a_signed_out_visitor_sees_no_user_menu():
    page = create_gallery(signed_in=False).test_client().get("/sign-in").text
    assert "user-menu" not in page
    assert "user-menu" in create_gallery().test_client().get("/sign-in").text


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_an_error_page_says_what_happened_what_to_do_and_leads_out(client, name):
    root = parsed(client, f"/error/{name}")
    page = classes(root, "error-page")[0]
    assert len([p for p in page.iter(f"{H}p") if words(p)]) >= 2
    assert len(classes(page, "btn-primary")) == 1


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_an_error_page_needs_neither_user_nor_menu(name):
    app = create_gallery()
    for helper in ("nav_items", "csrf_token"):
        app.jinja_env.globals[helper] = None
    app.context_processor(lambda: {"current_user": None})
    assert app.test_client().get(f"/error/{name}").status_code == 200
