"""Pages of the register: the two lists, an organization, and its notices about its business."""

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from organizations.licenses import queries as licenses
from organizations.licenses.services import is_barred
from organizations.plans import queries as plans
from organizations.register import queries
from organizations.register.forms import BusinessNoticeForm, ImplementingFilterForm, SupervisingFilterForm
from organizations.register.models import Organization
from organizations.register.services import record_business_notice
from organizations.register.states import BUSINESS_TRANSITIONS, OrganizationKind
from otit.auth.access import allow, current_actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.errors import UserError
from otit.saved_lists.registry import add_list
from otit.text import NP_
from otit.web.clock import clock
from otit.web.list_columns import load_columns
from otit.web.navigation import add_nav
from otit.web.panels import load_panels

bp = Blueprint("organizations", __name__, url_prefix="/organizations")


@bp.get("/supervising")
@allow(Permission.VIEW_REGISTERS)
def supervising() -> str:
    return _list_page(OrganizationKind.SUPERVISING, SupervisingFilterForm.from_address())


@bp.get("/implementing")
@allow(Permission.VIEW_REGISTERS)
def implementing() -> str:
    return _list_page(OrganizationKind.IMPLEMENTING, ImplementingFilterForm.from_address())


def _list_page(kind: OrganizationKind, form: ImplementingFilterForm) -> str:
    session, actor = db.session(), current_actor()
    listing = queries.organization_list(actor, kind, form.wanted())
    total, exact = listing.count(session)
    page = listing.page(session, form.cursor())
    return render_template(
        f"organizations/register/{kind.value}.html",
        form=form,
        page=page,
        total=total,
        exact=exact,
        extra=load_columns("organizations", session, actor, [row.id for row in page.rows]),
    )


@bp.get("/<int:organization_id>")
@allow(Permission.VIEW_REGISTERS)
def detail(organization_id: int) -> str:
    session, actor, today = db.session(), current_actor(), clock().today()
    organization = queries.get_organization(session, actor, organization_id)
    supervising = organization.kind is OrganizationKind.SUPERVISING
    held = licenses.of_organization(session, organization.id) if supervising else []
    barred = [row.bar_until for row in held if row.bar_until is not None and is_barred(row, today)]
    until = max(barred, default=None) if supervising else plans.bar_of_organization(session, organization.id, today)
    return render_template(
        "organizations/register/organization.html",
        organization=organization,
        licenses=held,
        bar_until=until,
        plans=plans.latest_of_organization(session, organization),
        panels=load_panels("organization", session, actor, organization),
        may_record=_may_record(organization),
        may_record_license=_may_maintain(organization),
    )


@bp.route("/<int:organization_id>/business-notice", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def business_notice(organization_id: int) -> str | Response | tuple[str, int]:
    session, actor = db.session(), current_actor()
    organization = queries.get_organization(session, actor, organization_id)
    form = BusinessNoticeForm()
    if form.validate_on_submit():
        form.expect_version(organization.version)
        try:
            record_business_notice(session, actor, organization, form.act.data, now=clock().now())
        except UserError as error:
            form.refuse(error)
        else:
            flash(_("事業の状況についての届出を記録しました。"), "success")
            return redirect(url_for("organizations.detail", organization_id=organization.id), 303)
    page = render_template("organizations/register/business_notice.html", organization=organization, form=form)
    return (page, 422) if form.is_submitted() else page


def _may_record(organization: Organization) -> bool:
    return _may_maintain(organization) and any(state is organization.status for state, _act in BUSINESS_TRANSITIONS)


def _may_maintain(organization: Organization) -> bool:
    actor = current_actor()
    return actor.can(Permission.MAINTAIN_REGISTERS) and actor.covers_office(organization.office_code)


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    add_nav(app, NP_("menu", "監理団体"), "organizations.supervising", 20)
    add_nav(app, NP_("menu", "実習実施者"), "organizations.implementing", 21)
    add_list(app, "organizations.supervising", NP_("menu", "監理団体"), SupervisingFilterForm)
    add_list(app, "organizations.implementing", NP_("menu", "実習実施者"), ImplementingFilterForm)
