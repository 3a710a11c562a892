"""Pages of the register: the two lists and an organization, and all that this subject adds to the application."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Flask, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from organizations.licenses import queries as licenses
from organizations.licenses.services import is_barred
from organizations.plans import queries as plans
from organizations.register import jobs as jobs
from organizations.register import namesakes, part_queries, queries
from organizations.register import part_routes as part_routes
from organizations.register.business import is_late
from organizations.register.entry_routes import bp
from organizations.register.forms import ImplementingFilterForm, SupervisingFilterForm
from organizations.register.models import Officer, Organization
from organizations.register.states import BUSINESS_TRANSITIONS, OfficerPosition, OrganizationKind
from otit.auth.access import allow, current_actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.saved_lists.registry import add_list
from otit.text import NP_
from otit.web.clock import clock
from otit.web.list_columns import load_columns
from otit.web.navigation import add_nav
from otit.web.panels import load_panels


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
    page, (total, exact) = listing.read(session, form.cursor())
    return render_template(
        f"organizations/register/{kind.value}.html",
        form=form,
        page=page,
        total=total,
        exact=exact,
        former=queries.found_by_former_name(session, [row.id for row in page.rows], form.q.data),
        may_enter=actor.can(Permission.MAINTAIN_REGISTERS),
        extra=load_columns("organizations", session, actor, [row.id for row in page.rows]),
    )


@bp.get("/<int:organization_id>")
@allow(Permission.VIEW_REGISTERS)
def detail(organization_id: int) -> str | Response:
    session, actor, today = db.session(), current_actor(), clock().today()
    organization = queries.get_organization(session, actor, organization_id)
    if organization.id != organization_id:  # a merged duplicate; not for ever, since a merge can be undone
        return redirect(url_for("organizations.detail", organization_id=organization.id))
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
        top=load_panels("organization.top", session, actor, organization),
        panels=load_panels("organization", session, actor, organization),
        may_record=_may_record(organization),
        may_record_license=_may_maintain(organization),
        may_maintain=_may_maintain(organization),
        **_parts(session, organization),
    )


def _parts(session: Session, organization: Organization) -> dict[str, Any]:
    """What belongs to the organization, with what has to be looked at."""
    people, today = part_queries.officers_of(session, organization.id), clock().today()
    present = {person.name_key for person in people if person.ends_on is None or person.ends_on >= today}
    found = namesakes.review_officers(session, organization, present, today)
    named = {one.organization_id for findings in found.values() for one in findings if one.organization_id is not None}
    notices = part_queries.notices_of(session, organization.id)
    return {
        "former_names": queries.former_names(session, organization.id),
        "officers": people,
        "representatives": _representatives(people, today),
        "findings": [one for key in sorted(found) for one in found[key]],
        "openable": queries.openable(session, current_actor(), named),
        "places": part_queries.places_of(session, organization.id),
        "notices": notices,
        "late": {one.id for one in notices if is_late(organization.kind, one.notified_on, one.effective_on)},
    }


def _representatives(people: Sequence[Officer], day: date) -> list[str]:
    """Who represents the body on that day, who came last first."""
    heads = [one for one in people if one.position is OfficerPosition.REPRESENTATIVE]
    present = [one for one in heads if one.starts_on <= day and (one.ends_on is None or one.ends_on >= day)]
    return [one.name for one in sorted(present, key=lambda one: one.starts_on, reverse=True)]


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
