"""Class downgrade ex officio and its annulment, conditions, and that other acts leave the terms alone."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.licenses import classes, conditions, services
from organizations.licenses.history import history_of
from organizations.licenses.models import License, LicenseCondition
from organizations.licenses.queries import conditions_of, get_condition
from organizations.licenses.states import LicenseClass, LicenseState, TermGround
from organizations.licenses.terms import Term
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor
from otit.auth.permissions import Permission, Role
from otit.errors import NotFound, NotPermitted, RuleViolation, StateConflict
from tests.factories import TODAY, Factories

GENERAL, SPECIFIC = LicenseClass.GENERAL, LicenseClass.SPECIFIC
ON = date(2026, 7, 1)


@pytest.fixture
def manager(factories: Factories) -> Actor:
    return factories.user(Role.MANAGER).actor


@pytest.fixture
def general(factories: Factories) -> License:
    return factories.license(license_class=GENERAL, expires_on=date(2029, 5, 31))


def test_a_downgrade_begins_a_term_and_keeps_the_end(session: Session, manager: Actor, general: License) -> None:
    classes.downgrade(session, manager, general, on=ON)
    session.commit()
    assert (general.license_class, general.expires_on, general.state) == (
        SPECIFIC,
        date(2029, 5, 31),
        LicenseState.LICENSED,
    )
    assert history_of(session, general.id) == [
        Term(GENERAL, date(2024, 6, 1), date(2026, 6, 30), TermGround.LICENSED),
        Term(SPECIFIC, ON, date(2029, 5, 31), TermGround.DOWNGRADED),
    ]
    classes.restore_class(session, manager, general, downgraded_on=ON)
    session.commit()
    assert history_of(session, general.id) == [Term(GENERAL, date(2024, 6, 1), date(2029, 5, 31), TermGround.LICENSED)]
    assert general.license_class is GENERAL
    events = list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)))
    assert events == ["license.downgraded", "license.class_restored"]


def test_only_a_live_general_licence_is_lowered_within_its_term(
    session: Session, manager: Actor, factories: Factories, general: License
) -> None:
    with pytest.raises(RuleViolation) as specific:
        classes.downgrade(session, manager, factories.license(), on=ON)
    assert specific.value.citation == "法第37条第2項"
    for on in (date(2024, 5, 31), date(2029, 6, 1), date(2024, 6, 1)):
        with pytest.raises(RuleViolation):
            classes.downgrade(session, manager, general, on=on)
    ended = factories.license(license_class=GENERAL, state=LicenseState.CLOSED, closed_on=ON)
    with pytest.raises(StateConflict):
        classes.downgrade(session, manager, ended, on=ON)


def test_revocation_suspension_and_closure_leave_the_terms_alone(
    session: Session, manager: Actor, general: License
) -> None:
    before = history_of(session, general.id)
    services.suspend(session, manager, general, on=ON, until=TODAY)
    services.revoke(session, manager, general, on=date(2026, 8, 1), bar_until=date(2031, 7, 31))
    services.reinstate(session, manager, general, on=date(2026, 9, 1))
    services.close(session, manager, general, on=date(2026, 10, 1), today=TODAY)
    session.commit()
    assert history_of(session, general.id) == before


def test_a_condition_is_set_and_ends(session: Session, manager: Actor, general: License) -> None:
    condition = conditions.add_condition(session, manager, general, text=" 架空の条件 ", starts_on=ON, ends_on=None)
    assert (condition.text, condition.provision_code, condition.provision_from) == (
        "架空の条件",
        "TIT-30-1",
        date(2017, 11, 1),
    )
    conditions.end_condition(session, manager, condition, on=date(2026, 10, 31), today=TODAY)
    session.commit()
    (kept,) = conditions_of(session, general.id)
    assert kept.ends_on == date(2026, 10, 31)
    with pytest.raises(StateConflict):
        conditions.end_condition(session, manager, condition, on=TODAY, today=TODAY)


@pytest.mark.parametrize(
    ("text", "starts_on", "ends_on", "field"),
    [
        (" ", ON, None, "text"),
        ("架空", date(2024, 5, 31), None, "starts_on"),
        ("架空", date(2029, 6, 1), None, "starts_on"),
        ("架空", ON, date(2026, 6, 30), "ends_on"),
    ],
)
def test_a_condition_has_a_text_and_days_within_the_licence(
    session: Session, manager: Actor, general: License, text: str, starts_on: date, ends_on: date | None, field: str
) -> None:
    with pytest.raises(RuleViolation) as refusal:
        conditions.add_condition(session, manager, general, text=text, starts_on=starts_on, ends_on=ends_on)
    assert refusal.value.field == field


def test_a_condition_does_not_end_before_it_began_nor_under_another_licence(
    session: Session, manager: Actor, factories: Factories, general: License
) -> None:
    condition: LicenseCondition = factories.condition(general, starts_on=ON)
    with pytest.raises(RuleViolation):
        conditions.end_condition(session, manager, condition, on=date(2026, 6, 30), today=TODAY)
    with pytest.raises(NotFound):
        get_condition(session, factories.license(), condition.id)


def test_only_permitted_people_of_the_office_in_charge_set_conditions_or_lower_a_class(
    session: Session, factories: Factories, general: License
) -> None:
    condition = factories.condition(general)
    powerless = [a for role in Role if not (a := factories.user(role).actor).can(Permission.RECORD_DECISIONS)]
    for actor in (factories.user(Role.MANAGER, office_code="03").actor, *powerless):
        with pytest.raises(NotPermitted):
            conditions.add_condition(session, actor, general, text="架空", starts_on=ON, ends_on=None)
        with pytest.raises(NotPermitted):
            conditions.end_condition(session, actor, condition, on=TODAY, today=TODAY)
        with pytest.raises(NotPermitted):
            classes.downgrade(session, actor, general, on=ON)
        with pytest.raises(NotPermitted):
            classes.renew(session, actor, general, years=5)
