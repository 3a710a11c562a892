"""Names as lists and people write them, with the form of the corporation and a word about the business in a last
bracket. Pure."""

import re
from typing import Final

from organizations.register.states import BusinessStatus
from otit.text import compact

# Forms as `match_key` writes them. Longer ones first, so that the whole form goes.
CORPORATE_FORMS: Final = (
    "特定非営利活動法人", "一般社団法人", "一般財団法人", "公益社団法人", "公益財団法人", "社会福祉法人",
    "農事組合法人", "事業協同組合", "医療法人社団", "医療法人", "協同組合",
    "株式会社", "有限会社", "合同会社", "合資会社", "合名会社",
)  # fmt: skip
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
