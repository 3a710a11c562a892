"""Prefectures and postal codes."""

import re

from imports.values.base import Note, Parsed, UnknownWord, WrongForm, as_code, as_text, shown
from otit.places import PREFECTURE_CODES, PREFECTURES, prefecture_of
from otit.text import N_, compact

_SHORT_NAMES = {name if name == "北海道" else name[:-1]: code for name, code in PREFECTURE_CODES.items()}
_LEADING_POSTAL_CODE = re.compile(r"^〒?[0-9]{3}-?[0-9]{4}")
_POSTAL_DIGITS = 7


def prefecture(value: object) -> Parsed[str]:
    """The JIS X 0401 code ("27") of a prefecture by its name, with or without 都府県, or by the code itself."""
    word = as_code(value)
    code = PREFECTURE_CODES.get(word) or _SHORT_NAMES.get(word) or (word.zfill(2) if word.isdecimal() else None)
    if code not in PREFECTURES:
        raise UnknownWord(N_("都道府県名として読み取れません：%(value)s"), {"value": shown(value)})
    return Parsed(code)


def prefecture_of_address(value: object) -> Parsed[str]:
    """The JIS X 0401 code of the prefecture an address begins with; a postal code before it is passed over."""
    code = prefecture_of(_LEADING_POSTAL_CODE.sub("", compact(as_text(value))))
    if code is not None:
        return Parsed(code)
    raise UnknownWord(N_("住所が都道府県名から始まっていません：%(value)s"), {"value": shown(value)})


def postal_code(value: object) -> Parsed[str]:
    """郵便番号 as 590-0953. A number of fewer digits has lost its leading zeros: they are put back, with a warning."""
    digits = as_code(value).replace("〒", "").replace("-", "")
    lost = not isinstance(value, str) and 4 < len(digits) < _POSTAL_DIGITS
    if lost:
        digits = digits.zfill(_POSTAL_DIGITS)
    if not re.fullmatch(r"[0-9]{7}", digits):
        raise WrongForm(N_("郵便番号は7桁の数字です：%(value)s"), {"value": shown(value)})
    warning = (Note(N_("郵便番号の先頭の0が失われていたため補いました。")),) if lost else ()
    return Parsed(f"{digits[:3]}-{digits[3:]}", warning)
