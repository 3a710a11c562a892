"""Names, addresses, phone numbers: text that is kept as written."""

import re

from imports.values.base import Note, Parsed, Parser, WrongForm, WrongLength, as_text, shown
from organizations.register.names import split_status
from otit.text import N_, nfkc

_PHONE = re.compile(r"^[0-9+()\-./ 内線外代表A-Za-z:,、]+$")
_MAXIMUM = 500


def text(maximum: int = _MAXIMUM) -> Parser:
    """Text kept as written (width, old kanji and inner spaces too); more than `maximum` characters is refused."""

    def parse(value: object) -> Parsed[object]:
        written = as_text(value)
        if len(written) > maximum:
            raise WrongLength(
                N_("長すぎます（%(length)s文字）。%(maximum)s文字以内にしてください。"),
                {"length": len(written), "maximum": maximum},
            )
        return Parsed(written)

    return parse


def line(maximum: int = _MAXIMUM) -> Parser:
    """`text` on one line: a line break inside the cell becomes a space."""
    parse_text = text(maximum)

    def parse(value: object) -> Parsed[object]:
        return Parsed(re.sub(r"\s*\n\s*", " ", str(parse_text(value).value)))

    return parse


def name_with_status(value: object) -> Parsed[tuple[str, str | None]]:
    """The name and what a last bracket says of the business (`split_status`)."""
    return Parsed(split_status(str(line(200)(value).value)))


def phone(value: object) -> Parsed[str]:
    """A phone number as written. Numbers of Japan begin with 0: without it, Excel has most likely taken it away."""
    written = as_text(value)
    plain = nfkc(written)
    digits = re.sub(r"[^0-9]", "", plain)
    if len(digits) < 4 or not _PHONE.match(plain):
        raise WrongForm(N_("電話番号として読み取れません：%(value)s"), {"value": shown(value)})
    if plain.startswith(("0", "+", "(0", "TEL", "Tel")) or len(digits) not in (8, 9, 10):
        return Parsed(written)
    return Parsed(written, (Note(N_("電話番号の先頭の0が失われている可能性があります。")),))
