"""Applications and changes on screen: bodies by number or name, findings before the act, decisions, filters, scope."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.accreditation.models import PlanApplication, PlanChange
from organizations.accreditation.states import ApplicationState
from organizations.licenses.models import License
from organizations.licenses.states import LicenseState
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanCategory, PlanState
from organizations.register.models import Organization
from organizations.register.states import BusinessStatus, OrganizationKind
from otit.auth.permissions import Role
from tests.cases import statements
from tests.factories import NOW, Factories
from tests.pages import Browser, Page

FORM = {
    "applied_on": "令和8年11月2日",
    "category": "D",
    "starts_on": "2027-04-01",
    "ends_on": "2028-03-31",
    "occupation_code": "３－５",
    "nationality": "VNM",
}


@pytest.fixture
def company(factories: Factories) -> Organization:
    return factories.organization(name="株式会社架空縫製", staff_count=60, notification_number="1711000001")


@pytest.fixture
def union(factories: Factories) -> Organization:
    body = factories.organization(OrganizationKind.SUPERVISING, name="架空組合", prefecture_code="13")
    factories.license(body, number="許2103000009")
    return body


@pytest.fixture
def application(factories: Factories, company: Organization, union: Organization) -> PlanApplication:
    return factories.plan_application(
        company, number="認2611000042", category=PlanCategory.D, supervising_organization_id=union.id
    )


def rows(page: Page) -> list[str]:
    return ["".join(cell.itertext()).strip() for cell in page.all("th") if cell.get("scope") == "row"]


def primary(page: Page) -> list[str]:
    """What the filled buttons say."""
    marked = [one for tag in ("a", "button") for one in page.all(tag) if "btn-primary" in (one.get("class") or "")]
    return ["".join(one.itertext()).strip() for one in marked]


def stored(session: Session) -> PlanApplication:
    session.expire_all()
    return session.scalars(sa.select(PlanApplication).order_by(PlanApplication.id.desc()).limit(1)).one()


@pytest.mark.parametrize(
    ("implementing", "supervising"),
    [("㈱架空縫製", "架空組合"), ("1711000001", "許2103000009"), ("１７１１－０００００１", "2103000009号")],
)
def test_bodies_are_named_by_number_or_name(
    browser: Browser,
    factories: Factories,
    session: Session,
    company: Organization,
    union: Organization,
    implementing: str,
    supervising: str,
) -> None:
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    sent = {**FORM, "implementing": implementing, "supervising": supervising}
    page = browser.follow(browser.send("/plan-applications/new", sent))
    assert page.heading == "認定の申請 認2611000001 — 申請受付"
    row = stored(session)
    assert (row.implementing_organization_id, row.supervising_organization_id) == (company.id, union.id)
    assert row.occupation_code == "3-5"


def test_of_several_bodies_of_one_name_one_is_chosen(
    browser: Browser, factories: Factories, session: Session, company: Organization, union: Organization
) -> None:
    twin = factories.organization(OrganizationKind.SUPERVISING, name="架空組合", address="例示市仮想町9")
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    sent = {**FORM, "implementing": "株式会社架空縫製", "supervising": "架空組合"}
    answer = browser.send("/plan-applications/new", sent, status=422).get_data(as_text=True)
    assert "同じ名称の団体が複数あります" in answer
    assert "例示市仮想町9" in answer
    browser.send("/plan-applications/new", {**sent, "supervising_choice": str(company.id)}, status=422)
    browser.send("/plan-applications/new", {**sent, "supervising_choice": str(twin.id)})
    assert stored(session).supervising_organization_id == twin.id


def test_of_people_of_one_name_the_home_is_told_only_to_those_in_charge(
    browser: Browser, factories: Factories, company: Organization
) -> None:
    person = {"name": "架空　一郎", "is_individual": True}
    factories.organization(OrganizationKind.SUPERVISING, **person, address="例示市自宅町1")
    factories.organization(OrganizationKind.SUPERVISING, **person, prefecture_code="13", address="架空区自宅町2")
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    sent = {**FORM, "implementing": "株式会社架空縫製", "supervising": "架空　一郎"}
    answer = browser.send("/plan-applications/new", sent, status=422).get_data(as_text=True)
    for words in ("例示市自宅町1", "東京都"):
        assert words in answer
    assert "架空区自宅町2" not in answer


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"implementing": "株式会社知らない"}, "登録されていない"),
        ({"implementing": "架空組合"}, "登録されていない"),
        ({"implementing": "東京の会社"}, "担当外"),
        ({"supervising": "株式会社架空縫製"}, "登録されていない"),
        ({"sending": "Nobody"}, "登録されていない"),
        ({"supervising": ""}, "監理団体が必要"),
        ({"category": "Z"}, "入力してください"),
        ({"number": "12"}, "10桁"),
        ({"occupation_code": "型枠"}, "3-5"),
        ({"ends_on": "2027-03-01"}, "開始日より前"),
        ({"trainee_name": "KASOU"}, "氏名、生年月日、国籍"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    browser: Browser,
    factories: Factories,
    company: Organization,
    union: Organization,
    changes: dict[str, str],
    words: str,
) -> None:
    factories.organization(name="東京の会社", prefecture_code="13")
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    sent = {**FORM, "implementing": "株式会社架空縫製", "supervising": "架空組合", **changes}
    assert words in browser.send("/plan-applications/new", sent, status=422).get_data(as_text=True)


def test_all_that_is_wrong_is_said_at_once(
    browser: Browser, factories: Factories, session: Session, company: Organization
) -> None:
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    wrong = {
        "applied_on": "2026-11-25",
        "ends_on": "2027-03-01",
        "trainee_name": "KASOU",
        "trainee_born_on": "2026-12-01",
    }
    page = Page(browser.send("/plan-applications/new", {**FORM, "implementing": company.name, **wrong}, status=422))
    for name in ("supervising", "applied_on", "ends_on", "trainee_born_on"):
        assert page.by_id(f"{name}-error") is not None, name
    assert session.scalar(sa.select(sa.func.count(PlanApplication.id))) == 0


def test_what_the_criteria_refuse_offers_no_accreditation_but_the_reason(
    browser: Browser, factories: Factories, session: Session, union: Organization, application: PlanApplication
) -> None:
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    own = f"/plan-applications/{application.id}"
    assert primary(browser.get(own)) == ["認定する"]
    assert primary(browser.get(f"{own}/accreditation")) == ["認定する"]
    license = session.scalars(sa.select(License).where(License.organization_id == union.id)).one()
    license.state, license.closed_on = LicenseState.CLOSED, date(2026, 11, 20)
    for page in (browser.get(own), browser.get(f"{own}/accreditation")):
        assert primary(page) == []
        assert "法第23条" in page.text
    assert "認定できません" in browser.get(own).text
    browser.send(f"{own}/accreditation", {"on": "2026-11-24", "reason": ""}, status=422)
    plan = factories.plan(application.implementing_organization)
    moved = {
        "starts_on": [plan.starts_on.isoformat(), "2026-04-01"],
        "ends_on": [plan.ends_on.isoformat(), "2030-01-01"],
    }
    change = factories.add(PlanChange(
        plan=plan, kind="change", state="applied", applied_on=date(2026, 11, 2), changed_on=date(2026, 12, 1),
        changes=moved, summary="架空の変更", provision_code="TIT-11", provision_from=date(2017, 11, 1), created_at=NOW,
    ))  # fmt: skip
    page = browser.get(f"/plan-changes/{change.id}")
    assert (primary(page), "認定できません" in page.text) == ([], True)


def test_the_page_of_an_organization_leads_to_its_application(
    browser: Browser, factories: Factories, company: Organization, application: PlanApplication
) -> None:
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    assert application.number in browser.get(f"/organizations/{company.id}").text
    field = browser.get(f"/plan-applications/new?organization={company.id}").by_id("implementing")
    assert field is not None
    assert field.get("value") == "1711000001"
    browser.get(f"/plan-applications/new?organization={factories.organization(prefecture_code='13').id}", status=404)


def test_the_findings_are_shown_before_the_act_and_kept_with_it(
    browser: Browser, factories: Factories, session: Session, company: Organization, application: PlanApplication
) -> None:
    company.staff_count = None
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    url = f"/plan-applications/{application.id}"
    for page in (browser.get(url), browser.get(f"{url}/accreditation")):
        assert "常勤職員数が登録されていない" in page.text
        assert "規則第16条" in page.text
    page = browser.follow(browser.send(f"{url}/accreditation", {"on": "令和8年11月24日"}))
    assert page.heading == "認定の申請 認2611000042 — 認定"
    assert "決定のときの確認結果" in page.text
    assert "常勤職員数が登録されていない" in page.text
    row = stored(session)
    plan_page = browser.get(f"/plans/{row.plan_id}")
    assert "認定の申請" in plan_page.text
    browser.get(f"{url}/accreditation", status=409)


def test_what_bars_accreditation_is_said_with_its_article(
    browser: Browser, factories: Factories, session: Session, application: PlanApplication
) -> None:
    application.ends_on = date(2028, 4, 1)
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    url = f"/plan-applications/{application.id}"
    assert "認められない事由" in browser.get(url).text
    answer = browser.send(f"{url}/accreditation", {"on": "2026-11-24"}, status=422).get_data(as_text=True)
    assert "上限（1年）を超えています。（法第9条）" in answer
    page = browser.follow(browser.send(f"{url}/refusal", {"on": "2026-11-24", "reason": "期間が長い。"}))
    assert page.heading.endswith("不認定")
    assert stored(session).state is ApplicationState.REFUSED


def test_all_that_stands_against_an_accreditation_is_said_together(
    browser: Browser, factories: Factories, session: Session, company: Organization, application: PlanApplication
) -> None:
    """As it stands on the day of the decision that was typed."""
    application.ends_on, application.starts_on = date(2028, 4, 1), date(2026, 11, 20)
    company.status = BusinessStatus.CLOSED
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    url = f"/plan-applications/{application.id}/accreditation"
    page = Page(browser.send(url, {"on": "2026-11-24", "reason": ""}, status=422))
    summary = next("".join(one.itertext()) for one in page.all("div") if "error-summary" in (one.get("class") or ""))
    assert ("法第9条" in summary, "法第8条" in summary) == (True, True)
    assert "先に申請の記録を訂正してください" in page.text
    earlier = Page(browser.send(url, {"on": "2026-11-19", "reason": ""}, status=422))
    assert "先に申請の記録を訂正してください" not in earlier.text


def test_a_withdrawal_asks_nothing_but_the_day(
    browser: Browser, factories: Factories, session: Session, application: PlanApplication
) -> None:
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    url = f"/plan-applications/{application.id}/withdrawal"
    assert "基準の確認結果" not in browser.get(url).text
    browser.send(url, {"on": "2026-11-20"})
    assert stored(session).state is ApplicationState.WITHDRAWN


def test_the_supervising_office_reads_and_does_nothing(
    browser: Browser, factories: Factories, application: PlanApplication
) -> None:
    browser.sign_in(factories.user(Role.MANAGER, office_code="03"))
    page = browser.get(f"/plan-applications/{application.id}")
    assert not [a for a in page.all("a") if "accreditation" in (a.get("href") or "")]
    browser.get(f"/plan-applications/{application.id}/accreditation", status=403)
    browser.sign_in(factories.user(Role.MANAGER, office_code="06"))
    browser.get(f"/plan-applications/{application.id}", status=404)
    assert rows(browser.get("/plan-applications")) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"number": "2611000042"}, True),
        ({"number": "認2611"}, True),
        ({"number": "0042"}, False),
        ({"organization_name": "縫製"}, True),
        ({"organization_name": "組合"}, True),
        ({"organization_name": "水産"}, False),
        ({"category": "D"}, True),
        ({"category": "A"}, False),
        ({"state": "applied"}, True),
        ({"state": "refused"}, False),
        ({"office": "11"}, True),
        ({"office": "03"}, False),
        ({"applied_from": "2026-11-02", "applied_to": "令和8年11月2日"}, True),
        ({"applied_from": "2026-11-03"}, False),
        ({"applied_to": "2026-11-01"}, False),
    ],
)
def test_filters_live_in_the_address(
    browser: Browser, factories: Factories, application: PlanApplication, query: dict[str, str], found: bool
) -> None:
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert rows(browser.get("/plan-applications", **query)) == (["認2611000042"] if found else [])


def test_pages_cost_few_statements(browser: Browser, factories: Factories, application: PlanApplication) -> None:
    for _ in range(5):
        factories.plan_application()
    browser.sign_in(factories.user(Role.MANAGER)).get("/plan-applications")
    with statements() as sent:
        browser.get("/plan-applications")
    assert len(sent) <= 4, sent
    with statements() as sent:
        browser.get(f"/plan-applications/{application.id}")
    assert len(sent) <= 13, sent


# --- changes ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def plan(factories: Factories, company: Organization, union: Organization) -> TrainingPlan:
    return factories.plan(company, number="認2611000077", category=PlanCategory.D, supervising_organization_id=union.id)


def change_of(session: Session) -> PlanChange:
    session.expire_all()
    return session.scalars(sa.select(PlanChange)).one()


def test_a_change_is_received_and_accredited_and_told_in_the_story(
    browser: Browser, factories: Factories, session: Session, plan: TrainingPlan
) -> None:
    other = factories.organization(OrganizationKind.SUPERVISING, name="架空第二組合")
    factories.license(other, licensed_on=date(2020, 1, 1))
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    url = f"/plans/{plan.id}/changes/new"
    sent: dict[str, Any] = {"applied_on": "2026-11-10", "changed_on": "2026-12-01", "summary": "監理団体を変える。"}
    assert "計画と異なる値" in browser.send(url, sent, status=422).get_data(as_text=True)
    page = browser.follow(browser.send(url, {**sent, "supervising": "架空第二組合", "ends_on": "2027-02-28"}))
    assert page.heading == "変更の認定 認2611000077 — 申請受付"
    assert "架空組合" in page.text
    assert "架空第二組合" in page.text
    address = f"/plan-changes/{change_of(session).id}"
    browser.follow(browser.send(f"{address}/accreditation", {"on": "2026-11-24"}))
    page = browser.get(f"/plans/{plan.id}")
    assert "監理団体 架空組合 → 架空第二組合" in page.text
    session.refresh(plan)
    assert (plan.supervising_organization_id, plan.ends_on) == (other.id, date(2027, 2, 28))


def test_a_late_notice_of_a_minor_change_says_so(
    browser: Browser, factories: Factories, session: Session, plan: TrainingPlan
) -> None:
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    sent = {"changed_on": "2026-08-01", "applied_on": "2026-11-10", "summary": "指導員を変えた。"}
    page = browser.follow(browser.send(f"/plans/{plan.id}/changes/minor", sent))
    assert page.heading == "軽微な変更の届出 認2611000077 — 届出受理"
    assert "期限（令和8年9月1日）を過ぎています" in page.text
    browser.get(f"/plan-changes/{change_of(session).id}/accreditation", status=409)


def test_the_page_of_a_plan_costs_few_statements(browser: Browser, factories: Factories, plan: TrainingPlan) -> None:
    browser.sign_in(factories.user(Role.MANAGER)).get(f"/plans/{plan.id}")
    with statements() as sent:
        browser.get(f"/plans/{plan.id}")
    assert len(sent) <= 10, sent


def test_what_follows_from_the_trainees_own_data_is_told_to_those_who_decide(
    browser: Browser, factories: Factories
) -> None:
    young = factories.trainee(born_on=date(2012, 1, 1))
    application = factories.plan_application(trainee_id=young.id)
    url = f"/plan-applications/{application.id}"
    browser.sign_in(factories.user(Role.MANAGER))
    assert "18歳未満" in browser.get(url).text
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert "18歳未満" not in browser.get(url).text


# --- bodies that are barred -------------------------------------------------------------------------------------------


def notices(page: Page) -> list[str]:
    found = (one for one in page.all("div") if "notice-danger" in one.get("class", ""))
    return [" ".join(" ".join(one.itertext()).split()) for one in found]


def barring(factories: Factories, name: str) -> tuple[Organization, str]:
    """A body that is barred, and the article."""
    gone = {"revoked_on": date(2026, 6, 1), "bar_until": date(2031, 5, 31)}
    if name == "closed":
        return factories.organization(status=BusinessStatus.CLOSED), "法第8条"
    if name == "revoked":
        body = factories.organization()
        factories.plan(body, state=PlanState.REVOKED, **gone)
        return body, "法第10条第7号"
    if name == "closed union":
        return factories.organization(OrganizationKind.SUPERVISING, status=BusinessStatus.CLOSED), "法第34条第1項"
    return factories.license(state=LicenseState.REVOKED, **gone).organization, "法第26条第2号"


@pytest.mark.parametrize("name", ["closed", "revoked", "closed union", "revoked union"])
def test_what_bars_a_body_is_said_on_its_page_and_before_the_form(
    browser: Browser, factories: Factories, name: str
) -> None:
    """An application is taken all the same, to be decided upon, unless the body has given up its business."""
    body, article = barring(factories, name)
    browser.sign_in(factories.user(Role.MANAGER))
    url = f"/plan-applications/new?organization={body.id}"
    page = browser.get(f"/organizations/{body.id}")
    assert (url in {link.get("href") for link in page.all("a")}) == ("closed" not in name)
    said = [one for one in notices(page) if one.startswith("この団体の計画は、認定することができません")]
    assert [one.endswith(article) for one in said] == [True]
    assert [one.endswith(article) for one in notices(browser.get(url))] == [True]


def test_what_no_rule_bars_keeps_its_button(browser: Browser, factories: Factories, union: Organization) -> None:
    """A union that holds a licence is barred from another one only."""
    gone = {"revoked_on": date(2026, 6, 1), "bar_until": date(2031, 5, 31)}
    factories.license(union, state=LicenseState.REVOKED, **gone)
    browser.sign_in(factories.user(Role.MANAGER))
    for body in (union, factories.organization()):
        url = f"/plan-applications/new?organization={body.id}"
        assert url in {link.get("href") for link in browser.get(f"/organizations/{body.id}").all("a")}
        assert notices(browser.get(url)) == []
