"""Instruments in the browser: issuing, the story of a page, the list with its filters and its bounded statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from inspections.orders.models import CorrectionOrder
from inspections.orders.queries import OrderFilter, order_list, orders_needing_attention
from inspections.orders.states import Instrument, OrderState
from otit.auth.permissions import Role
from otit.db import db
from tests.factories import NOW, TODAY, Factories
from tests.field_work import BOOKS, Case
from tests.pages import Browser, Page


@pytest.fixture
def case(session: Session, factories: Factories) -> Case:
    return Case(session, factories)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that run inside."""
    found: list[str] = []

    def note(connection, cursor, statement, *rest):
        found.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.engine, "before_cursor_execute", note)


def _orders(case: Case, count: int, **values: object) -> list[CorrectionOrder]:
    """Instruments straight into the table, one a day from the first due day on."""
    defaults = {
        "inspection_id": case.inspection.id,
        "authority": "otit",
        "instrument": Instrument.IMPROVEMENT_GUIDANCE,
        "issued_on": date(2026, 10, 1),
        "text": "改善",
        "state": OrderState.ISSUED,
        "issued_by_id": case.inspector.id,
        "created_at": NOW,
    }
    first = values.pop("first_due", TODAY - timedelta(days=2))
    assert isinstance(first, date)
    made = []
    for n in range(count):
        due_on = first + timedelta(days=n)
        number = f"試験26-11-{next(case.factories.numbers):04d}"
        made.append(case.factories.add(CorrectionOrder(**defaults | {"number": number, "due_on": due_on} | values)))
    return made


def test_the_inspector_issues_a_recommendation_on_an_open_violation(case: Case, browser: Browser) -> None:
    case.visit(BOOKS)
    (violation,) = case.violations()
    browser.sign_in(case.inspector)
    url = f"/inspections/{case.inspection.id}/orders/new"
    assert url in browser.get(f"/inspections/{case.inspection.id}").html
    data = {
        "instrument": "improvement_recommendation",
        "violations": [violation.id],
        "text": "管理簿を作成すること。",
        "issued_on": "2026-11-21",
        "due_on": "令和8年12月21日",
    }
    page = browser.follow(browser.send(url, data))
    assert page.heading.startswith("改善勧告 改勧26-11-0001")
    assert "法第20条" in page.text
    assert "改善勧告を交付（期限 令和8年12月21日）" in page.text
    assert "改勧26-11-0001" in browser.get(f"/inspections/{case.inspection.id}").text
    assert "改勧26-11-0001" in browser.get(f"/organizations/{case.organization.id}").text


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"violations": []}, "violations"),
        ({"instrument": "improvement_guidance"}, "violations"),
        ({"instrument": "corrective_recommendation"}, "instrument"),
        ({"due_on": ""}, "due_on"),
        ({"due_on": "2026-11-20"}, "due_on"),
        ({"issued_on": "2026-11-25", "due_on": "2026-12-25"}, "issued_on"),
        ({"violations": ["x"]}, "violations"),
        ({"violations": [99999]}, "violations"),
    ],
)
def test_a_wrong_instrument_is_explained_beside_its_field(
    case: Case, browser: Browser, values: dict[str, object], place: str
) -> None:
    case.visit(BOOKS)
    data = {
        "instrument": "improvement_recommendation",
        "violations": [case.violations()[0].id],
        "text": "管理簿を作成すること。",
        "issued_on": "2026-11-21",
        "due_on": "2026-12-21",
    }
    browser.sign_in(case.inspector)
    page = Page(browser.send(f"/inspections/{case.inspection.id}/orders/new", data | values, status=422))
    assert page.by_id(f"{place}-error") is not None
    assert case.session.scalars(select(CorrectionOrder)).all() == []


def test_reply_insufficient_extension_and_acceptance_are_told_as_a_story(case: Case, browser: Browser) -> None:
    order = case.order()
    browser.sign_in(case.manager)
    url = f"/orders/{order.id}"
    browser.send(f"{url}/reply", {"received_on": "2026-11-22", "summary": "写真を添付"})
    browser.send(f"{url}/assess", {"assessed_on": "2026-11-23", "verdict": "find_insufficient"}, status=422)
    browser.send(f"{url}/assess", {"assessed_on": "2026-11-23", "verdict": "find_insufficient", "text": "写真が不鮮明"})
    browser.send(f"{url}/extend", {"due_on": "2027-01-15", "reason": "再撮影のため"})
    browser.send(f"{url}/reply", {"received_on": "2026-11-24", "summary": "再提出"})
    page = browser.follow(
        browser.send(f"{url}/assess", {"assessed_on": "2026-11-24", "verdict": "accept", "text": "確認済"})
    )
    titles = [
        text for text in ("改善を確認", "期限を令和9年1月15日", "改善不十分と判断", "報告書を受領") if text in page.text
    ]
    assert len(titles) == 4
    assert "改善確認" in page.heading
    for act in ("reply", "assess", "extend", "escalate"):
        assert f"{url}/{act}" not in page.html


