"""Logging a visit, and the visits on the inspection's page."""

from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug import Response

from inspections.scheduling.models import Inspection
from inspections.violations.presenting import finding_choices
from inspections.violations.states import Authority
from inspections.visits.charge import in_charge
from inspections.visits.forms import VisitForm
from inspections.visits.queries import inspection_in_scope, visits_of
from inspections.visits.services import VISITABLE, FindingRefused, log_visit
from otit.auth.access import allow, current_actor
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.errors import RuleViolation, StateConflict
from otit.web.clock import clock
from otit.web.panels import Panel, add_panel

bp = Blueprint("visits", __name__)


@bp.route("/inspections/<int:inspection_id>/visits/new", methods=["GET", "POST"])
@allow(Permission.LOG_VISITS)
def new(inspection_id: int) -> str | Response | tuple[str, int]:
    inspection = inspection_in_scope(db.session(), current_actor(), inspection_id)
    today = clock().today()
    form = VisitForm()
    if not form.is_submitted():
        form.visited_on.data = today
    if "more" in request.form:
        form.add_rows()
    form.offer(finding_choices(inspection.organization.kind, Authority.OTIT, today))
    if not form.is_submitted() or "more" in request.form:
        return _page(inspection, form)
    if form.validate() and _log(inspection, form):
        flash(_("訪問を記録しました。"), "success")
        return redirect(url_for("inspections.detail", inspection_id=inspection_id), 303)
    return _page(inspection, form), 422


def _log(inspection: Inspection, form: VisitForm) -> bool:
    now = clock().now()
    try:
        form.expect_version(inspection)
        log_visit(db.session(), current_actor(), inspection, form.report(), now=now, today=clock().today())
    except FindingRefused as error:
        form.refuse_finding(error)
    except (RuleViolation, StateConflict) as error:
        form.refuse(error)
    else:
        return True
    return False


def _page(inspection: Inspection, form: VisitForm) -> str:
    return render_template("inspections/visits/new.html", inspection=inspection, form=form)


def _panel(session: Session, actor: Actor, inspection: Inspection) -> dict[str, Any] | None:
    if not actor.can(Permission.VIEW_INSPECTIONS):
        return None
    may_log = actor.can(Permission.LOG_VISITS) and in_charge(actor, inspection) and inspection.state in VISITABLE
    return {"inspection": inspection, "visits": visits_of(session, inspection.id), "may_log": may_log}


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    add_panel(app, Panel("inspection", 10, "inspections/visits/panel.html", _panel))
