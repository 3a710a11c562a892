"""Filter bars, kept in memory as they were drawn: drawing their choices is dearer than the rows of the list.

What a bar shows depends on nothing but its form and the language; it holds no token and nothing of a person.
"""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from otit.web.language import language

MOST_KEPT = 256

_kept: dict[tuple[Any, ...], Markup] = {}


def kept_bar(macro: Callable[..., Markup], form: Any, *arguments: str) -> Markup:
    """What the macro draws for the form and the arguments. A form that cannot tell its contents is drawn anew."""
    if not hasattr(form, "contents"):
        return macro(form, *arguments)
    key = (language(), type(form), *arguments, form.contents())
    return _kept.get(key) or _keep(key, macro(form, *arguments))


def _keep(key: tuple[Any, ...], html: Markup) -> Markup:
    """When too many are kept, all are dropped: they are soon drawn again."""
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    return _kept.setdefault(key, html)
