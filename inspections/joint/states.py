"""What a Labour Bureau says of its visit."""

from otit.labels import Labelled
from otit.text import N_


class BureauFinding(Labelled):
    FOUND = "found", N_("違反あり"), "danger"
    NONE = "none", N_("違反なし"), "success"
