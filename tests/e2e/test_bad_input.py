"""What goes wrong at a desk: files that cannot be taken, forms that come late or twice, sessions that end. Nothing is
half done, and each time the page says what happened."""

import io
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask, request, request_started

from otit.auth.permissions import Role
from otit.clock import FixedClock
from otit.web.clock import set_clock
from tests.e2e.conftest import Arrive
from tests.factories import TODAY, Factories
from tests.importing import upload, verdicts
from tests.people import Person
from tests.workbooks import IMPLEMENTING_HEADER, IMPLEMENTING_ROW, changed, table_bytes

FACTS = {"事実関係": "架空の保証金を徴収していた。", "相手国政府への要請": "調査をお願いしたい。"}
SENDING = "Imaginary Bridge Manpower"
MARKED = {
    "D5": "暦に存在しない日付です",
    "E6": "法人番号の検査用数字が合いません",
    "H7": "住所が都道府県名から始まっていません",
    "A8": "同じ記録がシート「一覧」の4行目にもあります",
}


def notified(number: int, **values: object) -> tuple[object, ...]:
    own = {"実習実施者名": f"株式会社架空縫製{number}", "届出受理番号": f"171100000{number}"}
    return changed(IMPLEMENTING_ROW, IMPLEMENTING_HEADER, **{**own, **values})


def faulty_list() -> bytes:
    """Rows 4 to 8: a good one, then an impossible date, a wrong check digit, no prefecture, a number given before."""
    return table_bytes(
        [
            ("実習実施者一覧(令和8年7月27日現在)",),
            (),
            IMPLEMENTING_HEADER,
            notified(1),
            notified(2, 届出受理日="令和元年2月30日"),
            notified(3, 法人番号="1999900000001"),
            notified(4, 住所="架空町4-5"),
            notified(5, 届出受理番号="1711000001"),
        ]
    )


def test_what_is_no_workbook_is_refused_in_words(worker: None, factories: Factories, arrive: Arrive) -> None:
    manager = arrive(factories.user(Role.MANAGER), "/imports")
    upload(manager, "一覧.xlsx", b"PK\x03\x04 this is no workbook", "取込不可")
    assert "「一覧.xlsx」はExcelブック（.xlsx）またはCSVファイルではないか、壊れています。" in manager.text
    assert "登録簿は変わっていません。" in manager.text
    assert manager.barriers() == []
    with manager.refused():
        manager.open("/imports").press("アップロードして読み込む")
    assert manager.field_errors() == ["ファイル：ファイルを選んでください。"]


