"""Inspections and what followed from them: parts of an organization's story."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from inspections.dispositions.models import Decision, Disposition
from inspections.joint.models import JointResult
from inspections.joint.states import BureauFinding
from inspections.orders.models import CorrectionOrder
from inspections.scheduling.models import Inspection
from inspections.scheduling.queries import visible
from inspections.story.open import register as register_open
from inspections.triggers.models import Trigger
from inspections.triggers.presenting import summary
from inspections.violations.models import Violation
from inspections.violations.presenting import citation, title
from inspections.violations.queries import visible as violation_visible
from inspections.violations.states import Authority
from inspections.visits.models import Visit
from inspections.visits.states import VisitOutcome
from organizations.register.models import Organization
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.auth.scope import within_offices
from otit.labels import Tone
from otit.law.provisions import cited_provision
from otit.text import N_
from otit.web.addresses import url_if_there
from otit.web.templating import aside, bureau_name
from otit.web.timeline import Event, Provider, add_provider, dated, tell

INSPECTION, FINDING = ("inspection", N_("実地検査")), ("finding", N_("違反・勧告・指導"))
DISPOSITION, TRIGGER = ("disposition", N_("行政処分等")), ("trigger", N_("端緒"))
Titles = Mapping[str, tuple[str, Tone]]
_INSPECTIONS: Titles = {
    "done": (N_("実地検査 %(number)s を終了"), "success"),
    "cancelled": (N_("実地検査 %(number)s を取りやめ"), "neutral"),
}
_VIOLATIONS: Titles = {
    "found": (N_("違反：%(citation)s %(title)s"), "danger"),
    "closed": (N_("違反の改善を確認：%(citation)s %(title)s"), "success"),
}
_ORDERS: Titles = {
    "issued": (N_("%(instrument)s %(number)s を交付（期限 %(due_on)s）"), "warning"),
    "accepted": (N_("%(instrument)s %(number)s の改善を確認"), "success"),
    "escalated": (N_("%(instrument)s %(number)s を処分手続へ移行"), "danger"),
}
_DISPOSITIONS: Titles = {
    "proposed": (N_("%(kind)sの起案 %(number)s"), "info"),
    "submitted": (N_("%(kind)sの進達 %(number)s"), "info"),
    "decided": (N_("%(decided_kind)sの決定 %(number)s"), "warning"),
    "effective": (N_("%(decided_kind)sの効力発生 %(number)s"), "danger"),
    "annulled": (N_("処分の取消し %(number)s"), "neutral"),
}


def _inspections(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    if not actor.can(Permission.VIEW_INSPECTIONS):
        return []
    columns: list[Any] = [Inspection.id, Inspection.number, Inspection.cancelled_reason]
    statement = sa.select(*columns).where(Inspection.organization_id == body.id, visible(actor))
    days = {"done": Inspection.completed_on, "cancelled": Inspection.cancelled_on}

    def event(row: Any) -> Event:
        words, tone = _INSPECTIONS[row.what]
        text = row.cancelled_reason or "" if row.what == "cancelled" else ""
        return Event(row.day, words, {"number": row.number}, tone, text, _inspection_url(row.id))

    return tell(session, dated(statement, days, until, most), event)


def _inspection_url(inspection_id: int) -> str:
    return url_for("inspections.detail", inspection_id=inspection_id)


def _visits(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    if not actor.can(Permission.VIEW_INSPECTIONS):
        return []
    columns: list[Any] = [Visit.inspection_id, Visit.outcome, Visit.place]
    statement = sa.select(*columns).join(Visit.inspection).where(Inspection.organization_id == body.id, visible(actor))

    def event(row: Any) -> Event:
        tone: Tone = "info" if row.outcome is VisitOutcome.DONE else row.outcome.tone
        words, url = N_("訪問（%(outcome)s）"), _inspection_url(row.inspection_id)
        return Event(row.day, words, {"outcome": row.outcome}, tone, row.place or "", url)

    return tell(session, dated(statement, {"visited": Visit.visited_on}, until, most), event)


def _joint(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    """What a Labour Bureau told OTIT, marked as its own; what it keeps confidential is not even read."""
    if not actor.can(Permission.VIEW_INSPECTIONS):
        return []
    columns: list[Any] = [
        JointResult.inspection_id,
        JointResult.bureau_code,
        JointResult.violation_found,
        JointResult.summary,
    ]
    statement = sa.select(*columns).join(JointResult.inspection)
    statement = statement.where(Inspection.organization_id == body.id, visible(actor))

    def event(row: Any) -> Event:
        finding = BureauFinding.FOUND if row.violation_found else BureauFinding.NONE
        words, url = N_("合同検査の労働局の結果（%(finding)s）"), _inspection_url(row.inspection_id)
        return Event(row.day, words, {"finding": finding}, finding.tone, row.summary, url, _bureau(row.bureau_code))

    return tell(session, dated(statement, {"visited": JointResult.visited_on}, until, most), event)


def _bureau(code: str) -> str:
    return bureau_name(code) + str(aside(_("機構に共有された部分")))


def _violations(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    if not actor.can(Permission.VIEW_INSPECTIONS):
        return []
    columns: list[Any] = [Violation.inspection_id, Violation.provision_code, Violation.provision_from]
    statement = sa.select(*columns).join(Violation.inspection)
    statement = statement.where(Inspection.organization_id == body.id, violation_visible(actor))

    def event(row: Any) -> Event:
        words, tone = _VIOLATIONS[row.what]
        provision = cited_provision(row.provision_code, row.provision_from)
        params = {"citation": citation(provision), "title": title(provision)}
        return Event(row.day, words, params, tone, url=_inspection_url(row.inspection_id))

    days = {"found": Violation.fact_on, "closed": Violation.closed_on}
    return tell(session, dated(statement, days, until, most), event)


def _orders(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    """Of the Labour Bureaus' instruments OTIT knows the kind and the dates, and nothing more."""
    if not actor.can(Permission.VIEW_INSPECTIONS):
        return []
    order, ours = CorrectionOrder, CorrectionOrder.authority == Authority.OTIT
    columns: list[Any] = [order.id, order.number, order.instrument, order.due_on, order.authority, order.bureau_code]
    statement = sa.select(*columns).join(order.inspection).where(Inspection.organization_id == body.id, visible(actor))
    days = {
        "issued": order.issued_on,
        "accepted": sa.case((ours, order.accepted_on)),
        "escalated": sa.case((ours, order.escalated_on)),
    }

    def event(row: Any) -> Event:
        words, tone = _ORDERS[row.what]
        if row.authority is not Authority.OTIT:
            params = {"instrument": row.instrument, "due_on": row.due_on}
            return Event(
                row.day, N_("%(instrument)sの交付（期限 %(due_on)s）"), params, tone, told_by=_bureau(row.bureau_code)
            )
        params = {"instrument": row.instrument, "number": row.number, "due_on": row.due_on}
        return Event(row.day, words, params, tone, url=url_for("orders.detail", order_id=row.id))

    return tell(session, dated(statement, days, until, most), event)


