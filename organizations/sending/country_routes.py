"""Pages of the countries with a memorandum of cooperation: all of them, one, and its focal points."""

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from organizations.sending import queries
from organizations.sending.countries import MOC_COUNTRIES, Country
from organizations.sending.figures import CountryFigures, figures_by_country
from organizations.sending.focal_points import add_focal_point, correct_focal_point, end_focal_point
from organizations.sending.forms import EndFocalPointForm, FocalPointForm
from organizations.sending.models import FocalPoint
from otit.auth.access import allow, current_actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.errors import NotFound
from otit.web.clock import clock

Answer = str | Response | tuple[str, int]

bp = Blueprint("sending_countries", __name__, url_prefix="/sending-organizations")


@bp.get("/countries")
@allow(Permission.VIEW_SENDING)
def index() -> str:
    session, today = db.session(), clock().today()
    points: dict[str, list[FocalPoint]] = {}
    for point in queries.focal_points(session):
        if point.holds_on(today):
            points.setdefault(point.country, []).append(point)
    return render_template(
        "organizations/sending/countries.html",
        countries=MOC_COUNTRIES.values(),
        figures=figures_by_country(session, current_actor(), today),
        nothing=CountryFigures(),
        points=points,
    )


@bp.get("/countries/<string:country>")
@allow(Permission.VIEW_SENDING)
def detail(country: str) -> str:
    session, actor, one = db.session(), current_actor(), _country(country)
    figures = figures_by_country(session, actor, clock().today())
    return render_template(
        "organizations/sending/country.html",
        country=one,
        figures=figures.get(one.code, CountryFigures()),
        points=queries.focal_points(session, FocalPoint.country == one.code),
        may_maintain=actor.can(Permission.MAINTAIN_SENDING),
    )


@bp.route("/countries/<string:country>/focal-points/new", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_SENDING)
def add(country: str) -> Answer:
    one, form = _country(country), FocalPointForm()
    if form.validate_on_submit():
        with form.refusals():
            add_focal_point(db.session(), current_actor(), one.code, form.details())
            flash(_("連絡先を登録しました。"), "success")
            return redirect(url_for("sending_countries.detail", country=one.code), 303)
    return form.page("organizations/sending/focal_point.html", country=one, point=None)


@bp.route("/focal-points/<int:focal_point_id>", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_SENDING)
def correct(focal_point_id: int) -> Answer:
    point = queries.get_focal_point(db.session(), focal_point_id)
    form = FocalPointForm(obj=point)
    if form.validate_on_submit():
        form.expect_version(point)
        with form.refusals():
            correct_focal_point(db.session(), current_actor(), point, form.details())
            flash(_("連絡先を訂正しました。"), "success")
            return redirect(url_for("sending_countries.detail", country=point.country), 303)
    country = _country(point.country)
    return form.page("organizations/sending/focal_point.html", country=country, point=point)


@bp.route("/focal-points/<int:focal_point_id>/end", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_SENDING)
def end(focal_point_id: int) -> Answer:
    point, form = queries.get_focal_point(db.session(), focal_point_id), EndFocalPointForm()
    if form.validate_on_submit():
        form.expect_version(point)
        with form.refusals():
            end_focal_point(db.session(), current_actor(), point, ends_on=form.ends_on.day)
            flash(_("連絡先の終わりを記録しました。"), "success")
            return redirect(url_for("sending_countries.detail", country=point.country), 303)
    country = _country(point.country)
    return form.page("organizations/sending/focal_point_end.html", country=country, point=point)


def _country(code: str) -> Country:
    """Raises NotFound for a country without a memorandum."""
    if code not in MOC_COUNTRIES:
        raise NotFound()
    return MOC_COUNTRIES[code]


def register(app: Flask) -> None:
    app.register_blueprint(bp)
