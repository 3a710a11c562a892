"""Enums whose members carry the Japanese word shown to people and, for states, a tone."""

from enum import StrEnum
from typing import Literal, Self

Tone = Literal["neutral", "info", "success", "warning", "danger"]


class Labelled(StrEnum):
    """A code (the stored value) with its Japanese label (a msgid) and the tone in which a status tag shows it.

    >>> class State(Labelled):
    ...     PLANNED = "planned", N_("計画済"), "info"
    """

    label: str
    tone: Tone

    def __new__(cls, value: str, label: str = "", tone: Tone = "neutral") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.tone = tone
        return member
