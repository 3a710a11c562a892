"""The inspector's day: today's visits in order, then what is due, replies to assess, deadlines past."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from inspections.home import queries
from inspections.home.parts import Tile, deadlines, due_within, tile
from inspections.orders.queries import OrderAttention, orders_needing_attention
from inspections.scheduling.due import reason
from inspections.scheduling.queries import due_and_last, planned_for
from otit.auth.actors import Actor
from otit.law.citations import citation_en, citation_ja
from otit.law.provisions import cited_provision
from otit.web.language import english

TEMPLATE = "inspections/home/inspector.html"


def page(session: Session, actor: Actor, today: date) -> dict[str, Any]:
    load = queries.own_workload(session, actor, today)
    orders = orders_needing_attention(session, actor, today)
    visits = planned_for(session, actor, today)
    bodies = [visit.organization_id for visit in visits]
    return {
        "state": _("本日の訪問%(visits)s件", visits=len(visits)),
        "visits": visits,
        "reason_of": lambda row: reason(row.due_basis, row.due_basis_on, row.cycle, row.demand),
        "left_open": queries.left_open(session, actor, bodies) if bodies else {},
        "last_done": {key: last for key, (_due, last) in due_and_last(session, actor, bodies).items()}
        if bodies
        else {},
        "cite": _cite,
        "due_rows": queries.own_due(session, actor, today),
        "orders": orders,
        "drawings": [deadlines(load, today, charge="mine")],
        "figures": _tiles(load, orders, today),
    }


def _tiles(load: queries.Workload, orders: OrderAttention, today: date) -> list[Tile]:
    pieces = _("件")
    overdue = url_for("inspections.index", charge="mine", overdue="y")
    soon = due_within(today, today + queries.SOON, charge="mine")
    return [
        tile(_("担当の期限超過"), load.overdue, overdue, pieces, "danger"),
        tile(_("30日以内に期限"), load.soon, soon, pieces, "warning"),
        tile(_("確認待ちの報告書"), orders.to_assess_count, url_for("orders.index", state="replied"), pieces, "info"),
        tile(_("勧告等の期限超過"), orders.overdue_count, url_for("orders.index", overdue="y"), pieces, "danger"),
    ]


def _cite(row: Any) -> str:
    provision = cited_provision(row.provision_code, row.provision_from)
    return citation_en(provision) if english() else citation_ja(provision)
