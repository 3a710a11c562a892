"""When an organization's periodic inspection (Art. 14(1)) is due, from when it is planned, and why. Pure rules.

How often comes from `otit.law.cadence`, the state of the organization from the register. Counted from the last
inspection that was done; a visit that was only attempted leads to none, and so does not count. `due_sql` says the same
in SQL for the whole register; a test compares the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from inspections.scheduling.states import DueBasis
from organizations.register.states import OrganizationKind, Scheme
from otit.clock import add_years, fiscal_year, fiscal_year_range
from otit.errors import UserError
from otit.law.cadence import CadenceRule, Interval, cadence
from otit.law.terms import TargetKind
from otit.text import N_

# A rule of work, not of law: an inspection counted in years is planned this many days before it is due.
PLANNED_DAYS_AHEAD: Final = 90


@dataclass(frozen=True)
class Facts:
    """What the register knows of one organization. `in_business` includes the live licence of a supervising one;
    `last_cancelled_on` is the latest day on which a periodic inspection of it was called off."""

    kind: OrganizationKind
    created_on: date
    in_business: bool = True
    has_open_periodic: bool = False
    last_completed_on: date | None = None
    last_cancelled_on: date | None = None
    licensed_on: date | None = None
    first_training_on: date | None = None
    notified_on: date | None = None


@dataclass(frozen=True)
class Due:
    """`cycle` names the period the inspection answers for: "FY2026", or the due date in ISO form."""

    due_on: date
    cycle: str
    basis: DueBasis
    basis_on: date


@dataclass(frozen=True)
class Reason:
    """A Japanese msgid with its parameters."""

    message: str
    params: Mapping[str, Any] = field(default_factory=dict)


def rule_for(kind: OrganizationKind, scheme: Scheme, on: date) -> CadenceRule | None:
    """The cadence in force; None before the Act applied, when nothing is due."""
    try:
        return cadence(TargetKind(kind.value), scheme, on)
    except UserError:
        return None


def basis_of(facts: Facts) -> tuple[DueBasis, date]:
    """What the period is counted from, and that day."""
    candidates = [(DueBasis.LAST_INSPECTION, facts.last_completed_on)]
    if facts.kind is OrganizationKind.SUPERVISING:
        candidates += [(DueBasis.LICENSED, facts.licensed_on)]
    else:
        candidates += [(DueBasis.FIRST_TRAINING, facts.first_training_on), (DueBasis.NOTIFIED, facts.notified_on)]
    return next(((basis, on) for basis, on in candidates if on is not None), (DueBasis.REGISTERED, facts.created_on))


def due(facts: Facts, rule: CadenceRule) -> Due:
    """Counted in fiscal years: the last day (31 March) of the `count`-th fiscal year after the one of the basis.
    Counted in years: the same day `count` years later, 28 February for a 29 February that does not exist."""
    basis, on = basis_of(facts)
    if rule.interval is Interval.FISCAL_YEARS:
        year = fiscal_year(on) + rule.count
        return Due(fiscal_year_range(year)[1], f"FY{year}", basis, on)
    due_on = add_years(on, rule.count)
    return Due(due_on, due_on.isoformat(), basis, on)


def plan_from(due_on: date, rule: CadenceRule) -> date:
    """The first day on which an inspection due then is planned."""
    if rule.interval is Interval.FISCAL_YEARS:
        return fiscal_year_range(fiscal_year(due_on))[0]
    return due_on - timedelta(days=PLANNED_DAYS_AHEAD)


def latest_basis(as_of: date, rule: CadenceRule) -> date:
    """The latest day to count from with which an inspection is planned on `as_of`; so it is with any earlier one."""
    if rule.interval is Interval.FISCAL_YEARS:
        return fiscal_year_range(fiscal_year(as_of) - rule.count)[1]
    horizon = as_of + timedelta(days=PLANNED_DAYS_AHEAD)
    latest = add_years(horizon, -rule.count)
    following = latest + timedelta(days=1)
    # 29 February falls due on 28 February as well, with the day before it.
    return following if add_years(following, rule.count) <= horizon else latest


def held_off_since(as_of: date) -> date:
    """A periodic inspection called off on or after this day is not planned again yet: whoever called it off meant
    this fiscal year. From the next 1 April the organization is due again, for the same reason."""
    return fiscal_year_range(fiscal_year(as_of))[0]


def to_plan(facts: Facts, scheme: Scheme, as_of: date) -> Due | None:
    """The periodic inspection that has to be planned on `as_of`, if any. Asks what is due up to that day, so a missed
    night loses nothing."""
    rule = rule_for(facts.kind, scheme, as_of)
    if rule is None or not facts.in_business or facts.has_open_periodic:
        return None
    if facts.kind is OrganizationKind.SUPERVISING and facts.licensed_on is None:
        return None
    if facts.last_cancelled_on is not None and facts.last_cancelled_on >= held_off_since(as_of):
        return None
    found = due(facts, rule)
    return found if plan_from(found.due_on, rule) <= as_of else None


# For each basis the sentence where the period is counted in fiscal years, and where it is counted in years.
_REASONS: Final = {
    DueBasis.LAST_INSPECTION: (
        N_("前回の実地検査は%(on)s。次は%(year)s年度中に行います。"),
        N_("前回の実地検査（%(on)s）から%(years)s年。"),
    ),
    DueBasis.LICENSED: (
        N_("許可は%(on)s、実地検査の記録なし。最初は%(year)s年度中に行います。"),
        N_("許可（%(on)s）から%(years)s年、実地検査の記録なし。"),
    ),
    DueBasis.FIRST_TRAINING: (
        N_("最初の技能実習の開始は%(on)s、実地検査の記録なし。最初は%(year)s年度中に行います。"),
        N_("最初の技能実習の開始（%(on)s）から%(years)s年、実地検査の記録なし。"),
    ),
    DueBasis.NOTIFIED: (
        N_("実習実施者の届出は%(on)s、実地検査の記録なし。最初は%(year)s年度中に行います。"),
        N_("実習実施者の届出（%(on)s）から%(years)s年、実地検査の記録なし。"),
    ),
    DueBasis.REGISTERED: (
        N_("登録は%(on)s、実地検査の記録なし。最初は%(year)s年度中に行います。"),
        N_("登録（%(on)s）から%(years)s年、実地検査の記録なし。"),
    ),
}
_DEMANDED: Final = N_("個別の必要（%(on)s）：%(demand)s")


def reason(basis: DueBasis, basis_on: date, cycle: str | None, demand: str | None = None) -> Reason:
    """ "Due because …", from what an inspection has stored."""
    if cycle is None:
        return Reason(_DEMANDED, {"on": basis_on, "demand": demand or ""})
    by_fiscal_year, by_years = _REASONS[basis]
    if cycle.startswith("FY"):
        return Reason(by_fiscal_year, {"on": basis_on, "year": int(cycle[2:])})
    return Reason(by_years, {"on": basis_on, "years": int(cycle[:4]) - basis_on.year})
