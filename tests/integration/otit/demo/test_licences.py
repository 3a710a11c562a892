"""The licences of the demonstration: their history, what ends soon, and applications in every state."""

from datetime import timedelta
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.licenses.history import history_of
from organizations.licenses.models import License, LicenseCondition
from organizations.licenses.numbers import read_number
from organizations.licenses.queries import expiring
from organizations.licenses.states import Scheme, TermGround
from organizations.licensing.models import LicenseApplication
from organizations.licensing.queries import facts_of
from organizations.licensing.rules import refusals
from organizations.licensing.states import OPEN_STATES, ApplicationPurpose, ApplicationState
from otit.auth.actors import system_actor
from otit.law.authority import license_authority
from tests.factories import TODAY


def rows(session: Session, model: type) -> list:
    return list(session.scalars(sa.select(model)))


def test_the_terms_of_a_licence_agree_with_it(loaded: Session) -> None:
    for row in rows(loaded, License):
        history = history_of(loaded, row.id)
        assert (history[0].starts_on, history[-1].ends_on) == (row.licensed_on, row.expires_on)
        assert history[-1].license_class is row.license_class
        assert history[0].ground is TermGround.LICENSED
        for earlier, later in pairwise(history):
            assert later.starts_on == earlier.ends_on + timedelta(days=1)
            assert (earlier.license_class is later.license_class) == (later.ground is TermGround.RENEWED)
    assert expiring(loaded, system_actor("test"), TODAY).soon >= 3
    assert expiring(loaded, system_actor("test"), TODAY).later > expiring(loaded, system_actor("test"), TODAY).soon
    assert len(rows(loaded, LicenseCondition)) == 3


def test_applications_stand_in_every_state_and_agree_with_their_licence(loaded: Session) -> None:
    applications = rows(loaded, LicenseApplication)
    assert {row.state for row in applications} == set(ApplicationState)
    assert {row.purpose for row in applications} == set(ApplicationPurpose)
    support = [row for row in applications if row.scheme is Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT]
    assert {row.state for row in support} == set(ApplicationState) - {ApplicationState.GRANTED}
    for row in applications:
        number = read_number(row.number)
        assert number is not None
        assert (number.year, number.office) == (row.applied_on.year % 100, row.organization.office_code)
        if row.state is ApplicationState.GRANTED:
            assert row.authority == license_authority(row.decided_on)
            term = next(t for t in history_of(loaded, row.license_id) if t.starts_on == row.valid_from)
            assert (term.ends_on, term.license_class) == (row.valid_until, row.license_class)
        elif row.state in OPEN_STATES:
            assert list(refusals(facts_of(loaded, row), TODAY)) == []
