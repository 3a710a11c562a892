"""The register on screen: lists in scope, filters in the address, one organization with its licence, plans and bar."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from organizations.licenses.models import LicenseCountry, LicenseOccupation
from organizations.licenses.states import LicenseClass, LicenseState
from organizations.plans.states import PlanCategory, PlanState
from organizations.register.states import BusinessStatus, OrganizationKind
from otit.auth.permissions import Role
from otit.db import db
from tests.factories import Factories
from tests.pages import Browser, Page

SO, IO = OrganizationKind.SUPERVISING, OrganizationKind.IMPLEMENTING
SUPERVISING, IMPLEMENTING = "/organizations/supervising", "/organizations/implementing"
SUSPENDED_IN_TIME = {"act": "suspend", "notified_on": "令和8年10月1日", "effective_on": "2026-11-10"}
READERS = [Role.INSPECTOR, Role.MANAGER, Role.INTERNATIONAL, Role.ADMINISTRATOR, Role.READ_ONLY]


@contextmanager
def counted_statements(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def names(page: Page) -> list[str]:
    return [" ".join("".join(cell.itertext()).split()) for cell in page.all("th") if cell.get("scope") == "row"]


@pytest.mark.parametrize("role", READERS)
def test_whoever_may_read_the_registers_opens_both_lists(browser: Browser, factories: Factories, role: Role) -> None:
    factories.license(factories.organization(SO, name="架空協同組合"))
    factories.organization(IO, name="架空縫製")
    browser.sign_in(factories.user(role))
    assert names(browser.get(SUPERVISING)) == ["架空協同組合"]
    assert names(browser.get(IMPLEMENTING)) == ["架空縫製"]


def test_labour_standards_officers_find_no_register(browser: Browser, factories: Factories) -> None:
    organization = factories.organization()
    browser.sign_in(factories.user(Role.LABOUR_STANDARDS))
    for url in (SUPERVISING, IMPLEMENTING, f"/organizations/{organization.id}", "/plans", "/sending-organizations"):
        browser.get(url, status=403)


def test_an_office_sees_its_own_organizations_only_also_by_address(browser: Browser, factories: Factories) -> None:
    factories.organization(IO, name="松山の縫製")
    other = factories.organization(IO, name="東京の縫製", prefecture_code="13")
    browser.sign_in(factories.user(Role.INSPECTOR))
    page = browser.get(IMPLEMENTING)
    assert names(page) == ["松山の縫製"]
    assert "該当 1 件" in page.text
    browser.get(f"/organizations/{other.id}", status=404)
    assert names(browser.get(IMPLEMENTING, office="03")) == []
    assert names(browser.get(IMPLEMENTING, q="東京")) == []


def test_an_empty_list_speaks_of_the_button_to_those_who_have_it(browser: Browser, factories: Factories) -> None:
    for role, told in ((Role.MANAGER, True), (Role.READ_ONLY, False)):
        page = browser.sign_in(factories.user(role)).get(SUPERVISING)
        assert ("この画面のボタンから" in page.text) is told
        assert ("監理団体を登録する" in page.text) is told


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "㈱髙﨑"}, ["株式会社高崎縫製"]),
        ({"q": "7000012050002"}, ["株式会社高崎縫製"]),
        ({"q": "24110000"}, ["株式会社高崎縫製"]),
        ({"q": "%"}, []),
        ({"prefecture": "13"}, ["架空精機"]),
        ({"office": "03"}, ["架空精機"]),
        ({"status": "suspended"}, ["架空精機"]),
        ({"prefecture": "38", "status": "suspended"}, []),
        ({"status": "nonsense"}, ["株式会社高崎縫製", "架空精機"]),
    ],
)
def test_filters_live_in_the_address(
    browser: Browser, factories: Factories, query: dict[str, str], found: list[str]
) -> None:
    factories.organization(
        IO, name="株式会社高崎縫製", corporate_number="7000012050002", notification_number="2411000001"
    )
    factories.organization(IO, name="架空精機", prefecture_code="13", status=BusinessStatus.SUSPENDED)
    browser.sign_in(factories.user(Role.READ_ONLY))
    page = browser.get(f"{IMPLEMENTING}?{urlencode(query)}")
    assert sorted(names(page)) == sorted(found)
    assert f"該当 {len(found)} 件" in page.text


def test_supervising_organizations_are_filtered_by_the_licence_that_counts(
    browser: Browser, factories: Factories
) -> None:
    first = factories.organization(SO, name="更新した組合")
    factories.license(first, state=LicenseState.EXPIRED, licensed_on=date(2018, 1, 1), expires_on=date(2020, 12, 31))
    factories.license(first, license_class=LicenseClass.GENERAL, number="許2011000009")
    second = factories.organization(SO, name="満了した組合")
    factories.license(second, state=LicenseState.EXPIRED)
    factories.organization(SO, name="許可のない組合")
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert names(browser.get(SUPERVISING, license_state="licensed")) == ["更新した組合"]
    assert names(browser.get(SUPERVISING, license_state="expired")) == ["満了した組合"]
    assert names(browser.get(SUPERVISING, license_class="general")) == ["更新した組合"]
    assert names(browser.get(SUPERVISING, q="許2011000009号")) == ["更新した組合"]
    assert len(names(browser.get(SUPERVISING))) == 3


def test_a_manager_takes_back_a_notice_that_was_recorded_wrongly(browser: Browser, factories: Factories) -> None:
    body, other = factories.organization(IO), factories.organization(IO)
    browser.sign_in(factories.user(Role.MANAGER))
    typed = {"act": "close", "notified_on": "2026-11-24", "effective_on": "2062-12-01"}
    page = browser.follow(browser.send(f"/organizations/{body.id}/business-notice", typed))
    (way,) = {link.get("href", "") for link in page.all("a") if "/withdraw" in link.get("href", "")}
    browser.get(way.replace(f"/{body.id}/", f"/{other.id}/"), status=404)
    assert "理由" in Page(browser.send(way, {"reason": ""}, status=422)).text
    page = browser.follow(browser.send(way, {"reason": "日付の誤り"}))
    assert "届出の記録を取り消しました" in page.text
    assert "事業の届出の経過" not in page.text


@pytest.mark.parametrize("sort", [None, "-name", "office", "-office", "expiry", "-expiry"])
@pytest.mark.parametrize("part", ["髙", "高﨑", "高崎協", "高崎協同組合"])
def test_any_part_of_a_name_finds_a_body_in_every_order(
    browser: Browser, factories: Factories, sort: str | None, part: str
) -> None:
    """With and without a licence, together with a filter, forward and back."""
    licensed = factories.organization(SO, name="髙崎協同組合")
    factories.license(licensed, license_class=LicenseClass.GENERAL)
    factories.organization(SO, name="架空協同組合")
    factories.organization(SO, name="西高崎協同組合")
    browser.sign_in(factories.user(Role.READ_ONLY))
    order = {} if sort is None else {"sort": sort}
    assert sorted(names(browser.get(SUPERVISING, q=part, **order))) == ["西高崎協同組合", "髙崎協同組合"]
    assert names(browser.get(SUPERVISING, q=part, license_class="general", **order)) == ["髙崎協同組合"]
    assert names(browser.get(SUPERVISING, q=part, license_state="expired", **order)) == []


def test_a_body_is_found_by_its_licence_of_either_scheme(browser: Browser, factories: Factories) -> None:
    both, new = (factories.organization(SO, name=name) for name in ("両方の組合", "新しい制度の組合"))
    support = {
        "license_class": LicenseClass.SUPPORT,
        "scheme": LicenseClass.SUPPORT.scheme,
        "licensed_on": date(2027, 4, 1),
        "expires_on": date(2030, 3, 31),
    }
    factories.license(both, number="許2011000009")
    factories.license(both, **support)
    factories.license(new, **support, number="許2611000008")
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert sorted(names(browser.get(SUPERVISING, license_class="support"))) == ["両方の組合", "新しい制度の組合"]
    assert names(browser.get(SUPERVISING, license_class="specific")) == ["両方の組合"]
    page = browser.get(SUPERVISING).text
    assert "許2011000009" in page
    assert "許2611000008" in page


@pytest.mark.parametrize("url", [SUPERVISING, IMPLEMENTING])
def test_pages_go_forward_and_back_through_every_row_once(browser: Browser, factories: Factories, url: str) -> None:
    kind = SO if url == SUPERVISING else IO
    for n in range(120):
        factories.organization(kind, name=f"架空{n % 7}組")
    browser.sign_in(factories.user(Role.READ_ONLY))
    first = browser.get(url, prefecture="38")
    seen, page = len(names(first)), first
    while links := [a for a in page.all("a") if a.get("rel") == "next"]:
        assert "prefecture=38" in links[0].get("href", "")
        page = browser.get(links[0].get("href", ""))
        seen += len(names(page))
    assert seen == 120
    back = next(a.get("href", "") for a in page.all("a") if a.get("rel") == "prev")
    assert len(names(browser.get(back))) == 50


def test_a_damaged_place_in_the_list_is_explained(browser: Browser, factories: Factories) -> None:
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert "ページの位置が正しくありません" in browser.get(IMPLEMENTING, status=422, cursor="nonsense").text


@pytest.mark.parametrize("url", [SUPERVISING, IMPLEMENTING, "/plans"])
def test_a_list_page_needs_no_more_statements_however_many_rows(
    app: Flask, browser: Browser, factories: Factories, url: str
) -> None:
    for _ in range(60):
        union = factories.license().organization
        factories.plan(category=PlanCategory.D, supervising_organization_id=union.id)
    browser.sign_in(factories.user(Role.MANAGER))
    browser.get(url)
    with counted_statements(app) as statements:
        browser.get(url)
    assert len(statements) <= 6, statements


def test_an_organization_shows_licence_with_countries_and_occupations_and_its_plans(
    browser: Browser, factories: Factories, session: Session
) -> None:
    union = factories.organization(SO, name="架空国際協同組合", phone="089-000-0000", address="愛媛県架空市1")
    license = factories.license(union, number="許2111000001", handles_care=True)
    session.add_all([LicenseCountry(license_id=license.id, country=code) for code in ("VNM", "CHN")])
    session.add(LicenseOccupation(license_id=license.id, code="3-4"))
    company = factories.organization(IO, name="架空建設")
    factories.plan(company, number="認2411000001", category=PlanCategory.D, supervising_organization_id=union.id)
    browser.sign_in(factories.user(Role.READ_ONLY))
    page = browser.get(f"/organizations/{union.id}")
    assert page.heading == "架空国際協同組合 — 許可中"
    for words in ("許2111000001", "中国、ベトナム", "3-4", "令和9年5月31日", "認2411000001", "架空建設"):
        assert words in page.text
    assert any(a.get("href") == "tel:089-000-0000" for a in page.all("a"))
    assert "欠格期間中です" not in page.text
    assert "愛媛県架空市1" in page.text
    assert "愛媛県愛媛県" not in page.text


@pytest.mark.parametrize(("bar_until", "warned"), [(date(2026, 11, 24), True), (date(2026, 11, 23), False)])
def test_a_barred_organization_is_marked_up_to_the_last_day(
    browser: Browser, factories: Factories, bar_until: date, warned: bool
) -> None:
    past = {"revoked_on": date(2021, 11, 25), "bar_until": bar_until}
    license = factories.license(state=LicenseState.REVOKED, licensed_on=date(2020, 1, 1), **past)
    plan = factories.plan(state=PlanState.REVOKED, accredited_on=date(2021, 1, 1), **past)
    browser.sign_in(factories.user(Role.READ_ONLY))
    for key in (license.organization_id, plan.implementing_organization_id):
        assert ("欠格期間中です" in browser.get(f"/organizations/{key}").text) is warned


def test_a_manager_records_a_business_notice_and_a_closure(browser: Browser, factories: Factories) -> None:
    license = factories.license()
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    url = f"/organizations/{license.organization_id}"
    answer = browser.follow(browser.send(f"{url}/business-notice", SUSPENDED_IN_TIME))
    assert "事業休止中" in answer.text
    close = f"/licenses/{license.id}/close"
    assert "未来の日付" in browser.send(close, {"on": "2026-11-25"}, status=422).get_data(as_text=True)
    assert browser.follow(browser.send(close, {"on": "令和8年11月24日"})).heading.endswith("— 廃止")
    browser.send(close, {"on": "2026-11-24"}, status=422)


def test_a_form_opened_before_somebody_elses_change_is_refused(browser: Browser, factories: Factories) -> None:
    license = factories.license()
    browser.sign_in(factories.user(Role.MANAGER))
    answer = browser.send(f"/licenses/{license.id}/close", {"on": "2026-11-24", "version": "99"}, status=409)
    assert "ほかの人が" in answer.get_data(as_text=True)
    assert license.state is LicenseState.LICENSED


def test_readers_and_other_offices_find_no_act(browser: Browser, factories: Factories) -> None:
    license = factories.license()
    urls = (f"/organizations/{license.organization_id}/business-notice", f"/licenses/{license.id}/close")
    browser.sign_in(factories.user(Role.INSPECTOR))
    assert "届出を記録する" not in browser.get(f"/organizations/{license.organization_id}").text
    for url in urls:
        browser.get(url, status=403)
    browser.sign_in(factories.user(Role.MANAGER, office_code="03"))
    for url in urls:
        browser.get(url, status=404)


def test_heads_of_columns_sort_and_keep_the_filters(browser: Browser, factories: Factories) -> None:
    for name, prefecture, until in (("甲組合", "13", date(2028, 1, 1)), ("乙組合", "38", date(2027, 1, 1))):
        owner = factories.organization(SO, name=name, prefecture_code=prefecture)
        factories.license(owner, expires_on=until)
    factories.organization(SO, name="丙組合", prefecture_code="38")
    browser.sign_in(factories.user(Role.READ_ONLY))
    orders = {
        "name": ["丙組合", "乙組合", "甲組合"],
        "-name": ["甲組合", "乙組合", "丙組合"],
        "office": ["甲組合", "丙組合", "乙組合"],
        "expiry": ["乙組合", "甲組合", "丙組合"],
        "-expiry": ["甲組合", "乙組合", "丙組合"],
        "nonsense": ["丙組合", "乙組合", "甲組合"],
    }
    for order, expected in orders.items():
        assert names(browser.get(SUPERVISING, sort=order)) == expected, order
    page = browser.get(f"{SUPERVISING}?sort=expiry&status=active")
    heads = {"".join(one.itertext()): one for one in page.all("th") if one.get("scope") == "col"}
    assert heads["有効期限"].get("aria-sort") == "ascending"
    assert heads["名称"].get("aria-sort") is None
    links = {"".join(one.itertext()): one.get("href", "") for one in page.all("a")}
    assert "sort=-expiry" in links["有効期限"]
    assert "status=active" in links["有効期限"]
    assert page.hidden("sort", "") == "expiry"


@pytest.mark.parametrize("order", ["-name", "office", "-office", "expiry", "-expiry"])
def test_each_order_goes_forward_through_every_row_once(browser: Browser, factories: Factories, order: str) -> None:
    for n in range(110):
        owner = factories.organization(SO, name=f"架空{n % 7}", prefecture_code="13" if n % 3 else "38")
        if n % 5:
            factories.license(owner, expires_on=date(2027, 1, 1 + n % 4))
    browser.sign_in(factories.user(Role.READ_ONLY))
    address: str | None = f"{SUPERVISING}?sort={order}"
    seen: list[str] = []
    while address:
        page = browser.get(address)
        seen += [one.get("href", "") for cell in page.all("th") if cell.get("scope") == "row" for one in cell]
        address = next((one.get("href") for one in page.all("a") if one.get("rel") == "next"), None)
    assert len(seen) == len(set(seen)) == 110
