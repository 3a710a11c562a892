"""What a body notified of itself, who acts for it, and what it was called: parts of an organization's story."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session, aliased

from organizations.merging.models import OrganizationMerge
from organizations.register.models import BusinessNotice, FormerName, Officer, Organization
from organizations.register.states import OrganizationKind
from organizations.relations.models import Supervision
from organizations.sending.models import SendingOrganization
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor
from otit.clock import in_japan
from otit.places import OFFICES
from otit.text import N_
from otit.web.templating import office_name
from otit.web.timeline import Event, Provider, add_provider, dated, tell

BODY, SUPERVISION = ("body", N_("団体の変更")), ("supervision", N_("監理"))
_ACT_TONES = {"suspend": "warning", "resume": "success", "close": "neutral"}


def _notices(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    columns: list[Any] = [BusinessNotice.act, BusinessNotice.until, BusinessNotice.reason]
    notices = sa.select(*columns).where(BusinessNotice.organization_id == body.id)

    def event(row: Any) -> Event:
        title = N_("%(act)sの届出（%(until)sまで）") if row.until else N_("%(act)sの届出")
        return Event(row.day, title, {"act": row.act, "until": row.until}, _ACT_TONES[row.act], row.reason or "")  # type: ignore[arg-type]

    return tell(session, dated(notices, {"notified": BusinessNotice.effective_on}, until, most), event)


def _names(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    names = sa.select(FormerName.name).where(FormerName.organization_id == body.id)
    title = N_("名称の変更（この日まで「%(name)s」）")
    statement = dated(names, {"changed": FormerName.used_until}, until, most)
    return tell(session, statement, lambda row: Event(row.day, title, {"name": row.name}))


def _officers(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    columns: list[Any] = [Officer.position, Officer.name]
    officers = sa.select(*columns).where(Officer.organization_id == body.id)
    titles = {"began": N_("%(position)sの就任：%(name)s"), "ended": N_("%(position)sの退任：%(name)s")}
    statement = dated(officers, {"began": Officer.starts_on, "ended": Officer.ends_on}, until, most)
    return tell(
        session, statement, lambda row: Event(row.day, titles[row.what], {"position": row.position, "name": row.name})
    )


def _merges(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    """The duplicate has no page of its own any more, so there is no link."""
    merge = OrganizationMerge
    statement = (
        sa.select(merge.merged_at, merge.undone_at, merge.reason, Organization.name)
        .join(Organization, Organization.id == merge.duplicate_id)
        .where(merge.kept_id == body.id)
        .order_by(merge.merged_at.desc())
        .limit(most)
    )
    done, undone = N_("「%(name)s」の登録を統合"), N_("「%(name)s」の登録を統合（後に取り消し）")
    events = [
        Event(in_japan(row.merged_at).date(), undone if row.undone_at else done, {"name": row.name}, text=row.reason)
        for row in session.execute(statement)
    ]
    return [event for event in events if event.on <= until]


def _offices(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    """Moves to another office, as the audit trail has them."""
    moved = (
        sa.select(AuditEvent.at, AuditEvent.changes)
        .where(
            AuditEvent.subject_type == Organization.__tablename__,
            AuditEvent.subject_id == str(body.id),
            AuditEvent.changes["office_code"].as_string().is_not(None),
        )
        .order_by(AuditEvent.id.desc())
        .limit(most)
    )
    title, events = N_("担当事務所の変更：%(old)s → %(new)s"), []
    for at, changes in session.execute(moved):
        old, new = (office_name(code) if code in OFFICES else code for code in changes["office_code"])
        events.append(Event(in_japan(at).date(), title, {"old": old, "new": new}))
    return [event for event in events if event.on <= until]


def _supervisions(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    """Of the other body the name is known to everybody who sees this one; its page only within the own scope."""
    supervising = body.kind is OrganizationKind.SUPERVISING
    sides = (Supervision.supervising_organization_id, Supervision.implementing_organization_id)
    own, other_id = sides if supervising else sides[::-1]
    other = aliased(Organization)
    columns: list[Any] = [other.id, other.name, other.office_code, SendingOrganization.name.label("sending")]
    contracts = (
        sa.select(*columns)
        .join(other, other.id == other_id)
        .outerjoin(SendingOrganization, SendingOrganization.id == Supervision.sending_organization_id)
        .where(own == body.id)
    )
    titles = {
        "began": N_("%(name)sの監理を開始") if supervising else N_("%(name)sによる監理が開始"),
        "ended": N_("%(name)sの監理を終了") if supervising else N_("%(name)sによる監理が終了"),
    }

    def event(row: Any) -> Event:
        seen = actor.covers_office(row.office_code)
        url = url_for("organizations.detail", organization_id=row.id) if seen else None
        through = _("送出機関：%(name)s", name=row.sending) if row.sending else _("送出機関の特定なし")
        return Event(row.day, titles[row.what], {"name": row.name}, text=through, url=url)

    return tell(
        session, dated(contracts, {"began": Supervision.starts_on, "ended": Supervision.ends_on}, until, most), event
    )


def register(app: Flask) -> None:
    for order, load in enumerate((_notices, _names, _officers, _merges, _offices), 50):
        add_provider(app, Provider("organization", order, *BODY, load))
    add_provider(app, Provider("organization", 40, *SUPERVISION, _supervisions))
