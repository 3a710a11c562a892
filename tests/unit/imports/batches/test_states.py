"""The life of a batch: every (state, act) pair, refusals included."""

import pytest

from imports.batches.states import TRANSITIONS, BatchAct, BatchState, Verdict
from otit.errors import StateConflict
from otit.lifecycle import next_state

ENDED = (BatchState.UNCHANGED, BatchState.APPLIED, BatchState.REJECTED, BatchState.FAILED)


@pytest.mark.parametrize("state", BatchState)
@pytest.mark.parametrize("act", BatchAct)
def test_only_the_moves_of_the_table_are_made(state, act):
    if (state, act) in TRANSITIONS:
        assert next_state(TRANSITIONS, state, act) is TRANSITIONS[state, act]
    else:
        with pytest.raises(StateConflict):
            next_state(TRANSITIONS, state, act)


def test_nothing_leaves_an_end():
    assert not [pair for pair in TRANSITIONS if pair[0] in ENDED]


def test_only_what_a_person_confirmed_is_applied_and_only_a_clean_batch_is_confirmed():
    assert [state for state, act in TRANSITIONS if act is BatchAct.APPLY] == [BatchState.CONFIRMED]
    assert [state for state, act in TRANSITIONS if act is BatchAct.CONFIRM] == [BatchState.VALIDATED]


def test_the_preview_shows_errors_first():
    assert sorted(Verdict, key=lambda verdict: verdict.rank) == [
        Verdict.ERROR,
        Verdict.CHANGED,
        Verdict.NEW,
        Verdict.UNCHANGED,
    ]
