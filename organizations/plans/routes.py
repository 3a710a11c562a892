"""Pages of training plans: the list, a plan, and how training under it ended."""

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from organizations.accreditation.change_routes import acts_of
from organizations.accreditation.queries import application_of_plan, changes_of_plan
from organizations.accreditation.remarks import remarks_on
from organizations.notices.services import may_notify
from organizations.occupations.queries import occupation_names
from organizations.plans import queries
from organizations.plans.forms import PlanEndForm, PlanFilterForm
from organizations.plans.models import TrainingPlan
from organizations.plans.services import complete, discontinue
from organizations.plans.states import TRANSITIONS, PlanAct
from organizations.plans.story import story
from organizations.register.queries import get_organization
from organizations.sending import queries as sending
from otit.auth.access import allow, current_actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.saved_lists.registry import add_list
from otit.text import N_
from otit.web.addresses import with_query
from otit.web.clock import clock
from otit.web.navigation import add_nav
from otit.web.panels import load_panels

_ENDS = {PlanAct.COMPLETE: complete, PlanAct.DISCONTINUE: discontinue}

bp = Blueprint("plans", __name__, url_prefix="/plans")


@bp.get("")
@allow(Permission.VIEW_REGISTERS)
def index() -> str | Response:
    session, actor, form = db.session(), current_actor(), PlanFilterForm.from_address()
    one = form.organization_id
    organization = None if one is None else get_organization(session, actor, one)
    if organization is not None and organization.id != one:  # a merged duplicate
        return redirect(with_query(organization=organization.id, cursor=None))
    listing = queries.plan_list(session, actor, form.wanted())
    page, (total, exact) = listing.read(session, form.cursor())
    return render_template(
        "organizations/plans/list.html",
        form=form,
        page=page,
        total=total,
        exact=exact,
        organization=organization,
    )


@bp.get("/<int:plan_id>")
@allow(Permission.VIEW_REGISTERS)
def detail(plan_id: int) -> str:
    session, actor, today = db.session(), current_actor(), clock().today()
    plan = queries.get_plan(session, actor, plan_id)
    names = occupation_names(session, [plan.occupation_code], plan.starts_on, plan.scheme)
    application, changes = application_of_plan(session, plan.id), changes_of_plan(session, plan.id)
    return render_template(
        "organizations/plans/plan.html",
        plan=plan,
        occupation=names.get(plan.occupation_code or ""),
        warnings=sending.warnings_for(session, [plan.sending_organization_id], today),
        panels=load_panels("plan", session, actor, plan),
        story=story(session, plan, application, changes),
        remarks=remarks_on(session, plan, application, changes),
        acts=_acts(plan),
        may_enter_trainee=actor.can(Permission.MAINTAIN_REGISTERS)
        and actor.covers_office(plan.implementing_organization.office_code),
        sees_implementing=actor.covers_office(plan.implementing_organization.office_code),
        sees_supervising=plan.supervising_organization is not None
        and actor.covers_office(plan.supervising_organization.office_code),
    )


@bp.route("/<int:plan_id>/end", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def end(plan_id: int) -> str | Response | tuple[str, int]:
    session, actor = db.session(), current_actor()
    plan = queries.get_plan(session, actor, plan_id)
    form = PlanEndForm()
    if form.validate_on_submit():
        form.expect_version(plan)
        with form.refusals():
            _ENDS[form.act.data](session, actor, plan, on=form.on.day, today=clock().today())
            flash(_("計画の終了を記録しました。"), "success")
            return redirect(url_for("plans.detail", plan_id=plan.id), 303)
    return form.page("organizations/plans/end.html", plan=plan)


def _acts(plan: TrainingPlan) -> list[tuple[str, str]]:
    """(what to do, address) of what this person may do to the plan now."""
    actor = current_actor()
    acts = [(_("終了を記録する"), url_for("plans.end", plan_id=plan.id))] if _may_end(plan) else []
    if may_notify(actor, plan):
        acts.append((_("実施困難時届出を記録する"), url_for("notices.new", plan_id=plan.id)))
    return acts + acts_of(actor, plan)


def _may_end(plan: TrainingPlan) -> bool:
    actor = current_actor()
    return (
        actor.can(Permission.MAINTAIN_REGISTERS)
        and actor.covers_office(plan.implementing_organization.office_code)
        and any((plan.state, act) in TRANSITIONS for act in _ENDS)
    )


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    add_nav(app, N_("技能実習計画"), "plans.index", 25)
    add_list(app, "plans.index", N_("技能実習計画"), PlanFilterForm)