def test_an_act_that_the_state_does_not_allow_is_refused_on_its_page(case: Case, browser: Browser) -> None:
    order = case.order()
    browser.sign_in(case.manager)
    page = Page(
        browser.send(f"/orders/{order.id}/assess", {"assessed_on": "2026-11-24", "verdict": "accept"}, status=422)
    )
    assert "回答待ち" in page.text


def test_a_double_click_and_a_stale_form_change_nothing_twice(case: Case, browser: Browser) -> None:
    order = case.order()
    browser.sign_in(case.manager)
    url = f"/orders/{order.id}/extend"
    page = browser.get(url)
    hidden = {name: page.hidden(name) for name in ("csrf_token", "once", "version")}
    data = {**hidden, "due_on": "2027-01-15", "reason": "準備"}
    assert [browser.client.post(url, data=data).status_code for _click in range(2)] == [303, 303]
    stale = browser.client.post(url, data={**data, "once": "another", "due_on": "2027-02-15"})
    assert stale.status_code == 409
    case.session.expire_all()
    assert case.session.get_one(CorrectionOrder, order.id).due_on == date(2027, 1, 15)


def test_escalation_says_what_it_does_and_needs_a_reason(case: Case, browser: Browser) -> None:
    order = case.order()
    browser.sign_in(case.manager)
    url = f"/orders/{order.id}/escalate"
    assert "取り消せません" in browser.get(url).text
    browser.send(url, {"reason": " "}, status=422)
    page = browser.follow(browser.send(url, {"reason": "改善の見込みがない"}))
    assert "処分手続へ移行" in page.heading
    assert "改善の見込みがない" in page.text


def test_the_reader_sees_an_instrument_without_acts(case: Case, browser: Browser) -> None:
    order = case.order()
    browser.sign_in(case.reader)
    page = browser.get(f"/orders/{order.id}")
    for act in ("reply", "assess", "extend", "escalate"):
        assert f"/orders/{order.id}/{act}" not in page.html
        browser.get(f"/orders/{order.id}/{act}", status=403)


def test_another_office_finds_neither_the_instrument_nor_a_row(case: Case, browser: Browser) -> None:
    order = case.order()
    browser.sign_in(case.elsewhere)
    browser.get(f"/orders/{order.id}", status=404)
    browser.get(f"/orders/{order.id}/extend", status=404)
    assert "条件に合う勧告・指導はありません" in browser.get("/orders").text


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.INTERNATIONAL])
def test_roles_without_inspections_see_no_instruments(
    case: Case, factories: Factories, browser: Browser, role: Role
) -> None:
    order = case.order()
    browser.sign_in(factories.user(role))
    browser.get("/orders", status=403)
    browser.get(f"/orders/{order.id}", status=403)
    assert order.number not in browser.get(f"/organizations/{case.organization.id}").html


def test_the_filters_of_the_list_narrow_it(case: Case) -> None:
    late, today, coming = _orders(case, 3, first_due=TODAY - timedelta(days=1))
    (replied,) = _orders(case, 1, first_due=TODAY - timedelta(days=9), state=OrderState.REPLIED)
    actor = case.manager.actor

    def ids(**wanted: object) -> list[int]:
        found = OrderFilter(**wanted)
        listing = order_list(actor, found, TODAY)
        rows = listing.page(case.session, None).rows
        assert listing.count(case.session) == (len(rows), True)
        return [row.id for row in rows]

    assert ids() == [replied.id, late.id, today.id, coming.id]
    assert ids(overdue=True) == [late.id]
    assert ids(state=OrderState.REPLIED) == [replied.id]
    assert (ids(open=True), ids(open=False)) == (ids(), [])
    assert ids(due_from=TODAY) == [today.id, coming.id]
    assert ids(due_to=TODAY) == [replied.id, late.id, today.id]
    assert ids(instrument=Instrument.IMPROVEMENT_RECOMMENDATION) == []
    assert ids(office_code="11") == ids()
    assert ids(office_code="08") == []


