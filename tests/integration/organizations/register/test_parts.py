"""Officers, places and notices about the business: entered, corrected, ended; refusals; who is warned of whom."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizations.licenses.states import LicenseState
from organizations.plans.states import PlanState
from organizations.register import officers, place_acts
from organizations.register.business import NoticeFacts, record_business_notice, settle_business
from organizations.register.models import BusinessNotice, Officer, Organization, Place
from organizations.register.namesakes import barred_namesakes
from organizations.register.officers import OfficerFacts
from organizations.register.place_acts import PlaceFacts
from organizations.register.states import (
    BusinessAct,
    BusinessStatus,
    OfficerPosition,
    OrganizationKind,
    PlaceKind,
)
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor, system_actor
from otit.auth.permissions import Role
from otit.errors import NotPermitted, RuleViolation, StateConflict
from otit.text import match_key
from tests.factories import NOW, TODAY, Factories
from tests.pages import Browser, Page

SO, IO = OrganizationKind.SUPERVISING, OrganizationKind.IMPLEMENTING
HEAD, DIRECTOR = OfficerPosition.REPRESENTATIVE, OfficerPosition.DIRECTOR
REVOKED = {"revoked_on": date(2024, 7, 1), "bar_until": date(2029, 6, 30)}
DORMITORY = PlaceFacts(PlaceKind.DORMITORY, "架空寮", "27", "架空市1")


@pytest.fixture
def manager(factories: Factories) -> Actor:
    return factories.user(Role.MANAGER).actor


@pytest.fixture
def body(factories: Factories) -> Organization:
    return factories.organization()


def enter(session: Session, actor: Actor, body: Organization, name: str = "架空　一郎", **values: Any) -> Officer:
    facts = {"position": DIRECTOR, "starts_on": date(2020, 4, 1), **values}
    return officers.add_officer(session, actor, body, OfficerFacts(name=name, **facts), now=NOW)


# --- officers ---------------------------------------------------------------------------------------------------------


def test_the_representative_follows_the_officers(session: Session, manager: Actor, body: Organization) -> None:
    old = enter(session, manager, body, "架空　太郎", position=HEAD)
    assert body.representative == "架空　太郎"
    officers.end_officer(session, manager, old, on=date(2026, 3, 31), now=NOW)
    assert body.representative == "架空　太郎"
    enter(session, manager, body, "架空　花子", position=HEAD, starts_on=date(2026, 4, 1))
    enter(session, manager, body, "架空　三郎")
    session.commit()
    assert body.representative == "架空　花子"
    actions = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions.count("organization.representative_changed") == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_on": date(2026, 11, 25)}, "starts_on"),
        ({"ends_on": date(2020, 3, 31)}, "ends_on"),
        ({"ends_on": date(2026, 11, 25)}, "ends_on"),
        ({"name": "　"}, "name"),
    ],
)
def test_impossible_terms_of_office_are_refused(
    session: Session, manager: Actor, body: Organization, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(RuleViolation) as refusal:
        enter(session, manager, body, **values)
    assert refusal.value.field == field


def test_nobody_holds_one_office_twice_at_a_time(session: Session, manager: Actor, body: Organization) -> None:
    first = enter(session, manager, body, ends_on=date(2024, 3, 31))
    with pytest.raises(RuleViolation):
        enter(session, manager, body, "架空 一郎", starts_on=date(2024, 3, 31))
    enter(session, manager, body, starts_on=date(2024, 4, 1))
    enter(session, manager, body, position=OfficerPosition.AUDITOR)
    with pytest.raises(StateConflict):
        officers.end_officer(session, manager, first, on=TODAY, now=NOW)


def test_a_second_representative_in_office_is_confirmed(
    session: Session, factories: Factories, browser: Browser, manager: Actor, body: Organization
) -> None:
    enter(session, manager, body, "架空　太郎", position=HEAD)
    former = enter(session, manager, body, "架空　前子", position=HEAD, ends_on=date(2024, 3, 31))
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    url = f"/organizations/{body.id}/officers/new"
    typed = {"position": "representative", "name": "架空　花子", "starts_on": "令和8年4月1日"}
    page = Page(browser.send(url, typed, status=422))
    assert "代表者「架空 太郎」（令和2年4月1日就任）と在任の期間が重なります" in page.text
    assert "前子" not in page.text
    browser.follow(browser.send(url, {**typed, "shown": page.hidden("shown"), "confirmed": "y"}))
    session.expire_all()
    assert body.representative == "架空　花子"
    added = sa.select(AuditEvent.detail).where(AuditEvent.action == "officer.added").order_by(AuditEvent.id)
    assert session.scalars(added).all()[-1]["findings"] == ["second-representative"]
    second = session.scalars(sa.select(Officer).where(Officer.name == "架空　花子")).one()
    now = {"position": "representative", "starts_on": "2026-04-01"}
    browser.send(f"/organizations/officers/{second.id}/edit", {**now, "name": "架空　華子"})
    own = f"/organizations/officers/{former.id}/edit"
    longer = {"position": "representative", "name": "架空　前子", "starts_on": "2020-04-01"}
    assert "重なります" in Page(browser.send(own, {**longer, "ends_on": "2024-04-30"}, status=422)).text
    browser.send(own, {**longer, "position": "director", "ends_on": "2024-04-30"})


def represented_by(page: Page) -> str:
    """The fact on the page of the organization."""
    terms = [child for one in page.all("dl") for child in one.iter() if child.tag.endswith(("}dt", "}dd"))]
    texts = [" ".join(" ".join(one.itertext()).split()) for one in terms]
    return texts[texts.index("代表者") + 1]


def test_two_representatives_in_office_are_both_shown(
    session: Session, factories: Factories, browser: Browser, manager: Actor, body: Organization
) -> None:
    """Who came last first; nobody who has left or has not come yet."""
    enter(session, manager, body, "架空　前子", position=HEAD, ends_on=TODAY - timedelta(days=1))
    enter(session, manager, body, "架空　太郎", position=HEAD, starts_on=date(2020, 4, 1))
    session.commit()
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert represented_by(browser.get(f"/organizations/{body.id}")) == "架空 太郎"
    enter(session, manager, body, "架空　花子", position=HEAD, starts_on=date(2026, 4, 1), ends_on=TODAY)
    enter(session, manager, body, "架空　次子", position=OfficerPosition.DIRECTOR)
    session.commit()
    assert represented_by(browser.get(f"/organizations/{body.id}")) == "架空 花子 架空 太郎"


def test_one_representative_after_the_other_needs_no_second_look(
    session: Session, manager: Actor, body: Organization
) -> None:
    enter(session, manager, body, "架空　太郎", position=HEAD, ends_on=date(2026, 3, 31))
    enter(session, manager, body, "架空　次子", position=DIRECTOR)
    for position, starts_on, expected in (
        (HEAD, date(2026, 4, 1), 0),
        (HEAD, date(2026, 3, 31), 1),
        (DIRECTOR, TODAY, 0),
    ):
        facts = OfficerFacts(position, "架空　花子", starts_on)
        assert len(officers.review_officer(session, body, facts, None, TODAY)) == expected


@pytest.mark.parametrize("field", ["starts_on", "ends_on"])
def test_a_day_to_come_is_refused_with_the_day_it_may_be(body: Organization, field: str) -> None:
    days = {"starts_on": date(2020, 4, 1), field: date(2999, 1, 1)}
    with pytest.raises(RuleViolation, match="予定は登録できません") as refusal:
        officers.check_officer(OfficerFacts(DIRECTOR, "架空", **days), TODAY)
    assert (refusal.value.field, refusal.value.params) == (field, {"today": TODAY})


def test_the_database_proves_the_term_too(session: Session, body: Organization) -> None:
    days = {"starts_on": date(2024, 1, 2), "ends_on": date(2024, 1, 1)}
    session.add(Officer(organization_id=body.id, position=DIRECTOR, name="架空", name_key="架空", **days))
    with pytest.raises(IntegrityError, match="ends_after_start"):
        session.flush()


def test_others_and_other_offices_write_no_parts(session: Session, factories: Factories, body: Organization) -> None:
    for actor in (factories.user(Role.INSPECTOR).actor, factories.user(Role.MANAGER, office_code="03").actor):
        with pytest.raises(NotPermitted):
            enter(session, actor, body)
        with pytest.raises(NotPermitted):
            place_acts.add_place(session, actor, body, DORMITORY)


def test_namesakes_of_officers_at_a_revocation_are_found_and_nobody_else(
    session: Session, factories: Factories, manager: Actor
) -> None:
    union = factories.license(state=LicenseState.REVOKED, licensed_on=date(2020, 1, 1), **REVOKED).organization
    company = factories.organization()
    for _n in range(3):
        factories.plan(company, state=PlanState.REVOKED, accredited_on=date(2023, 1, 1), **REVOKED)
    spared = factories.license().organization
    enter(session, manager, union, "架空　太郎")
    enter(session, manager, company, "架空　太郎")
    enter(session, manager, company, "架空　早子", ends_on=date(2024, 6, 30))
    enter(session, manager, company, "架空　遅子", starts_on=date(2024, 7, 2))
    enter(session, manager, spared, "架空　無事")
    asked = [match_key(name) for name in ("架空太郎", "架空早子", "架空遅子", "架空無事")]
    found = barred_namesakes(session, asked, TODAY)
    assert {key: {one.organization_id for one in rows} for key, rows in found.items()} == {
        "架空太郎": {union.id, company.id}
    }
    assert len(found["架空太郎"]) == 2
    assert barred_namesakes(session, asked, date(2029, 6, 30))
    assert not barred_namesakes(session, asked, date(2029, 7, 1))


def test_a_namesake_is_shown_before_the_officer_is_entered_and_on_the_page(
    session: Session, factories: Factories, manager: Actor, browser: Browser
) -> None:
    union = factories.license(state=LicenseState.REVOKED, licensed_on=date(2020, 1, 1), **REVOKED).organization
    enter(session, manager, union, "架空　太郎")
    other = factories.organization(name="株式会社架空の別会社")
    browser.sign_in(factories.user(Role.MANAGER))
    url = f"/organizations/{other.id}/officers/new"
    typed = {"position": "director", "name": "架空太郎", "starts_on": "令和7年4月1日"}
    page = Page(browser.send(url, typed, status=422))
    assert "同じ名前の理事・取締役" in page.text
    assert "法第10条第12号" in page.text
    after = browser.follow(browser.send(url, {**typed, "shown": page.hidden("shown"), "confirmed": "y"}))
    assert "在任中の役員等と同じ名前の人が、取消しを受けた団体にいました" in after.text
    assert "在任中の役員等と同じ名前" not in browser.get(f"/organizations/{union.id}").text
    noted = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert noted is not None
    assert noted.detail["findings"] == ["barred-namesake"]


def test_officers_are_corrected_and_ended_on_pages(
    session: Session, factories: Factories, manager: Actor, body: Organization, browser: Browser
) -> None:
    officer = enter(session, manager, body)
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    typed = {"position": "auditor", "name": "架空　次郎", "starts_on": "2021-04-01"}
    assert "架空 次郎" in browser.follow(browser.send(f"/organizations/officers/{officer.id}/edit", typed)).text
    url = f"/organizations/officers/{officer.id}/end"
    assert "就任の日" in Page(browser.send(url, {"ends_on": "2021-03-31"}, status=422)).text
    page = browser.follow(browser.send(url, {"ends_on": "令和8年3月31日"}))
    assert "退任した役員等（1）" in page.text


def test_only_a_supervising_organization_is_audited_from_outside(
    session: Session, factories: Factories, manager: Actor, body: Organization, browser: Browser
) -> None:
    union = factories.organization(SO)
    assert enter(session, manager, union, position=OfficerPosition.EXTERNAL).id
    with pytest.raises(RuleViolation) as refusal:
        enter(session, manager, body, position=OfficerPosition.EXTERNAL)
    assert refusal.value.field == "position"
    browser.sign_in(factories.user(Role.MANAGER))
    assert "外部監査人" in browser.get(f"/organizations/{union.id}/officers/new").text
    assert "外部監査人" not in browser.get(f"/organizations/{body.id}/officers/new").text


def test_what_can_only_be_clicked_is_not_printed(
    session: Session, factories: Factories, manager: Actor, body: Organization, browser: Browser
) -> None:
    enter(session, manager, body)
    page = browser.sign_in(factories.user(Role.MANAGER)).get(f"/organizations/{body.id}")
    acts = [one for tag in ("th", "td") for one in page.all(tag) if "操作" in (one.text, one.get("data-label"))]
    assert [one.get("class") for one in acts] == ["no-print", "no-print"]


# --- places -----------------------------------------------------------------------------------------------------------


def test_a_place_lies_in_the_prefecture_that_its_address_names(
    session: Session, manager: Actor, body: Organization
) -> None:
    with pytest.raises(RuleViolation) as refusal:
        place_acts.add_place(session, manager, body, replace(DORMITORY, address="愛知県架空市1"))
    assert refusal.value.field == "address"
    assert place_acts.add_place(session, manager, body, replace(DORMITORY, address="大阪府架空市1")).id


@pytest.mark.parametrize(
    ("other", "refused"),
    [
        ({}, True),
        ({"name": "架空 寮", "address": "大阪府架空市１"}, True),
        ({"starts_on": date(2026, 4, 1)}, False),
        ({"starts_on": date(2026, 3, 31)}, True),
        ({"kind": PlaceKind.BUSINESS_SITE}, False),
        ({"name": "架空第二寮"}, False),
        ({"address": "架空市2"}, False),
    ],
)
def test_a_place_is_entered_once_for_the_time_of_its_use(
    session: Session, manager: Actor, body: Organization, other: dict[str, Any], refused: bool
) -> None:
    place = place_acts.add_place(session, manager, body, replace(DORMITORY, ends_on=date(2026, 3, 31)))
    if refused:
        with pytest.raises(RuleViolation) as refusal:
            place_acts.add_place(session, manager, body, replace(DORMITORY, **other))
        assert refusal.value.field == "name"
    else:
        place_acts.add_place(session, manager, body, replace(DORMITORY, **other))
    place_acts.correct_place(session, manager, place, replace(DORMITORY, phone="06-000-0000", ends_on=place.ends_on))


def test_a_place_is_entered_corrected_and_ended(
    session: Session, factories: Factories, body: Organization, browser: Browser
) -> None:
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    typed = {
        "kind": "dormitory",
        "name": "架空寮",
        "prefecture_code": "27",
        "address": "架空市1",
        "starts_on": "R2.4.1",
    }
    page = browser.follow(browser.send(f"/organizations/{body.id}/places/new", typed))
    assert "大阪府架空市1" in page.text
    place = session.scalars(sa.select(Place)).one()
    browser.send(f"/organizations/places/{place.id}/edit", {**typed, "phone": "06-000-0000"})
    url = f"/organizations/places/{place.id}/end"
    assert "使用の開始日" in Page(browser.send(url, {"ends_on": "2020-03-31"}, status=422)).text
    browser.send(url, {"ends_on": "2026-12-31"})
    session.expire_all()
    assert (place.phone, place.phone_key, place.ends_on) == ("06-000-0000", "060000000", date(2026, 12, 31))
    assert "既に使われなくなっています" in Page(browser.send(url, {"ends_on": "2026-12-31"}, status=422)).text


# --- the business -----------------------------------------------------------------------------------------------------


def notice(act: BusinessAct, notified: date, effective: date, **values: Any) -> NoticeFacts:
    return NoticeFacts(act, notified, effective, **values)


def test_what_holds_later_is_followed_on_its_day(session: Session, factories: Factories, manager: Actor) -> None:
    body = factories.organization(SO)
    paused = notice(BusinessAct.SUSPEND, TODAY, date(2027, 1, 1), until=date(2027, 3, 31))
    record_business_notice(session, manager, body, paused, now=NOW)
    with pytest.raises(StateConflict):
        record_business_notice(session, manager, body, paused, now=NOW)
    resumed = notice(BusinessAct.RESUME, TODAY, date(2027, 4, 1))
    record_business_notice(session, manager, body, resumed, now=NOW)
    session.commit()
    assert body.status is BusinessStatus.ACTIVE
    night = system_actor("business")
    states = []
    for day in (date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2), date(2027, 4, 5)):
        states.append((settle_business(session, night, today=day, now=NOW), body.status))
        session.commit()
    assert states == [
        (0, BusinessStatus.ACTIVE),
        (1, BusinessStatus.SUSPENDED),
        (0, BusinessStatus.SUSPENDED),
        (1, BusinessStatus.ACTIVE),
    ]
    assert session.scalars(sa.select(BusinessNotice.applied_on).order_by(BusinessNotice.id)).all() == [
        date(2027, 1, 1),
        date(2027, 4, 5),
    ]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (notice(BusinessAct.SUSPEND, date(2026, 11, 25), date(2026, 12, 31)), "notified_on"),
        (notice(BusinessAct.SUSPEND, TODAY, TODAY, until=date(2026, 11, 23)), "until"),
        (notice(BusinessAct.CLOSE, TODAY, TODAY, until=TODAY), "until"),
    ],
)
def test_impossible_days_of_a_notice_are_refused(
    session: Session, manager: Actor, body: Organization, facts: NoticeFacts, field: str
) -> None:
    with pytest.raises(RuleViolation) as refusal:
        record_business_notice(session, manager, body, facts, now=NOW)
    assert refusal.value.field == field


def test_notices_come_in_the_order_in_which_they_hold(session: Session, manager: Actor, body: Organization) -> None:
    record_business_notice(session, manager, body, notice(BusinessAct.SUSPEND, TODAY, TODAY), now=NOW)
    with pytest.raises(RuleViolation) as refusal:
        record_business_notice(session, manager, body, notice(BusinessAct.RESUME, TODAY, date(2026, 11, 1)), now=NOW)
    assert refusal.value.field == "effective_on"


def test_a_late_notice_is_warned_of_recorded_and_marked(
    session: Session, factories: Factories, browser: Browser
) -> None:
    body = factories.organization(SO)
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    url = f"/organizations/{body.id}/business-notice"
    typed = {"act": "close", "notified_on": "2026-11-20", "effective_on": "2026-11-24", "reason": "架空の理由"}
    page = Page(browser.send(url, typed, status=422))
    assert "届出が期限（令和8年10月24日" in page.text
    after = browser.follow(browser.send(url, {**typed, "shown": page.hidden("shown"), "confirmed": "y"}))
    assert "届出の遅れ" in after.text
    assert "事業廃止" in after.text
    assert "事業の届出を記録する" not in after.text
    noted = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert noted is not None
    assert noted.detail["findings"] == ["late-notice"]
