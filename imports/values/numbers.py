"""Official numbers and counts."""

import re

from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.jp import cn

from imports.values.base import (
    Note,
    Parsed,
    Parser,
    WrongCheckDigit,
    WrongForm,
    WrongLength,
    WrongType,
    as_code,
    as_text,
    shown,
)
from organizations.licenses.numbers import read_number
from otit.places import OFFICES
from otit.text import N_, compact, nfkc

_ACCREDITATION = re.compile(r"認?([0-9]{10})号?")
_TEN_DIGITS = re.compile(r"[0-9]{10}")
_SENDING = re.compile(r"[A-Z]{3}[0-9]{6}|[0-9]{1,6}")
_COUNT = re.compile(r"(-?[0-9]{1,3}(?:,[0-9]{3})+|-?[0-9]+)(?:名|人|件|社)?")
# The Act's applications were taken from 2017 on, so no number can carry an earlier year.
_FIRST_YEAR = 17
_CORPORATE_LENGTH = 13


def corporate_number(value: object) -> Parsed[str]:
    """法人番号: 13 digits, the first is the check digit (9 - (Σ Pn·Qn mod 9)). Cells stored as numbers are fine."""
    digits = as_code(value).replace("-", "")
    if not re.fullmatch(r"T?[0-9]+", digits):
        raise WrongForm(N_("法人番号は13桁の数字です：%(value)s"), {"value": shown(value)})
    digits = digits.removeprefix("T")
    if len(digits) == _CORPORATE_LENGTH - 1:
        raise WrongLength(
            N_("法人番号が12桁です。先頭の桁が失われていないか確かめてください：%(value)s"), {"value": digits}
        )
    if len(digits) != _CORPORATE_LENGTH:
        raise WrongLength(
            N_("法人番号は13桁です（%(length)s桁あります）：%(value)s"),
            {"length": len(digits), "value": shown(digits)},
        )
    try:
        return Parsed(str(cn.validate(digits)))
    except InvalidChecksum as error:
        raise WrongCheckDigit(N_("法人番号の検査用数字が合いません：%(value)s"), {"value": digits}) from error
    except ValidationError as error:
        raise WrongForm(N_("法人番号は13桁の数字です：%(value)s"), {"value": digits}) from error


def licence_number(value: object) -> Parsed[str]:
    """許可番号, canonical 許 + 10 digits; 許 and 号 may be missing. The year and office inside it only warn."""
    number = read_number(as_code(value))
    if number is None:
        raise WrongForm(N_("許可番号は「許」と10桁の数字です：%(value)s"), {"value": shown(value)})
    return Parsed(str(number), _odd_parts(number.digits))


def accreditation_number(value: object) -> Parsed[str]:
    """認定番号 of a training plan, canonical 認 + 10 digits. The year and office inside it only warn."""
    found = _ACCREDITATION.fullmatch(as_code(value))
    if not found:
        raise WrongForm(N_("認定番号は「認」と10桁の数字です：%(value)s"), {"value": shown(value)})
    return Parsed(f"認{found[1]}", _odd_parts(found[1]))


def accreditation_numbers(value: object) -> Parsed[tuple[str, ...]]:
    """One or more 認定番号 in one cell, separated by line breaks, commas or 、; each only once."""
    parsed = [
        accreditation_number(part) for part in re.split(r"[\n,、;・/]+|\s+(?=認)", nfkc(as_text(value))) if part.strip()
    ]
    if not parsed:
        raise WrongForm(N_("認定番号は「認」と10桁の数字です：%(value)s"), {"value": shown(value)})
    numbers = tuple(str(one.value) for one in parsed)
    if len(set(numbers)) != len(numbers):
        raise WrongForm(N_("同じ認定番号が1つのセルに重複しています：%(value)s"), {"value": shown(value)})
    return Parsed(numbers, tuple(note for one in parsed for note in one.warnings))


def notification_number(value: object) -> Parsed[str]:
    """実習実施者届出受理番号. Its form is not published: other than ten digits is kept, with a warning."""
    written = as_code(value)
    if not re.search(r"[0-9]", written) or len(written) > 30:
        raise WrongForm(N_("届出受理番号として読み取れません：%(value)s"), {"value": shown(value)})
    if _TEN_DIGITS.fullmatch(written):
        return Parsed(written, _odd_parts(written))
    return Parsed(written, (Note(N_("届出受理番号は通常10桁の数字です：%(value)s"), {"value": shown(written)}),))


def sending_organization_number(value: object) -> Parsed[str]:
    """送出機関番号: the country as ISO alpha-3 and 6 digits (VNM000455), or a 整理番号 of digits."""
    written = as_code(value).upper()
    if not _SENDING.fullmatch(written):
        raise WrongForm(N_("送出機関番号は国コード3文字と6桁の数字です：%(value)s"), {"value": shown(value)})
    return Parsed(written)


def _odd_parts(digits: str) -> tuple[Note, ...]:
    if int(digits[:2]) < _FIRST_YEAR or digits[2:4] not in OFFICES:
        return (Note(N_("番号の年または事務所の部分が通常と異なります：%(value)s"), {"value": digits}),)
    return ()


def count(minimum: int = 0, maximum: int = 1_000_000) -> Parser:
    """A whole number between the bounds, as a number or as text (1,234名)."""

    def parse(value: object) -> Parsed[object]:
        number = _whole(value)
        if not minimum <= number <= maximum:
            raise WrongForm(
                N_("%(minimum)s以上%(maximum)s以下の整数にしてください：%(value)s"),
                {"minimum": minimum, "maximum": maximum, "value": number},
            )
        return Parsed(number)

    return parse


def _whole(value: object) -> int:
    if isinstance(value, str):
        found = _COUNT.fullmatch(as_code(value))
        if not found or len(found[1]) > 15:
            raise WrongForm(N_("整数として読み取れません：%(value)s"), {"value": shown(value)})
        return int(found[1].replace(",", ""))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongType(N_("整数で入力してください。日付、時刻または真偽値が入っています。"))
    if value != value or value in (float("inf"), float("-inf")) or value != int(value):
        raise WrongForm(N_("整数として読み取れません：%(value)s"), {"value": shown(value)})
    return int(value)


_YES = frozenset(
    {
        "○",
        "〇",
        "◯",
        "●",
        "◎",
        "✓",
        "✔",
        "レ",
        "有",
        "有り",
        "あり",
        "可",
        "可能",
        "対応",
        "対応可",
        "はい",
        "該当",
        "yes",
        "y",
        "true",
        "1",
    }
)
_NO = frozenset(
    {"×", "✕", "✖", "x", "無", "無し", "なし", "不可", "非対応", "いいえ", "非該当", "no", "n", "false", "0", "-", "ー"}
)


def flag(value: object) -> Parsed[bool]:
    """○, 有, 対応, 1 are yes; ×, 無, 不可, 0 and a dash are no. A blank cell is for the layout to decide."""
    if isinstance(value, bool):
        return Parsed(value)
    word = compact(as_code(value)).casefold()
    if word in _YES:
        return Parsed(True)
    if word in _NO:
        return Parsed(False)
    raise WrongForm(N_("○または×（有・無）として読み取れません：%(value)s"), {"value": shown(value)})
