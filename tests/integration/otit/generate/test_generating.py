"""`otit generate`: an invented register of any size whose rows keep the rules of the real one."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from stdnum.jp import cn

from inspections.scheduling.models import Inspection
from organizations.licenses.models import License, LicenseTerm
from organizations.licenses.states import LicenseState
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanCategory, PlanState
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from organizations.relations.models import Supervision
from otit.clock import FixedClock, last_day_before_anniversary
from otit.demo.loading import NotEmpty
from otit.generate.loading import generate
from otit.generate.scales import NATIONAL, part
from otit.text import match_key
from tests.factories import TODAY, Factories

SCALE = part(NATIONAL, 500)


@pytest.fixture
def generated(session: Session) -> Session:
    generate(session, FixedClock.on(TODAY), SCALE)
    return session


def test_the_sizes_are_those_asked_for(generated: Session) -> None:
    def count(table: type) -> int:
        return generated.scalar(sa.select(sa.func.count()).select_from(table)) or 0

    assert count(Organization) == SCALE.organizations
    assert count(License) == SCALE.supervising
    assert count(TrainingPlan) == sum(SCALE.accredited)
    assert count(Inspection) == SCALE.inspections


def test_numbers_and_keys_are_right(generated: Session) -> None:
    for body in generated.scalars(sa.select(Organization)):
        assert body.name_key == match_key(body.name)
        assert body.kana_key == match_key(body.kana or "")
        assert body.is_individual == (body.corporate_number is None)
        assert body.corporate_number is None or cn.is_valid(body.corporate_number)


def test_licences_live_as_their_terms_say(generated: Session) -> None:
    terms: dict[int, list[LicenseTerm]] = {}
    for term in generated.scalars(sa.select(LicenseTerm).order_by(LicenseTerm.starts_on)):
        terms.setdefault(term.license_id, []).append(term)
    for license in generated.scalars(sa.select(License)):
        held = terms[license.id]
        assert (held[0].starts_on, held[-1].ends_on) == (license.licensed_on, license.expires_on)
        assert all(b.starts_on == a.ends_on + timedelta(days=1) for a, b in zip(held, held[1:], strict=False))
        assert (license.state is LicenseState.EXPIRED) == (license.expires_on < TODAY)


def test_plans_keep_the_length_of_their_level_and_end_as_they_say(generated: Session) -> None:
    states = set()
    for plan in generated.scalars(sa.select(TrainingPlan)):
        states.add(plan.state)
        assert plan.ends_on == last_day_before_anniversary(plan.starts_on, 1 if plan.category.level == 1 else 2)
        assert plan.accredited_on <= TODAY
        assert plan.state is not PlanState.ACCREDITED or plan.ends_on >= TODAY
    assert states == set(PlanState)


def test_the_mix_of_categories_is_the_published_one(generated: Session) -> None:
    rows = sa.select(TrainingPlan.category, sa.func.count()).group_by(TrainingPlan.category)
    shares = {category: n / sum(SCALE.accredited) for category, n in generated.execute(rows)}
    assert shares[PlanCategory.D] == pytest.approx(0.47, abs=0.02)
    assert shares[PlanCategory.E] == pytest.approx(0.465, abs=0.02)


def test_group_plans_and_contracts_name_the_same_supervisor(generated: Session) -> None:
    pairs = sa.select(Supervision.implementing_organization_id, Supervision.supervising_organization_id)
    contracts = {row[0]: row[1] for row in generated.execute(pairs)}
    plans = sa.select(TrainingPlan.implementing_organization_id, TrainingPlan.supervising_organization_id).where(
        TrainingPlan.supervising_organization_id.is_not(None)
    )
    for body, supervisor in generated.execute(plans):
        assert contracts.get(body, supervisor) == supervisor
    kinds = sa.select(Organization.kind).where(Organization.id.in_(set(contracts.values())))
    assert set(generated.scalars(kinds)) == {OrganizationKind.SUPERVISING}


def test_a_second_time_and_beside_real_data_it_refuses(session: Session, factories: Factories) -> None:
    factories.organization()
    with pytest.raises(NotEmpty):
        generate(session, FixedClock.on(TODAY), SCALE)
