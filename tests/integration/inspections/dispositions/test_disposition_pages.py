"""Pages of the files: filters and scope, what each person may do, bad input, bounded statements."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.dispositions.decisions import decide
from inspections.dispositions.models import Disposition
from inspections.dispositions.states import DispositionAct
from inspections.violations.models import Violation
from inspections.violations.states import Authority, ViolationState
from inspections.visits.models import Visit
from inspections.visits.states import VisitOutcome
from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.auth.actors import Actor
from otit.auth.permissions import Role
from tests.cases import ACTS, FIRST_CASE, GROUND, NOON, REASON, decision, proposed, revoked, statements
from tests.factories import TODAY, Factories
from tests.pages import Browser

Plans = list[TrainingPlan]


def count(session: Session) -> int:
    session.expire_all()
    return session.scalar(sa.select(sa.func.count(Disposition.id))) or 0


def test_the_list_filters_by_what_stands_in_the_address(
    browser: Browser, factories: Factories, session: Session, manager: Actor, company: Organization, plans: Plans
) -> None:
    revoked(session, manager, company, plans[:3])
    open_file = proposed(session, manager, company, plans[3:])
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert "該当 2 件" in browser.get("/dispositions").text
    assert "処18-11-0001" not in browser.get("/dispositions", state="proposed").text
    assert "該当 1 件" in browser.get("/dispositions", effective_from="2018-07-03", effective_to="H30.7.3").text
    assert "該当 2 件" in browser.get("/dispositions", q="架空伊予").text
    for written in (open_file.number, "処１８－１１－０００２"):
        assert "該当 1 件" in browser.get("/dispositions", q=written).text
    assert "条件に合う処分はありません" in browser.get("/dispositions", kind="license_revocation").text
    browser.get("/dispositions", state="nonsense", effective_from="令和元年2月30日")


def test_list_and_file_take_a_bounded_number_of_statements(
    browser: Browser, factories: Factories, session: Session, manager: Actor, company: Organization, plans: Plans
) -> None:
    more = [factories.plan(company, accredited_on=date(2018, 2, 20)) for _ in range(60)]
    file = revoked(session, manager, company, [*plans, *more])
    browser.sign_in(factories.user(Role.MANAGER))
    with statements() as sent:
        browser.get("/dispositions")
    assert len(sent) <= 4, sent
    with statements() as sent:
        page = browser.get(f"/dispositions/{file.id}")
    assert len(sent) <= 8, sent
    assert "次へ" in page.text


def test_a_file_out_of_scope_is_not_found(
    browser: Browser, factories: Factories, session: Session, manager: Actor, company: Organization, plans: Plans
) -> None:
    file = proposed(session, manager, company, plans)
    browser.sign_in(factories.user(Role.MANAGER, office_code="06"))
    assert file.number not in browser.get("/dispositions").text
    for url in (
        f"/dispositions/{file.id}",
        f"/dispositions/{file.id}/submit",
        f"/dispositions/{file.id}/decision",
        f"/dispositions/new?organization={company.id}",
    ):
        browser.get(url, status=404)


def test_the_list_counts_the_plans_of_the_decision_once_there_is_one(
    browser: Browser, factories: Factories, session: Session, manager: Actor, company: Organization, plans: Plans
) -> None:
    def counted() -> str:
        cells = [cell for cell in browser.get("/dispositions").all("td") if cell.get("data-label") == "計画数"]
        return "".join(cells[0].itertext()).strip()

    file = proposed(session, manager, company, plans)
    browser.sign_in(factories.user(Role.MANAGER))
    assert counted() == "4"
    ACTS[DispositionAct.SUBMIT](session, manager, file)
    decide(session, manager, file, decision(excluded=["認1711001494"]), now=NOON)
    assert counted() == "3"


@pytest.mark.parametrize("role", [Role.LABOUR_STANDARDS, Role.INTERNATIONAL, Role.ADMINISTRATOR])
def test_who_may_not_see_dispositions_sees_none(browser: Browser, factories: Factories, role: Role) -> None:
    browser.sign_in(factories.user(role))
    browser.get("/dispositions", status=403)


def test_who_may_only_read_finds_no_way_to_act(
    browser: Browser, factories: Factories, session: Session, manager: Actor, company: Organization, plans: Plans
) -> None:
    file = proposed(session, manager, company, plans)
    browser.sign_in(factories.user(Role.INSPECTOR))
    assert f"/dispositions/{file.id}/submit" not in browser.get(f"/dispositions/{file.id}").html
    assert "処分を起案する" not in browser.get(f"/organizations/{company.id}").text
    browser.get(f"/dispositions/{file.id}/submit", status=403)
    browser.get(f"/dispositions/new?organization={company.id}", status=403)


PROPOSAL = {
    "kind": "accreditation_revocation",
    "grounds": [GROUND],
    "numbers": "\n".join(FIRST_CASE),
    "reason": REASON,
    "proposed_on": "2018-06-01",
}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"numbers": "認99"}, "認定番号ではありません"),
        ({"numbers": "認9999999999"}, "登録されていない認定番号"),
        ({"numbers": ""}, "取り消す計画を一つ以上"),
        ({"grounds": []}, "根拠となる条文を一つ以上"),
        ({"grounds": ["TIT-15-1@2017-11-01"]}, "の根拠になりません"),
        ({"grounds": ["TIT-16-1-3@2017-11-01/TIT-10-7@2019-09-14"]}, "時点で効力がありません"),
        ({"kind": "license_revocation"}, "処分の種類"),
        ({"kind": "improvement_order", "grounds": ["TIT-15-1@2017-11-01"]}, "だけです"),
        ({"proposed_on": "令和元年2月30日"}, "起案日"),
        ({"proposed_on": "2026-11-25"}, "まだ来ていない日付"),
        ({"reason": "　"}, "処分理由"),
    ],
)
def test_bad_input_keeps_what_was_typed_and_stores_nothing(
    browser: Browser,
    factories: Factories,
    session: Session,
    company: Organization,
    changes: dict[str, object],
    said: str,
) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    answer = browser.send(f"/dispositions/new?organization={company.id}", {**PROPOSAL, **changes}, status=422)
    page = answer.get_data(as_text=True)
    assert said in page
    assert "入力内容を確認してください" in page
    assert count(session) == 0


def test_all_live_plans_or_ticked_ones_can_be_chosen(
    browser: Browser, factories: Factories, session: Session, company: Organization, plans: Plans
) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    url = f"/dispositions/new?organization={company.id}"
    browser.send(url, {**PROPOSAL, "numbers": plans[1].number, "chosen": [plans[0].id, plans[1].id]})
    browser.send(url, {**PROPOSAL, "numbers": "", "all_live": "y"}, status=422)  # two of them are in the first file
    browser.send(url, {**PROPOSAL, "numbers": "", "chosen": [plans[2].id, plans[3].id]})
    session.expire_all()
    files = session.scalars(sa.select(Disposition).order_by(Disposition.id)).all()
    assert [[row.plan.number for row in file.plans] for file in files] == [
        list(FIRST_CASE)[:2],
        list(FIRST_CASE)[2:],
    ]


def test_a_stale_form_and_a_second_person_find_the_file_moved(
    browser: Browser, factories: Factories, session: Session, manager: Actor, company: Organization, plans: Plans
) -> None:
    file = proposed(session, manager, company, plans)
    browser.sign_in(factories.user(Role.MANAGER))
    url = f"/dispositions/{file.id}/submit"
    opened = browser.get(url)
    fields = {name: opened.hidden(name, url) for name in ("csrf_token", "version")}
    browser.send(url, {"on": "2018-06-15"})
    late = browser.client.post(url, data={**fields, "on": "2018-06-16"})
    assert late.status_code == 409
    browser.get(url, status=409)


def test_a_double_click_takes_effect_once(
    browser: Browser, factories: Factories, session: Session, manager: Actor, company: Organization, plans: Plans
) -> None:
    file = proposed(session, manager, company, plans)
    ACTS[DispositionAct.SUBMIT](session, manager, file)
    decide(session, manager, file, decision(), now=NOON)
    browser.sign_in(factories.user(Role.MANAGER))
    url = f"/dispositions/{file.id}/effect"
    page = browser.get(url)
    fields = {name: page.hidden(name, url) for name in ("csrf_token", "version", "once")}
    answers = [browser.client.post(url, data=fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    session.expire_all()
    assert [step.act for step in file.steps].count(DispositionAct.TAKE_EFFECT) == 1


def test_a_file_opens_from_an_inspection_with_escalated_violations_only(
    browser: Browser, factories: Factories, session: Session, company: Organization
) -> None:
    inspection = factories.inspection(company)
    user = factories.user(Role.MANAGER)
    visit = factories.add(
        Visit(
            inspection_id=inspection.id,
            visited_on=date(2026, 10, 1),
            outcome=VisitOutcome.DONE,
            people_present="代表者",
            recorded_by_id=user.id,
            recorded_at=NOON,
        )
    )
    violation = factories.add(
        Violation(
            inspection_id=inspection.id,
            visit_id=visit.id,
            authority=Authority.OTIT,
            provision_code="TIT-9-9",
            provision_from=date(2017, 11, 1),
            fact_on=date(2026, 10, 1),
            description="-",
            state=ViolationState.OPEN,
            recorded_by_id=user.id,
            recorded_at=NOON,
        )
    )
    browser.sign_in(user)
    url = f"/dispositions/new?organization={company.id}&inspection={inspection.id}"
    assert inspection.number not in browser.get(url).text
    browser.send(url, {**PROPOSAL, "inspection_id": str(inspection.id)}, status=422)
    violation.state = ViolationState.ESCALATED
    session.commit()
    assert "この検査をもとに処分を起案する" in browser.get(f"/inspections/{inspection.id}").text
    browser.send(url, {**PROPOSAL, "inspection_id": str(inspection.id)})
    assert "処18-11-0001" in browser.get(f"/inspections/{inspection.id}").text
    assert "処18-11-0001" in browser.get(f"/organizations/{company.id}").text


def test_a_supervising_organization_is_offered_its_own_kinds_and_no_plans(
    browser: Browser, factories: Factories
) -> None:
    organization = factories.license().organization
    assert organization.kind is OrganizationKind.SUPERVISING
    browser.sign_in(factories.user(Role.MANAGER))
    url = f"/dispositions/new?organization={organization.id}"
    page = browser.get(url)
    assert "事業停止命令" in page.text
    assert "認定番号を貼り付ける" not in page.text
    file = browser.follow(
        browser.send(
            url,
            {
                "kind": "business_suspension",
                "grounds": ["TIT-37-1-4@2017-11-01"],
                "reason": REASON,
                "proposed_on": "2026-11-01",
            },
        )
    )
    assert "法第37条第3項" in file.text
    assert "法第37条第1項第4号" in file.text


@pytest.mark.parametrize(("effective_on", "offered"), [(TODAY, True), (TODAY + timedelta(days=1), False)])
def test_the_effect_is_offered_from_its_day_on(
    browser: Browser,
    factories: Factories,
    session: Session,
    manager: Actor,
    company: Organization,
    plans: Plans,
    effective_on: date,
    offered: bool,
) -> None:
    file = proposed(session, manager, company, plans)
    ACTS[DispositionAct.SUBMIT](session, manager, file)
    decide(session, manager, file, decision(effective_on=effective_on), now=NOON)
    url = f"/dispositions/{file.id}"
    browser.sign_in(factories.user(Role.MANAGER))
    page = browser.get(url)
    assert (f"{url}/effect" in [link.get("href") for link in page.all("a")]) is offered
    assert ("令和8年11月25日 に効力が発生します" in page.text) is not offered
    assert ("画面から記録できるのも、その日からです" in page.text) is not offered
    if not offered:
        assert "まだ来ていません" in browser.send(f"{url}/effect", status=422).get_data(as_text=True)
