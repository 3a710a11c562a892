"""Telephone numbers lead to bodies, in the search of everything and in the lists."""

import pytest
from sqlalchemy.orm import Session

from organizations.merging.services import merge
from organizations.register.models import Place
from organizations.register.states import OrganizationKind, PlaceKind
from otit.auth.permissions import Role
from tests.factories import NOW, Factories
from tests.hits import found, leads_to
from tests.pages import Browser, Page

SO, IO = OrganizationKind.SUPERVISING, OrganizationKind.IMPLEMENTING


def names(page: Page) -> list[str]:
    """The rows of a list."""
    return ["".join(cell.itertext()).strip() for cell in page.all("th") if cell.get("scope") == "row"]


TYPED = ["0899990001", "089-999-0001", "０８９−９９９−０００１", "089（999）0001", "+81 89-999-0001"]


@pytest.mark.parametrize("text", TYPED)
def test_a_telephone_number_leads_to_the_body_however_it_is_typed(
    browser: Browser, factories: Factories, text: str
) -> None:
    company = factories.organization(IO, name="架空電機", phone="０８９（９９９）０００１")
    factories.organization(IO, phone="089-999-0011")
    browser.sign_in(factories.user(Role.INSPECTOR, office_code="11"))
    assert leads_to(browser, text) == f"/organizations/{company.id}"
    assert names(browser.get("/organizations/implementing", q=text)) == ["架空電機"]


def test_the_number_of_a_place_leads_to_its_body_and_says_which(browser: Browser, factories: Factories) -> None:
    union = factories.organization(SO, name="架空組合", phone="089-999-0001")
    where = {"prefecture_code": "38", "address": "架空市1", "phone": "089-999-0123", "phone_key": "0899990123"}
    factories.add(Place(organization_id=union.id, kind=PlaceKind.BUSINESS_SITE, name="架空支所", **where))
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert leads_to(browser, "０８９９９９０１２３") == f"/organizations/{union.id}"
    page = browser.get("/search", q="089-999-01")
    assert found(page) == ["架空組合"]
    assert "架空支所 089-999-0123" in page.text
    assert names(browser.get("/organizations/supervising", q="089-999-0123")) == ["架空組合"]


def test_of_a_shared_number_and_one_that_is_another_number_too_all_are_shown(
    browser: Browser, factories: Factories
) -> None:
    shared = [factories.organization(kind, name=kind.value, phone="08-1200-0001") for kind in (SO, IO)]
    inspection = factories.inspection(shared[1], number="08-12-000001")
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert leads_to(browser, "0812000001") == ""
    assert {*found(browser.get("/search", q="0812000001"))} >= {*(one.name for one in shared), inspection.number}


def test_a_telephone_number_of_another_offices_body_finds_nothing(browser: Browser, factories: Factories) -> None:
    factories.organization(IO, name="架空　一郎", is_individual=True, prefecture_code="13", phone="03-9999-0001")
    browser.sign_in(factories.user(Role.INSPECTOR, office_code="11"))
    assert leads_to(browser, "03-9999-0001") == ""
    assert found(browser.get("/search", q="03-9999-0001")) == []
    assert names(browser.get("/organizations/implementing", q="03-9999-0001")) == []


def test_the_number_of_a_merged_duplicate_leads_to_the_body_that_lives_on(
    browser: Browser, session: Session, factories: Factories
) -> None:
    kept, duplicate = (factories.organization(IO, name="架空電機", phone=phone) for phone in (None, "089-999-0001"))
    other = factories.organization(IO, name="架空電機", phone="089-999-0002")
    manager = factories.user(Role.MANAGER)
    for gone in (duplicate, other):
        merge(session, manager.actor, kept, gone, reason="二重登録", now=NOW)
    session.commit()
    assert (kept.phone, kept.phone_key) == ("089-999-0001", "0899990001")
    browser.sign_in(manager)
    for phone in ("089-999-0001", "089-999-0002"):
        assert names(browser.get("/organizations/implementing", q=phone)) == ["架空電機"], phone
        assert found(browser.get("/search", q=phone[:-1])) == ["架空電機"], phone
