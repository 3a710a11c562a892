"""What becomes of two register rows that may be one body."""

from otit.labels import Labelled
from otit.text import N_


class CandidateState(Labelled):
    OPEN = "open", N_("未確認"), "warning"
    DISTINCT = "distinct", N_("別の団体"), "neutral"
    MERGED = "merged", N_("統合済"), "success"


class CandidateAct(Labelled):
    SEPARATE = "separate", N_("別の団体とする")
    RECONSIDER = "reconsider", N_("判断を取り消す")
    MERGE = "merge", N_("統合する")
    UNDO = "undo", N_("統合を取り消す")


TRANSITIONS: dict[tuple[CandidateState, CandidateAct], CandidateState] = {
    (CandidateState.OPEN, CandidateAct.SEPARATE): CandidateState.DISTINCT,
    (CandidateState.DISTINCT, CandidateAct.RECONSIDER): CandidateState.OPEN,
    (CandidateState.OPEN, CandidateAct.MERGE): CandidateState.MERGED,
    (CandidateState.MERGED, CandidateAct.UNDO): CandidateState.OPEN,
}


class LikenessReason(Labelled):
    """What speaks for one body, and the last one against it."""

    SAME_NAME = "same_name", N_("名称が同じ"), "info"
    ALIKE_NAME = "alike_name", N_("名称が似ている"), "info"
    SAME_ADDRESS = "same_address", N_("所在地が同じ"), "info"
    ALIKE_ADDRESS = "alike_address", N_("所在地が似ている"), "info"
    SAME_PHONE = "same_phone", N_("電話番号が同じ"), "info"
    SAME_REPRESENTATIVE = "same_representative", N_("代表者が同じ"), "info"
    OTHER_NUMBER = "other_number", N_("法人番号が異なる"), "warning"
