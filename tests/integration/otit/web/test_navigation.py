"""The menu: in groups on a wide screen, one list on a narrow one; what a person may open, and no more."""

import pytest

from otit.auth.permissions import Role
from otit.web.navigation import GROUPS, NavItem, by_group
from tests.factories import Factories
from tests.pages import HTML, Browser, Page


def groups(page: Page) -> dict[str, list[str]]:
    """{name of the group: its entries} of the wide menu; entries that stand alone are their own group."""
    nav = next(one for one in page.all("nav") if one.get("class") == "site-nav-wide")
    found: dict[str, list[str]] = {}
    for item in nav[0]:
        names = ["".join(one.itertext()) for one in item.iter(HTML + "summary")]
        links = ["".join(one.itertext()) for one in item.iter(HTML + "a")]
        found[names[0] if names else links[0]] = links
    return found


def test_groups_follow_the_order_of_the_entries() -> None:
    assert [name for _least, name in GROUPS] == ["管理", "取込み・出力", "処分・通報", "登録簿", "検査"]


def test_a_group_of_one_needs_no_name() -> None:
    items = [NavItem("ホーム", "/", True), NavItem("a", "/a", False, "検査"), NavItem("b", "/b", False, "登録簿")]
    items.append(NavItem("c", "/c", False, "登録簿"))
    assert [(name, [item.label for item in members]) for name, members in by_group(items)] == [
        ("", ["ホーム"]),
        ("", ["a"]),
        ("登録簿", ["b", "c"]),
    ]


@pytest.mark.parametrize(
    ("role", "name", "entries"),
    [
        (Role.MANAGER, "登録簿", {"監理団体", "実習実施者", "技能実習計画", "送出機関"}),
        (Role.MANAGER, "検査", {"実地検査", "勧告・指導"}),
        (Role.MANAGER, "処分・通報", {"行政処分等", "相手国への通報"}),
        (Role.ADMINISTRATOR, "管理", {"ユーザー", "監査証跡", "処理の状況"}),
    ],
)
def test_a_group_holds_what_the_person_may_open(
    browser: Browser, factories: Factories, role: Role, name: str, entries: set[str]
) -> None:
    found = groups(browser.sign_in(factories.user(role)).get("/"))
    assert entries <= set(found[name])
    assert "ホーム" in found


def test_the_group_of_the_page_is_marked_and_closed_and_the_narrow_menu_is_flat(
    browser: Browser, factories: Factories
) -> None:
    page = browser.sign_in(factories.user(Role.MANAGER)).get("/plans")
    wide, narrow = [one for one in page.all("nav") if one.get("aria-label") == "主なメニュー"]
    marked = ["".join(one.itertext()) for one in wide.iter(HTML + "summary") if one.get("aria-current") == "true"]
    assert marked == ["登録簿"]
    assert all("open" not in one.attrib for one in wide.iter(HTML + "details"))
    current = [one for nav in (wide, narrow) for one in nav.iter(HTML + "a") if one.get("aria-current") == "page"]
    assert ["".join(one.itertext()) for one in current] == ["技能実習計画", "技能実習計画"]
    assert list(narrow.iter(HTML + "details")) == []
    assert len(list(narrow.iter(HTML + "a"))) == len(list(wide.iter(HTML + "a")))
