"""Licences on screen: the list with its filters, a licence with its history, conditions, scope and statements."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.licenses.classes import downgrade
from organizations.licenses.content import Content, content_of
from organizations.licenses.models import License, LicenseCountry
from organizations.licenses.queries import conditions_of
from organizations.licenses.states import LicenseClass, LicenseState, Scheme
from organizations.occupations.models import Occupation
from organizations.register.states import OrganizationKind
from otit.audit.models import AuditEvent
from otit.auth.permissions import Role
from tests.cases import statements
from tests.factories import Factories
from tests.pages import Browser, Page

GENERAL, SUPPORT = LicenseClass.GENERAL, LicenseClass.SUPPORT


def rows(page: Page) -> list[str]:
    return ["".join(cell.itertext()).strip() for cell in page.all("th") if cell.get("scope") == "row"]


@pytest.fixture
def license(factories: Factories) -> License:
    union = factories.organization(OrganizationKind.SUPERVISING, name="架空松山協同組合")
    return factories.license(union, number="許2111000001", expires_on=date(2027, 2, 24))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, True),
        ({"q": "許2111000001"}, True),
        ({"q": "２１１１"}, True),
        ({"q": "松山"}, True),
        ({"q": "高松"}, False),
        ({"q": "0001"}, False),
        ({"license_class": "specific"}, True),
        ({"license_class": "support"}, False),
        ({"scheme": "tit"}, True),
        ({"scheme": "esd"}, False),
        ({"state": "licensed"}, True),
        ({"state": "expired"}, False),
        ({"state": "all"}, True),
        ({"office": "11"}, True),
        ({"office": "03"}, False),
        ({"expiring": "3"}, True),  # three months from 2026-11-24, that day included
        ({"expiring": "6"}, True),
    ],
)
def test_filters_live_in_the_address(
    browser: Browser, factories: Factories, license: License, query: dict[str, str], found: bool
) -> None:
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert rows(browser.get("/licenses", **query)) == (["許2111000001"] if found else [])


def test_the_watch_looks_three_and_six_months_ahead_at_live_licences(browser: Browser, factories: Factories) -> None:
    for number, end, values in [
        ("許2111000002", date(2027, 2, 25), {}),
        ("許2111000003", date(2027, 5, 24), {}),
        ("許2111000004", date(2027, 5, 25), {}),
        ("許2111000005", date(2027, 1, 1), {"state": LicenseState.CLOSED, "closed_on": date(2026, 1, 1)}),
        ("許2111000006", date(2026, 11, 24), {"state": LicenseState.SUSPENDED, "suspended_until": date(2026, 12, 1)}),
    ]:
        factories.license(number=number, expires_on=end, **values)
    browser.sign_in(factories.user(Role.MANAGER))
    assert rows(browser.get("/licenses", expiring="3")) == ["許2111000006"]
    assert rows(browser.get("/licenses", expiring="6")) == ["許2111000006", "許2111000002", "許2111000003"]
    home = browser.get("/")
    assert "3か月以内に許可の期限" in home.text
    assert "6か月以内は3件" in home.text
    assert "有効期限が近い許可" in home.text


def test_the_home_page_of_an_office_counts_its_own_only(
    browser: Browser, factories: Factories, license: License
) -> None:
    browser.sign_in(factories.user(Role.MANAGER, office_code="03"))
    assert "6か月以内は0件" in browser.get("/").text
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    assert "6か月以内は1件" in browser.get("/").text


def test_a_licence_without_a_number_can_be_opened(browser: Browser, factories: Factories) -> None:
    nameless = factories.license(number=None)
    browser.sign_in(factories.user(Role.READ_ONLY))
    page = browser.get("/licenses")
    assert rows(page) == ["番号なし"]
    assert f"/licenses/{nameless.id}" in {link.get("href") for link in page.all("a")}
    assert browser.get(f"/licenses/{nameless.id}").heading.startswith("許可（番号なし）")


def test_the_list_and_a_licence_take_few_statements(browser: Browser, factories: Factories, license: License) -> None:
    for _ in range(20):
        factories.license()
    browser.sign_in(factories.user(Role.MANAGER))
    for address, most in (("/licenses", 3), (f"/licenses/{license.id}", 9)):
        browser.get(address)
        with statements() as sent:
            browser.get(address)
        selects = [statement for statement in sent if statement.startswith("SELECT")]
        assert len(selects) <= most, selects


def test_a_licence_shows_its_history_and_its_conditions(
    browser: Browser, session: Session, factories: Factories
) -> None:
    license = factories.license(license_class=GENERAL, expires_on=date(2029, 5, 31))
    user = factories.user(Role.MANAGER)
    downgrade(session, user.actor, license, on=date(2026, 7, 1))
    factories.condition(license, text="架空の条件\n二行目", ends_on=date(2026, 9, 30))
    browser.sign_in(user)
    page = browser.get(f"/licenses/{license.id}")
    assert rows(page)[:2] == ["R8.7.1", "R6.6.1"]
    for words in ("職権による区分の変更", "現在", "架空の条件", "更新の申請を受け付ける", "廃止の届出を記録する"):
        assert words in page.text
    assert "終わりを記録する" not in page.text  # it has ended


def test_both_schemes_are_shown_by_their_words(browser: Browser, factories: Factories, license: License) -> None:
    support: dict[str, Any] = {"license_class": SUPPORT, "scheme": Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT}
    days = {"licensed_on": date(2027, 4, 1), "expires_on": date(2030, 3, 31)}
    second = factories.license(license.organization, **support, **days)
    browser.sign_in(factories.user(Role.MANAGER))
    body = browser.get(f"/organizations/{license.organization_id}")
    for words in ("育成就労", "監理支援事業", "技能実習", "特定監理事業"):
        assert words in body.text
    page = browser.get(f"/licenses/{second.id}")
    assert "次の日に始まります： 令和9年4月1日" in page.text
    assert "事業区分の変更の申請" not in page.text  # the scheme knows one class
    assert "有効期間の更新の申請" in page.text
    shown = ["".join(cell.itertext()) for cell in browser.get("/organizations/supervising").all("td")]
    assert any("特定監理事業" in cell for cell in shown)
    assert not any("監理支援事業" in cell for cell in shown)  # the live one of the first scheme counts


def test_a_manager_records_a_condition_and_its_end(
    browser: Browser, session: Session, factories: Factories, license: License
) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    url = f"/licenses/{license.id}/conditions/new"
    assert "法第30条第1項" in browser.get(url).text
    refused = browser.send(url, {"text": "架空の条件", "starts_on": "2027-02-25"}, status=422)
    assert "有効期間" in refused.get_data(as_text=True)
    browser.follow(browser.send(url, {"text": "架空の条件", "starts_on": "令和8年11月1日"}))
    (condition,) = conditions_of(session, license.id)
    end = f"/licenses/{license.id}/conditions/{condition.id}/end"
    page = browser.follow(browser.send(end, {"on": "2026-11-30"}))
    assert "条件の終わりを記録しました" in page.text
    session.refresh(condition)
    assert condition.ends_on == date(2026, 11, 30)


def test_the_same_condition_sent_twice_is_one(
    browser: Browser, session: Session, factories: Factories, license: License
) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    url = f"/licenses/{license.id}/conditions/new"
    form = browser.get(url)
    data = {"text": "架空", "starts_on": "2026-11-01", "once": form.hidden("once"), "version": form.hidden("version")}
    browser.send(url, data, page="")
    again = browser.client.post(url, data={**data, "csrf_token": form.hidden("csrf_token")})
    assert again.status_code == 303
    assert len(conditions_of(session, license.id)) == 1


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.READ_ONLY, Role.INTERNATIONAL])
def test_readers_see_no_acts(browser: Browser, factories: Factories, license: License, role: Role) -> None:
    factories.condition(license)
    browser.sign_in(factories.user(role))
    page = browser.get(f"/licenses/{license.id}")
    for words in ("条件を記録する", "終わりを記録する", "申請を受け付ける", "廃止の届出を記録する"):
        assert words not in page.text
    browser.get(f"/licenses/{license.id}/conditions/new", status=403)


def test_what_a_licence_is_used_for_is_entered_by_hand(
    browser: Browser, session: Session, factories: Factories, license: License
) -> None:
    """Without an import too: countries, occupations and care, each change with what it was."""
    browser.sign_in(factories.user(Role.MANAGER))
    url = f"/licenses/{license.id}/content"
    page = Page(browser.send(url, {"countries": ["VNM"], "occupations": "3-5、ねじ"}, status=422))
    assert "（ねじ）" in page.text
    assert session.scalars(sa.select(LicenseCountry.country)).all() == []
    typed = {"countries": ["VNM", "IDN"], "occupations": "３－10, 3-5、3-5", "handles_care": "y"}
    browser.follow(browser.send(url, typed))
    session.expire_all()
    assert content_of(license) == Content(["IDN", "VNM"], ["3-5", "3-10"], True)
    page = browser.get(f"/licenses/{license.id}")
    assert "インドネシア、ベトナム" in page.text
    browser.follow(browser.send(url, {"countries": ["IDN"], "occupations": "3-10", "handles_care": "y"}))
    session.expire_all()
    assert content_of(license) == Content(["IDN"], ["3-10"], True)
    noted = sa.select(AuditEvent).where(AuditEvent.action == "license.content_set").order_by(AuditEvent.id)
    assert session.scalars(noted).all()[-1].changes == {
        "countries": [["IDN", "VNM"], ["IDN"]],
        "occupations": [["3-5", "3-10"], ["3-10"]],
    }


def test_an_occupation_that_the_register_does_not_know_is_confirmed_before_a_licence_is_used_for_it(
    browser: Browser, session: Session, factories: Factories, license: License
) -> None:
    values = {"scheme": Scheme.TECHNICAL_INTERN_TRAINING, "sort_key": "3-5-1", "sector": "建設", "name": "架空"}
    session.add(Occupation(code="3-5-1", valid_from=date(2017, 11, 1), **values))
    session.commit()
    browser.sign_in(factories.user(Role.MANAGER))
    url = f"/licenses/{license.id}/content"
    browser.follow(browser.send(url, {"occupations": "3-5"}))  # its operation is listed
    told = Page(browser.send(url, {"occupations": "3-5、3-99"}, status=422))
    assert "職種・作業の一覧にない職種コードがあります（3-99）" in told.text
    session.expire_all()
    assert license.occupation_codes == ["3-5"]
    browser.follow(browser.send(url, {"occupations": "3-5、3-99", "confirmed": "y", "shown": told.hidden("shown")}))
    session.expire_all()
    assert license.occupation_codes == ["3-5", "3-99"]
    noted = sa.select(AuditEvent.detail).where(AuditEvent.action == "license.content_set").order_by(AuditEvent.id)
    assert [detail.get("findings") for detail in session.scalars(noted)] == [None, ["unknown-occupation"]]


def test_the_second_of_two_people_is_told_what_the_licence_is_used_for_now(
    browser: Browser, session: Session, factories: Factories, license: License
) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    url = f"/licenses/{license.id}/content"
    opened = browser.get(url).hidden("version")
    browser.send(url, {"countries": ["VNM"], "version": opened})
    page = Page(browser.send(url, {"occupations": "3-5", "version": opened}, status=409))
    assert "受入れ国" in page.text
    assert "VNM" in page.text


def test_what_a_licence_is_used_for_is_entered_in_its_office_while_it_lives(
    browser: Browser, factories: Factories, license: License
) -> None:
    url = f"/licenses/{license.id}/content"
    browser.sign_in(factories.user(Role.READ_ONLY))
    browser.get(url, status=403)
    browser.sign_in(factories.user(Role.MANAGER, office_code="08"))
    browser.get(url, status=404)
    ended = factories.license(state=LicenseState.EXPIRED)
    browser.sign_in(factories.user(Role.MANAGER))
    assert "期間満了" in browser.get(f"/licenses/{ended.id}/content", status=409).text
