"""The two schemes as data: from when each one holds, and what its bodies, plans and people are called.

技能実習 goes on beside 育成就労: trainees who are in Japan on 2027-04-01 finish under the old rules, and inspections,
orders and five-year bars of the old scheme run for years. So each licence, plan and citation says its scheme.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from otit.law.terms import ACT_IN_FORCE, Scheme
from otit.text import N_

# Cabinet Order No. 340 of 2025: the Act as amended and retitled by Act No. 60 of 2024 takes effect.
ESD_IN_FORCE: Final = date(2027, 4, 1)
# Act No. 60 of 2024, supplementary Art. 5: what may be filed before.
ESD_LICENCE_APPLICATIONS_FROM: Final = date(2026, 4, 15)
ESD_PLAN_APPLICATIONS_FROM: Final = date(2026, 9, 1)
# Cabinet Order No. 341 of 2025: a plan applied for before ESD_IN_FORCE may still be one of 技能実習 when it starts
# within three months.
LAST_START_OF_TIT_PLANS: Final = date(2027, 6, 30)


@dataclass(frozen=True)
class SchemeDates:
    """First days: of the rules, of applications for licences, of applications for plans."""

    in_force: date
    licence_applications: date
    plan_applications: date


DATES: Final = {
    Scheme.TIT: SchemeDates(ACT_IN_FORCE, ACT_IN_FORCE, ACT_IN_FORCE),
    Scheme.ESD: SchemeDates(ESD_IN_FORCE, ESD_LICENCE_APPLICATIONS_FROM, ESD_PLAN_APPLICATIONS_FROM),
}


class Word(StrEnum):
    """What each scheme has under a name of its own."""

    SUPERVISOR = "supervisor"
    IMPLEMENTER = "implementer"
    SUPERVISION = "supervision"
    LICENCE = "licence"
    PLAN = "plan"
    ACCREDITATION = "accreditation"
    WORKER = "worker"
    ACTIVITY = "activity"
    ORGANIZATION = "organization"


_TERMS: Final[dict[Scheme, dict[Word, str]]] = {
    Scheme.TIT: {
        Word.SUPERVISOR: N_("監理団体"),
        Word.IMPLEMENTER: N_("実習実施者"),
        Word.SUPERVISION: N_("監理事業"),
        Word.LICENCE: N_("監理団体の許可"),
        Word.PLAN: N_("技能実習計画"),
        Word.ACCREDITATION: N_("技能実習計画の認定"),
        Word.WORKER: N_("技能実習生"),
        Word.ACTIVITY: N_("技能実習"),
        Word.ORGANIZATION: N_("外国人技能実習機構"),
    },
    Scheme.ESD: {
        Word.SUPERVISOR: N_("監理支援機関"),
        Word.IMPLEMENTER: N_("育成就労実施者"),
        Word.SUPERVISION: N_("監理支援事業"),
        Word.LICENCE: N_("監理支援機関の許可"),
        Word.PLAN: N_("育成就労計画"),
        Word.ACCREDITATION: N_("育成就労計画の認定"),
        Word.WORKER: N_("育成就労外国人"),
        Word.ACTIVITY: N_("育成就労"),
        Word.ORGANIZATION: N_("外国人育成就労機構"),
    },
}


def term(scheme: Scheme, word: Word | str) -> str:
    """What a thing is called under a scheme: a Japanese msgid. `word` may be the value ("supervisor"), for templates;
    raises ValueError for a word that is none."""
    return _TERMS[scheme][Word(word)]


def in_force(scheme: Scheme, on: date) -> bool:
    """Whether licences and plans of a scheme can hold on a day. 技能実習 has no last day: what runs, runs out."""
    return DATES[scheme].in_force <= on
