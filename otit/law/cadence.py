"""How often OTIT inspects, as dated rules.

The Act sets no interval. OTIT states a practice: supervising organizations about once a year, implementing
organizations about once in three years. A plan of work counts the first by fiscal year.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from otit.errors import UserError
from otit.labels import Labelled
from otit.law.terms import ACT_IN_FORCE, Scheme, TargetKind
from otit.text import N_


class Interval(Labelled):
    """What an interval is counted in."""

    FISCAL_YEARS = "fiscal_years", N_("年度")
    YEARS = "years", N_("年")


@dataclass(frozen=True)
class CadenceRule:
    """Once every `count` of `interval`: once in each fiscal year, or once within three years of the last time.

    `valid_to` is the last day of the rule, open where it still holds.
    """

    scheme: Scheme
    target: TargetKind
    interval: Interval
    count: int
    valid_from: date
    valid_to: date | None
    source: str

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class NoCadenceKnown(UserError):
    """No rule says how often this kind of organization is inspected under that scheme on that day."""


_SOURCE: Final = "外国人技能実習機構「実地検査」（法第14条第1項。監理団体は1年に1回程度、実習実施者は3年に1回程度）"

CADENCES: Final = (
    CadenceRule(Scheme.TIT, TargetKind.SUPERVISING, Interval.FISCAL_YEARS, 1, ACT_IN_FORCE, None, source=_SOURCE),
    CadenceRule(Scheme.TIT, TargetKind.IMPLEMENTING, Interval.YEARS, 3, ACT_IN_FORCE, None, source=_SOURCE),
)


def cadence(target: TargetKind, scheme: Scheme, on: date) -> CadenceRule:
    """The rule for a kind of organization under a scheme on a day. Raises `NoCadenceKnown`."""
    for rule in CADENCES:
        if (rule.target, rule.scheme) == (target, scheme) and rule.in_force(on):
            return rule
    raise NoCadenceKnown(
        N_("%(on)sの時点の検査の頻度は登録されていません（%(target)s、%(scheme)s）。"),
        {"on": on.isoformat(), "target": target.label, "scheme": scheme.label},
    )
