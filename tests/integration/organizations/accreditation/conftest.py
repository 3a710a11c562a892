"""An application of Ehime (office 11) under a supervising organization of Tokyo."""

from datetime import date

import pytest

from organizations.accreditation.services import Received
from organizations.plans.states import PlanCategory
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.auth.actors import Actor
from otit.auth.permissions import Role
from tests.factories import Factories


@pytest.fixture
def manager(factories: Factories) -> Actor:
    return factories.user(Role.MANAGER, office_code="11").actor


@pytest.fixture
def company(factories: Factories) -> Organization:
    return factories.organization(staff_count=60)


@pytest.fixture
def union(factories: Factories) -> Organization:
    """Of another office, licensed to the end of May 2027."""
    body = factories.organization(OrganizationKind.SUPERVISING, prefecture_code="13")
    factories.license(body)
    return body


@pytest.fixture
def received(company: Organization, union: Organization) -> Received:
    return Received(
        category=PlanCategory.D,
        implementing=company,
        supervising=union,
        sending=None,
        occupation_code="3-5",
        nationality="VNM",
        applied_on=date(2026, 11, 2),
        starts_on=date(2027, 4, 1),
        ends_on=date(2028, 3, 31),
    )
