"""Users: entered, stopped, let in again and given passwords by an administrator only; every act audited."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from otit.audit.models import AuditEvent
from otit.auth import services
from otit.auth.models import User, UserSession
from otit.auth.permissions import Role
from otit.errors import NotPermitted, RuleViolation, StateConflict
from tests.factories import NOW, Factories
from tests.pages import Browser

NEW = {
    "username": "Hanako.Kaku",
    "display_name": "架空 花子",
    "role": "inspector",
    "office_code": "11",
    "password": "kaku-kaku-kaku",
    "again": "kaku-kaku-kaku",
}


def test_an_administrator_adds_a_person_who_can_then_sign_in(
    browser: Browser, factories: Factories, session: Session
) -> None:
    browser.sign_in(factories.user(Role.ADMINISTRATOR))
    page = browser.follow(browser.send("/admin/users/new", NEW))
    assert page.heading == "架空 花子 — 利用中"
    user = session.scalars(select(User).where(User.username == "hanako.kaku")).one()
    noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "user.created")).one()
    assert "kaku-kaku-kaku" not in str(noted.changes) + str(noted.detail)
    browser.sign_in(user, "kaku-kaku-kaku").get("/organizations/implementing")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"password": "short", "again": "short"}, "10文字以上"),
        ({"again": "another-password"}, "一致しません"),
        ({"username": "花子"}, "英数字"),
        ({"office_code": ""}, "所属事務所が必要"),
        ({"role": "labour_standards"}, "労働基準監督官"),
        ({"role": "manager", "bureau_code": "38"}, "労働基準監督官だけ"),
        ({"role": "root"}, "入力してください"),
    ],
)
def test_what_does_not_fit_is_refused_and_nobody_is_added(
    browser: Browser, factories: Factories, session: Session, data: dict[str, str], message: str
) -> None:
    browser.sign_in(factories.user(Role.ADMINISTRATOR))
    answer = browser.send("/admin/users/new", {**NEW, **data}, status=422).get_data(as_text=True)
    assert message in answer
    assert "kaku-kaku-kaku" not in answer
    assert session.scalar(select(User.id).where(User.username == "hanako.kaku")) is None


def test_a_name_in_use_is_refused_whatever_its_case(browser: Browser, factories: Factories) -> None:
    factories.user(username="hanako.kaku")
    browser.sign_in(factories.user(Role.ADMINISTRATOR))
    assert "既に使われています" in browser.send("/admin/users/new", NEW, status=422).get_data(as_text=True)


def test_a_stopped_user_is_out_at_once_and_can_be_let_in_again(
    browser: Browser, factories: Factories, session: Session
) -> None:
    user, administrator = factories.user(Role.INSPECTOR), factories.user(Role.ADMINISTRATOR)
    browser.sign_in(user)
    theirs = browser.client
    browser.sign_in(administrator)
    page = browser.follow(browser.send(f"/admin/users/{user.id}/deactivate"))
    assert page.heading.endswith("— 停止中")
    assert theirs.get("/organizations/implementing").status_code == 302
    assert session.scalars(select(UserSession).where(UserSession.user_id == user.id)).one().ended_at is not None
    noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "user.deactivated")).one()
    assert (noted.changes, noted.detail) == ({"active": [True, False]}, {"sessions_ended": 1, "version": 2})
    browser.send(f"/admin/users/{user.id}/reactivate", page=f"/admin/users/{user.id}")
    assert theirs.get("/organizations/implementing").status_code == 302
    browser.sign_in(user).get("/organizations/implementing")


def test_a_new_password_signs_the_user_out_everywhere(browser: Browser, factories: Factories) -> None:
    user = factories.user(Role.INSPECTOR)
    browser.sign_in(user)
    theirs = browser.client
    browser.sign_in(factories.user(Role.ADMINISTRATOR))
    url = f"/admin/users/{user.id}"
    browser.send(f"{url}/password", {"password": "x", "again": "x"}, status=422, page=url)
    passwords = {"password": "new-password-1", "again": "new-password-1"}
    browser.send(f"{url}/password", passwords, page=url)
    assert theirs.get("/organizations/implementing").status_code == 302
    browser.sign_in(user, "new-password-1")


def test_nobody_locks_everybody_out(session: Session, factories: Factories) -> None:
    only = factories.user(Role.ADMINISTRATOR)
    with pytest.raises(RuleViolation):
        services.deactivate_user(session, only.actor, only, now=NOW)
    other = factories.user(Role.ADMINISTRATOR, active=False)
    system = services.User(username="x", role=Role.ADMINISTRATOR, id=0).actor
    with pytest.raises(RuleViolation):
        services.deactivate_user(session, system, only, now=NOW)
    services.reactivate_user(session, only.actor, other)
    services.deactivate_user(session, other.actor, only, now=NOW)
    session.commit()
    assert (only.active, other.active) == (False, True)


def test_a_user_is_not_stopped_or_let_in_twice(session: Session, factories: Factories) -> None:
    administrator, user = factories.user(Role.ADMINISTRATOR).actor, factories.user()
    with pytest.raises(StateConflict):
        services.reactivate_user(session, administrator, user)
    services.deactivate_user(session, administrator, user, now=NOW)
    with pytest.raises(StateConflict):
        services.deactivate_user(session, administrator, user, now=NOW)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_manages_users_or_reads_the_audit_trail(
    browser: Browser, factories: Factories, session: Session, role: Role
) -> None:
    user, target = factories.user(role), factories.user()
    with pytest.raises(NotPermitted):
        services.deactivate_user(session, user.actor, target, now=NOW)
    with pytest.raises(NotPermitted):
        services.reactivate_user(session, user.actor, target)
    with pytest.raises(NotPermitted):
        services.set_password(session, user.actor, target, "long-enough-1", now=NOW)
    browser.sign_in(user)
    for url in ("/admin/users", "/admin/users/new", f"/admin/users/{target.id}", "/admin/audit"):
        browser.get(url, status=403)


def test_the_list_finds_by_name_role_and_state(browser: Browser, factories: Factories) -> None:
    factories.user(Role.INSPECTOR, username="taro", display_name="架空 太郎")
    factories.user(Role.INSPECTOR, username="jiro", display_name="架空 次郎", active=False)
    browser.sign_in(factories.user(Role.ADMINISTRATOR))
    assert "架空 太郎" in browser.get("/admin/users", q="TARO").text
    assert "架空 太郎" in browser.get("/admin/users", role="inspector").text
    assert "架空 太郎" not in browser.get("/admin/users", role="read_only").text
    page = browser.get("/admin/users", inactive="y")
    assert "架空 次郎" in page.text
    assert "架空 太郎" not in page.text
