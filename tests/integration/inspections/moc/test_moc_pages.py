"""A report to a government, through the pages: the desk drafts, another person approves, the answer is recorded."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.moc.models import MocReport
from inspections.moc.states import MocMeasure, MocState
from organizations.sending.models import SendingOrganization
from otit.auth.permissions import Role
from tests.factories import Factories
from tests.pages import Browser

TEXTS = {"facts": "保証金として30万円を徴収していた。", "request": "調査及び認定の取消しを求める。"}


@pytest.fixture
def body(factories: Factories) -> SendingOrganization:
    return factories.sending_organization(country="KHM", number="KHM000455")


def test_from_draft_to_closing(
    browser: Browser, factories: Factories, session: Session, body: SendingOrganization
) -> None:
    desk, manager = factories.user(Role.INTERNATIONAL), factories.user(Role.MANAGER)
    browser.sign_in(desk)
    assert "通報を起案する" in browser.get(f"/sending-organizations/{body.id}").text
    draft = browser.send(f"/moc-reports/new?sending={body.id}", {**TEXTS, "drafted_on": "令和8年9月1日"})
    assert browser.follow(draft).heading.endswith("起案")
    url = f"/moc-reports/{session.scalars(sa.select(MocReport.id)).one()}"
    browser.send(f"{url}/revision", {**TEXTS, "request": "調査を求める。"})
    assert browser.client.get(f"{url}/approval").status_code == 403
    browser.sign_in(manager)
    assert "調査を求める。" in browser.get(f"{url}/approval").text
    browser.send(f"{url}/approval", {"on": "2026-09-02"})
    assert browser.client.get(f"{url}/sending").status_code == 403
    browser.sign_in(desk)
    browser.send(f"{url}/sending", {"on": "2026-09-03", "reference": "架空発0903第1号", "answer_due_on": "2026-11-01"})
    assert "超過23日" in browser.get("/moc-reports", ageing="overdue").text
    browser.send(f"{url}/acknowledgement", {"on": "2026-09-10"})
    answer = {"on": "2026-11-20", "measure": "authorization_revoked", "summary": "認定を取り消した。"}
    browser.send(f"{url}/answer", answer)
    closed = browser.follow(browser.send(f"{url}/closing", {"on": "2026-11-24", "note": "記録済み"}))
    assert closed.heading.endswith("終結")
    assert "認定取消し" in closed.text
    session.expire_all()
    report = session.scalars(sa.select(MocReport)).one()
    assert (report.state, report.measure) == (MocState.CLOSED, MocMeasure.AUTHORIZATION_REVOKED)
    assert report.approved_by_id == manager.id


def test_a_country_without_a_memorandum_is_refused(browser: Browser, factories: Factories, session: Session) -> None:
    other = factories.sending_organization(country="CHN", number="CHN000001")
    browser.sign_in(factories.user(Role.INTERNATIONAL))
    url = f"/moc-reports/new?sending={other.id}"
    refused = browser.send(url, {**TEXTS, "drafted_on": "2026-09-01"}, status=422)
    assert "協力覚書のない国" in refused.get_data(as_text=True)
    assert session.scalar(sa.select(sa.func.count(MocReport.id))) == 0


def test_a_day_before_the_memorandum_was_signed_is_refused(
    browser: Browser, factories: Factories, body: SendingOrganization
) -> None:
    browser.sign_in(factories.user(Role.INTERNATIONAL))
    url = f"/moc-reports/new?sending={body.id}"
    refused = browser.send(url, {**TEXTS, "drafted_on": "2017-07-10"}, status=422)
    assert "平成29年7月11日" in refused.get_data(as_text=True)
    browser.send(url, {**TEXTS, "drafted_on": "2017-07-11"})


@pytest.mark.parametrize("role", [Role.LABOUR_STANDARDS, Role.ADMINISTRATOR])
def test_who_may_not_see_sending_organizations_sees_no_report(
    browser: Browser, factories: Factories, role: Role
) -> None:
    browser.sign_in(factories.user(role))
    browser.get("/moc-reports", status=403)


def test_a_form_sent_twice_acts_once_and_an_older_form_is_refused(
    browser: Browser, factories: Factories, session: Session, body: SendingOrganization
) -> None:
    browser.sign_in(factories.user(Role.INTERNATIONAL))
    url = f"/moc-reports/new?sending={body.id}"
    page = browser.get(url)
    data = {
        **TEXTS,
        "drafted_on": "2026-09-01",
        "csrf_token": page.hidden("csrf_token", "/moc-reports/new"),
        "once": page.hidden("once", "/moc-reports/new"),
    }
    first, second = (browser.client.post(url, data=data) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert session.scalar(sa.select(sa.func.count(MocReport.id))) == 1
    report_url = first.headers["Location"]
    stale = browser.get(f"{report_url}/revision")
    browser.send(f"{report_url}/revision", {**TEXTS, "facts": "先に直した。"})
    late = {"csrf_token": stale.hidden("csrf_token"), "version": stale.hidden("version"), **TEXTS}
    assert browser.client.post(f"{report_url}/revision", data=late).status_code == 409