def test_the_list_pages_by_keyset_and_keeps_its_filters(case: Case, browser: Browser) -> None:
    made = _orders(case, 120)
    browser.sign_in(case.manager)
    page, seen = browser.get("/orders", state="issued"), []
    while True:
        seen += [link.text for link in page.all("a") if (link.get("href") or "").startswith("/orders/")]
        following = [link.get("href") for link in page.all("a") if link.get("rel") == "next"]
        if not following:
            break
        assert "state=issued" in str(following[0])
        page = browser.get(str(following[0]))
    assert seen == [order.number for order in made]
    assert "120" in page.text


def test_a_list_page_takes_three_statements(case: Case, browser: Browser, app: Flask) -> None:
    _orders(case, 60)
    browser.sign_in(case.manager)
    with counted(app) as statements:
        browser.get("/orders?overdue=y&office=11&due_from=2026-11-01")
    assert len(statements) <= 4, statements


def test_an_order_page_is_bounded(case: Case, browser: Browser, app: Flask) -> None:
    order = case.order()
    browser.sign_in(case.manager)
    with counted(app) as statements:
        browser.get(f"/orders/{order.id}")
    assert len(statements) <= 6, statements


@pytest.mark.parametrize("query", ["?due_from=x", "?state=lost", "?instrument=stop_use_order", "?office=99"])
def test_a_filter_that_cannot_be_is_shown_as_such_and_filters_nothing(case: Case, browser: Browser, query: str) -> None:
    _orders(case, 1)
    browser.sign_in(case.manager)
    assert "該当 1 件" in browser.get(f"/orders{query}").text


def test_a_damaged_place_in_the_list_is_answered_not_broken(case: Case, browser: Browser) -> None:
    browser.sign_in(case.manager)
    browser.get("/orders?cursor=broken", status=422)


def test_what_needs_attention_is_counted_within_the_scope(case: Case) -> None:
    _orders(case, 7, first_due=TODAY - timedelta(days=7))
    _orders(case, 2, state=OrderState.REPLIED)
    _orders(case, 1, first_due=TODAY)
    found = orders_needing_attention(case.session, case.manager.actor, TODAY)
    assert (found.overdue_count, len(found.overdue), found.to_assess_count, len(found.to_assess)) == (7, 5, 2, 2)
    assert found.overdue[0].due_on == TODAY - timedelta(days=7)
    for who in (case.elsewhere, case.officer):
        nothing = orders_needing_attention(case.session, who.actor, TODAY)
        assert (nothing.overdue_count, nothing.to_assess_count) == (0, 0)


def _listed(page: Page) -> list[str]:
    return [link.text or "" for link in page.all("a") if (link.get("href") or "").startswith("/orders/")]


def _at(page: Page, words: str) -> str:
    return next(link.get("href", "") for link in page.all("a") if "".join(link.itertext()).strip() == words)


def test_the_list_opens_on_what_is_open_and_closed_ones_are_one_click_away(case: Case, browser: Browser) -> None:
    ends = {
        OrderState.ACCEPTED: {"accepted_on": TODAY},
        OrderState.ESCALATED: {"escalated_on": TODAY, "escalation_reason": "架空"},
    }
    made = [_orders(case, 1, state=state, **ends.get(state, {}))[0].number for state in OrderState]
    awaited, replied, poor, accepted, escalated = made
    browser.sign_in(case.manager)
    address = _at(browser.get("/"), "勧告・指導")
    assert address == "/orders?state=open"
    page = browser.get(address)
    assert sorted(_listed(page)) == sorted([awaited, replied, poor])
    assert [link.text for link in page.all("a") if link.get("aria-current") == "page"].count("勧告・指導") == 2
    assert _listed(browser.get("/orders")) == _listed(page)
    assert sorted(_listed(browser.get(_at(page, "終了")))) == sorted([accepted, escalated])
    assert len(_listed(browser.get(_at(page, "すべて")))) == 5


def test_the_groups_keep_the_other_filters_and_drop_the_place_in_the_list(case: Case, browser: Browser) -> None:
    browser.sign_in(case.manager)
    page = browser.get("/orders", office="11", state="open")
    assert _at(page, "終了") == "/orders?office=11&state=closed"
