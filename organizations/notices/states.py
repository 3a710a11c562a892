"""Why training under a plan became difficult, and who says so."""

from otit.labels import Labelled
from otit.text import N_


class DifficultyReason(Labelled):
    DISAPPEARANCE = "disappearance", N_("行方不明"), "danger"
    ILLNESS = "illness", N_("病気・けが"), "warning"
    TRAINEE_WISH = "trainee_wish", N_("本人の都合"), "neutral"
    BUSINESS = "business", N_("実習実施者の経営上・事業上の都合"), "warning"
    SUPERVISION_ENDED = "supervision_ended", N_("監理団体の許可の取消し・事業の廃止等"), "warning"
    RIGHTS_VIOLATION = "rights_violation", N_("不適正な行為"), "danger"
    OTHER = "other", N_("その他"), "neutral"


class Notifier(Labelled):
    """An implementing organization of the enterprise type notifies OTIT (Art. 19(1)); for the group type the
    supervising organization does (Art. 33(1))."""

    IMPLEMENTING = "implementing", N_("実習実施者")
    SUPERVISING = "supervising", N_("監理団体")
