"""Pages of the applications for accreditation: list, receipt, one application, and the decision."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug import Response

from organizations.accreditation import change_routes, corrections, queries, services
from organizations.accreditation.examination import bars_of
from organizations.accreditation.forms import (
    AccreditForm,
    ApplicationFilterForm,
    ApplicationForm,
    CorrectionForm,
    DecisionForm,
    RefusalForm,
)
from organizations.accreditation.models import PlanApplication
from organizations.accreditation.numbers import read_occupation
from organizations.accreditation.presenting import told_to
from organizations.accreditation.services import Received
from organizations.accreditation.states import ApplicationAct, ApplicationState
from organizations.occupations.queries import occupation_names
from organizations.register.models import Organization
from organizations.register.parties import as_typed
from organizations.register.queries import get_organization
from organizations.register.states import BusinessStatus, OrganizationKind
from organizations.sending.models import SendingOrganization
from organizations.trainees.services import TraineeDetails
from otit.auth.access import allow, current_actor
from otit.auth.actors import Actor
from otit.auth.amendments import corrections_of
from otit.auth.permissions import Permission
from otit.db import db
from otit.errors import RuleViolation
from otit.findings import Finding, restored
from otit.text import N_
from otit.web.acts import ActPage, put_right
from otit.web.clock import clock
from otit.web.forms import given
from otit.web.intake import named_record
from otit.web.navigation import add_nav
from otit.web.panels import Panel, add_panel

Answer = str | Response | tuple[str, int]

bp = Blueprint("plan_applications", __name__, url_prefix="/plan-applications")


def _accredit(session: Session, actor: Actor, row: PlanApplication, form: AccreditForm, now: datetime) -> None:
    services.accredit(session, actor, row, on=form.on.day, reason=form.reason.data or "", now=now)


def _refuse(session: Session, actor: Actor, row: PlanApplication, form: RefusalForm, now: datetime) -> None:
    services.refuse(session, actor, row, on=form.on.day, reason=form.reason.data or "", now=now)


def _withdraw(session: Session, actor: Actor, row: PlanApplication, form: DecisionForm, now: datetime) -> None:
    services.withdraw(session, actor, row, on=form.on.day, now=now)


PAGES: dict[str, ActPage[ApplicationAct, PlanApplication]] = {
    "accreditation": ActPage(ApplicationAct.ACCREDIT, AccreditForm, N_("計画を認定しました。"), _accredit),
    "refusal": ActPage(ApplicationAct.REFUSE, RefusalForm, N_("不認定を記録しました。"), _refuse),
    "withdrawal": ActPage(ApplicationAct.WITHDRAW, DecisionForm, N_("申請の取下げを記録しました。"), _withdraw),
}


@bp.get("")
@allow(Permission.VIEW_REGISTERS)
def index() -> str:
    session, form = db.session(), ApplicationFilterForm.from_address()
    listing = queries.application_list(current_actor(), form.wanted())
    total, exact = listing.count(session)
    page = listing.page(session, form.cursor())
    return render_template("organizations/accreditation/list.html", form=form, page=page, total=total, exact=exact)


@bp.route("/new", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def new() -> Answer:
    session, actor = db.session(), current_actor()
    one = named_record("organization")
    body = None if one is None else get_organization(session, actor, one)
    form = ApplicationForm(applied_on=clock().today(), **_prefilled(body))
    if form.validate_on_submit():
        with form.refusals():
            received = _received(session, actor, form)
            application = services.receive(session, actor, received, now=clock().now()) if received else None
            if application is not None:
                flash(_("認定の申請を受け付けました。"), "success")
                return _to_application(application)
    bars = [] if body is None else bars_of(session, body, clock().today())
    return form.page("organizations/accreditation/new.html", recorded={}, body=body, bars=bars)


@bp.route("/<int:plan_application_id>/correction", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def correct(plan_application_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    application = queries.get_application(session, actor, plan_application_id)
    recorded = {
        "implementing": application.implementing_organization,
        "supervising": application.supervising_organization,
        "sending": application.sending_organization,
    }
    form = _filled(session, actor, application, recorded)
    form.expect_version(application)
    services.check_act(actor, application, ApplicationAct.CORRECT)
    correct = partial(corrections.correct, session, actor, application, now=clock().now())
    if put_right(form, lambda: _received(session, actor, form), correct):
        return _to_application(application)
    return form.page("organizations/accreditation/correct.html", application=application, recorded=recorded)


@bp.get("/<int:plan_application_id>")
@allow(Permission.VIEW_REGISTERS)
def detail(plan_application_id: int) -> str:
    session, actor = db.session(), current_actor()
    application = queries.get_application(session, actor, plan_application_id)
    bodies = (application.implementing_organization, application.supervising_organization)
    names = occupation_names(session, [application.occupation_code], application.starts_on, application.scheme)
    return render_template(
        "organizations/accreditation/application.html",
        application=application,
        occupation=names.get(application.occupation_code or ""),
        findings=told_to(actor, application.implementing_organization, _findings(session, application)),
        acts=[
            (page.act, url_for("plan_applications.act", plan_application_id=application.id, name=name))
            for name, page in PAGES.items()
            if services.may(actor, application, page.act)
        ],
        may_correct=services.may(actor, application, ApplicationAct.CORRECT),
        corrections=corrections_of(session, application, corrections.ACTION),
        may_enter_trainee=actor.can(Permission.MAINTAIN_REGISTERS)
        and actor.covers_office(application.implementing_organization.office_code),
        seen={body.id for body in bodies if body is not None and actor.covers_office(body.office_code)},
    )


@bp.route(
    "/<int:plan_application_id>/<any(accreditation, refusal, withdrawal):name>",
    methods=["GET", "POST"],
)
@allow(Permission.ACCREDIT_PLANS, Permission.MAINTAIN_REGISTERS)
def act(plan_application_id: int, name: str) -> Answer:
    session, actor, page = db.session(), current_actor(), PAGES[name]
    application = queries.get_application(session, actor, plan_application_id)
    form = page.form(on=clock().today())
    form.expect_version(application)
    services.check_act(actor, application, page.act)
    if page.perform(actor, application, form):
        return _to_application(application)
    decides = page.act is not ApplicationAct.WITHDRAW
    return form.page(
        "organizations/accreditation/act.html",
        act=page.act,
        record=application,
        number=application.number,
        back=url_for("plan_applications.detail", plan_application_id=application.id),
        findings=_findings(session, application, form.on.data) if decides else [],
    )


def _findings(session: Session, application: PlanApplication, on: date | None = None) -> list[Finding]:
    """For a decision on that day, else today, until it is decided; then as they were."""
    if application.state is not ApplicationState.APPLIED:
        return restored(application.warnings)
    today = clock().today()
    return services.findings_of(session, application, on=on or today, today=today)


def _filled(
    session: Session,
    actor: Actor,
    application: PlanApplication,
    bodies: Mapping[str, Organization | SendingOrganization | None],
) -> CorrectionForm:
    """The form of the receipt with what is recorded."""
    names = ("applied_on", "number", "category", "starts_on", "ends_on", "occupation_code", "nationality")
    form = CorrectionForm(**{name: getattr(application, name) for name in names})
    for name, body in bodies.items():
        form.fill(session, actor, name, body, scoped=name == "implementing")
    return form


def _prefilled(body: Organization | None) -> dict[str, str]:
    if body is None:
        return {}
    role = "supervising" if body.kind is OrganizationKind.SUPERVISING else "implementing"
    return {role: as_typed(body)}


def _received(session: Session, actor: Actor, form: CorrectionForm) -> Received | None:
    """What was filled in. None when a body is not there or still in doubt: the form says so."""
    implementing = form.settle_organization(session, actor, "implementing", OrganizationKind.IMPLEMENTING)
    supervising = form.settle_organization(session, actor, "supervising", OrganizationKind.SUPERVISING, anywhere=True)
    sending = form.settle_sender(session, "sending")
    code = read_occupation(form.occupation_code.data)
    trainee = _trainee(form) if isinstance(form, ApplicationForm) else None
    if form.errors or implementing is None:
        return None
    return Received(
        category=form.category.data,
        implementing=implementing,
        supervising=supervising,
        sending=sending,
        occupation_code=code,
        nationality=form.nationality.data or None,
        applied_on=form.applied_on.day,
        starts_on=form.starts_on.day,
        ends_on=form.ends_on.day,
        number=form.number.data or None,
        trainee=trainee,
    )


def _trainee(form: ApplicationForm) -> TraineeDetails | None:
    """Name, birth date and nationality, or none of name and birth date."""
    name, born_on, nationality = form.trainee_name.data, form.trainee_born_on.data, form.nationality.data
    if not name and born_on is None:
        return None
    missing = {"trainee_name": name, "trainee_born_on": born_on, "nationality": nationality}
    for field, value in missing.items():
        if not value:
            message = N_("技能実習生を登録するときは、氏名、生年月日、国籍を入力してください。")
            raise RuleViolation(message, field=field)
    return TraineeDetails(name or "", given(born_on), nationality)


def _to_application(application: PlanApplication) -> Response:
    return redirect(url_for("plan_applications.detail", plan_application_id=application.id), 303)


def _panel(session: Session, actor: Actor, organization: Organization) -> dict[str, Any] | None:
    rows = queries.of_organization(session, actor, organization.id)
    in_charge = actor.can(Permission.MAINTAIN_REGISTERS) and actor.covers_office(organization.office_code)
    if not rows and not in_charge:
        return None
    bars = bars_of(session, organization, clock().today()) if in_charge else []
    open_ = organization.status is not BusinessStatus.CLOSED  # what a bar refuses is received all the same
    return {"rows": rows, "organization": organization, "may_receive": in_charge and open_, "bars": bars}


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_blueprint(change_routes.bp)
    add_nav(app, N_("計画の認定申請"), "plan_applications.index", 27)
    add_panel(app, Panel("organization", 60, "organizations/accreditation/_panel.html", _panel))
