"""Finding a record: by the menu with the keyboard, by the box on top of every page, from a tablet, without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from otit.auth.permissions import Role
from tests.factories import Factories
from tests.field_work import Case
from tests.people import Person

# Its services and pages are tested on both databases; here it is the browser that matters.
pytestmark = pytest.mark.one_backend

Arrive = Callable[..., Person]


def test_a_group_of_the_menu_opens_and_closes_with_the_keyboard(arrive: Arrive, factories: Factories) -> None:
    manager = arrive(factories.user(Role.MANAGER))
    group = manager.page.locator(".site-nav-wide details", has_text="登録簿")
    entry = group.get_by_role("link", name="技能実習計画")
    expect(entry).to_be_hidden()
    group.locator("summary").focus()
    manager.page.keyboard.press("Enter")
    expect(entry).to_be_visible()
    manager.page.keyboard.press("Escape")
    expect(entry).to_be_hidden()
    expect(group.locator("summary")).to_be_focused()
    manager.menu("技能実習計画")
    assert manager.heading == "技能実習計画"


def test_a_number_typed_on_any_page_leads_to_its_record(arrive: Arrive, session: Session, factories: Factories) -> None:
    case = Case(session, factories)
    inspector = arrive(case.inspector)
    for width in (1280, 820):
        inspector.page.set_viewport_size({"width": width, "height": 900})
        inspector.open("/")
        box = inspector.page.get_by_role("searchbox", name="名称又は番号で探す")
        box.fill(case.inspection.number.replace("-", "－"))
        with inspector.page.expect_navigation():
            box.press("Enter")
        assert inspector.path == f"/inspections/{case.inspection.id}"
