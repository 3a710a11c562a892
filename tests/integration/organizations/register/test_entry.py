"""Entering and correcting an organization by form: refusals, what is confirmed, former names, two people at one."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.register import services
from organizations.register.details import OrganizationDetails
from organizations.register.models import FormerName, Organization
from organizations.register.states import BusinessStatus, OrganizationKind
from otit.audit.models import AuditEvent
from otit.auth.permissions import Role
from tests.factories import Factories
from tests.pages import Browser, Page

SO, IO = OrganizationKind.SUPERVISING, OrganizationKind.IMPLEMENTING
NEW, NEW_UNION = "/organizations/implementing/new", "/organizations/supervising/new"
FACTS = {
    "name": "㈱架空縫製",
    "prefecture_code": "38",
    "address": "架空市試験町1-2",
    "corporate_number": "7000012050002",
    "notification_number": "2411000001",
    "notified_on": "令和6年4月10日",
    "first_training_on": "2024-04-01",
    "staff_count": "12",
    "is_excellent": "y",
}


@pytest.fixture
def manager(browser: Browser, factories: Factories) -> Browser:
    return browser.sign_in(factories.user(Role.MANAGER, office_code="11"))


def only(session: Session) -> Organization:
    session.rollback()
    return session.scalars(sa.select(Organization).order_by(Organization.id.desc()).limit(1)).one()


def refused(browser: Browser, url: str, data: dict[str, Any]) -> Page:
    return Page(browser.send(url, data, status=422))


def test_an_implementing_organization_is_entered_with_all_its_facts(manager: Browser, session: Session) -> None:
    page = manager.follow(manager.send(NEW, {**FACTS, "corporate_number": "７０００-０１２０５０００２"}))
    assert page.heading.startswith("㈱架空縫製")
    made = only(session)
    assert (made.corporate_number, made.office_code, made.staff_count, made.is_excellent) == (
        "7000012050002",
        "11",
        12,
        True,
    )
    assert (made.notified_on, made.first_training_on) == (date(2024, 4, 10), date(2024, 4, 1))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"corporate_number": "1000012050002"}, "法人番号が正しくありません"),
        ({"staff_count": "-1"}, "常勤職員数は0以上"),
        ({"staff_count": "99999999999999"}, "常勤職員数は0以上"),
        ({"notified_on": "2026-11-25"}, "未来の日付"),
        ({"first_training_on": "令和6年2月30日"}, "暦に存在しない"),
        ({"is_individual": "y"}, "個人には法人番号がありません"),
        ({"name": ""}, "入力してください"),
        ({"name": "㈱"}, "法人の種類だけでなく"),
        ({"kana": "カクウ縫製"}, "フリガナに漢字は使えません"),
        ({"notified_on": "平成29年10月31日"}, "平成29年11月1日"),
        (
            {"address": "愛知県名古屋市架空1"},
            "選んだ都道府県（愛媛県）と所在地の都道府県（愛知県）",
        ),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    manager: Browser, session: Session, changes: dict[str, str], words: str
) -> None:
    assert words in refused(manager, NEW, {**FACTS, **changes}).text
    assert session.scalar(sa.select(sa.func.count()).select_from(Organization)) == 0


def test_all_that_is_wrong_is_said_at_once(manager: Browser, session: Session, factories: Factories) -> None:
    mine = factories.organization(notification_number="2411000001")
    wrong = {
        "corporate_number": "1",
        "staff_count": "-1",
        "postal_code": "12",
        "phone": "5",
        "notified_on": "2026-11-25",
    }
    page = refused(manager, NEW, {**FACTS, **wrong})
    for name in (*wrong, "notification_number"):
        assert page.by_id(f"{name}-error") is not None, name
    assert [a for a in page.all("a") if a.get("href") == f"/organizations/{mine.id}"]
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(Organization)) == 1


def test_a_number_that_is_taken_leads_to_its_holder(manager: Browser, factories: Factories) -> None:
    mine = factories.organization(corporate_number="7000012050002")
    page = refused(manager, NEW, FACTS)
    assert "この法人番号の団体は既に登録されています" in page.text
    assert [a for a in page.all("a") if a.get("href") == f"/organizations/{mine.id}"]


def test_a_holder_elsewhere_is_not_linked(manager: Browser, factories: Factories) -> None:
    theirs = factories.organization(notification_number="2411000001", prefecture_code="13")
    page = refused(manager, NEW, FACTS)
    assert "この届出受理番号の団体" not in page.text
    assert "この届出受理番号は既に登録されています" in page.text
    assert not [a for a in page.all("a") if a.get("href") == f"/organizations/{theirs.id}"]


def test_a_number_of_a_merged_duplicate_leads_to_the_body_that_lives_on(
    manager: Browser, session: Session, factories: Factories
) -> None:
    mine = factories.organization(name="株式会社架空本体", corporate_number="1180301018771", address="架空市9")
    factories.organization(name="架空重複", corporate_number="7000012050002", merged_into_id=mine.id)
    page = refused(manager, NEW, FACTS)
    assert [a for a in page.all("a") if a.get("href") == f"/organizations/{mine.id}"]
    own = {"name": mine.name, "prefecture_code": "38", "address": mine.address, "corporate_number": "7000012050002"}
    page = refused(manager, f"/organizations/{mine.id}/edit", own)
    assert "この団体に統合された重複の登録" in page.text
    assert "この番号の団体を開く" not in page.text
    manager.send(f"/organizations/{mine.id}/edit", {**own, "corporate_number": "1180301018771"})


def test_the_home_of_an_individual_elsewhere_is_not_told(manager: Browser, factories: Factories) -> None:
    home = {"name": "㈱架空縫製", "is_individual": True}
    factories.organization(**home, prefecture_code="13", address="架空区秘密1-1")
    factories.organization(**home, prefecture_code="38", address="架空市近所1-1")
    factories.organization(name="㈱架空縫製", prefecture_code="27", address="架空市会社1-1")
    text = refused(manager, NEW, FACTS).text
    assert "秘密" not in text
    for known in ("（東京都）", "架空市近所1-1", "架空市会社1-1"):
        assert known in text


def test_a_body_alike_is_shown_and_entered_after_confirming(
    manager: Browser, session: Session, factories: Factories
) -> None:
    twin = factories.organization(name="(株)架空縫製")
    page = refused(manager, NEW, FACTS)
    assert "同じ名称の団体が既に登録されています" in page.text
    assert [a for a in page.all("a") if a.get("href") == f"/organizations/{twin.id}"]
    shown = page.hidden("shown")
    unticked = refused(manager, NEW, {**FACTS, "shown": shown})
    assert "同じ名称" in unticked.text
    manager.send(NEW, {**FACTS, "shown": shown, "confirmed": "y"})
    session.rollback()
    noted = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "organization.created")).one()
    assert noted.detail["findings"] == ["alike"]


def test_the_same_address_is_worth_a_look_too(manager: Browser, factories: Factories) -> None:
    other = factories.organization()
    services.update_organization(
        factories.session,
        factories.user(Role.MANAGER).actor,
        other,
        OrganizationDetails(name=other.name, prefecture_code="38", address="架空市試験町１－２"),
        now=other.created_at,
    )
    assert "同じ所在地の団体" in refused(manager, NEW, FACTS).text


def test_what_a_list_writes_behind_the_name_becomes_the_state_at_entry(manager: Browser, session: Session) -> None:
    facts = {"name": "架空協同組合(事業休止中)", "prefecture_code": "38", "address": "架空市1"}
    page = refused(manager, NEW_UNION, facts)
    assert "事業の状況を「事業休止中」として登録します" in page.text
    manager.send(NEW_UNION, {**facts, "shown": page.hidden("shown"), "confirmed": "y"})
    made = only(session)
    assert (made.name, made.status, made.kind) == ("架空協同組合", BusinessStatus.SUSPENDED, SO)


def test_an_office_enters_bodies_of_its_own_prefectures_only(manager: Browser) -> None:
    refused(manager, NEW, {**FACTS, "prefecture_code": "13"})
    options = [option.get("value") for option in manager.get(NEW).all("option")]
    assert "38" in options
    assert "13" not in options


@pytest.fixture
def known(session: Session, factories: Factories, manager: Browser) -> Organization:
    body = factories.organization(name="有限会社架空縫製", corporate_number="7000012050002", address="架空市試験町1-2")
    session.commit()
    return body


def edited(browser: Browser, body: Organization, **values: str) -> dict[str, str]:
    """The form of the body as it stands, with these values typed."""
    page = browser.get(f"/organizations/{body.id}/edit")
    fields = {f.get("name", ""): f.get("value", "") for f in page.all("input") if f.get("type") not in ("checkbox",)}
    return {**fields, "prefecture_code": body.prefecture_code, **values}


def test_a_new_name_asks_from_when_and_keeps_the_old_one_findable(
    manager: Browser, session: Session, known: Organization
) -> None:
    url = f"/organizations/{known.id}/edit"
    renamed = edited(manager, known, name="株式会社架空繊維")
    assert "新しい名称になった日を入力するか" in refused(manager, url, renamed).text
    assert "未来の日付" in refused(manager, url, {**renamed, "renamed_on": "2026-11-25"}).text
    page = manager.follow(manager.send(url, {**renamed, "renamed_on": "令和8年10月1日"}))
    assert "有限会社架空縫製" in page.text
    kept = session.scalars(sa.select(FormerName)).one()
    assert (kept.name, kept.used_until) == ("有限会社架空縫製", date(2026, 9, 30))
    for words in ("架空縫製", "縫製", "繊維"):
        assert "株式会社架空繊維" in manager.get("/organizations/implementing", q=words).text
    assert "旧名称：有限会社架空縫製" in manager.get("/organizations/implementing", q="縫製").text
    again = edited(manager, known, name="株式会社架空繊維工業", renamed_on="2026-09-30")
    assert "より後の日付" in refused(manager, url, again).text


def test_a_mistake_in_the_name_leaves_no_former_name(manager: Browser, session: Session, known: Organization) -> None:
    manager.send(f"/organizations/{known.id}/edit", edited(manager, known, name="有限会社架空紡製", correction="y"))
    assert session.scalar(sa.select(sa.func.count()).select_from(FormerName)) == 0
    assert only(session).name == "有限会社架空紡製"


def test_the_second_of_two_people_is_told_what_changed_and_then_goes_ahead(
    manager: Browser, session: Session, factories: Factories, known: Organization, app: Any
) -> None:
    url = f"/organizations/{known.id}/edit"
    first, second = factories.user(Role.MANAGER, display_name="架空　先子"), factories.user(Role.MANAGER)
    other = type(manager)(app).sign_in(second)
    mine = edited(other, known, phone="089-000-0002")
    manager.sign_in(first)
    manager.send(url, edited(manager, known, staff_count="7", phone="089-000-0001"))
    page = Page(other.send(url, mine, status=409))
    for words in ("ほかの人がこの記録を変更しました", "架空　先子", "常勤職員数", "電話", "089-000-0001"):
        assert " ".join(words.split()) in page.text
    typed = {f.get("name"): f.get("value") for f in page.all("input")}
    assert (typed["phone"], typed["version"]) == ("089-000-0002", "2")
    assert only(session).phone == "089-000-0001"
    other.send(url, {**mine, "version": typed["version"]})
    assert only(session).phone == "089-000-0002"
    changed = sa.select(AuditEvent.detail).where(AuditEvent.action == "organization.changed").order_by(AuditEvent.id)
    assert [detail["version"] for detail in session.scalars(changed)] == [2, 3]


def test_in_english_the_change_is_told_in_english(
    manager: Browser, factories: Factories, known: Organization, app: Any
) -> None:
    url = f"/organizations/{known.id}/edit"
    other = type(manager)(app).sign_in(factories.user(Role.MANAGER))
    mine = edited(other, known, phone="1")
    manager.send(url, edited(manager, known, first_training_on="2024-05-01"))
    other.follow(other.client.get("/language/en"))
    answer = other.client.post(url, data=mine)
    assert answer.status_code == 409
    for words in ("Somebody else has changed this record", "2024-05-01"):
        assert words in Page(answer).text


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.READ_ONLY, Role.INTERNATIONAL])
def test_readers_enter_nothing(browser: Browser, factories: Factories, role: Role) -> None:
    body = factories.organization()
    browser.sign_in(factories.user(role))
    assert "登録する" not in browser.get("/organizations/implementing").text.replace("登録は", "")
    for url in (NEW, NEW_UNION, f"/organizations/{body.id}/edit"):
        browser.get(url, status=403)


def test_a_day_that_an_accreditation_has_set_ahead_is_no_fault_of_a_correction(
    manager: Browser, session: Session, factories: Factories
) -> None:
    ahead = date(2027, 4, 1)
    body = factories.organization(name="架空縫製", first_training_on=ahead)
    url = f"/organizations/{body.id}/edit"
    facts = {"name": "架空縫製", "prefecture_code": "38", "address": body.address, "phone": "089-000-0001"}
    manager.send(url, {**facts, "first_training_on": ahead.isoformat()})
    session.refresh(body)
    assert (body.phone, body.first_training_on) == ("089-000-0001", ahead)
    assert "未来の日付" in refused(manager, url, {**facts, "first_training_on": "2027-05-01"}).text
