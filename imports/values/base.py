"""What every parser of a cell gives back, and the ways in which a cell cannot be read."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Generic, TypeVar

from otit.errors import UserError
from otit.text import N_, compact, nfkc, plain_dashes

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Note:
    """A remark for a person: a Japanese msgid with its parameters."""

    message: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T_co]):
    """A value that was read, with what is odd about it."""

    value: T_co
    warnings: tuple[Note, ...] = ()


Parser = Callable[[object], Parsed[object]]
"""Takes the value of a cell that is not blank; raises `ValueProblem`."""


class ValueProblem(UserError):
    """A cell cannot be read. `code` names the reason for programs, the message for people."""

    code: ClassVar[str] = "value"


class WrongType(ValueProblem):
    """A date where text was wanted, and the like."""

    code = "wrong-type"


class WrongForm(ValueProblem):
    """The text does not have the form of such a value."""

    code = "wrong-form"


class WrongLength(ValueProblem):
    """Too many or too few digits or characters."""

    code = "wrong-length"


class WrongCheckDigit(ValueProblem):
    code = "wrong-check-digit"


class UnknownWord(ValueProblem):
    """A prefecture, country or category that is not on the list."""

    code = "unknown-word"


_LINE_BREAK = re.compile("\r\n?")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
# Beyond this a float no longer holds every whole number, so digits of the cell are already lost.
_EXACT_FLOAT = 2**53


def as_text(value: object) -> str:
    """What stands in the cell, as text and otherwise as written: only surrounding blanks and control codes go.

    A whole number comes without ".0" (Excel keeps every number as a float). Raises `WrongType` for dates, times and
    truth values (text was wanted), and for whole numbers of more digits than Excel keeps.
    """
    if isinstance(value, str):
        return _printable(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongType(N_("文字で入力してください。日付、時刻または真偽値が入っています。"))
    if not math.isfinite(value) or abs(value) > _EXACT_FLOAT:
        raise WrongType(N_("桁数の多い数値は下の桁が失われています。文字列として入力してください。"))
    return str(int(value)) if value == int(value) else repr(value)


def as_code(value: object) -> str:
    """`as_text` for numbers and codes: half width, plain hyphens, no spaces."""
    return plain_dashes(compact(as_text(value)))


def _printable(value: str) -> str:
    return _CONTROL.sub("", _LINE_BREAK.sub("\n", value)).strip()


def shown(value: object) -> str:
    """The value as quoted in a message: one line, cut at 40 characters."""
    line = " ".join(nfkc(str(value)).split())
    return line if len(line) <= 40 else f"{line[:39]}…"
