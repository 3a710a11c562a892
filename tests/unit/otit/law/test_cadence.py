"""How often each kind of organization is inspected."""

from datetime import date

import pytest

from otit.law.cadence import CADENCES, Interval, NoCadenceKnown, cadence
from otit.law.terms import Scheme, TargetKind

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("target", "interval", "count"),
    [(TargetKind.SUPERVISING, Interval.FISCAL_YEARS, 1), (TargetKind.IMPLEMENTING, Interval.YEARS, 3)],
)
def test_supervising_once_a_fiscal_year_implementing_every_three_years(
    target: TargetKind, interval: Interval, count: int
) -> None:
    rule = cadence(target, Scheme.TIT, TODAY)
    assert (rule.interval, rule.count) == (interval, count)
    assert rule.source


@pytest.mark.parametrize(("scheme", "on"), [(Scheme.ESD, date(2027, 4, 1)), (Scheme.TIT, date(2017, 10, 31))])
def test_no_cadence_is_invented(scheme: Scheme, on: date) -> None:
    with pytest.raises(NoCadenceKnown):
        cadence(TargetKind.SUPERVISING, scheme, on)


def test_at_most_one_rule_holds_for_a_kind_a_scheme_and_a_day() -> None:
    for target in TargetKind:
        assert len([rule for rule in CADENCES if rule.target is target and rule.in_force(TODAY)]) == 1
