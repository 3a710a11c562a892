"""What a person typed into the search of everything: a number, a name, or what may be either. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from organizations.register.searching import read_phone
from otit.text import compact, match_key, plain_dashes

FEWEST_DIGITS = 4
# 許可番号：許…号, 第…号: what people write around a number when they copy it from a paper.
_AROUND = re.compile(
    "(?:(?:許可|認定|法人|届出受理|受理|整理|送出機関|検査|受付|文書)番号:?)?第?(?P<number>[^0-9]{0,3}[0-9][0-9-]*)号?"
)
_SIGN = re.compile("[^0-9]*")
# A trigger bears its sign in the middle: 26-T-000123.
_TRIGGER = re.compile("([0-9]{2})-?T-?([0-9]{1,6})")
TRIGGER_SIGN = "T"


@dataclass(frozen=True)
class Asked:
    """`digits` are those of a number, `sign` what stands before them (許, 認, 処, VNM), `groups` how they were
    parted by dashes. `phone` is the key of a telephone number, where it may be one. `name_key` is the folded name, None
    where only a number can be meant. `bodies` are the ids of the organizations that bear the name, whoever may see
    them; None when there are too many to ask for their records."""

    text: str
    digits: str | None = None
    sign: str = ""
    groups: tuple[str, ...] = ()
    name_key: str | None = None
    bodies: tuple[int, ...] | None = None
    phone: str | None = None

    @property
    def filter_text(self) -> str:
        """What finds the same in a list's own search box."""
        return self.text if self.digits is None or self.sign == TRIGGER_SIGN else self.sign + "-".join(self.groups)

    def official(self, sign: str) -> str | None:
        """The digits of a number of ten that bears this sign on paper (許, 認), or their beginning."""
        return self.digits if self.digits and self.sign in ("", sign) and len(self.digits) <= 10 else None

    def own(self, sizes: Sequence[int], signs: Sequence[str] = ("",)) -> list[str]:
        """The numbers of ours that are meant, their groups of digits as long as `sizes`: 2611000123, 26-11-000123 and
        26-11-123 are 26-11-000123. A number without its sign may be that of any of the `signs`."""
        if self.digits is None or (self.sign and self.sign not in signs):
            return []
        groups = self._parted(sizes)
        bearing = [self.sign] if self.sign else list(signs)
        return [sign + "-".join(groups) for sign in bearing] if groups else []

    def _parted(self, sizes: Sequence[int]) -> list[str]:
        if len(self.groups) == len(sizes):
            *first, last = self.groups
            padded = [*first, last.zfill(sizes[-1])]
            return padded if [len(group) for group in padded] == list(sizes) else []
        if len(self.groups) != 1 or len(self.groups[0]) != sum(sizes):
            return []
        ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
        return [self.groups[0][end - size : end] for end, size in zip(ends, sizes, strict=True)]


def read(text: str) -> Asked:
    """A number or a name (see `_read`), and the telephone number that it may be."""
    asked = _read(text)
    phone = read_phone(asked.text)
    return replace(asked, phone=phone, name_key=None) if phone else asked


def _read(text: str) -> Asked:
    """Four digits or more with at most three signs before them are a number: that of a register, or one of ours. With
    another sign than 許 and 認 it may be a name as well."""
    typed = text.strip()
    key = match_key(typed) or None
    written = plain_dashes(compact(typed)).upper()
    if trigger := _TRIGGER.fullmatch(written):
        return Asked(typed, "".join(trigger.groups()), TRIGGER_SIGN, trigger.groups())
    found = _AROUND.fullmatch(written)
    number = found["number"] if found else ""
    sign = _SIGN.match(number)[0] if number else ""  # type: ignore[index]
    groups = tuple(group for group in number[len(sign) :].split("-") if group)
    digits = "".join(groups)
    if len(digits) < FEWEST_DIGITS:
        return Asked(typed, name_key=key)
    return Asked(typed, digits, sign.rstrip("-"), groups, None if sign in ("", "許", "認") else key)
