"""Pages of occupations: the list as of a day, one code with its versions, and the end of one."""

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from organizations.occupations import queries
from organizations.occupations.codes import occupation_of
from organizations.occupations.forms import EndForm, OccupationFilterForm
from organizations.occupations.services import end_occupation, may_end
from otit.auth.access import allow, current_actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.text import NP_
from otit.web.clock import clock
from otit.web.navigation import add_nav

bp = Blueprint("occupations", __name__, url_prefix="/occupations")


@bp.get("")
@allow(Permission.VIEW_REGISTERS)
def index() -> str:
    session = db.session()
    form = OccupationFilterForm.from_address(sectors=tuple(queries.sectors(session)))
    wanted = form.wanted(clock().today())
    listing = queries.occupation_list(wanted)
    return render_template(
        "organizations/occupations/list.html",
        form=form,
        on=wanted.on,
        page=listing.page(session, form.cursor()),
        total=listing.count(session).total,
    )


@bp.get("/<int:occupation_id>")
@allow(Permission.VIEW_REGISTERS)
def detail(occupation_id: int) -> str:
    session, today = db.session(), clock().today()
    one = queries.get_occupation(session, occupation_id)
    parent = None
    if one.is_operation:
        parent = queries.occupation_on(session, one.scheme, occupation_of(one.code), one.valid_until or today)
    return render_template(
        "organizations/occupations/occupation.html",
        occupation=one,
        parent=parent,
        versions=queries.versions_of(session, one.scheme, one.code),
        operations=[] if one.is_operation else queries.operations_on(session, one.scheme, one.code, today),
        may_end=may_end(current_actor(), one),
    )


@bp.route("/<int:occupation_id>/end", methods=["GET", "POST"])
@allow(Permission.IMPORT_WORKBOOKS)
def end(occupation_id: int) -> str | Response | tuple[str, int]:
    session, form = db.session(), EndForm()
    one = queries.get_occupation(session, occupation_id)
    if form.validate_on_submit():
        form.expect_version(one)
        with form.refusals():
            end_occupation(session, current_actor(), one, valid_until=form.valid_until.day)
            flash(_("適用終了日を記録しました。"), "success")
            return redirect(url_for("occupations.detail", occupation_id=one.id), 303)
    return form.page("organizations/occupations/end.html", occupation=one)


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    add_nav(app, NP_("menu", "職種・作業"), "occupations.index", 32)
