"""The inspector's main job in a real browser: log a visit with a violation, issue a 改善勧告; and the officer's."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspections.orders.models import CorrectionOrder
from inspections.violations.models import Violation
from inspections.violations.states import ViolationState
from tests.factories import Factories
from tests.field_work import Case
from tests.live import Visitor

pytestmark = pytest.mark.e2e


@pytest.fixture
def case(session: Session, factories: Factories) -> Case:
    return Case(session, factories)


def test_the_inspector_logs_a_visit_with_a_violation_and_issues_a_recommendation(case: Case, visitor: Visitor) -> None:
    page = visitor.sign_in(case.inspector, f"/inspections/{case.inspection.id}")
    visitor.follow("訪問を記録する")
    visitor.assert_accessible()
    page.get_by_label("訪問した日").fill("2026-11-20")
    page.get_by_label("訪問の結果").select_option(label="実施")
    page.get_by_label("立ち会った人").fill("技能実習責任者　架空一郎")
    row = page.get_by_role("group", name="違反 1")
    row.get_by_label("違反の条文").select_option(label="旅券又は在留カードの保管 — 法第48条第1項")
    visitor.press("違反の欄を増やす")
    assert page.get_by_role("group", name="違反 6").count() == 1
    visitor.press("訪問を記録する")
    assert "入力内容を確認してください" in page.locator(".error-summary").inner_text()
    visitor.assert_accessible()
    row.get_by_label("違反の内容").fill("旅券を事務所で保管していた。")
    visitor.tick("この訪問で検査を終える")
    visitor.press("訪問を記録する")
    assert "実施済" in page.locator("h1").inner_text()
    visitor.assert_accessible()
    visitor.follow("勧告・指導を交付する")
    page.get_by_label("書面の種類").select_option(label="改善勧告")
    visitor.tick("法第48条第1項")
    page.get_by_label("求める改善の内容").fill("旅券を直ちに返却すること。")
    page.get_by_label("交付した日").fill("2026-11-20")
    page.get_by_label("改善報告の期限").fill("2026-12-18")
    visitor.assert_accessible()
    visitor.press("交付を記録する")
    assert page.locator("h1").inner_text().startswith("改善勧告 改勧26-11-0001")
    visitor.assert_accessible()
    case.session.expire_all()
    assert case.session.scalars(select(CorrectionOrder.due_on)).one().isoformat() == "2026-12-18"
    assert case.session.scalars(select(Violation.state)).one() is ViolationState.INSTRUCTED
    visitor.open("/orders")
    visitor.assert_accessible()


def test_the_officer_records_the_bureaus_result_and_a_corrective_recommendation(case: Case, visitor: Visitor) -> None:
    page = visitor.sign_in(case.officer, "/joint-inspections")
    visitor.assert_accessible()
    visitor.follow(case.organization.name)
    visitor.follow("結果を記録する")
    page.get_by_label("訪問した日").fill("2026-11-20")
    page.get_by_label("法違反の有無").select_option(label="違反あり")
    page.get_by_label("結果の概要").fill("割増賃金の不足を認めた。")
    visitor.assert_accessible()
    visitor.press("結果を記録する")
    visitor.follow("法違反を追加する")
    page.get_by_label("違反の条文").select_option(value="LSI-PREMIUM|LSA-37")
    page.get_by_label("違反の事実があった日").fill("2026-10-31")
    page.get_by_label("違反の内容").fill("時間外の割増賃金が不足していた。")
    visitor.assert_accessible()
    visitor.press("法違反を記録する")
    visitor.follow("書面を交付する")
    page.get_by_label("書面の種類").select_option(label="是正勧告")
    visitor.tick("労働基準法第37条")
    page.get_by_label("求める改善の内容").fill("不足額を支払うこと。")
    page.get_by_label("交付した日").fill("2026-11-20")
    page.get_by_label("改善報告の期限").fill("2026-12-18")
    visitor.press("交付を記録する")
    assert page.locator("h1").inner_text().startswith("是正勧告 是勧26-38-0001")
    page.set_viewport_size({"width": 768, "height": 1024})
    visitor.assert_accessible()
    visitor.open(f"/joint-inspections/{case.inspection.id}")
    visitor.assert_accessible()
