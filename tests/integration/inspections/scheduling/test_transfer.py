"""Giving an inspection to the office where the place lies: the owner stays, the assignment falls away."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.scheduling import services
from inspections.scheduling.models import Inspection
from inspections.scheduling.states import InspectionState
from organizations.register.models import Place
from organizations.register.states import PlaceKind
from otit.audit.models import AuditEvent
from otit.auth.permissions import Role
from otit.errors import NotPermitted, RuleViolation
from tests.factories import Factories
from tests.pages import Browser


@pytest.fixture
def inspection(factories: Factories) -> Inspection:
    values = {"state": "assigned", "assigned_to_id": factories.user(Role.INSPECTOR).id, "planned_on": date(2026, 12, 1)}
    made: Inspection = factories.inspection(**values)
    dormitory = {"kind": PlaceKind.DORMITORY, "name": "架空寮", "prefecture_code": "27", "address": "架空市1"}
    factories.add(Place(organization_id=made.organization_id, **dormitory))
    return made


def test_the_other_office_is_offered_first_and_takes_over(
    session: Session, factories: Factories, browser: Browser, inspection: Inspection
) -> None:
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    url = f"/inspections/{inspection.id}/transfer"
    options = [" ".join("".join(option.itertext()).split()) for option in browser.get(url).all("option")]
    assert options[1] == "大阪事務所（架空寮）"
    assert "松山支所" not in options
    browser.send(url, {"office": "08", "reason": ""}, status=422)
    page = browser.follow(browser.send(url, {"office": "08", "reason": "寮が大阪府にあるため"}))
    assert "大阪事務所" in page.text
    session.expire_all()
    assert (inspection.owner_office_code, inspection.office_code) == ("11", "08")
    assert (inspection.state, inspection.assigned_to_id, inspection.planned_on) == (InspectionState.PLANNED, None, None)
    noted = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "inspection.transferred")).one()
    assert noted.changes["office_code"] == ["11", "08"]
    assert noted.detail["reason"] == "寮が大阪府にあるため"


def test_only_the_owner_gives_it_away(session: Session, factories: Factories, inspection: Inspection) -> None:
    owner, receiver = (factories.user(Role.MANAGER, office_code=office).actor for office in ("11", "08"))
    services.transfer(session, owner, inspection, office_code="08", reason="架空")
    with pytest.raises(NotPermitted):
        services.transfer(session, receiver, inspection, office_code="11", reason="架空")
    services.transfer(session, owner, inspection, office_code="11", reason="架空")


@pytest.mark.parametrize(
    ("office", "reason", "field"), [("11", "x", "office"), ("99", "x", "office"), ("08", " ", "reason")]
)
def test_the_same_office_an_unknown_one_and_no_reason_are_refused(
    session: Session, factories: Factories, inspection: Inspection, office: str, reason: str, field: str
) -> None:
    with pytest.raises(RuleViolation) as refusal:
        services.transfer(session, factories.user(Role.MANAGER).actor, inspection, office_code=office, reason=reason)
    assert refusal.value.field == field
