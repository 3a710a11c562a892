"""Pages of kept lists: all of them, those of one list with the form that keeps it, renaming and deleting."""

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug import Response

from otit.auth.access import SIGNED_IN, allow, current_actor, may_open
from otit.auth.actors import Actor
from otit.db import db
from otit.errors import NotFound
from otit.saved_lists import queries, services
from otit.saved_lists.forms import KeepForm, RenameForm
from otit.saved_lists.models import SavedList
from otit.saved_lists.registry import cleaned, lists
from otit.web.addresses import about_this_list
from otit.web.clock import clock
from otit.web.list_links import Kept, add_list_link, add_shelf
from otit.web.templating import menu_label

Answer = str | Response | tuple[str, int]

bp = Blueprint("saved_lists", __name__, url_prefix="/saved-lists")


@bp.get("")
@allow(SIGNED_IN)
def index() -> str:
    """All that I kept or others share with me; with `list` those of one list, and the form that keeps it as it is."""
    endpoint = request.args.get("list", "")
    if not endpoint:
        return _page("", "", None)
    _check(endpoint)
    query = cleaned(endpoint, request.args.get("query", ""))
    return _page(endpoint, query, _form(endpoint, query))


@bp.post("/new")
@allow(SIGNED_IN)
def new() -> Answer:
    form = KeepForm()
    endpoint = form.list.data or ""
    _check(endpoint)
    query = cleaned(endpoint, form.query.data or "")
    if form.validate_on_submit():
        with form.refusals():
            services.keep(
                db.session(),
                current_actor(),
                endpoint,
                query,
                name=form.name.data or "",
                sharing=form.sharing.data,
                now=clock().now(),
            )
            flash(_("一覧を保存しました。"), "success")
            return redirect(url_for("saved_lists.index", list=endpoint, query=query), 303)
    return _page(endpoint, query, form), 422


def _check(endpoint: str) -> None:
    """Raises NotFound for what is no list, or none that this person may open."""
    if endpoint not in lists() or not may_open(endpoint):
        raise NotFound()


def _form(endpoint: str, query: str) -> KeepForm:
    form = KeepForm(formdata=None, list=endpoint, query=query)
    if current_actor().bureau_code is not None:
        form.without_office()
    return form


def _page(endpoint: str, query: str, form: KeepForm | None) -> str:
    actor = current_actor()
    mine = [one for one in lists() if may_open(one)]
    wanted = [endpoint] if endpoint else mine
    return render_template(
        "saved_lists/index.html",
        endpoint=endpoint,
        back=url_of(endpoint, query) if endpoint else None,
        form=form,
        page=queries.saved_page(db.session(), actor, wanted, request.args.get("cursor")),
        names={one: menu_label(lists()[one][0]) for one in mine},
        url_of=url_of,
        may_rename=lambda saved: saved.owner_id == actor.user_id,
        may_delete=lambda saved: services.may_delete(actor, saved),
    )


def url_of(endpoint: str, query: str) -> str:
    """The list with its filters, read anew: a filter that has gone since is left out."""
    address, kept = url_for(endpoint), cleaned(endpoint, query)
    return f"{address}?{kept}" if kept else address


@bp.route("/<int:saved_id>/rename", methods=["GET", "POST"])
@allow(SIGNED_IN)
def rename(saved_id: int) -> Answer:
    saved, form = _loaded(saved_id), RenameForm()
    if not form.is_submitted():
        form.name.data = saved.name
    if form.validate_on_submit():
        with form.refusals():
            services.rename(db.session(), current_actor(), saved, form.name.data or "")
            flash(_("名前を変更しました。"), "success")
            return redirect(url_for("saved_lists.index"), 303)
    return form.page("saved_lists/rename.html", saved=saved)


@bp.route("/<int:saved_id>/delete", methods=["GET", "POST"])
@allow(SIGNED_IN)
def delete(saved_id: int) -> Answer:
    saved = _loaded(saved_id)
    if request.method == "GET":
        return render_template("saved_lists/delete.html", saved=saved)
    services.delete(db.session(), current_actor(), saved)
    flash(_("保存した一覧を削除しました。"), "success")
    return redirect(url_for("saved_lists.index"), 303)


def _loaded(saved_id: int) -> SavedList:
    actor: Actor = current_actor()
    return queries.get_saved(db.session(), actor, saved_id)


def _here() -> str | None:
    """The list on screen, where it is one that can be kept."""
    return request.endpoint if request.endpoint in lists() and current_user.is_authenticated else None


def _shelf() -> list[Kept]:
    endpoint = _here()
    rows = queries.shelf(db.session(), current_actor(), endpoint) if endpoint else ()
    if not endpoint or not rows:
        return []
    here = url_of(endpoint, request.query_string.decode("utf-8", "replace"))
    kept = ((row, url_of(endpoint, row.query)) for row in rows)
    return [Kept(row.name, url, row.owner, url == here) for row, url in kept]


def _offer() -> tuple[str, str] | None:
    if _here() is None:
        return None
    return _("保存した一覧"), about_this_list("saved_lists.index")


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    add_list_link(app, _offer)
    add_shelf(app, _shelf)
