"""Categories written in words: plan categories A to F, and the class of a licence."""

import re
from typing import Literal

from imports.values.base import Parsed, UnknownWord, as_text, shown
from otit.text import N_, compact

LicenceClass = Literal["general", "specific"]
PlanCategory = Literal["A", "B", "C", "D", "E", "F"]

_LETTERS: dict[str, PlanCategory] = {"A": "A", "B": "B", "C": "C", "D": "D", "E": "E", "F": "F"}
_BY_TYPE: dict[tuple[str, str], PlanCategory] = {
    ("single", "1"): "A",
    ("single", "2"): "B",
    ("single", "3"): "C",
    ("group", "1"): "D",
    ("group", "2"): "E",
    ("group", "3"): "F",
}
_LEVEL = re.compile(r"第?([1-3一二三])号")
_KANJI_LEVELS = str.maketrans("一二三", "123")


def plan_category(value: object) -> Parsed[PlanCategory]:
    """The letter of a plan's category (規則 別記様式第1号): A, B, C 企業単独型, D, E, F 団体監理型, each level 1 to 3.

    Reads the letter (D, Ｄ, D区分), 第1号団体監理型技能実習 in any order of its parts, and the status of residence
    (技能実習1号ロ: イ is 企業単独型, ロ is 団体監理型).
    """
    word = compact(as_text(value))
    letter = _LETTERS.get(re.sub(r"^\(?([A-F])\)?(?:区分)?$", r"\1", word.upper()))
    if letter:
        return Parsed(letter)
    level = _LEVEL.search(word)
    kinds = _kinds(word)
    if not level or len(kinds) != 1:
        raise UnknownWord(
            N_("技能実習の区分（A~Fまたは第1号団体監理型など）として読み取れません：%(value)s"), {"value": shown(value)}
        )
    return Parsed(_BY_TYPE[kinds.pop(), level[1].translate(_KANJI_LEVELS)])


def _kinds(word: str) -> set[str]:
    signs = {"single": ("企業単独", "号イ"), "group": ("団体監理", "号ロ")}
    return {kind for kind, parts in signs.items() if any(part in word for part in parts)}


def licence_class(value: object) -> Parsed[LicenceClass]:
    """一般監理事業 ("general", Act Art. 23(1)(i): levels 1 to 3) or 特定監理事業 ("specific", (ii): levels 1 and 2)."""
    word = compact(as_text(value))
    found = find_licence_class(word)
    if found is None:
        raise UnknownWord(N_("許可区分（一般または特定）として読み取れません：%(value)s"), {"value": shown(value)})
    return Parsed(found)


def find_licence_class(text: str) -> LicenceClass | None:
    """The class a title or a sheet name speaks of; None when it names none or both."""
    general, specific = "一般" in text, "特定" in text
    if general == specific:
        return None
    return "general" if general else "specific"
