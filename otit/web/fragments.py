"""Rendered pieces of pages, kept in memory, because drawing them is the dearest part of a list page.

Only what depends on nothing but its arguments and the language may be kept: tags, due badges, filter bars. Nothing that
belongs to a person, and no token.
"""

from collections.abc import Callable
from typing import Any, Protocol

from markupsafe import Markup

from otit.web.language import language

MOST_KEPT = 4096

_kept: dict[tuple[Any, ...], Markup] = {}


class Contents(Protocol):
    """A form that can tell exactly what it shows."""

    def contents(self) -> tuple[Any, ...]: ...


def remembered(macro: Callable[..., Markup], *arguments: Any) -> Markup:
    """What the macro draws for these arguments. They are told apart by type as well: two enums may share a value."""
    key = (language(), macro.name, *((type(value), value) for value in arguments))  # type: ignore[attr-defined]
    return _kept.get(key) or _keep(key, macro(*arguments))


def kept_bar(form: Contents, *more: str) -> Markup | None:
    """The filter bar kept for this form, or None when it has to be drawn."""
    return _kept.get(_bar_key(form, more))


def keep_bar(form: Contents, html: Markup, *more: str) -> Markup:
    """Keep what was drawn and return it."""
    return _keep(_bar_key(form, more), html)


def _bar_key(form: Contents, more: tuple[str, ...]) -> tuple[Any, ...]:
    return (language(), type(form), *more, form.contents())


def _keep(key: tuple[Any, ...], html: Markup) -> Markup:
    """When too many are kept, all are dropped: they are soon drawn again."""
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    return _kept.setdefault(key, html)
