"""Pages on which an organization is entered and corrected."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug import Response

from organizations.register import queries
from organizations.register.entry_forms import (
    ImplementingEditForm,
    ImplementingForm,
    OrganizationForm,
    PrefectureChoice,
    SupervisingEditForm,
)
from organizations.register.models import Organization
from organizations.register.names import business_status
from organizations.register.services import NumberTaken, create_organization, review, update_organization
from organizations.register.states import BusinessStatus, OrganizationKind
from otit.auth.access import allow, current_actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.findings import Finding
from otit.places import OFFICES
from otit.text import N_
from otit.web.clock import clock

bp = Blueprint("organizations", __name__, url_prefix="/organizations")

Answer = str | Response | tuple[str, int]

LAW_IN_NAME = N_("名称の末尾の「%(words)s」は名称から除きます。処分や許可の失効は、この画面では記録しません。")
STATUS_AT_ENTRY = N_("名称の末尾の「%(words)s」は名称から除き、事業の状況を「%(status)s」として登録します。")
STATUS_LATER = N_("名称の末尾の「%(words)s」は名称から除きます。事業の状況は、届出として記録してください。")


@bp.route("/<any(supervising, implementing):kind>/new", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def new(kind: str) -> Answer:
    session, actor, body_kind = db.session(), current_actor(), OrganizationKind(kind)
    form: Any = ImplementingForm() if body_kind is OrganizationKind.IMPLEMENTING else OrganizationForm()
    if actor.office_code is not None:
        form.prefecture_code.choices = PrefectureChoice.offered(OFFICES[actor.office_code].prefectures)
    found: list[Finding] = []
    if form.validate_on_submit():
        details, status = form.details(), _status_at_entry(form)
        with form.refusals():
            found = [
                *review(session, actor, body_kind, details, None, clock().today()),
                *_about_the_name(form, STATUS_AT_ENTRY),
            ]
            if form.confirms(found):
                made = create_organization(
                    session, actor, body_kind, details, status=status, findings=found, now=clock().now()
                )
                flash(_("団体を登録しました。"), "success")
                return redirect(url_for("organizations.detail", organization_id=made.id), 303)
    return _page(form, found, kind=body_kind, organization=None)


@bp.route("/<int:organization_id>/edit", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def edit(organization_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    organization = queries.get_organization(session, actor, organization_id)
    implementing = organization.kind is OrganizationKind.IMPLEMENTING
    form: Any = ImplementingEditForm(obj=organization) if implementing else SupervisingEditForm(obj=organization)
    found: list[Finding] = []
    if form.validate_on_submit():
        form.expect_version(organization)
        details = form.details()
        with form.refusals():
            found = [
                *review(session, actor, organization.kind, details, organization, clock().today()),
                *_about_the_name(form, STATUS_LATER),
            ]
            if form.renamed(organization, details.name) and form.confirms(found):
                renamed_on, now = form.renamed_on.data, clock().now()
                update_organization(
                    session, actor, organization, details, renamed_on=renamed_on, findings=found, now=now
                )
                flash(_("団体の記録を訂正しました。"), "success")
                return redirect(url_for("organizations.detail", organization_id=organization.id), 303)
    return _page(form, found, kind=organization.kind, organization=organization)


def _page(
    form: OrganizationForm,
    found: list[Finding],
    *,
    kind: OrganizationKind,
    organization: Organization | None,
) -> Answer:
    own = organization.id if organization else None  # its number may be borne by a duplicate of the very body
    holders = {one.holder_id for one in form.refused if isinstance(one, NumberTaken)} - {own}
    named = {one.organization_id for one in found if one.organization_id is not None}
    openable = queries.openable(db.session(), current_actor(), named | holders)
    return form.page(
        "organizations/register/entry.html",
        findings=found,
        openable=openable,
        holders=sorted(holders & openable),
        kind=kind,
        organization=organization,
    )


def _status_at_entry(form: OrganizationForm) -> BusinessStatus:
    """A list that marks a pause or an end in the name is believed at entry, as when it is imported."""
    return business_status(form.status_in_name or "") or BusinessStatus.ACTIVE


def _about_the_name(form: OrganizationForm, message: str) -> list[Finding]:
    words = form.status_in_name
    if words is None:
        return []
    status = business_status(words)
    if status is None:
        return [Finding(LAW_IN_NAME, {"words": words}, code="law-in-name")]
    return [Finding(message, {"words": words, "status": status}, code="status-in-name")]
