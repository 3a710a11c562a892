"""What a home page is made of: figures that lead to the list behind them, and charts with their table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from inspections.home.queries import LATER, SOON, Workload
from otit.labels import Tone
from otit.web import charts
from otit.web.templating import office_name

# px of the plotting area, so that with its names a drawing fits the column beside the work at its natural size.
BARS, STACKS, LINES, RUNS = 210, 230, 286, 150


@dataclass(frozen=True)
class Tile:
    """A figure and the address of its list. `tone` speaks only when there is something to do."""

    label: str
    figure: int
    url: str
    unit: str = ""
    tone: Tone = "neutral"
    note: str = ""


@dataclass(frozen=True)
class Drawing:
    """A chart and the same figures as a table; `rows` are {cells, url}."""

    title: str
    svg: Markup
    columns: Sequence[str]
    rows: Sequence[dict[str, Any]]


def tile(label: str, figure: int, url: str, unit: str, tone: Tone, note: str = "") -> Tile:
    return Tile(label, figure, url, unit, tone if figure else "neutral", note)


def due_within(first: date | None, last: date | None, **more: Any) -> str:
    """The list of open inspections with a deadline between the two days."""
    days = {"due_from": first, "due_to": last}
    texts: dict[str, Any] = {name: day.isoformat() for name, day in days.items() if day is not None}
    return url_for("inspections.index", state="open", **texts, **more)


def deadlines(load: Workload, today: date, **more: Any) -> Drawing:
    """Open inspections by deadline."""
    day = timedelta(days=1)
    rows = [
        (_("期限超過"), load.overdue, url_for("inspections.index", overdue="y", **more)),
        (_("30日以内"), load.soon, due_within(today, today + SOON, **more)),
        (_("31〜90日"), load.next, due_within(today + SOON + day, today + LATER, **more)),
        (_("91日以上先"), load.later, due_within(today + LATER + day, None, **more)),
    ]
    title = _("自分の担当：期限までの日数")
    svg = charts.bar_chart(
        [(name, figure) for name, figure, _url in rows],
        title=title,
        description=_("担当している未了の実地検査を、期限までの日数で分けた件数。"),
        unit=_("件"),
        width=BARS,
    )
    return Drawing(title, svg, [_("期限"), _("件数")], [{"cells": [n, f], "url": u} for n, f, u in rows])


def overdue_by_office(groups: Sequence[tuple[str, Workload]]) -> Drawing:
    """Every office that has open inspections, the overdue ones as bars."""
    title = _("事務所ごとの期限超過")
    late = [(office, load) for office, load in groups if load.overdue]
    svg = charts.bar_chart(
        [(office_name(office), load.overdue) for office, load in late],
        title=title,
        description=_("期限を過ぎた未了の実地検査の件数を、実施する事務所ごとに示した棒グラフ。"),
        unit=_("件"),
        tone="danger",
        width=BARS,
    )
    rows = [
        {
            "cells": [office_name(office), load.overdue, load.soon, load.open],
            "url": url_for("inspections.index", overdue="y", office=office),
        }
        for office, load in groups
    ]
    return Drawing(title, svg, [_("事務所"), _("期限超過"), _("30日以内"), _("未了の計")], rows)


def overdue_by_inspector(groups: Sequence[tuple[str | None, Workload]]) -> Drawing:
    title = _("担当者ごとの未了の検査")
    named = [(name or _("担当未定"), load) for name, load in groups]
    parts = [(name, _("期限超過"), load.overdue) for name, load in named]
    parts += [(name, _("期限内"), load.open - load.overdue) for name, load in named]
    svg = charts.stacked_bar(
        parts,
        title=title,
        description=_("未了の実地検査の件数を担当者ごとに、期限を過ぎたものと期限内のものに分けて示した棒グラフ。"),
        unit=_("件"),
        tones={_("期限超過"): "danger", _("期限内"): "info"},
        width=STACKS,
    )
    free = url_for("inspections.index", charge="free")
    rows = [
        {"cells": [name or _("担当未定"), load.overdue, load.open], "url": None if name else free}
        for name, load in groups
    ]
    return Drawing(title, svg, [_("担当"), _("期限超過"), _("未了の計")], rows)


def year_so_far(months: Sequence[tuple[int, int | None]], to_do: int, year: int) -> Drawing:
    """Inspections done, added up month by month, beside an even pace towards all that falls due in the fiscal year."""
    whole = sum(count or 0 for _month, count in months) + to_do
    sums = accumulate(count or 0 for _month, count in months)
    done = [None if count is None else total for (_month, count), total in zip(months, sums, strict=True)]
    pace = [round(whole * (place + 1) / len(months)) for place in range(len(months))]
    names = [str(month) for month, _count in months]
    title = _("%(year)s年度の計画と実施（月ごとの累計）", year=year)
    actual, planned = _("実施"), _("計画（均等）")
    points: list[tuple[str, str, float | None]] = [(n, actual, figure) for n, figure in zip(names, done, strict=True)]
    points += [(name, planned, figure) for name, figure in zip(names, pace, strict=True)]
    svg = charts.line_chart(
        points,
        title=title,
        description=_(
            "年度内に期限が来る検査を毎月均等に進めた場合の件数と、実施した件数を、月ごとの累計で示した折れ線。"
        ),
        unit=_("件"),
        width=LINES,
    )
    rows = [
        {"cells": [_("%(month)s月", month=name), figure, aim]}
        for name, figure, aim in zip(names, done, pace, strict=True)
    ]
    return Drawing(title, svg, [_("月"), actual, planned], rows)
