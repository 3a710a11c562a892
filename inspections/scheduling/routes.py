"""Running the schedule by hand, and everything this subject adds to the application."""

from collections.abc import Sequence
from typing import Any

from flask import Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug import Response

from inspections.scheduling import jobs, queries
from inspections.scheduling.commands import schedule_command
from inspections.scheduling.due import reason
from inspections.scheduling.forms import InspectionFilterForm
from inspections.scheduling.inspection_routes import bp
from inspections.scheduling.planning import SAMPLE_SIZE, schedule
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.auth.access import allow, current_actor
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.jobs.queue import enqueue
from otit.saved_lists.registry import add_list
from otit.text import N_
from otit.web.clock import clock
from otit.web.list_columns import Cells, ColumnProvider, ListColumn, add_columns
from otit.web.navigation import add_nav
from otit.web.panels import Panel, add_panel


@bp.get("/schedule")
@allow(Permission.RUN_SCHEDULE)
def foresee() -> str:
    """What a run would plan now: counts for the reader's offices and the first few by due date."""
    session, actor = db.session(), current_actor()
    result = schedule(session, actor, as_of=clock().today(), now=clock().now(), dry_run=True)
    return render_template(
        "inspections/scheduling/schedule.html",
        result=result,
        kinds=list(OrganizationKind),
        sample_size=SAMPLE_SIZE,
        reason_of=lambda row: reason(row.basis, row.basis_on, row.cycle),
    )


@bp.post("/schedule")
@allow(Permission.RUN_SCHEDULE)
def run_schedule() -> Response:
    session, actor = db.session(), current_actor()
    run = enqueue(session, jobs.KIND, {"business_date": clock().today().isoformat()}, actor)
    flash(_("検査の計画を始めました。"), "success")
    return redirect(url_for("jobs.show", run_id=run.id), 303)


def _panel(session: Session, actor: Actor, organization: Organization) -> dict[str, Any] | None:
    if not actor.can(Permission.VIEW_INSPECTIONS):
        return None
    return {
        "organization": organization,
        "inspections": queries.of_organization(session, actor, organization.id),
        "recent": queries.RECENT,
        "may_demand": actor.can(Permission.ASSIGN_INSPECTIONS) and actor.covers_office(organization.office_code),
    }


def _cells(session: Session, actor: Actor, ids: Sequence[int]) -> Cells | None:
    return queries.due_and_last(session, actor, ids) if actor.can(Permission.VIEW_INSPECTIONS) else None


_COLUMNS = (ListColumn(N_("検査の期限"), "due"), ListColumn(N_("前回の実地検査"), "date"))


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    app.cli.add_command(schedule_command)
    add_nav(app, N_("実地検査"), "inspections.index", 10)
    add_list(app, "inspections.index", N_("実地検査"), InspectionFilterForm)
    add_panel(app, Panel("organization", 10, "inspections/scheduling/organization_panel.html", _panel))
    add_columns(app, ColumnProvider("organizations", 10, _COLUMNS, _cells))
