"""Error pages say what happened, for requests that nobody makes by clicking as well; they lead on."""

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from otit.auth import routes
from otit.auth.permissions import Role
from tests.factories import Factories
from tests.field_work import Case
from tests.pages import Browser, Page

MENU = "主なメニュー"


@pytest.fixture
def administrator(browser: Browser, factories: Factories) -> Browser:
    return browser.sign_in(factories.user(Role.ADMINISTRATOR))


def test_opening_the_address_of_an_act_is_no_fault_of_the_system(administrator: Browser) -> None:
    page = administrator.get("/admin/audit/verify", status=405)
    assert page.heading == "送信された内容を読み取れませんでした"


@pytest.mark.parametrize("key", ["0", "2147483648", "9223372036854775808", "9" * 60, "1%00"])
def test_a_number_that_names_no_record_is_answered_so(administrator: Browser, key: str) -> None:
    assert administrator.client.get(f"/admin/users/{key}").status_code in (400, 404)


def test_a_broken_referrer_breaks_nothing(administrator: Browser) -> None:
    assert administrator.client.get("/nothing", headers={"Referer": "http://["}).status_code == 404


def way_out(page: Page) -> str:
    return next(link.get("href", "") for link in page.all("a") if "btn-primary" in link.get("class", ""))


def test_a_conflict_leads_to_the_record(browser: Browser, factories: Factories, session: Session) -> None:
    """An act with a form of its own shows the form again; a mere button leads to the record it stands on."""
    record = f"/inspections/{Case(session, factories).inspection.id}"
    browser.sign_in(factories.user(Role.MANAGER)).get(record)
    page = Page(browser.send(f"{record}/end-joint", {"version": "99"}, status=409, page=""))
    assert (way_out(page), MENU in page.html) == (record, True)


def test_what_is_shown_on_another_page_has_an_address_of_its_own(
    browser: Browser, factories: Factories, session: Session
) -> None:
    case = Case(session, factories)
    case.order()
    browser.sign_in(factories.user(Role.MANAGER))
    violation = case.violations()[0]
    assert browser.follow(browser.client.get(f"/violations/{violation.id}")).by_id("violations-title") is not None
    browser.sign_in(case.elsewhere)
    browser.get(f"/violations/{violation.id}", status=404)


def test_a_person_finds_the_menu_on_an_error_page(administrator: Browser) -> None:
    page = administrator.get("/nothing", status=404)
    assert MENU in page.html
    assert "サインアウト" in page.text
    administrator.client.delete_cookie("otit_session")
    stranger = administrator.get("/nothing", status=404)
    assert MENU not in stranger.html
    assert "サインアウト" not in stranger.text


@pytest.mark.parametrize(("address", "status"), [("/nothing", 404), ("/inspections", 500)])
def test_an_error_page_stands_when_nobody_can_say_who_reads(
    app: Flask, administrator: Browser, monkeypatch: pytest.MonkeyPatch, address: str, status: int
) -> None:
    asked = []

    def broken(*_arguments: object) -> None:
        asked.append(address)
        raise OperationalError("SELECT", {}, Exception("the server is away"))

    monkeypatch.setattr(routes, "session_actor", broken)
    page = administrator.get(address, status=status)
    assert MENU not in page.html
    assert len(asked) == 1


def test_a_fault_after_the_sign_in_was_checked_keeps_the_menu(
    administrator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("otit.admin.queries.user_page", broken)
    page = administrator.get("/admin/users", status=500)
    assert MENU in page.html
