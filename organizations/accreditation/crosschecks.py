"""What other records of the register say against a plan. Pure.

No source makes rules of these but where one is cited: they are remarks on the data, grave where the training cannot be
as it is recorded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from organizations.occupations.codes import occupation_of
from otit.clock import add_years
from otit.findings import Finding, Severity, grave, warning
from otit.text import N_

ADULT = 18
_MINOR = N_("技能実習生は、実習の開始日に18歳未満です。生年月日の記録を確かめてください。")
_NO_LEVEL_BEFORE = N_("同じ技能実習生の第%(level)s号の計画が登録されていません。")
_OVERLAPPING_PLAN = N_("同じ技能実習生の計画%(number)s（%(start)sから%(end)sまで）と、実習の期間が重なります。")
_OVERLAPPING_APPLICATION = N_(
    "同じ技能実習生について、まだ決定されていない申請%(number)s（%(start)sから%(end)sまで）と、実習の期間が重なります。"
)
# What follows from a trainee's birth date and other plans is told to those who decide.
PERSONAL = frozenset({_MINOR, _NO_LEVEL_BEFORE, _OVERLAPPING_PLAN, _OVERLAPPING_APPLICATION})


@dataclass(frozen=True)
class Handled:
    """What the licence of the supervising organization is used for. `occupations` are empty where no list of them is
    recorded."""

    occupations: frozenset[str] = frozenset()
    care: bool = False


@dataclass(frozen=True)
class Other:
    """Another plan of the same person that was not revoked, or an application that is not decided.
    `ends_on` is the day on which it ended in fact; `is_open` tells that it has not."""

    number: str
    level: int | None
    starts_on: date
    ends_on: date
    is_plan: bool = True
    is_open: bool = True


@dataclass(frozen=True)
class Person:
    born_on: date
    others: Sequence[Other] = ()


@dataclass(frozen=True)
class Closures:
    """From when either body gives up its business, as it has notified; None where it has not."""

    implementing: date | None = None
    supervising: date | None = None


@dataclass(frozen=True)
class Known:
    """What the register knows of the plan beside its own record."""

    person: Person | None = None
    handled: Handled | None = None
    closures: Closures = field(default_factory=Closures)


def of_person(person: Person | None, level: int | None, starts_on: date, ends_on: date) -> Iterator[Finding]:
    if person is None:
        return
    if starts_on < add_years(person.born_on, ADULT):
        yield grave(_MINOR)
    if level in (2, 3) and not any(one.is_plan and one.level == level - 1 for one in person.others):
        yield warning(_NO_LEVEL_BEFORE, level=level - 1)
    for one in person.others:
        if one.is_open and one.starts_on <= ends_on and one.ends_on >= starts_on:
            yield _overlap(one)


def _overlap(other: Other) -> Finding:
    params: dict[str, Any] = {"number": other.number, "start": other.starts_on, "end": other.ends_on}
    if other.is_plan:
        return Finding(_OVERLAPPING_PLAN, params, severity=Severity.GRAVE)
    return Finding(_OVERLAPPING_APPLICATION, params)


def of_licence(handled: Handled | None, code: str | None, *, is_care: bool) -> Iterator[Finding]:
    if handled is None:
        return
    listed = {occupation_of(one) for one in handled.occupations}
    if code is not None and listed and occupation_of(code) not in listed:
        yield warning(N_("職種コード%(code)sは、監理団体の許可の取扱職種に登録されていません。"), code=code)
    if is_care and not handled.care:
        yield warning(N_("監理団体の許可に、介護を取り扱うことが登録されていません。"))


def of_closures(closures: Closures, ends_on: date) -> Iterator[Finding]:
    """A notice of closure is recorded when it comes, and may hold only later (Art. 34(1) for supervising ones)."""
    if closures.implementing is not None and closures.implementing <= ends_on:
        message = N_("実習実施者は、実習の終了日より前の%(day)sに事業を廃止することを届け出ています。")
        yield grave(message, day=closures.implementing)
    if closures.supervising is not None and closures.supervising <= ends_on:
        message = N_("監理団体は、実習の終了日より前の%(day)sに事業を廃止することを届け出ています。")
        yield grave(message, N_("法第34条第1項"), day=closures.supervising)


def of_sender(country: str | None, nationality: str | None) -> Iterator[Finding]:
    """`country` is that of the sending organization."""
    if country is not None and nationality is not None and country != nationality:
        yield warning(N_("技能実習生の国籍が、送出機関の国と異なります。"))


def no_sender() -> Finding:
    return warning(N_("団体監理型の計画に、送出機関が登録されていません。"))
