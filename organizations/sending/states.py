"""Whether the sending state approves a body, as of a day."""

from otit.labels import Labelled
from otit.text import N_


class Approval(Labelled):
    """Follows from the dates of the body; there is no field of its own."""

    APPROVED = "approved", N_("認定中"), "success"
    ENDED = "ended", N_("認定終了"), "warning"
    NONE = "none", N_("認定なし"), "neutral"
