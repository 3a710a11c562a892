"""Enums whose members carry the Japanese word shown to people and, for states, a tone."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self


@dataclass(frozen=True)
class Bilingual:
    """A parameter of a message that is put together in both languages, such as a citation; the edge chooses."""

    ja: str
    en: str

    def __str__(self) -> str:
        return self.ja


Tone = Literal["neutral", "info", "success", "warning", "danger"]


class Labelled(StrEnum):
    """A code (the stored value) with its Japanese label (a msgid) and the tone in which a status tag shows it.

    >>> class State(Labelled):
    ...     PLANNED = "planned", N_("計画済"), "info"
    """

    label: str
    tone: Tone

    def in_choices(self, word: str) -> str:
        """What a select shows; `word` is the label in the reader's language."""
        return word

    __hash__ = str.__hash__  # it is equal to its text; the hash of an Enum, in Python, is ten times as slow

    def __new__(cls, value: str, label: str = "", tone: Tone = "neutral") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.tone = tone
        return member
