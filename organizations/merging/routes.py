"""Pages of pairs that may be one body: the list, one pair side by side, and the judgement that they are two."""

from typing import Any

from flask import Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug import Response

from organizations.merging import jobs, queries, services
from organizations.merging.facts import Fact, differing
from organizations.merging.forms import PairFilterForm, SeparateForm
from organizations.merging.merge_routes import bp
from organizations.merging.models import DuplicateCandidate
from organizations.merging.states import TRANSITIONS, CandidateAct, LikenessReason
from organizations.merging.tallies import tallies
from organizations.register.models import Organization
from otit.auth.access import allow, current_actor
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.jobs.queue import enqueue
from otit.text import N_
from otit.web.clock import clock
from otit.web.forms import BaseForm
from otit.web.navigation import add_nav
from otit.web.panels import Panel, add_panel

Answer = str | Response | tuple[str, int]


@bp.get("", endpoint="index")
@allow(Permission.MAINTAIN_REGISTERS)
def list_page() -> str:
    session, form = db.session(), PairFilterForm.for_reader()
    listing = queries.pair_list(current_actor(), form.wanted())
    total, exact = listing.count(session)
    page = listing.page(session, form.cursor())
    return render_template(
        "organizations/merging/list.html", form=form, page=page, total=total, exact=exact, Reason=LikenessReason
    )


@bp.post("/find")
@allow(Permission.MAINTAIN_REGISTERS)
def find() -> Response:
    session, actor = db.session(), current_actor()
    run = enqueue(session, jobs.KIND, {"business_date": clock().today().isoformat()}, actor)
    flash(_("重複の候補の検出を始めました。"), "success")
    return redirect(url_for("jobs.show", run_id=run.id), 303)


@bp.get("/<int:pair_id>")
@allow(Permission.MAINTAIN_REGISTERS)
def pair(pair_id: int) -> str:
    session, actor = db.session(), current_actor()
    found = queries.get_pair(session, actor, pair_id)
    bodies = (found.first, found.second)
    return render_template(
        "organizations/merging/pair.html",
        pair=found,
        bodies=bodies,
        Fact=Fact,
        differing=differing(*bodies),
        tallies=tallies(session, [body.id for body in bodies]),
        reasons=[LikenessReason(code) for code in found.reasons],
        acts=_acts(actor, found),
        Act=CandidateAct,
    )


def _acts(actor: Actor, pair: DuplicateCandidate) -> set[CandidateAct]:
    """What this person may do from the page of the pair."""
    offices = [pair.first.office_code, pair.second.office_code]
    acts = {act for act in CandidateAct if (pair.state, act) in TRANSITIONS} - {CandidateAct.UNDO}
    gone = pair.first.merged_into_id is not None or pair.second.merged_into_id is not None
    if gone or not all(actor.covers_office(office) for office in offices):
        acts.discard(CandidateAct.MERGE)
    return acts if actor.can(Permission.MAINTAIN_REGISTERS) else set()


@bp.route("/<int:pair_id>/distinct", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def separate(pair_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    found, form = queries.get_pair(session, actor, pair_id), SeparateForm()
    if form.validate_on_submit():
        form.expect_version(found)
        with form.refusals():
            services.separate(session, actor, found, reason=form.reason.data or "")
            flash(_("別の団体として記録しました。この組は候補に戻りません。"), "success")
            return redirect(url_for("duplicates.index"), 303)
    return form.page("organizations/merging/separate.html", pair=found)


@bp.post("/<int:pair_id>/reconsider")
@allow(Permission.MAINTAIN_REGISTERS)
def reconsider(pair_id: int) -> Response:
    session, actor = db.session(), current_actor()
    found, form = queries.get_pair(session, actor, pair_id), BaseForm()
    form.validate()
    form.expect_version(found)
    services.reconsider(session, actor, found)
    flash(_("判断を取り消しました。この組は未確認に戻りました。"), "success")
    return redirect(url_for("duplicates.pair", pair_id=found.id), 303)


def _panel(session: Session, actor: Actor, organization: Organization) -> dict[str, Any] | None:
    """What has been merged into the body, for every reader; who maintains the register sees its open pairs as well."""
    maintains = actor.can(Permission.MAINTAIN_REGISTERS) and actor.covers_office(organization.office_code)
    merges = queries.merged_into(session, organization.id)
    if not merges and not maintains:
        return None
    pairs = queries.open_pairs(session, organization.id) if maintains else []
    return {"organization": organization, "merges": merges, "pairs": pairs, "maintains": maintains}


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    add_nav(app, N_("重複の候補"), "duplicates.index", 35)
    add_panel(app, Panel("organization", 90, "organizations/merging/organization_panel.html", _panel))
