"""The main navigation: entries that the subjects register, in groups, shown to those who may open them."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from flask import Flask, g, request, url_for

from otit.text import N_
from otit.web.language import language

# (least order, name); what stands before the first of them stands alone.
GROUPS = ((90, N_("管理")), (60, N_("取込み・出力")), (40, N_("処分・通報")), (20, N_("登録簿")), (10, N_("検査")))


@dataclass(frozen=True)
class Reader:
    """Who reads the page: whether they may open an endpoint. Readers of one `kind` may open the same ones."""

    kind: Callable[[], Hashable]
    may_open: Callable[[str], bool]


def reader_is_known() -> bool:
    """Whether this request has already asked who reads (Flask-Login keeps the answer): nothing needs the database."""
    return "_login_user" in g


@dataclass(frozen=True)
class NavEntry:
    """`label` is a Japanese msgid, `endpoint` and `query` its page, `order` its place."""

    label: str
    endpoint: str
    order: int
    query: dict[str, str]


class NavItem(NamedTuple):
    """`group` is the name of its group, empty for what stands alone."""

    label: str
    url: str
    active: bool
    group: str = ""


_KEY = "otit-navigation"
_DRAWN = "otit-navigation-drawn"


def add_nav(app: Flask, label: str, endpoint: str, order: int, **query: str) -> None:
    app.extensions.setdefault(_KEY, []).append(NavEntry(label, endpoint, order, query))


def visible_items(app: Flask, reader: Reader, translate: Callable[[str], str]) -> tuple[NavItem, ...]:
    """The entries that the reader may open, in order. The longest matching address is the active one."""
    known = app.extensions.setdefault(_DRAWN, {})
    key = (reader.kind(), language(), request.script_root)
    if key not in known:
        entries = sorted(app.extensions.get(_KEY, []), key=lambda entry: entry.order)
        shown = [entry for entry in entries if reader.may_open(entry.endpoint)]
        known[key] = tuple(
            (translate(entry.label), url_for(entry.endpoint, **entry.query), _group_of(entry, translate))
            for entry in shown
        )
    here = request.script_root + request.path
    active = max((url for _label, url, _group in known[key] if _below(here, url)), key=len, default=None)
    return _items(known[key], active)


@lru_cache(maxsize=256)
def _items(entries: tuple[tuple[str, str, str], ...], active: str | None) -> tuple[NavItem, ...]:
    return tuple(NavItem(label, url, url == active, group) for label, url, group in entries)


def by_group(items: Iterable[NavItem]) -> list[tuple[str, list[NavItem]]]:
    """[(name, its items)]; a group of which the reader may open one page only needs no name."""
    groups = [(name, list(members)) for name, members in groupby(items, key=lambda item: item.group)]
    return [(name if len(members) > 1 else "", members) for name, members in groups]


def _group_of(entry: NavEntry, translate: Callable[[str], str]) -> str:
    return next((translate(name) for least, name in GROUPS if entry.order >= least), "")


def _below(path: str, url: str) -> bool:
    page = url.partition("?")[0]
    return path == page or (page != "/" and path.startswith(page.rstrip("/") + "/"))
