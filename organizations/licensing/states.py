"""The life of an application for a licence (Art. 23, 31, 32): OTIT finds the facts (Art. 24), the ministers decide."""

from otit.labels import Labelled
from otit.text import N_


class ApplicationPurpose(Labelled):
    NEW = "new", N_("新規の許可")
    RENEWAL = "renewal", N_("有効期間の更新")
    CLASS_CHANGE = "class_change", N_("事業区分の変更")


class ApplicationState(Labelled):
    APPLIED = "applied", N_("申請受付"), "info"
    FACTS_FOUND = "facts_found", N_("事実関係の調査済"), "info"
    GRANTED = "granted", N_("許可済"), "success"
    REFUSED = "refused", N_("不許可"), "danger"
    WITHDRAWN = "withdrawn", N_("取下げ"), "neutral"


class ApplicationAct(Labelled):
    CORRECT = "correct", N_("申請の記録の訂正")
    FIND_FACTS = "find_facts", N_("事実関係の調査の結果の記録")
    GRANT = "grant", N_("許可")
    REFUSE = "refuse", N_("不許可")
    WITHDRAW = "withdraw", N_("取下げ")


TRANSITIONS: dict[tuple[ApplicationState, ApplicationAct], ApplicationState] = {
    (ApplicationState.APPLIED, ApplicationAct.CORRECT): ApplicationState.APPLIED,
    (ApplicationState.FACTS_FOUND, ApplicationAct.CORRECT): ApplicationState.FACTS_FOUND,
    (ApplicationState.APPLIED, ApplicationAct.FIND_FACTS): ApplicationState.FACTS_FOUND,
    (ApplicationState.FACTS_FOUND, ApplicationAct.GRANT): ApplicationState.GRANTED,
    (ApplicationState.FACTS_FOUND, ApplicationAct.REFUSE): ApplicationState.REFUSED,
    (ApplicationState.APPLIED, ApplicationAct.WITHDRAW): ApplicationState.WITHDRAWN,
    (ApplicationState.FACTS_FOUND, ApplicationAct.WITHDRAW): ApplicationState.WITHDRAWN,
}

OPEN_STATES = (ApplicationState.APPLIED, ApplicationState.FACTS_FOUND)
