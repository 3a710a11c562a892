"""Pages of the files: list, one file, and a new proposal."""

from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug import Response

from inspections.dispositions import act_routes, queries, rules, suspensions, track
from inspections.dispositions import jobs as _declared  # noqa: F401 - the nightly job
from inspections.dispositions.forms import (
    DispositionFilter,
    ProposalForm,
    offer_grounds,
    offer_inspections,
    offer_kinds,
    offer_plans,
)
from inspections.dispositions.models import Disposition
from inspections.dispositions.services import Proposal, propose
from inspections.dispositions.states import KINDS, DispositionKind
from inspections.scheduling.models import Inspection
from organizations.licenses.models import License
from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from organizations.register.queries import get_organization
from otit.auth.access import allow, current_actor
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.errors import RuleViolation
from otit.saved_lists.registry import add_list
from otit.text import N_
from otit.web.clock import clock
from otit.web.intake import named_record
from otit.web.navigation import add_nav
from otit.web.paging import keyset_page
from otit.web.panels import Panel, add_panel

bp = Blueprint("dispositions", __name__, url_prefix="/dispositions")


@bp.get("")
@allow(Permission.VIEW_DISPOSITIONS)
def index() -> str:
    session, actor = db.session(), current_actor()
    form = DispositionFilter.from_address()
    chosen = form.chosen()
    filters = queries.Filters(text=chosen.pop("q", ""), **chosen)
    keys = [Disposition.proposed_on, Disposition.id]
    page = keyset_page(session, queries.listing(actor, filters), keys, form.cursor(), descending=True)
    total = queries.count(session, actor, filters)
    return render_template("inspections/dispositions/list.html", form=form, page=page, total=total)


@bp.get("/<int:disposition_id>")
@allow(Permission.VIEW_DISPOSITIONS)
def detail(disposition_id: int) -> str:
    session, actor = db.session(), current_actor()
    disposition = queries.get(session, actor, disposition_id)
    keys = [TrainingPlan.number, TrainingPlan.id]
    grounds = {
        stage: rules.cite(queries.grounds_of(disposition.grounds_at(stage)), track.language())
        for stage in ("proposal", "decision")
    }
    return render_template(
        "inspections/dispositions/disposition.html",
        disposition=disposition,
        grounds=grounds,
        track=track.track(disposition),
        acts=act_routes.open_acts(actor, disposition, clock().today()),
        counts=queries.plan_counts(session, disposition),
        plans=keyset_page(session, queries.plans_of(disposition), keys, request.args.get("cursor")),
        authority_name=track.authority_name,
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(Permission.PROPOSE_DISPOSITIONS)
def new() -> str | Response | tuple[str, int]:
    session, actor = db.session(), current_actor()
    organization = get_organization(session, actor, named_record("organization"))
    form = _proposal_form(session, organization)
    if form.validate_on_submit():
        with form.refusals():
            disposition = _propose(session, actor, organization, form)
            flash(_("処分を起案しました。"), "success")
            return redirect(url_for("dispositions.detail", disposition_id=disposition.id), 303)
    found = suspensions.review_proposal(session, organization, form.kind.data)
    form.confirms(found)
    return form.page("inspections/dispositions/new.html", organization=organization, findings=found)


def _proposal_form(session: Session, organization: Organization) -> ProposalForm:
    form = ProposalForm(proposed_on=clock().today(), inspection_id=named_record("inspection"))
    offer_kinds(form, organization.kind, none=False)
    offer_grounds(form, organization.kind)
    offer_inspections(form, queries.escalated_inspections(session, organization.id))
    if DispositionKind.ACCREDITATION_REVOCATION in KINDS[organization.kind]:
        shown = session.scalars(queries.live_plans(organization).limit(queries.SHOWN)).all()
        offer_plans(form, shown, queries.count_live_plans(session, organization))
    else:
        for name in ("all_live", "chosen", "numbers"):
            del form[name]
    return form


def _propose(session: Session, actor: Actor, organization: Organization, form: ProposalForm) -> Disposition:
    inspection_id = form.inspection_id.data
    proposal = Proposal(
        kind=form.kind.data,
        grounds=[rules.ground_of(key) for key in form.grounds.data or ()],
        reason=form.reason.data or "",
        proposed_on=form.proposed_on.day,
        plans=_plans(session, organization, form),
        inspection=session.get(Inspection, inspection_id) if inspection_id else None,
        seen=form.seen,
    )
    return propose(session, actor, organization, proposal, now=clock().now())


def _plans(session: Session, organization: Organization, form: ProposalForm) -> list[TrainingPlan]:
    """The ticked plans, the pasted ones, or all: each once. Raises RuleViolation for a number nobody knows."""
    if "numbers" not in form:
        return []
    if form.all_live.data:
        return list(session.scalars(queries.live_plans(organization)))
    numbers = rules.plan_numbers(form.numbers.data or "")
    pasted = queries.plans_by_number(session, numbers) if numbers else []
    missing = sorted(set(numbers) - {plan.number for plan in pasted})
    if missing:
        message = N_("登録されていない認定番号です：%(numbers)s")
        raise RuleViolation(message, {"numbers": "、".join(missing[:5])}, field="numbers")
    ticked = queries.plans_by_id(session, form.chosen.data) if form.chosen.data else []
    return list(dict.fromkeys([*ticked, *pasted]))


def _organization_panel(session: Session, actor: Actor, organization: Organization) -> dict[str, Any] | None:
    if not actor.can(Permission.VIEW_DISPOSITIONS):
        return None
    rows = queries.of_organization(session, actor, organization.id)
    may_propose = actor.can(Permission.PROPOSE_DISPOSITIONS) and actor.covers_office(organization.office_code)
    return {"rows": rows, "organization": organization, "may_propose": may_propose}


def _license_panel(session: Session, actor: Actor, license: License) -> dict[str, Any] | None:
    """What was proposed and decided about a licence."""
    if not actor.can(Permission.VIEW_DISPOSITIONS):
        return None
    return {"rows": queries.of_license(session, actor, license.id), "may_propose": False}


def _inspection_panel(session: Session, actor: Actor, inspection: Inspection) -> dict[str, Any] | None:
    """Files opened on this inspection, and the way to a proposal once a violation was escalated."""
    if not actor.can(Permission.VIEW_DISPOSITIONS):
        return None
    rows = queries.of_inspection(session, actor, inspection.id)
    proposer = actor.can(Permission.PROPOSE_DISPOSITIONS) and actor.covers_office(inspection.owner_office_code)
    may_propose = proposer and queries.has_escalated_violations(session, inspection.id)
    if not rows and not may_propose:
        return None
    return {"rows": rows, "inspection": inspection, "may_propose": may_propose}


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_blueprint(act_routes.bp)
    add_nav(app, N_("行政処分等"), "dispositions.index", 40)
    add_list(app, "dispositions.index", N_("行政処分等"), DispositionFilter)
    add_panel(app, Panel("organization", 40, "inspections/dispositions/_organization.html", _organization_panel))
    add_panel(app, Panel("license", 40, "inspections/dispositions/_organization.html", _license_panel))
    add_panel(app, Panel("inspection", 40, "inspections/dispositions/_inspection.html", _inspection_panel))
