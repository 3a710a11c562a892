"""Pages of licences: what the body notifies. Dispositions have their own pages above."""

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from organizations.licenses import queries
from organizations.licenses.forms import CloseForm
from organizations.licenses.services import close
from otit.auth.access import allow, current_actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.errors import UserError
from otit.web.clock import clock

bp = Blueprint("licenses", __name__, url_prefix="/licenses")


@bp.route("/<int:license_id>/close", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def close_license(license_id: int) -> str | Response | tuple[str, int]:
    session, actor, form = db.session(), current_actor(), CloseForm()
    license = queries.get_license(session, actor, license_id)
    if form.validate_on_submit():
        form.expect_version(license)
        try:
            close(session, actor, license, on=form.on.day, today=clock().today())
        except UserError as error:
            form.refuse(error)
        else:
            flash(_("監理事業の廃止を記録しました。"), "success")
            return redirect(url_for("organizations.detail", organization_id=license.organization_id), 303)
    page = render_template("organizations/licenses/close.html", license=license, form=form)
    return (page, 422) if form.is_submitted() else page


def register(app: Flask) -> None:
    app.register_blueprint(bp)
