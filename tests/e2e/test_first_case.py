"""The first revocation ever made under the Act, from the imported lists to the exported one, all in the browser: a
company in Ehime, its four plans, revoked on 2018-07-03 under Art. 16(1)(iii) by way of Art. 10(ii). The facts are
those the ministries published; the names are invented."""

import csv
import io
from datetime import date, datetime
from typing import Any

import openpyxl

from imports.exports.revocations import ListArticle
from otit.auth.permissions import Role
from tests.e2e.conftest import Arrive
from tests.factories import Factories
from tests.importing import take_in
from tests.people import Person
from tests.workbooks import (
    IMPLEMENTING_HEADER,
    IMPLEMENTING_ROW,
    PLAN_HEADER,
    PLAN_ROW,
    SUPERVISING_ROW,
    changed,
    supervising_list,
    table_bytes,
)

COMPANY = "株式会社架空伊予縫製"
REPRESENTATIVE = "代表取締役 仮野太郎"
ADDRESS = "愛媛県松山市架空町1-1"
GROUND = "法第16条第1項第3号(第10条第2号該当)"
REASON = "労働に関する法律の規定により罰金の刑に処せられ、欠格事由に該当することとなったため。"
NUMBERS = ["認1711001206", "認1711001207", "認1711001208", "認1711001494"]
ACCREDITED = [date(2018, 2, 20), date(2018, 2, 20), date(2018, 2, 20), date(2018, 4, 2)]
MINISTERS = "法務大臣及び厚生労働大臣"


def implementing_list() -> bytes:
    row = changed(
        IMPLEMENTING_ROW, IMPLEMENTING_HEADER, 実習実施者名=COMPANY, 代表者=REPRESENTATIVE, 住所=ADDRESS, フリガナ=None
    )
    return table_bytes([("実習実施者一覧(平成30年5月1日現在)",), (), IMPLEMENTING_HEADER, row])


def plan_list() -> bytes:
    """One body over several rows, of which two carry nothing but their number; and a plan that is not revoked."""
    first = changed(PLAN_ROW, PLAN_HEADER, 実習実施者名=COMPANY, 所在地=ADDRESS)
    bare = [(number, *[None] * (len(PLAN_HEADER) - 1)) for number in NUMBERS[1:3]]
    dates = {"認定年月日": "平成30年4月2日", "実習開始日": "2018/5/1", "実習終了日": "2019/4/30"}
    fourth = changed(first, PLAN_HEADER, 認定番号=NUMBERS[3], **dates)
    kept = changed(first, PLAN_HEADER, 認定番号="認1811002222", **{**dates, "認定年月日": "平成30年5月1日"})
    return table_bytes([("技能実習計画一覧",), (), PLAN_HEADER, first, *bare, fourth, kept])


def test_from_the_imported_lists_to_the_exported_one(worker: None, factories: Factories, arrive: Arrive) -> None:
    manager = arrive(factories.user(Role.MANAGER), "/imports")
    take_in(manager, "監理団体一覧.xlsx", supervising_list(SUPERVISING_ROW), 1)
    take_in(manager, "実習実施者一覧.xlsx", implementing_list(), 1)
    take_in(manager, "技能実習計画一覧.xlsx", plan_list(), 5)
    manager.menu("実習実施者").follow(COMPANY)
    propose(manager)
    decide(manager)
    assert manager.fact("決定した者") == MINISTERS
    manager.follow("効力を発生させる")
    assert "計画4件の認定を取り消します" in manager.text
    manager.press("効力を発生させる").follow("公示を記録する")
    manager.fill({"年月日": "2018-07-03"}).press("公示を記録する")
    assert manager.heading.endswith("公示済")

    manager.menu("取消し等の一覧")
    manager.fill({"根拠条文": ListArticle.ACCREDITATION_REVOCATION.label, "年度（効力発生日）": "平成30年度"}).press(
        "絞り込む"
    )
    assert "団体 1・計画 4" in manager.text
    assert manager.barriers() == []
    check_workbook(*manager.download("Excelでダウンロード"))
    check_csv(*manager.download("CSVでダウンロード"))

    manager.menu("技能実習計画")
    assert [(number, "取消し" in manager.row(number).inner_text()) for number in [*NUMBERS, "認1811002222"]] == [
        *((number, True) for number in NUMBERS),
        ("認1811002222", False),
    ]


def propose(manager: Person) -> None:
    manager.follow("処分を起案する").fill({"処分の種類": "認定の取消し"}).tick("根拠条文", GROUND)
    manager.fill({"認定番号を貼り付ける": "\n".join(NUMBERS), "処分理由": REASON, "起案日": "2018-06-01"})
    manager.press("起案する").follow("主務大臣へ進達する")
    manager.fill({"年月日": "2018-06-15", "文書番号": "架空発0615第1号"}).press("主務大臣へ進達する")


def decide(manager: Person) -> None:
    """The ministers of that time; those of today could not have decided it."""
    manager.follow("決定を記録する").fill({"決定日": "2018-07-03", "効力発生日": "2018-07-03"})
    with manager.refused():
        manager.fill({"決定した者": "出入国在留管理庁長官及び厚生労働大臣"}).press("決定を記録する")
    assert manager.field_errors()[0].endswith(f"実習実施者への処分を決定したのは{MINISTERS}です。")
    manager.fill({"決定した者": MINISTERS}).press("決定を記録する")


def check_workbook(name: str, content: bytes) -> None:
    assert name.endswith(".xlsx")
    sheet: Any = openpyxl.load_workbook(io.BytesIO(content))["一覧"]
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    header = rows[0]
    body = [dict(zip(header, row, strict=True)) for row in rows[1:]]
    assert [row["認定番号"] for row in body] == NUMBERS
    assert [row["認定年月日"].date() for row in body] == ACCREDITED
    first = body[0]
    assert (first["実習実施者名"], first["代表者"], first["所在地"]) == (COMPANY, REPRESENTATIVE, ADDRESS)
    assert first["措置理由"] == f"{GROUND}\n{REASON}"
    assert first["措置年月日"] == datetime(2018, 7, 3)  # noqa: DTZ001 - a spreadsheet's date has no zone
    assert first["処分権者"] == MINISTERS
    # One body over several rows: its name stands once, in a cell merged over the rows of its numbers.
    assert [row["実習実施者名"] for row in body[1:]] == [None] * 3
    assert "A4:A7" in {str(merged) for merged in sheet.merged_cells.ranges}


def check_csv(name: str, content: bytes) -> None:
    assert name.endswith(".csv")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["認定番号"] for row in rows] == NUMBERS
    assert {(row["実習実施者名"], row["代表者"], row["所在地"]) for row in rows} == {(COMPANY, REPRESENTATIVE, ADDRESS)}
    assert {row["措置年月日"] for row in rows} == {"2018-07-03"}
