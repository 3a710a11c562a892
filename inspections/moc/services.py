"""Acts on a report to a government under its memorandum of cooperation (MOC): draft, approval by another person,
sending, acknowledgement, answer or none, closing."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from inspections.moc.models import MocReport, MocStep
from inspections.moc.states import TRANSITIONS, MocAct, MocMeasure, MocState
from organizations.sending.countries import MOC_COUNTRIES
from organizations.sending.models import SendingOrganization
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import fiscal_year, today
from otit.errors import NotPermitted, RuleViolation
from otit.labels import Bilingual
from otit.lifecycle import next_state
from otit.numbering import next_number
from otit.text import N_

PERMISSION: dict[MocAct, Permission] = {
    act: Permission.APPROVE_MOC if act is MocAct.APPROVE else Permission.REPORT_MOC for act in MocAct
}
# Reports go out from headquarters, so their numbers belong to no local office.
_HEADQUARTERS = "00"


def draft(
    session: Session,
    actor: Actor,
    body: SendingOrganization,
    *,
    facts: str,
    request: str,
    drafted_on: date,
    now: datetime,
) -> MocReport:
    """Raises RuleViolation for a country without an MOC, or a day before its MOC was signed where that day is known."""
    actor.require(Permission.REPORT_MOC)
    _check_country(body.country, drafted_on)
    if drafted_on > today(now):
        raise RuleViolation(N_("まだ来ていない日付は記録できません。"), field="drafted_on")
    year = fiscal_year(drafted_on)
    report = MocReport(
        number=f"通{year % 100:02d}-{next_number(session, 'moc_report', _HEADQUARTERS, year):04d}",
        sending_organization=body,
        country=body.country,
        facts=facts,
        request=request,
        drafted_on=drafted_on,
        drafted_by_id=actor.user_id,
        created_at=now,
    )
    session.add(report)
    session.flush()
    record(session, actor, "moc_report.draft", report, number=report.number, sending_organization=body.id)
    return report


def _check_country(country: str, on: date) -> None:
    moc = MOC_COUNTRIES.get(country)
    if moc is None:
        message = N_("協力覚書のない国の送出機関は、この手続では通報できません。")
        raise RuleViolation(message, field="sending_organization_id")
    signed = moc.moc_signed_on
    if signed is not None and on < signed:
        message = N_("%(country)sとの協力覚書の署名（%(signed)s）より前の日付です。")
        raise RuleViolation(
            message, {"country": Bilingual(moc.name_ja, moc.name_en), "signed": signed}, field="drafted_on"
        )


def check_move(actor: Actor, report: MocReport, act: MocAct) -> MocState:
    """Raises NotPermitted or StateConflict before anything is changed. Nobody approves their own draft."""
    actor.require(PERMISSION[act])
    if act is MocAct.APPROVE and actor.user_id == report.drafted_by_id:
        raise NotPermitted(N_("自分が起案した通報は承認できません。ほかの管理職が承認します。"))
    return next_state(TRANSITIONS, report.state, act)


def revise(session: Session, actor: Actor, report: MocReport, *, facts: str, request: str) -> None:
    """Change the draft, until it is approved."""
    check_move(actor, report, MocAct.REVISE)
    report.facts, report.request = facts, request
    record(session, actor, "moc_report.revise", report, changed(report))


def approve(session: Session, actor: Actor, report: MocReport, *, now: datetime, on: date) -> None:
    check_move(actor, report, MocAct.APPROVE)
    _check_day(on, report.drafted_on, today(now))
    report.approved_on, report.approved_by_id = on, actor.user_id
    _move(session, actor, report, MocAct.APPROVE, on=on, now=now)


def send(
    session: Session,
    actor: Actor,
    report: MocReport,
    *,
    on: date,
    reference: str,
    answer_due_on: date,
    now: datetime,
) -> None:
    """The report went to the government, asking for an answer by the end of `answer_due_on`."""
    check_move(actor, report, MocAct.SEND)
    assert report.approved_on is not None
    _check_day(on, report.approved_on, today(now))
    if answer_due_on < on:
        raise RuleViolation(N_("回答期限は通報の日以後にしてください。"), field="answer_due_on")
    report.sent_on, report.sent_reference, report.answer_due_on = on, reference, answer_due_on
    _move(session, actor, report, MocAct.SEND, on=on, now=now, reference=reference)


def acknowledge(session: Session, actor: Actor, report: MocReport, *, on: date, reference: str, now: datetime) -> None:
    """The government has confirmed that it received the report."""
    check_move(actor, report, MocAct.ACKNOWLEDGE)
    _check_day(on, _sent_on(report), today(now))
    report.acknowledged_on = on
    _move(session, actor, report, MocAct.ACKNOWLEDGE, on=on, now=now, reference=reference)


def answer(
    session: Session,
    actor: Actor,
    report: MocReport,
    *,
    on: date,
    measure: MocMeasure,
    summary: str,
    reference: str,
    now: datetime,
) -> None:
    """The government's answer: what it did, in a code and in words. It may come late, after "no reply"."""
    check_move(actor, report, MocAct.ANSWER)
    _check_day(on, report.acknowledged_on or _sent_on(report), today(now))
    report.answered_on, report.measure, report.answer = on, measure, summary
    _move(session, actor, report, MocAct.ANSWER, on=on, now=now, reference=reference)


def note_no_reply(session: Session, actor: Actor, report: MocReport, *, on: date, note: str, now: datetime) -> None:
    """No answer had come by the end of the day it was asked for. Raises RuleViolation up to and with that day."""
    check_move(actor, report, MocAct.NOTE_NO_REPLY)
    assert report.answer_due_on is not None
    if on <= report.answer_due_on:
        message = N_("回答期限（%(due)s）はまだ過ぎていません。")
        raise RuleViolation(message, {"due": report.answer_due_on}, field="on")
    _check_day(on, report.acknowledged_on or _sent_on(report), today(now))
    _move(session, actor, report, MocAct.NOTE_NO_REPLY, on=on, now=now, note=note)


def close(session: Session, actor: Actor, report: MocReport, *, on: date, note: str, now: datetime) -> None:
    check_move(actor, report, MocAct.CLOSE)
    last = max([report.answered_on or _sent_on(report), *(step.taken_on for step in report.steps)])
    _check_day(on, last, today(now))
    report.closed_on = on
    _move(session, actor, report, MocAct.CLOSE, on=on, now=now, note=note)


def _sent_on(report: MocReport) -> date:
    assert report.sent_on is not None  # kept by the database from "sent" on
    return report.sent_on


def _check_day(on: date, earliest: date, today: date) -> None:
    if on > today:
        raise RuleViolation(N_("まだ来ていない日付は記録できません。"), field="on")
    if on < earliest:
        message = N_("前の段階の日付（%(earliest)s）より前の日付は記録できません。")
        raise RuleViolation(message, {"earliest": earliest}, field="on")


def _move(
    session: Session,
    actor: Actor,
    report: MocReport,
    act: MocAct,
    *,
    on: date,
    now: datetime,
    reference: str | None = None,
    note: str | None = None,
) -> None:
    """State, track entry and audit event together; other columns are changed before, to be in the audit."""
    report.state = next_state(TRANSITIONS, report.state, act)
    record(session, actor, f"moc_report.{act.value}", report, changed(report), on=on, note=note)
    report.steps.append(
        MocStep(
            act=act,
            taken_on=on,
            reference=reference or None,
            note=note or None,
            recorded_by=actor.display_name,
            recorded_by_id=actor.user_id,
            recorded_at=now,
        )
    )
    session.flush()
