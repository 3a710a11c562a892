"""Pages of the administration: the audit trail and the users."""

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from otit.admin import queries, words
from otit.admin.forms import AuditFilterForm, EmptyForm, UserFilterForm, UserForm
from otit.admin.jobs import VERIFY_AUDIT
from otit.audit.trail import record
from otit.auth.access import allow, current_actor
from otit.auth.amendments import names_of_actors, told
from otit.auth.forms import PasswordForm
from otit.auth.models import User
from otit.auth.permissions import Permission
from otit.auth.services import create_user, deactivate_user, reactivate_user, set_password
from otit.db import db
from otit.jobs.queue import enqueue
from otit.text import N_
from otit.web.clock import clock
from otit.web.navigation import add_nav

Answer = str | Response | tuple[str, int]

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("/audit")
@allow(Permission.VIEW_AUDIT)
def audit() -> str:
    session, form = db.session(), AuditFilterForm.from_address()
    page = queries.audit_page(session, form.wanted(), form.cursor())
    events = [row[0] for row in page.rows]
    return render_template(
        "admin/audit.html",
        form=form,
        page=page,
        events=events,
        names=names_of_actors(session, (event.actor for event in events)),
        told=told(session, db.metadata, events),
        words=words,
    )


@bp.post("/audit/verify")
@allow(Permission.VIEW_AUDIT)
def verify_audit() -> Response:
    session, actor = db.session(), current_actor()
    run = enqueue(session, VERIFY_AUDIT, {}, actor)
    record(session, actor, "audit.verification_requested", run)
    flash(_("監査証跡の検証を受け付けました。結果はこの画面に表示されます。"), "info")
    return redirect(url_for("jobs.show", run_id=run.id), 303)


@bp.get("/users")
@allow(Permission.MANAGE_USERS)
def users() -> str:
    session, form = db.session(), UserFilterForm.from_address()
    wanted = form.wanted()
    page = queries.user_page(session, wanted, form.cursor())
    return render_template(
        "admin/users.html",
        form=form,
        page=page,
        users=[row[0] for row in page.rows],
        total=queries.count_users(session, wanted),
    )


@bp.route("/users/new", methods=["GET", "POST"])
@allow(Permission.MANAGE_USERS)
def new_user() -> Answer:
    form = UserForm()
    if form.validate_on_submit():
        with form.refusals():
            user = _create(form)
            flash(_("ユーザーを追加しました。パスワードを本人に安全な方法で伝えてください。"), "success")
            return redirect(url_for("admin.user", user_id=user.id), 303)
    return form.page("admin/user_new.html")


def _create(form: UserForm) -> User:
    return create_user(
        db.session(),
        current_actor(),
        username=form.username.data or "",
        display_name=form.display_name.data or "",
        role=form.role.data,
        password=form.password.data or "",
        now=clock().now(),
        office_code=form.office_code.data or None,
        bureau_code=form.bureau_code.data or None,
    )


@bp.get("/users/<int:user_id>")
@allow(Permission.MANAGE_USERS)
def user(user_id: int) -> str:
    return _user_page(queries.get_user(db.session(), user_id), PasswordForm())


def _user_page(user: User, form: PasswordForm) -> str:
    return render_template("admin/user.html", user=user, form=form, is_self=user.id == current_actor().user_id)


@bp.post("/users/<int:user_id>/password")
@allow(Permission.MANAGE_USERS)
def new_password(user_id: int) -> Answer:
    user, form = queries.get_user(db.session(), user_id), PasswordForm()
    if not form.validate_on_submit():
        return _user_page(user, form), 422
    form.expect_version(user)
    set_password(db.session(), current_actor(), user, form.password.data or "", now=clock().now())
    flash(_("パスワードを変更しました。このユーザーはすべての画面でサインアウトされます。"), "success")
    return redirect(url_for("admin.user", user_id=user.id), 303)


@bp.get("/users/<int:user_id>/deactivate")
@allow(Permission.MANAGE_USERS)
def confirm_deactivation(user_id: int) -> str:
    return render_template("admin/user_deactivate.html", user=queries.get_user(db.session(), user_id))


@bp.post("/users/<int:user_id>/deactivate")
@allow(Permission.MANAGE_USERS)
def deactivate(user_id: int) -> Response:
    user, form = queries.get_user(db.session(), user_id), EmptyForm()
    form.expect_version(user)
    deactivate_user(db.session(), current_actor(), user, now=clock().now())
    flash(_("ユーザーを停止しました。開いていた画面はすべてサインアウトされます。"), "success")
    return redirect(url_for("admin.user", user_id=user.id), 303)


@bp.post("/users/<int:user_id>/reactivate")
@allow(Permission.MANAGE_USERS)
def reactivate(user_id: int) -> Response:
    user, form = queries.get_user(db.session(), user_id), EmptyForm()
    form.expect_version(user)
    reactivate_user(db.session(), current_actor(), user)
    flash(_("ユーザーの停止を解除しました。"), "success")
    return redirect(url_for("admin.user", user_id=user.id), 303)


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.filters["schedule"] = words.schedule_words
    add_nav(app, N_("ユーザー"), "admin.users", 90)
    add_nav(app, N_("監査証跡"), "admin.audit", 92)
