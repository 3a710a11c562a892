"""The acts on an application, each with its own page: facts found, grant, refusal, withdrawal, correction."""

from datetime import datetime, timedelta
from functools import partial

from flask import Blueprint, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from organizations.licensing import corrections, decisions, queries, services
from organizations.licensing.corrections import Correction
from organizations.licensing.decisions import Decision
from organizations.licensing.forms import (
    CorrectionForm,
    DecisionForm,
    FactsForm,
    GrantForm,
    RefuseForm,
    WithdrawForm,
    offer_years,
)
from organizations.licensing.models import LicenseApplication
from organizations.licensing.states import ApplicationAct, ApplicationPurpose
from organizations.register.states import OrganizationKind
from otit.auth.access import allow, current_actor
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import today
from otit.db import db
from otit.findings import Finding
from otit.law.authority import license_authority
from otit.law.schemes import DATES
from otit.text import N_
from otit.web.acts import ActPage, put_right
from otit.web.clock import clock
from otit.web.forms import BaseForm

bp = Blueprint("license_application_acts", __name__, url_prefix="/license-applications")


def _facts(session: Session, actor: Actor, application: LicenseApplication, form: FactsForm, now: datetime) -> None:
    text = form.text.data or ""
    services.find_facts(session, actor, application, on=form.on.day, text=text, day=today(now))


def _withdraw(
    session: Session, actor: Actor, application: LicenseApplication, form: WithdrawForm, now: datetime
) -> None:
    services.withdraw(session, actor, application, on=form.on.day, day=today(now))


def _grant(session: Session, actor: Actor, application: LicenseApplication, form: GrantForm, now: datetime) -> None:
    valid_from = form.valid_from.data if "valid_from" in form else None
    decisions.grant(session, actor, application, _decision(form), years=form.years.data, valid_from=valid_from, now=now)


def _refuse(session: Session, actor: Actor, application: LicenseApplication, form: RefuseForm, now: datetime) -> None:
    decisions.refuse(session, actor, application, _decision(form), reason=form.reason.data or "", now=now)


def _decision(form: DecisionForm) -> Decision:
    return Decision(form.authority.data, form.decided_on.day, form.document_number.data or None, form.seen)


Page = ActPage[ApplicationAct, LicenseApplication]
PAGES: dict[str, Page] = {
    "facts": ActPage(
        ApplicationAct.FIND_FACTS, FactsForm, N_("調査の結果を記録しました。"), _facts, title=N_("調査の結果を記録する")
    ),
    "grant": ActPage(ApplicationAct.GRANT, GrantForm, N_("許可を記録しました。"), _grant, title=N_("許可を記録する")),
    "refusal": ActPage(
        ApplicationAct.REFUSE, RefuseForm, N_("不許可を記録しました。"), _refuse, True, N_("不許可を記録する")
    ),
    "withdrawal": ActPage(
        ApplicationAct.WITHDRAW,
        WithdrawForm,
        N_("申請の取下げを記録しました。"),
        _withdraw,
        True,
        N_("取下げを記録する"),
    ),
}


def open_acts(actor: Actor, application: LicenseApplication) -> list[tuple[Page, str]]:
    """(page, address) of what this person may do now, what moves the application on first."""
    return [
        (page, url_for("license_application_acts.act", license_application_id=application.id, name=name))
        for name, page in PAGES.items()
        if services.may(actor, application, page.act)
    ]


@bp.route("/<int:license_application_id>/<any(facts, grant, refusal, withdrawal):name>", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS, Permission.RECORD_DECISIONS)
def act(license_application_id: int, name: str) -> str | Response | tuple[str, int]:
    session, actor, page = db.session(), current_actor(), PAGES[name]
    application = queries.get_application(session, actor, license_application_id)
    form = _form(page, application)
    form.expect_version(application)
    services.check_act(actor, application, page.act)
    if page.perform(actor, application, form):
        return _to_application(application)
    found = _findings(session, application, form)
    if isinstance(form, DecisionForm):
        form.confirms(found)
    return form.page("organizations/licensing/act.html", application=application, page=page, findings=found)


@bp.route("/<int:license_application_id>/correction", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def correct(license_application_id: int) -> str | Response | tuple[str, int]:
    session, actor = db.session(), current_actor()
    application = queries.get_application(session, actor, license_application_id)
    form = _filled(session, actor, application)
    form.expect_version(application)
    services.check_act(actor, application, ApplicationAct.CORRECT)
    correct = partial(corrections.correct, session, actor, application, now=clock().now())
    if put_right(form, lambda: _correction(session, actor, form), correct):
        return _to_application(application)
    return form.page("organizations/licensing/correct.html", application=application)


def _to_application(application: LicenseApplication) -> Response:
    return redirect(url_for("license_applications.detail", license_application_id=application.id), 303)


def _filled(session: Session, actor: Actor, application: LicenseApplication) -> CorrectionForm:
    names = ("purpose", "license_class", "applied_on", "number")
    form = CorrectionForm(**{name: getattr(application, name) for name in names})
    form.fill(session, actor, "organization", application.organization, scoped=True)
    return form


def _correction(session: Session, actor: Actor, form: CorrectionForm) -> Correction | None:
    """What was filled in. None when the body is not there or still in doubt: the form says so."""
    organization = form.settle_organization(session, actor, "organization", OrganizationKind.SUPERVISING)
    if organization is None:
        return None
    asked = (form.purpose.data, form.license_class.data, form.applied_on.day, form.number.data or None)
    return Correction(organization, *asked)


def _findings(session: Session, application: LicenseApplication, form: BaseForm) -> list[Finding]:
    """What there is to look at before the decision as the form has it."""
    day = form.decided_on.data if isinstance(form, DecisionForm) else None
    years = form.years.data if isinstance(form, GrantForm) else None
    return services.findings_of(session, application, day or clock().today(), years)


def _form(page: Page, application: LicenseApplication) -> BaseForm:
    """The authority is the one of today, to be checked against the day of the decision."""
    day = clock().today()
    if not issubclass(page.form, DecisionForm):
        return page.form(on=day)
    begins = max(day, DATES[application.scheme].in_force)
    form = page.form(authority=license_authority(day), decided_on=day, valid_from=begins)
    if isinstance(form, GrantForm):
        renewed = application.license if application.purpose is ApplicationPurpose.RENEWAL else None
        starts_on = renewed.expires_on + timedelta(days=1) if renewed else None
        is_first = queries.facts_of(db.session(), application).is_first
        offer_years(form, application.license_class, starts_on, is_first=is_first)
        if renewed is not None:
            del form.valid_from
    return form
