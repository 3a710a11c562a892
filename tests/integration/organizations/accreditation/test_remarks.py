"""What the page of an accredited plan says of it: doubts about a plan that a list brought."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from organizations.accreditation.models import PlanChange
from organizations.accreditation.remarks import doubts_about
from organizations.accreditation.states import ApplicationState, ChangeKind, ChangeState
from organizations.licenses.states import LicenseState
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanCategory, PlanState
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.auth.permissions import Role
from tests.cases import statements
from tests.factories import NOW, Factories
from tests.pages import Browser

TITLE = "確認結果"


@pytest.fixture
def union(factories: Factories) -> Organization:
    """Its licence begins after the plan was accredited."""
    body = factories.organization(OrganizationKind.SUPERVISING, name="架空組合")
    factories.license(body, licensed_on=date(2026, 3, 2), expires_on=date(2029, 3, 1))
    return body


@pytest.fixture
def plan(factories: Factories, union: Organization) -> TrainingPlan:
    return factories.plan(category=PlanCategory.D, supervising_organization_id=union.id)


def said(session: Session, plan: TrainingPlan) -> list[tuple[str, str | None]]:
    return [(one.message, one.citation) for one in doubts_about(session, plan)]


UNLICENSED = ("監理団体には、%(day)sに有効な許可がありません。", "法第23条")


def test_an_imported_plan_shows_what_the_criteria_say_against_it(
    browser: Browser, factories: Factories, plan: TrainingPlan
) -> None:
    browser.sign_in(factories.user(Role.READ_ONLY))
    page = browser.get(f"/plans/{plan.id}")
    assert TITLE in page.text
    assert "監理団体には、令和8年3月1日 (2026-03-01)に有効な許可がありません。 法第23条" in page.text


def test_a_sound_plan_shows_nothing(browser: Browser, factories: Factories) -> None:
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert TITLE not in browser.get(f"/plans/{factories.plan().id}").text


def test_what_was_said_of_a_plan_with_an_application_is_kept_there(
    session: Session, factories: Factories, plan: TrainingPlan, union: Organization
) -> None:
    assert said(session, plan) == [UNLICENSED]
    factories.plan_application(
        plan.implementing_organization,
        category=PlanCategory.D,
        supervising_organization_id=union.id,
        state=ApplicationState.ACCREDITED,
        applied_on=date(2026, 1, 5),
        decided_on=date(2026, 3, 1),
        plan=plan,
    )
    assert said(session, plan) == []


def test_a_bar_that_began_with_the_plan_itself_is_nothing_against_it(session: Session, factories: Factories) -> None:
    plan = factories.plan(state=PlanState.REVOKED, revoked_on=date(2026, 6, 1), bar_until=date(2031, 5, 31))
    assert said(session, plan) == []
    earlier = {"accredited_on": date(2025, 1, 6), "revoked_on": date(2026, 2, 1), "bar_until": date(2031, 1, 31)}
    factories.plan(plan.implementing_organization, state=PlanState.REVOKED, **earlier)
    assert [citation for _message, citation in said(session, plan)] == ["法第10条第7号"]


@pytest.mark.parametrize("state", [ChangeState.ACCREDITED, ChangeState.APPLIED])
def test_a_changed_plan_is_seen_as_it_was_accredited(
    session: Session, factories: Factories, plan: TrainingPlan, union: Organization, state: ChangeState
) -> None:
    """The union that came later held no licence on the day of the accreditation, and need not have."""
    first = factories.organization(OrganizationKind.SUPERVISING)
    factories.license(first)
    changes = {"supervising_organization_id": [first.id, union.id], "ends_on": ["2027-03-31", "2027-03-31"]}
    decided = {"decided_on": date(2026, 5, 1)} if state is ChangeState.ACCREDITED else {}
    days = {"applied_on": date(2026, 4, 6), "changed_on": date(2026, 5, 1), "created_at": NOW, **decided}
    basis = {"provision_code": "TIT-11-1", "provision_from": date(2017, 11, 1)}
    kind = {"kind": ChangeKind.CHANGE, "state": state, "summary": "架空の変更"}
    factories.add(PlanChange(plan_id=plan.id, changes=changes, **kind, **days, **basis))
    assert said(session, plan) == ([] if state is ChangeState.ACCREDITED else [UNLICENSED])


def test_a_revoked_licence_served_until_then(session: Session, factories: Factories) -> None:
    license = factories.license(state=LicenseState.REVOKED, revoked_on=date(2026, 3, 2), bar_until=date(2031, 3, 1))
    plan = factories.plan(category=PlanCategory.D, supervising_organization_id=license.organization_id)
    assert said(session, plan) == []


def test_the_remarks_cost_few_statements(session: Session, factories: Factories, plan: TrainingPlan) -> None:
    plan.sending_organization_id = factories.sending_organization().id
    session.flush()
    with statements() as sent:
        doubts_about(session, plan)
    assert len(sent) <= 6, sent
