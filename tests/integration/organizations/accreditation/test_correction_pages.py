"""Correcting applications on screen: the form as it is recorded, what is wrong beside its field, who was quicker."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.accreditation import changes
from organizations.accreditation.changes import ChangeFacts
from organizations.accreditation.models import PlanApplication, PlanChange
from organizations.accreditation.states import ApplicationState
from organizations.plans.states import PlanCategory
from organizations.register.states import OrganizationKind
from organizations.trainees.services import TraineeDetails, enter_trainee
from organizations.trainees.states import EntryKind
from otit.audit.models import AuditEvent
from otit.auth.permissions import Role
from tests.cases import statements
from tests.factories import NOW, TODAY, Factories
from tests.pages import Browser, Page


@pytest.fixture
def desk(browser: Browser, factories: Factories) -> Browser:
    return browser.sign_in(factories.user(Role.MANAGER, office_code="11", display_name="架空　訂子"))


@pytest.fixture
def application(factories: Factories) -> PlanApplication:
    company = factories.organization(name="株式会社架空縫製", notification_number="1711000001", staff_count=60)
    union = factories.organization(OrganizationKind.SUPERVISING, name="架空組合", prefecture_code="13")
    group = {"category": PlanCategory.D, "supervising_organization_id": union.id}
    facts = {"number": "認2611000042", "occupation_code": "3-5", "nationality": "VNM"}
    return factories.plan_application(company, **group, **facts)


@pytest.fixture
def change(session: Session, desk: Browser, factories: Factories, application: PlanApplication) -> PlanChange:
    plan = factories.plan(application.implementing_organization, number="認2611000077")
    facts = ChangeFacts(date(2026, 11, 10), date(2026, 12, 1), "期間を短くする。", {"ends_on": date(2027, 2, 28)})
    return changes.apply_for_change(session, factories.user(Role.MANAGER).actor, plan, facts, now=NOW)


def filled(page: Page) -> dict[str, str]:
    """What the fields of the form hold."""
    values = {}
    for kind in ("input", "textarea", "select"):
        for field in page.all(kind):
            name = field.get("name") or ""
            if name and field.get("type") not in ("hidden", "search", "radio"):
                chosen = [one.get("value") or "" for one in field.iter() if one.get("selected") is not None]
                text = "".join(field.itertext()).strip() if kind == "textarea" else field.get("value")
                values[name] = chosen[0] if chosen else text or ""
    return values


def links(page: Page) -> dict[str, str]:
    return {link.get("href") or "": "".join(link.itertext()).strip() for link in page.all("a")}


def count(session: Session) -> int:
    session.commit()
    found = sa.select(sa.func.count(AuditEvent.id)).where(AuditEvent.action.like("plan%.corrected"))
    return session.scalar(found) or 0


def test_the_form_is_filled_and_what_is_put_right_is_shown(
    desk: Browser, session: Session, application: PlanApplication
) -> None:
    own = f"/plan-applications/{application.id}"
    url = f"{own}/correction"
    assert links(desk.get(own))[url] == "申請の記録を訂正する"
    page = desk.get(url)
    form = filled(page)
    assert form == {
        "applied_on": "2026-11-02",
        "number": "認2611000042",
        "category": "D",
        "implementing": "1711000001",
        "supervising": "架空組合",
        "sending": "",
        "starts_on": "2027-04-01",
        "ends_on": "2028-03-31",
        "occupation_code": "3-5",
        "nationality": "VNM",
    }
    assert "記録：株式会社架空縫製" in page.text
    sent = {
        **form,
        "number": "2611000024",
        "occupation_code": "３－６",
        "nationality": "",
        "starts_on": "令和9年5月1日",
    }
    page = desk.follow(desk.send(url, sent))
    assert page.heading == "認定の申請 認2611000024 — 申請受付"
    for words in ("申請の記録を訂正しました", "令和9年5月1日", "3-6"):
        assert words in page.text
    page = desk.follow(desk.send(url, filled(desk.get(url))))
    assert "何も変更していません" in page.text
    assert count(session) == 1


def test_the_page_tells_how_the_application_was_put_right_but_nothing_of_its_trainee(
    desk: Browser, session: Session, factories: Factories, application: PlanApplication
) -> None:
    own = f"/plan-applications/{application.id}"
    with statements() as sent:
        assert "訂正の記録" not in desk.get(own).text
    never = len(sent)
    details = TraineeDetails("KASOU HANAKO", date(2000, 1, 2), "VNM")
    enter_trainee(session, factories.user(Role.MANAGER).actor, application, details, EntryKind.CORRECT, now=NOW)
    session.commit()
    form = filled(desk.get(f"{own}/correction"))
    desk.send(f"{own}/correction", {**form, "category": "E", "nationality": "IDN"})
    with statements() as sent:
        page = desk.get(own)
    assert len(sent) <= never + 3  # who did it, that a trainee is named, and the other plans of the person
    told = page.text.split("訂正の記録")[1]
    for words in ("架空 訂子", "区分：", "国籍：", "ベトナム", "インドネシア"):
        assert words in told
    assert "KASOU" not in page.text
    assert "技能実習生" not in told


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"implementing": "東京の会社"}, "担当外"),
        ({"implementing": ""}, "入力してください"),
        ({"supervising": ""}, "監理団体が必要"),
        ({"supervising": "知らない組合"}, "登録されていない"),
        ({"sending": "Nobody"}, "登録されていない"),
        ({"category": ""}, "入力してください"),
        ({"number": "12"}, "10桁"),
        ({"occupation_code": "型枠"}, "3-5"),
        ({"ends_on": "2027-03-01"}, "開始日より前"),
        ({"applied_on": "2026-11-25"}, "未来の日付"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_changed(
    desk: Browser,
    session: Session,
    factories: Factories,
    application: PlanApplication,
    wrong: dict[str, str],
    words: str,
) -> None:
    factories.organization(name="東京の会社", prefecture_code="13")
    url = f"/plan-applications/{application.id}/correction"
    answer = desk.send(url, {**filled(desk.get(url)), **wrong}, status=422).get_data(as_text=True)
    assert words in answer
    assert count(session) == 0


def test_the_second_of_two_people_sees_what_the_first_has_put_right(
    desk: Browser, session: Session, factories: Factories, application: PlanApplication
) -> None:
    sender = factories.sending_organization(name="Kasou Manpower")
    url = f"/plan-applications/{application.id}/correction"
    page = desk.get(url)
    form, old = filled(page), {name: page.hidden(name, "") for name in ("csrf_token", "version", "once")}
    desk.send(url, {**form, "sending": sender.number or sender.name, "category": "E", "nationality": "IDN"})
    late = {**form, **old, "ends_on": "2028-03-30"}
    answer = desk.client.post(url, data=late)
    told = answer.get_data(as_text=True)
    assert answer.status_code == 409
    for words in (
        "架空　訂子",
        "送出機関：",
        "Kasou Manpower",
        "区分：",
        "ベトナム",
        "インドネシア",
        'value="2028-03-30"',
    ):
        assert words in told
    session.refresh(application)
    assert application.ends_on == date(2028, 3, 31)


def test_who_may_not_or_no_longer_is_offered_nothing(
    browser: Browser, factories: Factories, application: PlanApplication
) -> None:
    decided = {"state": ApplicationState.WITHDRAWN, "decided_on": TODAY}
    withdrawn = factories.plan_application(**decided)
    own = f"/plan-applications/{application.id}"
    for user in (factories.user(Role.READ_ONLY), factories.user(Role.MANAGER, office_code="03")):
        browser.sign_in(user)
        assert "申請の記録を訂正する" not in browser.get(own).text
        browser.get(f"{own}/correction", status=403)
    browser.sign_in(factories.user(Role.MANAGER, office_code="06"))
    browser.get(f"{own}/correction", status=404)
    browser.sign_in(factories.user(Role.MANAGER))
    assert "申請の記録を訂正する" not in browser.get(f"/plan-applications/{withdrawn.id}").text
    browser.get(f"/plan-applications/{withdrawn.id}/correction", status=409)


def test_a_change_is_put_right(
    desk: Browser, session: Session, factories: Factories, change: PlanChange, application: PlanApplication
) -> None:
    sender = factories.sending_organization(name="Kasou Manpower")
    own = f"/plan-changes/{change.id}"
    url = f"{own}/correction"
    assert links(desk.get(own))[url] == "申請の記録を訂正する"
    page = desk.get(url)
    form, old = filled(page), {name: page.hidden(name, "") for name in ("csrf_token", "version", "once")}
    assert (form["summary"], form["ends_on"], form["starts_on"]) == ("期間を短くする。", "2027-02-28", "")
    assert "計画と異なる値" in desk.send(url, {**form, "ends_on": ""}, status=422).get_data(as_text=True)
    page = desk.follow(desk.send(url, {**form, "ends_on": "2027-01-31", "sending": "Kasou Manpower"}))
    assert "申請の記録を訂正しました" in page.text
    assert "令和9年1月31日" in page.text
    told = page.text.split("訂正の記録")[1]
    for words in ("架空 訂子", "末日：", "令和9年2月28日", "令和9年1月31日", "送出機関：", "Kasou Manpower"):
        assert words in told
    page = desk.get(url)
    assert filled(page)["sending"] == sender.number
    assert "記録：Kasou Manpower" in page.text
    told = desk.client.post(url, data={**form, **old}).get_data(as_text=True)
    for words in ("架空　訂子", "末日：", "令和9年2月28日", "令和9年1月31日", "送出機関：", "Kasou Manpower"):
        assert words in told
    assert count(session) == 1


def test_a_notice_of_a_minor_change_is_not_corrected(
    desk: Browser, session: Session, factories: Factories, application: PlanApplication
) -> None:
    plan = factories.plan(application.implementing_organization)
    facts = ChangeFacts(date(2026, 11, 10), date(2026, 11, 1), "指導員を変えた。")
    notice = changes.note_minor_change(session, factories.user(Role.MANAGER).actor, plan, facts, now=NOW)
    assert "申請の記録を訂正する" not in desk.get(f"/plan-changes/{notice.id}").text
    desk.get(f"/plan-changes/{notice.id}/correction", status=409)


def test_bodies_of_others_are_not_told_by_the_form(desk: Browser, session: Session, factories: Factories) -> None:
    """A namesake in the charge of another office could not be chosen, and is not offered either."""
    own = factories.organization(name="架空工業")
    other = factories.organization(name="架空工業", prefecture_code="13", address="架空区見本町9-9")
    url = f"/plan-applications/{factories.plan_application(own).id}/correction"
    page = desk.get(url)
    assert other.address not in page.text
    desk.send(url, filled(page))
    assert count(session) == 0
