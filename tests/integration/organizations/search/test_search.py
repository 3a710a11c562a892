"""The search of everything: what leads to a record, within what its reader may see, at a small price."""

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy.orm import Session

from imports.batches import services
from inspections.triggers.models import Trigger
from inspections.triggers.states import TriggerKind
from organizations.accreditation.models import PlanApplication
from organizations.licenses.states import LicenseClass
from organizations.licensing.models import LicenseApplication
from organizations.licensing.states import ApplicationPurpose
from organizations.merging.services import merge
from organizations.occupations.codes import sort_key
from organizations.occupations.models import Occupation
from organizations.plans.states import PlanCategory
from organizations.register.models import FormerName, Organization
from organizations.register.states import OrganizationKind, Scheme
from otit.auth.permissions import Role
from otit.text import match_key
from tests.cases import statements
from tests.factories import NOW, Factories
from tests.field_work import Case
from tests.hits import found, leads_to
from tests.pages import Browser
from tests.workbooks import table_bytes

SO, IO = OrganizationKind.SUPERVISING, OrganizationKind.IMPLEMENTING


@pytest.fixture
def company(factories: Factories) -> Organization:
    return factories.organization(
        IO,
        name="株式会社髙﨑縫製",
        kana="カブシキガイシャタカサキホウセイ",
        corporate_number="7000012050002",
        notification_number="2411000001",
    )


@pytest.mark.parametrize(
    "text", ["㈱高崎", "高﨑縫製", "たかさき", "ﾀｶｻｷ", "タカサキホウセイ", "かぶしきがいしゃ たかさき"]
)
def test_names_are_folded_and_readings_find(
    browser: Browser, factories: Factories, company: Organization, text: str
) -> None:
    factories.organization(IO, name="架空精機")
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert found(browser.get("/search", q=text)) == ["株式会社髙﨑縫製"]


def test_a_former_name_leads_to_the_body_in_the_search_and_in_the_list(
    browser: Browser, session: Session, factories: Factories, company: Organization
) -> None:
    old = FormerName(
        organization_id=company.id, name="旧称被服", name_key=match_key("旧称被服"), used_until=date(2020, 3, 31)
    )
    session.add(old)
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert found(browser.get("/search", q="旧称")) == ["株式会社髙﨑縫製"]
    assert "株式会社髙﨑縫製" in browser.get("/organizations/implementing", q="旧称").text


def test_the_name_of_a_merged_duplicate_leads_to_the_body_that_lives_on(
    browser: Browser, session: Session, factories: Factories, company: Organization
) -> None:
    manager = factories.user(Role.MANAGER)
    duplicate = factories.organization(IO, name="別名被服", notification_number="2606900406")
    merge(session, manager.actor, company, duplicate, reason="二重登録", now=NOW)
    browser.sign_in(manager)
    assert found(browser.get("/search", q="別名被服")) == ["株式会社髙﨑縫製"]
    assert found(browser.get("/search", q="2606900406")) == ["株式会社髙﨑縫製"]
    assert "株式会社髙﨑縫製" in browser.get("/organizations/implementing", q="2606900406").text
    assert "旧名称：別名被服" in browser.get("/organizations/implementing", q="別名被服").text


@pytest.mark.parametrize(
    "text", ["7000012050002", "７００００１２０５０００２", "2411000001", "法人番号 7000012050002"]
)
def test_the_number_of_a_body_leads_straight_to_it(
    browser: Browser, factories: Factories, company: Organization, text: str
) -> None:
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert leads_to(browser, text) == f"/organizations/{company.id}"


def test_the_beginning_of_a_number_lists_what_begins_with_it(
    browser: Browser, factories: Factories, company: Organization
) -> None:
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert leads_to(browser, "24110000") == ""
    assert found(browser.get("/search", q="24110000")) == ["株式会社髙﨑縫製"]


def test_numbers_of_licences_plans_and_sending_organizations(browser: Browser, factories: Factories) -> None:
    license = factories.license(number="許2101000123")
    plan = factories.plan(number="認2301000292")
    body = factories.sending_organization(number="VNM000455")
    other = factories.sending_organization(number=None, reference_number="70015")
    browser.sign_in(factories.user(Role.READ_ONLY))
    for text in ("許2101000123", "許２１０１０００１２３号", "2101000123", "21-01-000123"):
        assert leads_to(browser, text) == f"/organizations/{license.organization_id}", text
    for text in ("認2301000292", "2301000292号"):
        assert leads_to(browser, text) == f"/plans/{plan.id}", text
    assert leads_to(browser, "ｖｎｍ000455") == f"/sending-organizations/{body.id}"
    assert leads_to(browser, "整理番号70015") == f"/sending-organizations/{other.id}"


