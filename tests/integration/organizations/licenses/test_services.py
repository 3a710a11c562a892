"""Acts on licences: dates, permission and office asked, the bar kept, everything audited."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizations.licenses import services
from organizations.licenses.jobs import settle_licenses
from organizations.licenses.models import License, LicenseOccupation
from organizations.licenses.states import LicenseState
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor, system_actor
from otit.auth.permissions import Permission, Role
from otit.errors import NotPermitted, RuleViolation, StateConflict
from otit.jobs.progress import Progress
from otit.jobs.queue import Task
from tests.factories import Factories

ON, BAR, TODAY = date(2026, 7, 1), date(2031, 6, 30), date(2026, 11, 24)
Act = Callable[[Session, Actor, License], None]

ACTS: dict[str, Act] = {
    "revoke": lambda s, a, lic: services.revoke(s, a, lic, on=ON, bar_until=BAR),
    "suspend": lambda s, a, lic: services.suspend(s, a, lic, on=ON, until=date(2026, 12, 31)),
    "close": lambda s, a, lic: services.close(s, a, lic, on=ON, today=TODAY),
    "expire": lambda s, a, lic: services.expire(s, a, lic, today=date(2027, 6, 1)),
}


@pytest.fixture
def manager(factories: Factories) -> Actor:
    return factories.user(Role.MANAGER).actor


def last_event(session: Session) -> AuditEvent:
    session.commit()
    return session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()


def test_a_revocation_opens_the_bar_and_is_audited_with_old_and_new(
    session: Session, factories: Factories, manager: Actor
) -> None:
    license = factories.license()
    services.revoke(session, manager, license, on=ON, bar_until=BAR)
    event = last_event(session)
    assert (license.state, license.revoked_on, license.bar_until) == (LicenseState.REVOKED, ON, BAR)
    assert event.action == "license.revoked"
    assert event.actor == manager.audit_name
    assert event.changes["state"] == ["licensed", "revoked"]
    assert services.is_barred(license, BAR)
    assert not services.is_barred(license, date(2031, 7, 1))


def test_a_suspended_licence_can_be_revoked_and_keeps_no_end_of_suspension(
    session: Session, factories: Factories, manager: Actor
) -> None:
    license = factories.license()
    services.suspend(session, manager, license, on=ON, until=date(2026, 12, 31))
    services.revoke(session, manager, license, on=date(2026, 8, 1), bar_until=BAR)
    session.commit()
    assert (license.state, license.suspended_until) == (LicenseState.REVOKED, None)


def test_an_annulled_revocation_leaves_no_trace_on_the_licence(
    session: Session, factories: Factories, manager: Actor
) -> None:
    license = factories.license()
    services.revoke(session, manager, license, on=ON, bar_until=BAR)
    services.reinstate(session, manager, license, on=date(2026, 9, 1))
    session.commit()
    assert (license.state, license.revoked_on, license.bar_until) == (LicenseState.LICENSED, None, None)


def test_no_reinstatement_beside_another_licence(session: Session, factories: Factories, manager: Actor) -> None:
    license = factories.license()
    services.revoke(session, manager, license, on=ON, bar_until=BAR)
    factories.license(license.organization)
    with pytest.raises(RuleViolation):
        services.reinstate(session, manager, license, on=date(2026, 9, 1))


@pytest.mark.parametrize("name", ["revoke", "suspend", "close"])
@pytest.mark.parametrize("licensed_on", [date(2026, 7, 2), None])
def test_an_act_dated_outside_the_term_is_refused(
    session: Session, factories: Factories, manager: Actor, name: str, licensed_on: date | None
) -> None:
    term = {"licensed_on": licensed_on} if licensed_on else {"expires_on": date(2026, 6, 30)}
    license = factories.license(**term)
    with pytest.raises(RuleViolation):
        ACTS[name](session, manager, license)
    assert license.state is LicenseState.LICENSED


def test_the_last_day_comes_not_before_the_first(session: Session, factories: Factories, manager: Actor) -> None:
    license = factories.license()
    with pytest.raises(RuleViolation):
        services.revoke(session, manager, license, on=ON, bar_until=date(2026, 6, 30))
    with pytest.raises(RuleViolation):
        services.suspend(session, manager, license, on=ON, until=date(2026, 6, 30))


def test_a_closure_is_not_recorded_ahead(session: Session, factories: Factories, manager: Actor) -> None:
    with pytest.raises(RuleViolation):
        services.close(session, manager, factories.license(), on=date(2026, 11, 25), today=TODAY)


@pytest.mark.parametrize("name", ACTS)
def test_an_ended_licence_takes_no_further_act(
    session: Session, factories: Factories, manager: Actor, name: str
) -> None:
    license = factories.license(state=LicenseState.CLOSED, closed_on=date(2026, 1, 1))
    with pytest.raises(StateConflict):
        ACTS[name](session, manager, license)


@pytest.mark.parametrize("name", ACTS)
def test_only_permitted_people_of_the_office_in_charge_act(session: Session, factories: Factories, name: str) -> None:
    license = factories.license()
    needed = Permission.MAINTAIN_REGISTERS if name in ("close", "expire") else Permission.RECORD_DECISIONS
    elsewhere = factories.user(Role.MANAGER, office_code="03").actor
    powerless = [actor for role in Role if not (actor := factories.user(role).actor).can(needed)]
    assert len(powerless) >= 4
    for actor in (elsewhere, *powerless):
        with pytest.raises(NotPermitted):
            ACTS[name](session, actor, license)


def test_the_night_ends_what_time_has_ended_and_nothing_twice(session: Session, factories: Factories) -> None:
    over = factories.license(licensed_on=date(2021, 11, 24), expires_on=date(2026, 11, 23))
    last_day = factories.license(licensed_on=date(2021, 11, 25), expires_on=date(2026, 11, 24))
    suspended = factories.license(state=LicenseState.SUSPENDED, suspended_until=date(2026, 11, 23))
    still = factories.license(state=LicenseState.SUSPENDED, suspended_until=date(2026, 11, 24))
    both = factories.license(
        licensed_on=date(2021, 11, 24),
        expires_on=date(2026, 11, 20),
        state=LicenseState.SUSPENDED,
        suspended_until=date(2026, 11, 1),
    )
    task = Task(session, Progress("x", None), {"business_date": "2026-11-24"}, "x", "system:cron", None)
    assert settle_licenses(task) == {"expired": 2, "resumed": 1}
    session.commit()
    assert [row.state.value for row in (over, last_day, suspended, still, both)] == [
        "expired",
        "licensed",
        "licensed",
        "suspended",
        "expired",
    ]
    assert settle_licenses(task) == {"expired": 0, "resumed": 0}
    actors = set(session.scalars(select(AuditEvent.actor)))
    assert actors == {"system:licenses"}


def test_neither_term_nor_suspension_ends_before_its_last_day_is_over(session: Session, factories: Factories) -> None:
    system = system_actor("test")
    with pytest.raises(RuleViolation):
        services.expire(session, system, factories.license(expires_on=TODAY), today=TODAY)
    suspended = factories.license(state=LicenseState.SUSPENDED, suspended_until=TODAY)
    with pytest.raises(RuleViolation):
        services.resume(session, system, suspended, today=TODAY)


def test_handled_occupations_are_in_the_order_of_their_numbers(factories: Factories) -> None:
    license = factories.license()
    license.occupations = [LicenseOccupation(code=code) for code in ("3-10", "10-1", "3-2", "3-10-1")]
    assert license.occupation_codes == ["3-2", "3-10", "3-10-1", "10-1"]
