"""Acts on sending organizations: entering one, suspending new acceptance from it, and releasing it."""

import re
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.sending import queries
from organizations.sending.countries import COUNTRIES
from organizations.sending.models import AcceptanceSuspension, SendingOrganization
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import today
from otit.db import hold
from otit.errors import RuleViolation, StateConflict
from otit.text import N_, compact, match_key

_NUMBER = re.compile(r"[A-Z]{3}[0-9]{6}")


@dataclass(frozen=True)
class SendingDetails:
    """`number` is the alpha-3 code of the country and six digits; bodies without one have a reference number."""

    country: str
    name: str
    number: str | None = None
    reference_number: str | None = None
    address: str | None = None
    representative: str | None = None
    approved_on: date | None = None


def create_sending(session: Session, actor: Actor, details: SendingDetails, *, now: datetime) -> SendingOrganization:
    """Enter a body. Raises RuleViolation when its number has another form, belongs to another country or is taken."""
    actor.require(Permission.MAINTAIN_SENDING)
    number = compact(details.number).upper() if details.number else None
    _check(session, details, number, today(now))
    body = SendingOrganization(
        country=details.country,
        name=details.name,
        name_key=match_key(details.name),
        number=number,
        reference_number=details.reference_number or None,
        address=details.address or None,
        representative=details.representative or None,
        approved_on=details.approved_on,
        created_at=now,
        updated_at=now,
    )
    session.add(body)
    session.flush()
    record(session, actor, "sending_organization.created", body, name=body.name, country=body.country)
    return body


def suspend_acceptance(
    session: Session, actor: Actor, body: SendingOrganization, *, starts_on: date, reason: str
) -> AcceptanceSuspension:
    """No one is newly accepted from this body from `starts_on` on, until released. The day may lie ahead: suspensions
    are announced in advance. Raises StateConflict when one is open, RuleViolation when it would overlap."""
    actor.require(Permission.MAINTAIN_SENDING)
    hold(session, body)
    if queries.open_suspension(session, body.id) is not None:
        raise StateConflict(N_("新規受入れは既に停止されています。"))
    if not reason.strip():
        raise RuleViolation(N_("停止の理由を入力してください。"), field="reason")
    last = queries.last_suspended_day(session, body.id)
    if last is not None and starts_on <= last:
        message = N_("前の停止は%(last)sまでです。それより後の日にしてください。")
        raise RuleViolation(message, {"last": last}, field="starts_on")
    suspension = AcceptanceSuspension(sending_organization_id=body.id, starts_on=starts_on, reason=reason)
    session.add(suspension)
    session.flush()
    record(session, actor, "sending_organization.suspended", body, starts_on=starts_on, reason=reason)
    return suspension


def release_acceptance(session: Session, actor: Actor, body: SendingOrganization, *, ends_on: date) -> None:
    """The open suspension ends; `ends_on` is its last day."""
    actor.require(Permission.MAINTAIN_SENDING)
    hold(session, body)
    suspension = queries.open_suspension(session, body.id)
    if suspension is None:
        raise StateConflict(N_("新規受入れは停止されていません。"))
    if ends_on < suspension.starts_on:
        raise RuleViolation(N_("停止の開始日より前の日付です。"), field="ends_on")
    suspension.ends_on = ends_on
    record(session, actor, "sending_organization.released", body, changed(suspension))


def _check(session: Session, details: SendingDetails, number: str | None, day: date) -> None:
    if details.country not in COUNTRIES:
        raise RuleViolation(N_("国を選んでください。"), field="country")
    if details.approved_on is not None and details.approved_on > day:
        raise RuleViolation(N_("未来の日付は登録できません。"), field="approved_on")
    if number is None and not details.reference_number:
        raise RuleViolation(N_("送出機関番号か整理番号を入力してください。"), field="number")
    if number is not None:
        _check_number(session, number, details.country)


def _check_number(session: Session, number: str, country: str) -> None:
    if not _NUMBER.fullmatch(number):
        raise RuleViolation(N_("送出機関番号は国の3文字と数字6桁です（例：VNM000455）。"), field="number")
    if number[:3] != country:
        raise RuleViolation(N_("送出機関番号の国と、選んだ国が異なります。"), field="number")
    if session.scalar(sa.select(SendingOrganization.id).where(SendingOrganization.number == number)) is not None:
        raise RuleViolation(N_("この送出機関番号は既に登録されています。"), field="number")
