"""The inspector's main job in a real browser: log a visit with a violation, issue a 改善勧告; and the officer's."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspections.orders.models import CorrectionOrder
from inspections.violations.models import Violation
from inspections.violations.states import ViolationState
from tests.e2e.conftest import Arrive
from tests.factories import Factories
from tests.field_work import Case

# Its services and pages are tested on both databases; here it is the browser that matters.
pytestmark = pytest.mark.one_backend


@pytest.fixture
def case(session: Session, factories: Factories) -> Case:
    return Case(session, factories)


def test_the_inspector_logs_a_visit_with_a_violation_and_issues_a_recommendation(case: Case, arrive: Arrive) -> None:
    inspector = arrive(case.inspector, f"/inspections/{case.inspection.id}").follow("訪問を記録する")
    assert inspector.barriers() == []
    inspector.fill({"訪問した日": "2026-11-20", "訪問の結果": "実施", "立ち会った人": "技能実習責任者　架空一郎"})
    row = inspector.main.get_by_role("group", name="違反 1")
    inspector.fill({"違反の条文": "旅券又は在留カードの保管 — 法第48条第1項"}, row)
    inspector.press("違反の欄を増やす")
    assert inspector.main.get_by_role("group", name="違反 4").count() == 1
    new = inspector.main.get_by_role("group", name="違反 2").get_by_label("違反の条文")
    expect(new).to_be_focused()
    expect(new).to_be_in_viewport()
    with inspector.refused():
        inspector.press("訪問を記録する")
    assert inspector.field_errors() == ["違反の内容：入力してください。"]
    assert inspector.barriers() == []
    inspector.fill({"違反の内容": "旅券を事務所で保管していた。"}, row)
    inspector.fill({"この訪問で検査を終える": True}).press("訪問を記録する")
    assert "実施済" in inspector.heading
    assert inspector.barriers() == []
    inspector.follow("勧告・指導を交付する").tick("対象とする違反", "法第48条第1項")
    inspector.fill({"書面の種類": "改善勧告", "求める改善の内容": "旅券を直ちに返却すること。"})
    inspector.fill({"交付した日": "2026-11-20", "改善報告の期限": "2026-12-18"})
    assert inspector.barriers() == []
    inspector.press("交付を記録する")
    assert inspector.heading.startswith("改善勧告 改勧26-11-0001")
    assert inspector.barriers() == []
    case.session.expire_all()
    assert case.session.scalars(select(CorrectionOrder.due_on)).one().isoformat() == "2026-12-18"
    assert case.session.scalars(select(Violation.state)).one() is ViolationState.INSTRUCTED
    assert "改勧26-11-0001" in inspector.open("/orders").text
    assert inspector.barriers() == []


def test_the_officer_records_the_bureaus_result_and_a_corrective_recommendation(case: Case, arrive: Arrive) -> None:
    officer = arrive(case.officer, "/joint-inspections", viewport={"width": 768, "height": 1024})
    assert officer.barriers() == []
    officer.follow(case.organization.name).follow("結果を記録する")
    officer.fill({"訪問した日": "2026-11-20", "法違反の有無": "違反あり", "結果の概要": "割増賃金の不足を認めた。"})
    assert officer.barriers() == []
    officer.press("結果を記録する").follow("法違反を追加する")
    officer.fill({"違反の条文": "割増賃金の支払 — 労働基準法第37条", "違反の事実があった日": "2026-10-31"})
    officer.fill({"違反の内容": "時間外の割増賃金が不足していた。"})
    assert officer.barriers() == []
    officer.press("法違反を記録する").follow("書面を交付する").tick("対象とする違反", "労働基準法第37条")
    officer.fill({"書面の種類": "是正勧告", "求める改善の内容": "不足額を支払うこと。"})
    officer.fill({"交付した日": "2026-11-20", "改善報告の期限": "2026-12-18"}).press("交付を記録する")
    assert officer.heading.startswith("是正勧告 是勧26-38-0001")
    assert officer.barriers() == []
    officer.open(f"/joint-inspections/{case.inspection.id}")
    assert "是勧26-38-0001" in officer.text
    assert officer.barriers() == []
