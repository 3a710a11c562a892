"""Triggers: who receives one, who decides, what a decision leads to; the list, the panels and the manager's tile."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inspections.scheduling.models import Inspection
from inspections.scheduling.states import DueBasis, InspectionKind, InspectionState
from inspections.triggers import services
from inspections.triggers.models import Trigger
from inspections.triggers.services import Heard
from inspections.triggers.states import TRANSITIONS, TriggerAct, TriggerKind, TriggerState
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor
from otit.auth.permissions import MATRIX, Permission, Role
from otit.errors import NotPermitted, RuleViolation, StateConflict
from tests.cases import statements
from tests.factories import NOW, TODAY, Factories
from tests.pages import Browser, Page

HEARD = Heard(TriggerKind.DECLARATION, date(2026, 11, 20), "賃金が支払われないとの架空の申告。")
DUE = date(2026, 12, 24)


@pytest.fixture
def manager(factories: Factories) -> Actor:
    return factories.user(Role.MANAGER, office_code="11").actor


@pytest.fixture
def trigger(factories: Factories) -> Trigger:
    return factories.trigger(factories.organization(name="株式会社架空端緒"))


def test_those_at_the_door_and_at_the_counter_receive(session: Session, factories: Factories) -> None:
    body = factories.organization()
    for role in Role:
        actor = factories.user(role).actor
        if MATRIX[role] & set(services.RECEIVERS):
            received = services.receive(session, actor, body, HEARD, now=NOW)
            assert (received.state, received.office_code) == (TriggerState.RECEIVED, "11")
        else:
            with pytest.raises(NotPermitted):
                services.receive(session, actor, body, HEARD, now=NOW)
    with pytest.raises(NotPermitted):
        services.receive(session, factories.user(Role.INSPECTOR, office_code="06").actor, body, HEARD, now=NOW)
    numbers = session.scalars(sa.select(Trigger.number).order_by(Trigger.id)).all()
    assert list(numbers) == ["26-T-000001", "26-T-000002", "26-T-000003"]


@pytest.mark.parametrize(
    ("values", "field"),
    [({"received_on": TODAY + timedelta(days=1)}, "received_on"), ({"summary": "  "}, "summary")],
)
def test_what_was_not_heard_yet_is_refused(
    session: Session, factories: Factories, manager: Actor, values: dict[str, Any], field: str
) -> None:
    heard = Heard(**{"kind": HEARD.kind, "received_on": TODAY, "summary": "-", **values})
    with pytest.raises(RuleViolation) as refusal:
        services.receive(session, manager, factories.organization(), heard, now=NOW)
    assert refusal.value.field == field


def test_a_demand_is_an_inspection_with_its_own_clock(session: Session, manager: Actor, trigger: Trigger) -> None:
    inspection = services.demand(session, manager, trigger, reason="架空の理由", due_on=DUE, now=NOW)
    session.commit()
    assert (inspection.kind, inspection.state, inspection.due_on) == (
        InspectionKind.AD_HOC, InspectionState.PLANNED, DUE,
    )  # fmt: skip
    assert (inspection.due_basis, inspection.demand) == (DueBasis.DEMANDED, "架空の理由")
    assert (trigger.state, trigger.inspection_id, trigger.decided_on) == (TriggerState.DEMANDED, inspection.id, TODAY)
    events = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [event.action for event in events] == ["inspection.demanded", "trigger.demanded"]
    assert events[-1].changes == {
        "state": ["received", "demanded"],
        "decided_on": [None, TODAY.isoformat()],
        "inspection_id": [None, inspection.id],
    }


def do(session: Session, actor: Actor, row: Trigger, act: TriggerAct, **values: Any) -> None:
    if act is TriggerAct.DEMAND:
        services.demand(session, actor, row, **{"reason": "架空の理由", "due_on": DUE, "now": NOW, **values})
    else:
        services.dismiss(session, actor, row, **{"reason": "架空の理由", "now": NOW, **values})


@pytest.mark.parametrize("act", list(TriggerAct))
@pytest.mark.parametrize("state", list(TriggerState))
def test_every_state_and_act(
    session: Session, manager: Actor, trigger: Trigger, state: TriggerState, act: TriggerAct
) -> None:
    ways = {TriggerState.DEMANDED: TriggerAct.DEMAND, TriggerState.NO_ACTION: TriggerAct.DISMISS}
    if state in ways:
        do(session, manager, trigger, ways[state])
    assert services.may(manager, trigger, act) is ((state, act) in TRANSITIONS)
    if (state, act) in TRANSITIONS:
        do(session, manager, trigger, act)
        session.commit()
        assert trigger.state is TRANSITIONS[state, act]
    else:
        with pytest.raises(StateConflict):
            do(session, manager, trigger, act)


def test_each_decision_gives_its_reason(session: Session, manager: Actor, trigger: Trigger) -> None:
    for act in TriggerAct:
        with pytest.raises(RuleViolation) as refusal:
            do(session, manager, trigger, act, reason=" ")
        assert refusal.value.field == "reason"
    with pytest.raises(RuleViolation):
        do(session, manager, trigger, TriggerAct.DEMAND, due_on=TODAY - timedelta(days=1))
    assert trigger.state is TriggerState.RECEIVED


def test_managers_of_the_office_decide(session: Session, factories: Factories, trigger: Trigger) -> None:
    strangers = [factories.user(Role.MANAGER, office_code="06")]
    strangers += [factories.user(role) for role in Role if Permission.ASSIGN_INSPECTIONS not in MATRIX[role]]
    for user in strangers:
        for act in TriggerAct:
            with pytest.raises(NotPermitted):
                do(session, user.actor, trigger, act)


@pytest.mark.parametrize(
    "values",
    [
        {"state": TriggerState.NO_ACTION, "decided_on": TODAY},
        {"state": TriggerState.DEMANDED, "decided_on": TODAY},
        {"decided_on": TODAY},
        {"state": TriggerState.NO_ACTION, "decided_on": date(2026, 11, 11), "reason": "架空"},
        {"summary": ""},
    ],
)
def test_the_database_proves_it_too(session: Session, factories: Factories, values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        factories.trigger(**values)
    session.rollback()


# --- pages ------------------------------------------------------------------------------------------------------------


def numbers(page: Page) -> list[str]:
    return ["".join(cell.itertext()).strip() for cell in page.all("th") if cell.get("scope") == "row"]


def test_the_list_shows_what_is_open_first(browser: Browser, factories: Factories) -> None:
    decided = {"state": TriggerState.NO_ACTION, "decided_on": TODAY, "reason": "架空"}
    rows = [
        factories.trigger(received_on=date(2026, 11, 20), **decided),
        factories.trigger(received_on=date(2026, 11, 1)),
        factories.trigger(received_on=date(2026, 11, 19)),
        factories.trigger(
            state=TriggerState.DEMANDED, decided_on=TODAY, inspection_id=factories.inspection().id,
            received_on=date(2026, 11, 22),
        ),
    ]  # fmt: skip
    browser.sign_in(factories.user(Role.READ_ONLY))
    page = browser.get("/triggers")
    assert numbers(page) == [rows[n].number for n in (2, 1, 0, 3)]
    assert "受付から5日" in page.text


def test_the_list_is_paged_across_the_states(browser: Browser, factories: Factories) -> None:
    body = factories.organization()
    decided = {"state": TriggerState.NO_ACTION, "decided_on": TODAY, "reason": "架空"}
    for n in range(60):
        factories.trigger(body, **decided if n % 2 else {})
    browser.sign_in(factories.user(Role.READ_ONLY))
    first = browser.get("/triggers")
    following = next(a.get("href") for a in first.all("a") if a.get("rel") == "next")
    second = browser.get(following or "")
    assert (len(numbers(first)), len(numbers(second))) == (50, 10)
    assert not set(numbers(first)) & set(numbers(second))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "架空端緒"}, True),
        ({"q": "26-t-0"}, True),
        ({"q": "水産"}, False),
        ({"kind": "consultation"}, True),
        ({"kind": "declaration"}, False),
        ({"state": "received"}, True),
        ({"state": "demanded"}, False),
        ({"office": "11"}, True),
        ({"office": "06"}, False),
        ({"received_from": "2026-11-12", "received_to": "2026-11-12"}, True),
        ({"received_from": "2026-11-13"}, False),
        ({"received_to": "2026-11-11"}, False),
    ],
)
def test_filters_live_in_the_address(
    browser: Browser, factories: Factories, trigger: Trigger, query: dict[str, str], found: bool
) -> None:
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert numbers(browser.get("/triggers", **query)) == ([trigger.number] if found else [])


def test_a_trigger_is_seen_by_its_office_only(browser: Browser, factories: Factories, trigger: Trigger) -> None:
    for office, status in (("11", 200), ("06", 404)):
        browser.sign_in(factories.user(Role.INSPECTOR, office_code=office))
        browser.get(f"/triggers/{trigger.id}", status=status)
        assert bool(numbers(browser.get("/triggers"))) is (status == 200)
        browser.get("/triggers/new", status=status, organization=trigger.organization_id)


def test_a_manager_goes_from_what_was_heard_to_the_inspection(
    browser: Browser, factories: Factories, session: Session
) -> None:
    body = factories.organization()
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    url = f"/triggers/new?organization={body.id}"
    browser.send(url, {"kind": "declaration", "received_on": "2026-11-25", "summary": "架空"}, status=422)
    sent = {"kind": "declaration", "received_on": "令和8年11月20日", "summary": "架空の申告"}
    page = browser.follow(browser.send(url, sent))
    assert "26-T-000001" in page.text
    trigger = session.scalars(sa.select(Trigger)).one()
    assert "未判断" in browser.get("/").text
    page = browser.get(f"/triggers/{trigger.id}")
    assert page.heading == "端緒 26-T-000001 — 受付・受付から4日"
    act = f"/triggers/{trigger.id}/demand"
    browser.send(act, {"reason": "架空の申告", "due_on": "2026-11-01"}, status=422)
    page = browser.follow(browser.send(act, {"reason": "架空の申告", "due_on": "2026-12-10"}))
    assert "臨時" in page.text
    assert [link.get("href") for link in page.all("a") if link.text == trigger.number] == [f"/triggers/{trigger.id}"]
    inspection = session.scalars(sa.select(Inspection)).one()
    assert inspection.number in browser.get(f"/triggers/{trigger.id}").text
    browser.get(act, status=409)


def test_no_action_is_a_decision_with_a_reason(browser: Browser, factories: Factories, trigger: Trigger) -> None:
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    act = f"/triggers/{trigger.id}/dismiss"
    browser.send(act, {"reason": ""}, status=422)
    page = browser.follow(browser.send(act, {"reason": "内容が確認できなかった。"}))
    assert page.heading.endswith("検査を要しない")
    assert "内容が確認できなかった。" in page.text


def test_the_tile_counts_what_waits_and_since_when(browser: Browser, factories: Factories, trigger: Trigger) -> None:
    factories.trigger(factories.organization(prefecture_code="13"), received_on=date(2026, 10, 1))
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    home = browser.get("/").text
    assert "端緒の未判断 1 件 最も古いものは12日前" in home


def test_the_list_costs_few_statements(browser: Browser, factories: Factories) -> None:
    for _ in range(5):
        factories.trigger()
    browser.sign_in(factories.user(Role.READ_ONLY)).get("/triggers")
    with statements() as sent:
        browser.get("/triggers")
    assert len(sent) <= 4, sent
