"""Cells that hold several values: countries and occupation codes."""

import datetime as dt
import re

from imports.values.base import Note, Parsed, UnknownWord, WrongForm, WrongType, as_text, shown
from organizations.occupations.codes import SECTORS, parse_code, sector_of
from otit.text import N_, compact, nfkc, plain_dashes

_SEPARATORS = re.compile(r"[\n,、;/|]+")
_CODE_SEPARATORS = re.compile(r"[\n,、;/|・\s]+")

COUNTRIES: dict[str, tuple[str, ...]] = {
    # with a memorandum of cooperation on technical intern training (2024-03-31)
    "VNM": ("ベトナム", "ヴェトナム", "越南", "ベトナム社会主義共和国"),
    "KHM": ("カンボジア", "カンボジア王国"),
    "IND": ("インド",),
    "PHL": ("フィリピン", "フィリピン共和国"),
    "LAO": ("ラオス", "ラオス人民民主共和国"),
    "MNG": ("モンゴル", "モンゴル国"),
    "BGD": ("バングラデシュ", "バングラディシュ", "バングラデッシュ"),
    "LKA": ("スリランカ", "スリ・ランカ"),
    "MMR": ("ミャンマー", "ビルマ"),
    "BTN": ("ブータン",),
    "UZB": ("ウズベキスタン",),
    "PAK": ("パキスタン",),
    "THA": ("タイ", "タイ王国"),
    "IDN": ("インドネシア", "インドネシア共和国"),
    "NPL": ("ネパール",),
    # without one
    "CHN": ("中国", "中華人民共和国"),
    "TWN": ("台湾",),
    "KOR": ("韓国", "大韓民国"),
    "MYS": ("マレーシア",),
    "KGZ": ("キルギス", "キルギス共和国"),
    "KAZ": ("カザフスタン",),
    "TJK": ("タジキスタン",),
    "TLS": ("東ティモール",),
    "PER": ("ペルー",),
    "TUR": ("トルコ", "トルコ共和国"),
    "FJI": ("フィジー",),
}
_COUNTRY_CODES = {compact(name).replace("・", ""): code for code, names in COUNTRIES.items() for name in names}


def split(value: object, *, middle_dot: bool = False) -> tuple[str, ...]:
    """The parts of a cell, separated by 、 commas, semicolons, slashes or line breaks; each once, in order, as written.

    The middle dot separates only where the caller says so: it may be part of a name (スリ・ランカ, 山田・ブラザーズ).
    """
    raw = as_text(value).replace("，", ",").replace("､", "、").replace("；", ";").replace("／", "/")
    parts = (part.strip() for part in _SEPARATORS.split(raw.replace("・", "、") if middle_dot else raw))
    return tuple(dict.fromkeys(part for part in parts if part))


def country(value: object) -> Parsed[str]:
    """ISO 3166-1 alpha-3 of one country by its Japanese name or the code itself."""
    word = compact(as_text(value)).replace("・", "")
    code = _COUNTRY_CODES.get(word) or (word.upper() if word.upper() in COUNTRIES else None)
    if code is None:
        raise UnknownWord(N_("国名として読み取れません：%(value)s"), {"value": shown(value)})
    return Parsed(code)


def countries(value: object) -> Parsed[tuple[str, ...]]:
    """ISO 3166-1 alpha-3 of each country named, each once, in the order written.

    The middle dot separates countries unless the part with the dot is itself a country's name.
    """
    codes: list[str] = []
    for part in split(value):
        for word in (part,) if _is_country(part) else split(part, middle_dot=True):
            codes.append(country(word).value)
    if not codes:
        raise UnknownWord(N_("国名として読み取れません：%(value)s"), {"value": shown(value)})
    return Parsed(tuple(dict.fromkeys(codes)))


def _is_country(word: str) -> bool:
    return compact(word).replace("・", "") in _COUNTRY_CODES


def occupation_code(value: object) -> Parsed[str]:
    """職種コード "3-4" (sector, occupation) or "3-4-1" (with operation)."""
    parsed = occupation_codes(value)
    if len(parsed.value) != 1:
        raise WrongForm(N_("職種コードは1つだけ入力してください：%(value)s"), {"value": shown(value)})
    return Parsed(parsed.value[0], parsed.warnings)


def occupation_codes(value: object) -> Parsed[tuple[str, ...]]:
    """職種コード of each occupation named, each once, in the order written.

    Raises `WrongType` when Excel has turned "3-4" into a date: which code was typed can no longer be told for sure.
    """
    if isinstance(value, dt.date | dt.datetime):
        raise WrongType(N_("職種コードがExcelによって日付に変えられています。文字列として入力してください。"))
    text = plain_dashes(nfkc(as_text(value)))
    parts = tuple(dict.fromkeys(part for part in _CODE_SEPARATORS.split(text) if part))
    read = {part: parse_code(part) for part in parts}
    wrong = [part for part, code in read.items() if code is None]
    if wrong or not parts:
        raise WrongForm(N_("職種コードは「3-4」の形です：%(value)s"), {"value": shown(wrong[0] if wrong else value)})
    codes = tuple(dict.fromkeys(code for code in read.values() if code is not None))
    odd = [code for code in codes if sector_of(code) not in SECTORS]
    return Parsed(
        codes, tuple(Note(N_("職種コードの分野が一覧にありません：%(value)s"), {"value": code}) for code in odd)
    )
