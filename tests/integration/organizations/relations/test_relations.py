"""Supervision contracts: refusals by rule and article; who supervised whom as of a day, from contracts and plans."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizations.licenses.states import LicenseState
from organizations.plans.states import PlanCategory, PlanState
from organizations.register.models import FormerName, Organization
from organizations.register.parties import FEW
from organizations.register.states import BusinessStatus, OrganizationKind
from organizations.relations import queries
from organizations.relations.forms import AsOfForm, ContractForm
from organizations.relations.models import Supervision
from organizations.relations.routes import _as_of
from organizations.relations.services import Contract, begin_supervision, end_supervision
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor
from otit.auth.permissions import Role
from otit.errors import NotPermitted, RuleViolation, StateConflict
from otit.text import match_key
from tests.cases import statements
from tests.factories import TODAY, Factories
from tests.pages import Browser, Page
from tests.races import collide, settled

SO = OrganizationKind.SUPERVISING
START = date(2025, 4, 1)


class Pair:
    """A supervising body licensed from 2024-06-01 to 2027-05-31 and an implementing one, in two offices."""

    def __init__(self, session: Session, factories: Factories) -> None:
        self.session, self.factories = session, factories
        self.union: Organization = factories.organization(SO, name="架空松山協同組合", corporate_number="7000012050002")
        self.license = factories.license(self.union)
        self.company = factories.organization(name="株式会社架空大阪", prefecture_code="27")
        self.sender = factories.sending_organization()
        self.actor: Actor = factories.user(Role.MANAGER).actor

    def begin(self, starts_on: date = START, **values: Any) -> Supervision:
        facts = {"sending": self.sender, "starts_on": starts_on, **values}
        return begin_supervision(self.session, self.actor, Contract(self.union, self.company, **facts))

    def plan(self, **values: Any) -> Any:
        facts = {"supervising_organization_id": self.union.id, "sending_organization_id": self.sender.id, **values}
        return self.factories.plan(self.company, category=PlanCategory.D, **facts)

    def rows(self, of: Organization, day: date = TODAY) -> list[tuple[Any, ...]]:
        rows = queries.relation_list(of, day).page(self.session, None).rows
        return [(row.other_id, row.sending_id, row.starts_on, row.general_from, row.plans) for row in rows]


@pytest.fixture
def pair(session: Session, factories: Factories) -> Pair:
    return Pair(session, factories)


def refusal(act: Any) -> RuleViolation:
    with pytest.raises(RuleViolation) as caught:
        act()
    return caught.value


@pytest.mark.parametrize("day", [date(2024, 5, 31), date(2027, 6, 1)])
def test_there_is_no_contract_without_a_licence_on_its_first_day(pair: Pair, day: date) -> None:
    error = refusal(lambda: pair.begin(day))
    assert (error.field, error.citation) == ("starts_on", "法第23条第1項")


def test_a_licence_that_was_revoked_served_until_then(pair: Pair) -> None:
    pair.license.state, pair.license.revoked_on = LicenseState.REVOKED, date(2025, 7, 1)
    pair.license.bar_until = date(2030, 6, 30)
    assert refusal(lambda: pair.begin(date(2025, 7, 1))).citation == "法第23条第1項"
    error = refusal(lambda: pair.begin(date(2025, 6, 30)))
    assert (error.field, error.citation, error.params["last"]) == ("ends_on", "法第23条第1項", date(2025, 6, 30))
    assert refusal(lambda: pair.begin(date(2025, 4, 1), ends_on=date(2025, 7, 1))).field == "ends_on"
    pair.begin(date(2025, 6, 30), ends_on=date(2025, 6, 30))


def test_a_contract_goes_on_under_the_next_licence(pair: Pair) -> None:
    pair.license.state, pair.license.expires_on = LicenseState.EXPIRED, date(2025, 12, 31)
    pair.session.flush()
    pair.factories.license(pair.union, licensed_on=date(2026, 1, 1), expires_on=date(2030, 12, 31))
    pair.begin(date(2025, 6, 30))


def test_a_contract_during_a_suspension_is_confirmed(pair: Pair, browser: Browser) -> None:
    pair.license.state, pair.license.suspended_until = LicenseState.SUSPENDED, date(2027, 1, 31)
    browser.sign_in(pair.factories.user(Role.MANAGER, office_code="08"))
    url = f"/organizations/{pair.company.id}/relations/new"
    typed = {"other": "7000012050002", "starts_on": "令和9年1月31日"}
    page = Page(browser.send(url, typed, status=422))
    assert "契約の開始日（令和9年1月31日）に事業の停止を命じられています" in page.text
    browser.follow(browser.send(url, {**typed, "shown": page.hidden("shown"), "confirmed": "y"}))
    noted = pair.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "supervision.begun")).one()
    assert noted.detail["findings"] == ["suspended-business"]
    past = {"starts_on": "2025-01-01", "ends_on": "2025-12-31", "sending": pair.sender.number}
    for other in (past, {"sending": pair.sender.number, "starts_on": "令和9年2月1日"}):
        browser.follow(browser.send(url, {**typed, **other}))
    assert len(pair.session.scalars(sa.select(Supervision)).all()) == 3


@pytest.mark.parametrize("side", ["union", "company"])
def test_a_closed_body_gets_no_contract(pair: Pair, side: str) -> None:
    getattr(pair, side).status = BusinessStatus.CLOSED
    pair.session.flush()
    assert refusal(pair.begin).field == "other"


def test_an_end_before_the_start_is_refused_by_rule_and_by_the_database(pair: Pair) -> None:
    before = date(2025, 3, 31)
    assert refusal(lambda: pair.begin(ends_on=before)).field == "ends_on"
    contract = pair.begin()
    assert refusal(lambda: end_supervision(pair.session, pair.actor, contract, on=before)).field == "ends_on"
    contract.ends_on = before
    with pytest.raises(IntegrityError, match="ends_after_start"):
        pair.session.flush()


def test_the_same_three_have_one_contract_at_a_time(pair: Pair) -> None:
    first = pair.begin()
    assert refusal(lambda: pair.begin(date(2026, 1, 1))).field == "starts_on"
    assert refusal(lambda: pair.begin(date(2025, 1, 1), ends_on=START)).field == "starts_on"
    pair.begin(date(2025, 1, 1), ends_on=date(2025, 3, 31))
    pair.begin(sending=None)
    end_supervision(pair.session, pair.actor, first, on=date(2025, 12, 31))
    pair.begin(date(2026, 1, 1))
    with pytest.raises(StateConflict):
        end_supervision(pair.session, pair.actor, first, on=TODAY)


def test_two_people_record_one_contract(app: Flask, pair: Pair) -> None:
    pair.session.commit()
    ids = pair.union.id, pair.company.id

    def act(own: Session) -> None:
        union, company = (own.get_one(Organization, key) for key in ids)
        begin_supervision(own, pair.actor, Contract(union, company, None, START))

    assert collide(app, act, act) is not None
    assert settled(pair.session).scalar(sa.select(sa.func.count()).select_from(Supervision)) == 1


def test_the_offices_of_either_side_record_it_and_nobody_else(pair: Pair, factories: Factories) -> None:
    for office, allowed in (("11", True), ("08", True), ("03", False)):
        pair.actor = factories.user(Role.MANAGER, office_code=office).actor
        if allowed:
            pair.begin(sending=factories.sending_organization())
        else:
            with pytest.raises(NotPermitted):
                pair.begin()
    pair.actor = factories.user(Role.INSPECTOR).actor
    with pytest.raises(NotPermitted):
        pair.begin()


def test_contracts_and_plans_are_told_together_from_either_side(pair: Pair) -> None:
    pair.begin()
    pair.plan()
    pair.plan()
    assert pair.rows(pair.union) == [(pair.company.id, pair.sender.id, START, None, 2)]
    assert pair.rows(pair.company) == [(pair.union.id, pair.sender.id, START, None, 2)]


def test_a_contract_through_whichever_covers_plans_through_one(pair: Pair) -> None:
    pair.begin(sending=None)
    pair.plan()
    found = pair.rows(pair.union)
    assert (pair.company.id, pair.sender.id, None, START, 1) in found
    assert (pair.company.id, None, START, START, 0) in found
    assert len(found) == 2


@pytest.mark.parametrize(
    ("day", "contract", "plans"),
    [
        (date(2025, 3, 31), False, 0),
        (START, True, 0),
        (date(2026, 3, 31), True, 0),  # accredited, not yet begun
        (date(2026, 4, 1), True, 3),
        (date(2026, 6, 30), True, 3),
        (date(2026, 7, 1), True, 2),  # one revoked on that day
        (date(2026, 10, 31), True, 2),
        (date(2026, 11, 1), False, 1),  # one given up, the contract over
        (date(2027, 3, 31), False, 1),
        (date(2027, 4, 1), False, 0),
    ],
)
def test_each_day_has_its_own_answer(pair: Pair, day: date, contract: bool, plans: int) -> None:
    pair.begin(ends_on=date(2026, 10, 31))
    pair.plan()
    pair.plan(state=PlanState.REVOKED, revoked_on=date(2026, 7, 1), bar_until=date(2031, 6, 30))
    pair.plan(state=PlanState.DISCONTINUED, ended_on=date(2026, 10, 31))
    found = pair.rows(pair.union, day)
    assert [(row[2] is not None, row[4]) for row in found] == ([(contract, plans)] if contract or plans else [])


def test_the_panel_shows_any_day_and_links_only_what_may_be_opened(pair: Pair, browser: Browser) -> None:
    pair.begin(ends_on=date(2026, 1, 31))
    pair.plan()
    browser.sign_in(pair.factories.user(Role.MANAGER, office_code="11"))
    url = f"/organizations/{pair.union.id}"
    page = browser.get(url)
    assert "契約の記録なし" in page.text
    assert "株式会社架空大阪" in page.text
    assert not [a for a in page.all("a") if a.get("href") == f"/organizations/{pair.company.id}"]
    past = browser.get(url, as_of="令和8年1月31日")
    assert "契約の記録なし" not in past.text
    assert "令和8年1月31日 の時点で" in past.text
    assert "契約も有効な計画もありません" in browser.get(url, as_of="2020-01-01").text
    assert [e for e in browser.get(url, as_of="昨日").tree.iter() if e.get("id") == "as_of-error"]
    assert "株式会社架空大阪" in browser.get(f"{url}/relations", as_of="R8.1.31").text
    wrong = browser.get(f"{url}/relations", as_of="2025-02-30")
    assert [e for e in wrong.tree.iter() if e.get("id") == "as_of-error"]
    assert "2025-02-30" in wrong.html


def test_a_long_list_is_cut_on_the_page_and_paged_in_full(pair: Pair, browser: Browser) -> None:
    for _n in range(60):
        company = pair.factories.organization()
        begin_supervision(pair.session, pair.actor, Contract(pair.union, company, None, START))
    browser.sign_in(pair.factories.user(Role.READ_ONLY))
    page = browser.get(f"/organizations/{pair.union.id}")
    link = next(a.get("href", "") for a in page.all("a") if "関係をすべて見る" in "".join(a.itertext()))
    first = browser.get(link)
    assert "該当 60 件" in first.text
    more = next(a.get("href", "") for a in first.all("a") if a.get("rel") == "next")
    assert more
    assert "as_of=2026-11-24" in more
    assert browser.get(more)


def test_a_contract_is_begun_and_ended_on_pages(pair: Pair, browser: Browser) -> None:
    browser.sign_in(pair.factories.user(Role.MANAGER, office_code="08"))
    url = f"/organizations/{pair.company.id}/relations/new"
    typed = {"other": "7000012050002", "sending": pair.sender.number, "starts_on": "令和7年4月1日"}
    assert "登録されていない" in Page(browser.send(url, {**typed, "other": "知らない組合"}, status=422)).text
    assert "登録されていない" in Page(browser.send(url, {**typed, "sending": "XXX999999"}, status=422)).text
    assert "法第23条第1項" in Page(browser.send(url, {**typed, "starts_on": "2020-01-01"}, status=422)).text
    page = browser.follow(browser.send(url, typed))
    assert "架空松山協同組合" in page.text
    contract = pair.session.scalars(sa.select(Supervision)).one()
    end = f"/organizations/{pair.company.id}/relations/{contract.id}/end"
    assert "契約の開始日" in Page(browser.send(end, {"ends_on": "2025-03-31"}, status=422)).text
    browser.send(end, {"ends_on": "2026-11-30"})
    pair.session.expire_all()
    assert contract.ends_on == date(2026, 11, 30)
    elsewhere = pair.factories.organization(prefecture_code="27")
    browser.get(f"/organizations/{elsewhere.id}/relations/{contract.id}/end", status=404)


def test_contracts_of_one_pair_tell_what_differs(pair: Pair, browser: Browser) -> None:
    namesake = pair.factories.sending_organization(name=pair.sender.name)
    pair.begin()
    pair.begin(date(2025, 6, 1), sending=namesake)
    pair.begin(date(2025, 7, 1), sending=None)
    browser.sign_in(pair.factories.user(Role.MANAGER))
    page = browser.get(f"/organizations/{pair.union.id}")
    assert pair.sender.number in page.text
    assert namesake.number in page.text
    ends = ["".join(link.itertext()) for link in page.all("a") if (link.get("href") or "").endswith("/end")]
    assert len(set(ends)) == 3
    assert any("令和7年7月1日" in text and "送出機関の特定なし" in text for text in ends)
    story = browser.get(f"/organizations/{pair.union.id}/story").text
    assert f"送出機関：{pair.sender.name}" in story


def test_the_home_of_an_individual_elsewhere_is_not_told(pair: Pair, browser: Browser) -> None:
    for _n in range(2):
        body = pair.factories.organization(name="架空農園", is_individual=True, prefecture_code="27")
    browser.sign_in(pair.factories.user(Role.MANAGER, office_code="11"))
    sent = {"other": "架空農園", "starts_on": "2025-04-01"}
    page = Page(browser.send(f"/organizations/{pair.union.id}/relations/new", sent, status=422))
    assert "大阪府" in page.text
    assert body.address not in page.text


def test_of_several_bodies_with_one_name_one_is_chosen(pair: Pair, browser: Browser) -> None:
    twin = pair.factories.organization(SO, name="架空松山協同組合")
    browser.sign_in(pair.factories.user(Role.MANAGER))
    url = f"/organizations/{pair.company.id}/relations/new"
    typed = {"other": "架空松山協同組合", "starts_on": "2025-04-01"}
    page = Page(browser.send(url, typed, status=422))
    assert "1つ選んでください" in page.text
    assert "許可を受けていません" in Page(browser.send(url, {**typed, "other_choice": str(twin.id)}, status=422)).text
    browser.send(url, {**typed, "other_choice": str(pair.union.id)})


def test_a_part_of_a_name_offers_the_bodies_that_bear_it(pair: Pair, browser: Browser) -> None:
    """As the lists find them: by the folded form, by a former name too. Those in the reader's charge only."""
    renamed = pair.factories.organization(SO, name="仮想瀬戸組合")
    once = {"name": "架空まつやま第二組合", "name_key": match_key("架空松山第二組合")}
    pair.factories.add(FormerName(organization_id=renamed.id, used_until=date(2025, 3, 31), **once))
    pair.factories.organization(SO, name="架空松山堺協同組合", prefecture_code="27")
    pair.factories.organization(name="株式会社架空松山")
    browser.sign_in(pair.factories.user(Role.MANAGER, office_code="11"))
    company = pair.factories.organization(name="株式会社架空伊予")
    url = f"/organizations/{company.id}/relations/new"
    typed = {"other": "架空　松山", "starts_on": "2025-04-01"}
    page = Page(browser.send(url, typed, status=422))
    assert "「架空松山協同組合」、「仮想瀬戸組合」のことであれば下から選び" in page.text
    assert "仮想瀬戸組合 愛媛県" in page.text.replace("　", " ")
    assert "（旧名称：架空まつやま第二組合）" in page.text
    assert "堺" not in page.text
    assert "株式会社架空松山" not in page.text
    browser.send(url, {**typed, "other_choice": str(pair.union.id)})
    pair.session.expire_all()
    assert pair.session.scalars(sa.select(Supervision)).one().supervising_organization_id == pair.union.id


