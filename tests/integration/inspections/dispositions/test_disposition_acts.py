"""The life of a file: each move by its own act, every other refused; permissions, scope, dates, effects."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.dispositions import effects, queries, services
from inspections.dispositions.decisions import decide
from inspections.dispositions.models import Disposition
from inspections.dispositions.rules import Ground
from inspections.dispositions.states import TRANSITIONS, DispositionAct, DispositionKind, DispositionState
from organizations.licenses.models import License
from organizations.licenses.states import LicenseState
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanState
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor, system_actor
from otit.auth.permissions import Role
from otit.errors import NotPermitted, RuleViolation, StateConflict
from otit.law.authority import DispositionAuthority
from tests.cases import FIRST_CASE, NOON, REASON, decision, first_company, grounds, proposed, revoked
from tests.factories import TODAY, Factories

NONE = DispositionKind.NONE
TOMORROW = TODAY + timedelta(days=1)
SUSPENSION_GROUND = "TIT-37-1-4@2017-11-01"


@pytest.fixture
def manager(factories: Factories) -> Actor:
    return factories.user(Role.MANAGER).actor


@pytest.fixture
def company(factories: Factories) -> Organization:
    return first_company(factories)


@pytest.fixture
def plans(session: Session, company: Organization) -> list[TrainingPlan]:
    return list(session.scalars(sa.select(TrainingPlan).order_by(TrainingPlan.number)))


Doing = Callable[[Session, Actor, Disposition], None]
ACTS: dict[DispositionAct, Doing] = {
    DispositionAct.SUBMIT: lambda s, a, d: services.submit(s, a, d, on=date(2018, 6, 15), document_number="", now=NOON),
    DispositionAct.WITHDRAW: lambda s, a, d: services.withdraw(s, a, d, on=date(2018, 6, 15), reason="-", now=NOON),
    DispositionAct.DECIDE: lambda s, a, d: decide(s, a, d, decision(), now=NOON),
    DispositionAct.DECIDE_NONE: lambda s, a, d: decide(
        s, a, d, decision(kind=NONE, effective_on=None, grounds=()), now=NOON
    ),
    DispositionAct.TAKE_EFFECT: lambda s, a, d: effects.take_effect(s, a, d, now=NOON),
    DispositionAct.PUBLISH: lambda s, a, d: services.publish(
        s, a, d, on=date(2018, 7, 4), document_number="", now=NOON
    ),
    DispositionAct.ANNUL: lambda s, a, d: effects.annul(
        s, a, d, on=date(2018, 9, 1), reason="裁決", document_number="", now=NOON
    ),
}
WAY: dict[DispositionState, tuple[DispositionAct, ...]] = {
    DispositionState.PROPOSED: (),
    DispositionState.SUBMITTED: (DispositionAct.SUBMIT,),
    DispositionState.DECIDED: (DispositionAct.SUBMIT, DispositionAct.DECIDE),
    DispositionState.EFFECTIVE: (DispositionAct.SUBMIT, DispositionAct.DECIDE, DispositionAct.TAKE_EFFECT),
    DispositionState.PUBLISHED: (
        DispositionAct.SUBMIT,
        DispositionAct.DECIDE,
        DispositionAct.TAKE_EFFECT,
        DispositionAct.PUBLISH,
    ),
    DispositionState.NOT_TAKEN: (DispositionAct.SUBMIT, DispositionAct.DECIDE_NONE),
    DispositionState.WITHDRAWN: (DispositionAct.WITHDRAW,),
    DispositionState.ANNULLED: (
        DispositionAct.SUBMIT,
        DispositionAct.DECIDE,
        DispositionAct.TAKE_EFFECT,
        DispositionAct.ANNUL,
    ),
}


@pytest.mark.parametrize("state", list(DispositionState))
@pytest.mark.parametrize("act", list(DispositionAct))
def test_each_act_moves_the_file_as_the_table_says_or_is_refused(
    session: Session,
    manager: Actor,
    company: Organization,
    plans: list[TrainingPlan],
    state: DispositionState,
    act: DispositionAct,
) -> None:
    file = proposed(session, manager, company, plans)
    for step in WAY[state]:
        ACTS[step](session, manager, file)
    assert file.state is state
    if (state, act) in TRANSITIONS:
        ACTS[act](session, manager, file)
        session.flush()
        assert file.state is TRANSITIONS[state, act]
        assert file.steps[-1].act is act
    else:
        with pytest.raises(StateConflict):
            ACTS[act](session, manager, file)
        assert file.state is state


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
@pytest.mark.parametrize("state", list(DispositionState))
def test_only_managers_act_on_a_file(
    session: Session,
    factories: Factories,
    manager: Actor,
    company: Organization,
    plans: list[TrainingPlan],
    role: Role,
    state: DispositionState,
) -> None:
    file = proposed(session, manager, company, plans)
    for step in WAY[state]:
        ACTS[step](session, manager, file)
    other = factories.user(role).actor
    for act, doing in ACTS.items():
        if (state, act) in TRANSITIONS:
            with pytest.raises(NotPermitted):
                doing(session, other, file)


def test_a_manager_of_another_office_neither_sees_nor_moves_the_file(
    session: Session, factories: Factories, manager: Actor, company: Organization, plans: list[TrainingPlan]
) -> None:
    file = proposed(session, manager, company, plans)
    stranger = factories.user(Role.MANAGER, office_code="06").actor
    with pytest.raises(NotPermitted):
        proposed(session, stranger, company, plans)
    with pytest.raises(NotPermitted):
        ACTS[DispositionAct.SUBMIT](session, stranger, file)
    assert queries.count(session, stranger, queries.Filters()) == 0
    assert queries.count(session, factories.user(Role.MANAGER, office_code="11").actor, queries.Filters()) == 1


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


def test_the_decision_may_take_another_kind_than_was_proposed(
    session: Session, manager: Actor, company: Organization, plans: list[TrainingPlan]
) -> None:
    file = proposed(session, manager, company, plans)
    ACTS[DispositionAct.SUBMIT](session, manager, file)
    milder = decision(kind=DispositionKind.IMPROVEMENT_ORDER, grounds=grounds("TIT-15-1@2017-11-01"))
    decide(session, manager, file, milder, now=NOON)
    effects.take_effect(session, manager, file, now=NOON)
    assert (file.kind, file.proposed_kind) == (
        DispositionKind.IMPROVEMENT_ORDER,
        DispositionKind.ACCREDITATION_REVOCATION,
    )
    assert {plan.state for plan in plans} == {PlanState.ACCREDITED}
    assert queries.decided_plan_ids(session, file) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"authority": DispositionAuthority.ISA_MHLW}, "authority"),
        ({"decided_on": date(2018, 6, 14)}, "decided_on"),
        ({"decided_on": TOMORROW, "authority": DispositionAuthority.ISA_MHLW}, "decided_on"),
        ({"effective_on": None}, "effective_on"),
        ({"effective_on": date(2018, 7, 2)}, "effective_on"),
        ({"suspension_until": date(2018, 12, 31)}, "suspension_until"),
        ({"grounds": ()}, "grounds"),
        ({"kind": DispositionKind.LICENSE_REVOCATION}, "kind"),
        ({"kind": NONE}, "effective_on"),
        ({"excluded": list(FIRST_CASE)}, "excluded"),
        ({"excluded": ["認9999999999"]}, "excluded"),
    ],
)
def test_a_decision_against_the_rules_is_refused_beside_its_field(
    session: Session,
    manager: Actor,
    company: Organization,
    plans: list[TrainingPlan],
    changes: dict[str, Any],
    field: str,
) -> None:
    file = proposed(session, manager, company, plans)
    ACTS[DispositionAct.SUBMIT](session, manager, file)
    with pytest.raises(RuleViolation) as refusal:
        decide(session, manager, file, decision(**changes), now=NOON)
    assert refusal.value.field == field
    assert (file.state, file.decision) == (DispositionState.SUBMITTED, None)


def test_a_plan_accredited_after_the_effect_is_refused(
    session: Session, factories: Factories, manager: Actor, company: Organization, plans: list[TrainingPlan]
) -> None:
    later = factories.plan(company, accredited_on=date(2018, 7, 4), starts_on=date(2018, 8, 1))
    file = proposed(session, manager, company, [*plans, later])
    ACTS[DispositionAct.SUBMIT](session, manager, file)
    with pytest.raises(RuleViolation) as refusal:
        decide(session, manager, file, decision(), now=NOON)
    assert later.number in str(refusal.value)
    decide(session, manager, file, decision(excluded=[later.number]), now=NOON)


def test_a_proposal_names_live_plans_of_that_organization_only(
    session: Session, factories: Factories, manager: Actor, company: Organization, plans: list[TrainingPlan]
) -> None:
    foreign = factories.plan()
    ended = factories.plan(company, state=PlanState.COMPLETED, ended_on=date(2026, 10, 1))
    for wrong in ([], [foreign], [*plans, foreign], [ended]):
        with pytest.raises(RuleViolation) as refusal:
            proposed(session, manager, company, wrong)
        assert refusal.value.field == "numbers"
    proposed(session, manager, company, plans[:2])
    with pytest.raises(RuleViolation) as refusal:
        proposed(session, manager, company, plans)
    assert "認1711001206" in str(refusal.value)
    assert "認1711001494" not in str(refusal.value)
    proposed(session, manager, company, plans[2:])


@pytest.mark.parametrize("day", [TOMORROW, date(2017, 10, 31)])
def test_a_proposal_is_made_neither_tomorrow_nor_before_the_act(
    session: Session, manager: Actor, company: Organization, plans: list[TrainingPlan], day: date
) -> None:
    with pytest.raises(RuleViolation) as refusal:
        services.propose(
            session,
            manager,
            company,
            kind=DispositionKind.ACCREDITATION_REVOCATION,
            grounds=[],
            plans=plans,
            reason=REASON,
            proposed_on=day,
            now=NOON,
        )
    assert refusal.value.field == "proposed_on"


def test_numbers_run_by_office_and_fiscal_year(
    session: Session, manager: Actor, company: Organization, plans: list[TrainingPlan]
) -> None:
    numbers = [proposed(session, manager, company, [plan]).number for plan in plans[:2]]
    assert numbers == ["処18-11-0001", "処18-11-0002"]


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


# --- supervising organizations ----------------------------------------------------------------------------------------


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
        kind=kind,
        grounds=grounds(ground),
        plans=[],
        reason=REASON,
        proposed_on=date(2026, 10, 1),
        now=NOON,
    )
    services.submit(session, actor, file, on=date(2026, 10, 5), document_number="", now=NOON)
    day = date(2026, 11, 2)
    facts = decision(kind=kind, decided_on=day, effective_on=day, grounds=grounds(ground), **changes)
    decide(session, actor, file, facts, now=NOON)
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
            kind=DispositionKind.LICENSE_REVOCATION,
            grounds=ground,
            plans=[],
            reason=REASON,
            proposed_on=date(2026, 10, 1),
            now=NOON,
        )
    assert refusal.value.field == "kind"


def test_the_home_page_figures_count_what_waits(
    session: Session, factories: Factories, manager: Actor, company: Organization, plans: list[TrainingPlan]
) -> None:
    for plan, steps in zip(plans, (0, 1, 2, 3), strict=True):
        file = proposed(session, manager, company, [plan])
        for step in WAY[DispositionState.PUBLISHED][:steps]:
            ACTS[step](session, manager, file)
    waiting = queries.waiting(session, manager, TODAY)
    assert waiting is not None
    assert (waiting.to_submit, waiting.to_decide, waiting.effects_due, waiting.to_publish) == (1, 1, 1, 1)
    assert len(waiting.rows) == 4
    assert queries.waiting(session, factories.user(Role.INSPECTOR).actor, TODAY) is None
    elsewhere = queries.waiting(session, factories.user(Role.MANAGER, office_code="06").actor, TODAY)
    assert elsewhere is not None
    assert (elsewhere.to_submit, list(elsewhere.rows)) == (0, [])
