"""What becomes of two register rows that may be one body."""

from otit.labels import Labelled
from otit.text import N_


class CandidateState(Labelled):
    OPEN = "open", N_("未確認"), "warning"
    DISTINCT = "distinct", N_("別の団体"), "neutral"
    MERGED = "merged", N_("統合済"), "success"
