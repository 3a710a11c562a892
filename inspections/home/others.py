"""The home pages of the Labour Standards officer, the international desk, the administrator and the reader."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy.orm import Session

from inspections.dispositions import queries as dispositions
from inspections.home import figures, queries
from inspections.home.parts import BARS, RUNS, STACKS, Drawing, Tile, overdue_by_office, tile, year_so_far
from inspections.moc.queries import awaited
from inspections.orders.queries import orders_needing_attention
from organizations.register.states import OrganizationKind
from organizations.sending.countries import country_name
from organizations.sending.queries import SendingFilter, sending_list
from otit.admin.job_health import kind_title, title_of
from otit.auth.actors import Actor
from otit.clock import fiscal_year, fiscal_year_range
from otit.jobs.health import Health, job_health
from otit.jobs.models import JobStatus
from otit.jobs.queue import queue_of
from otit.web import charts
from otit.web.language import english
from otit.web.templating import label

_FAILED_SHOWN = 5


def labour_standards(session: Session, actor: Actor, today: date) -> dict[str, Any]:
    counts = figures.joint_counts(session, actor)
    untold = figures.joint_untold(session, actor)
    orders = orders_needing_attention(session, actor, today)
    instruments = figures.instrument_counts(session, actor, today)
    pieces = _("件")
    return {
        "state": _("結果の未記録%(count)s件", count=counts.untold),
        "untold": untold,
        "coming": figures.joint_coming(session, actor),
        "orders": orders,
        "drawings": [_instruments(instruments)],
        "figures": [
            tile(
                _("結果の未記録"), counts.untold, url_for("joint.index", state="done", missing="y"), pieces, "warning"
            ),
            tile(_("担当決定の合同検査"), counts.assigned, url_for("joint.index", state="assigned"), pieces, "info"),
            tile(_("計画済の合同検査"), counts.planned, url_for("joint.index", state="planned"), pieces, "neutral"),
            tile(_("是正期日の超過"), orders.overdue_count, url_for("orders.index", overdue="y"), pieces, "danger"),
            tile(
                _("確認待ちの報告書"), orders.to_assess_count, url_for("orders.index", state="replied"), pieces, "info"
            ),
        ],
    }


def _instruments(counts: figures.InstrumentCounts) -> Drawing:
    title = _("交付した書面の状況")
    rows = [
        (_("回答待ち（期限内）"), counts.waiting, url_for("orders.index", state="issued")),
        (_("期限超過"), counts.overdue, url_for("orders.index", overdue="y")),
        (_("報告書の確認待ち"), counts.replied, url_for("orders.index", state="replied")),
        (_("是正を確認"), counts.accepted, url_for("orders.index", state="accepted")),
    ]
    svg = charts.bar_chart(
        [(name, figure) for name, figure, _url in rows],
        title=title,
        description=_("労働局が交付した是正勧告書などの件数を、状況ごとに示した棒グラフ。"),
        unit=_("件"),
        width=BARS,
    )
    return Drawing(title, svg, [_("状況"), _("件数")], [{"cells": [n, f], "url": u} for n, f, u in rows])


def international(session: Session, actor: Actor, today: date) -> dict[str, Any]:
    reports = awaited(session, actor, today, figures.SHOWN)
    assert reports is not None  # the desk reports, so it may read what it waits for
    suspended = sending_list(SendingFilter(suspended=True), today).count(session).total
    pieces = _("件")
    return {
        "state": _("回答期限の超過%(count)s件", count=reports.overdue),
        "reports": reports,
        "at_hand": figures.reports_at_hand(session),
        "drawings": [_countries(figures.awaited_by_country(session, today))],
        "figures": [
            tile(_("回答期限の超過"), reports.overdue, url_for("moc.index", ageing="overdue"), pieces, "danger"),
            tile(
                _("回答待ち（期限内）"),
                reports.awaited - reports.overdue,
                url_for("moc.index", ageing="within"),
                pieces,
                "info",
            ),
            tile(_("通報する報告"), reports.to_send, url_for("moc.index", state="approved"), pieces, "warning"),
            tile(_("承認待ちの起案"), reports.to_approve, url_for("moc.index", state="drafted"), pieces, "info"),
            tile(_("新規受入れの停止中"), suspended, url_for("sending.index", suspended="y"), _("機関"), "warning"),
        ],
    }


def _countries(rows: Any) -> Drawing:
    title = _("国ごとの回答待ち")
    named = [(country_name(country, english=english()), code, late) for country, code, late in rows]
    parts = [(name, _("期限超過"), late) for name, _in_time, late in named]
    parts += [(name, _("期限内"), in_time) for name, in_time, _late in named]
    svg = charts.stacked_bar(
        parts,
        title=title,
        description=_(
            "相手国政府の回答を待つ通報の件数を国ごとに、回答期限を過ぎたものと期限内のものに分けた棒グラフ。"
        ),
        unit=_("件"),
        tones={_("期限超過"): "danger", _("期限内"): "info"},
        width=STACKS,
    )
    cells = [
        {"cells": [name, late, in_time], "url": url_for("moc.index", country=row[0])}
        for row, (name, in_time, late) in zip(rows, named, strict=True)
    ]
    return Drawing(title, svg, [_("国"), _("期限超過"), _("期限内")], cells)


def administrator(session: Session, actor: Actor, today: date) -> dict[str, Any]:
    health = job_health(session, queue_of(session), _FAILED_SHOWN)
    failed = health.counts[JobStatus.FAILED]
    roles = figures.users_by_role(session)
    runs = figures.runs_by_kind(session, today)
    sound = health.answers and bool(health.workers) and health.schedule.leader is not None
    return {
        "state": _("失敗した処理%(count)s件", count=failed) if failed else _("失敗した処理なし"),
        "health": health,
        "sound": sound,
        "title_of": title_of,
        "roles": [(label(role), count, url_for("admin.users", role=role.value)) for role, count in roles.items()],
        "drawings": [_runs(runs)] if runs else [],
        "figures": _health_tiles(health, sum(roles.values())),
    }


def _health_tiles(health: Health, people: int) -> list[Tile]:
    pieces, jobs = _("件"), url_for("jobs.health")
    return [
        tile(_("失敗した処理"), health.counts[JobStatus.FAILED], jobs, pieces, "danger"),
        tile(_("待機中の処理"), health.counts[JobStatus.QUEUED], jobs, pieces, "info"),
        tile(_("実行中の処理"), health.counts[JobStatus.RUNNING], jobs, pieces, "info"),
        tile(_("ユーザー"), people, url_for("admin.users"), _("名"), "neutral"),
    ]


def _runs(kinds: Sequence[tuple[str, int, int]]) -> Drawing:
    title = _("過去14日間の処理")
    done, failed = _("完了"), _("失敗")
    named = [(kind_title(kind), good, bad) for kind, good, bad in kinds]
    parts = [(name, done, good) for name, good, _bad in named] + [(name, failed, bad) for name, _good, bad in named]
    svg = charts.stacked_bar(
        parts,
        title=title,
        description=_("過去14日間に終わった処理の件数を種類ごとに、完了したものと失敗したものに分けた棒グラフ。"),
        unit=_("件"),
        tones={done: "success", failed: "danger"},
        width=RUNS,
    )
    rows = [{"cells": list(row), "url": url_for("jobs.health")} for row in named]
    return Drawing(title, svg, [_("処理"), done, failed], rows)


def reader(session: Session, actor: Actor, today: date) -> dict[str, Any]:
    offices = queries.by_office(session, actor, today)
    load = queries.total(offices)
    kinds = figures.organizations_by_kind(session, actor)
    instruments = figures.instrument_counts(session, actor, today)
    year = fiscal_year(today)
    first, last = fiscal_year_range(year)
    months = queries.done_by_month(session, actor, today)
    in_force = dispositions.count(session, actor, dispositions.Filters(effective_from=first, effective_to=last))
    pieces, bodies = _("件"), pgettext("unit", "団体")
    files = url_for("dispositions.index", effective_from=first.isoformat(), effective_to=last.isoformat())
    return {
        "state": _("期限超過%(count)s件", count=f"{load.overdue:,}"),
        "drawings": [overdue_by_office(offices), year_so_far(months, load.this_year, year)],
        "figures": [
            tile(
                pgettext("menu", "監理団体"),
                kinds[OrganizationKind.SUPERVISING],
                url_for("organizations.supervising"),
                bodies,
                "neutral",
            ),
            tile(
                pgettext("menu", "実習実施者"),
                kinds[OrganizationKind.IMPLEMENTING],
                url_for("organizations.implementing"),
                bodies,
                "neutral",
            ),
            tile(_("未了の検査"), load.open, url_for("inspections.index", state="open"), pieces, "info"),
            tile(_("検査の期限超過"), load.overdue, url_for("inspections.index", overdue="y"), pieces, "danger"),
            tile(_("勧告等の期限超過"), instruments.overdue, url_for("orders.index", overdue="y"), pieces, "danger"),
            tile(_("%(year)s年度の処分", year=year), in_force, files, pieces, "neutral"),
        ],
    }
