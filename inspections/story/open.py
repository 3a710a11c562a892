"""What is open about an organization: inspections, instruments past due, files under way, triggers to be decided."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask, url_for
from sqlalchemy.orm import Session

from inspections.dispositions.models import Decision, Disposition
from inspections.dispositions.queries import KIND, OPEN_STATES
from inspections.orders.models import CorrectionOrder
from inspections.orders.queries import is_overdue
from inspections.orders.queries import visible as order_visible
from inspections.scheduling.models import OPEN, Inspection
from inspections.scheduling.queries import visible
from inspections.triggers.models import Trigger
from inspections.triggers.states import TriggerState
from organizations.register.models import Organization
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.auth.scope import within_offices
from otit.text import N_
from otit.web.addresses import url_if_there
from otit.web.timeline import Event, add_open


def _orders(session: Session, actor: Actor, body: Organization, today: date, most: int) -> list[Event]:
    if not actor.can(Permission.VIEW_INSPECTIONS):
        return []
    order = CorrectionOrder
    columns: list[Any] = [order.id, order.number, order.instrument, order.due_on]
    statement = sa.select(*columns).join(order.inspection)
    statement = statement.where(Inspection.organization_id == body.id, order_visible(actor), is_overdue(today))
    title = N_("期限を過ぎた%(instrument)s %(number)s")
    return [
        Event(
            row.due_on,
            title,
            {"instrument": row.instrument, "number": row.number},
            "danger",
            url=url_for("orders.detail", order_id=row.id),
            day=N_("期限"),
        )
        for row in session.execute(statement.order_by(order.due_on, order.id).limit(most))
    ]


def _inspections(session: Session, actor: Actor, body: Organization, today: date, most: int) -> list[Event]:
    if not actor.can(Permission.VIEW_INSPECTIONS):
        return []
    columns: list[Any] = [Inspection.id, Inspection.number, Inspection.state, Inspection.due_on]
    statement = sa.select(*columns).where(Inspection.organization_id == body.id, OPEN, visible(actor))
    title = N_("実地検査 %(number)s（%(state)s）")
    return [
        Event(
            row.due_on,
            title,
            {"number": row.number, "state": row.state},
            "danger" if row.due_on < today else "info",
            url=url_for("inspections.detail", inspection_id=row.id),
            day=N_("期限"),
        )
        for row in session.execute(statement.order_by(Inspection.due_on, Inspection.id).limit(most))
    ]


def _dispositions(session: Session, actor: Actor, body: Organization, today: date, most: int) -> list[Event]:
    if not actor.can(Permission.VIEW_DISPOSITIONS):
        return []
    file = Disposition
    columns: list[Any] = [file.id, file.number, file.state, KIND.label("kind"), file.proposed_on]
    statement = sa.select(*columns).select_from(file).outerjoin(Decision, Decision.disposition_id == file.id)
    scope = within_offices(actor, file.office_code)
    statement = statement.where(file.organization_id == body.id, file.state.in_(OPEN_STATES), scope)
    title = N_("手続中：%(kind)s %(number)s（%(state)s）")
    return [
        Event(
            row.proposed_on,
            title,
            {"kind": row.kind, "number": row.number, "state": row.state},
            "warning",
            url=url_for("dispositions.detail", disposition_id=row.id),
            day=N_("起案日"),
        )
        for row in session.execute(statement.order_by(file.proposed_on, file.id).limit(most))
    ]


def _triggers(session: Session, actor: Actor, body: Organization, today: date, most: int) -> list[Event]:
    if not actor.can(Permission.VIEW_INSPECTIONS):
        return []
    columns: list[Any] = [Trigger.id, Trigger.number, Trigger.kind, Trigger.received_on]
    scope = within_offices(actor, Trigger.office_code, Organization.office_code)
    statement = sa.select(*columns).join(Trigger.organization)
    statement = statement.where(Trigger.organization_id == body.id, Trigger.state == TriggerState.RECEIVED, scope)
    title = N_("判断待ち：端緒 %(number)s（%(kind)s）")
    return [
        Event(
            row.received_on,
            title,
            {"number": row.number, "kind": row.kind},
            row.kind.tone,
            url=url_if_there("triggers.detail", trigger_id=row.id),
            day=N_("受付日"),
        )
        for row in session.execute(statement.order_by(Trigger.received_on, Trigger.id).limit(most))
    ]


def register(app: Flask) -> None:
    for order, load in ((20, _orders), (30, _inspections), (40, _triggers), (45, _dispositions)):
        add_open(app, "organization", order, load)
