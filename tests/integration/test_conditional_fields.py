"""What must be filled in under a condition says the condition beside the field."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from inspections.dispositions import services as dispositions
from inspections.dispositions.services import Proposal
from inspections.dispositions.states import DispositionKind
from inspections.orders import services as orders
from otit.auth.permissions import Role
from tests.cases import NOON, REASON, first_company, grounds, proposed
from tests.factories import TODAY, Factories
from tests.field_work import BOOKS, Case
from tests.pages import Browser, Page


@pytest.fixture
def case(session: Session, factories: Factories) -> Case:
    return Case(session, factories)


def unsaid(page: Page, *fields: str) -> list[str]:
    """The fields whose hint does not name a condition."""
    hints = {name: page.by_id(f"{name}-hint") for name in fields}
    return [name for name, hint in hints.items() if hint is None or "場合は必須です" not in "".join(hint.itertext())]


def test_the_visit_form(case: Case, browser: Browser) -> None:
    page = browser.sign_in(case.inspector).get(f"/inspections/{case.inspection.id}/visits/new")
    assert unsaid(page, "people_present", "findings-0-finding", "findings-0-description") == []


def test_instruments_and_their_assessment(case: Case, browser: Browser) -> None:
    case.visit(BOOKS)
    case.bureau_result()
    page = browser.sign_in(case.inspector).get(f"/inspections/{case.inspection.id}/orders/new")
    assert unsaid(page, "violations") == []
    order = case.order()
    orders.receive_reply(case.session, case.inspector.actor, order, received_on=TODAY, summary="写真", today=TODAY)
    assert unsaid(browser.get(f"/orders/{order.id}/assess"), "text") == []


def test_proposals_and_decisions(browser: Browser, session: Session, factories: Factories) -> None:
    company, user = first_company(factories), factories.user(Role.MANAGER)
    page = browser.sign_in(user).get(f"/dispositions/new?organization={company.id}")
    assert unsaid(page, "numbers") == []
    legend = page.by_id("grounds")
    assert legend is not None
    assert "必須" in "".join(legend[0].itertext())
    file = proposed(session, user.actor, company, [factories.plan(company, accredited_on=date(2018, 1, 1))])
    dispositions.submit(session, user.actor, file, on=date(2018, 6, 15), document_number="", now=NOON)
    assert unsaid(browser.get(f"/dispositions/{file.id}/decision"), "effective_on", "grounds") == []
    body, ground = factories.license().organization, grounds("TIT-37-1-4@2017-11-01")
    suspension = Proposal(DispositionKind.BUSINESS_SUSPENSION, ground, REASON, date(2026, 10, 1))
    file = dispositions.propose(session, user.actor, body, suspension, now=NOON)
    dispositions.submit(session, user.actor, file, on=date(2026, 10, 5), document_number="", now=NOON)
    assert unsaid(browser.get(f"/dispositions/{file.id}/decision"), "suspension_until") == []


def test_users_and_sending_organizations(browser: Browser, factories: Factories) -> None:
    browser.sign_in(factories.user(Role.ADMINISTRATOR))
    assert unsaid(browser.get("/admin/users/new"), "office_code", "bureau_code") == []
    browser.sign_in(factories.user(Role.INTERNATIONAL))
    assert unsaid(browser.get("/sending-organizations/new"), "number", "reference_number") == []
