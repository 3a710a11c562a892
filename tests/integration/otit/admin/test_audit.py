"""The audit trail on screen: newest first, found by who, what and when, and proved unbroken by a job."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from organizations.plans.services import discontinue, revoke_plans
from otit.admin.jobs import VERIFY_AUDIT, verify_audit
from otit.audit.trail import record
from otit.auth.actors import system_actor
from otit.auth.models import User
from otit.auth.permissions import Role
from otit.jobs.models import JobRun
from otit.jobs.progress import Progress
from otit.jobs.queue import Task
from tests.factories import Factories
from tests.pages import Browser, Page

URL = "/admin/audit"


@pytest.fixture
def manager(factories: Factories, session: Session) -> User:
    """Somebody who has given up one plan and revoked another."""
    user = factories.user(Role.MANAGER, username="kaku", display_name="架空 太郎")
    discontinue(session, user.actor, factories.plan(), on=date(2026, 7, 1), today=date(2026, 11, 24))
    session.commit()
    revoke_plans(session, user.actor, [factories.plan().id], on=date(2026, 7, 1), bar_until=date(2031, 6, 30))
    session.commit()
    return user


def actions(page: Page) -> list[str]:
    """Their codes, which stand under their words."""
    return ["".join(cell.itertext()).split()[-1] for cell in page.all("th") if cell.get("scope") == "row"]


def test_an_event_shows_who_did_what_with_old_and_new(browser: Browser, factories: Factories, manager: User) -> None:
    browser.sign_in(factories.user(Role.ADMINISTRATOR))
    page = browser.get(URL)
    assert actions(page) == ["user.signed_in", "plan.revoked", "plan.discontinued"]
    assert "架空 太郎" in page.text
    assert "選択肢" not in page.text  # nothing is chosen yet, and so nothing is wrong
    assert "技能実習計画：取消し" in page.text
    assert "状態： 変更前： 認定 → 変更後： 中止" in page.text
    assert "欠格期間の末日：2031-06-30" in page.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"actor": "kaku"}, 2),
        ({"actor": "KAKU"}, 2),
        ({"actor": "system:schedule"}, 0),
        ({"actor": "nobody"}, 0),
        ({"action": "plan"}, 2),
        ({"action": "license"}, 0),
        ({"subject_type": "training_plans"}, 2),
        ({"subject_type": "training_plans", "subject_id": "*"}, 1),
        ({"from_day": "2100-01-01"}, 0),
        ({"to_day": "2020-01-01"}, 0),
        ({"from_day": "2020-01-01", "to_day": "2100-01-01"}, 3),
    ],
)
def test_filters_live_in_the_address(
    browser: Browser, factories: Factories, manager: User, query: dict[str, str], found: int
) -> None:
    browser.sign_in(factories.user(Role.ADMINISTRATOR))
    assert len(actions(browser.get(URL, **query))) == found


def test_the_trail_is_paged_without_counting_it(browser: Browser, factories: Factories, session: Session) -> None:
    for n in range(70):
        record(session, system_actor("test"), f"test.{n}", ("tests", n))
    browser.sign_in(factories.user(Role.ADMINISTRATOR))
    page = browser.get(URL, actor="system:test")
    assert actions(page)[0] == "test.69"
    older = next(a.get("href", "") for a in page.all("a") if a.get("rel") == "next")
    assert actions(browser.get(older))[-1] == "test.0"


def test_the_button_asks_for_a_verification_that_says_what_it_found(
    browser: Browser, factories: Factories, session: Session, manager: User
) -> None:
    browser.sign_in(factories.user(Role.ADMINISTRATOR))
    browser.get(URL)
    answer = browser.send(f"{URL}/verify", page=URL)
    run = session.scalars(select(JobRun).where(JobRun.kind == VERIFY_AUDIT)).one()
    assert answer.headers["Location"] == f"/jobs/{run.id}"
    assert "監査証跡の検証" in browser.get(f"/jobs/{run.id}").text


def task(session: Session) -> Task:
    return Task(session, Progress("x", None), {}, "x", "user:1", 1)


def test_a_sound_trail_is_said_to_be_sound(session: Session, manager: User) -> None:
    asked = task(session)
    assert verify_audit(asked) == {"sound": True, "count": 2, "broken_at": None}
    assert asked.progress.standing.message is not None
    assert "改変はありません" in asked.progress.standing.message


def test_a_changed_event_is_named(session: Session, manager: User, backend: str) -> None:
    if backend == "sqlite":
        for trigger in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(text(f"DROP TRIGGER {trigger}"))
    else:
        session.execute(text("SET session_replication_role = replica"))
    session.execute(text("UPDATE audit_events SET actor = 'user:999' WHERE id = (SELECT max(id) FROM audit_events)"))
    asked = task(session)
    result = verify_audit(asked)
    session.rollback()
    assert result["sound"] is False
    assert asked.progress.standing.params["place"] == result["broken_at"]
    assert "壊れています" in (asked.progress.standing.message or "")