def test_one_number_of_two_records_is_shown_as_both(browser: Browser, factories: Factories) -> None:
    for kind in (SO, IO):
        factories.organization(kind, name=f"架空{kind.value}", corporate_number="7000012050002")
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert leads_to(browser, "7000012050002") == ""
    assert found(browser.get("/search", q="7000012050002")) == ["架空supervising", "架空implementing"]


def test_what_follows_from_an_inspection_is_found_by_number_and_by_name(
    browser: Browser, session: Session, factories: Factories
) -> None:
    case = Case(session, factories)
    order = case.order()
    browser.sign_in(case.manager)
    assert leads_to(browser, case.inspection.number) == f"/inspections/{case.inspection.id}"
    assert leads_to(browser, case.inspection.number.replace("-", "")) == f"/inspections/{case.inspection.id}"
    assert leads_to(browser, order.number) == f"/orders/{order.id}"
    assert leads_to(browser, order.number.removeprefix("改勧")) == f"/orders/{order.id}"
    assert found(browser.get("/search", q=case.organization.name)) == [case.organization.name, case.inspection.number]


def test_an_application_is_found_until_the_record_bears_its_number(
    browser: Browser, session: Session, factories: Factories
) -> None:
    union, company = factories.organization(SO, name="架空協同組合"), factories.organization(IO)
    facts = {"scheme": Scheme.TECHNICAL_INTERN_TRAINING, "applied_on": date(2026, 10, 1), "provision_code": "TIT-23-1"}
    common = facts | {"provision_from": date(2017, 11, 1), "created_at": NOW}
    session.add(
        LicenseApplication(
            number="許2603000999",
            organization_id=union.id,
            purpose=ApplicationPurpose.NEW,
            license_class=LicenseClass.SPECIFIC,
            **common,
        )
    )
    session.add(
        PlanApplication(
            number="認2611000777",
            category=PlanCategory.A,
            implementing_organization_id=company.id,
            starts_on=date(2027, 4, 1),
            ends_on=date(2028, 3, 31),
            **common,
        )
    )
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert found(browser.get("/search", q="2603000")) == ["許2603000999"]
    assert found(browser.get("/search", q="認2611000")) == ["認2611000777"]
    assert leads_to(browser, "許2603000999") != ""
    assert found(browser.get("/search", q="架空協同")) == ["架空協同組合", "許2603000999"]


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.MANAGER, Role.READ_ONLY])
def test_what_is_out_of_scope_is_no_hit(
    browser: Browser, session: Session, factories: Factories, company: Organization, role: Role
) -> None:
    case = Case(session, factories)
    plan = factories.plan(company)
    browser.sign_in(factories.user(role, office_code="08"))
    for text in (company.name, "7000012050002", plan.number, case.inspection.number, case.organization.name):
        assert leads_to(browser, text) == "", text
        page = browser.get("/search", q=text)
        assert found(page) == []
        assert "見つかりませんでした" in page.text


def test_a_labour_officer_finds_the_inspections_shared_with_the_bureau(
    browser: Browser, session: Session, factories: Factories
) -> None:
    case = Case(session, factories)
    browser.sign_in(case.officer)
    assert leads_to(browser, case.inspection.number) == f"/joint-inspections/{case.inspection.id}"
    assert found(browser.get("/search", q=case.organization.name)) == [case.inspection.number]
    browser.sign_in(case.other_officer)
    assert leads_to(browser, case.inspection.number) == ""
    assert found(browser.get("/search", q=case.organization.name)) == []


def test_more_than_the_bound_is_counted_up_to_it_and_leads_to_the_list(browser: Browser, factories: Factories) -> None:
    for n in range(103):
        factories.organization(IO, name=f"株式会社架空縫製{n:03d}")
    browser.sign_in(factories.user(Role.READ_ONLY))
    page = browser.get("/search", q="架空縫製")
    assert "該当 100 件以上" in page.text
    assert len(found(page)) == 5
    links = [link.get("href", "") for link in page.all("a")]
    assert f"/organizations/implementing?q={quote('架空縫製')}" in links


def test_the_closest_names_come_first(browser: Browser, factories: Factories) -> None:
    for name in ("あ架空縫製", "架空縫製所", "架空縫製"):
        factories.organization(IO, name=name)
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert found(browser.get("/search", q="架空縫製")) == ["架空縫製", "架空縫製所", "あ架空縫製"]


def test_a_body_that_is_found_by_its_former_name_says_so(browser: Browser, factories: Factories) -> None:
    """The latest of the names that hold what was typed; one that holds nothing of it says nothing."""
    body, other = factories.organization(SO, name="仮想新組合"), factories.organization(IO, name="架空縫製")
    before = (("架空縫製組合", 2020), ("架空縫製協同組合", 2024), ("例示組合", 2025))
    for name, year in before:
        key = {"name": name, "name_key": match_key(name), "used_until": date(year, 3, 31)}
        factories.add(FormerName(organization_id=body.id, **key))
    browser.sign_in(factories.user(Role.READ_ONLY))
    page = browser.get("/search", q="架空 縫製")
    assert found(page) == [body.name, other.name]
    assert page.text.count("旧名称：") == 1
    assert "旧名称：架空縫製協同組合" in page.text
    assert "旧名称" not in browser.get("/search", q="仮想新組合").text


