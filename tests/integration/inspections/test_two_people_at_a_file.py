"""Two people act on one file or register entry at the same moment: one act stands, the other is
refused with a message, and what the database holds afterwards is what one of them alone would have left."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from inspections.dispositions import effects
from inspections.dispositions import services as dispositions
from inspections.dispositions.decisions import decide
from inspections.dispositions.models import Disposition, DispositionPlan
from inspections.moc import services as moc
from inspections.moc.models import MocReport
from organizations.licenses import services as licenses
from organizations.licenses.models import License
from organizations.licenses.states import LicenseState
from organizations.plans.models import TrainingPlan
from organizations.plans.services import complete, revoke_plans
from organizations.plans.states import PlanState
from organizations.register.models import Organization
from organizations.sending import services as sending
from organizations.sending.models import AcceptanceSuspension, SendingOrganization
from otit.auth.actors import Actor, system_actor
from otit.auth.permissions import Role
from tests.cases import NOON, decision, first_company, proposed
from tests.factories import TODAY, Factories
from tests.races import Doing, collide, settled

BAR = date(2031, 11, 23)


@pytest.fixture
def manager(factories: Factories) -> Actor:
    return factories.user(Role.MANAGER).actor


def test_one_plan_comes_into_one_file_only(app: Flask, session: Session, factories: Factories, manager: Actor) -> None:
    company = first_company(factories)
    session.commit()
    key = company.id

    def propose(own: Session) -> None:
        plans = list(own.scalars(sa.select(TrainingPlan).order_by(TrainingPlan.number)))
        proposed(own, manager, own.get_one(Organization, key), plans)

    assert "ほかの処分手続" in str(collide(app, propose, propose))
    assert settled(session).scalar(sa.select(sa.func.count()).select_from(DispositionPlan)) == 4


def test_two_files_of_one_year_get_two_numbers(
    app: Flask, session: Session, factories: Factories, manager: Actor
) -> None:
    companies = [factories.organization(), factories.organization()]
    keys = [factories.plan(company, accredited_on=date(2018, 2, 20)).id for company in companies]
    session.commit()

    def propose(key: int) -> Doing:
        def act(own: Session) -> None:
            plan = own.get_one(TrainingPlan, key)
            proposed(own, manager, plan.implementing_organization, [plan])

        return act

    assert collide(app, propose(keys[0]), propose(keys[1])) is None
    assert len(set(settled(session).scalars(sa.select(Disposition.number)))) == 2


@pytest.fixture
def file(session: Session, factories: Factories, manager: Actor) -> Disposition:
    """Submitted."""
    company = first_company(factories)
    plans = list(session.scalars(sa.select(TrainingPlan).order_by(TrainingPlan.number)))
    made = proposed(session, manager, company, plans)
    dispositions.submit(session, manager, made, on=date(2018, 6, 15), document_number="", now=NOON)
    session.commit()
    return made


def test_a_decision_is_recorded_once(app: Flask, session: Session, manager: Actor, file: Disposition) -> None:
    key = file.id

    def act(own: Session) -> None:
        decide(own, manager, own.get_one(Disposition, key), decision(), now=NOON)

    assert collide(app, act, act) is not None
    assert len(settled(session).get_one(Disposition, key).steps) == 2


def test_an_effect_by_hand_and_by_night_happens_once(
    app: Flask, session: Session, manager: Actor, file: Disposition
) -> None:
    key = file.id
    decide(session, manager, file, decision(), now=NOON)
    session.commit()

    def night(own: Session) -> None:
        effects.take_due_effects(own, system_actor("dispositions"), as_of=TODAY, now=NOON)

    def hand(own: Session) -> None:
        effects.take_effect(own, manager, own.get_one(Disposition, key), now=NOON)

    assert collide(app, hand, night) is not None
    assert collide(app, lambda own: None, night) is None
    assert len(settled(session).get_one(Disposition, key).steps) == 3
    assert set(session.scalars(sa.select(TrainingPlan.state))) == {PlanState.REVOKED}


def test_a_plan_is_revoked_or_completed(app: Flask, session: Session, factories: Factories, manager: Actor) -> None:
    keys = [factories.plan().id for _n in range(2)]
    session.commit()

    def revoke(key: int) -> Doing:
        return lambda own: revoke_plans(own, manager, [key], on=TODAY, bar_until=BAR)

    def end(key: int) -> Doing:
        return lambda own: complete(own, manager, own.get_one(TrainingPlan, key), on=TODAY, today=TODAY)

    assert collide(app, revoke(keys[0]), end(keys[0])) is not None
    assert collide(app, end(keys[1]), revoke(keys[1])) is not None
    assert [settled(session).get_one(TrainingPlan, key).state for key in keys] == [
        PlanState.REVOKED,
        PlanState.COMPLETED,
    ]


def test_a_licence_is_revoked_or_closed(app: Flask, session: Session, factories: Factories, manager: Actor) -> None:
    key = factories.license().id
    session.commit()

    def close(own: Session) -> None:
        licenses.close(own, manager, own.get_one(License, key), on=TODAY, today=TODAY)

    def revoke(own: Session) -> None:
        licenses.revoke(own, manager, own.get_one(License, key), on=TODAY, bar_until=BAR)

    assert collide(app, close, revoke) is not None
    assert settled(session).get_one(License, key).state is LicenseState.CLOSED


def test_acceptance_is_suspended_and_released_once(app: Flask, session: Session, factories: Factories) -> None:
    key, desk = factories.sending_organization().id, factories.user(Role.INTERNATIONAL).actor
    session.commit()

    def suspend(own: Session) -> None:
        body = own.get_one(SendingOrganization, key)
        sending.suspend_acceptance(own, desk, body, starts_on=TODAY, reason="架空")

    def release(on: date) -> Doing:
        return lambda own: sending.release_acceptance(own, desk, own.get_one(SendingOrganization, key), ends_on=on)

    assert "既に停止" in str(collide(app, suspend, suspend))
    assert "停止されていません" in str(collide(app, release(TODAY), release(TODAY + timedelta(days=9))))
    assert list(settled(session).scalars(sa.select(AcceptanceSuspension.ends_on))) == [TODAY]


def test_what_is_approved_is_what_was_read(app: Flask, session: Session, factories: Factories) -> None:
    desk, approver = factories.user(Role.INTERNATIONAL).actor, factories.user(Role.MANAGER).actor
    body = factories.sending_organization()
    report = moc.draft(session, desk, body, facts="架空", request="調査", drafted_on=TODAY, now=NOON)
    session.commit()
    key = report.id

    def revise(own: Session) -> None:
        moc.revise(own, desk, own.get_one(MocReport, key), facts="別の事実", request="調査")

    def approve(own: Session) -> None:
        moc.approve(own, approver, own.get_one(MocReport, key), on=TODAY, now=NOON)

    assert collide(app, revise, approve) is not None
    assert settled(session).get_one(MocReport, key).approved_on is None
