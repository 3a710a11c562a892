"""A day of inspections: planned by the manager's button, carried out, answered with instruments, corrected. What each
person may see of it is asked on the way."""

from datetime import date

import pytest

from organizations.register.states import OrganizationKind
from otit.auth.permissions import Role
from tests.e2e.conftest import Arrive
from tests.factories import TODAY, Factories
from tests.people import Person

LICENSED = "架空みかん山協同組合"
OVERDUE = "株式会社架空伊予造船"
ELSEWHERE = "株式会社架空浪速金型"
NOT_YET = "株式会社架空道後温泉"
PASSPORT = "旅券又は在留カードの保管 — 法第48条第1項"
BOOKS = "帳簿書類の作成・備付け等が不適切 — 法第20条"


@pytest.fixture
def register(factories: Factories) -> None:
    """Three organizations whose inspection is due, in Ehime and Osaka, and one whose is not."""
    union = factories.organization(OrganizationKind.SUPERVISING, name=LICENSED)
    factories.license(union, licensed_on=date(2025, 6, 1), expires_on=date(2028, 5, 31))
    factories.organization(name=OVERDUE, first_training_on=date(2023, 4, 1), phone="089-999-0003")
    factories.organization(name=ELSEWHERE, prefecture_code="27", first_training_on=date(2023, 12, 1))
    factories.organization(name=NOT_YET, first_training_on=date(2025, 4, 1))


def run_schedule(manager: Person) -> None:
    manager.press("検査を計画する")
    assert manager.path.startswith("/jobs/")
    manager.wait_for("— 完了")


def test_the_schedule_plans_what_is_due_once(
    worker: None, register: None, factories: Factories, arrive: Arrive
) -> None:
    manager = arrive(factories.user(Role.MANAGER), "/inspections")
    manager.follow("期限の来た検査を計画する")
    assert "計画すると、3件の検査ができます" in manager.text
    assert "うち期限超過は1件です" in manager.text
    late = arrive(factories.user(Role.MANAGER), "/inspections/schedule")
    run_schedule(manager)
    assert "実地検査3件を計画しました" in manager.text
    manager.follow("結果を見る")
    assert "該当 3件" in manager.text
    assert NOT_YET not in manager.text
    assert "最初の技能実習の開始" in manager.row(OVERDUE).inner_text()
    assert "超過" in manager.row(OVERDUE).inner_text()
    # The other manager had the page open before: their run finds nothing left to plan.
    run_schedule(late)
    assert "新しく計画する実地検査はありませんでした" in late.text
    assert "該当 3件" in late.follow("一覧を開く").text
    late.open("/inspections/schedule")
    assert "新しく計画する検査はありません" in late.text


def assign(manager: Person, organization: str, inspector: str) -> None:
    manager.open("/inspections").follow(manager.row(organization).locator("td.code a").inner_text())
    manager.follow("担当を決める")
    manager.fill({"担当する検査官": inspector, "実施予定日": TODAY.isoformat()}).press("担当を決める")
    assert "担当決定" in manager.heading


def test_from_the_plan_to_the_corrected_violation(
    worker: None, register: None, factories: Factories, arrive: Arrive
) -> None:
    colleague = factories.user(Role.INSPECTOR, display_name="検査　花子")
    manager = arrive(factories.user(Role.MANAGER), "/inspections/schedule")
    run_schedule(manager)
    assign(manager, OVERDUE, colleague.display_name)

    inspector = arrive(colleague, "/inspections")
    assert OVERDUE in inspector.page.get_by_role("region", name="本日の訪問").inner_text()
    assert inspector.page.locator("a[href='tel:089-999-0003']").count() == 1
    assert ELSEWHERE not in inspector.text
    inspector.follow(inspector.row(OVERDUE).locator("td.code a").inner_text())
    assert inspector.fact("期限の理由").startswith("最初の技能実習の開始")
    inspection = inspector.path
    log_visit_with_two_violations(inspector)
    assert "実施済" in inspector.heading
    assert inspector.row("法第20条").count() == inspector.row("法第48条第1項").count() == 1

    issue_recommendation(inspector)
    order = inspector.path
    inspector.open(inspection)
    assert states_of_violations(inspector) == ["指導中", "指導中"]

    inspector.open(order).follow("報告書の受領を記録する")
    inspector.fill({"報告書を受け取った日": "2026-11-24", "報告の内容と証拠": "管理簿の写しと返却の受領書。"})
    inspector.press("報告書の受領を記録する")
    inspector.follow("報告書を確認する")
    inspector.fill({"確認した日": "2026-11-24", "判断": "改善を確認する"}).press("報告書を確認する")
    assert "改善確認" in inspector.heading
    inspector.open(inspection)
    assert states_of_violations(inspector) == ["改善確認 R8.11.24", "改善確認 R8.11.24"]


