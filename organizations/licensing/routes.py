"""Pages of applications: the list, one application, and taking a new one."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug import Response

from organizations.licenses import queries as licenses
from organizations.licenses.models import License
from organizations.licenses.states import LIVE_STATES, LicenseClass, Scheme
from organizations.licensing import act_routes, corrections, queries
from organizations.licensing.forms import ApplicationFilterForm, ReceiveForm
from organizations.licensing.models import LicenseApplication
from organizations.licensing.rules import Held, bars
from organizations.licensing.services import Request, findings_of, may, receive
from organizations.licensing.states import OPEN_STATES, ApplicationAct, ApplicationPurpose
from organizations.register.models import Organization
from organizations.register.queries import get_organization
from organizations.register.states import OrganizationKind
from otit.auth.access import allow, current_actor
from otit.auth.actors import Actor
from otit.auth.amendments import corrections_of
from otit.auth.permissions import Permission
from otit.db import db
from otit.errors import NotFound
from otit.findings import Finding, restored
from otit.law.authority import DispositionAuthority
from otit.law.citations import citation_en, citation_ja
from otit.law.provisions import cited_provision
from otit.law.schemes import ESD_LICENCE_APPLICATIONS_FROM
from otit.text import NP_
from otit.web.clock import clock
from otit.web.intake import named_record
from otit.web.language import english
from otit.web.messages import translate
from otit.web.navigation import add_nav
from otit.web.panels import Panel, add_panel

bp = Blueprint("license_applications", __name__, url_prefix="/license-applications")

_OTHER_CLASS = {LicenseClass.GENERAL: LicenseClass.SPECIFIC, LicenseClass.SPECIFIC: LicenseClass.GENERAL}


@bp.get("")
@allow(Permission.VIEW_REGISTERS)
def index() -> str:
    session, form = db.session(), ApplicationFilterForm.from_address()
    listing = queries.application_list(current_actor(), form.wanted())
    page, (total, exact) = listing.read(session, form.cursor())
    return render_template("organizations/licensing/list.html", form=form, page=page, total=total, exact=exact)


@bp.get("/<int:license_application_id>")
@allow(Permission.VIEW_REGISTERS)
def detail(license_application_id: int) -> str:
    session, actor = db.session(), current_actor()
    application = queries.get_application(session, actor, license_application_id)
    return render_template(
        "organizations/licensing/application.html",
        application=application,
        article=_article(application),
        authority=DispositionAuthority(application.authority) if application.authority else None,
        findings=_findings(session, application),
        acts=act_routes.open_acts(actor, application),
        may_correct=may(actor, application, ApplicationAct.CORRECT),
        corrections=corrections_of(session, application, corrections.ACTION),
    )


def _article(application: LicenseApplication) -> str:
    found = cited_provision(application.provision_code, application.provision_from)
    return citation_en(found) if english() else citation_ja(found)


def _findings(session: Session, application: LicenseApplication) -> list[Finding]:
    """As they stand now while it is open, as they stood when it was decided."""
    if application.state in OPEN_STATES:
        return findings_of(session, application, clock().today())
    return restored(application.warnings)


@bp.route("/new", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def new() -> str | Response | tuple[str, int]:
    session, actor, form = db.session(), current_actor(), ReceiveForm(applied_on=clock().today())
    organization, license, purpose = _subject(session, actor)
    held = queries.held_by(session, organization.id)
    license_class = _class_asked_for(purpose, license)
    if license_class is not None:
        del form.license_class
    else:
        form.offer(_free_classes(held))
    if form.validate_on_submit():
        wanted = license_class or form.license_class.data
        asked = Request(purpose, wanted, form.applied_on.day, form.number.data or None, license)
        with form.refusals():
            application = receive(session, actor, organization, asked, now=clock().now())
            flash(_("申請を受け付けました。"), "success")
            return redirect(url_for("license_applications.detail", license_application_id=application.id), 303)
    return form.page(
        "organizations/licensing/new.html",
        organization=organization,
        license=license,
        purpose=purpose,
        license_class=license_class,
        bars=bars(organization.status, held, clock().today()),
    )


def _subject(session: Session, actor: Actor) -> tuple[Organization, License | None, ApplicationPurpose]:
    """Of which body, about which licence, and for what; as the address says."""
    key = named_record("license")
    if key is None:
        return get_organization(session, actor, named_record("organization")), None, ApplicationPurpose.NEW
    license = licenses.get_license(session, actor, key)
    purpose = request.args.get("purpose")
    if purpose not in (ApplicationPurpose.RENEWAL, ApplicationPurpose.CLASS_CHANGE):
        raise NotFound()
    return license.organization, license, ApplicationPurpose(purpose)


def _class_asked_for(purpose: ApplicationPurpose, license: License | None) -> LicenseClass | None:
    """Renewal keeps the class, a change leads to the other one; for a new licence the applicant says it (None)."""
    if license is None:
        return None
    if purpose is ApplicationPurpose.RENEWAL:
        return license.license_class
    return _OTHER_CLASS.get(license.license_class, license.license_class)


def _free_classes(held: Sequence[Held]) -> list[LicenseClass]:
    """Of which a body that holds these could hold a new licence: one at a time under each scheme, and none before its
    applications are taken."""
    live, open_now = {one.scheme for one in held if one.live}, [Scheme.TECHNICAL_INTERN_TRAINING]
    if clock().today() >= ESD_LICENCE_APPLICATIONS_FROM:
        open_now.append(Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT)
    return [one for one in LicenseClass if one.scheme in open_now and one.scheme not in live]


def _offer(purpose: ApplicationPurpose) -> str:
    return str(_("%(purpose)sの申請を受け付ける", purpose=translate(purpose.label)))


def _license_panel(session: Session, actor: Actor, license: License) -> dict[str, Any]:
    may_receive = license.state in LIVE_STATES and _may_receive(actor, license.organization)
    held = queries.held_by(session, license.organization_id) if may_receive else []
    against = bars(license.organization.status, held, clock().today()) if may_receive else []
    purposes = [ApplicationPurpose.RENEWAL] if may_receive and not against else []
    if purposes and license.license_class in _OTHER_CLASS:
        purposes.append(ApplicationPurpose.CLASS_CHANGE)
    urls = [
        (_offer(one), url_for("license_applications.new", license=license.id, purpose=one.value)) for one in purposes
    ]
    return {"rows": queries.of_license(session, license.id), "urls": urls, "bars": against}


def _may_receive(actor: Actor, organization: Organization) -> bool:
    return actor.can(Permission.MAINTAIN_REGISTERS) and actor.covers_office(organization.office_code)


def _organization_panel(session: Session, actor: Actor, organization: Organization) -> dict[str, Any] | None:
    if organization.kind is not OrganizationKind.SUPERVISING:
        return None
    may_receive = _may_receive(actor, organization)
    held = queries.held_by(session, organization.id) if may_receive else []
    against = bars(organization.status, held, clock().today()) if may_receive else []
    free = _free_classes(held) if may_receive and not against else []
    text = _offer(ApplicationPurpose.NEW)
    if not any(one.scheme is Scheme.TECHNICAL_INTERN_TRAINING for one in free):
        text = _("育成就労の新規の許可の申請を受け付ける")
    urls = [(text, url_for("license_applications.new", organization=organization.id))] if free else []
    return {"rows": queries.of_organization(session, organization.id), "urls": urls, "bars": against}


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_blueprint(act_routes.bp)
    add_nav(app, NP_("menu", "許可申請"), "license_applications.index", 26)
    add_panel(app, Panel("license", 20, "organizations/licensing/_panel.html", _license_panel))
    add_panel(app, Panel("organization", 5, "organizations/licensing/_panel.html", _organization_panel))
