"""Rows of 職種・作業一覧 held against the list of occupations: a version is known by scheme, code and first day.

A code that is missing from a list stays as it is, and a blank end takes no end away: a code ends by a date that
somebody wrote. The versions of a code in the file and in the register together may not overlap. (A file is held against
the register 2,000 rows at a time; nobody's list of occupations is that long.)
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from imports.batches.bodies import Record
from imports.batches.facts import Assessment, Blank, Draft, Field, Problem, Reader, differences
from imports.batches.states import ImportKind
from imports.layouts.base import ParsedRow
from imports.layouts.occupations import OCCUPATIONS
from organizations.occupations.codes import SECTORS, is_operation, occupation_of, sector_of
from organizations.occupations.models import Occupation
from organizations.occupations.queries import load_versions
from otit.text import N_

Code = tuple[Any, str]

_COLUMNS = (
    Field("code", "code", Occupation.code, Blank.KEEPS),
    Field("name", "name", Occupation.name, Blank.KEEPS, derived=True),
    Field("sector", "sector", Occupation.sector, Blank.KEEPS),
    Field("scheme", "scheme", Occupation.scheme, Blank.KEEPS, derived=True),
    Field("transferable", "transferable", Occupation.transferable, Blank.NO),
    Field("valid_from", "valid_from", Occupation.valid_from, Blank.KEEPS),
    Field("valid_until", "valid_until", Occupation.valid_until, Blank.KEEPS),
)
# Of these the name is made; they are no facts of their own.
PART_FIELDS = (Field("occupation_name", "occupation_name"), Field("operation", "operation"))
FIELDS = (*_COLUMNS, *PART_FIELDS)
NAMES = tuple(one.name for one in _COLUMNS)

OVERLAPS_ROW = N_("コード%(occupation)sの適用期間が、シート「%(sheet)s」の%(row)s行目と重なります。")
OVERLAPS_HELD = N_(
    "コード%(occupation)sの適用期間が、登録済みの版（%(start)sから）と重なります。前の版の行に適用終了日を入力してください。"
)
ENDED = N_("登録では%(until)sに終了しています。適用終了日が空欄のため、終了のままにします。")
NO_OCCUPATION = N_("職種%(occupation)sがこの一覧にも登録にもありません。")


@dataclass(frozen=True, slots=True)
class Period:
    """When a version of a code holds; `where` is its row in the file, None for a version that is not in it."""

    valid_from: date
    valid_until: date | None
    where: tuple[str, int] | None = None

    def overlaps(self, other: "Period") -> bool:
        return _before(self.valid_from, other.valid_until) and _before(other.valid_from, self.valid_until)


def _before(start: date, end: date | None) -> bool:
    return end is None or start <= end


class OccupationsImport:
    kind = ImportKind.OCCUPATIONS

    def __init__(self) -> None:
        self.reader = Reader(OCCUPATIONS, FIELDS)
        self._seen: set[Code] = set()

    def complete(self, row: ParsedRow, facts: dict[str, Any]) -> list[Problem]:
        return []

    def key(self, facts: Mapping[str, Any]) -> str | None:
        return facts.get("code")

    def name(self, facts: Mapping[str, Any]) -> str | None:
        return facts.get("name")

    def assess(self, session: Session, drafts: Sequence[Draft], *, today: date, lock: bool) -> list[Assessment]:
        codes = {_code(draft) for draft in drafts}
        self._seen |= codes
        held = load_versions(session, codes | {(scheme, occupation_of(code)) for scheme, code in codes}, lock=lock)
        periods = _periods(drafts, held)
        return [self._assess(draft, held, periods[_code(draft)]) for draft in drafts]

    def _assess(self, draft: Draft, held: Mapping[Code, Sequence[Record]], periods: Sequence[Period]) -> Assessment:
        a, facts, key = Assessment(), draft.facts, _code(draft)
        version = next((one for one in held[key] if one["valid_from"] == facts["valid_from"]), None)
        if version is None:
            facts.setdefault("transferable", True)
            facts.setdefault("sector", SECTORS.get(sector_of(facts["code"]), SECTORS[7]))
        else:
            a.target_id, a.target_version = version["id"], version["version"]
            a.changes = differences(version, {name: facts[name] for name in NAMES if name in facts})
            if version["valid_until"] is not None and facts.get("valid_until") is None:
                a.warn("valid_until", ENDED, "ended", until=version["valid_until"])
        _check_overlap(a, draft, periods)
        occupation = key[0], occupation_of(key[1])
        if is_operation(key[1]) and occupation not in self._seen and not held[occupation]:
            a.warn("code", NO_OCCUPATION, "no-occupation", occupation=occupation[1])
        return a


def _code(draft: Draft) -> Code:
    return draft.facts["scheme"], draft.facts["code"]


def _periods(drafts: Sequence[Draft], held: Mapping[Code, Sequence[Record]]) -> Mapping[Code, Sequence[Period]]:
    """The versions of each code as they would be afterwards: a row takes the place of the version it is about."""
    found: dict[Code, dict[date, Period]] = defaultdict(dict)
    for key, versions in held.items():
        for one in versions:
            found[key][one["valid_from"]] = Period(one["valid_from"], one["valid_until"])
    for draft in drafts:
        start, known = draft.facts["valid_from"], found[_code(draft)]
        until = draft.facts.get("valid_until") or (known[start].valid_until if start in known else None)
        known[start] = Period(start, until, draft.where)
    return {key: list(periods.values()) for key, periods in found.items()}


def _check_overlap(a: Assessment, draft: Draft, periods: Sequence[Period]) -> None:
    code, start = draft.facts["code"], draft.facts["valid_from"]
    own = next(period for period in periods if period.valid_from == start)
    for other in periods:
        if other.valid_from == start or not own.overlaps(other):
            continue
        if other.where is None:
            a.fail("valid_from", OVERLAPS_HELD, "overlap", occupation=code, start=other.valid_from)
        else:
            sheet, row = other.where
            a.fail("valid_from", OVERLAPS_ROW, "overlap", occupation=code, sheet=sheet, row=row)
