"""Pages of triggers: list, one trigger, its receipt, the decision; and where other pages show them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug import Response

from inspections.scheduling.forms import USUAL_DAYS
from inspections.scheduling.models import Inspection
from inspections.scheduling.states import InspectionKind
from inspections.triggers import queries, services
from inspections.triggers.forms import DemandForm, DismissForm, TriggerFilterForm, TriggerForm
from inspections.triggers.models import Trigger
from inspections.triggers.presenting import summary
from inspections.triggers.states import TriggerAct
from organizations.notices.models import DifficultyNotice
from organizations.notices.states import DifficultyReason
from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from organizations.register.queries import get_organization
from otit.auth.access import allow, current_actor
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.text import N_
from otit.web.clock import clock
from otit.web.intake import named_record
from otit.web.navigation import add_nav
from otit.web.panels import Panel, add_panel

Answer = str | Response | tuple[str, int]

bp = Blueprint("triggers", __name__, url_prefix="/triggers")


@bp.get("")
@allow(Permission.VIEW_INSPECTIONS)
def index() -> str:
    session, form = db.session(), TriggerFilterForm.from_address()
    listing = queries.trigger_list(current_actor(), form.wanted())
    total, exact = listing.count(session)
    page = listing.page(session, form.cursor())
    return render_template("inspections/triggers/list.html", form=form, page=page, total=total, exact=exact)


@bp.get("/<int:trigger_id>")
@allow(Permission.VIEW_INSPECTIONS)
def detail(trigger_id: int) -> str:
    session, actor = db.session(), current_actor()
    trigger = queries.get_trigger(session, actor, trigger_id)
    return render_template(
        "inspections/triggers/trigger.html",
        trigger=trigger,
        summary=summary(trigger),
        notices=queries.heard_again(session, trigger),
        acts={act for act in TriggerAct if services.may(actor, trigger, act)},
        in_charge=actor.covers_office(trigger.organization.office_code),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(*services.RECEIVERS)
def new() -> Answer:
    session, actor = db.session(), current_actor()
    organization = get_organization(session, actor, named_record("organization"))
    form = TriggerForm(received_on=clock().today())
    if form.validate_on_submit():
        with form.refusals():
            services.receive(session, actor, organization, form.heard(), now=clock().now())
            flash(_("端緒を登録しました。"), "success")
            return redirect(url_for("organizations.detail", organization_id=organization.id), 303)
    return form.page("inspections/triggers/new.html", organization=organization)


@bp.route("/<int:trigger_id>/demand", methods=["GET", "POST"])
@allow(Permission.ASSIGN_INSPECTIONS)
def demand(trigger_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    trigger = queries.get_trigger(session, actor, trigger_id)
    form = DemandForm(reason=f"{trigger.number} {summary(trigger)}", due_on=clock().today() + USUAL_DAYS)
    form.expect_version(trigger)
    services.check_act(actor, trigger, TriggerAct.DEMAND)
    if form.validate_on_submit():
        reason, due_on = form.reason.data or "", form.due_on.day
        with form.refusals():
            inspection = services.demand(session, actor, trigger, reason=reason, due_on=due_on, now=clock().now())
            flash(_("臨時の検査を計画しました。"), "success")
            return redirect(url_for("inspections.detail", inspection_id=inspection.id), 303)
    return _act_page(trigger, form, TriggerAct.DEMAND)


@bp.route("/<int:trigger_id>/dismiss", methods=["GET", "POST"])
@allow(Permission.ASSIGN_INSPECTIONS)
def dismiss(trigger_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    trigger = queries.get_trigger(session, actor, trigger_id)
    form = DismissForm()
    form.expect_version(trigger)
    services.check_act(actor, trigger, TriggerAct.DISMISS)
    if form.validate_on_submit():
        with form.refusals():
            services.dismiss(session, actor, trigger, reason=form.reason.data or "", now=clock().now())
            flash(_("検査を要しないと判断しました。"), "success")
            return redirect(url_for("triggers.detail", trigger_id=trigger.id), 303)
    return _act_page(trigger, form, TriggerAct.DISMISS)


def _act_page(trigger: Trigger, form: DemandForm | DismissForm, act: TriggerAct) -> Answer:
    return form.page("inspections/triggers/act.html", trigger=trigger, act=act, summary=summary(trigger))


def days_waited(received_on: date) -> str:
    """How long a trigger has been waiting for its decision."""
    days = (clock().today() - received_on).days
    return str(ngettext("受付から%(num)s日", "受付から%(num)s日", days)) if days else str(_("本日受付"))


def _panel(rows: Sequence[Any], organization: Organization | None = None, may_receive: bool = False) -> dict[str, Any]:
    """Without the organization where it is that of the page."""
    shown = {"rows": rows, "organization": organization, "with_body": organization is None}
    return {**shown, "may_receive": may_receive, "earlier": None}


def _organization_panel(session: Session, actor: Actor, organization: Organization) -> dict[str, Any] | None:
    if not actor.can(Permission.VIEW_INSPECTIONS):
        return None
    rows = queries.of_organization(session, actor, organization.id)
    return _panel(rows, organization, services.may_receive(actor, organization))


def _plan_panel(session: Session, actor: Actor, plan: TrainingPlan) -> dict[str, Any] | None:
    rows = queries.of_plan(session, actor, plan) if actor.can(Permission.VIEW_INSPECTIONS) else []
    return _panel(rows) if rows else None


def _notice_panel(session: Session, actor: Actor, notice: DifficultyNotice) -> dict[str, Any] | None:
    """Where the notice of a disappearance raised no trigger, the one that was waiting then."""
    panel = _plan_panel(session, actor, notice.plan)
    if panel is not None and notice.reason is DifficultyReason.DISAPPEARANCE:
        taken_up = queries.taken_up_by(session, actor, notice)
        panel["earlier"] = taken_up if taken_up is not None and taken_up.notice_id != notice.id else None
    return panel


def _inspection_panel(session: Session, actor: Actor, inspection: Inspection) -> dict[str, Any] | None:
    """What called for it, where it is outside the cycle."""
    rows = queries.of_inspection(session, actor, inspection) if inspection.kind is InspectionKind.AD_HOC else []
    return {**_panel(rows), "with_body": False} if rows else None


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.filters["days_waited"] = days_waited
    add_nav(app, N_("端緒"), "triggers.index", 14)
    template = "inspections/triggers/panel.html"
    add_panel(app, Panel("organization", 12, template, _organization_panel))
    add_panel(app, Panel("plan", 12, template, _plan_panel))
    add_panel(app, Panel("notice", 12, template, _notice_panel))
    add_panel(app, Panel("inspection", 5, template, _inspection_panel))
