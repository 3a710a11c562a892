"""Moving a record through its life: transition tables are data, and this is the one place that reads them."""

from collections.abc import Mapping
from typing import TypeVar

from otit.errors import StateConflict
from otit.labels import Labelled
from otit.text import N_

State = TypeVar("State", bound=Labelled)
Act = TypeVar("Act", bound=Labelled)


def next_state(transitions: Mapping[tuple[State, Act], State], state: State, act: Act) -> State:
    """The state after `act`. Raises StateConflict, naming both, where the table has no such move."""
    try:
        return transitions[state, act]
    except KeyError:
        raise StateConflict(
            N_("状態が「%(state)s」の記録に「%(act)s」の操作はできません。最新の内容を確認してください。"),
            {"state": state, "act": act},
        ) from None
