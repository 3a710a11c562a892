"""Signing in: throttled, rotated, ended on the server; nobody passes without it."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from otit.audit.models import AuditEvent
from otit.audit.trail import verify
from otit.auth.access import unmarked_endpoints
from otit.auth.models import UserSession
from otit.auth.permissions import Role
from otit.auth.services import SESSION_LIFETIME
from otit.clock import FixedClock
from otit.web.clock import set_clock
from otit.web.limits import limiter
from tests.factories import NOW, PASSWORD, Factories
from tests.pages import Browser


def test_every_endpoint_declares_who_may_call_it(app: Flask) -> None:
    assert unmarked_endpoints(app) == []


def test_a_wrong_password_is_refused_without_saying_which_part_was_wrong(
    browser: Browser, factories: Factories, caplog: pytest.LogCaptureFixture
) -> None:
    user = factories.user(Role.MANAGER)
    answer = browser.send("/sign-in", {"username": user.username, "password": "wrong"}, status=422)
    assert "ユーザー名またはパスワードが正しくありません。" in answer.get_data(as_text=True)
    assert "a sign-in from 127.0.0.1 was refused" in caplog.text
    assert user.username not in caplog.text


def test_signing_in_and_out_opens_and_ends_a_session_and_is_audited(
    browser: Browser, factories: Factories, session: Session
) -> None:
    user = factories.user(Role.MANAGER)
    browser.sign_in(user)
    row = session.scalars(select(UserSession)).one()
    assert row.ended_at is None
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions == ["user.signed_in"]
    assert verify(session).sound


def test_signing_out_ends_the_session_on_the_server(browser: Browser, factories: Factories, session: Session) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    stolen = browser.client.get_cookie("otit_session")
    assert stolen is not None
    browser.send("/sign-out", page="/")
    assert session.scalars(select(UserSession)).one().ended_at is not None
    browser.client.set_cookie("otit_session", stolen.value)
    assert browser.client.get("/inspections").status_code == 302


def test_a_session_ends_by_itself(app: Flask, browser: Browser, factories: Factories) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    set_clock(app, FixedClock(NOW + SESSION_LIFETIME))
    assert browser.client.get("/inspections").status_code == 302


def test_a_deactivated_user_is_out_at_once(browser: Browser, factories: Factories, session: Session) -> None:
    user = factories.user(Role.MANAGER)
    browser.sign_in(user)
    user.active = False
    session.commit()
    assert browser.client.get("/inspections").status_code == 302


def test_the_page_that_was_wanted_opens_after_signing_in(browser: Browser, factories: Factories) -> None:
    user = factories.user(Role.MANAGER)
    session_less = browser.client.get("/inspections?state=planned")
    where = session_less.headers["Location"]
    assert where.endswith("?next=/inspections?state%3Dplanned") or "next=%2Finspections" in where
    answer = browser.send(where, {"username": user.username, "password": PASSWORD})
    assert answer.headers["Location"] == "/inspections?state=planned"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "//["])
def test_no_sign_in_leads_to_another_site(browser: Browser, factories: Factories, target: str) -> None:
    user = factories.user(Role.MANAGER)
    answer = browser.send(f"/sign-in?next={target}", {"username": user.username, "password": PASSWORD})
    assert answer.headers["Location"] == "/"


def test_a_form_sent_after_the_session_ended_says_that_nothing_was_saved(
    app: Flask, browser: Browser, factories: Factories, session: Session
) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    token = browser.get("/inspections").hidden("csrf_token")
    set_clock(app, FixedClock(NOW + SESSION_LIFETIME))
    headers = {"Referer": "http://localhost/inspections?state=planned"}
    answer = browser.client.post("/inspections/schedule", data={"csrf_token": token}, headers=headers)
    assert answer.headers["Location"] == "/sign-in?next=/inspections?state%3Dplanned"
    assert "保存されていません" in browser.follow(answer).text


def test_a_form_sent_after_signing_out_elsewhere_says_that_nothing_was_saved(
    browser: Browser, factories: Factories
) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    token = browser.get("/inspections").hidden("csrf_token")
    browser.send("/sign-out", page="/inspections")
    answer = browser.client.post("/inspections/schedule", data={"csrf_token": token})
    assert answer.status_code == 400
    assert "入力した内容は保存されていません" in answer.get_data(as_text=True)


def test_repeated_wrong_passwords_are_throttled(built_app: Flask, browser: Browser, factories: Factories) -> None:
    limiter.enabled = True
    limiter.reset()
    try:
        user = factories.user(Role.MANAGER)
        for _ in range(10):
            browser.send("/sign-in", {"username": user.username, "password": "wrong"}, status=422)
        answer = browser.send("/sign-in", {"username": user.username, "password": PASSWORD}, status=429)
        assert "しばらく" in answer.get_data(as_text=True)
    finally:
        limiter.reset()
        limiter.enabled = False


def test_signing_in_rightly_is_never_too_often(built_app: Flask, browser: Browser, factories: Factories) -> None:
    """Many people of one office come through one address."""
    limiter.enabled = True
    limiter.reset()
    try:
        for _ in range(12):
            browser.sign_in(factories.user(Role.MANAGER))
    finally:
        limiter.reset()
        limiter.enabled = False


def test_every_page_carries_the_security_headers(browser: Browser) -> None:
    headers = browser.client.get("/sign-in").headers
    policy = headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_a_form_without_its_token_is_refused(browser: Browser, factories: Factories) -> None:
    user = factories.user(Role.MANAGER)
    answer = browser.client.post("/sign-in", data={"username": user.username, "password": PASSWORD})
    assert answer.status_code == 400
