"""Bad input through the upload page: a clear message each time, and nothing of it in the register."""

import io

import pytest
import sqlalchemy as sa
from openpyxl.worksheet.worksheet import Worksheet

from imports.batches import services
from imports.batches.models import ImportBatch, ImportFile, ImportRow
from organizations.register.models import Organization
from tests.workbooks import (
    IMPLEMENTING_HEADER,
    IMPLEMENTING_ROW,
    changed,
    supervising_list,
    table_bytes,
    workbook_bytes,
)


def listed(*rows, change=None):
    return table_bytes([("実習実施者一覧",), IMPLEMENTING_HEADER, *rows], change)


def row(**values):
    return changed(IMPLEMENTING_ROW, IMPLEMENTING_HEADER, **values)


GOOD = listed(IMPLEMENTING_ROW)


def hide_sheet(workbook):
    sheet = workbook["一覧"]
    for values in (("実習実施者一覧",), IMPLEMENTING_HEADER, IMPLEMENTING_ROW):
        sheet.append(list(values))
    other = workbook.create_sheet("控え")
    other["A1"] = "隠れた値"
    other.sheet_state = "hidden"


def put(cell: str, value: object):
    def change(sheet: Worksheet) -> None:
        sheet[cell] = value

    return change


CFB = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 512
AT_THE_DOOR = {
    "no workbook": (b"hello", "memo.xlsx", "Excelブック（.xlsx）またはCSVファイルではないか、壊れています"),
    "empty": (b"", "一覧.xlsx", "空のファイルです"),
    "password": (CFB + "EncryptedPackage".encode("utf-16-le"), "一覧.xlsx", "パスワードで保護されています"),
    "old Excel": (CFB, "一覧.xls", "古いExcel形式"),
}


@pytest.mark.parametrize("case", AT_THE_DOOR)
def test_what_can_be_told_at_once_is_refused_on_the_form_and_leaves_nothing(manager, session, case):
    data, filename, message = AT_THE_DOOR[case]
    response = manager.send("/imports", {"file": (io.BytesIO(data), filename)}, status=422)
    assert message in response.get_data(as_text=True)
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportBatch)) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportFile)) == 0


def test_a_form_without_a_file_is_refused(manager):
    response = manager.send("/imports", {}, status=422)
    assert "ファイルを選んでください。" in response.get_data(as_text=True)


def test_a_file_over_the_limit_of_readable_size_is_refused(manager, monkeypatch):
    monkeypatch.setattr(services, "DEFAULT_LIMITS", services.DEFAULT_LIMITS.__class__(max_bytes=1000))
    response = manager.send("/imports", {"file": (io.BytesIO(GOOD), "一覧.xlsx")}, status=422)
    assert "大きすぎます" in response.get_data(as_text=True)


def test_an_upload_over_the_limit_of_the_server_is_answered_with_its_own_page(manager, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 2000)
    token = manager.get("/imports").hidden("csrf_token")
    answer = manager.client.post("/imports", data={"csrf_token": token, "file": (io.BytesIO(b"x" * 5000), "a.xlsx")})
    assert answer.status_code == 413


AFTER_READING = {
    "missing header": (
        table_bytes([("実習実施者名", "届出受理番号", "電話番号"), ("架空", "1711000001", "089-999-0001")]),
        "必要な見出しがありません：住所",
    ),
    "doubled header": (
        table_bytes([(*IMPLEMENTING_HEADER, "住所"), (*IMPLEMENTING_ROW, "愛媛県")]),
        "見出し「住所」が重複しています（H1とM1）",
    ),
    "unknown list": (table_bytes([("a", "b", "c"), (1, 2, 3)]), "表の見出しから種類を判定できません"),
    "hidden sheet": (workbook_bytes(hide_sheet), "非表示のシート「控え」にデータがあります"),
    "no rows": (listed(), "その下に1件もデータがありません"),
    "class unknown": (supervising_list(title="監理団体一覧"), "一般監理事業と特定監理事業のどちらの一覧か分かりません"),
}


@pytest.mark.parametrize("case", AFTER_READING)
def test_a_file_that_is_refused_as_a_whole_says_why_and_is_not_kept(send, session, case):
    data, message = AFTER_READING[case]
    page = send(data)
    assert page.heading.endswith("取込不可")
    assert message in page.text
    assert session.scalar(sa.select(ImportFile.content)) is None
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportRow)) == 0


BAD_ROWS = {
    "wrong type": (listed(row(常勤職員数="多数")), "K3", "整数として読み取れません"),
    "impossible date": (listed(row(届出受理日="令和元年2月30日")), "D3", "令和元年2月30日"),
    "unknown prefecture": (listed(row(住所="架空県架空市1")), "H3", "住所が都道府県名から始まっていません"),
    "formula": (listed(IMPLEMENTING_ROW, change=put("I3", "=1+1")), "I3", "数式ではなく値を入力してください"),
    "check digit": (listed(row(法人番号="1999900000001")), "E3", "法人番号の検査用数字が合いません"),
    "repeated key": (listed(IMPLEMENTING_ROW, IMPLEMENTING_ROW), "A4", "同じ記録がシート「一覧」の3行目にもあります"),
}


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_bad_cell_is_named_with_its_reason_and_nothing_can_be_applied(send, manager, session, latest, case):
    data, cell, message = BAD_ROWS[case]
    page = send(data)
    assert page.heading.endswith("誤りあり")
    assert cell in page.text
    assert message in page.text
    assert "反映する" not in page.text
    batch = latest()
    manager.send(f"/imports/{batch.id}/confirm", {"sha256": batch.sha256}, page="", status=409)
    assert session.scalar(sa.select(sa.func.count()).select_from(Organization)) == 0
