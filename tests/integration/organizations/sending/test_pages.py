"""Sending organizations on screen: entering one, suspending and releasing acceptance."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizations.sending import services
from organizations.sending.models import AcceptanceSuspension, SendingOrganization
from organizations.sending.services import SendingDetails
from otit.audit.models import AuditEvent
from otit.auth.permissions import Permission, Role
from otit.errors import NotPermitted, RuleViolation, StateConflict
from tests.factories import NOW, Factories
from tests.pages import Browser, Page

URL = "/sending-organizations"


def names(page: Page) -> list[str]:
    return ["".join(cell.itertext()).strip() for cell in page.all("th") if cell.get("scope") == "row"]


def test_the_international_desk_enters_a_body_and_finds_it_again(
    browser: Browser, factories: Factories, session: Session
) -> None:
    browser.sign_in(factories.user(Role.INTERNATIONAL))
    data = {"country": "VNM", "name": "Imaginary Manpower JSC", "number": "ｖｎｍ000455"}
    page = browser.follow(browser.send(f"{URL}/new", data))
    assert page.heading == "Imaginary Manpower JSC — ベトナム"
    assert "平成29年6月6日" in page.text
    for query in ({"q": "manpower"}, {"q": "VNM0004"}, {"country": "VNM"}):
        assert names(browser.get(URL, **query)) == ["Imaginary Manpower JSC"]
    for query in ({"q": "lotus"}, {"country": "KHM"}, {"suspended": "y"}):
        assert names(browser.get(URL, **query)) == []
    assert session.scalars(select(AuditEvent.action).order_by(AuditEvent.id.desc())).first() == (
        "sending_organization.created"
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"number": "VNM45"}, "国の3文字と数字6桁"),
        ({"number": "KHM000455"}, "国が異なります"),
        ({}, "送出機関番号か整理番号"),
        ({"number": "VNM000001"}, "既に登録"),
        ({"number": "VNM000455", "approved_on": "2026-11-25"}, "未来の日付"),
        ({"number": "VNM000455", "name": ""}, "入力してください"),
        ({"number": "VNM000455", "country": ""}, "入力してください"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(
    browser: Browser, factories: Factories, session: Session, data: dict[str, str], message: str
) -> None:
    factories.sending_organization(number="VNM000001")
    browser.sign_in(factories.user(Role.INTERNATIONAL))
    answer = browser.send(f"{URL}/new", {"country": "VNM", "name": "Imaginary", **data}, status=422)
    assert message in answer.get_data(as_text=True)
    assert len(session.scalars(select(SendingOrganization.id)).all()) == 1


def test_a_body_is_corrected_by_form_and_its_approval_ends(
    browser: Browser, factories: Factories, session: Session
) -> None:
    body = factories.sending_organization(number="VNM000001", approved_on=date(2020, 4, 1))
    other = factories.sending_organization(number="VNM000002")
    browser.sign_in(factories.user(Role.INTERNATIONAL))
    url = f"{URL}/{body.id}/correction"
    same = {"country": "VNM", "name": "Imaginary Manpower", "number": "VNM000001", "approved_on": "2020-04-01"}
    for wrong, message in (
        ({"number": other.number}, "既に登録"),
        ({"country": "KHM"}, "国が異なります"),
        ({"approval_ended_on": "R2.3.31"}, "認定の日より前"),
        ({"approved_on": "2026-11-25"}, "未来の日付"),
    ):
        assert message in browser.send(url, {**same, **wrong}, status=422).get_data(as_text=True)
    page = browser.follow(browser.send(url, {**same, "approval_ended_on": "2026-11-23"}))
    assert "認定終了" in page.text
    session.expire_all()
    assert (body.name, body.name_key, body.version) == ("Imaginary Manpower", "imaginarymanpower", 2)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "sending_organization.corrected")).one()
    assert event.changes["approval_ended_on"] == [None, "2026-11-23"]
    assert names(browser.get(URL, approval="ended")) == [body.name]
    assert names(browser.get(URL, approval="approved")) == []
    assert names(browser.get(URL, approval="none")) == [other.name]
    browser.send(url, {**same, "approval_ended_on": "2026-11-24"})
    assert names(browser.get(URL, approval="approved")) == ["Imaginary Manpower"]


def test_a_correction_of_what_somebody_else_changed_meanwhile_is_refused(
    browser: Browser, factories: Factories, session: Session
) -> None:
    body = factories.sending_organization(number="VNM000001")
    browser.sign_in(factories.user(Role.INTERNATIONAL))
    url = f"{URL}/{body.id}/correction"
    browser.get(url)
    body.address = "Elsewhere"
    data = {"country": "VNM", "name": "x", "number": "VNM000001"}
    session.commit()
    browser.send(url, data, page="", status=409)
    session.expire_all()
    assert body.name != "x"


def test_a_suspension_holds_from_its_first_day_until_released(
    browser: Browser, factories: Factories, session: Session
) -> None:
    body = factories.sending_organization()
    browser.sign_in(factories.user(Role.INTERNATIONAL))
    url = f"{URL}/{body.id}"
    page = browser.follow(browser.send(f"{url}/suspension", {"starts_on": "2026-11-24", "reason": "架空の理由"}))
    assert page.heading.endswith("新規受入れ停止中")
    assert names(browser.get(URL, suspended="y")) == [body.name]
    assert "既に停止" in browser.send(
        f"{url}/suspension", {"starts_on": "2026-12-01", "reason": "再度"}, status=422
    ).get_data(as_text=True)
    assert "開始日より前" in browser.send(f"{url}/release", {"ends_on": "2026-11-23"}, status=422).get_data(
        as_text=True
    )
    browser.send(f"{url}/release", {"ends_on": "2026-11-24"})
    assert browser.get(url).heading.endswith("停止中")
    row = session.scalars(select(AcceptanceSuspension)).one()
    session.refresh(row)
    assert (row.holds_on(date(2026, 11, 24)), row.holds_on(date(2026, 11, 25))) == (True, False)


def test_a_suspension_announced_for_later_does_not_hold_yet(
    browser: Browser, factories: Factories, session: Session
) -> None:
    body = factories.sending_organization()
    actor = factories.user(Role.INTERNATIONAL)
    services.suspend_acceptance(session, actor.actor, body, starts_on=date(2026, 11, 25), reason="架空")
    browser.sign_in(actor)
    page = browser.get(f"{URL}/{body.id}")
    assert page.heading.endswith("ベトナム")
    assert "停止の解除を記録する" in page.text


def test_suspensions_do_not_overlap(session: Session, factories: Factories) -> None:
    body, actor = factories.sending_organization(), factories.user(Role.INTERNATIONAL).actor
    services.suspend_acceptance(session, actor, body, starts_on=date(2026, 1, 1), reason="架空")
    services.release_acceptance(session, actor, body, ends_on=date(2026, 6, 30))
    with pytest.raises(RuleViolation):
        services.suspend_acceptance(session, actor, body, starts_on=date(2026, 6, 30), reason="架空")
    with pytest.raises(StateConflict):
        services.release_acceptance(session, actor, body, ends_on=date(2026, 7, 1))
    with pytest.raises(RuleViolation):  # it has no end, so it would run over the whole of the earlier one
        services.suspend_acceptance(session, actor, body, starts_on=date(2025, 12, 31), reason="架空")
    services.suspend_acceptance(session, actor, body, starts_on=date(2026, 7, 1), reason="架空")
    session.commit()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.INTERNATIONAL])
def test_only_the_international_desk_maintains_sending_organizations(
    browser: Browser, factories: Factories, session: Session, role: Role
) -> None:
    body, user = factories.sending_organization(), factories.user(role)
    assert not user.actor.can(Permission.MAINTAIN_SENDING)
    with pytest.raises(NotPermitted):
        services.create_sending(session, user.actor, SendingDetails("VNM", "x", "VNM000009"), now=NOW)
    with pytest.raises(NotPermitted):
        services.suspend_acceptance(session, user.actor, body, starts_on=date(2026, 1, 1), reason="x")
    with pytest.raises(NotPermitted):
        services.release_acceptance(session, user.actor, body, ends_on=date(2026, 1, 1))
    with pytest.raises(NotPermitted):
        services.correct_sending(session, user.actor, body, SendingDetails("VNM", "x", "VNM000009"), now=NOW)
    browser.sign_in(user)
    for page in ("new", f"{body.id}/correction", f"{body.id}/suspension", f"{body.id}/release"):
        browser.get(f"{URL}/{page}", status=403)
