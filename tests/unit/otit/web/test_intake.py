"""What comes from outside: where a link may lead, and which numbers an address may hold."""

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound

from otit.web import intake
from otit.web.intake import LARGEST_ID, referring_page, safe_target


@pytest.fixture
def small_app() -> Flask:
    app = Flask("small")
    intake.register(app)
    app.add_url_rule("/records/<int:key>", "record", lambda key: str(key))
    app.add_url_rule("/records/<int:key>/act", "act", lambda key: intake.stays_at(), methods=["POST"])
    app.add_url_rule("/list", "list", lambda: intake.stays_at(), methods=["GET", "POST"])
    return app


@pytest.mark.parametrize("target", ["/", "/inspections?state=planned&q=あ", "/a//b", "/?next=https://evil.example/"])
def test_a_path_on_this_site_is_kept(target: str) -> None:
    assert safe_target(target) == target


@pytest.mark.parametrize(
    "target",
    [
        *("https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)"),
        *("/\t/evil.example", "\n//evil.example", " //evil.example", "evil", "", None, "//[", "//\u2100.example"),
    ],
)
def test_nothing_leads_to_another_site(target: str | None) -> None:
    assert safe_target(target) == "/"


@pytest.mark.parametrize(
    ("referrer", "page"),
    [
        ("http://localhost/plans?q=1#top", "/plans?q=1"),
        ("http://evil.example/plans", "/"),
        ("http://localhost//evil.example/", "/"),
        ("http://[", "/"),
        (None, "/"),
    ],
)
def test_the_page_one_came_from_is_told_when_it_is_ours(small_app: Flask, referrer: str | None, page: str) -> None:
    headers = {"Referer": referrer} if referrer else {}
    with small_app.test_request_context("/", headers=headers):
        assert referring_page() == page


def test_an_address_holds_no_number_that_no_key_column_can(small_app: Flask) -> None:
    adapter = small_app.url_map.bind("localhost")
    assert adapter.match(f"/records/{LARGEST_ID}") == ("record", {"key": LARGEST_ID})
    for number in (LARGEST_ID + 1, 2**63, 10**40):
        with pytest.raises(NotFound):
            adapter.match(f"/records/{number}")


@pytest.mark.parametrize(
    "request_", [("/list?q=a%00b", {}), ("/list%00", {}), ("/list", {"name": "a\0b"})], ids=["query", "path", "form"]
)
def test_a_nul_is_refused_wherever_it_stands(small_app: Flask, request_: tuple[str, dict[str, str]]) -> None:
    address, form = request_
    client = small_app.test_client()
    answer = client.post(address, data=form) if form else client.get(address)
    assert answer.status_code == 400


def test_after_a_refused_form_one_stays_where_a_page_is(small_app: Flask) -> None:
    client, headers = small_app.test_client(), {"Referer": "http://localhost/records/1?tab=2"}
    assert client.get("/list?q=1").text == "/list?q=1"
    assert client.post("/list?q=1", headers=headers).text == "/list?q=1"
    assert client.post("/records/1/act", headers=headers).text == "/records/1?tab=2"
