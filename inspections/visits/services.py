"""Logging a visit: what happened, who was there, what was found, and whether it ends the inspection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.scheduling.models import Inspection
from inspections.scheduling.services import complete, start
from inspections.scheduling.states import InspectionState
from inspections.violations.findings import Finding
from inspections.violations.services import add_otit_violation, check_finding
from inspections.violations.states import Authority
from inspections.visits.charge import person, require_in_charge
from inspections.visits.models import Visit
from inspections.visits.states import VisitOutcome
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import hold
from otit.errors import RuleViolation, StateConflict
from otit.law.terms import ACT_IN_FORCE
from otit.text import N_

VISITABLE = (InspectionState.ASSIGNED, InspectionState.IN_PROGRESS)


@dataclass(frozen=True)
class VisitReport:
    """What the inspector writes. `people_present` is one person a line; `ends_inspection` only with outcome done."""

    visited_on: date
    outcome: VisitOutcome
    people_present: str = ""
    place: str | None = None
    observations: str = ""
    findings: Sequence[Finding] = ()
    ends_inspection: bool = False


class FindingRefused(RuleViolation):
    """One of several findings is refused; `index` is its place in the report, `field` its faulty part."""

    def __init__(self, index: int, refusal: RuleViolation):
        super().__init__(refusal.message, refusal.params, field=refusal.field, citation=refusal.citation)
        self.index = index


def log_visit(
    session: Session, actor: Actor, inspection: Inspection, report: VisitReport, *, now: datetime, today: date
) -> Visit:
    """Record a visit of an on-site inspection (Art. 14(1)), its violations included.

    The first visit that is carried out starts the inspection. A visit that could not be carried out (attempted,
    refused, absent, closed down) is kept and moves nothing: the inspection stays open and can still be cancelled.
    Raises StateConflict while nobody is assigned and after the end, RuleViolation for what does not fit.
    """
    actor.require(Permission.LOG_VISITS)
    require_in_charge(actor, inspection)
    hold(session, inspection)  # another visit may be ending it
    if inspection.state not in VISITABLE:
        message = N_("状態が「%(state)s」の検査には訪問を記録できません。")
        raise StateConflict(message, {"state": inspection.state})
    _check(session, inspection, report, today)
    if report.outcome is VisitOutcome.DONE and inspection.state is InspectionState.ASSIGNED:
        start(session, actor, inspection)
    visit = _store(session, actor, inspection, report, now)
    for index, finding in enumerate(report.findings):
        try:
            add_otit_violation(session, actor, visit, finding, now=now)
        except RuleViolation as refusal:
            raise FindingRefused(index, refusal) from refusal
    if report.ends_inspection:
        complete(session, actor, inspection, completed_on=report.visited_on, today=today)
    return visit


def _check(session: Session, inspection: Inspection, report: VisitReport, today: date) -> None:
    _check_day(inspection, report.visited_on, today)
    carried_out = report.outcome is VisitOutcome.DONE
    if carried_out and not report.people_present:
        raise RuleViolation(N_("実施した訪問には、立ち会った人を1名以上記録してください。"), field="people_present")
    if not carried_out and report.findings:
        raise RuleViolation(N_("実施できなかった訪問には、違反を記録できません。"), field="outcome")
    if report.ends_inspection:
        _check_end(session, inspection, report)
    for index, finding in enumerate(report.findings):
        try:
            check_finding(inspection, finding, Authority.OTIT, report.visited_on)
        except RuleViolation as refusal:
            raise FindingRefused(index, refusal) from refusal


def _check_day(inspection: Inspection, visited_on: date, today: date) -> None:
    if visited_on > today:
        raise RuleViolation(N_("訪問した日は、今日までの日にしてください。"), field="visited_on")
    earliest = max(inspection.due_basis_on, ACT_IN_FORCE)
    if visited_on < earliest:
        message = N_("訪問した日は、この検査の起算日である%(day)s以後の日にしてください。")
        raise RuleViolation(message, {"day": earliest}, field="visited_on")


def _check_end(session: Session, inspection: Inspection, report: VisitReport) -> None:
    if report.outcome is not VisitOutcome.DONE:
        message = N_("実施できなかった訪問では検査を終えられません。検査の周期も満たしません。")
        raise RuleViolation(message, field="ends_inspection")
    last = session.scalar(sa.select(sa.func.max(Visit.visited_on)).where(Visit.inspection_id == inspection.id))
    if last is not None and last > report.visited_on:
        message = N_("より新しい訪問（%(day)s）があるため、この訪問では検査を終えられません。")
        raise RuleViolation(message, {"day": last}, field="ends_inspection")


def _store(session: Session, actor: Actor, inspection: Inspection, report: VisitReport, now: datetime) -> Visit:
    visit = Visit(
        inspection_id=inspection.id,
        inspection=inspection,
        visited_on=report.visited_on,
        outcome=report.outcome,
        place=report.place or None,
        people_present=report.people_present,
        observations=report.observations,
        recorded_by_id=person(actor),
        recorded_at=now,
    )
    session.add(visit)
    record(session, actor, "visit.logged", visit, changed(visit), inspection=inspection.number)
    session.flush()
    return visit
