"""The history of a licence as terms that follow each other: how long one lasts, and what an act makes of them. Pure.

A history begins on the day of the licence, has neither gap nor overlap, and ends on the licence's last valid day in the
licence's class.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from organizations.licenses.states import LicenseClass, TermGround
from otit.clock import add_months, last_day_before_anniversary
from otit.errors import RuleViolation
from otit.text import N_

# 有効期間 (Art. 31(1)): the usual term, and the longer one on renewal for bodies with a clean record.
TERM_YEARS: Final[dict[LicenseClass, tuple[int, int]]] = {
    LicenseClass.GENERAL: (5, 7),
    LicenseClass.SPECIFIC: (3, 5),
    LicenseClass.SUPPORT: (3, 5),
}
_DAY: Final = timedelta(days=1)
_RENEWED_AHEAD: Final = 6  # months: no source says when renewals are decided, so generously


@dataclass(frozen=True)
class Term:
    """Both days belong to the term."""

    license_class: LicenseClass
    starts_on: date
    ends_on: date
    ground: TermGround


History = Sequence[Term]


def term_end(license_class: LicenseClass, starts_on: date, years: int) -> date:
    """The last valid day of a term: the day before the anniversary. Raises RuleViolation for a length that the class
    does not have (Art. 31(1))."""
    usual, longer = TERM_YEARS[license_class]
    if years not in (usual, longer):
        message = N_("%(license_class)sの許可の有効期間は%(usual)s年又は%(longer)s年です。")
        params = {"license_class": license_class, "usual": usual, "longer": longer}
        raise RuleViolation(message, params, field="years", citation=N_("法第31条第1項"))
    return last_day_before_anniversary(starts_on, years)


def latest_end(license_class: LicenseClass, licensed_on: date, as_of: date) -> date:
    """The last day that a licence of that class can have, as it is known on `as_of`. A term lasts the longer one at
    most and has begun, or its renewal is decided in good time; a first term is the usual one. A general licence may
    have had another class before, and so a term that began on any day."""
    usual, longer = TERM_YEARS[license_class]
    first, begun_by = last_day_before_anniversary(licensed_on, usual), add_months(as_of, _RENEWED_AHEAD)
    if license_class is not LicenseClass.GENERAL and first >= begun_by:
        return first
    return max(first, last_day_before_anniversary(begun_by, longer))


def renewed(history: History, until: date) -> list[Term]:
    """A term of the same class behind the last one (Art. 31)."""
    return [*history, Term(history[-1].license_class, next_day(history), until, TermGround.RENEWED)]


def next_day(history: History) -> date:
    """The first day that the history does not cover."""
    return history[-1].ends_on + _DAY


def class_changed(history: History, on: date, license_class: LicenseClass, until: date) -> list[Term]:
    """From `on` another class (Art. 32): the running term ends the day before, what was granted for later in the old
    class falls away."""
    return [*_before(history, on), Term(license_class, on, until, TermGround.CLASS_CHANGED)]


def downgraded(history: History, on: date, license_class: LicenseClass) -> list[Term]:
    """From `on` the lower class ex officio (Art. 37(2)), for as long as the licence would have lasted: the disposition
    gives no other term."""
    running = next(term for term in history if term.starts_on <= on <= term.ends_on)
    later = [replace(term, license_class=license_class) for term in history if term.starts_on > on]
    begun = Term(license_class, on, running.ends_on, TermGround.DOWNGRADED)
    return [*_before(history, on), begun, *later]


def restored(history: History, on: date, license_class: LicenseClass) -> list[Term]:
    """As if the class had not been lowered on `on`: what follows stands in the class of before."""
    kept, later = _before(history, on), [term for term in history if term.starts_on >= on]
    rest = [replace(term, license_class=license_class) for term in later]
    if kept and rest and rest[0].ground is TermGround.DOWNGRADED:
        return [*kept[:-1], replace(kept[-1], ends_on=rest[0].ends_on), *rest[1:]]
    return [*kept, *rest]


def followed(history: History, license_class: LicenseClass, licensed_on: date, until: date, on: date) -> list[Term]:
    """The history after a published list said, on the day `on`, what the licence is now. A later end is a renewal that
    became known, another class a change that did: each begins a term. Anything else corrects the terms there are."""
    if not history or history[0].starts_on != licensed_on:
        return [Term(license_class, licensed_on, until, TermGround.IMPORTED)]
    kept = [term for term in history if term.starts_on <= until]
    last = kept[-1]
    if license_class is not last.license_class and last.starts_on < on <= until:
        kept = [*kept[:-1], replace(last, ends_on=min(last.ends_on, on - _DAY))]
        return [*kept, Term(license_class, next_day(kept), until, TermGround.IMPORTED)]
    if until > last.ends_on and license_class is last.license_class:
        return [*kept, Term(license_class, next_day(kept), until, TermGround.IMPORTED)]
    return [*kept[:-1], replace(last, license_class=license_class, ends_on=until)]


def _before(history: History, on: date) -> list[Term]:
    """What had begun before `on`, up to the day before it."""
    return [replace(term, ends_on=min(term.ends_on, on - _DAY)) for term in history if term.starts_on < on]
