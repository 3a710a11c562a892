"""Training plans on screen: filters, scope by either organization's office, warnings, and the end of a plan."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from organizations.occupations.models import Occupation
from organizations.plans import queries
from organizations.plans.models import TrainingPlan
from organizations.plans.queries import PlanFilter
from organizations.plans.states import PlanCategory, PlanState, Scheme
from organizations.register.states import OrganizationKind
from organizations.sending.models import AcceptanceSuspension
from otit.auth.permissions import Role
from tests.cases import statements
from tests.factories import Factories
from tests.pages import Browser, Page


def numbers(page: Page) -> list[str]:
    return ["".join(cell.itertext()).strip() for cell in page.all("th") if cell.get("scope") == "row"]


@pytest.fixture
def plan(factories: Factories) -> TrainingPlan:
    union = factories.organization(OrganizationKind.SUPERVISING, name="架空組合", prefecture_code="13")
    return factories.plan(
        factories.organization(name="架空縫製"),
        number="認2411000001",
        category=PlanCategory.D,
        supervising_organization_id=union.id,
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"number": "認2411000001"}, True),
        ({"number": "２４１１"}, True),
        ({"number": "0001"}, False),
        ({"number": "%"}, False),
        ({"organization_name": "縫製"}, True),
        ({"organization_name": "組合"}, True),
        ({"organization_name": "水産"}, False),
        ({"category": "D"}, True),
        ({"category": "A"}, False),
        ({"state": "revoked"}, False),
        ({"accredited_from": "令和8年3月1日", "accredited_to": "2026-03-01"}, True),
        ({"accredited_from": "2026-03-02"}, False),
        ({"accredited_to": "2026-02-28"}, False),
    ],
)
def test_filters_live_in_the_address(
    browser: Browser, factories: Factories, plan: TrainingPlan, query: dict[str, str], found: bool
) -> None:
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert numbers(browser.get("/plans", **query)) == (["認2411000001"] if found else [])


def test_an_impossible_date_is_said_and_filters_nothing(
    browser: Browser, factories: Factories, plan: TrainingPlan
) -> None:
    browser.sign_in(factories.user(Role.READ_ONLY))
    page = browser.get("/plans", accredited_from="令和元年2月30日")
    assert numbers(page) == ["認2411000001"]
    assert page.by_id("accredited_from-error") is not None


def test_the_plans_of_one_organization_stay_its_own_through_further_filters(
    browser: Browser, factories: Factories, plan: TrainingPlan
) -> None:
    factories.plan()
    browser.sign_in(factories.user(Role.READ_ONLY))
    for owner in (plan.implementing_organization_id, plan.supervising_organization_id):
        page = browser.get("/plans", organization=owner)
        assert numbers(page) == ["認2411000001"]
        field = page.by_id("organization")
        assert field is not None
        assert field.get("value") == str(owner)
    browser.get("/plans", status=404, organization=987654)


def test_a_merged_duplicate_leads_to_the_plans_of_the_body_that_lives_on(
    browser: Browser, factories: Factories, plan: TrainingPlan
) -> None:
    duplicate = factories.organization(merged_into_id=plan.implementing_organization_id)
    browser.sign_in(factories.user(Role.READ_ONLY))
    # Words of the address are nothing but words of the address.
    query = {"organization": duplicate.id, "category": plan.category.value, "endpoint": "x", "_method": "DELETE"}
    answer = browser.client.get("/plans", query_string=query)
    assert answer.status_code == 302
    page = browser.follow(answer)
    assert plan.number in page.text
    assert f"category={plan.category.value}" in answer.headers["Location"]


def test_a_plan_is_seen_by_the_offices_of_both_organizations_and_no_other(
    browser: Browser, factories: Factories, plan: TrainingPlan
) -> None:
    for office, status in (("11", 200), ("03", 200), ("06", 404)):
        browser.sign_in(factories.user(Role.INSPECTOR, office_code=office))
        browser.get(f"/plans/{plan.id}", status=status)
        assert bool(numbers(browser.get("/plans"))) is (status == 200)


def test_a_plan_links_only_to_organizations_in_scope(
    browser: Browser, factories: Factories, plan: TrainingPlan
) -> None:
    browser.sign_in(factories.user(Role.INSPECTOR, office_code="03"))
    links = {a.get("href") for a in browser.get(f"/plans/{plan.id}").all("a")}
    assert f"/organizations/{plan.supervising_organization_id}" in links
    assert f"/organizations/{plan.implementing_organization_id}" not in links


def test_a_suspended_sending_organization_is_a_warning_on_the_plan(
    browser: Browser, factories: Factories, session: Session, plan: TrainingPlan
) -> None:
    sender = factories.sending_organization()
    plan.sending_organization_id = sender.id
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert "新規受入れは" not in browser.get(f"/plans/{plan.id}").text
    session.add(
        AcceptanceSuspension(sending_organization_id=sender.id, starts_on=date(2026, 11, 24), reason="架空の理由")
    )
    page = browser.get(f"/plans/{plan.id}")
    assert "新規受入れは" in page.text
    assert "架空の理由" in page.text


def test_a_manager_records_that_training_was_given_up(
    browser: Browser, factories: Factories, session: Session, plan: TrainingPlan
) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    url = f"/plans/{plan.id}/end"
    early = browser.send(url, {"act": "discontinue", "on": "2026-02-28"}, status=422)
    assert "認定年月日より前" in early.get_data(as_text=True)
    browser.send(url, {"act": "revoke", "on": "2026-07-01"}, status=422)
    page = browser.follow(browser.send(url, {"act": "discontinue", "on": "令和8年7月1日"}))
    assert page.heading == "認2411000001 — 中止"
    assert "終了を記録する" not in page.text
    session.refresh(plan)
    assert (plan.state, plan.ended_on) == (PlanState.DISCONTINUED, date(2026, 7, 1))


def test_the_supervising_office_does_not_end_the_plan(
    browser: Browser, factories: Factories, session: Session, plan: TrainingPlan
) -> None:
    browser.sign_in(factories.user(Role.MANAGER, office_code="03"))
    url = f"/plans/{plan.id}/end"
    browser.send(url, {"act": "complete", "on": "2026-07-01"}, status=403)
    session.refresh(plan)
    assert plan.state is PlanState.ACCREDITED


def test_the_same_form_sent_twice_acts_once(browser: Browser, factories: Factories, plan: TrainingPlan) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    url = f"/plans/{plan.id}/end"
    form = browser.get(url)
    data = {"act": "complete", "on": "2026-07-01", "once": form.hidden("once"), "version": form.hidden("version")}
    browser.send(url, data, page="")
    again = browser.client.post(url, data={**data, "csrf_token": form.hidden("csrf_token")})
    assert again.status_code == 303
    assert "二重には記録していません" in browser.get(again.headers["Location"]).text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"scheme": "tit"}, True),
        ({"scheme": "esd"}, False),
        ({"occupation": "３－５"}, True),
        ({"occupation": "3-5-1"}, False),
        ({"occupation": "3"}, False),
        ({"sending": "VNM000455"}, True),
        ({"sending": "imaginary sender"}, True),
        ({"sending": "somebody else"}, False),
        ({"ends_from": "2027-03-31", "ends_to": "令和9年3月31日"}, True),
        ({"ends_from": "2027-04-01"}, False),
        ({"ends_to": "2027-03-30"}, False),
    ],
)
def test_plans_are_found_by_what_they_are_about(
    browser: Browser, factories: Factories, plan: TrainingPlan, query: dict[str, str], found: bool
) -> None:
    sender = factories.sending_organization(number="VNM000455", name="Imaginary Sender")
    plan.sending_organization_id, plan.occupation_code = sender.id, "3-5"
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert numbers(browser.get("/plans", **query)) == (["認2411000001"] if found else [])


def test_an_occupation_is_found_with_its_operations(browser: Browser, factories: Factories, plan: TrainingPlan) -> None:
    scheme, first = Scheme.TECHNICAL_INTERN_TRAINING, date(2017, 11, 1)
    operation = {"scheme": scheme, "code": "3-5-1", "sort_key": "3-5-1", "sector": "建設", "name": "架空の作業"}
    factories.add(Occupation(**operation, valid_from=first))
    plan.occupation_code = "3-5-1"
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert numbers(browser.get("/plans", occupation="3-5")) == ["認2411000001"]
    assert numbers(browser.get("/plans", occupation="3-50")) == []


def test_a_plan_of_the_new_scheme_is_shown_like_any_other(browser: Browser, factories: Factories) -> None:
    plan = factories.plan(scheme=Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT, category=PlanCategory.S)
    browser.sign_in(factories.user(Role.MANAGER))
    assert "単独型育成就労" in browser.get(f"/plans/{plan.id}").text
    assert numbers(browser.get("/plans", scheme="esd")) == [plan.number]
    browser.get(f"/plans/{plan.id}/difficulty-notices/new")


def test_the_list_costs_few_statements(browser: Browser, factories: Factories, plan: TrainingPlan) -> None:
    browser.sign_in(factories.user(Role.MANAGER)).get("/plans")
    with statements() as sent:
        browser.get("/plans", scheme="tit", occupation="3-5", sending="x", ends_from="2027-01-01")
    assert len(sent) <= 4, sent


@pytest.mark.parametrize("few", [300, 0])
@pytest.mark.parametrize("office", [None, "03", "11"])
def test_plans_of_a_name_are_the_same_however_many_bear_it(
    session: Session, factories: Factories, monkeypatch: pytest.MonkeyPatch, few: int, office: str | None
) -> None:
    """Few bearers are sought by their plans, many along the list: each plan once, in order, counted, in scope."""
    monkeypatch.setattr(queries, "FEW_BEARERS", few)
    union = factories.organization(OrganizationKind.SUPERVISING, name="架空組合", prefecture_code="13")
    bodies = [factories.organization(name=name) for name in ("架空縫製", "架空水産", "試験工業")]
    both = {"category": PlanCategory.D, "supervising_organization_id": union.id}
    ids = [factories.plan(body, **values).id for body in bodies for values in ({}, both)]
    named = ids[:4] + ids[5:]  # one of 試験工業, which is supervised by a bearer of the name
    seen = [plan for plan in named if office != "03" or plan in (ids[1], ids[3], ids[5])]
    actor = factories.user(Role.INSPECTOR, office_code=office).actor if office else factories.user().actor
    page, count = queries.plan_list(session, actor, PlanFilter(organization_name="架空")).read(session, None)
    assert {row.id for row in page.rows} == set(seen)
    assert [row.key_0 for row in page.rows] == sorted((row.key_0 for row in page.rows), reverse=True)
    assert count == (len(seen), True)


def test_a_category_is_chosen_by_its_letter(browser: Browser, factories: Factories) -> None:
    page = browser.sign_in(factories.user(Role.MANAGER)).get("/plans")
    options = {option.get("value"): option.text for option in page.all("option")}
    assert (options["A"], options["F"]) == ("A 第1号企業単独型", "F 第3号団体監理型")
