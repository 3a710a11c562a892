"""Rows of 実習実施者一覧 held against the register: by notification number, corporate number, or name and address."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from imports.batches.bodies import (
    CORPORATE,
    NOTIFICATION,
    ORGANIZATION_FIELDS,
    STATUS_FIELD,
    Doubles,
    Found,
    body_by_place,
    compare_body,
    find_bodies,
    one_body,
    read_status,
    warn_of_namesakes,
)
from imports.batches.facts import Assessment, Blank, Draft, Field, Problem, Reader
from imports.batches.states import ImportKind
from imports.layouts.base import ParsedRow
from imports.layouts.implementing import IMPLEMENTING
from organizations.register.details import Derived
from organizations.register.lookup import ids_by_notification_number
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.text import N_

FUTURE = N_("未来の日付は登録できません。")

FIELDS = (
    *ORGANIZATION_FIELDS,
    Field("notification_number", "notification_number", Organization.notification_number, Blank.KEEPS),
    Field("notified_on", "notified_on", Organization.notified_on, Blank.KEEPS),
    Field("industry", "industry", Organization.industry),
    Field("staff_count", "full_time_staff", Organization.staff_count),
    STATUS_FIELD,
)
NAMES = tuple(one.name for one in FIELDS if one is not STATUS_FIELD)


class ImplementingImport:
    kind = ImportKind.IMPLEMENTING

    def __init__(self, as_of: date | None = None) -> None:
        self._as_of = as_of
        self.reader = Reader(IMPLEMENTING, FIELDS)
        self._doubles = Doubles()

    def complete(self, row: ParsedRow, facts: dict[str, Any]) -> list[Problem]:
        """A name without a suffix says nothing here: these lists do not mark who is in business."""
        notes: list[tuple[str, dict[str, object]]] = []
        status = read_status(notes, row.values.get("status"))
        if status is not None:
            facts["status"] = status
        return [Problem("name", message, params) for message, params in notes]

    def key(self, facts: Mapping[str, Any]) -> str | None:
        return facts.get("notification_number") or facts.get("corporate_number")

    def name(self, facts: Mapping[str, Any]) -> str | None:
        return facts.get("name")

    def assess(self, session: Session, drafts: Sequence[Draft], *, today: date, lock: bool) -> list[Assessment]:
        numbers = [number for d in drafts if (number := d.facts.get("notification_number"))]
        notified = ids_by_notification_number(session, numbers) if numbers else {}
        kind, owners = OrganizationKind.IMPLEMENTING, notified.values()
        found = find_bodies(session, kind, drafts, owners, as_of=self._as_of, lock=lock)
        return [self._assess(draft, key, found, notified, today) for draft, key in zip(drafts, found.keys, strict=True)]

    def _assess(self, draft: Draft, key: Derived, found: Found, notified: dict[str, int], today: date) -> Assessment:
        a, facts = Assessment(), draft.facts
        if facts.get("notified_on") is not None and facts["notified_on"] > today:
            a.fail("notified_on", FUTURE, "future-date")
        target = self._identify(a, facts, key, found, notified)
        if target is not None:
            compare_body(a, found, found.records[target], key, facts, NAMES)
        else:
            warn_of_namesakes(a, found, key)
        self._doubles.check(a, draft, key)
        return a

    def _identify(
        self, a: Assessment, facts: Mapping[str, Any], key: Derived, found: Found, notified: dict[str, int]
    ) -> int | None:
        number, corporate = facts.get("notification_number"), facts.get("corporate_number")
        by_number = notified.get(number) if number else None
        by_corporate = found.corporate.get(corporate) if corporate else None
        target = one_body(a, found, (NOTIFICATION, by_number), (CORPORATE, by_corporate))
        if target is not None or a.errors:
            return target
        given = {"notification_number": (NOTIFICATION, number), "corporate_number": (CORPORATE, corporate)}
        return body_by_place(a, found, key, given)
