"""The guard on every endpoint: it declares its permission, and what it changes is committed once, on success only.

A test walks the URL map and fails on an endpoint without a mark.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from flask import Flask, Response, current_app, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import UserMixin, current_user
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from otit.auth.actors import Actor
from otit.auth.amendments import amendments_since
from otit.auth.permissions import Permission, Role
from otit.db import db
from otit.errors import NotPermitted, UserError
from otit.web import once
from otit.web.clock import clock
from otit.web.intake import referring_page, serves_files
from otit.web.stale import StaleForm, mark_overtaken

P = ParamSpec("P")
R = TypeVar("R")

PUBLIC: Final = "public"
SIGNED_IN: Final = "signed-in"
# How the second of two clicks fails when the first commits in between: its form is spent or its record has moved on.
OVERTAKEN: Final = (IntegrityError, StaleDataError, UserError)
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

Guard = Permission | str


def allow(*guards: Guard) -> Callable[[Callable[P, R]], Callable[P, Response]]:
    """Declare who may call an endpoint: permissions of which one suffices, or PUBLIC, or SIGNED_IN.

    The view runs after the check. A request that may change something is committed when it answers below 400 and
    rolled back otherwise; a GET is never committed.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
            _check(guards)
            if request.method in SAFE_METHODS:
                return make_response(view(*args, **kwargs))
            return _act_once(db.session(), lambda: make_response(view(*args, **kwargs)))

        guarded.guards = guards  # type: ignore[attr-defined]
        return guarded

    return decorate


def current_actor() -> Actor:
    """The person behind this request. Only valid behind a guard other than PUBLIC."""
    actor: Actor = current_user.actor
    return actor


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps of a person for the time of a request."""

    actor: Actor


def kind_of_reader() -> tuple[Role | None, bool] | None:
    """The role of the person behind this request and whether a local office binds them, which is all that guards ask;
    None when nobody is signed in."""
    if not current_user.is_authenticated:
        return None
    actor = current_actor()
    return actor.role, actor.office_code is not None


def may_open(endpoint: str) -> bool:
    """Whether the guard of the endpoint lets the present person through. It depends on the kind of reader alone."""
    guards = getattr(current_app.view_functions.get(endpoint), "guards", ())
    if guards == (PUBLIC,):
        return True
    if not current_user.is_authenticated:
        return False
    actor = current_actor()
    return guards == (SIGNED_IN,) or any(actor.can(permission) for permission in _permissions(guards))


def _permissions(guards: tuple[Guard, ...]) -> list[Permission]:
    return [guard for guard in guards if isinstance(guard, Permission)]


def _check(guards: tuple[Guard, ...]) -> None:
    if guards == (PUBLIC,):
        return
    if not current_user.is_authenticated:
        raise SignInNeeded()
    if guards == (SIGNED_IN,):
        return
    current_actor().require(*_permissions(guards))


class SignInNeeded(Exception):
    """Nobody is signed in, or the session has ended."""


def sign_in_redirect(error: SignInNeeded) -> Response:
    """To the sign-in page, which leads back here. What was typed into a form cannot be kept: it says so."""
    if request.method not in SAFE_METHODS:
        flash(*_what_became_of_the_form())
    target = request.full_path.rstrip("?") if request.method in SAFE_METHODS else referring_page()
    return make_response(redirect(url_for("auth.sign_in", next=target)))


def _what_became_of_the_form() -> tuple[str, str]:
    """(text, tone). The second of two clicks on what ended the session itself, a new password, finds its form sent."""
    token = once.token_of(request.form)
    if token and once.location_of(db.session(), token):
        return _already_sent(), "info"
    lost = _("サインインの有効期限が切れたため、送信した内容は保存されていません。もう一度サインインしてください。")
    return lost, "warning"


def _act_once(session: Session, view: Callable[[], Response]) -> Response:
    token = once.token_of(request.form)
    if done := _already_done(session, token):
        return done
    try:
        response = view()
        if response.status_code < 400:
            if token and response.status_code in (302, 303):
                once.remember(session, token, response.headers["Location"], clock().now())
            session.commit()
            return response
        session.rollback()
    except StaleForm as error:
        session.rollback()
        return _already_done(session, token) or _show_again(session, view, error)
    except OVERTAKEN:
        session.rollback()
        if done := _already_done(session, token):
            return done
        raise
    except BaseException:
        session.rollback()
        raise
    return _already_done(session, token) or response


def _show_again(session: Session, view: Callable[[], Response], error: StaleForm) -> Response:
    """The page of the form once more, with what was typed, what somebody else has changed since, and the record's new
    version, so that sending it again goes ahead knowingly. Where there is no such page, the error's page tells it."""
    mark_overtaken(amendments_since(session, *error.subject, error.seen) if error.subject else [])
    if request.url_rule is None or "GET" not in (request.url_rule.methods or ()):
        raise error
    try:
        response = view()
    finally:
        session.rollback()
    if response.status_code < 400:
        raise error
    response.status_code = error.status
    return response


def _already_done(session: Session, token: str | None) -> Response | None:
    """Where the same form led when it was acted upon, perhaps a moment ago by another process."""
    location = once.location_of(session, token) if token else None
    if location is None:
        return None
    flash(_already_sent(), "info")
    return make_response(redirect(location, 303))


def _already_sent() -> str:
    return str(_("この内容は既に送信されています。二重には記録していません。"))


def unmarked_endpoints(app: Flask) -> list[str]:
    """Endpoints that declare no guard; static files are public by nature."""
    return sorted(
        name for name, view in app.view_functions.items() if not hasattr(view, "guards") and not serves_files(name)
    )


def deny_by_default() -> None:
    """Before each request: an endpoint without a mark is refused, whoever asks."""
    name = request.endpoint
    if name is None or serves_files(name):
        return
    view: Any = current_app.view_functions[name]
    if not hasattr(view, "guards"):
        raise NotPermitted()


def register(app: Flask) -> None:
    app.before_request(deny_by_default)
    app.register_error_handler(SignInNeeded, sign_in_redirect)


__all__ = ["PUBLIC", "SIGNED_IN", "allow", "current_actor", "register", "unmarked_endpoints"]