def test_a_faulty_workbook_comes_back_marked_and_nothing_is_taken(
    worker: None, factories: Factories, arrive: Arrive
) -> None:
    manager = arrive(factories.user(Role.MANAGER), "/imports")
    upload(manager, "実習実施者.xlsx", faulty_list(), "誤りあり")
    assert verdicts(manager)["誤り"] == 4
    for cell, reason in MARKED.items():
        assert reason in manager.row(cell).inner_text(), cell
    assert manager.main.get_by_role("button", name="反映する").count() == 0
    assert manager.barriers() == []
    name, content = manager.download("印を付けたExcelブックを受け取る")
    assert name.endswith(".xlsx")
    sheet: Any = openpyxl.load_workbook(io.BytesIO(content))["一覧"]
    comments = {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert comments.keys() == MARKED.keys()
    assert {cell: reason for cell, reason in MARKED.items() if reason not in comments[cell]} == {}
    assert sheet["D5"].value == "令和元年2月30日"
    manager.menu("実習実施者")
    assert "該当 0件" in manager.text


def test_the_second_person_who_confirms_is_told(worker: None, factories: Factories, arrive: Arrive) -> None:
    first = arrive(factories.user(Role.MANAGER), "/imports")
    content = table_bytes([("実習実施者一覧",), (), IMPLEMENTING_HEADER, notified(1)])
    upload(first, "実習実施者.xlsx", content, "確認待ち")
    second = arrive(factories.user(Role.MANAGER), first.path)
    first.press("新規 1 件・変更 0 件を反映する").wait_for("反映済み")
    with second.refused(409):
        second.press("新規 1 件・変更 0 件を反映する")
    assert second.heading == "操作は反映されませんでした"
    second.follow("最新の内容を開く")
    assert "反映済み" in second.heading
    second.menu("実習実施者")
    assert "該当 1件" in second.text


def test_a_form_that_is_older_than_the_record_changes_nothing_unasked(factories: Factories, arrive: Arrive) -> None:
    inspection = factories.inspection()
    names = [factories.user(Role.INSPECTOR, display_name=name).display_name for name in ("検査　花子", "検査　次郎")]
    address = f"/inspections/{inspection.id}/assign"
    first, second = (arrive(factories.user(Role.MANAGER), address) for _person in range(2))
    first.fill({"担当する検査官": names[0]}).press("担当を決める")
    second.fill({"担当する検査官": names[1]})
    with second.refused(409):
        second.press("担当を決める")
    assert "ほかの人がこの記録を変更しました" in second.text
    assert "入力した内容は残っています" in second.text
    assert second.barriers() == []
    first.open(address.removesuffix("/assign"))
    assert first.fact("担当") == "検査 花子"
    second.press("担当を決める")  # knowing what has changed
    assert second.path == address.removesuffix("/assign")
    assert second.fact("担当") == "検査 次郎"


@pytest.fixture
def slow_acts(app: Flask) -> Iterator[None]:
    """A server that takes its time over what is sent: long enough to lose patience."""

    def wait(_sender: Flask) -> None:
        if request.method == "POST":
            time.sleep(0.7)

    request_started.connect(wait, app)
    yield
    request_started.disconnect(wait, app)


@pytest.mark.parametrize(("script", "sent"), [(True, 1), (False, 2)], ids=["with script", "without script"])
def test_an_impatient_second_click_makes_no_second_record(
    script: bool, sent: int, factories: Factories, arrive: Arrive, slow_acts: None
) -> None:
    desk = at_new_report(factories, arrive, java_script_enabled=script)
    posts: list[str] = []
    desk.page.on("request", lambda made: posts.append(made.url) if made.method == "POST" else None)
    button = desk.main.get_by_role("button", name="起案する")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    with desk.page.expect_request(lambda made: made.method == "POST"):
        desk.page.mouse.click(box["x"] + 10, box["y"] + 10)
    desk.page.mouse.click(box["x"] + 10, box["y"] + 10)
    desk.wait_for("— 起案")
    assert len(posts) == sent
    desk.open("/moc-reports")
    assert "該当 1件" in desk.text


def at_new_report(factories: Factories, arrive: Arrive, **options: Any) -> Person:
    body = factories.sending_organization(name=SENDING)
    desk = arrive(factories.user(Role.INTERNATIONAL), f"/moc-reports/new?sending={body.id}", **options)
    return desk.fill(FACTS)


def test_a_session_that_ended_saves_nothing_and_says_so(app: Flask, factories: Factories, arrive: Arrive) -> None:
    desk = at_new_report(factories, arrive)
    set_clock(app, FixedClock.on(TODAY + timedelta(days=1)))
    desk.press("起案する")
    assert desk.heading == "サインイン"
    assert "送信した内容は保存されていません" in desk.text
    assert desk.barriers() == []
    desk.identify(desk.user)
    assert desk.heading.startswith("相手国への通報を起案する")
    desk.open("/moc-reports")
    assert "該当 0件" in desk.text


def test_a_browser_that_forgot_its_session_is_told_why(factories: Factories, arrive: Arrive) -> None:
    desk = at_new_report(factories, arrive)
    desk.context.clear_cookies()
    with desk.refused(400):
        desk.press("起案する")
    assert desk.heading == "画面の有効期限が切れました"
    assert "入力した内容は保存されていません" in desk.text
    assert desk.barriers() == []
    desk.sign_in(desk.user, "/moc-reports")
    assert "該当 0件" in desk.text
