"""Instruments that ask for correction, who may issue them, and their life until the reply is accepted."""

from inspections.violations.states import Authority
from otit.labels import Labelled
from otit.text import N_


class Instrument(Labelled):
    IMPROVEMENT_RECOMMENDATION = "improvement_recommendation", N_("改善勧告")
    IMPROVEMENT_GUIDANCE = "improvement_guidance", N_("改善指導")
    CORRECTIVE_RECOMMENDATION = "corrective_recommendation", N_("是正勧告")
    GUIDANCE_SLIP = "guidance_slip", N_("指導票")
    STOP_USE_ORDER = "stop_use_order", N_("使用停止等命令")


INSTRUMENTS: dict[Authority, tuple[Instrument, ...]] = {
    Authority.OTIT: (Instrument.IMPROVEMENT_RECOMMENDATION, Instrument.IMPROVEMENT_GUIDANCE),
    Authority.LABOUR_STANDARDS: (
        Instrument.CORRECTIVE_RECOMMENDATION,
        Instrument.GUIDANCE_SLIP,
        Instrument.STOP_USE_ORDER,
    ),
}

# 改善指導 and 指導票 ask for improvement where no violation was found; the others rest on violations.
NEEDS_VIOLATION = (
    Instrument.IMPROVEMENT_RECOMMENDATION,
    Instrument.CORRECTIVE_RECOMMENDATION,
    Instrument.STOP_USE_ORDER,
)


class OrderState(Labelled):
    ISSUED = "issued", N_("回答待ち"), "info"
    REPLIED = "replied", N_("報告書受領"), "info"
    INSUFFICIENT = "insufficient", N_("改善不十分"), "warning"
    ACCEPTED = "accepted", N_("改善確認"), "success"
    ESCALATED = "escalated", N_("処分手続へ移行"), "danger"


class OrderAct(Labelled):
    RECEIVE_REPLY = "receive_reply", N_("報告書を受け取る")
    ACCEPT = "accept", N_("改善を確認する")
    FIND_INSUFFICIENT = "find_insufficient", N_("改善不十分とする")
    EXTEND = "extend", N_("期限を延ばす")
    ESCALATE = "escalate", N_("処分手続へ移す")


TRANSITIONS: dict[tuple[OrderState, OrderAct], OrderState] = {
    (OrderState.ISSUED, OrderAct.RECEIVE_REPLY): OrderState.REPLIED,
    (OrderState.INSUFFICIENT, OrderAct.RECEIVE_REPLY): OrderState.REPLIED,
    (OrderState.REPLIED, OrderAct.ACCEPT): OrderState.ACCEPTED,
    (OrderState.REPLIED, OrderAct.FIND_INSUFFICIENT): OrderState.INSUFFICIENT,
    (OrderState.ISSUED, OrderAct.EXTEND): OrderState.ISSUED,
    (OrderState.INSUFFICIENT, OrderAct.EXTEND): OrderState.INSUFFICIENT,
    (OrderState.ISSUED, OrderAct.ESCALATE): OrderState.ESCALATED,
    (OrderState.REPLIED, OrderAct.ESCALATE): OrderState.ESCALATED,
    (OrderState.INSUFFICIENT, OrderAct.ESCALATE): OrderState.ESCALATED,
}

AWAITING_REPLY = (OrderState.ISSUED, OrderState.INSUFFICIENT)
OPEN_STATES = (OrderState.ISSUED, OrderState.REPLIED, OrderState.INSUFFICIENT)
CLOSED_STATES = tuple(state for state in OrderState if state not in OPEN_STATES)
