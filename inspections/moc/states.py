"""Reports on improper sending organizations to their governments under the memoranda of cooperation."""

from otit.labels import Labelled
from otit.text import N_


class MocState(Labelled):
    DRAFTED = "drafted", N_("起案"), "neutral"
    APPROVED = "approved", N_("承認済"), "info"
    SENT = "sent", N_("回答待ち"), "warning"
    ACKNOWLEDGED = "acknowledged", N_("受領確認"), "info"
    ANSWERED = "answered", N_("回答受領"), "success"
    NO_REPLY = "no_reply", N_("回答なし"), "danger"
    CLOSED = "closed", N_("終結"), "neutral"


class MocAct(Labelled):
    REVISE = "revise", N_("起案を直す")
    APPROVE = "approve", N_("承認する")
    SEND = "send", N_("通報を記録する")
    ACKNOWLEDGE = "acknowledge", N_("受領の確認を記録する")
    ANSWER = "answer", N_("回答を記録する")
    NOTE_NO_REPLY = "note_no_reply", N_("回答なしとする")
    CLOSE = "close", N_("終結する")


TRANSITIONS: dict[tuple[MocState, MocAct], MocState] = {
    (MocState.DRAFTED, MocAct.REVISE): MocState.DRAFTED,
    (MocState.DRAFTED, MocAct.APPROVE): MocState.APPROVED,
    (MocState.APPROVED, MocAct.SEND): MocState.SENT,
    (MocState.SENT, MocAct.ACKNOWLEDGE): MocState.ACKNOWLEDGED,
    (MocState.SENT, MocAct.ANSWER): MocState.ANSWERED,
    (MocState.ACKNOWLEDGED, MocAct.ANSWER): MocState.ANSWERED,
    (MocState.SENT, MocAct.NOTE_NO_REPLY): MocState.NO_REPLY,
    (MocState.ACKNOWLEDGED, MocAct.NOTE_NO_REPLY): MocState.NO_REPLY,
    (MocState.NO_REPLY, MocAct.ANSWER): MocState.ANSWERED,
    (MocState.ANSWERED, MocAct.CLOSE): MocState.CLOSED,
    (MocState.NO_REPLY, MocAct.CLOSE): MocState.CLOSED,
}

AWAITING = (MocState.SENT, MocState.ACKNOWLEDGED)


class MocMeasure(Labelled):
    """What the counterpart government did."""

    GUIDANCE = "guidance", N_("指導")
    SUSPENSION = "suspension", N_("業務停止")
    AUTHORIZATION_REVOKED = "authorization_revoked", N_("認定取消し")
    NONE = "none", N_("措置なし")


class Ageing(Labelled):
    """How long an answer has been awaited, against the day it was asked for."""

    WITHIN = "within", N_("回答期限内")
    OVERDUE = "overdue", N_("回答期限を過ぎた")
    LONG_OVERDUE = "long_overdue", N_("回答期限を90日以上過ぎた")
