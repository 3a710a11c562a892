"""An inspection without notice says so to those who carry it out, and no page offers a call: it would warn."""

import pytest
from sqlalchemy.orm import Session

from otit.auth.models import User
from tests.factories import TODAY, Factories
from tests.field_work import Case
from tests.pages import Browser, Page

PAGES = {
    "inspector": ("/", "/inspections", "/inspections/{key}", "/inspections/{key}/visits/new"),
    "officer": ("/", "/joint-inspections/{key}"),
}
PLACES = [(who, address) for who, addresses in PAGES.items() for address in addresses]


def calls(page: Page) -> list[str]:
    return [link.get("href", "") for link in page.all("a") if link.get("href", "").startswith("tel:")]


def opened(browser: Browser, case: Case, who: str, address: str) -> Page:
    person: User = getattr(case, who)
    return browser.sign_in(person).get(address.format(key=case.inspection.id))


@pytest.mark.parametrize(("who", "address"), PLACES)
def test_nobody_is_invited_to_call_before_an_unannounced_inspection(
    browser: Browser, session: Session, factories: Factories, who: str, address: str
) -> None:
    page = opened(browser, Case(session, factories, planned_on=TODAY, announced=False), who, address)
    assert (calls(page), "089-000-0000" in page.html) == ([], False)
    assert "予告なし" in page.text
    assert "電話をかけないでください" in page.text


@pytest.mark.parametrize(("who", "address"), PLACES)
def test_an_announced_one_offers_the_call(
    browser: Browser, session: Session, factories: Factories, who: str, address: str
) -> None:
    page = opened(browser, Case(session, factories, planned_on=TODAY), who, address)
    assert calls(page) == ["tel:089-000-0000"]
    assert "予告なし" not in page.text


def test_the_list_of_joint_inspections_marks_it(browser: Browser, session: Session, factories: Factories) -> None:
    page = opened(browser, Case(session, factories, announced=False), "officer", "/joint-inspections")
    assert "予告なし" in page.text


def test_the_officer_is_told_on_top_until_the_inspection_is_over(
    browser: Browser, session: Session, factories: Factories
) -> None:
    case = Case(session, factories, announced=False)
    assert "予告をしない検査です" in opened(browser, case, "officer", "/joint-inspections/{key}").text
    case.visit(ends_inspection=True)
    assert "予告をしない検査です" not in opened(browser, case, "officer", "/joint-inspections/{key}").text
