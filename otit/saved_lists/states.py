"""With whom a kept list is shared."""

from otit.labels import Labelled
from otit.text import N_


class Sharing(Labelled):
    PRIVATE = "private", N_("自分だけ")
    OFFICE = "office", N_("同じ事務所の人")
    EVERYBODY = "everybody", N_("全員")
