"""Acts on the register: entering and correcting an organization."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from organizations.register import lookup, queries
from organizations.register.details import OrganizationDetails, columns, derive, refusals
from organizations.register.models import FormerName, Organization
from organizations.register.states import BusinessStatus, OrganizationKind
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import today
from otit.db import assign
from otit.errors import RuleViolation, refuse_all
from otit.findings import Finding, noted
from otit.text import N_, match_key


class NumberTaken(RuleViolation):
    """The number is that of the organization `holder_id`."""

    def __init__(self, message: str, *, field: str, holder_id: int) -> None:
        super().__init__(message, field=field)
        self.holder_id = holder_id


def create_organization(
    session: Session,
    actor: Actor,
    kind: OrganizationKind,
    details: OrganizationDetails,
    *,
    status: BusinessStatus = BusinessStatus.ACTIVE,
    findings: Sequence[Finding] = (),
    now: datetime,
) -> Organization:
    """Enter a body. The office in charge and the matching keys are derived. `status` is what a list says of it at
    entry; from then on its own notices move it. Raises RuleViolation when a fact cannot be true or a number is already
    taken."""
    actor.require(Permission.MAINTAIN_REGISTERS)
    _check(session, kind, details, None, today(now))
    organization = Organization(kind=kind, status=status, created_at=now, updated_at=now, **columns(details))
    actor.require_office(organization.office_code)
    session.add(organization)
    session.flush()
    record(session, actor, "organization.created", organization, name=organization.name, **noted(findings))
    return organization


def update_organization(
    session: Session,
    actor: Actor,
    organization: Organization,
    details: OrganizationDetails,
    *,
    renamed_on: date | None = None,
    findings: Sequence[Finding] = (),
    now: datetime,
) -> None:
    """Correct the facts. Moving to another prefecture moves the body to the office in charge there. `renamed_on` is the
    first day of a new name, the old one is kept as a former one; without it a new name is the correction of a mistake.
    """
    actor.require(Permission.MAINTAIN_REGISTERS)
    actor.require_office(organization.office_code)
    _check(session, organization.kind, details, organization, today(now))
    if renamed_on is not None:
        _keep_former_name(session, organization, details.name, renamed_on, today(now))
    assign(organization, columns(details))
    changes = changed(organization)
    if not changes:
        return
    organization.updated_at = now
    renamed = {} if renamed_on is None else {"renamed_on": renamed_on}
    record(session, actor, "organization.changed", organization, changes, **renamed, **noted(findings))


def review(
    session: Session,
    actor: Actor,
    kind: OrganizationKind,
    details: OrganizationDetails,
    own: Organization | None,
    today: date,
) -> list[Finding]:
    """What a person should look at before the details are entered. Raises what entering them would."""
    _check(session, kind, details, own, today)
    found = _likenesses(session, actor, kind, details, own)
    start, notified = details.first_training_on, details.notified_on
    if start is not None and notified is not None and notified < start:
        message = N_("届出受理日（%(notified)s）が、最初の技能実習の開始（%(start)s）より前です。")
        days = {"notified": notified, "start": start}
        found.append(Finding(message, days, N_("法第17条"), code="notified-before-start"))
    return found


def _likenesses(
    session: Session, actor: Actor, kind: OrganizationKind, details: OrganizationDetails, own: Organization | None
) -> list[Finding]:
    keys = derive(details.name, details.prefecture_code, details.address)
    name_key, address_key = keys["name_key"], keys["address_key"]
    if own is not None and (own.name_key, own.address_key) == (name_key, address_key):
        return []
    found = []
    for other in queries.alike(session, kind, name_key, address_key, None if own is None else own.id):
        params = {"name": other.name, "address": queries.whereabouts(actor, other)}
        if other.name_key == name_key and other.address_key == address_key:
            message = N_("同じ名称・所在地の団体が既に登録されています：%(name)s（%(address)s）")
        elif other.name_key == name_key:
            message = N_("同じ名称の団体が既に登録されています：%(name)s（%(address)s）")
        else:
            message = N_("同じ所在地の団体が既に登録されています：%(name)s（%(address)s）")
        found.append(Finding(message, params, code="alike", organization_id=other.id))
    return found


def _keep_former_name(session: Session, organization: Organization, name: str, from_day: date, today: date) -> None:
    if name == organization.name:
        raise RuleViolation(N_("名称が変わっていないため、変更の日は入力できません。"), field="renamed_on")
    if from_day > today:
        raise RuleViolation(N_("未来の日付は登録できません。"), field="renamed_on")
    until = from_day - timedelta(days=1)
    last = queries.last_former_name(session, organization.id)
    if last is not None and until <= last[1]:
        raise RuleViolation(
            N_("前の名称の変更（%(day)sまで「%(name)s」）より後の日付にしてください。"),
            {"day": last[1], "name": last[0]},
            field="renamed_on",
        )
    former = {"name": organization.name, "name_key": match_key(organization.name), "kana": organization.kana}
    session.add(FormerName(organization_id=organization.id, used_until=until, **former))


def _check(
    session: Session, kind: OrganizationKind, details: OrganizationDetails, own: Organization | None, today: date
) -> None:
    """Raises whatever refuses the details, all at once."""
    refuse_all([*refusals(kind, details, today, own), *_taken(session, kind, details, own)])


def _taken(
    session: Session, kind: OrganizationKind, details: OrganizationDetails, own: Organization | None
) -> Iterator[NumberTaken]:
    """A number that only a merged duplicate bears is that of the row that lives on."""
    number = details.corporate_number
    if number is not None and (own is None or own.corporate_number != number):
        holder = lookup.ids_by_corporate_number(session, kind, [number]).get(number)
        if holder is not None:
            yield _of_holder(holder, own, "corporate_number", N_("この法人番号の団体は既に登録されています。"))
    number = details.notification_number
    if number is not None and (own is None or own.notification_number != number):
        holder = lookup.ids_by_notification_number(session, [number]).get(number)
        if holder is not None:
            yield _of_holder(holder, own, "notification_number", N_("この届出受理番号は既に登録されています。"))


def _of_holder(holder: int, own: Organization | None, field: str, message: str) -> NumberTaken:
    if own is not None and holder == own.id:
        message = N_(
            "この番号は、この団体に統合された重複の登録に付いています。この団体の番号にするには、統合を取り消し、番号を直してから統合し直してください。"
        )
    return NumberTaken(message, field=field, holder_id=holder)
