"""The reader's language, settled once for each request.

Flask-Babel looks it up anew for every text, date and label, which on a list page costs more than the rows themselves.
Japanese is the language of the source: there is nothing to look up.
"""

from contextvars import ContextVar
from typing import Any

from flask import Flask
from flask_babel import get_babel, get_locale, get_translations
from markupsafe import Markup

SOURCE = "ja"

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def language() -> str:
    """ "ja" or "en"; outside a request (commands, jobs) whatever Flask-Babel says."""
    return _spoken.get() or str(get_locale() or SOURCE)


def english() -> bool:
    return language() == "en"


def bracketed(text: str) -> str:
    """（text） behind a Japanese text, (text) with its space behind an English one."""
    return f" ({text})" if english() else f"（{text}）"


def gettext(text: str, /, **values: Any) -> str:
    """For Python code that is asked for many texts of one page."""
    found = text if language() == SOURCE else str(get_translations().ugettext(text))
    return found % values if values else found


def _settle() -> None:
    _spoken.set(get_babel().locale_selector())


def _forget(_error: BaseException | None) -> None:
    _spoken.set(None)


# What templates call. Texts of the catalog are HTML, as Jinja's own i18n treats them; what fills their placeholders is
# escaped.


def _gettext(text: str, /, **values: Any) -> Markup:
    return _filled(text if language() == SOURCE else get_translations().ugettext(text), values)


def _ngettext(one: str, many: str, count: int, /, **values: Any) -> Markup:
    text = many if language() == SOURCE else get_translations().ungettext(one, many, count)
    return _filled(text, {"num": count} | values)


def _pgettext(context: str, text: str, /, **values: Any) -> Markup:
    return _filled(text if language() == SOURCE else get_translations().upgettext(context, text), values)


def _filled(text: str, values: dict[str, Any]) -> Markup:
    html = Markup(text)  # noqa: S704 - of the catalog
    return html % values if "%" in text else html


def register(app: Flask) -> None:
    """After Babel. Plain functions take the place of those of Jinja's extension, which cost several times as much."""
    app.before_request(_settle)
    app.teardown_request(_forget)
    app.jinja_env.globals.update(_=_gettext, gettext=_gettext, ngettext=_ngettext, pgettext=_pgettext)
