"""Who a plan or application is for. Reading is an act: it is sent with a reason, put on record, and answered with the
page that shows the name once; no other page does."""

from flask import Blueprint, Flask, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from organizations.accreditation.queries import get_application
from organizations.plans.queries import get_plan
from organizations.trainees.forms import EntryForm, ReadForm
from organizations.trainees.queries import named_person, plans_of_trainee
from organizations.trainees.services import Bearer, enter_trainee, read_trainee
from organizations.trainees.states import EntryKind
from otit.auth.access import allow, current_actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.web.clock import clock

Answer = str | Response | tuple[str, int]

bp = Blueprint("trainees", __name__)


@bp.route("/plans/<int:plan_id>/trainee", methods=["GET", "POST"])
@allow(Permission.VIEW_TRAINEES)
def of_plan(plan_id: int) -> Answer:
    plan = get_plan(db.session(), current_actor(), plan_id)
    return _reading(plan, url_for("plans.detail", plan_id=plan.id))


@bp.route("/plan-applications/<int:plan_application_id>/trainee", methods=["GET", "POST"])
@allow(Permission.VIEW_TRAINEES)
def of_application(plan_application_id: int) -> Answer:
    application = get_application(db.session(), current_actor(), plan_application_id)
    return _reading(application, url_for("plan_applications.detail", plan_application_id=application.id))


@bp.route("/plans/<int:plan_id>/trainee/entry", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def enter_for_plan(plan_id: int) -> Answer:
    plan = get_plan(db.session(), current_actor(), plan_id)
    return _entering(plan, url_for("plans.detail", plan_id=plan.id))


@bp.route("/plan-applications/<int:plan_application_id>/trainee/entry", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def enter_for_application(plan_application_id: int) -> Answer:
    application = get_application(db.session(), current_actor(), plan_application_id)
    return _entering(application, url_for("plan_applications.detail", plan_application_id=application.id))


def _reading(bearer: Bearer, back: str) -> Answer:
    session, actor, form = db.session(), current_actor(), ReadForm()
    if not form.validate_on_submit():
        return form.page("organizations/trainees/reason.html", bearer=bearer, back=back)
    trainee = read_trainee(session, actor, bearer, form.reason.data)
    page = render_template(
        "organizations/trainees/trainee.html",
        bearer=bearer,
        trainee=trainee,
        plans=plans_of_trainee(session, actor, trainee.id),
        back=back,
    )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _entering(bearer: Bearer, back: str) -> Answer:
    session, actor = db.session(), current_actor()
    form = EntryForm(nationality=bearer.nationality or "")
    form.expect_person(named_person(session, bearer.trainee_id))
    if form.validate_on_submit():
        form.expect_version(bearer)
        with form.refusals():
            kind = form.kind.data if form.kind else EntryKind.REPLACE
            enter_trainee(session, actor, bearer, form.details(), kind, now=clock().now())
            flash(_("技能実習生を登録しました。"), "success")
            return redirect(back, 303)
    return form.page("organizations/trainees/entry.html", bearer=bearer, back=back)


def register(app: Flask) -> None:
    app.register_blueprint(bp)
