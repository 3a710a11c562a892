"""Acts on the places of a body: entering, correcting, ending their use."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from organizations.register import part_queries
from organizations.register.details import address_refusals
from organizations.register.models import Organization, Place
from organizations.register.states import PlaceKind
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import assign
from otit.errors import RuleViolation, StateConflict, refuse_all
from otit.places import PREFECTURES, full_address
from otit.text import N_, match_key, phone_key


@dataclass(frozen=True)
class PlaceFacts:
    """`starts_on` is None where nobody knows; `ends_on` is the last day of use."""

    kind: PlaceKind
    name: str
    prefecture_code: str
    address: str
    postal_code: str | None = None
    phone: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None


def add_place(session: Session, actor: Actor, organization: Organization, facts: PlaceFacts) -> Place:
    _require(actor, organization)
    _check(session, organization, facts, None)
    place = Place(organization_id=organization.id, **_columns(facts))
    session.add(place)
    session.flush()
    record(session, actor, "place.added", place, organization=organization.id, name=place.name)
    return place


def correct_place(session: Session, actor: Actor, place: Place, facts: PlaceFacts) -> None:
    _require(actor, place.organization)
    _check(session, place.organization, facts, place.id)
    assign(place, _columns(facts))
    changes = changed(place)
    if changes:
        record(session, actor, "place.changed", place, changes, organization=place.organization_id)
        session.flush()


def end_place(session: Session, actor: Actor, place: Place, *, on: date) -> None:
    """`on` is the last day of use; it may be announced."""
    _require(actor, place.organization)
    if place.ends_on is not None:
        raise StateConflict(N_("この場所は既に使われなくなっています（%(day)sまで）。"), {"day": place.ends_on})
    _check_days(place.starts_on, on)
    place.ends_on = on
    record(session, actor, "place.ended", place, changed(place), organization=place.organization_id)
    session.flush()


def _columns(facts: PlaceFacts) -> dict[str, Any]:
    return asdict(facts) | {"phone_key": phone_key(facts.phone)}


def _require(actor: Actor, organization: Organization) -> None:
    actor.require(Permission.MAINTAIN_REGISTERS)
    actor.require_office(organization.office_code)


def _check(session: Session, organization: Organization, facts: PlaceFacts, own_id: int | None) -> None:
    if not facts.name.strip():
        raise RuleViolation(N_("名称を入力してください。"), field="name")
    if facts.prefecture_code not in PREFECTURES:
        raise RuleViolation(N_("都道府県コードが正しくありません。"), field="prefecture_code")
    if not facts.address.strip():
        raise RuleViolation(N_("所在地を入力してください。"), field="address")
    refuse_all(address_refusals(facts.prefecture_code, facts.address))
    _check_days(facts.starts_on, facts.ends_on)
    if any(_is_same(one, facts) for one in part_queries.places_of(session, organization.id) if one.id != own_id):
        message = N_("同じ種類・名称・所在地の場所が、この期間に既に登録されています。")
        raise RuleViolation(message, field="name")


def _is_same(place: Place, facts: PlaceFacts) -> bool:
    """The same place, in use on a day of the same period; a beginning that nobody knows may lie as far back as it
    will."""
    same = place.kind is facts.kind and _where(place) == _where(facts)
    ends_before = place.ends_on is not None and facts.starts_on is not None and place.ends_on < facts.starts_on
    begins_after = place.starts_on is not None and facts.ends_on is not None and facts.ends_on < place.starts_on
    return same and not ends_before and not begins_after


def _where(place: Place | PlaceFacts) -> tuple[str, str]:
    return match_key(place.name), match_key(full_address(place.prefecture_code, place.address))


def _check_days(starts_on: date | None, ends_on: date | None) -> None:
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        message = N_("使用の末日は、使用の開始日（%(start)s）以後にしてください。")
        raise RuleViolation(message, {"start": starts_on}, field="ends_on")
