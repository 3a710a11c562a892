"""What became of a visit. Only a visit that was carried out can satisfy the cycle; attempts are kept."""

from otit.labels import Labelled
from otit.text import N_


class VisitOutcome(Labelled):
    DONE = "done", N_("実施"), "success"
    ATTEMPTED = "attempted", N_("実施できず"), "warning"
    REFUSED = "refused", N_("拒否"), "danger"
    ABSENT = "absent", N_("不在"), "warning"
    CLOSED_DOWN = "closed_down", N_("事業所閉鎖"), "warning"
