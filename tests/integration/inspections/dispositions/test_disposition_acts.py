"""The life of a file: each move by its own act, every other refused; permissions, scope, rules, figures."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from inspections.dispositions import effects, queries, services
from inspections.dispositions.decisions import decide
from inspections.dispositions.states import TRANSITIONS, DispositionAct, DispositionKind, DispositionState
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanState
from organizations.register.models import Organization
from otit.auth.actors import Actor
from otit.auth.permissions import Role
from otit.errors import NotPermitted, RuleViolation, StateConflict
from otit.law.authority import DispositionAuthority
from tests.cases import ACTS, FIRST_CASE, NOON, REASON, WAY, decision, grounds, proposed
from tests.factories import TODAY, Factories

NONE = DispositionKind.NONE
TOMORROW = TODAY + timedelta(days=1)
SUSPENSION_GROUND = "TIT-37-1-4@2017-11-01"


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
            services.Proposal(
                kind=DispositionKind.ACCREDITATION_REVOCATION, grounds=[], plans=plans, reason=REASON, proposed_on=day
            ),
            now=NOON,
        )
    assert refusal.value.field == "proposed_on"


def test_numbers_run_by_office_and_fiscal_year(
    session: Session, manager: Actor, company: Organization, plans: list[TrainingPlan]
) -> None:
    numbers = [proposed(session, manager, company, [plan]).number for plan in plans[:2]]
    assert numbers == ["処18-11-0001", "処18-11-0002"]


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
