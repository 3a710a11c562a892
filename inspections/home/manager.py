"""The manager's overview: what is overdue and where, what escalates, what waits for a decision or an approval."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from inspections.dispositions.queries import Waiting, waiting
from inspections.home import queries
from inspections.home.parts import Tile, due_within, overdue_by_inspector, overdue_by_office, tile, year_so_far
from inspections.home.queries import Workload
from inspections.moc.queries import drafts_to_approve
from inspections.orders.queries import OrderAttention, orders_needing_attention
from inspections.triggers.queries import Undecided, undecided
from inspections.triggers.states import TriggerState
from organizations.licenses.queries import LATER, SOON, Expiring, expiring
from otit.auth.actors import Actor
from otit.clock import fiscal_year

TEMPLATE = "inspections/home/manager.html"
_DRAFTS = 50


def page(session: Session, actor: Actor, today: date) -> dict[str, Any]:
    """A manager of a local office sees that office, by inspector; headquarters sees all, by office."""
    if actor.office_code is None:
        offices = queries.by_office(session, actor, today)
        load, chart = queries.total(offices), overdue_by_office(offices)
    else:
        inspectors = queries.by_inspector(session, actor, today)
        load, chart = queries.total(inspectors), overdue_by_inspector(inspectors)
    orders = orders_needing_attention(session, actor, today)
    drafts = drafts_to_approve(session, actor, today, _DRAFTS)
    months = queries.done_by_month(session, actor, today)
    files = waiting(session, actor, today)
    ending = expiring(session, actor, today)
    return {
        "state": _("期限超過%(count)s件", count=f"{load.overdue:,}") if load.overdue else _("期限超過なし"),
        "figures": [
            *_tiles(load, orders, len(drafts), today),
            _ending_tile(ending),
            _triggers(undecided(session, actor), today),
        ],
        "overdue_rows": queries.most_overdue(session, actor, today),
        "orders": orders,
        "ending": ending.rows,
        "drafts": drafts[: queries.SHOWN],
        "files": files,
        "file_tiles": _file_tiles(files) if files else [],
        "drawings": [chart, year_so_far(months, load.this_year, fiscal_year(today))],
    }


def _tiles(load: Workload, orders: OrderAttention, drafts: int, today: date) -> list[Tile]:
    pieces = _("件")
    soon = due_within(today, today + queries.SOON)
    return [
        tile(_("検査の期限超過"), load.overdue, url_for("inspections.index", overdue="y"), pieces, "danger"),
        tile(_("30日以内に期限"), load.soon, soon, pieces, "warning"),
        tile(_("担当未定"), load.unassigned, url_for("inspections.index", charge="free"), pieces, "warning"),
        tile(_("勧告等の期限超過"), orders.overdue_count, url_for("orders.index", overdue="y"), pieces, "danger"),
        tile(_("確認待ちの報告書"), orders.to_assess_count, url_for("orders.index", state="replied"), pieces, "info"),
        tile(_("承認待ちの通報"), drafts, url_for("moc.index", state="drafted"), pieces, "info"),
    ]


def _ending_tile(ending: Expiring) -> Tile:
    """Licences whose end is near: a renewal takes months."""
    note = _("%(months)sか月以内は%(count)s件", months=LATER, count=f"{ending.later:,}")
    label = _("%(months)sか月以内に許可の期限", months=SOON)
    return tile(label, ending.soon, url_for("licenses.index", expiring=SOON), _("件"), "warning", note)


def _triggers(waiting: Undecided, today: date) -> Tile:
    """What was heard and nobody has decided upon, with the days the oldest has waited."""
    days = (today - waiting.oldest).days if waiting.oldest else 0
    note = ngettext("最も古いものは%(num)s日前", "最も古いものは%(num)s日前", days) if waiting.count else ""
    url = url_for("triggers.index", state=TriggerState.RECEIVED.value)
    return tile(_("端緒の未判断"), waiting.count, url, _("件"), "warning", str(note))


def _file_tiles(files: Waiting) -> list[tuple[str, int, str]]:
    """(what is waited for, files, their list) for each step of a disposition."""
    return [
        (_("進達待ち"), files.to_submit, url_for("dispositions.index", state="proposed")),
        (_("決定待ち"), files.to_decide, url_for("dispositions.index", state="submitted")),
        (_("効力の発生待ち"), files.effects_due, url_for("dispositions.index", state="decided")),
        (_("公示待ち"), files.to_publish, url_for("dispositions.index", state="effective")),
    ]
