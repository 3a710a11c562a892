"""The reader's language, settled once for each request.

Flask-Babel looks it up anew for every text, date and label, which on a list page costs more than the rows themselves.
"""

from contextvars import ContextVar

from flask import Flask
from flask_babel import get_locale, get_translations

SOURCE = "ja"

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def language() -> str:
    """ "ja" or "en"; outside a request (commands, jobs) whatever Flask-Babel says."""
    return _spoken.get() or str(get_locale() or SOURCE)


def english() -> bool:
    return language() == "en"


def _settle() -> None:
    _spoken.set(str(get_locale()))


def _forget(_error: BaseException | None) -> None:
    _spoken.set(None)


def _gettext(text: str) -> str:
    """Japanese is the language of the source: nothing to look up. Placeholders are filled by the template."""
    return text if language() == SOURCE else str(get_translations().ugettext(text))


def _ngettext(one: str, many: str, count: int) -> str:
    return many if language() == SOURCE else str(get_translations().ungettext(one, many, count))


def _pgettext(context: str, text: str) -> str:
    return text if language() == SOURCE else str(get_translations().upgettext(context, text))


def register(app: Flask) -> None:
    """After Babel: the texts of templates are looked up here."""
    app.before_request(_settle)
    app.teardown_request(_forget)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of jinja2.ext.i18n
        _gettext, _ngettext, newstyle=True, pgettext=_pgettext
    )
