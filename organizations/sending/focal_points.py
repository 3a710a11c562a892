"""Acts on focal points: whom to write to in a country under its memorandum of cooperation."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy.orm import Session

from organizations.sending.countries import MOC_COUNTRIES
from organizations.sending.models import FocalPoint
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import assign
from otit.errors import NotFound, RuleViolation, StateConflict
from otit.text import N_


@dataclass(frozen=True)
class FocalPointDetails:
    body: str
    starts_on: date
    department: str | None = None
    email: str | None = None
    phone: str | None = None


def add_focal_point(session: Session, actor: Actor, country: str, details: FocalPointDetails) -> FocalPoint:
    """A country may have several at a time. Raises NotFound for a country without a memorandum."""
    actor.require(Permission.MAINTAIN_SENDING)
    if country not in MOC_COUNTRIES:
        raise NotFound()
    point = FocalPoint(country=country, **asdict(details))
    session.add(point)
    session.flush()
    record(session, actor, "focal_point.added", point, country=country, body=point.body)
    return point


def correct_focal_point(session: Session, actor: Actor, point: FocalPoint, details: FocalPointDetails) -> None:
    actor.require(Permission.MAINTAIN_SENDING)
    if point.ends_on is not None and point.ends_on < details.starts_on:
        raise RuleViolation(N_("終わりの日（%(end)s）より後の日付です。"), {"end": point.ends_on}, field="starts_on")
    assign(point, asdict(details))
    if changes := changed(point):
        record(session, actor, "focal_point.corrected", point, changes)


def end_focal_point(session: Session, actor: Actor, point: FocalPoint, *, ends_on: date) -> None:
    """`ends_on` is its last day. It stays in the history of the country."""
    actor.require(Permission.MAINTAIN_SENDING)
    if point.ends_on is not None:
        raise StateConflict(N_("この連絡先は既に終わっています。"))
    if ends_on < point.starts_on:
        raise RuleViolation(N_("始まりの日より前の日付です。"), field="ends_on")
    point.ends_on = ends_on
    record(session, actor, "focal_point.ended", point, changed(point))
