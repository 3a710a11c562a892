"""Pages of inspections: the list, one inspection, and the acts before it starts."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from inspections.scheduling import queries, services
from inspections.scheduling.due import reason
from inspections.scheduling.forms import (
    USUAL_DAYS,
    AssignForm,
    CancelForm,
    DemandForm,
    InspectionFilterForm,
    JointForm,
    TransferForm,
)
from inspections.scheduling.models import Inspection
from inspections.scheduling.states import OPEN_STATES, InspectionAct
from organizations.register.part_queries import places_of
from organizations.register.queries import get_organization
from otit.auth.access import allow, current_actor
from otit.auth.permissions import Permission, Role
from otit.db import db
from otit.web.clock import clock
from otit.web.forms import BaseForm
from otit.web.intake import named_record
from otit.web.panels import load_panels

bp = Blueprint("inspections", __name__, url_prefix="/inspections")

Answer = str | Response | tuple[str, int]


@bp.get("", endpoint="index")
@allow(Permission.VIEW_INSPECTIONS)
def list_page() -> str:
    session, actor, today = db.session(), current_actor(), clock().today()
    form = InspectionFilterForm.for_actor(actor)
    listing = queries.inspection_list(actor, form.wanted(), today)
    page, (total, exact) = listing.read(session, form.cursor())
    return render_template(
        "inspections/scheduling/list.html",
        form=form,
        page=page,
        total=total,
        exact=exact,
        visits=queries.planned_for(session, actor, today) if actor.role is Role.INSPECTOR else [],
        reason_of=_reason,
        open_states=OPEN_STATES,
    )


@bp.get("/<int:inspection_id>")
@allow(Permission.VIEW_INSPECTIONS)
def detail(inspection_id: int) -> str:
    session, actor = db.session(), current_actor()
    inspection = queries.get_inspection(session, actor, inspection_id)
    return render_template(
        "inspections/scheduling/inspection.html",
        inspection=inspection,
        reason=_reason(inspection),
        previous=queries.previous_done(session, actor, inspection),
        acts={act for act in InspectionAct if services.may(actor, inspection, act)},
        Act=InspectionAct,
        open_states=OPEN_STATES,
        panels=load_panels("inspection", session, actor, inspection),
    )


@bp.route("/<int:inspection_id>/assign", methods=["GET", "POST"])
@allow(Permission.ASSIGN_INSPECTIONS)
def assign(inspection_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    inspection = queries.get_inspection(session, actor, inspection_id)
    inspectors = {str(user.id): user for user in queries.inspectors_of(session, inspection.office_code)}
    form = AssignForm(
        assignee=str(inspection.assigned_to_id or ""),
        planned_on=inspection.planned_on,
        notice="announced" if inspection.announced else "unannounced",
    )
    form.assignee.choices = [
        ("", _("選択してください")),
        *((key, user.display_name) for key, user in inspectors.items()),
    ]

    def act() -> None:
        services.assign(
            session,
            actor,
            inspection,
            assignee=inspectors[form.assignee.data],
            planned_on=form.planned_on.data,
            announced=form.announced,
            today=clock().today(),
        )

    return _act_page("assign", inspection, form, act, _("担当を決めました。"))


@bp.route("/<int:inspection_id>/transfer", methods=["GET", "POST"])
@allow(Permission.ASSIGN_INSPECTIONS)
def transfer(inspection_id: int) -> Answer:
    session, actor, today = db.session(), current_actor(), clock().today()
    inspection = queries.get_inspection(session, actor, inspection_id)
    form = TransferForm()
    places = places_of(session, inspection.organization_id)
    form.offer(inspection.office_code, (one for one in places if one.ends_on is None or one.ends_on >= today))

    def act() -> None:
        reason = form.reason.data or ""
        services.transfer(session, actor, inspection, office_code=form.office.data, reason=reason)

    return _act_page("transfer", inspection, form, act, _("検査を別の事務所に渡しました。"))


@bp.route("/<int:inspection_id>/joint", methods=["GET", "POST"])
@allow(Permission.ASSIGN_INSPECTIONS)
def joint(inspection_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    inspection = queries.get_inspection(session, actor, inspection_id)
    form = JointForm(bureau_code=inspection.organization.prefecture_code)

    def act() -> None:
        services.plan_joint(session, actor, inspection, bureau_code=form.bureau_code.data)

    return _act_page("joint", inspection, form, act, _("合同検査にしました。労働局からこの検査が見えます。"))


@bp.post("/<int:inspection_id>/end-joint")
@allow(Permission.ASSIGN_INSPECTIONS)
def end_joint(inspection_id: int) -> Response:
    session, actor = db.session(), current_actor()
    inspection = queries.get_inspection(session, actor, inspection_id)
    form = BaseForm()
    form.validate()
    form.expect_version(inspection)
    services.end_joint(session, actor, inspection)
    flash(_("合同検査をやめました。"), "success")
    return redirect(url_for("inspections.detail", inspection_id=inspection.id), 303)


@bp.route("/<int:inspection_id>/cancel", methods=["GET", "POST"])
@allow(Permission.ASSIGN_INSPECTIONS)
def cancel(inspection_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    inspection = queries.get_inspection(session, actor, inspection_id)
    form = CancelForm()

    def act() -> None:
        services.cancel(session, actor, inspection, reason=form.reason.data or "", today=clock().today())

    return _act_page("cancel", inspection, form, act, _("検査を取りやめました。"))


@bp.route("/new", methods=["GET", "POST"])
@allow(Permission.ASSIGN_INSPECTIONS)
def demand() -> Answer:
    session, actor, today = db.session(), current_actor(), clock().today()
    organization = get_organization(session, actor, named_record("organization"))
    form = DemandForm(due_on=today + USUAL_DAYS)
    if form.validate_on_submit() and form.due_on.data:
        with form.refusals():
            inspection = services.demand_inspection(
                session,
                actor,
                organization,
                reason=form.reason.data or "",
                due_on=form.due_on.data,
                now=clock().now(),
                today=today,
            )
            flash(_("臨時の検査を計画しました。"), "success")
            return redirect(url_for("inspections.detail", inspection_id=inspection.id), 303)
    return form.page("inspections/scheduling/demand.html", organization=organization)


def _act_page(name: str, inspection: Inspection, form: BaseForm, act: Callable[[], None], done: str) -> Answer:
    """A form for one act: shown, sent, refused or done."""
    if form.validate_on_submit():
        form.expect_version(inspection)
        with form.refusals():
            act()
            flash(done, "success")
            return redirect(url_for("inspections.detail", inspection_id=inspection.id), 303)
    return form.page(f"inspections/scheduling/{name}.html", inspection=inspection)


def _reason(inspection: Inspection | queries.PlannedVisit) -> object:
    return reason(inspection.due_basis, inspection.due_basis_on, inspection.cycle, inspection.demand)
