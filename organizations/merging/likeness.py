"""How much two rows of the register look like one body. Pure; the weights are rules of work, not of law."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rapidfuzz.fuzz import ratio

from organizations.merging.states import LikenessReason
from organizations.register.names import CORPORATE_FORMS
from otit.text import match_key

# Pairs below are not worth a person's look.
LEAST: Final = 70
_ALIKE: Final = 80
_NAME, _ADDRESS, _PHONE, _REPRESENTATIVE = 45, 30, 25, 15
# Two corporations, each with a corporate number of its own, are hardly ever one.
_OTHER_NUMBER: Final = 25

_TITLE = re.compile("^(代表取締役|代表理事|代表社員|代表者|理事長|取締役|社長|会長)+")


@dataclass(frozen=True)
class Likeness:
    """What is compared: matching keys as `details.derive` makes them, the representative as written."""

    name_key: str
    address_key: str
    prefecture_code: str
    phone_key: str | None = None
    representative: str | None = None
    corporate_number: str | None = None


@dataclass(frozen=True)
class Score:
    """`points` is 0 to 100."""

    points: int
    reasons: tuple[LikenessReason, ...]


def core_name(name_key: str) -> str:
    """The name without its corporate form; a name that is nothing but a form stays."""
    core = name_key
    for form in CORPORATE_FORMS:
        core = core.replace(form, "")
    return core or name_key


def person_key(representative: str | None) -> str:
    """The representative's name without the office held."""
    return _TITLE.sub("", match_key(representative or ""))


def compare(a: Likeness, b: Likeness) -> Score:
    """Names and addresses always count, phone and representative where both are known. The same street in another
    prefecture is another place."""
    found = [*_name(a, b), *_address(a, b), *_phone(a, b), *_representative(a, b)]
    points = sum(weight * value for weight, value, _reason in found) / sum(weight for weight, _value, _reason in found)
    reasons = [reason for _weight, _value, reason in found if reason is not None]
    if a.corporate_number and b.corporate_number and a.corporate_number != b.corporate_number:
        points -= _OTHER_NUMBER
        reasons.append(LikenessReason.OTHER_NUMBER)
    return Score(max(0, round(points)), tuple(reasons))


Evidence = tuple[int, float, LikenessReason | None]


def _name(a: Likeness, b: Likeness) -> Iterator[Evidence]:
    if a.name_key == b.name_key:
        yield _NAME, 100, LikenessReason.SAME_NAME
        return
    value = max(ratio(a.name_key, b.name_key), ratio(core_name(a.name_key), core_name(b.name_key)) - 5)
    yield _NAME, value, LikenessReason.ALIKE_NAME if value >= _ALIKE else None


def _address(a: Likeness, b: Likeness) -> Iterator[Evidence]:
    if a.prefecture_code != b.prefecture_code:
        yield _ADDRESS, 0, None
    elif a.address_key == b.address_key:
        yield _ADDRESS, 100, LikenessReason.SAME_ADDRESS
    else:
        value = ratio(a.address_key, b.address_key)
        yield _ADDRESS, value, LikenessReason.ALIKE_ADDRESS if value >= _ALIKE else None


def _phone(a: Likeness, b: Likeness) -> Iterator[Evidence]:
    if a.phone_key and b.phone_key:
        yield (_PHONE, 100, LikenessReason.SAME_PHONE) if a.phone_key == b.phone_key else (_PHONE, 0, None)


def _representative(a: Likeness, b: Likeness) -> Iterator[Evidence]:
    if not (a.representative and b.representative):
        return
    mine = person_key(a.representative)
    if mine and mine == person_key(b.representative):
        yield _REPRESENTATIVE, 100, LikenessReason.SAME_REPRESENTATIVE
