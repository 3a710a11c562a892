"""Kinds of import, the life of a batch as a transition table, and what can be said of a row."""

from otit.labels import Labelled
from otit.text import N_


class ImportKind(Labelled):
    """The values are the codes of the layouts (imports.layouts.registry)."""

    SUPERVISING = "supervising", N_("監理団体一覧")
    IMPLEMENTING = "implementing", N_("実習実施者一覧")
    PLANS = "plans", N_("技能実習計画一覧")
    OCCUPATIONS = "occupations", N_("職種・作業一覧")


class BatchState(Labelled):
    """READ: rows have errors, so nothing of the batch can be applied. VALIDATED: a person may confirm it.
    UNCHANGED: the register says all of this already."""

    UPLOADED = "uploaded", N_("読込待ち"), "info"
    READ = "read", N_("誤りあり"), "danger"
    VALIDATED = "validated", N_("確認待ち"), "warning"
    UNCHANGED = "unchanged", N_("変更なし"), "neutral"
    CONFIRMED = "confirmed", N_("反映待ち"), "info"
    APPLIED = "applied", N_("反映済み"), "success"
    REJECTED = "rejected", N_("取りやめ"), "neutral"
    FAILED = "failed", N_("取込不可"), "danger"


class BatchAct(Labelled):
    FIND_ERRORS = "find_errors", N_("誤りの検出")
    VALIDATE = "validate", N_("読込みの完了")
    FIND_UNCHANGED = "find_unchanged", N_("変更なしの確認")
    CONFIRM = "confirm", N_("確定")
    APPLY = "apply", N_("登録簿への反映")
    REJECT = "reject", N_("取りやめ")
    FAIL = "fail", N_("取込不可の記録")


TRANSITIONS: dict[tuple[BatchState, BatchAct], BatchState] = {
    (BatchState.UPLOADED, BatchAct.FIND_ERRORS): BatchState.READ,
    (BatchState.UPLOADED, BatchAct.VALIDATE): BatchState.VALIDATED,
    (BatchState.UPLOADED, BatchAct.FIND_UNCHANGED): BatchState.UNCHANGED,
    (BatchState.UPLOADED, BatchAct.FAIL): BatchState.FAILED,
    (BatchState.UPLOADED, BatchAct.REJECT): BatchState.REJECTED,
    (BatchState.READ, BatchAct.REJECT): BatchState.REJECTED,
    (BatchState.VALIDATED, BatchAct.CONFIRM): BatchState.CONFIRMED,
    (BatchState.VALIDATED, BatchAct.REJECT): BatchState.REJECTED,
    (BatchState.CONFIRMED, BatchAct.APPLY): BatchState.APPLIED,
    (BatchState.CONFIRMED, BatchAct.FAIL): BatchState.FAILED,
    (BatchState.CONFIRMED, BatchAct.REJECT): BatchState.REJECTED,
}


class Verdict(Labelled):
    NEW = "new", N_("新規"), "success"
    CHANGED = "changed", N_("変更"), "warning"
    UNCHANGED = "unchanged", N_("変更なし"), "neutral"
    ERROR = "error", N_("誤り"), "danger"

    @property
    def rank(self) -> int:
        """The order of the preview: errors first, then what changes, then what is added."""
        return ("error", "changed", "new", "unchanged").index(self.value)
