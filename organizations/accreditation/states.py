"""The lives of an application for the accreditation of a plan (Art. 8), and of a change of an accredited one
(Art. 11)."""

from otit.labels import Labelled
from otit.text import N_


class ApplicationState(Labelled):
    APPLIED = "applied", N_("申請受付"), "info"
    ACCREDITED = "accredited", N_("認定"), "success"
    REFUSED = "refused", N_("不認定"), "danger"
    WITHDRAWN = "withdrawn", N_("取下げ"), "neutral"


class ApplicationAct(Labelled):
    CORRECT = "correct", N_("申請の記録の訂正")
    ACCREDIT = "accredit", N_("認定する")
    REFUSE = "refuse", N_("認定しない")
    WITHDRAW = "withdraw", N_("取下げを記録する")


TRANSITIONS: dict[tuple[ApplicationState, ApplicationAct], ApplicationState] = {
    (ApplicationState.APPLIED, ApplicationAct.CORRECT): ApplicationState.APPLIED,
    (ApplicationState.APPLIED, ApplicationAct.ACCREDIT): ApplicationState.ACCREDITED,
    (ApplicationState.APPLIED, ApplicationAct.REFUSE): ApplicationState.REFUSED,
    (ApplicationState.APPLIED, ApplicationAct.WITHDRAW): ApplicationState.WITHDRAWN,
}


class ChangeKind(Labelled):
    """A change needs accreditation; a minor one (軽微な変更) only a notice within a month."""

    CHANGE = "change", N_("変更の認定")
    MINOR = "minor", N_("軽微な変更の届出")


class ChangeState(Labelled):
    APPLIED = "applied", N_("申請受付"), "info"
    ACCREDITED = "accredited", N_("変更認定"), "success"
    REFUSED = "refused", N_("不認定"), "danger"
    WITHDRAWN = "withdrawn", N_("取下げ"), "neutral"
    NOTIFIED = "notified", N_("届出受理"), "success"


CHANGE_TRANSITIONS: dict[tuple[ChangeState, ApplicationAct], ChangeState] = {
    (ChangeState.APPLIED, ApplicationAct.CORRECT): ChangeState.APPLIED,
    (ChangeState.APPLIED, ApplicationAct.ACCREDIT): ChangeState.ACCREDITED,
    (ChangeState.APPLIED, ApplicationAct.REFUSE): ChangeState.REFUSED,
    (ChangeState.APPLIED, ApplicationAct.WITHDRAW): ChangeState.WITHDRAWN,
}
