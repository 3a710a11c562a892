"""Everybody changes their own password: proved by the present one, throttled, audited, and whoever had a session is
out."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from otit.audit.models import AuditEvent
from otit.audit.trail import verify
from otit.auth.models import UserSession
from otit.auth.permissions import Role
from otit.web.limits import limiter
from tests.factories import PASSWORD, Factories
from tests.pages import Browser, Page

URL = "/account/password"
NEW = "another-battery-staple"
FILLED = {"current": PASSWORD, "password": NEW, "again": NEW}


@pytest.mark.parametrize("role", Role)
def test_everybody_finds_the_way_in_the_user_menu(browser: Browser, factories: Factories, role: Role) -> None:
    page = browser.sign_in(factories.user(role)).get("/")
    assert URL in [link.get("href") for link in page.all("a")]
    assert browser.get(URL).heading == "自分のパスワードを変更する"


def test_nobody_does_it_without_signing_in(browser: Browser) -> None:
    assert browser.client.get(URL).headers["Location"] == "/sign-in?next=/account/password"


def test_the_new_password_holds_and_every_other_session_ends(
    browser: Browser, factories: Factories, session: Session
) -> None:
    user = factories.user(Role.INSPECTOR)
    browser.sign_in(user)
    elsewhere = browser.client
    browser.sign_in(user)
    stolen = browser.client.get_cookie("otit_session")
    assert stolen is not None
    csrf = browser.get("/").hidden("csrf_token")
    answer = browser.send(URL + "?next=https://evil.example/", FILLED)
    assert answer.headers["Location"] == "/"
    page = browser.follow(answer)
    assert "パスワードを変更しました" in page.text
    assert page.hidden("csrf_token") != csrf
    assert elsewhere.get("/inspections").status_code == 302
    browser.client.set_cookie("otit_session", stolen.value)
    assert browser.client.get("/inspections").status_code == 302
    session.expire_all()
    assert len(session.scalars(select(UserSession).where(UserSession.ended_at.is_(None))).all()) == 1
    browser.client = browser.app.test_client()
    browser.send("/sign-in", {"username": user.username, "password": PASSWORD}, status=422)
    browser.sign_in(user, NEW)


def test_the_change_is_audited_without_the_passwords(browser: Browser, factories: Factories, session: Session) -> None:
    user = factories.user(Role.INSPECTOR)
    browser.sign_in(user).send(URL, FILLED)
    noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "user.password_changed")).one()
    assert (noted.actor, noted.subject_id) == (f"user:{user.id}", str(user.id))
    assert (noted.changes, noted.detail) == ({}, {"sessions_ended": 1, "version": 2})
    assert verify(session).sound


@pytest.mark.parametrize(
    ("values", "field", "text"),
    [
        ({"current": "wrong-password"}, "current", "現在のパスワードが正しくありません"),
        ({"current": ""}, "current", "入力してください"),
        ({"password": "short", "again": "short"}, "password", "10文字以上"),
        ({"again": "another-battery-stable"}, "again", "一致しません"),
        ({"password": PASSWORD, "again": PASSWORD}, "password", "異なるもの"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    browser: Browser, factories: Factories, session: Session, values: dict[str, str], field: str, text: str
) -> None:
    user = factories.user(Role.INSPECTOR)
    before = user.password_hash
    page = Page(browser.sign_in(user).send(URL, FILLED | values, status=422))
    error = page.by_id(f"{field}-error")
    assert error is not None
    assert text in "".join(error.itertext())
    assert not [one.get("value") for one in page.all("input") if one.get("type") == "password" and one.get("value")]
    session.expire_all()
    assert user.password_hash == before
    assert "サインアウト" in browser.get("/").text


def test_guessing_the_present_password_is_throttled(built_app: Flask, browser: Browser, factories: Factories) -> None:
    limiter.enabled = True
    limiter.reset()
    try:
        browser.sign_in(factories.user(Role.MANAGER))
        for _ in range(10):
            browser.send(URL, FILLED | {"current": "wrong-password"}, status=422)
        assert "しばらく" in browser.send(URL, FILLED, status=429).get_data(as_text=True)
    finally:
        limiter.reset()
        limiter.enabled = False


def test_the_second_of_two_clicks_is_told_that_the_first_was_taken(browser: Browser, factories: Factories) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    page = browser.get(URL)
    data = FILLED | {"csrf_token": page.hidden("csrf_token"), "once": page.hidden("once", URL)}
    cookie = browser.client.get_cookie("otit_session")
    assert cookie is not None
    assert browser.client.post(URL, data=data).status_code == 303
    browser.client.set_cookie("otit_session", cookie.value)
    late = browser.client.post(URL, data=data)
    assert late.headers["Location"].startswith("/sign-in")
    text = browser.follow(late).text
    assert "既に送信されています" in text
    assert "保存されていません" not in text
