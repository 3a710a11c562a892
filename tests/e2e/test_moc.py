"""An improper sending organization is reported to its government, and the answer comes back."""

import pytest

from otit.auth.permissions import Role
from tests.e2e.conftest import Arrive
from tests.factories import Factories

# Its services and pages are tested on both databases; here it is the browser that matters.
pytestmark = pytest.mark.one_backend

NAME = "Imaginary Bridge Manpower"
FACTS = "架空の実習生から、契約にない保証金を徴収していた。"


def test_a_report_is_drafted_approved_sent_and_answered(factories: Factories, arrive: Arrive) -> None:
    factories.sending_organization(name=NAME)
    factories.sending_organization(name="Imaginary Sunrise Cooperation", country="CHN", number="CHN000077")
    desk = arrive(factories.user(Role.INTERNATIONAL), "/sending-organizations")
    desk.follow(NAME).follow("通報を起案する")
    with desk.refused():
        desk.fill({"起案日": "2026-11-24"}).press("起案する")
    assert len(desk.field_errors()) == 2
    assert desk.page.evaluate("document.activeElement.className") == "error-summary"
    assert desk.barriers() == []
    desk.fill({"事実関係": FACTS, "相手国政府への要請": "調査と、必要な指導をお願いしたい。"}).press("起案する")
    report, number = desk.path, desk.heading.partition(" ")[0]
    assert desk.heading.endswith("— 起案")
    assert desk.main.get_by_role("link", name="承認する").count() == 0

    manager = arrive(factories.user(Role.MANAGER), "/moc-reports")
    manager.follow(number).follow("承認する")
    assert FACTS in manager.text
    manager.fill({"年月日": "2026-11-24"}).press("承認する")
    assert manager.heading.endswith("— 承認済")
    assert manager.main.get_by_role("link", name="通報を記録する").count() == 0

    desk.open(report).follow("通報を記録する")
    desk.fill({"年月日": "2026-11-24", "文書番号": "架空国際発第12号", "回答期限": "2027-01-23"}).press(
        "通報を記録する"
    )
    assert desk.heading.endswith("— 回答待ち")
    assert "あと60日" in desk.text
    desk.follow("回答を記録する")
    desk.fill({"年月日": "2026-11-24", "相手国の文書番号": "VN-2026-1", "相手国の措置": "認定取消し"})
    desk.fill({"回答の要旨": "認定を取り消したとの回答。"}).press("回答を記録する")
    assert desk.heading.endswith("— 回答受領")
    assert desk.fact("相手国の措置") == "認定取消し"
    assert desk.fact("回答の日").startswith("令和8年11月24日")
    assert desk.barriers() == []

    desk.menu("送出機関").follow(NAME)
    assert "回答受領" in desk.row(number).inner_text()
    assert desk.barriers() == []


def test_a_country_without_a_memorandum_gets_no_report(factories: Factories, arrive: Arrive) -> None:
    factories.sending_organization(name="Imaginary Sunrise Cooperation", country="CHN", number="CHN000077")
    desk = arrive(factories.user(Role.INTERNATIONAL), "/sending-organizations")
    desk.follow("Imaginary Sunrise Cooperation")
    assert desk.main.get_by_role("link", name="通報を起案する").count() == 0
    body = desk.path.rpartition("/")[2]
    desk.open(f"/moc-reports/new?sending={body}")
    desk.fill({"事実関係": FACTS, "相手国政府への要請": "調査をお願いしたい。"})
    with desk.refused():
        desk.press("起案する")
    desk.open("/moc-reports")
    assert "該当 0件" in desk.text
