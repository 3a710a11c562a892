"""Acts on sending organizations: entering and correcting one, suspending new acceptance from it, and releasing it."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.sending import queries
from organizations.sending.countries import COUNTRIES
from organizations.sending.models import AcceptanceSuspension, SendingOrganization
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import today
from otit.db import assign, hold
from otit.errors import RuleViolation, StateConflict, require_text
from otit.text import N_, compact, match_key

_NUMBER = re.compile(r"[A-Z]{3}[0-9]{6}")


@dataclass(frozen=True)
class SendingDetails:
    """`number` is the alpha-3 code of the country and six digits; bodies without one have a reference number. The
    sending state approves the body from `approved_on` up to and with `approval_ended_on`."""

    country: str
    name: str
    number: str | None = None
    reference_number: str | None = None
    address: str | None = None
    representative: str | None = None
    approved_on: date | None = None
    approval_ended_on: date | None = None


def create_sending(session: Session, actor: Actor, details: SendingDetails, *, now: datetime) -> SendingOrganization:
    """Enter a body. Raises RuleViolation when its number has another form, belongs to another country or is taken."""
    actor.require(Permission.MAINTAIN_SENDING)
    values = _checked(session, details, today(now))
    body = SendingOrganization(**values, created_at=now, updated_at=now)
    session.add(body)
    session.flush()
    record(session, actor, "sending_organization.created", body, name=body.name, country=body.country)
    return body


def correct_sending(
    session: Session, actor: Actor, body: SendingOrganization, details: SendingDetails, *, now: datetime
) -> None:
    """Put right what is recorded of a body, or note that its approval has ended. Raises as `create_sending` does."""
    actor.require(Permission.MAINTAIN_SENDING)
    values = _checked(session, details, today(now), body)
    assign(body, values)
    changes = changed(body)
    if changes:
        body.updated_at = now
        record(session, actor, "sending_organization.corrected", body, changes)


def suspend_acceptance(
    session: Session, actor: Actor, body: SendingOrganization, *, starts_on: date, reason: str
) -> AcceptanceSuspension:
    """No one is newly accepted from this body from `starts_on` on, until released. The day may lie ahead: suspensions
    are announced in advance. Raises StateConflict when one is open, RuleViolation when it would overlap."""
    actor.require(Permission.MAINTAIN_SENDING)
    hold(session, body)
    if queries.open_suspension(session, body.id) is not None:
        raise StateConflict(N_("新規受入れは既に停止されています。"))
    reason = require_text(reason, N_("停止の理由を入力してください。"))
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


def _checked(
    session: Session, details: SendingDetails, day: date, body: SendingOrganization | None = None
) -> dict[str, Any]:
    """The columns of a body; `body` is the one that is corrected."""
    number = compact(details.number).upper() if details.number else None
    if details.country not in COUNTRIES:
        raise RuleViolation(N_("国を選んでください。"), field="country")
    if number is None and not details.reference_number:
        raise RuleViolation(N_("送出機関番号か整理番号を入力してください。"), field="number")
    if number is not None:
        _check_number(session, number, details.country, body)
    _check_approval(details, day)
    optional = ("reference_number", "address", "representative")
    return {
        "country": details.country,
        "name": details.name,
        "name_key": match_key(details.name),
        "number": number,
        **{name: getattr(details, name) or None for name in optional},
        "approved_on": details.approved_on,
        "approval_ended_on": details.approval_ended_on,
    }


def _check_approval(details: SendingDetails, day: date) -> None:
    """The end may lie ahead: it is announced in advance."""
    start, end = details.approved_on, details.approval_ended_on
    if start is not None and start > day:
        raise RuleViolation(N_("未来の日付は登録できません。"), field="approved_on")
    if start is not None and end is not None and end < start:
        raise RuleViolation(N_("認定の日より前の日付です。"), field="approval_ended_on")


def _check_number(session: Session, number: str, country: str, body: SendingOrganization | None) -> None:
    if not _NUMBER.fullmatch(number):
        raise RuleViolation(N_("送出機関番号は国の3文字と数字6桁です（例：VNM000455）。"), field="number")
    if number[:3] != country:
        raise RuleViolation(N_("送出機関番号の国と、選んだ国が異なります。"), field="number")
    holder = session.scalar(sa.select(SendingOrganization.id).where(SendingOrganization.number == number))
    if holder is not None and (body is None or holder != body.id):
        raise RuleViolation(N_("この送出機関番号は既に登録されています。"), field="number")
