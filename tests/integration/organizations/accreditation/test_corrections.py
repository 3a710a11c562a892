"""Applications for accreditation and for changes are put right until they are decided: rules of the receipt, on record
once, and who may."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.accreditation import changes, corrections, services
from organizations.accreditation.changes import ChangeFacts
from organizations.accreditation.models import PlanApplication, PlanChange
from organizations.accreditation.services import Received
from organizations.plans.models import TrainingPlan
from organizations.plans.services import complete
from organizations.plans.states import PlanCategory, Scheme
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from organizations.trainees.services import TraineeDetails
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor
from otit.auth.permissions import Permission, Role
from otit.errors import NotPermitted, RuleViolation, StateConflict
from tests.factories import NOW, TODAY, Factories


@pytest.fixture
def application(session: Session, manager: Actor, received: Received) -> PlanApplication:
    """Of 認2611000001, received with its trainee."""
    trainee = TraineeDetails("NGUYEN KASOU", date(2001, 5, 6), "VNM")
    application = services.receive(session, manager, replace(received, trainee=trainee), now=NOW)
    session.commit()
    return application


@pytest.fixture
def same(received: Received) -> Received:
    return replace(received, number="認2611000001")


def events(session: Session, action: str = "plan_application.corrected") -> list[AuditEvent]:
    session.commit()
    return list(session.scalars(sa.select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id)))


def test_all_that_was_received_is_put_right_and_on_record_once(
    session: Session, manager: Actor, application: PlanApplication, factories: Factories, union: Organization
) -> None:
    company, sender, trainee = factories.organization(), factories.sending_organization(), application.trainee_id
    old = application.implementing_organization_id
    days = date(2026, 11, 1), date(2027, 5, 1), date(2028, 4, 30)
    right = Received(PlanCategory.A, company, None, sender, "3-6", "IDN", *days, "認 2611 000010")
    assert corrections.correct(session, manager, application, right, now=NOW)
    (event,) = events(session)
    assert event.changes == {
        "number": ["認2611000001", "認2611000010"],
        "category": ["D", "A"],
        "implementing_organization_id": [old, company.id],
        "supervising_organization_id": [union.id, None],
        "sending_organization_id": [None, sender.id],
        "occupation_code": ["3-5", "3-6"],
        "nationality": ["VNM", "IDN"],
        "applied_on": ["2026-11-02", "2026-11-01"],
        "starts_on": ["2027-04-01", "2027-05-01"],
        "ends_on": ["2028-03-31", "2028-04-30"],
    }
    assert (application.implementing_organization, application.supervising_organization) == (company, None)
    assert (application.sending_organization, application.trainee_id) == (sender, trainee)
    plan = services.accredit(session, manager, application, on=TODAY, now=NOW, reason="架空の理由")
    assert (plan.number, plan.implementing_organization_id) == ("認2611000010", company.id)


def test_nothing_is_recorded_when_nothing_has_changed(
    session: Session, manager: Actor, application: PlanApplication, same: Received
) -> None:
    version = application.version
    assert not corrections.correct(session, manager, application, same, now=NOW)
    assert events(session) == []
    assert application.version == version


def test_a_category_of_the_new_scheme_brings_its_act(
    session: Session, manager: Actor, application: PlanApplication, same: Received
) -> None:
    corrections.correct(session, manager, application, replace(same, category=PlanCategory.M), now=NOW)
    session.commit()
    assert application.scheme is Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT
    assert (application.provision_code, application.provision_from) == ("ESD-8", date(2027, 4, 1))


def test_a_number_left_blank_is_drawn_as_at_the_receipt(
    session: Session, manager: Actor, application: PlanApplication, received: Received
) -> None:
    corrections.correct(session, manager, application, received, now=NOW)
    assert application.number == "認2611000002"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"supervising": None}, "supervising"),
        ({"category": PlanCategory.A}, "supervising"),
        ({"applied_on": TODAY + timedelta(days=1)}, "applied_on"),
        ({"ends_on": date(2027, 3, 31)}, "ends_on"),
        ({"category": PlanCategory.M, "applied_on": date(2026, 8, 31)}, "applied_on"),
        ({"number": "認26"}, "number"),
        ({"number": "認2611000077"}, "number"),
        ({"number": "認2611000078"}, "number"),
    ],
)
def test_what_could_not_be_received_cannot_be_corrected_to(
    session: Session,
    manager: Actor,
    application: PlanApplication,
    same: Received,
    factories: Factories,
    wrong: dict[str, Any],
    field: str,
) -> None:
    factories.plan(number="認2611000077")
    factories.plan_application(number="認2611000078")
    with pytest.raises(RuleViolation) as refusal:
        corrections.correct(session, manager, application, replace(same, **wrong), now=NOW)
    assert refusal.value.field == field
    assert events(session) == []


def test_only_permitted_people_of_both_offices_correct(
    session: Session, manager: Actor, application: PlanApplication, same: Received, factories: Factories
) -> None:
    supervising_office = factories.user(Role.MANAGER, office_code="03").actor
    powerless = [a for role in Role if not (a := factories.user(role).actor).can(Permission.MAINTAIN_REGISTERS)]
    for actor in (supervising_office, *powerless):
        with pytest.raises(NotPermitted):
            corrections.correct(session, actor, application, same, now=NOW)
    far = replace(same, implementing=factories.organization(prefecture_code="13"))
    with pytest.raises(NotPermitted):
        corrections.correct(session, manager, application, far, now=NOW)
    assert corrections.correct(session, factories.user(Role.MANAGER).actor, application, far, now=NOW)
    with pytest.raises(NotPermitted):  # it went to the other office
        corrections.correct(session, manager, application, same, now=NOW)


# --- changes ----------------------------------------------------------------------------------------------------------

NEW = {"ends_on": date(2027, 2, 28)}


def facts(new: Mapping[str, Any] = NEW, **values: Any) -> ChangeFacts:
    days = {"applied_on": date(2026, 11, 10), "changed_on": date(2026, 12, 1), "summary": "実習の期間を短くする。"}
    return ChangeFacts(**{**days, **values}, new=new)


@pytest.fixture
def change(session: Session, manager: Actor, company: Organization, union: Organization, factories: Factories) -> Any:
    plan = factories.plan(company, category=PlanCategory.D, supervising_organization_id=union.id)
    change = changes.apply_for_change(session, manager, plan, facts(), now=NOW)
    session.commit()
    return change


def test_a_change_is_put_right_and_told_by_the_fields_of_the_plan(
    session: Session, manager: Actor, change: PlanChange, factories: Factories
) -> None:
    other = factories.organization(OrganizationKind.SUPERVISING)
    new = {"occupation_code": "3-5", "supervising_organization_id": other.id}
    right = facts(new, changed_on=date(2026, 12, 2), summary="監理団体を変える。")
    old = change.plan.supervising_organization_id
    assert changes.correct_change(session, manager, change, right, now=NOW)
    (event,) = events(session, "plan_change.corrected")
    assert event.changes == {
        "changed_on": ["2026-12-01", "2026-12-02"],
        "summary": ["実習の期間を短くする。", "監理団体を変える。"],
        "ends_on": ["2027-02-28", None],
        "occupation_code": [None, "3-5"],
        "supervising_organization_id": [None, other.id],
    }
    assert change.changes == {"occupation_code": [None, "3-5"], "supervising_organization_id": [old, other.id]}
    assert change.plan.supervising_organization_id == old


def test_nothing_is_recorded_when_nothing_of_a_change_has_changed(
    session: Session, manager: Actor, change: PlanChange
) -> None:
    assert not changes.correct_change(session, manager, change, facts({**NEW, "starts_on": date(2026, 4, 1)}), now=NOW)
    assert events(session, "plan_change.corrected") == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"new": {}}, None),
        ({"new": {"ends_on": date(2027, 3, 31)}}, None),
        ({"summary": " "}, "summary"),
        ({"applied_on": TODAY + timedelta(days=1)}, "applied_on"),
        ({"applied_on": date(2026, 2, 28)}, "applied_on"),
        ({"changed_on": date(2026, 2, 28)}, "changed_on"),
    ],
)
def test_what_could_not_be_applied_for_cannot_be_corrected_to(
    session: Session, manager: Actor, change: PlanChange, wrong: dict[str, Any], field: str | None
) -> None:
    with pytest.raises(RuleViolation) as refusal:
        changes.correct_change(session, manager, change, facts(**wrong), now=NOW)
    assert refusal.value.field == field
    assert events(session, "plan_change.corrected") == []


def test_only_permitted_people_of_the_office_correct_a_change_and_only_of_a_living_plan(
    session: Session, manager: Actor, change: PlanChange, factories: Factories
) -> None:
    plan: TrainingPlan = change.plan
    for actor in (factories.user(Role.MANAGER, office_code="03").actor, factories.user(Role.INSPECTOR).actor):
        with pytest.raises(NotPermitted):
            changes.correct_change(session, actor, change, facts(), now=NOW)
    complete(session, manager, plan, on=TODAY, today=TODAY)
    with pytest.raises(StateConflict):
        changes.correct_change(session, manager, change, facts(), now=NOW)
