"""Who supervised whom as of a day, on an organization's page and as a list; contracts begun and ended."""

from datetime import date
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug import Response

from organizations.register.models import Organization
from organizations.register.queries import get_organization
from organizations.register.states import BusinessStatus, OrganizationKind
from organizations.relations import queries, services
from organizations.relations.forms import AsOfForm, ContractForm, EndContractForm
from organizations.relations.services import Contract
from otit.auth.access import allow, current_actor
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.errors import NotFound
from otit.findings import Finding
from otit.web.clock import clock
from otit.web.paging import PAGE_SIZE
from otit.web.panels import Panel, add_panel

Answer = str | Response | tuple[str, int]

bp = Blueprint("relations", __name__, url_prefix="/organizations")


@bp.get("/<int:organization_id>/relations")
@allow(Permission.VIEW_REGISTERS)
def index(organization_id: int) -> str:
    session, actor = db.session(), current_actor()
    organization = get_organization(session, actor, organization_id)
    form, day = _as_of()
    listing = queries.relation_list(organization, day, size=PAGE_SIZE)
    total, exact = listing.count(session)
    return render_template(
        "organizations/relations/list.html",
        organization=organization,
        form=form,
        day=day,
        page=listing.page(session, form.cursor()),
        total=total,
        exact=exact,
        **_reader(actor, organization),
    )


@bp.route("/<int:organization_id>/relations/new", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def begin(organization_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    organization = get_organization(session, actor, organization_id)
    form, found = ContractForm(starts_on=clock().today()), list[Finding]()
    if form.validate_on_submit():
        contract = _contract(session, actor, organization, form)
        found = [] if contract is None else services.review(session, contract, clock().today())
        with form.refusals():
            if contract is not None and form.confirms(found):
                services.begin_supervision(session, actor, contract, findings=found)
                flash(_("監理の契約を登録しました。"), "success")
                return _to(organization)
    return form.page("organizations/relations/begin.html", organization=organization, findings=found)


@bp.route("/<int:organization_id>/relations/<int:supervision_id>/end", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def end(organization_id: int, supervision_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    organization = get_organization(session, actor, organization_id)
    supervision = queries.get_supervision(session, actor, supervision_id)
    if organization.id not in (supervision.supervising_organization_id, supervision.implementing_organization_id):
        raise NotFound()
    form = EndContractForm(ends_on=clock().today())
    if form.validate_on_submit():
        form.expect_version(supervision)
        with form.refusals():
            services.end_supervision(session, actor, supervision, on=form.ends_on.day)
            flash(_("監理の契約の終わりを記録しました。"), "success")
            return _to(organization)
    return form.page("organizations/relations/end.html", organization=organization, supervision=supervision)


def _contract(session: Session, actor: Actor, organization: Organization, form: ContractForm) -> Contract | None:
    """None where the form has to ask again who is meant."""
    supervising = organization.kind is OrganizationKind.SUPERVISING
    other_kind = OrganizationKind.IMPLEMENTING if supervising else OrganizationKind.SUPERVISING
    other = form.settle_organization(session, actor, "other", other_kind, anywhere=True)
    sending = form.settle_sender(session, "sending")
    if other is None or form.errors:
        return None
    pair = (organization, other) if supervising else (other, organization)
    return Contract(*pair, sending, form.starts_on.day, form.ends_on.data)


def _to(organization: Organization) -> Response:
    return redirect(url_for("organizations.detail", organization_id=organization.id, _anchor="relations"), 303)


def _as_of() -> tuple[AsOfForm, date]:
    """The day in the address, in any form that dates are written in; today without one."""
    form = AsOfForm.from_address()
    day: date = form.chosen().get("as_of") or clock().today()
    return form if form.errors else AsOfForm.asking(("as_of", day.isoformat())), day


def _reader(actor: Actor, organization: Organization) -> dict[str, Any]:
    own = actor.can(Permission.MAINTAIN_REGISTERS) and actor.covers_office(organization.office_code)
    return {
        "actor": actor,
        "may_end": own,
        "may_begin": own and organization.status is not BusinessStatus.CLOSED,
        "may_see_sending": actor.can(Permission.VIEW_SENDING),
    }


def _panel(session: Session, actor: Actor, organization: Organization) -> dict[str, Any] | None:
    if not actor.can(Permission.VIEW_REGISTERS):
        return None
    form, day = _as_of()
    page = queries.relation_list(organization, day).page(session, None)
    return {"organization": organization, "form": form, "day": day, "page": page, **_reader(actor, organization)}


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    add_panel(app, Panel("organization", 5, "organizations/relations/panel.html", _panel))
