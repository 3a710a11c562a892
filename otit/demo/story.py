"""What the demonstration is to show, as figures: read together with the home page of each role."""

from enum import Enum, auto
from typing import Final


class Fate(Enum):
    """What became of a finding. Days are counted from today, so that there is always something to do."""

    CLEAN = auto()  # nothing found
    NOT_YET = auto()  # found, the instrument is still to be issued
    WAITING = auto()  # the deadline is ahead
    REPLIED = auto()  # a reply waits to be assessed
    PAST_DUE = auto()  # no reply by the deadline
    INSUFFICIENT = auto()  # the reply did not do; the deadline was moved
    ACCEPTED = auto()
    ESCALATED = auto()  # on the way to a disposition


# The inspector's recent visits: how many days ago, and what became of them.
HOME_VISITS: Final = (
    (6, Fate.NOT_YET),
    (17, Fate.NOT_YET),
    (34, Fate.WAITING),
    (58, Fate.REPLIED),
    (71, Fate.REPLIED),
    (88, Fate.PAST_DUE),
    (117, Fate.PAST_DUE),
    (150, Fate.INSUFFICIENT),
    (64, Fate.ESCALATED),
)
CLOSED_BODIES: Final = 6

REINSPECTION: Final = "前回の改善勧告に対する改善報告書では改善が確認できないため、現地で確認する。"
DEMANDS: Final = (
    (21, "技能実習生が行方不明となった旨の実施困難時届出が続けて提出されたため。"),
    (9, "宿泊施設の設備について、母国語相談の窓口に相談が寄せられたため。"),
    (-6, "労働基準監督署から、割増賃金の支払に関する情報提供を受けたため。"),
    (33, "技能実習生から申告（法第49条第1項）があったため。"),
)
