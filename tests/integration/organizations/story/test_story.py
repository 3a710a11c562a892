"""The story of an organization: everything that happened, who may see it, page by page, at a pinned price."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from inspections.triggers.models import Trigger
from inspections.triggers.states import TriggerKind
from organizations.accreditation.models import PlanApplication, PlanChange
from organizations.accreditation.states import ChangeKind, ChangeState
from organizations.licenses.models import LicenseCondition, LicenseTerm
from organizations.licenses.states import LicenseClass, LicenseState, TermGround
from organizations.licensing.models import LicenseApplication
from organizations.licensing.states import ApplicationPurpose
from organizations.merging.models import OrganizationMerge
from organizations.notices.models import DifficultyNotice
from organizations.notices.services import NoticeFacts, record_difficulty
from organizations.notices.states import DifficultyReason, Notifier
from organizations.plans.states import PlanCategory, PlanState
from organizations.register.details import OrganizationDetails
from organizations.register.models import BusinessNotice, FormerName, Officer, Organization
from organizations.register.services import create_organization, update_organization
from organizations.register.states import BusinessAct, BusinessStatus, OfficerPosition, OrganizationKind, Scheme
from organizations.relations.models import Supervision
from otit.auth.permissions import Role
from otit.text import match_key
from tests.cases import statements
from tests.factories import NOW, TODAY, Factories
from tests.field_work import Case
from tests.pages import Browser, Page

SO = OrganizationKind.SUPERVISING
CITED: dict[str, Any] = {"provision_code": "TIT-23-1", "provision_from": date(2017, 11, 1)}


def told(page: Page) -> list[str]:
    """What the time lines say, line by line."""
    lines = [one for one in page.all("ol") if one.get("class") == "timeline"]
    return [" ".join(" ".join(item.itertext()).split()) for one in lines for item in one if item.tag.endswith("}li")]


def _story(browser: Browser, organization: Organization, **query: str) -> list[str]:
    return told(browser.get(f"/organizations/{organization.id}/story", **query))


@pytest.fixture
def union(session: Session, factories: Factories) -> Organization:
    """A supervising organization of which every part of the registers knows something."""
    union = factories.organization(SO, name="架空協同組合")
    company = factories.organization(name="架空縫製", prefecture_code="13")
    license = factories.license(
        union, number="許2111000001", state=LicenseState.SUSPENDED, suspended_until=date(2027, 1, 31)
    )
    plan = factories.plan(company, category=PlanCategory.D, supervising_organization_id=union.id)
    duplicate = factories.organization(SO, name="架空協同組合（重複）", merged_into_id=union.id)
    scheme = Scheme.TECHNICAL_INTERN_TRAINING
    rows: list[Any] = [
        LicenseTerm(
            license_id=license.id,
            license_class=LicenseClass.GENERAL,
            starts_on=date(2025, 6, 1),
            ends_on=date(2030, 5, 31),
            ground=TermGround.CLASS_CHANGED,
        ),
        LicenseCondition(license_id=license.id, text="架空の条件", starts_on=date(2025, 7, 1), **CITED),
        LicenseApplication(
            number="許2611000002",
            organization_id=union.id,
            license_id=license.id,
            scheme=scheme,
            purpose=ApplicationPurpose.RENEWAL,
            license_class=LicenseClass.GENERAL,
            applied_on=date(2026, 10, 1),
            created_at=NOW,
            **CITED,
        ),
        PlanApplication(
            number="認2611000003",
            scheme=scheme,
            category=PlanCategory.D,
            implementing_organization_id=company.id,
            supervising_organization_id=union.id,
            applied_on=date(2026, 10, 2),
            starts_on=date(2027, 4, 1),
            ends_on=date(2028, 3, 31),
            created_at=NOW,
            **CITED,
        ),
        PlanChange(
            plan_id=plan.id,
            kind=ChangeKind.MINOR,
            state=ChangeState.NOTIFIED,
            applied_on=date(2026, 9, 1),
            changed_on=date(2026, 8, 20),
            changes={},
            summary="架空の変更",
            created_at=NOW,
            **CITED,
        ),
        DifficultyNotice(
            plan_id=plan.id,
            notifier=Notifier.SUPERVISING,
            reason=DifficultyReason.DISAPPEARANCE,
            occurred_on=date(2026, 8, 1),
            notified_on=date(2026, 8, 3),
            recorded_at=NOW,
            **CITED,
        ),
        Supervision(
            implementing_organization_id=company.id, supervising_organization_id=union.id, starts_on=date(2024, 7, 1)
        ),
        BusinessNotice(
            organization_id=union.id,
            act=BusinessAct.SUSPEND,
            notified_on=date(2025, 1, 5),
            effective_on=date(2025, 1, 10),
            recorded_at=NOW,
        ),
        FormerName(
            organization_id=union.id, name="旧協同組合", name_key=match_key("旧協同組合"), used_until=date(2023, 3, 31)
        ),
        Officer(
            organization_id=union.id,
            position=OfficerPosition.AUDITOR,
            name="仮野　監",
            name_key=match_key("仮野　監"),
            starts_on=date(2022, 4, 1),
            ends_on=date(2024, 3, 31),
        ),
        OrganizationMerge(
            duplicate_id=duplicate.id,
            kept_id=union.id,
            reason="同じ団体",
            moved={},
            filled={},
            merged_at=NOW - timedelta(days=30),
            merged_by_id=factories.user().id,
        ),
        Trigger(
            number="26-T-000001",
            kind=TriggerKind.DECLARATION,
            organization_id=union.id,
            office_code="11",
            received_on=date(2026, 11, 2),
            summary="申告の内容",
            created_at=NOW,
            created_by="user:1",
        ),
    ]
    session.add_all(rows)
    session.flush()
    return union


TOLD = (
    "令和6年6月1日 特定監理事業の許可 許2111000001",
    "令和7年6月1日 区分の変更の許可：一般監理事業（令和12年5月31日まで）",
    "令和7年7月1日 許可に条件を付与 架空の条件",
    "令和8年10月1日 有効期間の更新の申請 許2611000002",
    "令和8年10月2日 計画の認定の申請 1件",
    "令和8年9月1日 計画の変更の申請・届出 1件",
    "令和8年3月1日 計画の認定 1件",
    "令和6年7月1日 架空縫製の監理を開始 送出機関の特定なし",
    "令和7年1月10日 事業の休止の届出",
    "令和5年3月31日 名称の変更（この日まで「旧協同組合」）",
    "令和4年4月1日 監事・監査役の就任：仮野 監",
    "令和6年3月31日 監事・監査役の退任：仮野 監",
    "令和8年10月25日 「架空協同組合（重複）」の登録を統合 同じ団体",
    "令和8年11月2日 端緒 26-T-000001 の受付（申告（法第49条）） 申告の内容",
)


def test_every_part_of_the_registers_tells_its_part(
    browser: Browser, factories: Factories, union: Organization
) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    lines = _story(browser, union)
    assert [line for line in TOLD if line not in lines] == []
    assert any(line.startswith("令和8年8月3日 実施困難時届出（行方不明）：認") for line in lines)


def test_what_is_open_stands_on_top_here_and_on_the_organizations_page(
    browser: Browser, session: Session, factories: Factories, union: Organization
) -> None:
    factories.inspection(union, due_on=date(2026, 11, 1), cycle="FY2025")
    browser.sign_in(factories.user(Role.MANAGER))
    expected = [
        "停止期間の末日 令和9年1月31日 事業停止中：許可 許2111000001",
        "期限 令和8年11月1日 実地検査 26-11-",
        "受付日 令和8年11月2日 判断待ち：端緒 26-T-000001（申告（法第49条））",
        "申請日 令和8年10月1日 審査中：有効期間の更新の申請 許2611000002（申請受付）",
        "最も古い申請日 令和8年10月2日 審査中：計画の認定の申請 1件",
    ]
    for address in (f"/organizations/{union.id}/story", f"/organizations/{union.id}"):
        lines = told(browser.get(address))
        assert [line.startswith(start) for line, start in zip(lines, expected, strict=False)] == [True] * 5, lines


def test_a_licence_that_outlives_the_business_is_open(browser: Browser, factories: Factories) -> None:
    union = factories.organization(OrganizationKind.SUPERVISING, status=BusinessStatus.CLOSED)
    license = factories.license(union, number="許2111000001")
    browser.sign_in(factories.user(Role.MANAGER))
    page = browser.get(f"/organizations/{union.id}")
    assert "事業の廃止の届出がありますが、許可 許2111000001 の廃止が記録されていません" in page.text
    assert f"/licenses/{license.id}" in {link.get("href") for link in page.all("a")}
    ended = factories.organization(OrganizationKind.SUPERVISING, status=BusinessStatus.CLOSED)
    factories.license(ended, state=LicenseState.CLOSED, closed_on=date(2026, 1, 1))
    assert "廃止が記録されていません" not in browser.get(f"/organizations/{ended.id}").text


def test_field_work_is_told_and_the_bureaus_part_is_marked_and_short(
    browser: Browser, session: Session, factories: Factories
) -> None:
    case = Case(session, factories)
    order = case.order(due_on=date(2026, 11, 22))
    case.bureau_result()
    browser.sign_in(case.manager)
    lines = _story(browser, case.organization)
    assert any(line.startswith(f"期限 令和8年11月22日 期限を過ぎた改善勧告 {order.number}") for line in lines)
    assert any("訪問（実施）" in line for line in lines)
    assert any("違反：法第20条" in line for line in lines)
    theirs = [line for line in lines if "労働局" in line]
    assert theirs
    assert all("機構に共有された部分" in line for line in theirs)
    assert "秘" not in " ".join(theirs)


def test_who_may_not_see_inspections_reads_a_story_without_them(
    browser: Browser, session: Session, factories: Factories, union: Organization
) -> None:
    factories.inspection(union, due_on=date(2026, 11, 1), cycle="FY2025")
    browser.sign_in(factories.user(Role.INTERNATIONAL))
    text = browser.get(f"/organizations/{union.id}/story").text
    assert "許可に条件を付与" in text
    assert "26-T-000001" not in text
    assert "26-11-00" not in text


def test_another_office_and_the_labour_side_find_no_story(
    browser: Browser, factories: Factories, union: Organization
) -> None:
    browser.sign_in(factories.user(Role.MANAGER, office_code="08"))
    browser.get(f"/organizations/{union.id}/story", status=404)
    browser.sign_in(factories.user(Role.LABOUR_STANDARDS))
    browser.get(f"/organizations/{union.id}/story", status=403)


def test_the_other_body_of_a_contract_is_a_link_only_within_the_own_scope(
    browser: Browser, factories: Factories, union: Organization
) -> None:
    for office, links in (("11", 0), (None, 1)):
        browser.sign_in(factories.user(Role.MANAGER, office_code=office))
        page = browser.get(f"/organizations/{union.id}/story", kind="supervision")
        named = [link for link in page.all("a") if "架空縫製" in "".join(link.itertext())]
        assert len(named) == links


def test_the_address_filters_by_kind_and_goes_back_by_day(
    browser: Browser, factories: Factories, union: Organization
) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    kinds = _story(browser, union, kind="body")
    assert "令和7年1月10日 事業の休止の届出" in kinds
    assert "令和8年3月1日 計画の認定 1件" not in kinds
    early = _story(browser, union, until="2024-06-01")
    assert "令和6年6月1日 特定監理事業の許可 許2111000001" in early
    assert "令和7年1月10日 事業の休止の届出" not in early
    for nonsense in ({"kind": "nonsense"}, {"until": "2024-02-31"}, {"until": "9999-12-31"}):
        assert "令和8年3月1日 計画の認定 1件" in _story(browser, union, **nonsense)


def test_what_happened_once_leads_to_its_record_and_more_to_the_list(browser: Browser, factories: Factories) -> None:
    company = factories.organization()
    alone, *_two = (factories.plan(company, accredited_on=date(2025, 12, day)) for day in (1, 2, 2))
    browser.sign_in(factories.user(Role.MANAGER))
    page = browser.get(f"/organizations/{company.id}/story")
    ways = {"".join(link.itertext()).strip(): link.get("href") for link in page.all("a")}
    assert ways["計画の認定 1件"] == f"/plans/{alone.id}"
    listed = browser.get(str(ways["計画の認定 2件"]))
    assert "該当 2 件" in listed.text


def test_pages_go_back_through_every_day_once(browser: Browser, factories: Factories) -> None:
    company = factories.organization()
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(130)]
    for day in days:
        factories.plan(company, accredited_on=day, starts_on=day, ends_on=day + timedelta(days=365))
    browser.sign_in(factories.user(Role.MANAGER))
    page, seen = browser.get(f"/organizations/{company.id}/story"), 0
    while True:
        seen += len(told(page))
        older = [link for link in page.all("a") if "これより前の出来事" in "".join(link.itertext())]
        if not older:
            break
        page = browser.get(older[0].get("href", ""))
    assert seen == 130


def test_plans_are_told_by_day_and_kind(browser: Browser, factories: Factories) -> None:
    company = factories.organization()
    for n in range(12):
        gone: dict[str, Any] = {
            "state": PlanState.REVOKED,
            "revoked_on": date(2026, 9, 1),
            "bar_until": date(2031, 8, 31),
        }
        factories.plan(company, accredited_on=date(2026, 3, 1), **(gone if n < 5 else {}))
    browser.sign_in(factories.user(Role.MANAGER))
    assert _story(browser, company) == ["令和8年9月1日 計画の認定の取消し 5件", "令和8年3月1日 計画の認定 12件"]


def test_a_move_to_another_office_is_told(browser: Browser, session: Session, factories: Factories) -> None:
    actor = factories.user(Role.MANAGER).actor
    details = OrganizationDetails(name="架空移転", prefecture_code="38", address="松山市1")
    body = create_organization(session, actor, OrganizationKind.IMPLEMENTING, details, now=NOW)
    session.commit()
    moved = OrganizationDetails(name="架空移転", prefecture_code="13", address="千代田区1")
    update_organization(session, actor, body, moved, now=NOW)
    session.commit()
    browser.sign_in(factories.user(Role.MANAGER))
    # The trail's moment is the machine's own, which need not have come by the stopped clock.
    assert "担当事務所の変更" in " ".join(_story(browser, body)) or date.today() > TODAY  # noqa: DTZ011


@pytest.mark.parametrize(("address", "most"), [("/organizations/{}/story", 31), ("/organizations/{}", 51)])
def test_the_price_is_pinned(
    browser: Browser,
    factories: Factories,
    union: Organization,
    address: str,
    most: int,
) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    with statements() as sent:
        browser.client.get(address.format(union.id))
    assert len(sent) <= most, len(sent)


def test_a_disappearance_is_told_in_the_readers_language_and_a_persons_words_as_they_are(
    browser: Browser, session: Session, factories: Factories
) -> None:
    company = factories.organization()
    plan = factories.plan(company)
    manager = factories.user(Role.MANAGER)
    days = {"occurred_on": date(2026, 11, 10), "notified_on": date(2026, 11, 17)}
    record_difficulty(session, manager.actor, plan, NoticeFacts(DifficultyReason.DISAPPEARANCE, **days), now=NOW)
    factories.trigger(company, summary="架空の相談")
    session.commit()
    browser.sign_in(manager)
    browser.follow(browser.client.get("/language/en"))
    lines = _story(browser, company)
    assert [any(words in line for line in lines) for words in ("Notice of a disappearance", "架空の相談")] == [
        True,
        True,
    ]
