"""Signing in: throttled, rotated, ended on the server; nobody passes without it."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from otit.audit.models import AuditEvent
from otit.audit.trail import verify
from otit.auth.access import unmarked_endpoints
from otit.auth.models import UserSession
from otit.auth.permissions import Role
from tests.factories import Factories
from tests.pages import Browser


def test_every_endpoint_declares_who_may_call_it(app: Flask) -> None:
    assert unmarked_endpoints(app) == []


def test_a_wrong_password_is_refused_without_saying_which_part_was_wrong(
    browser: Browser, factories: Factories
) -> None:
    user = factories.user(Role.MANAGER)
    answer = browser.send("/sign-in", {"username": user.username, "password": "wrong"}, status=422)
    assert "ユーザー名またはパスワードが正しくありません。" in answer.get_data(as_text=True)


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
