"""What templates can call: dates in eras, numbers, labels, hashed static addresses. Undefined names are errors."""

import hashlib
from collections.abc import MutableMapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, url_for
from flask.templating import Environment
from flask_babel import ngettext, pgettext
from jinja2 import StrictUndefined
from markupsafe import Markup

from otit.clock import in_japan
from otit.eras import format_era, format_era_short
from otit.labels import Labelled
from otit.places import OFFICES, PREFECTURES, PREFECTURES_EN, bureau_name_en, bureau_name_ja
from otit.text import dialled
from otit.web import cells, once
from otit.web.addresses import with_query
from otit.web.clock import clock
from otit.web.contents import contents
from otit.web.fragments import kept
from otit.web.intake import stays_at
from otit.web.language import bracketed, english, gettext
from otit.web.list_links import kept_lists, list_links
from otit.web.messages import date_text, translate
from otit.web.navigation import NavItem, Reader, by_group, visible_items
from otit.web.stale import overtaken


class PlainEnvironment(Environment):
    """Templates find their globals in one dict. Jinja's chain of mappings is copied and compared item by item, in
    Python, for each page and each import. Whatever is global must be set before the first template is loaded."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def era(value: date | None) -> Markup | str:
    """令和6年3月31日 with the western date on focus (Japanese); 2024-03-31 with the era (English)."""
    if value is None:
        return "—"
    return _era(value, english())


def date_short(value: date | None) -> Markup | str:
    """R6.3.31 with the western date beside; in English the ISO date."""
    if value is None:
        return "—"
    return _date_short(value, english())


def moment(value: datetime | None) -> Markup | str:
    if value is None:
        return "—"
    local = in_japan(value)
    return Markup('<time datetime="{}">{} {:%H:%M}</time>').format(local.isoformat(), date_text(local.date()), local)


# Kept, because the dates of lists recur.
@lru_cache(maxsize=8192)
def _era(value: date, in_english: bool) -> Markup:
    return _time(value, f"{value:%Y-%m-%d}" if in_english else format_era(value), in_english)


@lru_cache(maxsize=8192)
def _date_short(value: date, in_english: bool) -> Markup:
    return _time(value, f"{value:%Y-%m-%d}" if in_english else format_era_short(value), in_english)


def _time(value: date, shown: str, in_english: bool) -> Markup:
    other = format_era(value) if in_english else f"{value:%Y-%m-%d}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(value.isoformat(), other, shown)


def days_until(value: date, today: date | None = None) -> str:
    """超過12日, 本日, あと5日."""
    days = (value - (today or clock().today())).days
    if days < 0:
        return str(ngettext("超過%(num)d日", "超過%(num)d日", -days))
    return gettext("本日") if days == 0 else str(ngettext("あと%(num)d日", "あと%(num)d日", days))


def label(value: Labelled | None) -> str:
    return "—" if value is None else gettext(value.label)


def menu_label(text: str) -> str:
    """The name of a list: in English its plural where the catalog has one."""
    found = str(pgettext("menu", text))
    return found if found != text else gettext(text)


def aside(value: object) -> Markup:
    """（値） after a Japanese text, (value) with its space after an English one."""
    return Markup(bracketed("{}")).format(value)  # noqa: S704 - of brackets only


def number(value: int | None) -> str:
    return "—" if value is None else f"{value:,}"


def office_name(code: str | None) -> str:
    if code is None:
        return gettext("本部")
    return OFFICES[code].name_en if english() else OFFICES[code].name_ja


def prefecture_name(code: str) -> str:
    return PREFECTURES_EN[code] if english() else PREFECTURES[code]


def bureau_name(code: str) -> str:
    return bureau_name_en(code) if english() else bureau_name_ja(code)


def static_url(filename: str) -> str:
    return _static_url("static", filename, request.script_root)


def bootstrap_css_url() -> str:
    return _static_url("bootstrap.static", "css/bootstrap.min.css", request.script_root)


@lru_cache(maxsize=256)
def _static_url(endpoint: str, filename: str, _script_root: str) -> str:
    """With the digest of the file as it was when this process first named it: a changed file needs a restart."""
    folder = (current_app.blueprints[endpoint.split(".")[0]] if "." in endpoint else current_app).static_folder
    content = (Path(folder or "") / filename).read_bytes()
    return url_for(endpoint, filename=filename, v=hashlib.sha256(content).hexdigest()[:12])


def locale_url(locale: str) -> str:
    return url_for("auth.language", locale=locale, next=stays_at())


def register(app: Flask, reader: Reader) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    filters = {"era": era, "date_short": date_short, "moment": moment, "number": number, "label": label}
    names = {"office": office_name, "prefecture": prefecture_name, "bureau": bureau_name}
    app.jinja_env.filters.update(filters, **names, days_until=days_until, msg=translate, date_text=date_text)
    app.jinja_env.filters.update(aside=aside, dialled=dialled, contents=contents)

    def nav_items() -> tuple[NavItem, ...]:
        return visible_items(app, reader, menu_label)

    app.jinja_env.globals.update(
        static_url=static_url,
        bootstrap_css_url=bootstrap_css_url,
        locale_url=locale_url,
        nav_items=nav_items,
        nav_groups=by_group,
        current_locale=lambda: "en" if english() else "ja",
        today=lambda: clock().today(),
        new_once=once.new_token,
        with_query=with_query,
        may_open=reader.may_open,
        list_links=list_links,
        kept_lists=kept_lists,
        kept=kept,
        overtaken=overtaken,
        cells=cells,
    )
