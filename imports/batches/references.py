"""The bodies that plans refer to, looked up for a whole chunk of rows at once and remembered for the next ones.

A reference must lead to exactly one body that is registered already; what is missing has to be imported first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from imports.batches.facts import Assessment, Draft, Field
from organizations.licenses.queries import ids_by_number as licenses_by_number
from organizations.register.details import derive
from organizations.register.lookup import (
    chunks,
    ids_by_corporate_number,
    ids_by_former_name,
    ids_by_name,
    ids_by_notification_number,
)
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from organizations.sending.queries import ids_by_number as sending_by_number
from otit.places import PREFECTURES
from otit.text import N_, match_key

REFERENCE_FIELDS = (
    Field("implementing_name", "implementing_name"),
    Field("implementing_notification_number", "notification_number"),
    Field("implementing_corporate_number", "corporate_number"),
    Field("implementing_prefecture", "prefecture", derived=True),
    Field("implementing_address", "address"),
    Field("supervising_name", "supervising_name"),
    Field("supervising_license_number", "supervising_licence_number"),
    Field("sending_number", "sending_number"),
)
_SHOWN_CANDIDATES = 5

UNKNOWN_IMPLEMENTING = N_("実習実施者「%(name)s」が登録されていません。先に実習実施者一覧を取り込んでください。")
UNKNOWN_SUPERVISING = N_("監理団体「%(name)s」が登録されていません。先に監理団体一覧を取り込んでください。")
UNKNOWN_LICENCE = N_("許可番号%(number)sの監理団体が登録されていません。先に監理団体一覧を取り込んでください。")
UNKNOWN_SENDING = N_("送出機関番号%(number)sの送出機関が登録されていません。先に送出機関を登録してください。")
AMBIGUOUS = N_("登録簿に該当する団体が%(count)s件あり、どれか決められません：%(candidates)s")
TWO_BODIES = N_("届出受理番号の団体「%(first_name)s」と法人番号の団体「%(second_name)s」が登録簿では別の団体です。")
OTHER_NAME = N_("番号の示す団体の登録名「%(name)s」と異なります。")
FORMER_NAME = N_("以前の名称で記載されています。登録の名称は「%(name)s」です。")

_key = lru_cache(maxsize=20_000)(match_key)


@dataclass(frozen=True, slots=True)
class Body:
    id: int
    name: str
    name_key: str
    address_key: str
    prefecture_code: str
    notification_number: str | None
    corporate_number: str | None

    @property
    def described(self) -> str:
        return f"{self.name}（{PREFECTURES[self.prefecture_code]}）"


def _learnt(known: dict[str, int], found: dict[str, int]) -> set[int]:
    known |= found
    return set(found.values())


def _bearers(session: Session, kind: OrganizationKind, keys: set[str]) -> dict[str, list[int]]:
    """The bodies of a name; those that bore it once where nobody bears it now."""
    found = ids_by_name(session, kind, keys)
    if rest := keys - found.keys():
        found |= {key: list(same) for key, same in ids_by_former_name(session, kind, rest).items()}
    return found


class References:
    """Keeps a small line for each body the file names: some tens of thousands at the most."""

    def __init__(self) -> None:
        self._notified: dict[str, int] = {}
        self._corporate: dict[str, int] = {}
        self._implementing: dict[str, list[int]] = {}
        self._supervising: dict[str, list[int]] = {}
        self._licensed: dict[str, int] = {}
        self._sending: dict[str, int] = {}
        self._bodies: dict[int, Body] = {}
        self._asked: set[tuple[str, str]] = set()

    def learn(self, session: Session, drafts: Sequence[Draft]) -> None:
        """Look up what these rows name and the rows before did not."""
        kinds = OrganizationKind
        ids: set[int] = set()
        if numbers := self._new("implementing_notification_number", drafts):
            ids |= _learnt(self._notified, ids_by_notification_number(session, numbers))
        if numbers := self._new("implementing_corporate_number", drafts):
            ids |= _learnt(self._corporate, ids_by_corporate_number(session, kinds.IMPLEMENTING, numbers))
        if numbers := self._new("supervising_license_number", drafts):
            owners = {number: owner for number, (_id, owner) in licenses_by_number(session, numbers).items()}
            ids |= _learnt(self._licensed, owners)
        for field, known, kind in (
            ("implementing_name", self._implementing, kinds.IMPLEMENTING),
            ("supervising_name", self._supervising, kinds.SUPERVISING),
        ):
            if names := self._new(field, drafts):
                found = _bearers(session, kind, {_key(name) for name in names})
                known |= found
                ids |= {one for same in found.values() for one in same}
        if numbers := self._new("sending_number", drafts):
            self._sending |= sending_by_number(session, numbers)
        self._learn_bodies(session, ids - self._bodies.keys())

    def _new(self, name: str, drafts: Sequence[Draft]) -> list[str]:
        values = {value for draft in drafts if (value := draft.facts.get(name))}
        new = sorted(value for value in values if (name, value) not in self._asked)
        self._asked.update((name, value) for value in new)
        return new

    def _learn_bodies(self, session: Session, ids: set[int]) -> None:
        columns = (
            Organization.id,
            Organization.name,
            Organization.name_key,
            Organization.address_key,
            Organization.prefecture_code,
            Organization.notification_number,
            Organization.corporate_number,
        )
        for part in chunks(sorted(ids)):
            statement = sa.select(*columns).where(Organization.id.in_(part)).order_by(Organization.id)
            self._bodies |= {row.id: Body(*row) for row in session.execute(statement)}

    def implementing(self, a: Assessment, facts: Mapping[str, Any]) -> int | None:
        """By notification number, corporate number, or name (with prefecture and address where several have it)."""
        number, corporate = facts.get("implementing_notification_number"), facts.get("implementing_corporate_number")
        by_number, by_corporate = self._notified.get(number or ""), self._corporate.get(corporate or "")
        if by_number and by_corporate and by_number != by_corporate:
            names = self._bodies[by_number].name, self._bodies[by_corporate].name
            a.fail("notification_number", TWO_BODIES, first_name=names[0], second_name=names[1])
            return None
        known = by_number or by_corporate
        if known is not None:
            self._compare_name(a, "implementing_name", known, facts["implementing_name"])
            return known
        fitting = self._fitting(facts, number, corporate)
        return self._only(a, "implementing_name", fitting, UNKNOWN_IMPLEMENTING, facts["implementing_name"])

    def _fitting(self, facts: Mapping[str, Any], number: str | None, corporate: str | None) -> list[int]:
        """The bodies of that name which nothing in the row speaks against; the address decides only among several."""
        prefecture, address = facts.get("implementing_prefecture"), facts.get("implementing_address")
        bodies = [self._bodies[one] for one in self._implementing.get(_key(facts["implementing_name"]), ())]
        fitting = [
            body
            for body in bodies
            if not (prefecture and body.prefecture_code != prefecture)
            and not (number and body.notification_number)
            and not (corporate and body.corporate_number)
        ]
        if len(fitting) > 1 and prefecture and address:
            key = derive("", prefecture, address)["address_key"]
            fitting = [body for body in fitting if body.address_key == key] or fitting
        return [body.id for body in fitting]

    def supervising(self, a: Assessment, facts: Mapping[str, Any]) -> int | None:
        number, name = facts.get("supervising_license_number"), facts.get("supervising_name")
        if number:
            owner = self._licensed.get(number)
            if owner is None:
                a.fail("supervising_licence_number", UNKNOWN_LICENCE, "unknown-body", number=number)
            elif name:
                self._compare_name(a, "supervising_name", owner, name)
            return owner
        ids = self._supervising.get(_key(name or ""), [])
        return self._only(a, "supervising_name", ids, UNKNOWN_SUPERVISING, name)

    def sending(self, a: Assessment, facts: Mapping[str, Any]) -> int | None:
        number = facts["sending_number"]
        if number is None:
            return None
        found = self._sending.get(number)
        if found is None:
            a.fail("sending_number", UNKNOWN_SENDING, "unknown-body", number=number)
            return None
        return found

    def _compare_name(self, a: Assessment, source: str, body_id: int, name: str) -> None:
        body = self._bodies[body_id]
        if body.name_key != _key(name):
            a.warn(source, OTHER_NAME, "other-name", name=body.name)

    def _only(self, a: Assessment, source: str, ids: Sequence[int], unknown: str, name: str | None) -> int | None:
        if len(ids) == 1:
            body = self._bodies[ids[0]]
            if body.name_key != _key(name or ""):
                a.warn(source, FORMER_NAME, "former-name", name=body.name)
            return body.id
        if not ids:
            a.fail(source, unknown, "unknown-body", name=name or "")
            return None
        shown = "、".join(self._bodies[one].described for one in ids[:_SHOWN_CANDIDATES])
        a.fail(source, AMBIGUOUS, "ambiguous", count=len(ids), candidates=shown)
        return None
