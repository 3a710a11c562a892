"""Joint inspections: the Labour Standards officer's list and page, and the bureau's result on OTIT's page."""

from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug import Response

from inspections.joint import queries, services
from inspections.joint.forms import JointFilterForm, ResultForm
from inspections.joint.states import BureauFinding
from inspections.orders.forms import OrderForm
from inspections.orders.queries import orders_of
from inspections.orders.routes import violation_choices
from inspections.scheduling.models import Inspection
from inspections.violations.forms import ViolationForm
from inspections.violations.presenting import finding_choices, shown
from inspections.violations.queries import violations_of
from inspections.violations.states import Authority
from otit.auth.access import allow, current_actor
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.saved_lists.registry import add_list
from otit.text import N_
from otit.web.clock import clock
from otit.web.navigation import add_nav
from otit.web.panels import Panel, add_panel

bp = Blueprint("joint", __name__, url_prefix="/joint-inspections")

Answer = str | Response | tuple[str, int]


@bp.get("")
@allow(Permission.VIEW_JOINT_INSPECTIONS)
def index() -> str:
    session, actor = db.session(), current_actor()
    form = JointFilterForm.from_address()
    page = queries.find_joint(session, actor, form.wanted(), form.cursor())
    total = queries.count_joint(session, actor, form.wanted())
    return render_template("inspections/joint/index.html", form=form, page=page, total=total)


@bp.get("/<int:inspection_id>")
@allow(Permission.VIEW_JOINT_INSPECTIONS)
def detail(inspection_id: int) -> str:
    session, actor = db.session(), current_actor()
    facts = queries.shared_facts(session, actor, inspection_id)
    result = queries.own_result(session, actor, inspection_id)
    return render_template(
        "inspections/joint/detail.html",
        facts=facts,
        result=result,
        finding=None if result is None else _finding(result.violation_found),
        violations=shown(violations_of(session, actor, inspection_id)),
        orders=orders_of(session, actor, inspection_id),
        may_record=actor.can(Permission.RECORD_JOINT_RESULTS) and facts.state in queries.RESULT_STATES,
    )


def _finding(violation_found: bool) -> BureauFinding:
    return BureauFinding.FOUND if violation_found else BureauFinding.NONE


@bp.route("/<int:inspection_id>/result", methods=["GET", "POST"])
@allow(Permission.RECORD_JOINT_RESULTS)
def result(inspection_id: int) -> Answer:
    session, actor, today = db.session(), current_actor(), clock().today()
    inspection = queries.joint_inspection(session, actor, inspection_id)
    known = queries.own_result(session, actor, inspection_id)
    form = ResultForm()
    if not form.is_submitted() and known is not None:
        form.fill(known)
    if form.validate_on_submit():
        with form.refusals():
            form.expect_version(0 if known is None else known)
            services.record_result(session, actor, inspection, form.report(), now=clock().now(), today=today)
            flash(_("合同検査の結果を記録しました。"), "success")
            return redirect(url_for("joint.detail", inspection_id=inspection_id), 303)
    return form.page("inspections/joint/result.html", inspection=inspection, known=known)


@bp.route("/<int:inspection_id>/violations/new", methods=["GET", "POST"])
@allow(Permission.RECORD_JOINT_RESULTS)
def new_violation(inspection_id: int) -> Answer:
    session, actor, today = db.session(), current_actor(), clock().today()
    inspection = queries.joint_inspection(session, actor, inspection_id)
    form = ViolationForm()
    form.offer(finding_choices(inspection.organization.kind, Authority.LABOUR_STANDARDS, today), None)
    if form.validate_on_submit():
        with form.refusals():
            services.record_bureau_violation(session, actor, inspection, form.content(), now=clock().now())
            flash(_("違反を記録しました。"), "success")
            return redirect(url_for("joint.detail", inspection_id=inspection_id), 303)
    return form.page("inspections/joint/violation.html", inspection=inspection)


@bp.route("/<int:inspection_id>/orders/new", methods=["GET", "POST"])
@allow(Permission.RECORD_JOINT_RESULTS)
def new_order(inspection_id: int) -> Answer:
    session, actor, today = db.session(), current_actor(), clock().today()
    inspection = queries.joint_inspection(session, actor, inspection_id)
    form = OrderForm()
    if not form.is_submitted():
        form.issued_on.data = today
    form.offer(Authority.LABOUR_STANDARDS, violation_choices(session, actor, inspection_id))
    if form.validate_on_submit():
        with form.refusals():
            order = services.issue(session, actor, inspection, form.draft(), now=clock().now(), today=today)
            flash(_("%(number)sを交付しました。", number=order.number), "success")
            return redirect(url_for("orders.detail", order_id=order.id), 303)
    return form.page("inspections/joint/order.html", inspection=inspection)


def _panel(session: Session, actor: Actor, inspection: Inspection) -> dict[str, Any] | None:
    """What OTIT may see of the other side."""
    if not actor.can(Permission.VIEW_INSPECTIONS):
        return None
    results = [(row, _finding(row.violation_found)) for row in queries.results_for_otit(session, inspection.id)]
    if inspection.bureau_code is None and not results:
        return None
    instruments = queries.instruments_for_otit(session, inspection.id)
    return {"inspection": inspection, "results": results, "instruments": instruments}


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    add_nav(app, N_("合同検査"), "joint.index", 12)
    add_list(app, "joint.index", N_("合同検査"), JointFilterForm)
    add_panel(app, Panel("inspection", 40, "inspections/joint/panel.html", _panel))
