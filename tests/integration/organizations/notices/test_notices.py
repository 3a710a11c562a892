"""Difficulty notices: who notifies, what is checked, what follows from them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from inspections.triggers.models import Trigger
from inspections.triggers.services import dismiss
from inspections.triggers.states import TriggerKind, TriggerState
from organizations.notices.models import DifficultyNotice
from organizations.notices.services import NOTIFIABLE, NoticeFacts, may_notify, record_difficulty
from organizations.notices.states import DifficultyReason, Notifier
from organizations.plans.models import TrainingPlan
from organizations.plans.services import complete, revoke_plans
from organizations.plans.states import PlanCategory, PlanState
from organizations.register.states import OrganizationKind
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor
from otit.auth.permissions import Role
from otit.errors import NotPermitted, RuleViolation, StateConflict
from tests.factories import NOW, TODAY, Factories
from tests.pages import Browser
from tests.races import collide, settled


@pytest.fixture
def manager(factories: Factories) -> Actor:
    return factories.user(Role.MANAGER, office_code="11").actor


@pytest.fixture
def plan(factories: Factories) -> TrainingPlan:
    union = factories.organization(OrganizationKind.SUPERVISING, prefecture_code="13")
    return factories.plan(number="認2611000077", category=PlanCategory.D, supervising_organization_id=union.id)


def facts(**values: Any) -> NoticeFacts:
    defaults: dict[str, Any] = {
        "reason": DifficultyReason.ILLNESS,
        "occurred_on": date(2026, 11, 10),
        "notified_on": date(2026, 11, 17),
    }
    return NoticeFacts(**defaults | values)


def triggers(session: Session) -> list[Trigger]:
    return list(session.scalars(sa.select(Trigger).order_by(Trigger.id)))


@pytest.mark.parametrize(
    ("category", "notifier", "code"),
    [
        (PlanCategory.A, Notifier.IMPLEMENTING, "TIT-19-1"),
        (PlanCategory.C, Notifier.IMPLEMENTING, "TIT-19-1"),
        (PlanCategory.D, Notifier.SUPERVISING, "TIT-33-1"),
        (PlanCategory.F, Notifier.SUPERVISING, "TIT-33-1"),
        (PlanCategory.S, Notifier.IMPLEMENTING, "ESD-19-1"),
        (PlanCategory.M, Notifier.SUPERVISING, "ESD-33-1"),
    ],
)
def test_who_notifies_follows_from_the_type_of_the_plan(
    session: Session, factories: Factories, manager: Actor, category: PlanCategory, notifier: Notifier, code: str
) -> None:
    union = factories.organization(OrganizationKind.SUPERVISING)
    group = {"supervising_organization_id": union.id} if notifier is Notifier.SUPERVISING else {}
    plan = factories.plan(category=category, scheme=category.scheme, **group)
    notice = record_difficulty(session, manager, plan, facts(), now=NOW)
    assert (notice.notifier, notice.provision_code) == (notifier, code)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"notified_on": TODAY + timedelta(days=1)}, "notified_on"),
        ({"notified_on": date(2026, 11, 9)}, "notified_on"),
        ({"occurred_on": date(2026, 2, 28)}, "occurred_on"),
        ({"occurred_on": date(2999, 1, 1)}, "occurred_on"),
        ({"occurred_on": date(2999, 1, 1), "notified_on": date(2999, 1, 2)}, "occurred_on"),
    ],
)
def test_days_that_cannot_be_are_refused(
    session: Session, manager: Actor, plan: TrainingPlan, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(RuleViolation) as refusal:
        record_difficulty(session, manager, plan, facts(**values), now=NOW)
    assert refusal.value.field == field


def test_a_notice_may_give_the_plan_up_on_the_day_of_the_fact(
    session: Session, manager: Actor, plan: TrainingPlan
) -> None:
    record_difficulty(session, manager, plan, facts(), now=NOW)
    assert plan.state is PlanState.ACCREDITED
    record_difficulty(session, manager, plan, facts(discontinue=True), now=NOW)
    session.commit()
    assert (plan.state, plan.ended_on) == (PlanState.DISCONTINUED, date(2026, 11, 10))
    record_difficulty(session, manager, plan, facts(), now=NOW)
    with pytest.raises(StateConflict):
        record_difficulty(session, manager, plan, facts(discontinue=True), now=NOW)


@pytest.mark.parametrize("text", ["NGUYEN VAN KASOU は療養中", "ｎｇｕｙｅｎ　ｖａｎｋａｓｏｕ"])
def test_the_name_of_the_trainee_is_not_written_where_everybody_reads(
    session: Session, factories: Factories, manager: Actor, text: str
) -> None:
    plan = factories.plan(trainee_id=factories.trainee(name="NGUYEN VAN KASOU").id)
    with pytest.raises(RuleViolation) as refusal:
        record_difficulty(session, manager, plan, facts(detail=text), now=NOW)
    assert refusal.value.field == "detail"
    record_difficulty(session, manager, plan, facts(detail="本人は療養中"), now=NOW)


@pytest.mark.parametrize("state", [PlanState.COMPLETED, PlanState.REVOKED])
def test_a_plan_that_is_over_gets_no_notice(
    session: Session, factories: Factories, plan: TrainingPlan, state: PlanState
) -> None:
    manager = factories.user(Role.MANAGER).actor
    if state is PlanState.COMPLETED:
        complete(session, manager, plan, on=TODAY, today=TODAY)
    else:
        revoke_plans(session, manager, [plan.id], on=TODAY, bar_until=date(2031, 11, 23))
    assert state not in NOTIFIABLE
    assert not may_notify(manager, plan)
    with pytest.raises(StateConflict):
        record_difficulty(session, manager, plan, facts(), now=NOW)


def test_only_the_office_of_the_implementing_organization_receives_notices(
    session: Session, factories: Factories, plan: TrainingPlan
) -> None:
    for user in (factories.user(Role.MANAGER, office_code="03"), factories.user(Role.INSPECTOR)):
        with pytest.raises(NotPermitted):
            record_difficulty(session, user.actor, plan, facts(), now=NOW)


# --- what follows -----------------------------------------------------------------------------------------------------


def test_a_disappearance_raises_a_trigger_in_the_same_transaction(
    session: Session, manager: Actor, plan: TrainingPlan
) -> None:
    session.commit()
    record_difficulty(session, manager, plan, facts(reason=DifficultyReason.DISAPPEARANCE), now=NOW)
    session.rollback()
    assert triggers(session) == []
    notice = record_difficulty(session, manager, plan, facts(reason=DifficultyReason.DISAPPEARANCE), now=NOW)
    session.commit()
    (trigger,) = triggers(session)
    assert (trigger.kind, trigger.state) == (TriggerKind.DISAPPEARANCE, TriggerState.RECEIVED)
    assert (trigger.number, trigger.notice_id, trigger.plan_id) == ("26-T-000001", notice.id, plan.id)
    assert (trigger.organization_id, trigger.office_code) == (plan.implementing_organization_id, "11")
    assert trigger.received_on == date(2026, 11, 17)


@pytest.mark.parametrize("reason", [each for each in DifficultyReason if each is not DifficultyReason.DISAPPEARANCE])
def test_no_other_reason_raises_one(
    session: Session, manager: Actor, plan: TrainingPlan, reason: DifficultyReason
) -> None:
    record_difficulty(session, manager, plan, facts(reason=reason), now=NOW)
    assert triggers(session) == []


def test_while_a_trigger_waits_the_same_disappearance_raises_no_other(
    session: Session, factories: Factories, manager: Actor, plan: TrainingPlan
) -> None:
    gone = facts(reason=DifficultyReason.DISAPPEARANCE)
    record_difficulty(session, manager, plan, gone, now=NOW)
    (first,) = triggers(session)
    again = record_difficulty(session, manager, plan, gone, now=NOW)
    session.commit()
    assert triggers(session) == [first]
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "trigger.heard_again")).one()
    assert (event.subject_id, event.detail["notice"]) == (str(first.id), again.id)
    record_difficulty(session, manager, factories.plan(plan.implementing_organization), gone, now=NOW)
    assert len(triggers(session)) == 2
    dismiss(session, manager, first, reason="架空の理由", now=NOW)
    record_difficulty(session, manager, plan, gone, now=NOW)
    assert [one.plan_id for one in triggers(session)].count(plan.id) == 2


def test_what_was_heard_in_another_way_does_not_keep_the_trigger_of_a_notice_back(
    session: Session, factories: Factories, manager: Actor, plan: TrainingPlan
) -> None:
    factories.trigger(plan.implementing_organization, kind=TriggerKind.DISAPPEARANCE, plan_id=plan.id)
    record_difficulty(session, manager, plan, facts(reason=DifficultyReason.DISAPPEARANCE), now=NOW)
    assert len(triggers(session)) == 2


def test_two_clerks_who_record_one_disappearance_raise_one_trigger(
    app: Flask, session: Session, manager: Actor, plan: TrainingPlan
) -> None:
    session.commit()
    plan_id, gone = plan.id, facts(reason=DifficultyReason.DISAPPEARANCE)

    def act(own: Session) -> None:
        record_difficulty(own, manager, own.get_one(TrainingPlan, plan_id), gone, now=NOW)

    assert collide(app, act, act) is None
    assert settled(session).scalar(sa.select(sa.func.count(DifficultyNotice.id))) == 2
    assert len(triggers(session)) == 1


# --- pages ------------------------------------------------------------------------------------------------------------


def test_a_manager_records_a_disappearance_and_gives_the_plan_up(
    browser: Browser, factories: Factories, session: Session, plan: TrainingPlan
) -> None:
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    url = f"/plans/{plan.id}/difficulty-notices/new"
    assert "法第33条第1項" in browser.get(url).text
    wrong = {"reason": "disappearance", "occurred_on": "2026-11-10", "notified_on": "2026-11-09"}
    browser.send(url, wrong, status=422)
    for typed, words in (
        ("令和8年2月30日", "暦に存在しない日付です"),
        ("2999-01-01", "年を確かめてください"),
        ("", "入力してください"),
    ):
        assert words in browser.send(url, {**wrong, "occurred_on": typed}, status=422).get_data(as_text=True)
    later = browser.send(url, {**wrong, "occurred_on": "2026-11-25"}, status=422).get_data(as_text=True)
    assert "困難となった日は、今日（令和8年11月24日）まで" in later
    sent = {"reason": "disappearance", "occurred_on": "令和8年11月10日", "notified_on": "2026-11-17"}
    page = browser.follow(browser.send(url, {**sent, "discontinue": "y"}))
    assert page.heading == "実施困難時届出 認2611000077 — 行方不明"
    assert "困難となった日から7日" in page.text
    assert "26-T-000001" in page.text
    plan_page = browser.get(f"/plans/{plan.id}")
    assert "認2611000077 — 中止" in plan_page.heading
    assert "26-T-000001" in plan_page.text
    assert session.scalar(sa.select(sa.func.count(DifficultyNotice.id))) == 1


def test_the_page_of_a_second_notice_names_the_trigger_that_was_waiting(
    browser: Browser, factories: Factories, session: Session, manager: Actor, plan: TrainingPlan
) -> None:
    gone = facts(reason=DifficultyReason.DISAPPEARANCE)
    first, second = (record_difficulty(session, manager, plan, gone, now=NOW) for _ in range(2))
    session.commit()
    why = "新しい端緒は起こしていません"
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    assert why not in browser.get(f"/difficulty-notices/{first.id}").text
    told = browser.get(f"/triggers/{triggers(session)[0].id}")
    assert f"/difficulty-notices/{second.id}" in [link.get("href") for link in told.all("a")]
    page = browser.get(f"/difficulty-notices/{second.id}")
    assert why in page.text
    ways = [link.get("href") for link in page.all("a") if link.text == "26-T-000001"]
    assert ways == [f"/triggers/{triggers(session)[0].id}"] * 2
    dismiss(session, manager, triggers(session)[0], reason="架空の理由", now=NOW)
    third = record_difficulty(session, manager, plan, gone, now=NOW)
    session.commit()
    assert why not in browser.get(f"/difficulty-notices/{third.id}").text
    assert why in browser.get(f"/difficulty-notices/{second.id}").text
    browser.sign_in(factories.user(Role.MANAGER, office_code="03"))
    assert "26-T-" not in browser.get(f"/difficulty-notices/{second.id}").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, True),
        ({"reason": "illness"}, True),
        ({"reason": "disappearance"}, False),
        ({"office": "11"}, True),
        ({"office": "03"}, False),
        ({"organization_name": "架空試験"}, True),
        ({"organization_name": "水産"}, False),
        ({"notified_from": "2026-11-17", "notified_to": "令和8年11月17日"}, True),
        ({"notified_from": "2026-11-18"}, False),
        ({"notified_to": "2026-11-16"}, False),
    ],
)
def test_the_list_and_its_filters(
    browser: Browser,
    factories: Factories,
    session: Session,
    manager: Actor,
    plan: TrainingPlan,
    query: dict[str, str],
    found: bool,
) -> None:
    record_difficulty(session, manager, plan, facts(), now=NOW)
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert ("認2611000077" in browser.get("/difficulty-notices", **query).text) is found


def test_notices_are_seen_by_the_offices_of_both_organizations_and_no_other(
    browser: Browser, factories: Factories, session: Session, manager: Actor, plan: TrainingPlan
) -> None:
    notice = record_difficulty(session, manager, plan, facts(), now=NOW)
    for office, status in (("11", 200), ("03", 200), ("06", 404)):
        browser.sign_in(factories.user(Role.INSPECTOR, office_code=office))
        browser.get(f"/difficulty-notices/{notice.id}", status=status)
        assert ("認2611000077" in browser.get("/difficulty-notices").text) is (status == 200)


def test_nobody_disappears_before_the_training_begins(session: Session, factories: Factories) -> None:
    plan = factories.plan(accredited_on=date(2026, 3, 1), starts_on=date(2026, 6, 1), ends_on=date(2027, 5, 31))
    manager = factories.user(Role.MANAGER).actor
    early = NoticeFacts(DifficultyReason.DISAPPEARANCE, date(2026, 5, 31), date(2026, 6, 10))
    with pytest.raises(RuleViolation) as refused:
        record_difficulty(session, manager, plan, early, now=NOW)
    assert refused.value.field == "occurred_on"
    record_difficulty(session, manager, plan, replace(early, occurred_on=date(2026, 6, 1)), now=NOW)