def _dispositions(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    if not actor.can(Permission.VIEW_DISPOSITIONS):
        return []
    file = Disposition
    columns: list[Any] = [
        file.id,
        file.number,
        file.proposed_kind,
        Decision.kind.label("decided_kind"),
        file.annulled_reason,
    ]
    statement = sa.select(*columns).outerjoin(file.decision)
    statement = statement.where(file.organization_id == body.id, within_offices(actor, file.office_code))
    days = {
        "proposed": file.proposed_on,
        "submitted": file.submitted_on,
        "decided": Decision.decided_on,
        "effective": file.effective_on,
        "annulled": file.annulled_on,
    }

    def event(row: Any) -> Event:
        words, tone = _DISPOSITIONS[row.what]
        params = {"kind": row.proposed_kind, "decided_kind": row.decided_kind, "number": row.number}
        text = row.annulled_reason or "" if row.what == "annulled" else ""
        return Event(row.day, words, params, tone, text, url_for("dispositions.detail", disposition_id=row.id))

    return tell(session, dated(statement, days, until, most), event)


def _triggers(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    if not actor.can(Permission.VIEW_INSPECTIONS):
        return []
    columns: list[Any] = [Trigger.id, Trigger.number, Trigger.kind, Trigger.state, Trigger.reason]
    columns += [Trigger.summary, Trigger.notice_id]
    scope = within_offices(actor, Trigger.office_code, Organization.office_code)
    statement = sa.select(*columns).join(Trigger.organization).where(Trigger.organization_id == body.id, scope)
    titles = {
        "received": N_("端緒 %(number)s の受付（%(kind)s）"),
        "decided": N_("端緒 %(number)s の判断（%(state)s）"),
    }

    def event(row: Any) -> Event:
        received = row.what == "received"
        params = {"number": row.number, "kind": row.kind, "state": row.state}
        tone: Tone = row.kind.tone if received else row.state.tone
        text = summary(row) if received else (row.reason or "")
        return Event(row.day, titles[row.what], params, tone, text, url_if_there("triggers.detail", trigger_id=row.id))

    return tell(
        session, dated(statement, {"received": Trigger.received_on, "decided": Trigger.decided_on}, until, most), event
    )


def register(app: Flask) -> None:
    for order, load in enumerate((_inspections, _visits, _joint)):
        add_provider(app, Provider("organization", order, *INSPECTION, load))
    add_provider(app, Provider("organization", 3, *FINDING, _violations))
    add_provider(app, Provider("organization", 4, *FINDING, _orders))
    add_provider(app, Provider("organization", 5, *DISPOSITION, _dispositions))
    add_provider(app, Provider("organization", 6, *TRIGGER, _triggers))
    register_open(app)
