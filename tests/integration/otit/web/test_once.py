"""A form that is sent twice acts once, also when both are on their way at the same moment."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from otit.auth.access import _act_once
from otit.auth.models import UserSession
from otit.auth.permissions import Role
from otit.db import db
from otit.errors import StateConflict
from otit.web import once
from tests.factories import NOW, PASSWORD, Factories
from tests.pages import Browser


@pytest.fixture
def audit_page(browser: Browser, factories: Factories) -> Browser:
    browser.sign_in(factories.user(Role.ADMINISTRATOR))
    browser.get("/admin/audit")
    return browser


def verify_trail(browser: Browser, token: str) -> TestResponse:
    assert browser.last is not None
    data = {"csrf_token": browser.last.hidden("csrf_token"), "once": token}
    return browser.client.post("/admin/audit/verify", data=data)


def count_runs(session: Session) -> int:
    session.rollback()
    return session.scalar(sa.text("SELECT count(*) FROM job_runs")) or 0


def test_the_second_of_two_clicks_leads_where_the_first_did(audit_page: Browser, session: Session) -> None:
    token = once.new_token()
    first, second = verify_trail(audit_page, token), verify_trail(audit_page, token)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert count_runs(session) == 1
    assert "二重には記録していません" in audit_page.follow(second).text


@pytest.mark.parametrize("token", ["x" * 65, "x" * 5000, "あ" * 20, "short", "' OR 1=1 --" + "x" * 10])
def test_a_token_that_cannot_be_ours_is_passed_over(audit_page: Browser, session: Session, token: str) -> None:
    assert verify_trail(audit_page, token).status_code == 303
    assert session.scalar(sa.select(sa.func.count()).select_from(once.SentForm)) == 0


@pytest.mark.parametrize("refuses", ["raises", "answers"])
def test_a_click_overtaken_by_its_twin_is_told_so_and_not_that_it_came_too_late(app: Flask, refuses: str) -> None:
    """The twin commits while this one is at work, so this one finds the record already moved on."""
    token = once.new_token()

    def overtaken() -> object:
        with Session(db.engine) as other:
            once.remember(other, token, "/done", NOW)
            other.commit()
        if refuses == "raises":
            raise StateConflict("状態が変わりました。")
        return app.make_response(("too late", 422))

    with app.test_request_context("/", method="POST", data={"once": token}):
        answer = _act_once(db.session(), overtaken)  # type: ignore[arg-type]
    assert (answer.status_code, answer.headers.get("Location")) == (303, "/done")


def test_a_refusal_stays_a_refusal_when_nobody_was_faster(app: Flask) -> None:
    def refused() -> object:
        raise StateConflict("状態が変わりました。")

    with (
        app.test_request_context("/", method="POST", data={"once": once.new_token()}),
        pytest.raises(StateConflict),
    ):
        _act_once(db.session(), refused)  # type: ignore[arg-type]


def test_a_double_click_on_sign_in_signs_in_whichever_answer_arrives(
    app: Flask, browser: Browser, factories: Factories, session: Session
) -> None:
    user = factories.user(Role.MANAGER)
    page = browser.get("/sign-in")
    hidden = {f.get("name"): f.get("value") for f in page.all("input") if f.get("type") == "hidden"}
    before = browser.client.get_cookie("otit_session")
    assert before is not None
    for _ in range(2):
        browser.client.set_cookie("otit_session", before.value)
        answer = browser.client.post("/sign-in", data={**hidden, "username": user.username, "password": PASSWORD})
        assert answer.status_code == 303
        assert browser.client.get("/inspections").status_code == 200
    assert session.scalar(sa.select(sa.func.count()).select_from(UserSession)) == 2
