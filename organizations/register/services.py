"""Acts on the register: entering and correcting an organization, and what it notifies about its business."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from organizations.register import lookup
from organizations.register.details import OrganizationDetails, check, derive
from organizations.register.models import Organization
from organizations.register.states import BUSINESS_TRANSITIONS, BusinessAct, OrganizationKind
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import today
from otit.errors import RuleViolation
from otit.lifecycle import next_state
from otit.text import N_


def create_organization(
    session: Session, actor: Actor, kind: OrganizationKind, details: OrganizationDetails, *, now: datetime
) -> Organization:
    """Enter a body. The office in charge and the matching keys are derived. Raises RuleViolation when a fact cannot be
    true or a number is already taken."""
    actor.require(Permission.MAINTAIN_REGISTERS)
    check(kind, details, today(now))
    _check_taken(session, kind, details, None)
    keys = derive(details.name, details.prefecture_code, details.address, details.kana)
    organization = Organization(kind=kind, created_at=now, updated_at=now, **asdict(details), **keys)
    actor.require_office(organization.office_code)
    session.add(organization)
    session.flush()
    record(session, actor, "organization.created", organization, name=organization.name)
    return organization


def update_organization(
    session: Session, actor: Actor, organization: Organization, details: OrganizationDetails, *, now: datetime
) -> None:
    """Correct the facts. Moving to another prefecture moves the body to the office in charge there."""
    actor.require(Permission.MAINTAIN_REGISTERS)
    actor.require_office(organization.office_code)
    check(organization.kind, details, today(now))
    _check_taken(session, organization.kind, details, organization.id)
    keys = derive(details.name, details.prefecture_code, details.address, details.kana)
    for name, value in {**asdict(details), **keys}.items():
        if getattr(organization, name) != value:
            setattr(organization, name, value)
    changes = changed(organization)
    if not changes:
        return
    organization.updated_at = now
    record(session, actor, "organization.changed", organization, changes)


def record_business_notice(
    session: Session, actor: Actor, organization: Organization, act: BusinessAct, *, now: datetime
) -> None:
    """Record that the body gives its business a pause, takes it up again or gives it up (supervising: Art. 34(1))."""
    actor.require(Permission.MAINTAIN_REGISTERS)
    actor.require_office(organization.office_code)
    organization.status = next_state(BUSINESS_TRANSITIONS, organization.status, act)
    organization.updated_at = now
    changes = {"status": changed(organization)["status"]}
    record(session, actor, "organization.business_notice", organization, changes, act=act)


def _check_taken(session: Session, kind: OrganizationKind, details: OrganizationDetails, own_id: int | None) -> None:
    if details.corporate_number is not None:
        holder = lookup.ids_by_corporate_number(session, kind, [details.corporate_number]).get(details.corporate_number)
        if holder not in (None, own_id):
            raise RuleViolation(N_("この法人番号の団体は既に登録されています。"), field="corporate_number")
    if details.notification_number is not None:
        number = details.notification_number
        holder = lookup.ids_by_notification_number(session, [number]).get(number)
        if holder not in (None, own_id):
            raise RuleViolation(N_("この届出受理番号は既に登録されています。"), field="notification_number")
