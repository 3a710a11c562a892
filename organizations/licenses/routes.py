"""Pages of licences: the list, a licence with its history, what the body notifies, and its conditions. Applications
and dispositions have their own pages above."""

from functools import partial

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from organizations.licenses import queries
from organizations.licenses.conditions import add_condition, end_condition
from organizations.licenses.content import Content, content_of, read_occupations, review_content, set_content
from organizations.licenses.forms import CloseForm, ConditionForm, ContentForm, EndConditionForm, LicenseFilterForm
from organizations.licenses.history import history_of
from organizations.licenses.law import cited
from organizations.licenses.models import License
from organizations.licenses.services import act_on, close
from organizations.licenses.states import LIVE_STATES, LicenseAct
from organizations.occupations.queries import occupation_names
from otit.auth.access import allow, current_actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.findings import Finding
from otit.law.citations import citation_en, citation_ja
from otit.text import N_, NP_
from otit.web.acts import put_right
from otit.web.clock import clock
from otit.web.language import english
from otit.web.navigation import add_nav
from otit.web.panels import load_panels

Answer = str | Response | tuple[str, int]

bp = Blueprint("licenses", __name__, url_prefix="/licenses")


@bp.get("")
@allow(Permission.VIEW_REGISTERS)
def index() -> str:
    session, form = db.session(), LicenseFilterForm.from_address()
    listing = queries.license_list(current_actor(), form.wanted())
    page, (total, exact) = listing.read(session, form.cursor())
    return render_template("organizations/licenses/list.html", form=form, page=page, total=total, exact=exact)


@bp.get("/<int:license_id>")
@allow(Permission.VIEW_REGISTERS)
def detail(license_id: int) -> str:
    session, actor = db.session(), current_actor()
    license = queries.get_license(session, actor, license_id)
    return render_template(
        "organizations/licenses/license.html",
        license=license,
        occupations=occupation_names(session, [one.code for one in license.occupations], clock().today()),
        history=history_of(session, license.id)[::-1],
        conditions=queries.conditions_of(session, license.id),
        may_maintain=_may(license, Permission.MAINTAIN_REGISTERS),
        may_decide=_may(license, Permission.RECORD_DECISIONS),
        panels=load_panels("license", session, actor, license),
    )


def _may(license: License, permission: Permission) -> bool:
    actor = current_actor()
    covers = actor.covers_office(license.organization.office_code)
    return license.state in LIVE_STATES and actor.can(permission) and covers


@bp.route("/<int:license_id>/close", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def close_license(license_id: int) -> Answer:
    session, actor, form = db.session(), current_actor(), CloseForm()
    license = queries.get_license(session, actor, license_id)
    if form.validate_on_submit():
        form.expect_version(license)
        with form.refusals():
            close(session, actor, license, on=form.on.day, today=clock().today())
            flash(_("監理事業の廃止を記録しました。"), "success")
            return _to_license(license)
    return form.page("organizations/licenses/close.html", license=license)


@bp.route("/<int:license_id>/content", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def content(license_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    license = queries.get_license(session, actor, license_id)
    held = content_of(license)
    form = ContentForm(
        countries=held.countries, occupations=_("、").join(held.occupations), handles_care=held.handles_care
    )
    form.offer(held.countries)
    form.expect_version(license)
    act_on(actor, Permission.MAINTAIN_REGISTERS, license, LicenseAct.SET_CONTENT)
    found: list[Finding] = []

    def read() -> Content | None:
        """What was filled in, once its findings are confirmed."""
        content = _content(form)
        found[:] = review_content(session, license, content, clock().today())
        return content if form.confirms(found) else None

    keep = partial(set_content, session, actor, license, findings=found)
    if put_right(form, read, keep, N_("許可の内容を登録しました。")):
        return _to_license(license)
    return form.page("organizations/licenses/content.html", license=license, findings=found)


def _content(form: ContentForm) -> Content:
    codes = read_occupations(form.occupations.data)
    return Content(sorted(form.countries.data or ()), codes, form.handles_care.data)


@bp.route("/<int:license_id>/conditions/new", methods=["GET", "POST"])
@allow(Permission.RECORD_DECISIONS)
def new_condition(license_id: int) -> Answer:
    session, actor, form = db.session(), current_actor(), ConditionForm()
    license = queries.get_license(session, actor, license_id)
    if form.validate_on_submit():
        form.expect_version(license)
        text, starts_on, ends_on = form.text.data or "", form.starts_on.day, form.ends_on.data
        with form.refusals():
            add_condition(session, actor, license, text=text, starts_on=starts_on, ends_on=ends_on)
            flash(_("許可の条件を記録しました。"), "success")
            return _to_license(license)
    basis = cited(license.scheme, "30-1", clock().today())
    article = citation_en(basis) if english() else citation_ja(basis)
    return form.page("organizations/licenses/condition.html", license=license, article=article)


@bp.route("/<int:license_id>/conditions/<int:condition_id>/end", methods=["GET", "POST"])
@allow(Permission.RECORD_DECISIONS)
def end_of_condition(license_id: int, condition_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    license = queries.get_license(session, actor, license_id)
    condition = queries.get_condition(session, license, condition_id)
    form = EndConditionForm(on=clock().today())
    if form.validate_on_submit():
        form.expect_version(condition)
        with form.refusals():
            end_condition(session, actor, condition, on=form.on.day, today=clock().today())
            flash(_("条件の終わりを記録しました。"), "success")
            return _to_license(license)
    return form.page("organizations/licenses/condition_end.html", license=license, condition=condition)


def _to_license(license: License) -> Response:
    return redirect(url_for("licenses.detail", license_id=license.id), 303)


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    add_nav(app, NP_("menu", "許可"), "licenses.index", 25)
