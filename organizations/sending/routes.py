"""Pages of sending organizations: the list, one body, entering and correcting one, suspending and releasing it."""

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from organizations.sending import figures, queries
from organizations.sending.countries import MOC_COUNTRIES, country_name
from organizations.sending.forms import ReleaseForm, SendingFilterForm, SendingForm, SuspendForm
from organizations.sending.services import correct_sending, create_sending, release_acceptance, suspend_acceptance
from otit.auth.access import allow, current_actor
from otit.auth.amendments import TOLD_BY
from otit.auth.permissions import Permission
from otit.db import db
from otit.saved_lists.registry import add_list
from otit.text import NP_
from otit.web.clock import clock
from otit.web.language import english
from otit.web.navigation import add_nav
from otit.web.panels import load_panels

Answer = str | Response | tuple[str, int]

bp = Blueprint("sending", __name__, url_prefix="/sending-organizations")


@bp.get("")
@allow(Permission.VIEW_SENDING)
def index() -> str:
    session, today, form = db.session(), clock().today(), SendingFilterForm.from_address()
    page, (total, exact) = queries.sending_list(form.wanted(), today).read(session, form.cursor())
    return render_template(
        "organizations/sending/list.html",
        form=form,
        page=page,
        total=total,
        exact=exact,
        moc_countries=MOC_COUNTRIES,
    )


@bp.get("/<int:sending_id>")
@allow(Permission.VIEW_SENDING)
def detail(sending_id: int) -> str:
    session, actor, today = db.session(), current_actor(), clock().today()
    body = queries.get_sending(session, sending_id)
    suspensions = queries.suspensions_of(session, body.id)
    return render_template(
        "organizations/sending/sending.html",
        body=body,
        moc=MOC_COUNTRIES.get(body.country),
        suspensions=suspensions,
        approval=body.approval_on(today),
        through=figures.plans_through(session, actor, body.id, today),
        supervisions=figures.supervisions_through(session, actor, body.id),
        covers=actor.covers_office,
        now_suspended=next((s for s in suspensions if s.holds_on(today)), None),
        has_open=any(s.ends_on is None for s in suspensions),
        may_maintain=actor.can(Permission.MAINTAIN_SENDING),
        panels=load_panels("sending_organization", session, actor, body),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_SENDING)
def new() -> Answer:
    form = SendingForm()
    if form.validate_on_submit():
        with form.refusals():
            body = create_sending(db.session(), current_actor(), form.details(), now=clock().now())
            flash(_("送出機関を登録しました。"), "success")
            return redirect(url_for("sending.detail", sending_id=body.id), 303)
    return form.page("organizations/sending/new.html")


@bp.route("/<int:sending_id>/correction", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_SENDING)
def correct(sending_id: int) -> Answer:
    body = queries.get_sending(db.session(), sending_id)
    form = SendingForm(obj=body)
    if form.validate_on_submit():
        form.expect_version(body)
        with form.refusals():
            correct_sending(db.session(), current_actor(), body, form.details(), now=clock().now())
            flash(_("登録内容を訂正しました。"), "success")
            return redirect(url_for("sending.detail", sending_id=body.id), 303)
    return form.page("organizations/sending/correct.html", body=body)


@bp.route("/<int:sending_id>/suspension", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_SENDING)
def suspend(sending_id: int) -> Answer:
    body, form = queries.get_sending(db.session(), sending_id), SuspendForm()
    if form.validate_on_submit():
        starts_on, reason = form.starts_on.day, form.reason.data or ""
        with form.refusals():
            suspend_acceptance(db.session(), current_actor(), body, starts_on=starts_on, reason=reason)
            flash(_("新規受入れの停止を記録しました。"), "success")
            return redirect(url_for("sending.detail", sending_id=body.id), 303)
    return form.page("organizations/sending/suspend.html", body=body)


@bp.route("/<int:sending_id>/release", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_SENDING)
def release(sending_id: int) -> Answer:
    body, form = queries.get_sending(db.session(), sending_id), ReleaseForm()
    if form.validate_on_submit():
        with form.refusals():
            release_acceptance(db.session(), current_actor(), body, ends_on=form.ends_on.day)
            flash(_("新規受入れの停止の解除を記録しました。"), "success")
            return redirect(url_for("sending.detail", sending_id=body.id), 303)
    return form.page("organizations/sending/release.html", body=body)


def _country(code: str | None) -> str:
    return country_name(code, english=english())


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.filters["country"] = _country
    TOLD_BY.update(country=_country, nationality=_country)
    add_nav(app, NP_("menu", "送出機関"), "sending.index", 30)
    add_list(app, "sending.index", NP_("menu", "送出機関"), SendingFilterForm)
