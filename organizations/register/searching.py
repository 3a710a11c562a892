"""What a person typed into the search box: a number or a name. Pure."""

import re
from dataclasses import dataclass

from otit.text import compact, match_key, phone_key, plain_dashes

# Numbers of the register: 法人番号 (13), 許可番号 and 認定番号 (10, with a leading character), 届出受理番号.
_NUMBER = re.compile(r"[許認]?[0-9]{4,13}号?")
_TELEPHONE = re.compile(r"(?:(?:TEL|電話(?:番号)?):?)?(\+?[0-9()./-]+)")
_FEWEST_DIGITS = 4


@dataclass(frozen=True)
class SearchTerm:
    """Exactly one is filled, or none when there is nothing to search for. `digits` may be the beginning of a number,
    `name_key` any part of a folded name."""

    digits: str | None = None
    name_key: str | None = None


def number_range(digits: str) -> tuple[str, str | None]:
    """The numbers that begin with `digits` lie from the first value up to, but without, the second one (None: to the
    end), in the order of text. So an index can find them, which it cannot for a pattern in every database."""
    following = str(int(digits) + 1).zfill(len(digits))
    return digits, following if len(following) == len(digits) else None


def read_term(text: str) -> SearchTerm:
    """Four digits or more, with or without 許, 認 and 号, are a number; everything else is part of a name."""
    written = plain_dashes(compact(text)).replace("-", "")
    if _NUMBER.fullmatch(written):
        return SearchTerm(digits=re.sub(r"\D", "", written))
    key = match_key(text)
    return SearchTerm(name_key=key or None)


def read_phone(text: str) -> str | None:
    """What a telephone number, or the beginning of one, is looked up by; None for what is none. It may be another
    number as well, so both are sought. Numbers of Japan begin with 0."""
    found = _TELEPHONE.fullmatch(plain_dashes(compact(text)).replace("ー", "-").upper())
    key = phone_key(found[1]) if found else None
    return key if key and key.startswith("0") and len(key) >= _FEWEST_DIGITS else None
