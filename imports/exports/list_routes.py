"""The way from a list of a register to its file: what will be in it, and the file."""

from typing import Any
from urllib.parse import parse_qsl

from flask import Flask, render_template, request, send_file
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from imports.exports.list_services import Wanted, export_list
from imports.exports.register_lists import LISTS, MOST_ROWS, count
from imports.exports.routes import bp
from imports.exports.services import FileFormat
from organizations.register.queries import get_organization
from otit.auth.access import allow, current_actor, may_open
from otit.auth.permissions import Permission
from otit.db import db
from otit.errors import NotFound
from otit.saved_lists.registry import cleaned
from otit.saved_lists.routes import url_of
from otit.web.addresses import about_this_list
from otit.web.clock import clock
from otit.web.filters import OrderField
from otit.web.list_links import add_list_link
from otit.web.templating import label


@bp.get("/list", endpoint="list")
@allow(Permission.EXPORT_LISTS)
def show_list() -> str:
    """Of one list what will be in its file; without one, the lists there are."""
    if "list" not in request.args:
        lists = {one: LISTS[one].title for one in LISTS if may_open(one)}
        return render_template("imports/exports/lists.html", lists=lists)
    wanted = _wanted(request.args.get("list", ""), request.args.get("query", ""))
    length = count(db.session(), wanted.listing)
    return render_template(
        "imports/exports/list.html",
        wanted=wanted,
        length=length,
        most=MOST_ROWS,
        fits=length <= MOST_ROWS,
        formats=list(FileFormat),
        back=url_of(wanted.endpoint, wanted.query),
    )


@bp.post("/list/file")
@allow(Permission.EXPORT_LISTS)
def list_file() -> Response:
    """A POST, because the export is written to the audit trail."""
    wanted = _wanted(request.form.get("list", ""), request.form.get("query", ""))
    if (chosen := request.form.get("format")) not in set(FileFormat):
        raise NotFound()
    file_format = FileFormat(chosen)
    made = export_list(db.session(), current_actor(), wanted, file_format, now=clock().now())
    name = f"{wanted.endpoint.replace('.', '-')}-{clock().today():%Y%m%d}.{file_format.value}"
    return send_file(made, mimetype=file_format.mimetype, as_attachment=True, download_name=name)


def _wanted(endpoint: str, query: str) -> Wanted:
    """Raises NotFound for what is no list of a register, or none that this person may open."""
    if endpoint not in LISTS or not may_open(endpoint):
        raise NotFound()
    chosen, kept = LISTS[endpoint], cleaned(endpoint, query)
    form = chosen.form(formdata=MultiDict(parse_qsl(kept)))
    form.validate()
    listing = chosen.listing(db.session(), current_actor(), form, clock().today())
    filters = [_in_words(form[name]) for name in form.chosen()]
    return Wanted(endpoint, chosen, listing, kept, filters)


def _in_words(field: Any) -> tuple[str, str]:
    """(name of the filter, what was chosen), as the filter bar shows them."""
    if field.short_name == "organization":
        return _("団体"), get_organization(db.session(), current_actor(), int(field.data)).name
    if isinstance(field, OrderField):
        return _("並び順"), label(field.data)
    choices = {str(choice.value): str(choice.label) for choice in getattr(field, "choices", None) or ()}
    typed = field.raw_data[0] if field.raw_data else ""
    return str(field.label.text), choices.get(typed, _("はい") if field.data is True else typed)


def _offer() -> tuple[str, str] | None:
    endpoint = request.endpoint
    if endpoint not in LISTS or not current_user.is_authenticated or not may_open("exports.list"):
        return None
    return _("ダウンロード"), about_this_list("exports.list")


def register(app: Flask) -> None:
    add_list_link(app, _offer)
