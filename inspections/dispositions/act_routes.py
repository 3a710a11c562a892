"""The acts on a file, each with its own page that says what it will do."""

from datetime import date, datetime

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug import Response

from inspections.dispositions import effects, queries, rules, services, suspensions, track
from inspections.dispositions.decisions import DecisionFacts, decide
from inspections.dispositions.forms import (
    AnnulForm,
    DecisionForm,
    EffectForm,
    StepForm,
    WithdrawForm,
    offer_grounds,
    offer_kinds,
)
from inspections.dispositions.models import Disposition
from inspections.dispositions.moves import PERMISSION, check_move
from inspections.dispositions.states import TRANSITIONS, DispositionAct
from otit.auth.access import allow, current_actor
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.law.authority import disposition_authority
from otit.law.terms import TargetKind
from otit.text import N_
from otit.web.acts import ActPage
from otit.web.clock import clock

bp = Blueprint("disposition_acts", __name__, url_prefix="/dispositions")


def _submit(session: Session, actor: Actor, disposition: Disposition, form: StepForm, now: datetime) -> None:
    document = form.document_number.data or ""
    services.submit(session, actor, disposition, on=form.on.day, document_number=document, now=now)


def _withdraw(session: Session, actor: Actor, disposition: Disposition, form: WithdrawForm, now: datetime) -> None:
    services.withdraw(session, actor, disposition, on=form.on.day, reason=form.reason.data or "", now=now)


def _publish(session: Session, actor: Actor, disposition: Disposition, form: StepForm, now: datetime) -> None:
    document = form.document_number.data or ""
    services.publish(session, actor, disposition, on=form.on.day, document_number=document, now=now)


def _take_effect(session: Session, actor: Actor, disposition: Disposition, form: EffectForm, now: datetime) -> None:
    effects.take_effect(session, actor, disposition, now=now)


def _annul(session: Session, actor: Actor, disposition: Disposition, form: AnnulForm, now: datetime) -> None:
    effects.annul(
        session,
        actor,
        disposition,
        on=form.on.day,
        reason=form.reason.data or "",
        document_number=form.document_number.data or "",
        now=now,
    )


PAGES: dict[str, ActPage[DispositionAct, Disposition]] = {
    "submit": ActPage(DispositionAct.SUBMIT, StepForm, N_("進達を記録しました。"), _submit),
    "withdraw": ActPage(DispositionAct.WITHDRAW, WithdrawForm, N_("起案を取り下げました。"), _withdraw),
    "effect": ActPage(DispositionAct.TAKE_EFFECT, EffectForm, N_("処分の効力が発生しました。"), _take_effect, True),
    "publication": ActPage(DispositionAct.PUBLISH, StepForm, N_("公示を記録しました。"), _publish),
    "annulment": ActPage(DispositionAct.ANNUL, AnnulForm, N_("処分の取消しを記録しました。"), _annul, True),
}


def open_acts(actor: Actor, disposition: Disposition, today: date) -> list[tuple[DispositionAct, str]]:
    """(act, address) of what this person may do now, what moves the file on first. Nothing takes effect before its
    day."""
    if not actor.covers_office(disposition.office_code):
        return []
    addresses = {
        page.act: url_for("disposition_acts.act", disposition_id=disposition.id, name=name)
        for name, page in PAGES.items()
    }
    addresses[DispositionAct.DECIDE] = url_for("disposition_acts.decision", disposition_id=disposition.id)
    order = [act for act in DispositionAct if act in addresses and actor.can(PERMISSION[act])]
    order.sort(key=lambda act: act in (DispositionAct.WITHDRAW, DispositionAct.ANNUL))
    effective_on = disposition.decision.effective_on if disposition.decision else None
    if effective_on is not None and effective_on > today:
        order = [act for act in order if act is not DispositionAct.TAKE_EFFECT]
    return [(act, addresses[act]) for act in order if (disposition.state, act) in TRANSITIONS]


@bp.route("/<int:disposition_id>/<any(submit, withdraw, effect, publication, annulment):name>", methods=["GET", "POST"])
@allow(Permission.PROPOSE_DISPOSITIONS, Permission.RECORD_DECISIONS)
def act(disposition_id: int, name: str) -> str | Response | tuple[str, int]:
    session, actor, page = db.session(), current_actor(), PAGES[name]
    disposition = queries.get(session, actor, disposition_id)
    form = page.form(on=clock().today())
    form.expect_version(disposition)
    check_move(actor, disposition, page.act)
    if page.perform(actor, disposition, form):
        return _to_file(disposition)
    decided = queries.plan_counts(session, disposition)[1]
    return form.page(
        "inspections/dispositions/act.html",
        disposition=disposition,
        page=page,
        consequences=track.consequences(disposition, page.act, decided),
    )


@bp.route("/<int:disposition_id>/decision", methods=["GET", "POST"])
@allow(Permission.RECORD_DECISIONS)
def decision(disposition_id: int) -> str | Response | tuple[str, int]:
    session, actor = db.session(), current_actor()
    disposition = queries.get(session, actor, disposition_id)
    form = _decision_form(disposition)
    form.expect_version(disposition)
    check_move(actor, disposition, DispositionAct.DECIDE)
    if form.validate_on_submit():
        with form.refusals():
            decide(session, actor, disposition, _facts(form), now=clock().now())
            flash(_("主務大臣の決定を記録しました。"), "success")
            return _to_file(disposition)
    days = form.effective_on.data, form.suspension_until.data
    found = suspensions.review_decision(session, disposition, form.kind.data, *days)
    form.confirms(found)
    return form.page(
        "inspections/dispositions/decision.html",
        disposition=disposition,
        findings=found,
        counts=queries.plan_counts(session, disposition),
    )


def _decision_form(disposition: Disposition) -> DecisionForm:
    """What was proposed stands in the form; the authority is the one of today, to be checked against the day."""
    today = clock().today()
    target = disposition.organization.kind
    form = DecisionForm(
        authority=disposition_authority(TargetKind(target.value), today),
        decided_on=today,
        kind=disposition.proposed_kind,
        grounds=[ground.key for ground in queries.grounds_of(disposition.grounds_at("proposal"))],
        reason=disposition.reason,
    )
    offer_kinds(form, target, none=True)
    offer_grounds(form, target)
    return form


def _facts(form: DecisionForm) -> DecisionFacts:
    return DecisionFacts(
        kind=form.kind.data,
        authority=form.authority.data,
        decided_on=form.decided_on.day,
        reason=form.reason.data or "",
        document_number=form.document_number.data,
        effective_on=form.effective_on.data,
        suspension_until=form.suspension_until.data,
        grounds=[rules.ground_of(key) for key in form.grounds.data or ()],
        excluded=_excluded(form),
        seen=form.seen,
    )


def _excluded(form: DecisionForm) -> list[str]:
    return rules.plan_numbers(form.excluded.data or "", "excluded")


def _to_file(disposition: Disposition) -> Response:
    return redirect(url_for("dispositions.detail", disposition_id=disposition.id), 303)
