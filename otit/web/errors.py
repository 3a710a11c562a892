"""Error pages: what happened and what to do, in the reader's language; never a stack trace."""

import secrets
from typing import Any

from flask import Flask, current_app, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from otit.errors import StaleRecord, UserError
from otit.text import N_
from otit.web.intake import HOME, page_above, referring_page
from otit.web.messages import explain
from otit.web.navigation import reader_is_known

PAGES = {400, 403, 404, 409, 413, 422, 429, 500}


def error_page(status: int, message: str | None = None, template: str | None = None) -> tuple[str, int]:
    """`message` explains the very case; without one the page gives the general explanation of its status."""
    name = template or f"errors/{_page_of(status)}.html"
    limit = f"{current_app.config['MAX_CONTENT_LENGTH'] // 1024**2:,} MiB" if status == 413 else None
    back = page_above() if status == 409 else _back()
    return _render(name, status, message=message, back=back, limit=limit, reference=_reference(status)), status


def _page_of(status: int) -> int:
    """What has no page of its own (405, 415, …) is a request that could not be read, or a fault of ours."""
    if status in PAGES:
        return status
    return 400 if status < 500 else 500


def _render(name: str, status: int, **context: Any) -> str:
    """With the menu of the person where that can be, else the frame alone. Without the context processors: one of them
    asks the database for the user, and that may be what is broken; after a fault of ours nobody asks it again."""
    template = current_app.jinja_env.get_template(name)
    context["request"] = request
    if status < 500 or reader_is_known():
        try:
            return template.render(frame="base.html", current_user=current_user, **context)
        except Exception:
            current_app.logger.exception("the menu of an error page could not be drawn")
    return template.render(**context)


def _reference(status: int) -> str | None:
    """A number that joins what the person saw to the line in the log."""
    if status < 500:
        return None
    reference = secrets.token_hex(4)
    current_app.logger.error("error page %s for %s", reference, request.path)
    return reference


def _back() -> str:
    """The page the person came from. Not the very page that has just failed."""
    came_from = referring_page()
    failed = request.method == "GET" and came_from.partition("?")[0] == request.path
    return HOME if failed else came_from


def _user_error(error: UserError) -> tuple[str, int]:
    return error_page(error.status, explain(error))


def _stale(error: StaleDataError) -> tuple[str, int]:
    return _user_error(StaleRecord())


def _integrity(error: IntegrityError) -> tuple[str, int]:
    """The database refused what a check before should have caught: usually two people acted at the same moment."""
    return error_page(
        409, _(N_("ほかの人が同時に同じ記録を変更したため、保存できませんでした。最新の内容を確認してください。"))
    )


def _csrf(error: CSRFError) -> tuple[str, int]:
    return error_page(400, template="errors/csrf.html")


def _http(error: HTTPException) -> tuple[str, int]:
    return error_page(error.code or 500)


def register(app: Flask) -> None:
    app.register_error_handler(UserError, _user_error)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
