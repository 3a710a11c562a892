"""Applications on screen: taken, examined, decided; open ones first; warnings before the decision and after it."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.licenses.models import License
from organizations.licenses.states import LicenseClass, LicenseState, Scheme
from organizations.licensing.models import LicenseApplication
from organizations.licensing.states import ApplicationPurpose, ApplicationState
from organizations.register.models import Organization
from organizations.register.states import BusinessStatus, OrganizationKind
from otit.auth.permissions import Role
from otit.clock import FixedClock
from otit.web.clock import set_clock
from tests.cases import statements
from tests.factories import Factories
from tests.pages import HTML, Browser, Page

FOUND: dict[str, Any] = {
    "state": ApplicationState.FACTS_FOUND,
    "facts_found_on": date(2026, 10, 1),
    "facts_found": "架空の調査",
}
MINISTERS = {"authority": "moj_mhlw", "decided_on": "令和8年11月24日", "document_number": "架空発1124第1号"}


def rows(page: Page) -> list[str]:
    return ["".join(cell.itertext()).strip() for cell in page.all("th") if cell.get("scope") == "row"]


@pytest.fixture
def union(factories: Factories) -> Organization:
    return factories.organization(OrganizationKind.SUPERVISING, name="架空松山協同組合")


@pytest.fixture
def desk(browser: Browser, factories: Factories) -> Browser:
    return browser.sign_in(factories.user(Role.MANAGER))


def test_a_new_licence_from_the_receipt_to_the_grant(desk: Browser, session: Session, union: Organization) -> None:
    body = desk.get(f"/organizations/{union.id}")
    url = f"/license-applications/new?organization={union.id}"
    assert url in {link.get("href") for link in body.all("a")}
    page = desk.follow(
        desk.send(url, {"license_class": "general", "applied_on": "令和8年7月1日", "number": "許2608000001"})
    )
    assert page.heading == "許2608000001 新規の許可 — 申請受付"
    application = session.scalars(sa.select(LicenseApplication)).one()
    own = f"/license-applications/{application.id}"
    for words in ("最初の許可は通常", "番号の事務所（08）が団体の担当事務所（11）"):
        assert words in page.text
    assert "許可を記録する" not in page.text
    desk.get(f"{own}/grant", status=409)
    desk.follow(desk.send(f"{own}/facts", {"on": "2026-10-01", "text": "架空の調査"}))
    form = desk.get(f"{own}/grant")
    assert "記録する前に確かめてください" in form.text
    assert {"5", "7"} & {option.get("value") for option in form.all("option")} == {"5"}  # the first licence
    seen = {"shown": form.hidden("shown"), "confirmed": "y"}
    unseen = desk.send(f"{own}/grant", {**MINISTERS, "valid_from": "2026-11-24", "years": "5"}, status=422)
    assert "確認事項をすべて確かめて" in unseen.get_data(as_text=True)
    early = desk.send(f"{own}/grant", {**MINISTERS, "valid_from": "2026-11-23", "years": "5"}, status=422)
    assert "許可は決定の日より前には始まりません" in early.get_data(as_text=True)
    wrong = {**MINISTERS, "authority": "isa_mhlw", "valid_from": "2026-11-24", "years": "5"}
    assert "法務大臣及び厚生労働大臣です" in desk.send(f"{own}/grant", wrong, status=422).get_data(as_text=True)
    longer = {**MINISTERS, **seen, "valid_from": "2026-11-24", "years": "7"}
    assert "（法第31条第1項）" in desk.send(f"{own}/grant", longer, status=422).get_data(as_text=True)
    done = desk.follow(desk.send(f"{own}/grant", {**longer, "years": "5"}))
    assert done.heading == "許2608000001 新規の許可 — 許可済"
    for words in ("令和13年11月23日", "架空発1124第1号", "最初の許可は通常"):
        assert words in done.text
    license = session.scalars(sa.select(License)).one()
    assert "許2608000001" in desk.get(f"/licenses/{license.id}").heading


def test_a_renewal_and_a_change_of_class_begin_on_the_licence(
    desk: Browser, session: Session, factories: Factories, union: Organization
) -> None:
    license = factories.license(union)
    page = desk.get(f"/licenses/{license.id}")
    links = {link.get("href") for link in page.all("a")}
    renewal = f"/license-applications/new?license={license.id}&purpose=renewal"
    change = f"/license-applications/new?license={license.id}&purpose=class_change"
    assert {renewal, change} <= links
    assert "特定監理事業" in desk.get(renewal).text
    desk.follow(desk.send(renewal, {"applied_on": "2026-11-01"}))
    taken = session.scalars(sa.select(LicenseApplication)).one()
    assert (taken.purpose, taken.number, taken.license_id) == (
        ApplicationPurpose.RENEWAL,
        "許2611000001",
        license.id,
    )
    second = desk.send(change, {"applied_on": "2026-11-01"}, status=422)
    assert "まだ決定されていない申請" in second.get_data(as_text=True)
    desk.get(f"/license-applications/new?license={license.id}&purpose=new", status=404)
    desk.get("/license-applications/new?license=987654&purpose=renewal", status=404)
    desk.get("/license-applications/new", status=404)


def test_a_renewal_asks_for_no_first_day(desk: Browser, session: Session, factories: Factories) -> None:
    license = factories.license()
    application = factories.application(license=license, **FOUND)
    own = f"/license-applications/{application.id}"
    form = desk.get(f"{own}/grant")
    assert form.by_id("valid_from") is None
    assert "3年（令和12年5月31日まで）" in form.text
    desk.follow(desk.send(f"{own}/grant", {**MINISTERS, "years": "3"}))
    session.refresh(license)
    assert license.expires_on == date(2030, 5, 31)


def test_every_finding_of_a_grant_was_on_the_page_and_confirmed(
    desk: Browser, session: Session, factories: Factories
) -> None:
    application = factories.application(license=factories.license(), **FOUND)
    own = f"/license-applications/{application.id}"
    empty = desk.get(f"{own}/grant")
    assert empty.by_id("confirmed") is None
    sent = {**MINISTERS, "years": "5"}
    told = Page(desk.send(f"{own}/grant", sent, status=422))
    assert "5年の有効期間です" in told.text
    assert told.by_id("confirmed") is not None
    desk.send(f"{own}/grant", {**sent, "confirmed": "y"}, status=422)  # the box alone, without what was shown
    done = desk.follow(desk.send(f"{own}/grant", {**sent, "confirmed": "y", "shown": told.hidden("shown")}))
    assert "決定のときに示された確認事項" in done.text
    assert "5年の有効期間です" in done.text


def test_a_licence_of_employment_for_skill_development_begins_with_its_scheme(
    desk: Browser, session: Session, factories: Factories, union: Organization
) -> None:
    values = {"license_class": LicenseClass.SUPPORT, "provision_code": "ESD-23-1", "provision_from": date(2027, 4, 1)}
    application = factories.application(union, **values, **FOUND)
    own = f"/license-applications/{application.id}"
    page = desk.get(own)
    for words in ("監理支援事業", "育成就労", "育成就労法第23条第1項"):
        assert words in page.text
    first = desk.get(f"{own}/grant").by_id("valid_from")
    assert first is not None
    assert first.get("value") == "2027-04-01"
    desk.follow(desk.send(f"{own}/grant", {**MINISTERS, "valid_from": "2027-04-01", "years": "3"}))
    license = session.scalars(sa.select(License)).one()
    assert (license.scheme, license.state) == (Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT, LicenseState.LICENSED)


def test_a_refusal_and_a_withdrawal_end_the_application(desk: Browser, session: Session, factories: Factories) -> None:
    refused, withdrawn = factories.application(**FOUND), factories.application()
    page = desk.follow(desk.send(f"/license-applications/{refused.id}/refusal", {**MINISTERS, "reason": "架空の理由"}))
    assert page.heading.endswith("— 不許可")
    assert "架空の理由" in page.text
    page = desk.follow(desk.send(f"/license-applications/{withdrawn.id}/withdrawal", {"on": "2026-11-20"}))
    assert page.heading.endswith("— 取下げ")
    for application in (refused, withdrawn):
        for act in ("facts", "grant", "refusal", "withdrawal"):
            desk.get(f"/license-applications/{application.id}/{act}", status=409)


def test_open_applications_stand_first(desk: Browser, factories: Factories) -> None:
    ended = {"state": ApplicationState.WITHDRAWN, "withdrawn_on": date(2026, 11, 20)}
    numbers = {
        name: factories.application(applied_on=day, **values).number
        for name, day, values in (
            ("old open", date(2026, 5, 1), {}),
            ("new ended", date(2026, 11, 1), ended),
            ("new open", date(2026, 9, 1), FOUND),
            ("old ended", date(2026, 4, 1), ended),
        )
    }
    shown = rows(desk.get("/license-applications"))
    assert shown == [numbers[name] for name in ("new open", "old open", "new ended", "old ended")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "許2611900000"}, False),
        ({"q": "２６１１９"}, True),
        ({"q": "松山"}, True),
        ({"q": "高松"}, False),
        ({"purpose": "new"}, True),
        ({"purpose": "renewal"}, False),
        ({"license_class": "specific"}, True),
        ({"license_class": "general"}, False),
        ({"state": "applied"}, True),
        ({"state": "granted"}, False),
        ({"office": "11"}, True),
        ({"office": "03"}, False),
        ({"applied_from": "2026-07-01", "applied_to": "2026-07-01"}, True),
        ({"applied_from": "2026-07-02"}, False),
        ({"applied_to": "2026-06-30"}, False),
    ],
)
def test_filters_live_in_the_address(
    desk: Browser, factories: Factories, union: Organization, query: dict[str, str], found: bool
) -> None:
    application = factories.application(union)
    assert rows(desk.get("/license-applications", **query)) == ([application.number] if found else [])


def test_the_list_takes_few_statements(desk: Browser, factories: Factories) -> None:
    for _ in range(20):
        factories.application()
    desk.get("/license-applications")
    with statements() as sent:
        desk.get("/license-applications")
    selects = [statement for statement in sent if statement.startswith("SELECT")]
    assert len(selects) <= 3, selects


def test_the_same_application_sent_twice_is_one(desk: Browser, session: Session, union: Organization) -> None:
    url = f"/license-applications/new?organization={union.id}"
    form = desk.get(url)
    data = {"license_class": "specific", "applied_on": "2026-11-01", "once": form.hidden("once")}
    first = desk.send(url, data, page="")
    again = desk.client.post(url, data={**data, "csrf_token": form.hidden("csrf_token")})
    assert again.headers["Location"] == first.headers["Location"]
    assert session.scalar(sa.select(sa.func.count(LicenseApplication.id))) == 1


def test_a_form_opened_before_somebody_elses_act_is_refused(desk: Browser, factories: Factories) -> None:
    application = factories.application(**FOUND)
    url = f"/license-applications/{application.id}/refusal"
    form = desk.get(url)
    data = {**MINISTERS, "reason": "架空", "version": "0", "csrf_token": form.hidden("csrf_token")}
    assert desk.client.post(url, data=data).status_code == 409


def offers(page: Page, union: Organization) -> bool:
    return f"/license-applications/new?organization={union.id}" in {link.get("href") for link in page.all("a")}


def test_a_new_licence_is_offered_under_the_scheme_without_a_live_one(
    desk: Browser, session: Session, factories: Factories, union: Organization
) -> None:
    page = desk.get(f"/organizations/{union.id}")
    assert offers(page, union)
    assert "許可の申請を受け付ける" in page.text
    held = factories.license(union)
    page = desk.get(f"/organizations/{union.id}")
    assert offers(page, union)
    assert "育成就労の新規の許可の申請を受け付ける" in page.text
    form = desk.get("/license-applications/new", organization=union.id)
    assert [option.get("value") for option in form.all("option")] == ["", "support"]
    url = f"/license-applications/new?organization={union.id}"
    assert "法第23条" in Page(desk.send(url, {"license_class": "general", "applied_on": "2026-11-02"}, status=422)).text
    esd = {"scheme": Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT, "license_class": LicenseClass.SUPPORT}
    factories.license(union, **esd, licensed_on=date(2027, 4, 1), expires_on=date(2030, 3, 31))
    assert not offers(desk.get(f"/organizations/{union.id}"), union)
    session.refresh(held)
    held.state, held.closed_on = LicenseState.CLOSED, date(2026, 11, 20)
    assert offers(desk.get(f"/organizations/{union.id}"), union)


def test_all_refusals_of_a_receipt_stand_beside_their_fields(
    desk: Browser, session: Session, factories: Factories, union: Organization
) -> None:
    factories.license(union)
    url = f"/license-applications/new?organization={union.id}"
    page = Page(desk.send(url, {"license_class": "general", "applied_on": "2026-11-25", "number": "26"}, status=422))
    for field, words in {
        "license_class": "法第23条第1項",
        "applied_on": "未来の日付",
        "number": "10桁の数字",
    }.items():
        error = page.by_id(f"{field}-error")
        assert error is not None
        assert words in "".join(error.itertext())
    assert session.scalar(sa.select(sa.func.count(LicenseApplication.id))) == 0


def test_before_applications_for_the_new_scheme_are_taken_a_live_licence_is_the_only_one(
    desk: Browser, factories: Factories, union: Organization
) -> None:
    factories.license(union)
    set_clock(desk.app, FixedClock.on(date(2026, 4, 14)))
    assert not offers(desk.get(f"/organizations/{union.id}"), union)


def test_a_closed_body_is_offered_no_application(desk: Browser, factories: Factories) -> None:
    closed = factories.organization(OrganizationKind.SUPERVISING, status=BusinessStatus.CLOSED)
    assert "申請を受け付ける" not in desk.get(f"/organizations/{closed.id}").text
    url = f"/license-applications/new?organization={closed.id}"
    answer = desk.send(url, {"license_class": "specific", "applied_on": "2026-11-01"}, status=422)
    assert "法第34条第1項" in answer.get_data(as_text=True)


@pytest.mark.parametrize("empty", [True, False])
def test_the_list_leads_to_the_body_or_the_licence_that_an_application_is_about(
    browser: Browser, factories: Factories, empty: bool
) -> None:
    if not empty:
        factories.application()
    ways = {"/organizations/supervising", "/licenses"}
    url = "/license-applications"
    browser.sign_in(factories.user(Role.MANAGER))
    page = browser.get(url)
    assert "団体を選んで申請を受け付ける" in page.text
    assert ways <= {link.get("href") for main in page.all("main") for link in main.iter(f"{HTML}a")}
    browser.sign_in(factories.user(Role.READ_ONLY))
    page = browser.get(url)
    assert "団体を選んで申請を受け付ける" not in page.text
    assert not ways & {link.get("href") for main in page.all("main") for link in main.iter(f"{HTML}a")}


REVOKED = {"state": LicenseState.REVOKED, "revoked_on": date(2025, 11, 25)}


def notices(page: Page) -> list[str]:
    found = (one for one in page.all("div") if "notice-danger" in one.get("class", ""))
    return [" ".join(" ".join(one.itertext()).split()) for one in found]


def test_what_bars_a_body_stands_in_place_of_the_button_and_before_the_form(
    desk: Browser, factories: Factories, union: Organization
) -> None:
    """As long as the bar runs, its last day included."""
    license = factories.license(union, **REVOKED, bar_until=date(2026, 11, 24))
    url = f"/license-applications/new?organization={union.id}"
    words = "許可の取消しにより、令和8年11月24日まで許可を受けられない団体です。 法第26条第2号"
    page = desk.get(f"/organizations/{union.id}")
    assert f"許可の申請は、受け付けられません {words}" in notices(page)
    assert url not in {link.get("href") for link in page.all("a")}
    assert notices(desk.get(url)) == [f"この団体の許可の申請は、受け付けられません {words}"]
    license.bar_until = date(2026, 11, 23)
    page = desk.get(f"/organizations/{union.id}")
    assert notices(page) == []
    assert url in {link.get("href") for link in page.all("a")}
    assert notices(desk.get(url)) == []


def test_a_barred_body_is_offered_no_renewal_of_its_other_licence(
    browser: Browser, factories: Factories, union: Organization
) -> None:
    set_clock(browser.app, FixedClock.on(date(2027, 6, 1)))
    desk = browser.sign_in(factories.user(Role.MANAGER))
    factories.license(union, **REVOKED, bar_until=date(2030, 11, 24))
    term = {"licensed_on": date(2027, 4, 1), "expires_on": date(2030, 3, 31)}
    esd = {"scheme": Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT, "license_class": LicenseClass.SUPPORT}
    other = factories.license(union, **esd, **term)
    page = desk.get(f"/licenses/{other.id}")
    assert "法第26条第2号" in notices(page)[0]
    url = f"/license-applications/new?license={other.id}&purpose=renewal"
    assert url not in {link.get("href") for link in page.all("a")}
    assert "法第26条第2号" in notices(desk.get(url))[0]


def test_a_reader_is_told_no_reason_against_what_he_could_not_do(
    browser: Browser, factories: Factories, union: Organization
) -> None:
    factories.license(union, **REVOKED, bar_until=date(2030, 11, 24))
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert "受け付けられません" not in browser.get(f"/organizations/{union.id}").text


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.READ_ONLY])
def test_readers_see_no_acts(browser: Browser, factories: Factories, union: Organization, role: Role) -> None:
    application = factories.application(union, **FOUND)
    browser.sign_in(factories.user(role))
    page = browser.get(f"/license-applications/{application.id}")
    for words in ("許可を記録する", "取下げを記録する"):
        assert words not in page.text
    browser.get(f"/license-applications/{application.id}/grant", status=403)
    browser.get(f"/license-applications/new?organization={union.id}", status=403)
