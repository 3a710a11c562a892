"""Sign-in, sign-out, one's own password, and the language of the interface."""

from flask import (
    Blueprint,
    Flask,
    current_app,
    flash,
    has_request_context,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import LoginManager, current_user
from werkzeug import Response

from otit.auth.access import PUBLIC, SIGNED_IN, SignedIn, allow, current_actor
from otit.auth.forms import OwnPasswordForm, SignInForm
from otit.auth.services import change_own_password, session_actor, sign_in, sign_out
from otit.db import db
from otit.errors import UserError
from otit.web.clock import clock
from otit.web.intake import HOME, safe_target
from otit.web.limits import client_address, limiter

LOCALES = ("ja", "en")
TOKEN = "token"  # noqa: S105 - the name of a session key

bp = Blueprint("auth", __name__)


def _refused(response: Response) -> bool:
    """Only failures count: a whole office signs in at nine o'clock through one address."""
    return response.status_code == 422


def _name_tried() -> str:
    return request.form.get("username", "").strip().lower()[:60] or "nobody"


@bp.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@allow(PUBLIC)
@limiter.limit("10/minute;60/hour", methods=["POST"], deduct_when=_refused)
@limiter.limit("10/15minutes", methods=["POST"], key_func=_name_tried, deduct_when=_refused)
def sign_in_page() -> str | Response | tuple[str, int]:
    target = safe_target(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target)
    form = SignInForm()
    if not form.validate_on_submit():
        return form.page("auth/sign_in.html")
    try:
        user, token = sign_in(db.session(), form.username.data or "", form.password.data or "", clock().now())
    except UserError as error:
        # Not the name: people type their password there.
        current_app.logger.warning("a sign-in from %s was refused", client_address())
        form.refuse(error)
        return render_template("auth/sign_in.html", form=form), 422
    _start_session(token, session.get("locale", user.locale))
    return redirect(target, 303)


def _start_session(token: str, locale: str) -> None:
    """Nothing of the cookie before outlives it, its CSRF token neither."""
    session.clear()
    session.update({TOKEN: token, "locale": locale})


@bp.post("/sign-out", endpoint="sign_out")
@allow(SIGNED_IN)
def sign_out_act() -> Response:
    sign_out(db.session(), current_actor(), session.get(TOKEN, ""), clock().now())
    locale = session.get("locale", LOCALES[0])
    session.clear()
    session["locale"] = locale
    flash(_("サインアウトしました。"), "success")
    return redirect(url_for("auth.sign_in"), 303)


def _who_changes() -> str:
    return f"password {current_actor().audit_name}" if current_user.is_authenticated else client_address()


@bp.route("/account/password", methods=["GET", "POST"])
@allow(SIGNED_IN)
@limiter.limit("10/minute;60/hour", methods=["POST"], deduct_when=_refused)
@limiter.limit("10/15minutes", methods=["POST"], key_func=_who_changes, deduct_when=_refused)
def own_password() -> str | Response | tuple[str, int]:
    actor, form = current_actor(), OwnPasswordForm()
    if form.validate_on_submit():
        given = form.current.data or "", form.password.data or ""
        try:
            token = change_own_password(db.session(), actor, *given, now=clock().now())
        except UserError as error:
            current_app.logger.warning("%s from %s was refused a new password", actor.audit_name, client_address())
            form.refuse(error)
        else:
            _start_session(token, session.get("locale", LOCALES[0]))
            flash(_("パスワードを変更しました。ほかの画面はすべてサインアウトされました。"), "success")
            return redirect(HOME, 303)
    return form.page("auth/password.html")


@bp.get("/language/<locale>")
@allow(PUBLIC)
def language(locale: str) -> Response:
    if locale in LOCALES:
        session["locale"] = locale
    return redirect(safe_target(request.args.get("next")))


def load_user() -> SignedIn | None:
    token = session.get(TOKEN)
    actor = session_actor(db.session(), token, clock().now()) if token else None
    return None if actor is None else SignedIn(actor)


def selected_locale() -> str:
    """The reader's choice, else Japanese: the browser's preference does not count, the office works in Japanese. Jobs
    and commands have no reader."""
    choice: str = session.get("locale", LOCALES[0]) if has_request_context() else LOCALES[0]
    return choice


def register(app: Flask) -> None:
    manager = LoginManager()
    manager.init_app(app)
    manager.request_loader(lambda _request: load_user())
    app.register_blueprint(bp)
