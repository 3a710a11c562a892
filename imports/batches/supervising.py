"""Rows of 監理団体一覧 held against the register: the body and its licence.

A licence is recognized by its number; recent lists carry none, then by the body (corporate number, name and address,
or name and date of licence) and the date of licence. What law decides stays as it is: a licence is entered as licensed,
its state is never moved, and a row that contradicts a revocation, an end or a bar is refused with the reason.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from imports.batches.bodies import (
    AMBIGUOUS,
    CORPORATE,
    ORGANIZATION_FIELDS,
    STATUS_FIELD,
    Doubles,
    Found,
    Record,
    body_by_place,
    compare_body,
    described,
    find_bodies,
    one_body,
    read_status,
    warn_of_namesakes,
)
from imports.batches.facts import Assessment, Blank, Draft, Field, Problem, Reader
from imports.batches.held_licenses import (
    LICENSE_FIELDS,
    Licenses,
    compare_license,
    find_licenses,
    too_long_a_term,
)
from imports.batches.states import ImportKind
from imports.layouts.base import ParsedRow
from imports.layouts.supervising import SUPERVISING
from organizations.licenses.content import UNKNOWN
from organizations.licenses.models import License
from organizations.licenses.queries import ids_by_number
from organizations.occupations.queries import known_codes
from organizations.register.details import Derived
from organizations.register.states import BusinessStatus, OrganizationKind, Scheme
from otit.text import N_

FUTURE = N_("未来の日付は登録できません。")
LICENCE = N_("許可番号")

FIELDS = (
    *ORGANIZATION_FIELDS,
    STATUS_FIELD,
    Field("license_number", "licence_number", License.number, Blank.KEEPS),
    Field("license_class", "licence_class", License.license_class, Blank.KEEPS, derived=True),
    Field("licensed_on", "licensed_on", License.licensed_on, Blank.KEEPS),
    Field("expires_on", "expires_on", License.expires_on, Blank.KEEPS),
    Field("handles_care", "care", License.handles_care, Blank.NO),
    Field("countries", "countries", None, Blank.NONE),
    Field("occupations", "occupations", None, Blank.NONE),
)
NAMES = tuple(one.name for one in ORGANIZATION_FIELDS)
assert set(LICENSE_FIELDS) <= {one.name for one in FIELDS}


class SupervisingImport:
    kind = ImportKind.SUPERVISING

    def __init__(self, as_of: date | None = None) -> None:
        self._as_of = as_of
        self.reader = Reader(SUPERVISING, FIELDS)
        self._doubles = Doubles()
        self._occupations: frozenset[str] | None = None

    def complete(self, row: ParsedRow, facts: dict[str, Any]) -> list[Problem]:
        """The published list marks who pauses, in the name; so a name without a suffix is in business."""
        notes: list[tuple[str, dict[str, object]]] = []
        text = row.values.get("status")
        status = read_status(notes, text) if text else BusinessStatus.ACTIVE
        if status is not None:
            facts["status"] = status
        return [Problem("name", message, params) for message, params in notes]

    def key(self, facts: Mapping[str, Any]) -> str | None:
        return facts.get("license_number") or facts.get("corporate_number")

    def name(self, facts: Mapping[str, Any]) -> str | None:
        return facts.get("name")

    def assess(self, session: Session, drafts: Sequence[Draft], *, today: date, lock: bool) -> list[Assessment]:
        numbers = [number for d in drafts if (number := d.facts.get("license_number"))]
        numbered = ids_by_number(session, numbers) if numbers else {}
        owners = [owner for _license, owner in numbered.values()]
        found = find_bodies(session, OrganizationKind.SUPERVISING, drafts, owners, as_of=self._as_of, lock=lock)
        licenses = find_licenses(session, found.records, lock=lock)
        if self._occupations is None:
            self._occupations = known_codes(session, Scheme.TECHNICAL_INTERN_TRAINING, self._as_of or today)
        return [
            self._assess(draft, key, found, numbered, licenses, today)
            for draft, key in zip(drafts, found.keys, strict=True)
        ]

    def _assess(
        self,
        draft: Draft,
        key: Derived,
        found: Found,
        numbered: dict[str, tuple[int, int]],
        licenses: Licenses,
        today: date,
    ) -> Assessment:
        a, facts = Assessment(), draft.facts
        if facts["licensed_on"] > today:
            a.fail("licensed_on", FUTURE, "future-date")
        a.warnings += too_long_a_term(facts, self._as_of or today)
        known = self._occupations
        unknown = [code for code in facts.get("occupations", ()) if known and code not in known]
        if unknown:
            a.warn("occupations", UNKNOWN, "occupation", codes="、".join(unknown))
        target = self._identify(a, facts, key, found, numbered, licenses)
        if target is not None:
            compare_body(a, found, found.records[target], key, facts, NAMES)
            compare_license(a, facts, licenses.get(target, ()))
        else:
            warn_of_namesakes(a, found, key)
        self._doubles.check(a, draft, key)
        return a

    def _identify(
        self,
        a: Assessment,
        facts: Mapping[str, Any],
        key: Derived,
        found: Found,
        numbered: dict[str, tuple[int, int]],
        licenses: Licenses,
    ) -> int | None:
        number, corporate = facts.get("license_number"), facts.get("corporate_number")
        by_number = numbered[number][1] if number in numbered else None
        by_corporate = found.corporate.get(corporate) if corporate else None
        target = one_body(a, found, (LICENCE, by_number), (CORPORATE, by_corporate))
        if target is not None or a.errors:
            return target
        target = body_by_place(a, found, key, {"corporate_number": (CORPORATE, corporate)})
        if target is not None or a.errors:
            return target
        return _moved(a, found, key, licenses, facts)


def _moved(a: Assessment, found: Found, key: Derived, licenses: Licenses, facts: Mapping[str, Any]) -> int | None:
    """The body of that name which was licensed on that very day: it has moved to another address."""
    fitting = [
        one
        for one in found.names.get(key["name_key"], ())
        if any(license["licensed_on"] == facts["licensed_on"] for license in licenses.get(one, ()))
        and _numbers_fit(found.records[one], facts)
    ]
    if len(fitting) > 1:
        a.fail("name", AMBIGUOUS, "ambiguous", count=len(fitting), candidates=described(found, fitting))
        return None
    return fitting[0] if fitting else None


def _numbers_fit(record: Record, facts: Mapping[str, Any]) -> bool:
    number = facts.get("corporate_number")
    return not number or record["corporate_number"] in (None, number)
