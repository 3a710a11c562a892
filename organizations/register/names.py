"""Names as lists and people write them, with a word about the business in a last bracket. Pure."""

import re

from organizations.register.states import BusinessStatus
from otit.text import compact

_TRAILING_BRACKET = re.compile(
    r"^(?P<name>.*?)\s*[(\uff08【［\[〔](?P<inner>[^()\uff08\uff09【】［］\[\]〔〕]*)[)\uff09】］\]〕]$", re.S
)
_STATUS_WORDS = re.compile(r"休止|停止|廃止|取消|取り消し|辞退|失効")
_BUSINESS = (("休止", BusinessStatus.SUSPENDED), ("廃止", BusinessStatus.CLOSED), ("辞退", BusinessStatus.CLOSED))


def split_status(written: str) -> tuple[str, str | None]:
    """("○○協同組合", "事業休止中") from 「○○協同組合(事業休止中)」; the status is None when there is none.

    Only a last bracket that speaks of a pause, stop, end or revocation is a status; (株) and the like stay in the name.
    """
    found = _TRAILING_BRACKET.match(written)
    if found and found["name"].strip() and _STATUS_WORDS.search(found["inner"]):
        return found["name"].strip(), compact(found["inner"])
    return written, None


def business_status(text: str) -> BusinessStatus | None:
    """What such a word says about the business; None when it speaks of a sanction, which is no notice of the body."""
    return next((status for word, status in _BUSINESS if word in text), None)
