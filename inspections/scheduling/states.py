"""The life of an on-site inspection (実地検査, Art. 14(1)) as a transition table."""

from otit.labels import Labelled
from otit.text import N_


class InspectionKind(Labelled):
    PERIODIC = "periodic", N_("定期")
    AD_HOC = "ad_hoc", N_("臨時")


class DueBasis(Labelled):
    """Why an inspection is due; with `due_basis_on` it makes the sentence "due because …"."""

    LAST_INSPECTION = "last_inspection", N_("前回の実地検査")
    LICENSED = "licensed", N_("許可")
    FIRST_TRAINING = "first_training", N_("最初の技能実習の開始")
    NOTIFIED = "notified", N_("実習実施者の届出")
    REGISTERED = "registered", N_("登録")
    DEMANDED = "demanded", N_("個別の必要")


class InspectionState(Labelled):
    PLANNED = "planned", N_("計画済"), "neutral"
    ASSIGNED = "assigned", N_("担当決定"), "info"
    IN_PROGRESS = "in_progress", N_("実施中"), "info"
    DONE = "done", N_("実施済"), "success"
    CANCELLED = "cancelled", N_("取りやめ"), "neutral"


class InspectionAct(Labelled):
    ASSIGN = "assign", N_("担当を決める")
    START = "start", N_("検査を始める")
    COMPLETE = "complete", N_("検査を終える")
    CANCEL = "cancel", N_("取りやめる")
    REINSTATE = "reinstate", N_("取りやめを取り消す")
    PLAN_JOINT = "plan_joint", N_("合同検査にする")
    END_JOINT = "end_joint", N_("合同検査をやめる")
    TRANSFER = "transfer", N_("別の事務所に渡す")


TRANSITIONS: dict[tuple[InspectionState, InspectionAct], InspectionState] = {
    (InspectionState.PLANNED, InspectionAct.ASSIGN): InspectionState.ASSIGNED,
    (InspectionState.ASSIGNED, InspectionAct.ASSIGN): InspectionState.ASSIGNED,
    (InspectionState.ASSIGNED, InspectionAct.START): InspectionState.IN_PROGRESS,
    (InspectionState.IN_PROGRESS, InspectionAct.COMPLETE): InspectionState.DONE,
    (InspectionState.PLANNED, InspectionAct.CANCEL): InspectionState.CANCELLED,
    (InspectionState.ASSIGNED, InspectionAct.CANCEL): InspectionState.CANCELLED,
    (InspectionState.CANCELLED, InspectionAct.REINSTATE): InspectionState.PLANNED,
    (InspectionState.PLANNED, InspectionAct.PLAN_JOINT): InspectionState.PLANNED,
    (InspectionState.ASSIGNED, InspectionAct.PLAN_JOINT): InspectionState.ASSIGNED,
    (InspectionState.PLANNED, InspectionAct.END_JOINT): InspectionState.PLANNED,
    (InspectionState.ASSIGNED, InspectionAct.END_JOINT): InspectionState.ASSIGNED,
    (InspectionState.PLANNED, InspectionAct.TRANSFER): InspectionState.PLANNED,
    (InspectionState.ASSIGNED, InspectionAct.TRANSFER): InspectionState.PLANNED,
}

OPEN_STATES = (InspectionState.PLANNED, InspectionState.ASSIGNED, InspectionState.IN_PROGRESS)
