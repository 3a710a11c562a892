"""The life of a violation: none closes without accepted evidence or a decision."""

from otit.labels import Labelled
from otit.text import N_


class Authority(Labelled):
    """Who found or ordered: the bodies keep their own findings and instruments, also after a joint inspection."""

    OTIT = "otit", N_("外国人技能実習機構")
    LABOUR_STANDARDS = "labour_standards", N_("労働基準監督機関")


class ViolationState(Labelled):
    OPEN = "open", N_("未指導"), "danger"
    INSTRUCTED = "instructed", N_("指導中"), "warning"
    CLOSED = "closed", N_("改善確認"), "success"
    ESCALATED = "escalated", N_("処分手続へ移行"), "danger"


class ViolationAct(Labelled):
    INSTRUCT = "instruct", N_("指導する")
    CLOSE = "close", N_("改善を確認する")
    ESCALATE = "escalate", N_("処分手続へ移す")


TRANSITIONS: dict[tuple[ViolationState, ViolationAct], ViolationState] = {
    (ViolationState.OPEN, ViolationAct.INSTRUCT): ViolationState.INSTRUCTED,
    (ViolationState.INSTRUCTED, ViolationAct.CLOSE): ViolationState.CLOSED,
    (ViolationState.OPEN, ViolationAct.ESCALATE): ViolationState.ESCALATED,
    (ViolationState.INSTRUCTED, ViolationAct.ESCALATE): ViolationState.ESCALATED,
}
