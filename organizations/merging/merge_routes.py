"""Pages of a merge: naming the other body, the preview with the act, the record of the merge, and its undo."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug import Response

from organizations.merging import queries, rows
from organizations.merging.facts import Fact, differing
from organizations.merging.foreseeing import foresee
from organizations.merging.forms import MergeForm, OtherBodyForm, UndoForm
from organizations.merging.models import OrganizationMerge
from organizations.merging.services import merge, require_both
from organizations.merging.standing import standing
from organizations.merging.tallies import tallies
from organizations.merging.undoing import obstacles, undo_merge
from organizations.register.models import Organization
from organizations.register.queries import OrganizationFilter, get_organization, openable, organization_list
from otit.auth.access import allow, current_actor
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.findings import Finding, restored
from otit.web.clock import clock
from otit.web.intake import named_record

bp = Blueprint("duplicates", __name__, url_prefix="/duplicates")

Answer = str | Response | tuple[str, int]


@bp.get("/new")
@allow(Permission.MAINTAIN_REGISTERS)
def other() -> str:
    """From an organization's page: which other row is the same body?"""
    session, actor = db.session(), current_actor()
    organization = get_organization(session, actor, named_record("organization"))
    form = OtherBodyForm.from_address()
    query = form.chosen().get("q")
    listing = organization_list(actor, organization.kind, OrganizationFilter(q=query))
    hits = listing.page(session, None).rows if query else []
    return render_template(
        "organizations/merging/other.html",
        organization=organization,
        form=form,
        searched=bool(query),
        hits=[row for row in hits if row.id != organization.id],
    )


@bp.route("/merges/new", methods=["GET", "POST"], endpoint="merge")
@allow(Permission.MAINTAIN_REGISTERS)
def merge_page() -> Answer:
    """`?kept=…&duplicate=…`: what the merge would do, and the merge."""
    session, actor = db.session(), current_actor()
    kept = queries.get_body(session, actor, named_record("kept"))
    duplicate = queries.get_body(session, actor, named_record("duplicate"))
    require_both(actor, kept, duplicate)
    form = MergeForm()
    if form.validate_on_submit():
        with form.refusals():
            reason, seen = form.reason.data or "", form.seen.data or None
            done = merge(session, actor, kept, duplicate, reason=reason, now=clock().now(), seen=seen)
            flash(_("統合しました。"), "success")
            return redirect(url_for("duplicates.merged", merge_id=done.id), 303)
    plan = foresee(session, kept, duplicate, today=clock().today())
    form.seen.data = plan.digest
    bodies = (kept, duplicate)
    return form.page(
        "organizations/merging/merge.html",
        kept_body=kept,
        duplicate=duplicate,
        bodies=bodies,
        plan=plan,
        moves=[(rows.word(key), count) for key, count in plan.moves.items()],
        Fact=Fact,
        differing=differing(*bodies),
        tallies=tallies(session, [body.id for body in bodies]),
        **_in_the_way(session, actor, bodies, plan.objections),
    )


def _in_the_way(
    session: Session, actor: Actor, bodies: Sequence[Organization], objections: Sequence[Finding]
) -> dict[str, Any]:
    found = standing(session, bodies, objections)
    parties = {one.party_id for rows in found.values() for one in rows if one.party_id is not None}
    return {"standing": found, "openable": openable(session, actor, parties)}


@bp.get("/merges/<int:merge_id>")
@allow(Permission.VIEW_REGISTERS)
def merged(merge_id: int) -> str:
    session, actor = db.session(), current_actor()
    found = queries.get_merge(session, actor, merge_id)
    return render_template(
        "organizations/merging/merged.html",
        merge=found,
        moves=_moves(found),
        warnings=restored(found.warnings),
        may_undo=_may_undo(actor, found),
        Fact=Fact,
    )


@bp.route("/merges/<int:merge_id>/undo", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def undo(merge_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    found, form = queries.get_merge(session, actor, merge_id), UndoForm()
    if form.validate_on_submit():
        form.expect_version(found)
        with form.refusals():
            undo_merge(session, actor, found, reason=form.reason.data or "", now=clock().now())
            flash(_("統合を取り消しました。移した記録は元の団体に戻りました。"), "success")
            return redirect(url_for("duplicates.merged", merge_id=found.id), 303)
    against = obstacles(session, found) if found.undone_at is None else []
    return form.page(
        "organizations/merging/undo.html",
        merge=found,
        moves=_moves(found),
        against=against,
        may_undo=_may_undo(actor, found),
    )


def _moves(found: OrganizationMerge) -> list[tuple[rows.RowKind, int]]:
    return [(rows.word(key), len(ids)) for key, ids in found.moved.items()]


def _may_undo(actor: Actor, found: OrganizationMerge) -> bool:
    offices = (found.kept.office_code, found.duplicate.office_code)
    covered = all(actor.covers_office(office) for office in offices)
    return found.undone_at is None and covered and actor.can(Permission.MAINTAIN_REGISTERS)
