"""The search of everything: one box on every page, and its answer."""

from flask import Blueprint, Flask, redirect, render_template, request
from werkzeug import Response

from organizations.search import bodies, files
from organizations.search.registry import find, only_exact
from organizations.search.terms import read
from otit.auth.access import SIGNED_IN, allow, current_actor
from otit.db import db

LONGEST = 100

bp = Blueprint("search", __name__, url_prefix="/search")


@bp.get("")
@allow(SIGNED_IN)
def everything() -> str | Response:
    """Groups of hits; the whole number of one record leads straight to it."""
    text = request.args.get("q", "").strip()
    asked = read(text[:LONGEST])
    given = (asked.digits, asked.phone, asked.name_key) != (None, None, None)
    groups = find(db.session(), current_actor(), asked) if given else []
    if (page := only_exact(groups)) is not None:
        return redirect(page, 303)
    return render_template("organizations/search/results.html", text=asked.text, given=given, groups=groups)


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    bodies.register(app)
    files.register(app)
