"""Pages of difficulty notices: list, one notice, and its receipt for a plan."""

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from organizations.notices import queries
from organizations.notices.forms import NoticeFilterForm, NoticeForm
from organizations.notices.services import notifier_of, record_difficulty
from organizations.plans.queries import get_plan
from organizations.plans.states import PlanState
from otit.auth.access import allow, current_actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.text import N_
from otit.web.clock import clock
from otit.web.navigation import add_nav
from otit.web.panels import load_panels

bp = Blueprint("notices", __name__)


@bp.get("/difficulty-notices")
@allow(Permission.VIEW_REGISTERS)
def index() -> str:
    session, form = db.session(), NoticeFilterForm.from_address()
    listing = queries.notice_list(current_actor(), form.wanted())
    total, exact = listing.count(session)
    page = listing.page(session, form.cursor())
    return render_template("organizations/notices/list.html", form=form, page=page, total=total, exact=exact)


@bp.get("/difficulty-notices/<int:notice_id>")
@allow(Permission.VIEW_REGISTERS)
def detail(notice_id: int) -> str:
    session, actor = db.session(), current_actor()
    notice = queries.get_notice(session, actor, notice_id)
    panels = load_panels("notice", session, actor, notice)
    return render_template("organizations/notices/notice.html", notice=notice, panels=panels)


@bp.route("/plans/<int:plan_id>/difficulty-notices/new", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def new(plan_id: int) -> str | Response | tuple[str, int]:
    session, actor = db.session(), current_actor()
    plan = get_plan(session, actor, plan_id)
    form = NoticeForm(notified_on=clock().today())
    if form.validate_on_submit():
        form.expect_version(plan)
        with form.refusals():
            notice = record_difficulty(session, actor, plan, form.facts(), now=clock().now())
            flash(_("実施困難時届出を記録しました。"), "success")
            return redirect(url_for("notices.detail", notice_id=notice.id), 303)
    return form.page(
        "organizations/notices/new.html",
        plan=plan,
        notifier=notifier_of(plan.category),
        may_discontinue=plan.state is PlanState.ACCREDITED,
    )


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    add_nav(app, N_("実施困難時届出"), "notices.index", 28)
