"""A manager puts right what was recorded wrongly at the receipt of an application."""

import pytest

from organizations.register.states import OrganizationKind
from otit.auth.permissions import Role
from tests.e2e.conftest import Arrive
from tests.factories import Factories

# Its services and pages are tested on both databases; here it is the browser that matters.
pytestmark = pytest.mark.one_backend

LINK = "申請の記録を訂正する"


def test_an_application_for_a_licence_is_put_right(factories: Factories, arrive: Arrive) -> None:
    union = factories.organization(OrganizationKind.SUPERVISING, name="架空松山協同組合")
    twin = factories.organization(OrganizationKind.SUPERVISING, name=union.name, address="例示市仮想町9")
    application = factories.application(union, number="許2611000042")
    manager = arrive(factories.user(Role.MANAGER, office_code="11"), f"/license-applications/{application.id}")
    manager.follow(LINK)
    assert manager.barriers() == []
    assert manager.overhang(820) == []
    with manager.refused():
        manager.fill({"申請の番号": "26"}).press("訂正する")
    assert "10桁の数字です" in manager.field_errors()[0]
    assert manager.barriers() == []
    manager.fill({"申請の番号": "2611000024", "許可区分": "一般監理事業"})
    manager.page.locator("label", has_text=twin.address).click()
    manager.press("訂正する")
    assert manager.heading == "許2611000024 新規の許可 — 申請受付"
    assert manager.fact("許可区分") == "一般監理事業"
    factories.session.refresh(application)
    assert application.organization_id == twin.id


def test_an_application_for_a_plan_is_put_right(factories: Factories, arrive: Arrive) -> None:
    application = factories.plan_application(occupation_code="3-5")
    manager = arrive(factories.user(Role.MANAGER, office_code="11"), f"/plan-applications/{application.id}")
    manager.follow(LINK)
    assert manager.barriers() == []
    assert manager.overhang(820) == []
    manager.fill({"職種コード": "3-6", "国籍": "ベトナム"}).press("訂正する")
    assert manager.fact("国籍") == "ベトナム"
    assert "3-6" in manager.fact("職種・作業")
