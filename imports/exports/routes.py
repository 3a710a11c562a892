"""The page of the lists of dispositions: what will be in the file, and the file."""

import io

from flask import Blueprint, Flask, render_template, request, send_file
from werkzeug import Response

from imports.exports import commands, layout, revocations
from imports.exports.forms import RevocationFilter
from imports.exports.services import FileFormat, export_revocations
from otit.auth.access import allow, current_actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.errors import NotFound
from otit.text import N_
from otit.web.clock import clock
from otit.web.navigation import add_nav

bp = Blueprint("exports", __name__, url_prefix="/exports")


@bp.get("/revocations", endpoint="revocations")
@allow(Permission.EXPORT_LISTS)
def show() -> str:
    session, actor, form = db.session(), current_actor(), RevocationFilter.from_address()
    selection = form.selection()
    return render_template(
        "imports/exports/revocations.html",
        form=form,
        selection=selection,
        layout=layout.layout(selection),
        page=revocations.entry_page(session, actor, selection, form.cursor()),
        totals=revocations.totals(session, actor, selection),
        formats=list(FileFormat),
    )


@bp.post("/revocations/file")
@allow(Permission.EXPORT_LISTS)
def revocations_file() -> Response:
    """A POST, because the export is written to the audit trail."""
    form = RevocationFilter(formdata=request.form)
    wanted = request.form.get("format")
    if not form.validate() or wanted not in set(FileFormat):
        raise NotFound()
    file_format = FileFormat(wanted)
    made = export_revocations(db.session(), current_actor(), form.selection(), file_format, now=clock().now())
    return send_file(
        io.BytesIO(made.content), mimetype=file_format.mimetype, as_attachment=True, download_name=made.name
    )


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    commands.register(app)
    add_nav(app, N_("取消し等の一覧"), "exports.revocations", 65)
