"""Pages of the reports: list, one report with its track, draft and its revision, and the acts."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug import Response

from inspections.moc import queries, services
from inspections.moc.forms import (
    AcknowledgeForm,
    AnswerForm,
    DayForm,
    DraftForm,
    MocFilterForm,
    NoteForm,
    SendForm,
    TextsForm,
)
from inspections.moc.models import MocReport
from inspections.moc.states import TRANSITIONS, MocAct
from inspections.moc.track import track
from organizations.sending.countries import MOC_COUNTRIES
from organizations.sending.models import SendingOrganization
from organizations.sending.queries import get_sending
from otit.auth.access import allow, current_actor
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.saved_lists.registry import add_list
from otit.text import N_
from otit.web.acts import ActPage
from otit.web.clock import clock
from otit.web.intake import named_record
from otit.web.navigation import add_nav
from otit.web.paging import keyset_page
from otit.web.panels import Panel, add_panel

Answer = str | Response | tuple[str, int]

bp = Blueprint("moc", __name__, url_prefix="/moc-reports")


def _approve(session: Session, actor: Actor, report: MocReport, form: DayForm, now: datetime) -> None:
    services.approve(session, actor, report, on=form.on.day, now=now)


def _send(session: Session, actor: Actor, report: MocReport, form: SendForm, now: datetime) -> None:
    reference = form.reference.data or ""
    due = form.answer_due_on.day
    services.send(session, actor, report, on=form.on.day, reference=reference, answer_due_on=due, now=now)


def _acknowledge(session: Session, actor: Actor, report: MocReport, form: AcknowledgeForm, now: datetime) -> None:
    services.acknowledge(session, actor, report, on=form.on.day, reference=form.reference.data or "", now=now)


def _answer(session: Session, actor: Actor, report: MocReport, form: AnswerForm, now: datetime) -> None:
    services.answer(
        session,
        actor,
        report,
        on=form.on.day,
        measure=form.measure.data,
        summary=form.summary.data or "",
        reference=form.reference.data or "",
        now=now,
    )


def _no_reply(session: Session, actor: Actor, report: MocReport, form: NoteForm, now: datetime) -> None:
    services.note_no_reply(session, actor, report, on=form.on.day, note=form.note.data or "", now=now)


def _close(session: Session, actor: Actor, report: MocReport, form: NoteForm, now: datetime) -> None:
    services.close(session, actor, report, on=form.on.day, note=form.note.data or "", now=now)


PAGES: dict[str, ActPage[MocAct, MocReport]] = {
    "approval": ActPage(MocAct.APPROVE, DayForm, N_("通報を承認しました。"), _approve),
    "sending": ActPage(MocAct.SEND, SendForm, N_("相手国への通報を記録しました。"), _send),
    "acknowledgement": ActPage(MocAct.ACKNOWLEDGE, AcknowledgeForm, N_("受領の確認を記録しました。"), _acknowledge),
    "answer": ActPage(MocAct.ANSWER, AnswerForm, N_("相手国の回答を記録しました。"), _answer),
    "no-reply": ActPage(MocAct.NOTE_NO_REPLY, NoteForm, N_("回答がないことを記録しました。"), _no_reply),
    "closing": ActPage(MocAct.CLOSE, NoteForm, N_("通報を終結しました。"), _close),
}


@bp.get("")
@allow(Permission.VIEW_SENDING)
def index() -> str:
    session, today, form = db.session(), clock().today(), MocFilterForm.from_address()
    wanted = form.wanted()
    keys = [MocReport.drafted_on, MocReport.id]
    return render_template(
        "inspections/moc/list.html",
        form=form,
        page=keyset_page(session, queries.listing(wanted, today), keys, form.cursor(), descending=True),
        total=queries.count(session, wanted, today),
    )


@bp.get("/<int:report_id>")
@allow(Permission.VIEW_SENDING)
def detail(report_id: int) -> str:
    report = queries.get(db.session(), report_id)
    return render_template(
        "inspections/moc/report.html", report=report, track=track(report), acts=_open_acts(current_actor(), report)
    )


def _open_acts(actor: Actor, report: MocReport) -> list[tuple[MocAct, str]]:
    """(act, address) of what this person may do now."""
    names = {page.act: url_for("moc.act", report_id=report.id, name=name) for name, page in PAGES.items()}
    names[MocAct.REVISE] = url_for("moc.revise", report_id=report.id)
    return [
        (act, address)
        for act, address in names.items()
        if (report.state, act) in TRANSITIONS
        and actor.can(services.PERMISSION[act])
        and not (act is MocAct.APPROVE and actor.user_id == report.drafted_by_id)
    ]


@bp.route("/new", methods=["GET", "POST"])
@allow(Permission.REPORT_MOC)
def new() -> Answer:
    session, actor = db.session(), current_actor()
    body = get_sending(session, named_record("sending"))
    form = DraftForm(drafted_on=clock().today())
    if form.validate_on_submit():
        texts = {"facts": form.facts.data or "", "request": form.request.data or ""}
        with form.refusals():
            report = services.draft(session, actor, body, **texts, drafted_on=form.drafted_on.day, now=clock().now())
            flash(_("通報を起案しました。管理職の承認を待ちます。"), "success")
            return _to_report(report)
    return form.page("inspections/moc/new.html", body=body, moc=MOC_COUNTRIES.get(body.country))


@bp.route("/<int:report_id>/revision", methods=["GET", "POST"])
@allow(Permission.REPORT_MOC)
def revise(report_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    report = queries.get(session, report_id)
    form = TextsForm(facts=report.facts, request=report.request)
    form.expect_version(report)
    services.check_move(actor, report, MocAct.REVISE)
    if form.validate_on_submit():
        services.revise(session, actor, report, facts=form.facts.data or "", request=form.request.data or "")
        flash(_("起案を直しました。"), "success")
        return _to_report(report)
    return form.page("inspections/moc/act.html", report=report, act=MocAct.REVISE)


@bp.route(
    "/<int:report_id>/<any(approval, sending, acknowledgement, answer, 'no-reply', closing):name>",
    methods=["GET", "POST"],
)
@allow(Permission.REPORT_MOC, Permission.APPROVE_MOC)
def act(report_id: int, name: str) -> Answer:
    session, actor, page = db.session(), current_actor(), PAGES[name]
    report = queries.get(session, report_id)
    form = page.form(on=clock().today())
    form.expect_version(report)
    services.check_move(actor, report, page.act)
    if page.perform(actor, report, form):
        return _to_report(report)
    return form.page("inspections/moc/act.html", report=report, act=page.act)


def _to_report(report: MocReport) -> Response:
    return redirect(url_for("moc.detail", report_id=report.id), 303)


def _sending_panel(session: Session, actor: Actor, body: SendingOrganization) -> dict[str, Any] | None:
    if not actor.can(Permission.VIEW_SENDING):
        return None
    rows = queries.of_sending(session, body.id, clock().today())
    may_report = actor.can(Permission.REPORT_MOC) and body.country in MOC_COUNTRIES
    return {"rows": rows, "body": body, "may_report": may_report} if rows or may_report else None


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    add_nav(app, N_("相手国への通報"), "moc.index", 50)
    add_list(app, "moc.index", N_("相手国への通報"), MocFilterForm)
    add_panel(app, Panel("sending_organization", 50, "inspections/moc/_sending.html", _sending_panel))
