"""The pages of inspections as each role sees them."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from inspections.scheduling.models import Inspection
from inspections.scheduling.states import DueBasis, InspectionKind, InspectionState
from organizations.register.states import OrganizationKind
from otit.auth.models import User
from otit.auth.permissions import Role
from otit.jobs.models import JobRun
from tests.factories import TODAY, Factories
from tests.pages import Browser, Page

INSIDERS = (Role.INSPECTOR, Role.MANAGER, Role.READ_ONLY)


def numbers(page: Page) -> list[str]:
    return re.findall(r"\d\d-\d\d-\d{6}", " ".join("".join(a.itertext()) for a in page.all("a")))


def assigned(factories: Factories, inspector: User, **values: object) -> Inspection:
    return factories.inspection(state=InspectionState.ASSIGNED, assigned_to_id=inspector.id, **values)


def done(factories: Factories, **values: object) -> Inspection:
    return factories.inspection(
        **({"state": InspectionState.DONE, "completed_on": date(2025, 5, 1), "due_on": date(2025, 6, 1)} | values)
    )


def test_a_manager_sees_first_what_is_open_by_due_date(browser: Browser, factories: Factories) -> None:
    later, sooner = factories.inspection(), factories.inspection(due_on=TODAY - timedelta(days=12))
    done(factories)
    browser.sign_in(factories.user(Role.MANAGER))
    page = browser.get("/inspections")
    assert page.heading == "実地検査"
    assert numbers(page) == [sooner.number, later.number]
    assert "該当 2 件" in page.text
    assert "超過12日" in page.text


def test_an_inspector_sees_first_their_own_and_what_nobody_has_yet(browser: Browser, factories: Factories) -> None:
    me, colleague = factories.user(Role.INSPECTOR), factories.user(Role.INSPECTOR)
    mine, free = assigned(factories, me, due_on=TODAY), factories.inspection()
    assigned(factories, colleague)
    done(factories, assigned_to_id=me.id)
    factories.inspection(factories.organization(prefecture_code="13"))
    browser.sign_in(me)
    assert numbers(browser.get("/inspections")) == [mine.number, free.number]
    assert len(numbers(browser.get("/inspections", state=""))) == 4


def test_the_visits_of_today_stand_on_top_with_address_and_telephone(browser: Browser, factories: Factories) -> None:
    me = factories.user(Role.INSPECTOR)
    body = factories.organization(phone="089-000-0000", address="架空市一番町1-2")
    visit = assigned(factories, me, organization=body, planned_on=TODAY, due_on=TODAY + timedelta(days=3))
    assigned(factories, me, planned_on=TODAY + timedelta(days=1))
    browser.sign_in(me)
    page = browser.get("/inspections")
    section = next(s for s in page.all("section") if s.get("aria-labelledby") == "today")
    text = " ".join("".join(section.itertext()).split())
    links = [a.get("href") for a in section.iter() if (a.get("href") or "").startswith("/inspections/")]
    assert links == [f"/inspections/{visit.id}", f"/inspections/{visit.id}/visits/new"]
    for part in (
        body.name,
        "愛媛県架空市一番町1-2",
        "089-000-0000",
        "あと3日",
        "最初の技能実習の開始",
    ):
        assert part in text
    assert [a.get("href") for a in section.iter() if (a.get("href") or "").startswith("tel:")] == ["tel:089-000-0000"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"office": "03"}, {"tokyo"}),
        ({"kind": "ad_hoc"}, {"adhoc"}),
        ({"organization_kind": "supervising"}, {"supervising"}),
        ({"state": "done"}, {"done"}),
        ({"state": "open", "overdue": "y"}, {"overdue"}),
        ({"overdue": "y"}, {"overdue"}),
        ({"joint": "y"}, {"joint"}),
        ({"due_from": "2027-05-01", "due_to": "令和9年5月1日"}, {"joint"}),
        ({"charge": "mine"}, set()),
        ({"charge": "free", "office": "03"}, {"tokyo"}),
        ({"q": "みかん"}, {"supervising"}),
        ({"q": "ミカン協同"}, {"supervising"}),
    ],
)
def test_filters_narrow_the_list(
    browser: Browser, factories: Factories, query: dict[str, str], expected: set[str]
) -> None:
    far = date(2027, 9, 1)
    cooperative = factories.organization(OrganizationKind.SUPERVISING, name="協同組合みかん協同")
    made = {
        "tokyo": factories.inspection(factories.organization(prefecture_code="13"), due_on=far),
        "adhoc": factories.inspection(
            kind=InspectionKind.AD_HOC, due_basis=DueBasis.DEMANDED, demand="申告", due_on=far
        ),
        "supervising": factories.inspection(cooperative, due_on=far),
        "done": done(factories),
        "overdue": factories.inspection(due_on=TODAY - timedelta(days=1)),
        "today": factories.inspection(due_on=TODAY),
        "joint": factories.inspection(bureau_code="38", due_on=date(2027, 5, 1)),
    }
    browser.sign_in(factories.user(Role.MANAGER))
    page = browser.get("/inspections", **query)
    assert set(numbers(page)) == {made[name].number for name in expected}


def test_a_number_finds_its_inspection(browser: Browser, factories: Factories) -> None:
    wanted, _other = factories.inspection(), factories.inspection()
    browser.sign_in(factories.user(Role.MANAGER))
    assert numbers(browser.get("/inspections", q=wanted.number)) == [wanted.number]
    assert numbers(browser.get("/inspections", q=wanted.number[-6:])) == [wanted.number]


def test_an_impossible_filter_is_explained_and_filters_nothing(browser: Browser, factories: Factories) -> None:
    inspection = factories.inspection()
    browser.sign_in(factories.user(Role.MANAGER))
    page = browser.get("/inspections", due_from="令和元年2月30日", state="open")
    assert numbers(page) == [inspection.number]
    assert page.by_id("due_from-error") is not None


def test_pages_go_on_in_order_and_back(browser: Browser, factories: Factories) -> None:
    made = [factories.inspection(due_on=TODAY + timedelta(days=n // 3)).number for n in range(120)]
    browser.sign_in(factories.user(Role.MANAGER))
    seen, page = [], browser.get("/inspections")
    while True:
        seen += numbers(page)
        link = next((a for a in page.all("a") if a.get("rel") == "next"), None)
        if link is None:
            break
        page = browser.get(link.get("href") or "")
    assert seen == made
    back = next(a for a in page.all("a") if a.get("rel") == "prev")
    assert numbers(browser.get(back.get("href") or "")) == made[50:100]


def test_the_list_takes_few_statements_however_many_rows(browser: Browser, factories: Factories) -> None:
    me = factories.user(Role.INSPECTOR)
    for n in range(60):
        assigned(factories, me, due_on=TODAY + timedelta(days=n), planned_on=TODAY)
    browser.sign_in(me)
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        browser.client.get("/inspections")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    selects = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(selects) == 5, selects


@pytest.mark.parametrize("role", [role for role in Role if role not in INSIDERS])
def test_other_roles_have_no_inspections(browser: Browser, factories: Factories, role: Role) -> None:
    inspection = factories.inspection(bureau_code="38")
    browser.sign_in(factories.user(role))
    browser.get("/inspections", status=403)
    browser.get(f"/inspections/{inspection.id}", status=403)


@pytest.mark.parametrize("role", INSIDERS)
def test_an_office_sees_its_own_inspections_and_those_it_carries_out(
    browser: Browser, factories: Factories, role: Role
) -> None:
    elsewhere = factories.inspection(factories.organization(prefecture_code="13"))
    lent = factories.inspection(factories.organization(prefecture_code="13"), office_code="11")
    given = factories.inspection(office_code="10")
    browser.sign_in(factories.user(role, office_code="11"))
    assert set(numbers(browser.get("/inspections", state="open"))) == {lent.number, given.number}
    browser.get(f"/inspections/{elsewhere.id}", status=404)
    browser.get(f"/inspections/{lent.id}")
    browser.get(f"/inspections/{given.id}")


def test_the_page_says_state_reason_place_and_the_inspection_before(browser: Browser, factories: Factories) -> None:
    body = factories.organization(phone="089-000-0000", representative="代表取締役　架空 花子")
    before = done(factories, organization=body, completed_on=date(2023, 11, 20))
    inspection = factories.inspection(
        body,
        due_on=date(2026, 11, 20),
        cycle="2026-11-20",
        due_basis=DueBasis.LAST_INSPECTION,
        due_basis_on=date(2023, 11, 20),
    )
    browser.sign_in(factories.user(Role.READ_ONLY))
    page = browser.get(f"/inspections/{inspection.id}")
    assert page.heading.startswith(body.name)
    for part in (
        "計画済・期限 超過4日",
        "前回の実地検査（令和5年11月20日）から3年。",
        before.number,
        "089-000-0000",
    ):
        assert part in page.text
    assert "担当を決める" not in page.text
    assert "取りやめる" not in page.text


def test_a_manager_assigns_with_the_buttons_of_the_page(
    browser: Browser, factories: Factories, session: Session
) -> None:
    inspector, inspection = factories.user(Role.INSPECTOR), factories.inspection()
    stranger = factories.user(Role.INSPECTOR, office_code="03")
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    assert "担当を決める" in browser.get(f"/inspections/{inspection.id}").text
    url = f"/inspections/{inspection.id}/assign"
    refused = browser.send(url, {"assignee": str(stranger.id)}, status=422)
    assert "誤り" in refused.get_data(as_text=True)
    past = browser.send(url, {"assignee": str(inspector.id), "planned_on": "2026-11-23"}, status=422)
    assert "今日以降" in past.get_data(as_text=True)
    answer = browser.send(url, {"assignee": str(inspector.id), "planned_on": "令和8年12月1日", "notice": "unannounced"})
    page = browser.follow(answer)
    assert "担当を決めました。" in page.text
    assert "担当決定" in page.text
    session.expire_all()
    assert (inspection.assigned_to_id, inspection.planned_on) == (inspector.id, date(2026, 12, 1))
    assert not inspection.announced


def test_a_form_opened_before_a_change_is_refused(browser: Browser, factories: Factories, session: Session) -> None:
    inspection = factories.inspection()
    browser.sign_in(factories.user(Role.MANAGER))
    url = f"/inspections/{inspection.id}/cancel"
    browser.get(url)
    assert browser.last is not None
    stale = {name: browser.last.hidden(name, url) for name in ("csrf_token", "once", "version")}
    inspection.planned_on = date(2026, 12, 1)
    session.commit()
    response = browser.client.post(
        url, data={**stale, "reason": "廃業のため"}, headers={"Referer": "http://localhost/"}
    )
    assert response.status_code == 409
    session.expire_all()
    assert inspection.state is InspectionState.PLANNED


def test_a_double_click_cancels_once(browser: Browser, factories: Factories, session: Session) -> None:
    inspection = factories.inspection()
    browser.sign_in(factories.user(Role.MANAGER))
    url = f"/inspections/{inspection.id}/cancel"
    page = browser.get(url)
    data = {name: page.hidden(name, url) for name in ("csrf_token", "once", "version")} | {"reason": "廃業のため"}
    answers = [browser.client.post(url, data=data, headers={"Referer": "http://localhost/"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "廃業のため" in browser.get(f"/inspections/{inspection.id}").text


def test_a_joint_inspection_is_planned_and_ended(browser: Browser, factories: Factories, session: Session) -> None:
    inspection = factories.inspection()
    browser.sign_in(factories.user(Role.MANAGER))
    page = browser.follow(browser.send(f"/inspections/{inspection.id}/joint", {"bureau_code": "38"}))
    assert "合同検査（愛媛労働局）" in page.text
    url = f"/inspections/{inspection.id}/end-joint"
    browser.send(url, page=f"/inspections/{inspection.id}")
    session.expire_all()
    assert inspection.bureau_code is None


def test_an_inspection_out_of_the_cycle_is_demanded_from_the_organization(
    browser: Browser, factories: Factories, session: Session
) -> None:
    body = factories.organization()
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    assert "臨時の検査を計画する" in browser.get(f"/organizations/{body.id}").text
    url = f"/inspections/new?organization={body.id}"
    browser.send(url, {"reason": "", "due_on": "2026-12-24"}, status=422)
    browser.send(url, {"reason": "申告", "due_on": "2026-11-23"}, status=422)
    page = browser.follow(browser.send(url, {"reason": "技能実習生からの申告", "due_on": "2026-12-24"}))
    assert "臨時" in page.text
    assert "技能実習生からの申告" in page.text
    assert session.scalars(sa.select(Inspection.number)).one() == "26-11-000001"


def test_the_organization_page_and_list_show_its_inspections(browser: Browser, factories: Factories) -> None:
    body = factories.organization()
    before = done(factories, organization=body, completed_on=date(2025, 5, 1))
    coming = factories.inspection(body, due_on=TODAY + timedelta(days=5))
    browser.sign_in(factories.user(Role.READ_ONLY))
    page = browser.get(f"/organizations/{body.id}")
    panel = numbers(page)[numbers(page).index(before.number) - 1 :]  # what is open stands on top of the page as well
    assert panel[:2] == [coming.number, before.number]
    assert "臨時の検査を計画する" not in page.text
    register = browser.get("/organizations/implementing").text
    assert "あと5日" in register
    assert "R7.5.1" in register


def test_the_foreseen_plan_is_shown_and_the_button_asks_for_the_job(
    browser: Browser, factories: Factories, session: Session
) -> None:
    late = factories.organization(first_training_on=date(2023, 1, 1))
    browser.sign_in(factories.user(Role.MANAGER))
    page = browser.get("/inspections/schedule")
    assert "計画すると、1件の検査ができます" in page.text
    assert late.name in page.text
    answer = browser.send("/inspections/schedule")
    run = session.scalars(sa.select(JobRun)).one()
    assert answer.headers["Location"] == f"/jobs/{run.id}"
    assert (run.kind, run.args) == ("schedule-inspections", {"business_date": "2026-11-24"})
    assert session.scalars(sa.select(Inspection)).all() == []


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.READ_ONLY])
def test_only_managers_plan_and_act(browser: Browser, factories: Factories, role: Role) -> None:
    inspection = factories.inspection()
    browser.sign_in(factories.user(role, office_code="11"))
    browser.get("/inspections")
    browser.get("/inspections/schedule", status=403)
    for act in ("assign", "joint", "cancel"):
        browser.get(f"/inspections/{inspection.id}/{act}", status=403)
    browser.get("/inspections/new", status=403, organization=str(inspection.organization_id))
    browser.get("/inspections")
    browser.send(f"/inspections/{inspection.id}/end-joint", status=403, page="/inspections")


def test_a_manager_of_another_office_reaches_nothing(browser: Browser, factories: Factories) -> None:
    inspection = factories.inspection()
    browser.sign_in(factories.user(Role.MANAGER, office_code="03"))
    for act in ("assign", "joint", "cancel"):
        browser.get(f"/inspections/{inspection.id}/{act}", status=404)
    browser.get("/inspections/new", status=404, organization=str(inspection.organization_id))
    browser.get("/inspections/new", status=404)
