"""Categories of training plans (Art. 8, form 1) and their life as a transition table."""

from organizations.register.states import Scheme
from otit.labels import Labelled
from otit.text import N_

__all__ = ["GROUP_CATEGORIES", "LIVE_STATES", "TRANSITIONS", "PlanAct", "PlanCategory", "PlanState", "Scheme"]


class PlanCategory(Labelled):
    """A to C enterprise type, D to F group type; levels one to three. The letters are those of the official form. S and
    M are ours, for plans of employment for skill development, which have no levels."""

    A = "A", N_("第1号企業単独型")
    B = "B", N_("第2号企業単独型")
    C = "C", N_("第3号企業単独型")
    D = "D", N_("第1号団体監理型")
    E = "E", N_("第2号団体監理型")
    F = "F", N_("第3号団体監理型")
    S = "S", N_("単独型育成就労")
    M = "M", N_("監理型育成就労")

    def in_choices(self, word: str) -> str:
        """With the letter, by which the form is filled in."""
        return f"{self.value} {word}"

    @property
    def level(self) -> int | None:
        return None if self.scheme is Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT else "ABCDEF".index(self.value) % 3 + 1

    @property
    def scheme(self) -> Scheme:
        skill = self in (PlanCategory.S, PlanCategory.M)
        return Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT if skill else Scheme.TECHNICAL_INTERN_TRAINING


GROUP_CATEGORIES = (PlanCategory.D, PlanCategory.E, PlanCategory.F, PlanCategory.M)


class PlanState(Labelled):
    ACCREDITED = "accredited", N_("認定"), "success"
    COMPLETED = "completed", N_("修了"), "neutral"
    DISCONTINUED = "discontinued", N_("中止"), "neutral"
    REVOKED = "revoked", N_("認定取消し"), "danger"


class PlanAct(Labelled):
    REVOKE = "revoke", N_("認定の取消し")
    REINSTATE = "reinstate", N_("処分の取消し")
    COMPLETE = "complete", N_("修了")
    DISCONTINUE = "discontinue", N_("中止")


TRANSITIONS: dict[tuple[PlanState, PlanAct], PlanState] = {
    (PlanState.ACCREDITED, PlanAct.REVOKE): PlanState.REVOKED,
    (PlanState.REVOKED, PlanAct.REINSTATE): PlanState.ACCREDITED,
    (PlanState.ACCREDITED, PlanAct.COMPLETE): PlanState.COMPLETED,
    (PlanState.ACCREDITED, PlanAct.DISCONTINUE): PlanState.DISCONTINUED,
}

LIVE_STATES = (PlanState.ACCREDITED,)
