"""The lives of licences, plans and businesses: which act leads from which state to which; all others are refused."""

from collections.abc import Mapping
from itertools import product

import pytest

from organizations.accreditation import states as accreditation
from organizations.accreditation.states import ChangeState
from organizations.licenses import states as licenses
from organizations.licenses.states import LicenseAct, LicenseState
from organizations.licensing import states as licensing
from organizations.licensing.states import ApplicationAct, ApplicationState
from organizations.plans import states as plans
from organizations.plans.states import PlanAct, PlanState
from organizations.register.states import BUSINESS_TRANSITIONS, BusinessAct, BusinessStatus
from otit.errors import StateConflict
from otit.labels import Labelled
from otit.lifecycle import next_state

LICENSE = {
    ("licensed", "revoke"): "revoked",
    ("licensed", "suspend"): "suspended",
    ("licensed", "expire"): "expired",
    ("licensed", "close"): "closed",
    ("suspended", "revoke"): "revoked",
    ("suspended", "resume"): "licensed",
    ("suspended", "reinstate"): "licensed",
    ("suspended", "expire"): "expired",
    ("suspended", "close"): "closed",
    ("revoked", "reinstate"): "licensed",
    **{
        (state, act): state
        for state in ("licensed", "suspended")
        for act in (
            "set_condition",
            "end_condition",
            "set_content",
            "renew",
            "change_class",
            "downgrade",
            "restore_class",
        )
    },
}
PLAN = {
    ("accredited", "revoke"): "revoked",
    ("accredited", "complete"): "completed",
    ("accredited", "discontinue"): "discontinued",
    ("revoked", "reinstate"): "accredited",
}
APPLICATION = {
    ("applied", "correct"): "applied",
    ("facts_found", "correct"): "facts_found",
    ("applied", "find_facts"): "facts_found",
    ("applied", "withdraw"): "withdrawn",
    ("facts_found", "grant"): "granted",
    ("facts_found", "refuse"): "refused",
    ("facts_found", "withdraw"): "withdrawn",
}
PLAN_APPLICATION = {
    ("applied", "correct"): "applied",
    ("applied", "accredit"): "accredited",
    ("applied", "refuse"): "refused",
    ("applied", "withdraw"): "withdrawn",
}
BUSINESS = {
    ("active", "suspend"): "suspended",
    ("active", "close"): "closed",
    ("suspended", "resume"): "active",
    ("suspended", "close"): "closed",
}


@pytest.mark.parametrize(
    ("expected", "table", "states", "acts"),
    [
        (LICENSE, licenses.TRANSITIONS, LicenseState, LicenseAct),
        (APPLICATION, licensing.TRANSITIONS, ApplicationState, ApplicationAct),
        (PLAN, plans.TRANSITIONS, PlanState, PlanAct),
        (PLAN_APPLICATION, accreditation.TRANSITIONS, accreditation.ApplicationState, accreditation.ApplicationAct),
        (PLAN_APPLICATION, accreditation.CHANGE_TRANSITIONS, ChangeState, accreditation.ApplicationAct),
        (BUSINESS, BUSINESS_TRANSITIONS, BusinessStatus, BusinessAct),
    ],
    ids=["license", "license application", "plan", "plan application", "change", "business"],
)
def test_each_pair_of_state_and_act_moves_as_the_law_has_it_or_is_refused(
    expected: Mapping[tuple[str, str], str],
    table: Mapping[tuple[Labelled, Labelled], Labelled],
    states: type[Labelled],
    acts: type[Labelled],
) -> None:
    for state, act in product(states, acts):
        if (state.value, act.value) in expected:
            assert next_state(table, state, act).value == expected[state.value, act.value]
        else:
            with pytest.raises(StateConflict) as refusal:
                next_state(table, state, act)
            assert refusal.value.params == {"state": state, "act": act}


def test_nothing_leads_out_of_an_end() -> None:
    ends = {LicenseState.EXPIRED, LicenseState.CLOSED, PlanState.COMPLETED, PlanState.DISCONTINUED}
    for table in (licenses.TRANSITIONS, plans.TRANSITIONS):
        assert not [state for state, _act in table if state in ends]
