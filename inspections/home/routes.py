"""The page a person lands on: what needs them today, by role."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Flask, render_template
from flask_babel import format_date
from sqlalchemy.orm import Session

from inspections.home import inspector, manager, others
from otit.auth.access import SIGNED_IN, allow, current_actor
from otit.auth.actors import Actor
from otit.auth.permissions import Role
from otit.db import db
from otit.text import N_
from otit.web.clock import clock
from otit.web.navigation import add_nav
from otit.web.panels import load_panels

bp = Blueprint("home", __name__)

Builder = Callable[[Session, Actor, date], dict[str, Any]]

PAGES: dict[Role, tuple[str, Builder]] = {
    Role.INSPECTOR: (inspector.TEMPLATE, inspector.page),
    Role.MANAGER: (manager.TEMPLATE, manager.page),
    Role.LABOUR_STANDARDS: ("inspections/home/labour_standards.html", others.labour_standards),
    Role.INTERNATIONAL: ("inspections/home/international.html", others.international),
    Role.ADMINISTRATOR: ("inspections/home/administrator.html", others.administrator),
    Role.READ_ONLY: ("inspections/home/reader.html", others.reader),
}


@bp.get("/")
@allow(SIGNED_IN)
def index() -> str:
    session, actor, today = db.session(), current_actor(), clock().today()
    assert actor.role is not None  # only people sign in
    template, build = PAGES[actor.role]
    return render_template(
        template,
        actor=actor,
        weekday=format_date(today, "EEEE"),
        panels=load_panels("home", session, actor, None),
        **build(session, actor, today),
    )


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    add_nav(app, N_("ホーム"), "home.index", 0)