def test_a_sending_organization_is_offered_by_a_part_of_its_name(pair: Pair, browser: Browser) -> None:
    pair.sender.name, pair.sender.name_key = "KASOU Manpower Co., Ltd.", match_key("KASOU Manpower Co., Ltd.")
    browser.sign_in(pair.factories.user(Role.MANAGER))
    url = f"/organizations/{pair.company.id}/relations/new"
    typed = {"other": pair.union.name, "sending": "ｋａｓｏｕ manpower", "starts_on": "2025-04-01"}
    assert "「KASOU Manpower Co., Ltd.」のことであれば" in Page(browser.send(url, typed, status=422)).text
    browser.send(url, {**typed, "sending_choice": str(pair.sender.id)})


@pytest.mark.parametrize("typed", ["架", "7000012050003", "架空松江協同組合"])
def test_what_no_name_holds_is_said_to_be_unknown(pair: Pair, browser: Browser, typed: str) -> None:
    """So is a number, and a single letter."""
    browser.sign_in(pair.factories.user(Role.MANAGER))
    url = f"/organizations/{pair.company.id}/relations/new"
    page = Page(browser.send(url, {"other": typed, "starts_on": "2025-04-01"}, status=422))
    assert "この番号又は名称の団体は、登録されていないか、担当外です。" in page.text
    assert page.by_id("other_choice-0") is None


def test_a_few_are_offered_by_as_many_statements_however_many_there_are(pair: Pair, browser: Browser) -> None:
    for n in range(12):
        pair.factories.organization(SO, name=f"仮想今治{n:02}架空松山組合")
    form, kind = ContractForm, OrganizationKind.SUPERVISING
    with browser.app.test_request_context(method="POST", data={"other": "架空松山"}), statements() as sent:
        asked = form(meta={"csrf": False})
        assert asked.settle_organization(pair.session, pair.actor, "other", kind) is None
    offered = [choice.label for choice in asked.other_choice.choices]
    assert len(offered) == FEW
    assert offered[0].startswith("架空松山協同組合")  # begins with what was typed
    assert len(sent) == 4, sent  # bearers of the name, of a former one, those with a part of it, their former names


def test_the_form_of_the_day_is_kept_and_never_changed(browser: Browser) -> None:
    """Whoever asks the same is given the same form."""
    with browser.app.test_request_context("/organizations/1"):
        browser.app.preprocess_request()
        asked = AsOfForm.from_address()
        form, day = _as_of()
        assert (form.as_of.data, asked.as_of.data) == (day, None)
