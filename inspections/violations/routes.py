"""One more violation, escalation without an instrument, and violations on the pages of inspection and organization."""

from typing import Any

from flask import Blueprint, Flask, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug import Response

from inspections.scheduling.models import Inspection
from inspections.violations import queries
from inspections.violations.forms import ReasonForm, ViolationForm
from inspections.violations.presenting import finding_choices, shown
from inspections.violations.services import FINDABLE, escalate, record_violation
from inspections.violations.states import Authority, ViolationState
from inspections.visits.charge import in_charge
from inspections.visits.models import Visit
from inspections.visits.queries import carried_out, inspection_in_scope
from organizations.register.models import Organization
from otit.auth.access import allow, current_actor
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.errors import RuleViolation, StateConflict
from otit.text import N_
from otit.web.clock import clock
from otit.web.forms import SelectChoice, given
from otit.web.messages import date_text
from otit.web.panels import Panel, add_panel

bp = Blueprint("violations", __name__)
SHOWN = 20


@bp.route("/inspections/<int:inspection_id>/violations/new", methods=["GET", "POST"])
@allow(Permission.LOG_VISITS)
def new(inspection_id: int) -> str | Response | tuple[str, int]:
    session = db.session()
    inspection = inspection_in_scope(session, current_actor(), inspection_id)
    visits = carried_out(session, inspection_id)
    if not visits:
        raise StateConflict(N_("実施した訪問がまだないため、違反を追加できません。"))
    form = ViolationForm()
    if not form.is_submitted():
        form.visit.data, form.fact_on.data = visits[0].id, visits[0].visited_on
    form.offer(
        finding_choices(inspection.organization.kind, Authority.OTIT, clock().today()),
        [SelectChoice(value=str(visit.id), label=date_text(visit.visited_on)) for visit in visits],
    )
    if form.validate_on_submit() and _record(visits, form):
        flash(_("違反を記録しました。"), "success")
        return redirect(url_for("inspections.detail", inspection_id=inspection_id), 303)
    return form.page("inspections/violations/new.html", inspection=inspection)


def _record(visits: list[Visit], form: ViolationForm) -> bool:
    visit = next(row for row in visits if row.id == form.visit.data)
    try:
        record_violation(db.session(), current_actor(), visit, form.content(), now=clock().now())
    except (RuleViolation, StateConflict) as error:
        form.refuse(error)
        return False
    return True


@bp.get("/violations/<int:violation_id>")
@allow(Permission.VIEW_INSPECTIONS)
def detail(violation_id: int) -> Response:
    """A violation is shown on the page of its inspection."""
    violation = queries.get_violation(db.session(), current_actor(), violation_id)
    url = url_for("inspections.detail", inspection_id=violation.inspection_id, _anchor="violations-title")
    return redirect(url)


@bp.route("/violations/<int:violation_id>/escalate", methods=["GET", "POST"], endpoint="escalate")
@allow(Permission.ISSUE_INSTRUMENTS)
def escalate_act(violation_id: int) -> str | Response | tuple[str, int]:
    session, actor = db.session(), current_actor()
    violation = queries.get_violation(session, actor, violation_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            form.expect_version(violation)
            escalate(session, actor, violation, reason=given(form.reason.data))
            flash(_("違反を処分手続へ移しました。"), "success")
            return redirect(url_for("inspections.detail", inspection_id=violation.inspection_id), 303)
    return form.page("inspections/violations/escalate.html", row=shown([violation])[0])


def _inspection_panel(session: Session, actor: Actor, inspection: Inspection) -> dict[str, Any] | None:
    if not actor.can(Permission.VIEW_INSPECTIONS) or inspection.state not in FINDABLE:
        return None
    acting = in_charge(actor, inspection)
    return {
        "inspection": inspection,
        "rows": shown(queries.violations_of(session, actor, inspection.id)),
        "may_add": acting and actor.can(Permission.LOG_VISITS),
        "may_escalate": acting and actor.can(Permission.ISSUE_INSTRUMENTS),
        "open_state": ViolationState.OPEN,
    }


def _organization_panel(session: Session, actor: Actor, organization: Organization) -> dict[str, Any] | None:
    if not actor.can(Permission.VIEW_INSPECTIONS):
        return None
    found = queries.open_of_organization(session, actor, organization.id, SHOWN + 1)
    return {"rows": shown(found[:SHOWN]), "more": len(found) > SHOWN}


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    add_panel(app, Panel("inspection", 20, "inspections/violations/panel.html", _inspection_panel))
    add_panel(app, Panel("organization", 20, "inspections/violations/organization_panel.html", _organization_panel))
