"""Inspections and what follows from them in the search of everything."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Flask, url_for
from flask_babel import gettext as _

from inspections.dispositions.models import Disposition
from inspections.dispositions.states import DispositionKind
from inspections.joint.models import JointResult
from inspections.moc.models import MocReport
from inspections.orders.issuing import PREFIXES
from inspections.orders.models import CorrectionOrder
from inspections.orders.queries import visible as order_visible
from inspections.scheduling.models import Inspection
from inspections.scheduling.queries import visible as inspection_visible
from inspections.triggers.models import Trigger
from organizations.register.matching import named
from organizations.register.models import Organization
from organizations.search.registry import Hit, Source, add_source
from organizations.search.terms import TRIGGER_SIGN, Asked
from organizations.sending.models import SendingOrganization
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.auth.scope import within_bureau, within_offices
from otit.text import N_
from otit.web.addresses import url_if_there
from otit.web.messages import date_text
from otit.web.templating import aside, label

INSPECTION = (2, 2, 6)
OTHERS = (2, 2, 4)
MOC = (2, 4)


def _meant(
    number: Any, owner: Any, asked: Asked, sizes: Sequence[int], signs: Sequence[str] = ("",)
) -> sa.ColumnElement[bool] | None:
    """The record with that number, or those of the organizations that bear the name."""
    numbers = asked.own(sizes, signs)
    conditions = [number.in_(numbers)] if numbers else []
    if asked.bodies:
        conditions.append(owner.in_(asked.bodies))
    return sa.or_(*conditions) if conditions else None


def _exact(row: Any, asked: Asked, sizes: Sequence[int], signs: Sequence[str] = ("",)) -> bool:
    return row.number in asked.own(sizes, signs)


def _inspections(actor: Actor, asked: Asked) -> sa.Select[Any] | None:
    meant = _meant(Inspection.number, Inspection.organization_id, asked, INSPECTION)
    if meant is None:
        return None
    columns: list[Any] = [Inspection.id, Inspection.number, Inspection.state, Inspection.due_on, Organization.name]
    statement = sa.select(*columns).join(Inspection.organization).where(inspection_visible(actor), meant)
    return statement.order_by(Inspection.due_on.desc(), Inspection.id.desc())


def _inspection(row: Any, asked: Asked) -> Hit:
    line = row.name + aside(_("期限 %(day)s", day=date_text(row.due_on)))
    url = url_for("inspections.detail", inspection_id=row.id)
    return Hit(row.number, url, line, row.state, _exact(row, asked, INSPECTION))


def _joint(actor: Actor, asked: Asked) -> sa.Select[Any] | None:
    """For the Labour Standards side: what is shared with the bureau, or was answered by it."""
    numbers = asked.own(INSPECTION)
    conditions: list[sa.ColumnElement[bool]] = [Inspection.number.in_(numbers)] if numbers else []
    if asked.name_key is not None:
        conditions.append(named(asked.name_key))
    if not conditions:
        return None
    answered = sa.select(JointResult.inspection_id).where(within_bureau(actor, JointResult.bureau_code))
    columns: list[Any] = [Inspection.id, Inspection.number, Inspection.state, Inspection.due_on, Organization.name]
    return (
        sa.select(*columns)
        .join(Inspection.organization)
        .where(sa.or_(within_bureau(actor, Inspection.bureau_code), Inspection.id.in_(answered)), sa.or_(*conditions))
        .order_by(Inspection.due_on.desc(), Inspection.id.desc())
    )


def _joint_hit(row: Any, asked: Asked) -> Hit:
    url = url_for("joint.detail", inspection_id=row.id)
    return Hit(row.number, url, row.name, row.state, _exact(row, asked, INSPECTION))


def _orders(actor: Actor, asked: Asked) -> sa.Select[Any] | None:
    numbers = asked.own(OTHERS, tuple(PREFIXES.values()))
    if not numbers:
        return None
    columns: list[Any] = [CorrectionOrder.id, CorrectionOrder.number, CorrectionOrder.state, Organization.name]
    return (
        sa.select(*columns)
        .join(CorrectionOrder.inspection)
        .join(Inspection.organization)
        .where(order_visible(actor), CorrectionOrder.number.in_(numbers))
        .order_by(CorrectionOrder.number)
    )


def _order(row: Any, asked: Asked) -> Hit:
    exact = _exact(row, asked, OTHERS, tuple(PREFIXES.values()))
    return Hit(row.number, url_for("orders.detail", order_id=row.id), row.name, row.state, exact)


def _dispositions(actor: Actor, asked: Asked) -> sa.Select[Any] | None:
    meant = _meant(Disposition.number, Disposition.organization_id, asked, OTHERS, ("処",))
    if meant is None:
        return None
    table = Disposition
    columns: list[Any] = [table.id, table.number, table.state, table.proposed_kind, Organization.name]
    statement = sa.select(*columns).join(table.organization).where(within_offices(actor, table.office_code), meant)
    return statement.order_by(table.proposed_on.desc(), table.id.desc())


def _disposition(row: Any, asked: Asked) -> Hit:
    kind: DispositionKind = row.proposed_kind
    url = url_for("dispositions.detail", disposition_id=row.id)
    return Hit(row.number, url, row.name + aside(label(kind)), row.state, _exact(row, asked, OTHERS, ("処",)))


def _trigger_numbers(asked: Asked) -> list[str]:
    """Their sign stands in the middle: 26-T-000123."""
    return [f"{number[1:3]}-T-{number[4:]}" for number in asked.own((2, 6), (TRIGGER_SIGN,)) if asked.sign]


def _triggers(actor: Actor, asked: Asked) -> sa.Select[Any] | None:
    numbers = _trigger_numbers(asked)
    meant: list[sa.ColumnElement[bool]] = [Trigger.number.in_(numbers)] if numbers else []
    if asked.bodies:
        meant.append(Trigger.organization_id.in_(asked.bodies))
    if not meant:
        return None
    columns: list[Any] = [Trigger.id, Trigger.number, Trigger.state, Trigger.kind, Trigger.received_on]
    columns += [Trigger.organization_id, Organization.name]
    scope = within_offices(actor, Trigger.office_code, Organization.office_code)
    statement = sa.select(*columns).join(Trigger.organization).where(scope, sa.or_(*meant))
    return statement.order_by(Trigger.received_on.desc(), Trigger.id.desc())


def _trigger(row: Any, asked: Asked) -> Hit:
    url = url_if_there("triggers.detail", trigger_id=row.id)
    url = url or url_for("organizations.detail", organization_id=row.organization_id)
    exact = row.number in _trigger_numbers(asked)
    return Hit(row.number, url, row.name + aside(label(row.kind)), row.state, exact)


def _reports(actor: Actor, asked: Asked) -> sa.Select[Any] | None:
    numbers = asked.own(MOC, ("通",))
    if not numbers:
        return None
    columns: list[Any] = [MocReport.id, MocReport.number, MocReport.state, SendingOrganization.name]
    statement = sa.select(*columns).join(MocReport.sending_organization).where(MocReport.number.in_(numbers))
    return statement.order_by(MocReport.number)


def _report(row: Any, asked: Asked) -> Hit:
    url = url_for("moc.detail", report_id=row.id)
    return Hit(row.number, url, row.name, row.state, _exact(row, asked, MOC, ("通",)))


def _filtered(endpoint: str) -> Any:
    return lambda asked: url_if_there(endpoint, q=asked.filter_text)


def register(app: Flask) -> None:
    inspections, joint = Permission.VIEW_INSPECTIONS, Permission.VIEW_JOINT_INSPECTIONS
    every_state = _filtered("inspections.index")

    def inspection_list(asked: Asked) -> str:
        return f"{every_state(asked)}&state="

    for source in (
        Source(60, N_("実地検査"), (inspections,), _inspections, _inspection, inspection_list),
        Source(61, N_("合同検査"), (joint,), _joint, _joint_hit, lambda asked: None),
        Source(65, N_("勧告・指導"), (inspections, joint), _orders, _order, lambda asked: None),
        Source(
            70,
            N_("行政処分等"),
            (Permission.VIEW_DISPOSITIONS,),
            _dispositions,
            _disposition,
            _filtered("dispositions.index"),
        ),
        Source(80, N_("端緒"), (inspections,), _triggers, _trigger, _filtered("triggers.index")),
        Source(90, N_("相手国への通報"), (Permission.VIEW_SENDING,), _reports, _report, _filtered("moc.index")),
    ):
        add_source(app, source)
