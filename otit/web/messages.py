"""Messages of lower layers, put into the reader's language."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from otit.clock import format_era
from otit.errors import UserError
from otit.labels import Bilingual, Labelled
from otit.web.language import bracketed, english, gettext


def translate(message: str, params: Mapping[str, Any] | None = None) -> str:
    """A Japanese msgid and its parameters as a text for the reader: labels are translated, dates written out."""
    return gettext(message, **{key: spoken(value) for key, value in (params or {}).items()})


def spoken(value: Any) -> Any:
    """A parameter of a message in the reader's language."""
    if isinstance(value, Labelled):
        return gettext(value.label)
    if isinstance(value, Bilingual):
        return value.en if english() else value.ja
    if isinstance(value, date):
        return date_text(value)
    return value


def date_text(value: date) -> str:
    """A date in running text, in the reader's calendar: 令和6年3月31日, 2024-03-31."""
    return f"{value:%Y-%m-%d}" if english() else format_era(value)


def explain(error: UserError) -> str:
    """The whole answer to a refused act, its provision included."""
    text = translate(error.message, error.params)
    citation = getattr(error, "citation", None)
    return text + bracketed(gettext(citation)) if citation else text
