"""Applications for accreditation through their services: receipt, decision, scope, what is kept and on record."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizations.accreditation import corrections, services
from organizations.accreditation.models import PlanApplication
from organizations.accreditation.services import Received
from organizations.accreditation.states import TRANSITIONS, ApplicationAct, ApplicationState
from organizations.plans.states import PlanCategory, PlanState, Scheme
from organizations.register.models import Organization
from organizations.trainees.models import Trainee
from organizations.trainees.services import TraineeDetails
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor
from otit.auth.permissions import Permission, Role
from otit.errors import NotPermitted, RuleViolation, StateConflict
from tests.factories import NOW, TODAY, Factories

# --- receipt ----------------------------------------------------------------------------------------------------------


def test_an_application_gets_the_next_number_of_the_country(
    session: Session, manager: Actor, received: Received, factories: Factories
) -> None:
    factories.plan(number="認2608000041", accredited_on=date(2026, 5, 1))
    first = services.receive(session, manager, received, now=NOW)
    second = services.receive(session, manager, received, now=NOW)
    assert (first.number, second.number) == ("認2611000042", "認2611000043")
    factories.plan_application(number="認2603000100")
    assert services.receive(session, manager, received, now=NOW).number == "認2611000101"
    before = replace(received, applied_on=date(2025, 11, 2))
    assert services.receive(session, manager, before, now=NOW).number == "認2511000001"


@pytest.mark.parametrize(
    ("typed", "number"),
    [("認2611000007", "認2611000007"), ("２６１１０００００８号", "認2611000008"), ("認 1711 001206", "認1711001206")],
)
def test_a_number_is_read_however_it_is_written(
    session: Session, manager: Actor, received: Received, typed: str, number: str
) -> None:
    assert services.receive(session, manager, replace(received, number=typed), now=NOW).number == number


@pytest.mark.parametrize("typed", ["認261100000", "認26110000001", "許2611000001", "はい"])
def test_a_number_of_another_shape_is_refused(session: Session, manager: Actor, received: Received, typed: str) -> None:
    with pytest.raises(RuleViolation) as refusal:
        services.receive(session, manager, replace(received, number=typed), now=NOW)
    assert refusal.value.field == "number"


def test_a_number_is_given_once(session: Session, manager: Actor, received: Received, factories: Factories) -> None:
    factories.plan(number="認2611000001")
    factories.plan_application(number="認2611000002")
    for number in ("認2611000001", "認2611000002"):
        with pytest.raises(RuleViolation):
            services.receive(session, manager, replace(received, number=number), now=NOW)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"supervising": None}, "supervising"),
        ({"category": PlanCategory.A}, "supervising"),
        ({"applied_on": TODAY + timedelta(days=1)}, "applied_on"),
        ({"ends_on": date(2027, 3, 31)}, "ends_on"),
        ({"category": PlanCategory.M, "applied_on": date(2026, 8, 31)}, "applied_on"),
    ],
)
def test_what_cannot_be_an_application_is_not_received(
    session: Session, manager: Actor, received: Received, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(RuleViolation) as refusal:
        services.receive(session, manager, replace(received, **changes), now=NOW)  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_what_the_criteria_refuse_is_received_all_the_same(
    session: Session, manager: Actor, received: Received
) -> None:
    long = replace(received, ends_on=date(2030, 1, 1))
    assert services.receive(session, manager, long, now=NOW).state is ApplicationState.APPLIED


def test_an_application_of_the_new_scheme_cites_its_act(session: Session, manager: Actor, received: Received) -> None:
    application = services.receive(session, manager, replace(received, category=PlanCategory.M), now=NOW)
    assert application.scheme is Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT
    assert (application.provision_code, application.provision_from) == ("ESD-8", date(2027, 4, 1))


def test_the_trainee_is_one_person_in_all_applications_and_in_no_event(
    session: Session, manager: Actor, received: Received
) -> None:
    named = replace(received, trainee=TraineeDetails("NGUYEN KASOU", date(2001, 5, 6), "VNM"))
    first = services.receive(session, manager, named, now=NOW)
    second = services.receive(session, manager, named, now=NOW)
    session.commit()
    assert first.trainee_id == second.trainee_id
    assert session.scalar(sa.select(sa.func.count(Trainee.id))) == 1
    events = session.scalars(sa.select(AuditEvent)).all()
    assert not [event for event in events if "NGUYEN" in str(event.changes) + str(event.detail)]


# --- decision ---------------------------------------------------------------------------------------------------------


def test_an_accredited_application_is_a_plan_with_its_number(
    session: Session, manager: Actor, received: Received, company: Organization
) -> None:
    company.first_training_on = None
    named = replace(received, trainee=TraineeDetails("NGUYEN KASOU", date(2001, 5, 6), "VNM"))
    application = services.receive(session, manager, named, now=NOW)
    plan = services.accredit(session, manager, application, on=TODAY, now=NOW)
    session.commit()
    assert (plan.number, plan.state, plan.accredited_on) == (application.number, PlanState.ACCREDITED, TODAY)
    assert (plan.trainee_id, plan.occupation_code) == (application.trainee_id, "3-5")
    assert (application.state, application.decided_on, application.plan_id) == (
        ApplicationState.ACCREDITED, TODAY, plan.id,
    )  # fmt: skip
    assert company.first_training_on == date(2027, 4, 1)
    actions = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert list(actions)[-2:] == ["plan.accredited", "plan_application.accredited"]


def test_the_first_training_is_never_moved_to_a_later_day(
    session: Session, manager: Actor, received: Received, company: Organization
) -> None:
    company.first_training_on = date(2024, 4, 1)
    application = services.receive(session, manager, received, now=NOW)
    services.accredit(session, manager, application, on=TODAY, now=NOW)
    assert company.first_training_on == date(2024, 4, 1)


def test_the_warnings_of_the_day_are_kept_with_the_decision(
    session: Session, manager: Actor, received: Received, company: Organization
) -> None:
    company.staff_count = None
    application = services.receive(session, manager, received, now=NOW)
    services.accredit(session, manager, application, on=TODAY, now=NOW)
    company.staff_count = 100
    session.commit()
    kept = {(each["citation"], each["severity"]) for each in application.warnings}
    assert ("規則第16条", "warning") in kept


def test_a_refusal_of_the_criteria_stops_the_accreditation(
    session: Session, manager: Actor, received: Received
) -> None:
    application = services.receive(session, manager, replace(received, ends_on=date(2028, 4, 1)), now=NOW)
    with pytest.raises(RuleViolation) as refusal:
        services.accredit(session, manager, application, on=TODAY, now=NOW)
    assert refusal.value.citation == "法第9条"
    services.refuse(session, manager, application, on=TODAY, reason="期間が1年を超える。", now=NOW)
    session.commit()
    assert (application.state, application.refusal_reason) == (ApplicationState.REFUSED, "期間が1年を超える。")
    assert application.warnings[0]["severity"] == "refusal"


@pytest.mark.parametrize("day", [date(2026, 11, 1), TODAY + timedelta(days=1)])
@pytest.mark.parametrize("act", [one for one in ApplicationAct if one is not ApplicationAct.CORRECT])
def test_a_decision_is_dated_between_the_application_and_today(
    session: Session, manager: Actor, received: Received, act: ApplicationAct, day: date
) -> None:
    application = services.receive(session, manager, received, now=NOW)
    with pytest.raises(RuleViolation) as refusal:
        do(session, manager, application, act, on=day)
    assert refusal.value.field == "on"


def do(session: Session, actor: Actor, row: PlanApplication, act: ApplicationAct, on: date = TODAY) -> None:
    if act is ApplicationAct.CORRECT:
        corrections.correct(session, actor, row, recorded(row), now=NOW)
    elif act is ApplicationAct.ACCREDIT:
        services.accredit(session, actor, row, on=on, now=NOW)
    elif act is ApplicationAct.REFUSE:
        services.refuse(session, actor, row, on=on, reason="架空の理由", now=NOW)
    else:
        services.withdraw(session, actor, row, on=on, now=NOW)


def recorded(row: PlanApplication) -> Received:
    bodies = row.implementing_organization, row.supervising_organization, row.sending_organization
    facts = row.occupation_code, row.nationality, row.applied_on, row.starts_on, row.ends_on, row.number
    return Received(row.category, *bodies, *facts)


WAYS = {
    ApplicationState.APPLIED: None,
    ApplicationState.ACCREDITED: ApplicationAct.ACCREDIT,
    ApplicationState.REFUSED: ApplicationAct.REFUSE,
    ApplicationState.WITHDRAWN: ApplicationAct.WITHDRAW,
}


@pytest.mark.parametrize("act", list(ApplicationAct))
@pytest.mark.parametrize("state", list(ApplicationState))
def test_every_state_and_act(
    session: Session, manager: Actor, received: Received, state: ApplicationState, act: ApplicationAct
) -> None:
    application = services.receive(session, manager, received, now=NOW)
    if (way := WAYS[state]) is not None:
        do(session, manager, application, way)
    assert services.may(manager, application, act) is ((state, act) in TRANSITIONS)
    if (state, act) in TRANSITIONS:
        do(session, manager, application, act)
        session.commit()
        assert application.state is TRANSITIONS[state, act]
    else:
        with pytest.raises(StateConflict):
            do(session, manager, application, act)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_refusal_gives_its_reason(session: Session, manager: Actor, received: Received, reason: str) -> None:
    application = services.receive(session, manager, received, now=NOW)
    with pytest.raises(RuleViolation) as refusal:
        services.refuse(session, manager, application, on=TODAY, reason=reason, now=NOW)
    assert refusal.value.field == "reason"


def test_only_permitted_people_of_the_implementing_office_act(
    session: Session, factories: Factories, manager: Actor, received: Received
) -> None:
    application = services.receive(session, manager, received, now=NOW)
    supervising_office = factories.user(Role.MANAGER, office_code="03").actor
    headquarters = factories.user(Role.MANAGER).actor
    strangers = [supervising_office]
    strangers += [a for role in Role if not (a := factories.user(role).actor).can(Permission.ACCREDIT_PLANS)]
    for actor in strangers:
        for act in (ApplicationAct.ACCREDIT, ApplicationAct.REFUSE):
            assert not services.may(actor, application, act)
            with pytest.raises(NotPermitted):
                do(session, actor, application, act)
    for actor in (supervising_office, factories.user(Role.INSPECTOR).actor):
        with pytest.raises(NotPermitted):
            services.receive(session, actor, received, now=NOW)
        with pytest.raises(NotPermitted):
            do(session, actor, application, ApplicationAct.WITHDRAW)
    do(session, headquarters, application, ApplicationAct.ACCREDIT)


@pytest.mark.parametrize(
    "values",
    [
        {"state": ApplicationState.REFUSED, "decided_on": TODAY},
        {"state": ApplicationState.ACCREDITED, "decided_on": TODAY},
        {"decided_on": TODAY},
        {"state": ApplicationState.WITHDRAWN, "decided_on": date(2026, 11, 1)},
        {"ends_on": date(2027, 3, 31)},
        {"category": PlanCategory.D},
        {"category": PlanCategory.S},
    ],
)
def test_the_database_proves_it_too(session: Session, factories: Factories, values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        factories.plan_application(**values)
    session.rollback()
