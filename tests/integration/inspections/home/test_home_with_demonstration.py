"""Every figure on a home page is the number of hits of the list it leads to, and every link leads somewhere."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from otit.auth.models import User
from otit.demo.people import DOCUMENTED, PASSWORD
from tests.pages import HTML, Browser, Page

ACCOUNTS = [account.username for account in DOCUMENTED]
STATEMENTS = 12
LISTS = re.compile(
    r"^/(inspections|orders|joint-inspections|dispositions|moc-reports|organizations|licenses|sending-organizations"
    r"|triggers)"
)


@pytest.fixture
def browser(shared_app: Flask, loaded: Session) -> Browser:
    return Browser(shared_app)


def signed_in(browser: Browser, session: Session, username: str) -> Browser:
    return browser.sign_in(session.scalars(sa.select(User).where(User.username == username)).one(), PASSWORD)


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def tiles(page: Page) -> Iterator[tuple[str, int, str]]:
    for item in page.all("li"):
        if "tile" in (item.get("class") or "").split():
            link = next(item.iter(HTML + "a"))
            figure = next(p for p in item.iter(HTML + "p") if p.get("class") == "tile-figure")
            yield "".join(link.itertext()), int((figure.text or "").replace(",", "")), link.get("href") or ""


@pytest.mark.parametrize("username", ACCOUNTS)
def test_each_figure_is_the_count_of_its_list(browser: Browser, loaded: Session, username: str) -> None:
    home = signed_in(browser, loaded, username).get("/")
    shown = list(tiles(home))
    assert len(shown) >= 4
    for label, figure, url in shown:
        page = browser.get(url)
        if LISTS.match(urlsplit(url).path):
            hits = re.search(r"該当 ([\d,]+) ?件", page.text)
            assert hits, f"{label}: {url} shows no count"
            assert int(hits[1].replace(",", "")) == figure, f"{label}: {url}"


@pytest.mark.parametrize("username", ACCOUNTS)
def test_every_link_of_the_page_is_open_to_its_reader(browser: Browser, loaded: Session, username: str) -> None:
    home = signed_in(browser, loaded, username).get("/")
    links = {link.get("href") or "" for link in home.all("a")}
    inner = sorted(url for url in links if url.startswith("/") and not url.startswith("/language"))
    assert len(inner) > 8
    for url in inner:
        browser.get(url)


@pytest.mark.parametrize("username", ACCOUNTS)
def test_a_home_page_costs_few_statements_and_has_a_chart(browser: Browser, loaded: Session, username: str) -> None:
    signed_in(browser, loaded, username).get("/")
    with statements() as seen:
        page = browser.get("/")
    selects = [statement for statement in seen if statement.lstrip().upper().startswith(("SELECT", "WITH"))]
    assert len(selects) <= STATEMENTS, "\n\n".join(selects)
    assert [svg for svg in page.tree.iter("{http://www.w3.org/2000/svg}svg") if svg.get("role") == "img"]


def test_the_inspector_sees_todays_visits_with_what_was_left_open(browser: Browser, loaded: Session) -> None:
    page = signed_in(browser, loaded, "inspector").get("/")
    assert "本日の訪問3件" in page.heading
    acts = [a.get("href") or "" for a in page.all("a") if "".join(a.itertext()) == "訪問を記録する"]
    assert len(acts) == 3
    assert all(re.fullmatch(r"/inspections/\d+/visits/new", url) for url in acts)
    assert "未解決の違反" in page.text
    assert [a for a in page.all("a") if (a.get("href") or "").startswith("tel:")]


def test_headquarters_sees_all_offices_and_a_local_manager_the_own_one(browser: Browser, loaded: Session) -> None:
    everywhere = signed_in(browser, loaded, "manager").get("/")
    assert "東京事務所" in everywhere.text
    figures = {label: figure for label, figure, _url in tiles(everywhere)}
    local = signed_in(browser, loaded, "manager-nagoya").get("/")
    assert "東京事務所" not in local.text
    own = {label: figure for label, figure, _url in tiles(local)}
    assert 0 < own["検査の期限超過"] < figures["検査の期限超過"]


def test_a_labour_standards_officer_sees_nothing_of_other_bureaus_or_of_otit(browser: Browser, loaded: Session) -> None:
    page = signed_in(browser, loaded, "labour").get("/")
    assert "愛知労働局" in page.text
    assert "東京都" not in page.text
    assert "改善勧告" not in page.text
