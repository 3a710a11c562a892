"""Text that belongs to no subject: the marker for words to be translated, and normalized forms for matching."""

import re
import unicodedata

from otit.kanji import VARIANTS


def N_(text: str) -> str:
    """Mark a Japanese text for translation where it is declared; it is translated where it is shown."""
    return text


def NP_(context: str, text: str) -> str:
    """`N_` for a word that other languages put differently in this context: the name of a list in the menu ("menu")
    is a plural in English."""
    return text


_IGNORABLE = re.compile("[\u200b-\u200f\u2060\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef\u00ad]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\u301c~]")
_LONG_MARK_IN_NUMBER = re.compile(r"(?<=\d)\u30fc(?=\d)")
_DROPPED_IN_KEY = re.compile(r"[\s\u30fb'\"`.,、。，．]+")
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_CORPORATE_FORMS = {
    "(株)": "株式会社",
    "(有)": "有限会社",
    "(資)": "合資会社",
    "(名)": "合名会社",
    "(同)": "合同会社",
    "(合)": "合同会社",
    "(協)": "協同組合",
    "(農)": "農事組合法人",
    "(医)": "医療法人",
    "(福)": "社会福祉法人",
    "(社福)": "社会福祉法人",
    "(一社)": "一般社団法人",
    "(一財)": "一般財団法人",
    "(公社)": "公益社団法人",
    "(公財)": "公益財団法人",
    "(特非)": "特定非営利活動法人",
}
_CORPORATE_FORM = re.compile("|".join(re.escape(form) for form in _CORPORATE_FORMS))


def nfkc(text: str) -> str:
    """NFKC without characters that cannot be seen (zero-width marks, variation selectors) and without control codes."""
    return _CONTROL.sub("", _IGNORABLE.sub("", unicodedata.normalize("NFKC", text)))


def compact(text: str) -> str:
    """`nfkc` with every space and line break removed: for headers, numbers and codes, where spacing means nothing."""
    return re.sub(r"\s+", "", nfkc(text))


def plain_dashes(text: str) -> str:
    """Each dash-like mark as "-". The long vowel mark ー counts as a dash only between digits (4ー2)."""
    return _LONG_MARK_IN_NUMBER.sub("-", _DASHES.sub("-", text))


_EXTENSION = re.compile(r"(?:内線|ext\.?)(\d+)", re.IGNORECASE)


def dialled(text: str) -> str:
    """What a telephone dials of a written number: ASCII digits, dashes and a leading +. ０３（９９９９）１１１１ is
    03-9999-1111, an extension comes after a semicolon (RFC 3966). "" when there is no digit."""
    written = plain_dashes(compact(text)).replace("ー", "-")
    main, *extension = _EXTENSION.split(written)[:2]
    number = re.sub(r"[^0-9]+", "-", main).strip("-")
    if not number:
        return ""
    return ("+" if main.startswith("+") else "") + number + (f";ext={extension[0]}" if extension else "")


def phone_key(text: str | None) -> str | None:
    """The digits of a telephone number as it is dialled within Japan, without an extension: 0890000001 for
    ０８９（０００）０００１ and for +81-89-000-0001. For matching only; None when there is no digit."""
    digits = dialled(text or "").partition(";")[0].replace("-", "")
    return "0" + digits[3:].lstrip("0") if digits.startswith("+81") else digits.lstrip("+") or None


def match_key(text: str) -> str:
    """The form under which two spellings of one name or address are equal; for matching only, never shown or stored
    as the name.

    Folds width, case, hiragana to katakana, spaces and middle dots, dashes, ㈱ and (株) to 株式会社 and the like, and
    old or variant kanji (`otit/kanji.py`). A corporate form keeps its place: 株式会社山田 and 山田株式会社 are two
    bodies. Applying it twice changes nothing.
    """
    key = _fold(text)
    while (again := _fold(key)) != key:
        key = again
    return key


def _fold(text: str) -> str:
    folded = nfkc(nfkc(text).casefold())
    folded = _DROPPED_IN_KEY.sub("", plain_dashes(folded))
    folded = folded.translate(_HIRAGANA).translate(VARIANTS)
    return _CORPORATE_FORM.sub(lambda found: _CORPORATE_FORMS[found[0]], folded)
