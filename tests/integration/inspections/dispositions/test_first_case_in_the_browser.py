"""The first revocation ever made under the Act, entered through the pages, with an invented name."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.dispositions.models import Disposition
from inspections.dispositions.states import DispositionState
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanState
from organizations.register.models import Organization
from otit.audit.trail import verify
from otit.auth.permissions import Role
from tests.cases import FIRST_CASE, GROUND, first_company
from tests.factories import Factories
from tests.pages import Browser


@pytest.fixture
def company(factories: Factories) -> Organization:
    return first_company(factories)


def test_from_proposal_to_publication(
    browser: Browser, factories: Factories, session: Session, company: Organization
) -> None:
    browser.sign_in(factories.user(Role.MANAGER))
    address = f"/dispositions/new?organization={company.id}"
    proposal = {
        "kind": "accreditation_revocation",
        "grounds": [GROUND],
        "numbers": "認1711001206、1711001207\n認１７１１００１２０８ 認1711001494号",
        "reason": "労働基準法違反の罪により罰金の刑に処せられたため。",
        "proposed_on": "平成30年6月1日",
    }
    file = browser.follow(browser.send(address, proposal))
    assert file.heading.endswith("認定の取消し — 起案")
    assert "法第16条第1項第3号(第10条第2号該当)" in file.text
    url = f"/dispositions/{session.scalars(sa.select(Disposition.id)).one()}"
    browser.send(f"{url}/submit", {"on": "2018-06-15", "document_number": "架空発0615第1号"})
    decision = {
        "decided_on": "2018-07-03",
        "authority": "isa_mhlw",
        "kind": "accreditation_revocation",
        "grounds": [GROUND],
        "effective_on": "2018-07-03",
        "reason": "出入国又は労働に関する法律の規定により罰金の刑に処せられたため。",
    }
    refused = browser.send(f"{url}/decision", decision, status=422)
    assert "法務大臣及び厚生労働大臣です" in refused.get_data(as_text=True)
    browser.send(f"{url}/decision", {**decision, "authority": "moj_mhlw"})
    before = browser.get(f"{url}/effect")
    assert "計画4件の認定を取り消します" in before.text
    assert "令和5年7月2日まで（法第10条第6号）" in before.text
    browser.send(f"{url}/effect")
    published = browser.follow(browser.send(f"{url}/publication", {"on": "2018-07-03"}))
    assert published.heading.endswith("公示済")
    assert "法務大臣及び厚生労働大臣" in published.text
    session.expire_all()
    plans = session.scalars(sa.select(TrainingPlan).order_by(TrainingPlan.number)).all()
    assert [(p.number, p.state, p.revoked_on, p.bar_until) for p in plans] == [
        (number, PlanState.REVOKED, date(2018, 7, 3), date(2023, 7, 2)) for number in FIRST_CASE
    ]
    assert session.scalars(sa.select(Disposition.state)).one() is DispositionState.PUBLISHED
    assert verify(session).sound
