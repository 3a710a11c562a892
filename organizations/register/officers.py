"""Acts on the officers of a body: entering, correcting, ending. The representative of the body follows them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from organizations.register import part_queries
from organizations.register.models import Officer, Organization
from organizations.register.states import OfficerPosition
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import today
from otit.db import assign, hold
from otit.errors import RuleViolation, StateConflict
from otit.findings import Finding, noted
from otit.text import N_, match_key

_NOT_YET_IN: Final = N_("就任の日は、今日（%(today)s）までの日付にしてください。就任の予定は登録できません。")
_NOT_YET_OUT: Final = N_("在任の末日は、今日（%(today)s）までの日付にしてください。退任の予定は登録できません。")


@dataclass(frozen=True)
class OfficerFacts:
    """`ends_on` is the last day in office, None while it lasts."""

    position: OfficerPosition
    name: str
    starts_on: date
    ends_on: date | None = None
    kana: str | None = None


def add_officer(
    session: Session,
    actor: Actor,
    organization: Organization,
    facts: OfficerFacts,
    *,
    findings: Sequence[Finding] = (),
    now: datetime,
) -> Officer:
    _require(actor, organization)
    hold(session, organization)
    _check(session, organization, facts, None, today(now))
    officer = Officer(organization_id=organization.id, name_key=match_key(facts.name), **asdict(facts))
    session.add(officer)
    session.flush()
    record(session, actor, "officer.added", officer, organization=organization.id, name=officer.name, **noted(findings))
    _follow(session, actor, organization, now)
    return officer


def correct_officer(
    session: Session,
    actor: Actor,
    officer: Officer,
    facts: OfficerFacts,
    *,
    findings: Sequence[Finding] = (),
    now: datetime,
) -> None:
    organization = officer.organization
    _require(actor, organization)
    hold(session, organization)
    _check(session, organization, facts, officer.id, today(now))
    assign(officer, {**asdict(facts), "name_key": match_key(facts.name)})
    changes = changed(officer)
    if not changes:
        return
    record(session, actor, "officer.changed", officer, changes, organization=organization.id, **noted(findings))
    session.flush()
    _follow(session, actor, organization, now)


def end_officer(session: Session, actor: Actor, officer: Officer, *, on: date, now: datetime) -> None:
    """`on` is the last day in office."""
    _require(actor, officer.organization)
    if officer.ends_on is not None:
        raise StateConflict(N_("この役員は既に退任しています（%(day)sまで）。"), {"day": officer.ends_on})
    _check_days(officer.starts_on, on, today(now))
    officer.ends_on = on
    record(session, actor, "officer.ended", officer, changed(officer), organization=officer.organization_id)
    session.flush()
    _follow(session, actor, officer.organization, now)


def _require(actor: Actor, organization: Organization) -> None:
    actor.require(Permission.MAINTAIN_REGISTERS)
    actor.require_office(organization.office_code)


def review_officer(
    session: Session, organization: Organization, facts: OfficerFacts, own: Officer | None, today: date
) -> list[Finding]:
    """What a person should look at before the officer is entered or corrected. Raises what cannot be true. Several
    representatives may be in office together; more often the end of the one before has not been recorded."""
    check_officer(facts, today)
    _check_position(organization, facts)
    if facts.position is not OfficerPosition.REPRESENTATIVE or (own is not None and _same_office(own, facts)):
        return []
    others = part_queries.representatives_between(
        session, organization.id, facts.starts_on, facts.ends_on, None if own is None else own.id
    )
    message = N_(
        "代表者「%(name)s」（%(start)s就任）と在任の期間が重なります。代表者が複数いるのか、退任の記録が漏れているのかを確かめてください。"
    )
    return [
        Finding(message, {"name": other.name, "start": other.starts_on}, code="second-representative")
        for other in others
    ]


def _same_office(officer: Officer, facts: OfficerFacts) -> bool:
    now = facts.position, facts.starts_on, facts.ends_on
    return (officer.position, officer.starts_on, officer.ends_on) == now


def check_officer(facts: OfficerFacts, today: date) -> None:
    """Raises RuleViolation for what cannot be true of any officer."""
    if not facts.name.strip():
        raise RuleViolation(N_("氏名を入力してください。"), field="name")
    _check_days(facts.starts_on, facts.ends_on, today)


def _check_days(starts_on: date, ends_on: date | None, today: date) -> None:
    for field, day, message in (("starts_on", starts_on, _NOT_YET_IN), ("ends_on", ends_on, _NOT_YET_OUT)):
        if day is not None and day > today:
            raise RuleViolation(message, {"today": today}, field=field)
    if ends_on is not None and ends_on < starts_on:
        message = N_("在任の末日は、就任の日（%(start)s）以後にしてください。")
        raise RuleViolation(message, {"start": starts_on}, field="ends_on")


def _check_position(organization: Organization, facts: OfficerFacts) -> None:
    if facts.position not in OfficerPosition.of(organization.kind):
        raise RuleViolation(N_("外部監査人・指定外部役員は、監理団体だけについて登録します。"), field="position")


def _check(session: Session, organization: Organization, facts: OfficerFacts, own_id: int | None, today: date) -> None:
    check_officer(facts, today)
    _check_position(organization, facts)
    for other in part_queries.same_officer(session, organization.id, match_key(facts.name)):
        if other.id == own_id or other.position is not facts.position:
            continue
        begins_before_end = facts.ends_on is None or other.starts_on <= facts.ends_on
        if begins_before_end and (other.ends_on is None or facts.starts_on <= other.ends_on):
            raise RuleViolation(N_("同じ役職の同じ人が、この期間に既に登録されています。"), field="name")


def _follow(session: Session, actor: Actor, organization: Organization, now: datetime) -> None:
    """The name of the representative is that of the representative in office; while none is entered it stays."""
    officer = part_queries.present_representative(session, organization.id)
    if officer is None or organization.representative == officer.name:
        return
    organization.representative, organization.updated_at = officer.name, now
    changes = {"representative": changed(organization)["representative"]}
    record(session, actor, "organization.representative_changed", organization, changes, officer=officer.id)
    session.flush()
