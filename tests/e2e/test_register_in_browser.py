"""A manager enters a body that looks like another; two people correct one record; a day in the past is asked for."""

from datetime import date

import pytest

from organizations.register.states import OrganizationKind
from organizations.relations.services import Contract, begin_supervision
from otit.auth.permissions import Role
from tests.e2e.conftest import Arrive
from tests.factories import Factories

# Its services and pages are tested on both databases; here it is the browser that matters.
pytestmark = pytest.mark.one_backend

TWIN = "株式会社架空縫製"


def test_a_body_is_entered_after_a_look_at_the_one_that_is_like_it(factories: Factories, arrive: Arrive) -> None:
    factories.organization(name=TWIN)
    manager = arrive(factories.user(Role.MANAGER, office_code="11"), "/organizations/implementing")
    manager.follow("実習実施者を登録する")
    assert manager.barriers() == []
    manager.fill({"名称": "(株)架空縫製", "都道府県": "愛媛県", "所在地": "架空市9-9", "法人番号": "1999900000001"})
    with manager.refused():
        manager.press("登録する")
    assert "法人番号が正しくありません" in manager.field_errors()[0]
    with manager.refused():
        manager.fill({"法人番号": ""}).press("登録する")
    assert f"同じ名称の団体が既に登録されています：{TWIN}" in manager.text
    assert manager.barriers() == []
    manager.fill({"上の注意事項を確かめた上で記録する": True}).press("登録する")
    assert manager.heading == "(株)架空縫製 — 事業中"
    assert manager.barriers() == []


def test_the_second_of_two_people_sees_what_the_first_has_changed(factories: Factories, arrive: Arrive) -> None:
    body = factories.organization(name=TWIN)
    url = f"/organizations/{body.id}/edit"
    first = arrive(factories.user(Role.MANAGER, display_name="架空　先子"), url)
    second = arrive(factories.user(Role.MANAGER), url)
    first.fill({"常勤職員数": "12"}).press("訂正する")
    second.fill({"電話": "089-000-0002"})
    with second.refused(409):
        second.press("訂正する")
    assert second.page.evaluate("document.activeElement.classList.contains('overtaken')")
    for words in ("ほかの人がこの記録を変更しました", "架空 先子", "常勤職員数：", "12"):
        assert words in second.text
    assert second.field("電話").input_value() == "089-000-0002"
    assert second.barriers() == []
    assert second.overhang(820) == []
    second.press("訂正する")
    assert second.fact("電話") == "089-000-0002"


def test_who_supervised_whom_on_a_day_in_the_past(factories: Factories, arrive: Arrive) -> None:
    union = factories.license(factories.organization(OrganizationKind.SUPERVISING, name="架空協同組合")).organization
    company, head = factories.organization(name=TWIN), factories.user(Role.MANAGER)
    days = date(2025, 4, 1), date(2026, 3, 31)
    begin_supervision(factories.session, head.actor, Contract(union, company, None, *days))
    reader = arrive(factories.user(Role.READ_ONLY), f"/organizations/{company.id}")
    assert "契約も有効な計画もありません" in reader.text
    reader.fill({"基準日": "2026-03-31"}).press("この日の関係を表示する")
    assert "特定なし" in reader.row("架空協同組合").inner_text()
    assert reader.barriers() == []
    assert reader.overhang(820) == []