def log_visit_with_two_violations(inspector: Person) -> None:
    inspector.follow("訪問を記録する")
    inspector.fill(
        {
            "訪問した日": "2026-11-24",
            "訪問の結果": "実施",
            "立ち会った人": "技能実習責任者　架空一郎\n生活指導員　架空二郎",
            "訪問した場所": "本社工場、第一寮",
            "確認した事項": "賃金台帳と宿泊施設を確認した。",
            "この訪問で検査を終える": True,
        }
    )
    for number, (provision, what) in enumerate(
        [(BOOKS, "管理簿が作成されていなかった。"), (PASSPORT, "旅券3冊を事務所で保管していた。")], 1
    ):
        if number > 1:
            inspector.press("違反の欄を増やす")
        row = inspector.page.get_by_role("group", name=f"違反 {number}")
        inspector.fill({"違反の条文": provision, "違反の内容": what}, row)
    inspector.press("訪問を記録する")


def issue_recommendation(inspector: Person) -> None:
    inspector.follow("勧告・指導を交付する")
    inspector.fill({"書面の種類": "改善勧告"}).tick("対象とする違反", "法第20条", "法第48条第1項")
    inspector.fill(
        {
            "求める改善の内容": "管理簿を備え付け、旅券を返却すること。",
            "交付した日": "2026-11-24",
            "改善報告の期限": "2026-12-24",
        }
    )
    inspector.press("交付を記録する")
    assert inspector.heading.startswith("改善勧告 改勧26-11-0001")
    assert inspector.fact("改善報告の期限").startswith("令和8年12月24日")


def states_of_violations(person: Person) -> list[str]:
    rows = person.page.locator("section[aria-labelledby=violations-title] tbody tr")
    return [" ".join(row.locator("td").nth(2).inner_text().split()) for row in rows.all()]


def test_a_bureau_sees_and_answers_its_joint_inspections_only(
    worker: None, register: None, factories: Factories, arrive: Arrive
) -> None:
    colleague = factories.user(Role.INSPECTOR, display_name="検査　花子")
    manager = arrive(factories.user(Role.MANAGER), "/inspections/schedule")
    run_schedule(manager)
    assign(manager, OVERDUE, colleague.display_name)
    manager.follow("合同検査にする").fill({"都道府県労働局": "愛媛労働局"}).press("合同検査にする")
    inspection = manager.path.rpartition("/")[2]

    officer = arrive(factories.user(Role.LABOUR_STANDARDS), "/joint-inspections")
    assert "該当 1件" in officer.text
    officer.follow(OVERDUE).follow("結果を記録する")
    result = {"訪問した日": "2026-11-24", "法違反の有無": "違反あり", "結果の概要": "割増賃金の不足を認めた。"}
    officer.fill({**result, "局内限りの記録": "申告者は在籍中の実習生である。"}).press("結果を記録する")
    officer.follow("法違反を追加する")
    officer.fill({"違反の条文": "割増賃金の支払 — 労働基準法第37条", "違反の事実があった日": "2026-10-31"})
    officer.fill({"違反の内容": "時間外の割増賃金が不足していた。"}).press("法違反を記録する")
    officer.follow("書面を交付する").fill({"書面の種類": "是正勧告"}).tick("対象とする違反", "労働基準法第37条")
    officer.fill({"求める改善の内容": "不足額を支払うこと。", "交付した日": "2026-11-24"})
    officer.fill({"改善報告の期限": "2026-12-24"}).press("交付を記録する")
    assert officer.heading.startswith("是正勧告 是勧26-38-0001")
    order = officer.path

    manager.open(f"/inspections/{inspection}")
    assert "割増賃金の不足を認めた。" in manager.text
    assert "是正勧告" in manager.text
    assert "申告者" not in manager.page.content()

    stranger = arrive(factories.user(Role.LABOUR_STANDARDS, bureau_code="27"), "/joint-inspections")
    assert "条件に合う合同検査はありません" in stranger.text
    for hidden in (f"/joint-inspections/{inspection}", f"/joint-inspections/{inspection}/result", order):
        with stranger.refused(404):
            stranger.open(hidden)
        assert OVERDUE not in stranger.page.content()
    for person in (officer, stranger):
        with person.refused(403):
            person.open(f"/inspections/{inspection}")
