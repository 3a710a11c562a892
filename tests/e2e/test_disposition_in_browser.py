"""A manager's work in a real browser: the first revocation under the Act, from proposal to the exported list."""

import io
from typing import Any

import openpyxl

from otit.auth.permissions import Role
from tests.cases import FIRST_CASE, first_company
from tests.e2e.conftest import Arrive
from tests.factories import Factories

GROUND = "法第16条第1項第3号(第10条第2号該当)"


def test_the_first_revocation_from_proposal_to_the_list(factories: Factories, arrive: Arrive) -> None:
    company = first_company(factories)
    manager = arrive(factories.user(Role.MANAGER), f"/organizations/{company.id}").follow("処分を起案する")
    assert manager.barriers() == []
    manager.fill({"処分の種類": "認定の取消し", "認定番号を貼り付ける": "、".join(FIRST_CASE), "起案日": "2018-06-01"})
    manager.tick("根拠条文", GROUND)
    with manager.refused():
        manager.press("起案する")
    assert manager.field_errors() == ["処分理由：入力してください。"]
    assert manager.barriers() == []
    manager.fill({"処分理由": "罰金の刑に処せられたため。"}).press("起案する")
    assert manager.heading == "処18-11-0001 認定の取消し — 起案"
    assert manager.fact("根拠条文") == GROUND
    assert manager.barriers() == []
    manager.follow("主務大臣へ進達する").fill({"年月日": "2018-06-15", "文書番号": "架空発0615第1号"})
    manager.press("主務大臣へ進達する").follow("決定を記録する")
    assert manager.barriers() == []
    manager.fill({"決定日": "2018-07-03", "効力発生日": "2018-07-03"})
    with manager.refused():
        manager.press("決定を記録する")
    assert manager.field_errors()[0].endswith("決定したのは法務大臣及び厚生労働大臣です。")
    manager.fill({"決定した者": "法務大臣及び厚生労働大臣"}).press("決定を記録する").follow("効力を発生させる")
    assert "計画4件の認定を取り消します" in manager.text
    assert manager.barriers() == []
    manager.press("効力を発生させる").follow("公示を記録する")
    manager.fill({"年月日": "2018-07-03"}).press("公示を記録する")
    assert manager.heading.endswith("公示済")
    assert manager.barriers() == []
    manager.menu("取消し等の一覧").fill({"年度（効力発生日）": "平成30年度"}).press("絞り込む")
    assert all(number in manager.text for number in FIRST_CASE)
    assert manager.barriers() == []
    name, content = manager.download("Excelでダウンロード")
    assert name == "revocations-16-2018-20261124.xlsx"
    sheet: Any = openpyxl.load_workbook(io.BytesIO(content))["一覧"]
    assert [sheet.cell(row, 4).value for row in range(4, 8)] == list(FIRST_CASE)
    assert "欠格期間" not in manager.open(f"/organizations/{company.id}").text  # it ended on 2023-07-02
    assert manager.barriers() == []
    manager.open("/dispositions")
    assert manager.barriers() == []
