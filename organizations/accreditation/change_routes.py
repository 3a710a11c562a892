"""Pages of changes of accredited plans: application, notice of a minor one, one change, and the decision."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug import Response

from organizations.accreditation import changes, queries
from organizations.accreditation.changes import ChangeFacts
from organizations.accreditation.forms import (
    AccreditForm,
    ChangeForm,
    DecisionForm,
    MinorChangeForm,
    RefusalForm,
)
from organizations.accreditation.models import PlanChange
from organizations.accreditation.numbers import read_occupation
from organizations.accreditation.presenting import moved, told_to
from organizations.accreditation.states import ApplicationAct, ChangeState
from organizations.plans.models import TrainingPlan
from organizations.plans.queries import get_plan
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from organizations.sending.models import SendingOrganization
from otit.auth.access import allow, current_actor
from otit.auth.actors import Actor
from otit.auth.amendments import corrections_of
from otit.auth.permissions import Permission
from otit.db import db
from otit.findings import Finding, restored
from otit.text import N_
from otit.web.acts import ActPage, put_right
from otit.web.clock import clock

Answer = str | Response | tuple[str, int]

bp = Blueprint("plan_changes", __name__)


def _accredit(session: Session, actor: Actor, row: PlanChange, form: AccreditForm, now: datetime) -> None:
    changes.accredit_change(session, actor, row, on=form.on.day, reason=form.reason.data or "", now=now)


def _refuse(session: Session, actor: Actor, row: PlanChange, form: RefusalForm, now: datetime) -> None:
    changes.refuse_change(session, actor, row, on=form.on.day, reason=form.reason.data or "", now=now)


def _withdraw(session: Session, actor: Actor, row: PlanChange, form: DecisionForm, now: datetime) -> None:
    changes.withdraw_change(session, actor, row, on=form.on.day, now=now)


PAGES: dict[str, ActPage[ApplicationAct, PlanChange]] = {
    "accreditation": ActPage(ApplicationAct.ACCREDIT, AccreditForm, N_("変更を認定しました。"), _accredit),
    "refusal": ActPage(ApplicationAct.REFUSE, RefusalForm, N_("変更の不認定を記録しました。"), _refuse),
    "withdrawal": ActPage(ApplicationAct.WITHDRAW, DecisionForm, N_("申請の取下げを記録しました。"), _withdraw),
}


@bp.route("/plans/<int:plan_id>/changes/new", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def new(plan_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    plan = get_plan(session, actor, plan_id)
    form = ChangeForm(applied_on=clock().today())
    if form.validate_on_submit():
        form.expect_version(plan)
        with form.refusals():
            facts = _facts(session, actor, form)
            change = changes.apply_for_change(session, actor, plan, facts, now=clock().now()) if facts else None
            if change is not None:
                flash(_("変更の申請を受け付けました。"), "success")
                return _to_change(change)
    return form.page("organizations/accreditation/change_new.html", plan=plan, recorded={})


@bp.route("/plans/<int:plan_id>/changes/minor", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def minor(plan_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    plan = get_plan(session, actor, plan_id)
    form = MinorChangeForm(applied_on=clock().today())
    if form.validate_on_submit():
        facts = ChangeFacts(form.applied_on.day, form.changed_on.day, form.summary.data or "")
        with form.refusals():
            change = changes.note_minor_change(session, actor, plan, facts, now=clock().now())
            flash(_("軽微な変更の届出を記録しました。"), "success")
            return _to_change(change)
    return form.page("organizations/accreditation/change_minor.html", plan=plan)


@bp.route("/plan-changes/<int:plan_change_id>/correction", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def correct(plan_change_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    change = queries.get_change(session, actor, plan_change_id)
    recorded = {
        "supervising": changes.new_supervisor(session, change),
        "sending": changes.new_sender(session, change),
    }
    form = _filled(session, actor, change, recorded)
    form.expect_version(change)
    changes.check_act(actor, change, ApplicationAct.CORRECT)
    correct = partial(changes.correct_change, session, actor, change, now=clock().now())
    if put_right(form, lambda: _facts(session, actor, form), correct):
        return _to_change(change)
    template = "organizations/accreditation/change_correct.html"
    return form.page(template, change=change, plan=change.plan, recorded=recorded)


@bp.get("/plan-changes/<int:plan_change_id>")
@allow(Permission.VIEW_REGISTERS)
def detail(plan_change_id: int) -> str:
    session, actor = db.session(), current_actor()
    change = queries.get_change(session, actor, plan_change_id)
    return render_template(
        "organizations/accreditation/change.html",
        change=change,
        moved=moved(session, [change]).get(change.id, []),
        findings=told_to(actor, change.plan.implementing_organization, _findings(session, change)),
        may_correct=changes.may(actor, change, ApplicationAct.CORRECT),
        corrections=corrections_of(session, change, changes.CORRECTED),
        acts=[
            (page.act, url_for("plan_changes.act", plan_change_id=change.id, name=name))
            for name, page in PAGES.items()
            if changes.may(actor, change, page.act)
        ],
    )


@bp.route(
    "/plan-changes/<int:plan_change_id>/<any(accreditation, refusal, withdrawal):name>",
    methods=["GET", "POST"],
)
@allow(Permission.ACCREDIT_PLANS, Permission.MAINTAIN_REGISTERS)
def act(plan_change_id: int, name: str) -> Answer:
    session, actor, page = db.session(), current_actor(), PAGES[name]
    change = queries.get_change(session, actor, plan_change_id)
    form = page.form(on=clock().today())
    form.expect_version(change)
    changes.check_act(actor, change, page.act)
    if page.perform(actor, change, form):
        return _to_change(change)
    return form.page(
        "organizations/accreditation/act.html",
        act=page.act,
        record=change,
        number=change.plan.number,
        back=url_for("plan_changes.detail", plan_change_id=change.id),
        findings=_findings(session, change, form.on.data) if page.act is not ApplicationAct.WITHDRAW else [],
    )


def _findings(session: Session, change: PlanChange, on: date | None = None) -> list[Finding]:
    """For a decision on that day, else today, until it is decided; then as they were."""
    if change.state is not ChangeState.APPLIED:
        return restored(change.warnings)
    today = clock().today()
    return changes.findings_of(session, change, on=on or today, today=today)


def _filled(
    session: Session, actor: Actor, change: PlanChange, bodies: Mapping[str, Organization | SendingOrganization | None]
) -> ChangeForm:
    """The form of the receipt with what is recorded."""
    new = {name: value for name, value in changes.values(change).items() if name not in changes.BODIES}
    form = ChangeForm(applied_on=change.applied_on, changed_on=change.changed_on, summary=change.summary, **new)
    for name, body in bodies.items():
        form.fill(session, actor, name, body)
    return form


def _facts(session: Session, actor: Actor, form: ChangeForm) -> ChangeFacts | None:
    """What was filled in. None when a body is not there or still in doubt: the form says so."""
    new = form.days_and_code(read_occupation(form.occupation_code.data))
    kind = OrganizationKind.SUPERVISING
    supervising = form.settle_organization(session, actor, "supervising", kind, anywhere=True)
    sending = form.settle_sender(session, "sending")
    if form.errors:
        return None
    for column, body in (("supervising_organization_id", supervising), ("sending_organization_id", sending)):
        if body is not None:
            new[column] = body.id
    return ChangeFacts(form.applied_on.day, form.changed_on.day, form.summary.data or "", new)


def _to_change(change: PlanChange) -> Response:
    return redirect(url_for("plan_changes.detail", plan_change_id=change.id), 303)


def acts_of(actor: Actor, plan: TrainingPlan) -> list[tuple[str, str]]:
    """(what to do, address) about changes, for the page of the plan."""
    if not changes.may_change(actor, plan):
        return []
    return [
        (_("変更の認定の申請を受け付ける"), url_for("plan_changes.new", plan_id=plan.id)),
        (_("軽微な変更の届出を記録する"), url_for("plan_changes.minor", plan_id=plan.id)),
    ]
