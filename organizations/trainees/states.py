"""Why somebody reads who a trainee is. The reason stands in the audit trail."""

from otit.labels import Labelled
from otit.text import N_


class ReadReason(Labelled):
    INSPECTION = "inspection", N_("実地検査")
    CORRECTION = "correction", N_("登録内容の訂正")
    ACCREDITATION = "accreditation", N_("認定の審査")
    OTHER = "other", N_("その他の職務")


class EntryKind(Labelled):
    """What an entry does where a person is already named: correct that person in every plan, or name another."""

    CORRECT = "correct", N_("同じ人の氏名・生年月日を訂正する")
    REPLACE = "replace", N_("別の人に改める")
