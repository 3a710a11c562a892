"""After a run of the schedule: how many inspections it planned, and the way to exactly those."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.scheduling.models import Inspection
from otit.auth.permissions import Role
from otit.db import db
from otit.jobs.models import JobRun
from otit.jobs.runner import run_job
from tests.factories import Factories
from tests.pages import Browser, Page


@pytest.fixture
def manager(browser: Browser, factories: Factories) -> Browser:
    return browser.sign_in(factories.user(Role.MANAGER))


def plan(manager: Browser, session: Session) -> Page:
    """The page of the run that the button has asked for, after it has ended."""
    address = manager.send("/inspections/schedule").headers["Location"]
    run_job(db.engine, None, address.rsplit("/", 1)[-1], "test")
    session.expire_all()
    return manager.get(address)


def link(page: Page, words: str) -> str:
    return next(a.get("href", "") for a in page.all("a") if "".join(a.itertext()).strip() == words)


def names(page: Page) -> set[str]:
    return {"".join(th.itertext()).strip() for th in page.all("th") if th.get("scope") == "row"}


def test_a_run_leads_to_what_it_planned_and_nothing_else(
    manager: Browser, factories: Factories, session: Session
) -> None:
    factories.inspection()
    late = {factories.organization(first_training_on=date(2023, 1, n)).name for n in (1, 2)}
    page = plan(manager, session)
    assert "実地検査2件を計画しました" in page.text
    run = session.scalars(sa.select(JobRun)).one()
    assert manager.client.get(f"/jobs/{run.id}.json").json["redirect"] is None, "the count would not be seen"
    address = link(page, "結果を見る")
    shown = manager.get(address)
    assert names(shown) == late
    assert "該当 2 件" in shown.text
    assert "一回の処理で計画した検査だけを表示しています" in shown.text
    factories.inspection()
    assert names(manager.get(address)) == late
    assert names(manager.get(address + "&state=done")) == set()
    assert "一回の処理" not in manager.get(link(shown, "すべての検査の一覧へ")).text


def test_a_run_that_planned_nothing_says_so(manager: Browser, session: Session) -> None:
    page = plan(manager, session)
    assert "新しく計画する実地検査はありませんでした。" in page.text
    assert "結果を見る" not in page.text
    assert link(page, "一覧を開く") == "/inspections"


@pytest.mark.parametrize("bounds", ["first=x&last=1", f"first=0&last={2**31}", "first=-1", "first=&last="])
def test_bounds_that_cannot_be_narrow_nothing(manager: Browser, factories: Factories, bounds: str) -> None:
    made = factories.inspection()
    assert made.number in manager.get(f"/inspections?{bounds}").text


def test_the_bounds_stay_when_another_filter_is_chosen(
    manager: Browser, session: Session, factories: Factories
) -> None:
    factories.organization(first_training_on=date(2023, 1, 1))
    address = link(plan(manager, session), "結果を見る")
    only = str(session.scalars(sa.select(Inspection.id)).one())
    page = manager.get(address)
    assert {name: page.hidden(name, "/inspections") for name in ("first", "last")} == {"first": only, "last": only}


def test_a_run_whose_kind_is_gone_still_has_its_page(manager: Browser, session: Session) -> None:
    plan(manager, session)
    run = session.scalars(sa.select(JobRun)).one()
    run.kind = "no-longer-there"
    assert "処理が完了しました" in manager.get(f"/jobs/{run.id}").text
