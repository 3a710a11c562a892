"""Pieces of pages, kept in memory as they were drawn: the menu and the filter bars are dearer than the rows of a list.

Only what depends on nothing but its arguments and the language may be kept: nothing of a person, and no token.
"""

from collections.abc import Callable, Hashable
from typing import Any

from markupsafe import Markup

from otit.web.language import language

MOST_KEPT = 256

_kept: dict[tuple[Any, ...], Markup] = {}


def kept(macro: Callable[..., Markup], *arguments: Hashable) -> Markup:
    """What the macro draws for these arguments, which never change."""
    key = (language(), macro.name, *arguments)  # type: ignore[attr-defined]
    return _kept.get(key) or _keep(key, macro(*arguments))


def _keep(key: tuple[Any, ...], html: Markup) -> Markup:
    """When too many are kept, all are dropped: they are soon drawn again."""
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    return _kept.setdefault(key, html)
