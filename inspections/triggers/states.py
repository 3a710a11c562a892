"""What may call for an inspection outside its cycle (端緒), and its life."""

from otit.labels import Labelled
from otit.text import N_


class TriggerKind(Labelled):
    DISAPPEARANCE = "disappearance", N_("行方不明"), "danger"
    DECLARATION = "declaration", N_("申告（法第49条）"), "danger"
    CONSULTATION = "consultation", N_("相談"), "warning"
    LABOUR_NOTICE = "labour_notice", N_("労働基準監督機関からの通報"), "warning"
    IMMIGRATION_NOTICE = "immigration_notice", N_("出入国在留管理機関からの通報"), "warning"
    OTHER = "other", N_("その他"), "neutral"


class TriggerState(Labelled):
    RECEIVED = "received", N_("受付"), "warning"
    DEMANDED = "demanded", N_("検査を要する"), "info"
    NO_ACTION = "no_action", N_("検査を要しない"), "neutral"


class TriggerAct(Labelled):
    DEMAND = "demand", N_("検査の決定")
    DISMISS = "dismiss", N_("検査を行わない判断")


TRANSITIONS: dict[tuple[TriggerState, TriggerAct], TriggerState] = {
    (TriggerState.RECEIVED, TriggerAct.DEMAND): TriggerState.DEMANDED,
    (TriggerState.RECEIVED, TriggerAct.DISMISS): TriggerState.NO_ACTION,
}
