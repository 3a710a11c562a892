"""What the two lists of organizations have in common: recognizing a body in the register and holding a row against it.

A body is recognized by its official numbers first, and by name and address together when the row brings no number that
is known. A number of the row that contradicts the register's is never taken for the same body.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from imports.batches.facts import Assessment, Blank, Draft, Field, differences
from organizations.merging.likeness import person_key
from organizations.register.details import Derived, derive
from organizations.register.lookup import (
    chunks,
    ids_by_corporate_number,
    ids_by_former_name,
    ids_by_name,
    representatives_of,
)
from organizations.register.models import Organization
from organizations.register.names import business_status
from organizations.register.states import BUSINESS_TRANSITIONS, BusinessStatus, OrganizationKind
from otit.places import PREFECTURES
from otit.text import N_

Record = Mapping[str, Any]

ORGANIZATION_FIELDS = (
    Field("name", "name", Organization.name, Blank.KEEPS),
    Field("kana", "name_kana", Organization.kana),
    Field("corporate_number", "corporate_number", Organization.corporate_number, Blank.KEEPS),
    Field("representative", "representative", Organization.representative),
    Field("postal_code", "postal_code", Organization.postal_code),
    Field("prefecture_code", "prefecture", Organization.prefecture_code, Blank.KEEPS, derived=True),
    Field("address", "address", Organization.address, Blank.KEEPS),
    Field("phone", "phone", Organization.phone),
)
# Read from the suffix of the name (`read_status`), so no column of a sheet leads here.
STATUS_FIELD = Field("status", "status", Organization.status, Blank.KEEPS)
_DERIVING = ("name", "kana", "prefecture_code", "address")
_SHOWN_CANDIDATES = 5

AMBIGUOUS = N_("登録簿に該当する団体が%(count)s件あり、どれか決められません：%(candidates)s")
TWO_BODIES = N_("%(first)sの団体「%(first_name)s」と%(second)sの団体「%(second_name)s」が登録簿では別の団体です。")
OTHER_NUMBER = N_("同じ名称・住所の団体が、別の%(what)s（%(number)s）で登録されています。")
SAME_NAME = N_("同じ名称の団体が既に登録されています（%(candidates)s）。別の団体として新しく登録します。")
SAME_FORMER_NAME = N_("以前この名称であった団体が登録されています（%(candidates)s）。別の団体として新しく登録します。")
FORMER_NAME = N_("以前の名称で記載されています。登録の名称「%(name)s」は変更しません。")
NAME_AGAIN = N_("以前の名称に戻ります。登録の名称は「%(name)s」です。一覧が正しいか確かめてください。")
INDIVIDUAL = N_("個人として登録されているため、法人番号は登録できません。")
AFTER_CLOSURE = N_("事業廃止の届出がある団体です。事業の状況は取込みでは変更しません。")
LAW_STATUS = N_("名称に「%(status)s」とあります。処分や許可の失効は取込みでは記録しません。")
OTHER_REPRESENTATIVE = N_(
    "役員等に登録された代表者は「%(names)s」です。代表者が代わったときは、役員等の記録も改めてください。"
)
DOUBLED = N_("シート「%(sheet)s」の%(row)s行目と同じ団体です。")

CORPORATE, NOTIFICATION = N_("法人番号"), N_("届出受理番号")


@dataclass
class Found:
    """What the register knows about the bodies of one chunk of rows: six statements, however many rows. `names` are
    those of present names, and of former ones where nobody bears the name now; `former` has {name_key: {id: last day of
    the name}}, `as_of` is the day of the list."""

    corporate: dict[str, int]
    names: dict[str, list[int]]
    former: dict[str, dict[int, date | None]] = field(default_factory=dict)
    as_of: date | None = None
    records: dict[int, Record] = field(default_factory=dict)
    representatives: dict[int, list[str]] = field(default_factory=dict)
    keys: list[Derived] = field(default_factory=list)

    def at(self, key: Derived) -> list[int]:
        """The bodies with that name at that address."""
        same = self.names.get(key["name_key"], ())
        return [one for one in same if self.records[one]["address_key"] == key["address_key"]]

    def bore(self, record: Record, key: Derived) -> bool:
        """The name is a former one of the body."""
        return record["name_key"] != key["name_key"] and record["id"] in self.former.get(key["name_key"], ())

    def bears_again(self, record: Record, key: Derived) -> bool:
        """The list is of a later day than that on which the body gave the name up."""
        until = self.former[key["name_key"]][record["id"]]
        return self.as_of is not None and until is not None and self.as_of > until


def find_bodies(
    session: Session,
    kind: OrganizationKind,
    drafts: Sequence[Draft],
    others: Iterable[int],
    *,
    as_of: date | None,
    lock: bool,
) -> Found:
    """`others` are ids already found by numbers of the kind's own. `lock` keeps the records as they are until the
    transaction ends."""
    keys = [derive(d.facts["name"], d.facts["prefecture_code"], d.facts["address"]) for d in drafts]
    numbers = [number for d in drafts if (number := d.facts.get("corporate_number"))]
    names = [key["name_key"] for key in keys]
    former = ids_by_former_name(session, kind, names)
    found = Found(
        ids_by_corporate_number(session, kind, numbers) if numbers else {},
        {name: list(same) for name, same in former.items()} | ids_by_name(session, kind, names),
        former,
        as_of,
        keys=keys,
    )
    ids = {*others, *found.corporate.values(), *(one for same in found.names.values() for one in same)}
    found.records = load_records(session, ids, lock=lock)
    found.representatives = representatives_of(session, ids)
    return found


def load_records(session: Session, ids: Iterable[int], *, lock: bool) -> dict[int, Record]:
    """{id: columns} of these organizations, in the order of their ids."""
    table = Organization.__table__
    records: dict[int, Record] = {}
    for part in chunks(sorted(ids)):
        statement = sa.select(table).where(table.c.id.in_(part)).order_by(table.c.id)
        for row in session.execute(statement.with_for_update() if lock else statement):
            records[row.id] = row._asdict()
    return records


def one_body(a: Assessment, found: Found, first: tuple[str, int | None], second: tuple[str, int | None]) -> int | None:
    """The body that the numbers name; an error when they name two. Each pair: (what the number is called, id)."""
    (what, one), (other_what, other) = first, second
    if one is not None and other is not None and one != other:
        names = found.records[one]["name"], found.records[other]["name"]
        a.fail("name", TWO_BODIES, first=what, first_name=names[0], second=other_what, second_name=names[1])
    return one if one is not None else other


def body_by_place(a: Assessment, found: Found, key: Derived, numbers: Mapping[str, tuple[str, Any]]) -> int | None:
    """The body with that name and address. `numbers` is {column: (what it is called, the row's number)}: a number in
    the register that differs from the row's is an error, because two bodies may share a name and a building."""
    candidates = found.at(key)
    if len(candidates) > 1:
        a.fail("name", AMBIGUOUS, "ambiguous", count=len(candidates), candidates=described(found, candidates))
        return None
    if not candidates:
        return None
    record = found.records[candidates[0]]
    for column, (what, number) in numbers.items():
        if number and record[column] and record[column] != number:
            a.fail(column, OTHER_NUMBER, what=what, number=record[column])
    return candidates[0]


def described(found: Found, ids: Sequence[int]) -> str:
    """Candidates as a person can tell them apart."""
    return "、".join(_described(found.records[one]) for one in ids[:_SHOWN_CANDIDATES])


def _described(record: Record) -> str:
    prefecture = PREFECTURES[record["prefecture_code"]]
    return f"{record['name']}（{prefecture}{record['address'].removeprefix(prefecture)}）"


def compare_body(
    a: Assessment, found: Found, record: Record, key: Derived, facts: Mapping[str, Any], fields: Sequence[str]
) -> None:
    """Note what the row would change of the body: its facts, and what follows from name and address."""
    wanted = {name: facts[name] for name in fields if name in facts}
    if found.bore(record, key):
        _compare_former(a, found, record, key, wanted)
    if wanted.get("corporate_number") and record["is_individual"]:
        a.fail("corporate_number", INDIVIDUAL)
    _compare_representative(a, found, record["id"], wanted.get("representative"))
    status = facts.get("status")
    if status is not None and status is not record["status"]:
        if _may_become(record["status"], status):
            wanted["status"] = status
        else:
            a.warn("name", AFTER_CLOSURE)
    if any(record[name] != wanted.get(name, record[name]) for name in _DERIVING):
        merged = {**record, **wanted}
        wanted |= derive(merged["name"], merged["prefecture_code"], merged["address"], merged["kana"])
    a.target_id, a.target_version = record["id"], record["version"]
    a.changes |= differences(record, wanted)


def _compare_representative(a: Assessment, found: Found, body: int, named: str | None) -> None:
    """A list does not change who is in office; where it names somebody else, one of the two is out of date."""
    names = found.representatives.get(body, ())
    if named and names and person_key(named) not in map(person_key, names):
        a.warn("representative", OTHER_REPRESENTATIVE, "other-representative", names="、".join(names))


def _compare_former(a: Assessment, found: Found, record: Record, key: Derived, wanted: dict[str, Any]) -> None:
    """An old list does not take a new name away; neither does one that still has the name of a merged duplicate."""
    if found.bears_again(record, key):
        a.warn("name", NAME_AGAIN, "former-name", name=record["name"])
        return
    a.warn("name", FORMER_NAME, "former-name", name=record["name"])
    for name in ("name", "kana"):
        wanted.pop(name, None)


def warn_of_namesakes(a: Assessment, found: Found, key: Derived) -> None:
    """Bodies that bear the name of what the row enters anew."""
    same = found.names.get(key["name_key"])
    if same:
        former = all(found.bore(found.records[one], key) for one in same)
        message = SAME_FORMER_NAME if former else SAME_NAME
        a.warn("name", message, "same-name", candidates=described(found, same))


def _may_become(old: BusinessStatus, new: BusinessStatus) -> bool:
    return any(state is old and after is new for (state, _act), after in BUSINESS_TRANSITIONS.items())


def read_status(a: list[tuple[str, dict[str, object]]], text: object) -> BusinessStatus | None:
    """What the suffix of a name says about the business; a sanction in it is only remarked on (appended to `a`)."""
    if not isinstance(text, str):
        return None
    status = business_status(text)
    if status is None:
        a.append((LAW_STATUS, {"status": text}))
    return status


class Doubles:
    """Rows of one file that are about one body, although the file does not say so in one way."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, object], tuple[str, int]] = {}

    def check(self, a: Assessment, draft: Draft, key: Derived) -> None:
        marks: list[tuple[str, object]] = [("place", (key["name_key"], key["address_key"]))]
        if a.target_id is not None:
            marks.append(("id", a.target_id))
        for name in ("corporate_number", "notification_number", "license_number"):
            if draft.facts.get(name):
                marks.append((name, draft.facts[name]))
        earlier = next((self._seen[mark] for mark in marks if mark in self._seen), None)
        if earlier is not None:
            a.fail("name", DOUBLED, "repeated-body", sheet=earlier[0], row=earlier[1])
        for mark in marks:
            self._seen.setdefault(mark, draft.where)
