"""The main navigation: entries that the subjects register, shown to those who may open them."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, request, url_for

Allowed = Callable[[str], bool]


@dataclass(frozen=True)
class NavEntry:
    """`label` is a Japanese msgid, `endpoint` its page, `order` its place."""

    label: str
    endpoint: str
    order: int


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    active: bool


_KEY = "otit-navigation"


def add_nav(app: Flask, label: str, endpoint: str, order: int) -> None:
    app.extensions.setdefault(_KEY, []).append(NavEntry(label, endpoint, order))


def visible_items(app: Flask, allowed: Allowed, translate: Callable[[str], str]) -> list[NavItem]:
    """The entries whose endpoint `allowed` lets through, in order. The longest matching address is the active one."""
    entries = sorted(app.extensions.get(_KEY, []), key=lambda entry: entry.order)
    shown = [(entry, url_for(entry.endpoint)) for entry in entries if allowed(entry.endpoint)]
    matching = [url for _entry, url in shown if _below(request.path, url)]
    active = max(matching, key=len, default=None)
    return [NavItem(translate(entry.label), url, url == active) for entry, url in shown]


def _below(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
