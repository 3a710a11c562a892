"""The first case for the tests of dispositions: a manager, the company, its plans."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from otit.auth.actors import Actor
from otit.auth.permissions import Role
from tests.cases import first_company
from tests.factories import Factories


@pytest.fixture
def manager(factories: Factories) -> Actor:
    return factories.user(Role.MANAGER).actor


@pytest.fixture
def company(factories: Factories) -> Organization:
    return first_company(factories)


@pytest.fixture
def plans(session: Session, company: Organization) -> list[TrainingPlan]:
    return list(session.scalars(sa.select(TrainingPlan).order_by(TrainingPlan.number)))