@pytest.mark.parametrize(("text", "most"), [("架空縫製", 11), ("2301000292", 9), ("", 1)])
def test_each_source_costs_one_statement_and_bodies_one_for_their_former_names(
    browser: Browser, factories: Factories, text: str, most: int
) -> None:
    for n in range(30):
        factories.plan(factories.organization(IO, name=f"架空縫製{n}"))
    browser.sign_in(factories.user(Role.MANAGER))
    browser.get("/search", q=text)
    with statements() as sent:
        browser.client.get("/search", query_string={"q": text})
    assert len(sent) <= most, sent


@pytest.mark.parametrize("text", ["", "   ", "%", "_", "\\", "'", "号", "許", "-", "1" * 100, "㈱", "<b>"])
def test_any_text_is_answered(browser: Browser, factories: Factories, text: str) -> None:
    factories.organization(IO, name="架空精機")
    browser.sign_in(factories.user(Role.MANAGER))
    assert found(browser.get("/search", q=text)) == []


def test_every_page_has_the_box_but_the_search_itself(browser: Browser, factories: Factories) -> None:
    browser.sign_in(factories.user(Role.LABOUR_STANDARDS))
    assert browser.get("/").by_id("site-search") is not None
    assert browser.get("/search").by_id("site-search") is None
    assert browser.get("/search", q="架空").by_id("search-again").get("value") == "架空"  # type: ignore[union-attr]


def test_a_trigger_is_found_by_its_number_and_its_organization(
    browser: Browser, session: Session, factories: Factories
) -> None:
    company = factories.organization(name="架空端緒工業")
    values = {"kind": TriggerKind.CONSULTATION, "office_code": "11", "received_on": date(2026, 11, 2)}
    trigger = Trigger(
        number="26-T-000123",
        organization_id=company.id,
        summary="相談",
        created_at=NOW,
        created_by="user:1",
        **values,
    )
    session.add(trigger)
    browser.sign_in(factories.user(Role.INSPECTOR))
    for text in ("26-T-000123", "26t123"):
        assert leads_to(browser, text) != "", text
    assert found(browser.get("/search", q="架空端緒工業")) == ["架空端緒工業", "26-T-000123"]
    browser.sign_in(factories.user(Role.INTERNATIONAL))
    assert found(browser.get("/search", q="架空端緒工業")) == ["架空端緒工業"]


def test_an_import_is_found_by_its_number_by_those_who_may_open_it(
    browser: Browser, session: Session, factories: Factories
) -> None:
    content = table_bytes([("買い物メモ",)])
    manager = factories.user(Role.MANAGER)
    batch = services.upload(session, manager.actor, content, "一覧.xlsx", kind=None, now=NOW)
    browser.sign_in(manager)
    for text in (batch.number, "26-00001", "２６－００００１", "取込26-01"):
        assert leads_to(browser, text) == f"/imports/{batch.id}", text
    for other in (factories.user(Role.MANAGER, office_code="11"), factories.user(Role.READ_ONLY)):
        browser.sign_in(other)
        assert found(browser.get("/search", q=batch.number)) == []


def test_an_occupation_is_found_by_its_code(browser: Browser, session: Session, factories: Factories) -> None:
    def version(code: str, name: str, **values: Any) -> Occupation:
        fixed = {"sector": "農業・林業", "transferable": True, "valid_from": date(2017, 11, 1)}
        scheme = Scheme.TECHNICAL_INTERN_TRAINING
        occupation: Occupation = factories.add(
            Occupation(code=code, name=name, scheme=scheme, sort_key=sort_key(code), **fixed | values)
        )
        return occupation

    version("1-1", "耕種農業")
    version("1-1-1", "旧施設園芸", valid_until=date(2020, 3, 31))
    present = version("1-1-1", "施設園芸", valid_from=date(2020, 4, 1))
    version("1-10", "架空職種")
    browser.sign_in(factories.user(Role.READ_ONLY))
    for text in ("1-1-1", "１－１－１", "01-01-001"):
        assert leads_to(browser, text) == f"/occupations/{present.id}", text
    present.valid_until = date(2026, 3, 31)
    session.commit()
    assert found(browser.get("/search", q="1-1-1")) == ["1-1-1 施設園芸", "1-1-1 旧施設園芸"]
    browser.sign_in(factories.user(Role.LABOUR_STANDARDS))
    assert leads_to(browser, "1-1-1") == ""
