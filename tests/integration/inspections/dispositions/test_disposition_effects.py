"""What a disposition does when it takes effect, by hand and by night, and how an annulment undoes it."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.dispositions import effects, queries, services
from inspections.dispositions.decisions import decide
from inspections.dispositions.models import Disposition
from inspections.dispositions.rules import Ground
from inspections.dispositions.states import DispositionAct, DispositionKind, DispositionState
from organizations.licenses.models import License
from organizations.licenses.states import LicenseState
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanState
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor, system_actor
from otit.errors import RuleViolation
from tests.cases import ACTS, NOON, REASON, decision, grounds, proposed, revoked, statements
from tests.factories import TODAY, Factories

NONE = DispositionKind.NONE
TOMORROW = TODAY + timedelta(days=1)
SUSPENSION_GROUND = "TIT-37-1-4@2017-11-01"


def test_the_effect_revokes_the_decided_plans_only_and_opens_the_bar(
    session: Session, manager: Actor, company: Organization, plans: list[TrainingPlan]
) -> None:
    file = proposed(session, manager, company, plans)
    ACTS[DispositionAct.SUBMIT](session, manager, file)
    decide(session, manager, file, decision(excluded=["認1711001494"]), now=NOON)
    effects.take_effect(session, manager, file, now=NOON)
    session.commit()
    states = {plan.number: (plan.state, plan.bar_until) for plan in plans}
    assert states.pop("認1711001494") == (PlanState.ACCREDITED, None)
    assert set(states.values()) == {(PlanState.REVOKED, date(2023, 7, 2))}
    actions = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions == [
        "disposition.propose",
        "disposition.submit",
        "disposition.decide",
        "plan.revoked",
        "disposition.take_effect",
    ]


def test_an_annulment_gives_the_plans_back(
    session: Session, manager: Actor, company: Organization, plans: list[TrainingPlan]
) -> None:
    file = revoked(session, manager, company, plans)
    ACTS[DispositionAct.ANNUL](session, manager, file)
    session.flush()
    assert {(plan.state, plan.bar_until) for plan in plans} == {(PlanState.ACCREDITED, None)}
    assert file.annulled_reason == "裁決"
    proposed(session, manager, company, plans)  # and they can be proposed anew


def test_the_nightly_run_makes_due_effects_happen_once_and_leaves_later_ones(
    session: Session, manager: Actor, company: Organization, plans: list[TrainingPlan]
) -> None:
    files = [proposed(session, manager, company, [plan]) for plan in plans[:3]]
    days = [date(2018, 7, 3), TODAY, TOMORROW]
    for file, day in zip(files, days, strict=True):
        ACTS[DispositionAct.SUBMIT](session, manager, file)
        decide(session, manager, file, decision(effective_on=day), now=NOON)
    session.commit()
    job = system_actor("dispositions")
    first = effects.take_due_effects(session, job, as_of=TODAY, now=NOON)
    session.commit()
    assert (first.done, first.blocked) == ([files[0].number, files[1].number], [])
    assert effects.take_due_effects(session, job, as_of=TODAY, now=NOON).done == []
    assert [plan.state for plan in plans[:3]] == [PlanState.REVOKED, PlanState.REVOKED, PlanState.ACCREDITED]
    with pytest.raises(RuleViolation):
        effects.take_effect(session, manager, files[2], now=NOON)


def test_one_blocked_effect_does_not_hold_up_the_others(
    session: Session, manager: Actor, company: Organization, plans: list[TrainingPlan]
) -> None:
    files = [proposed(session, manager, company, [plan]) for plan in plans[:2]]
    for file in files:
        ACTS[DispositionAct.SUBMIT](session, manager, file)
        decide(session, manager, file, decision(), now=NOON)
    plans[0].state, plans[0].ended_on = PlanState.COMPLETED, date(2019, 3, 1)
    session.commit()
    result = effects.take_due_effects(session, system_actor("dispositions"), as_of=TODAY, now=NOON)
    assert (result.done, [number for number, _why in result.blocked]) == ([files[1].number], [files[0].number])


def test_an_effect_outside_the_term_of_the_licence_is_refused_with_the_decision(
    session: Session, manager: Actor, license: License
) -> None:
    with pytest.raises(RuleViolation) as refusal:
        supervising_file(
            session,
            manager,
            license,
            DispositionKind.LICENSE_REVOCATION,
            SUSPENSION_GROUND,
            effective_on=license.expires_on + timedelta(days=1),
        )
    assert refusal.value.field == "effective_on"


def test_a_licence_whose_term_no_longer_holds_the_day_blocks_its_own_file_only(
    session: Session, manager: Actor, license: License, company: Organization, plans: list[TrainingPlan]
) -> None:
    blocked = supervising_file(session, manager, license, DispositionKind.LICENSE_REVOCATION, SUSPENSION_GROUND)
    license.licensed_on = TODAY  # corrected by an import since
    file = proposed(session, manager, company, plans)
    ACTS[DispositionAct.SUBMIT](session, manager, file)
    decide(session, manager, file, decision(effective_on=TODAY), now=NOON)
    session.commit()
    result = effects.take_due_effects(session, system_actor("dispositions"), as_of=TODAY, now=NOON)
    assert (result.done, [number for number, _why in result.blocked]) == ([file.number], [blocked.number])


@pytest.mark.parametrize("until", [TODAY, date(2027, 1, 31)])
def test_an_annulled_revocation_leaves_the_suspension_before_it_running(
    session: Session, manager: Actor, license: License, until: date
) -> None:
    suspension = supervising_file(
        session, manager, license, DispositionKind.BUSINESS_SUSPENSION, SUSPENSION_GROUND, suspension_until=until
    )
    effects.take_effect(session, manager, suspension, now=NOON)
    revocation = supervising_file(session, manager, license, DispositionKind.LICENSE_REVOCATION, SUSPENSION_GROUND)
    effects.take_effect(session, manager, revocation, now=NOON)
    effects.annul(session, manager, revocation, on=TODAY, reason="裁決", document_number="", now=NOON)
    session.flush()
    assert (license.state, license.suspended_until, license.bar_until) == (
        LicenseState.SUSPENDED,
        until,
        None,
    )


@pytest.fixture
def license(factories: Factories) -> License:
    return factories.license(licensed_on=date(2024, 6, 1), expires_on=date(2027, 5, 31))


def supervising_file(
    session: Session, actor: Actor, license: License, kind: DispositionKind, ground: str, **changes: Any
) -> Disposition:
    """To the decision, on 2026-11-02."""
    file = services.propose(
        session,
        actor,
        license.organization,
        services.Proposal(kind=kind, grounds=grounds(ground), plans=[], reason=REASON, proposed_on=date(2026, 10, 1)),
        now=NOON,
    )
    services.submit(session, actor, file, on=date(2026, 10, 5), document_number="", now=NOON)
    day = date(2026, 11, 2)
    changes = {"kind": kind, "decided_on": day, "effective_on": day, "grounds": grounds(ground), **changes}
    decide(session, actor, file, decision(**changes), now=NOON)
    return file


def test_a_licence_is_revoked_and_given_back_on_annulment(session: Session, manager: Actor, license: License) -> None:
    file = supervising_file(session, manager, license, DispositionKind.LICENSE_REVOCATION, SUSPENSION_GROUND)
    effects.take_effect(session, manager, file, now=NOON)
    session.flush()
    assert (license.state, license.bar_until) == (LicenseState.REVOKED, date(2031, 11, 1))
    effects.annul(session, manager, file, on=TODAY, reason="裁決", document_number="", now=NOON)
    session.flush()
    assert (license.state, license.bar_until) == (LicenseState.LICENSED, None)


def test_a_suspension_lasts_until_its_last_day(session: Session, manager: Actor, license: License) -> None:
    until = date(2027, 1, 31)
    file = supervising_file(
        session, manager, license, DispositionKind.BUSINESS_SUSPENSION, SUSPENSION_GROUND, suspension_until=until
    )
    effects.take_effect(session, manager, file, now=NOON)
    session.flush()
    assert (license.state, license.suspended_until) == (LicenseState.SUSPENDED, until)


def test_a_suspension_entered_after_it_ran_out_leaves_the_licence_live(
    session: Session, manager: Actor, license: License
) -> None:
    until = date(2026, 11, 20)
    file = supervising_file(
        session, manager, license, DispositionKind.BUSINESS_SUSPENSION, SUSPENSION_GROUND, suspension_until=until
    )
    effects.take_effect(session, manager, file, now=NOON)
    session.flush()
    assert (license.state, file.state) == (LicenseState.LICENSED, DispositionState.EFFECTIVE)
    effects.annul(session, manager, file, on=TODAY, reason="裁決", document_number="", now=NOON)
    assert license.state is LicenseState.LICENSED


def test_a_suspension_without_an_end_is_refused(session: Session, manager: Actor, license: License) -> None:
    with pytest.raises(RuleViolation) as refusal:
        supervising_file(session, manager, license, DispositionKind.BUSINESS_SUSPENSION, SUSPENSION_GROUND)
    assert (refusal.value.field, refusal.value.citation) == ("suspension_until", "法第37条第3項")


def test_an_organization_without_a_live_licence_has_none_to_revoke(
    session: Session, factories: Factories, manager: Actor
) -> None:
    organization = factories.organization(OrganizationKind.SUPERVISING)
    ground: list[Ground] = grounds(SUSPENSION_GROUND)
    with pytest.raises(RuleViolation) as refusal:
        services.propose(
            session,
            manager,
            organization,
            services.Proposal(
                kind=DispositionKind.LICENSE_REVOCATION,
                grounds=ground,
                plans=[],
                reason=REASON,
                proposed_on=date(2026, 10, 1),
            ),
            now=NOON,
        )
    assert refusal.value.field == "kind"


def test_a_thousand_plans_take_no_more_statements_than_a_few(
    session: Session, factories: Factories, manager: Actor, company: Organization
) -> None:
    like = factories.plan(company, accredited_on=date(2018, 2, 20))
    names = ("category", "implementing_organization_id", "implementing_office_code")
    same = {name: getattr(like, name) for name in (*names, "accredited_on", "starts_on", "ends_on")}
    session.add_all(TrainingPlan(number=f"認18119{n:05d}", **same) for n in range(1000))
    session.flush()
    many = list(session.scalars(queries.live_plans(company)))
    with statements() as sent:
        file = proposed(session, manager, company, many)
        ACTS[DispositionAct.SUBMIT](session, manager, file)
        decide(session, manager, file, decision(), now=NOON)
        effects.take_effect(session, manager, file, now=NOON)
        session.flush()
    assert len(sent) <= 40, len(sent)
    assert queries.plan_counts(session, file) == (1005, 1005)
