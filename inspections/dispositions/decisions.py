"""The ministers' decision, as they took it: it may differ from the proposal in kind, grounds and plans."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.dispositions import rules
from inspections.dispositions.models import Decision, Disposition, DispositionPlan
from inspections.dispositions.moves import check_day, check_move, move
from inspections.dispositions.services import cited
from inspections.dispositions.states import ON_LICENSE, DispositionAct, DispositionKind
from inspections.dispositions.suspensions import review_decision
from organizations.licenses.classes import check_general
from organizations.licenses.services import check_within
from organizations.plans.models import TrainingPlan
from otit.auth.actors import Actor
from otit.clock import today
from otit.errors import RuleViolation
from otit.findings import require_seen
from otit.law.authority import DispositionAuthority
from otit.text import N_


@dataclass(frozen=True)
class DecisionFacts:
    """What the ministers decided. `excluded` are the numbers of proposed plans that the decision does not cover;
    `suspension_until` is the last day of a suspension (Art. 37(3)), `seen` the digest of the findings that were
    confirmed."""

    kind: DispositionKind
    authority: DispositionAuthority
    decided_on: date
    reason: str
    document_number: str | None = None
    effective_on: date | None = None
    suspension_until: date | None = None
    grounds: Sequence[rules.Ground] = ()
    excluded: Collection[str] = field(default_factory=tuple)
    seen: str = ""


def decide(session: Session, actor: Actor, disposition: Disposition, facts: DecisionFacts, *, now: datetime) -> None:
    """Record the decision; a decision to take no disposition (`DispositionKind.NONE`) ends the file without effect."""
    none = facts.kind is DispositionKind.NONE
    act = DispositionAct.DECIDE_NONE if none else DispositionAct.DECIDE
    check_move(actor, disposition, act)
    assert disposition.submitted_on is not None
    check_day(facts.decided_on, disposition.submitted_on, today(now), "decided_on")
    rules.check_authority(facts.authority, disposition.organization.kind, facts.decided_on)
    covered = [] if none else _check_disposition(session, disposition, facts)
    _check_dates(facts)
    found = review_decision(session, disposition, facts.kind, facts.effective_on, facts.suspension_until)
    require_seen(found, facts.seen)
    disposition.decision = Decision(
        authority=facts.authority.value,
        kind=facts.kind,
        decided_on=facts.decided_on,
        effective_on=facts.effective_on,
        suspension_until=facts.suspension_until,
        document_number=facts.document_number or None,
        reason=facts.reason,
        recorded_by_id=actor.user_id,
    )
    disposition.grounds.extend(cited("decision", facts.grounds))
    if covered:
        within = sa.update(DispositionPlan).where(DispositionPlan.disposition_id == disposition.id)
        session.execute(within.where(DispositionPlan.plan_id.in_(covered)).values(decided=True))
    move(
        session,
        actor,
        disposition,
        act,
        on=facts.decided_on,
        now=now,
        document_number=facts.document_number,
        findings=found,
    )


def _check_disposition(session: Session, disposition: Disposition, facts: DecisionFacts) -> list[int]:
    """Raises RuleViolation unless kind, grounds and plans fit; returns the ids of the plans covered."""
    target = disposition.organization.kind
    rules.check_kind(target, facts.kind)
    rules.check_grounds(facts.grounds, target, facts.kind, facts.decided_on)
    if facts.kind in ON_LICENSE and disposition.license is not None and facts.effective_on is not None:
        check_within(disposition.license, facts.effective_on, "effective_on")
        if facts.kind is DispositionKind.CLASS_DOWNGRADE:
            check_general(disposition.license, "kind")
    if facts.kind is not DispositionKind.ACCREDITATION_REVOCATION:
        return []
    statement = (
        sa.select(TrainingPlan.id, TrainingPlan.number, TrainingPlan.accredited_on)
        .join(DispositionPlan, DispositionPlan.plan_id == TrainingPlan.id)
        .where(DispositionPlan.disposition_id == disposition.id)
        .order_by(TrainingPlan.number)
    )
    proposed = session.execute(statement).all()
    unknown = sorted(set(facts.excluded) - {plan.number for plan in proposed})
    if unknown:
        message = N_("起案の対象になっていない認定番号です：%(numbers)s")
        raise RuleViolation(message, {"numbers": "、".join(unknown[:5])}, field="excluded")
    covered = [plan for plan in proposed if plan.number not in facts.excluded]
    if not covered:
        raise RuleViolation(N_("取り消す計画が一つも残っていません。"), field="excluded")
    late = [plan.number for plan in covered if facts.effective_on and plan.accredited_on > facts.effective_on]
    if late:
        message = N_("認定年月日より前の日に取り消すことはできません：%(numbers)s")
        raise RuleViolation(message, {"numbers": "、".join(late[:5])}, field="effective_on")
    return [plan.id for plan in covered]


def _check_dates(facts: DecisionFacts) -> None:
    if facts.kind is DispositionKind.NONE:
        if facts.effective_on or facts.suspension_until:
            raise RuleViolation(N_("処分しない決定に効力発生日はありません。"), field="effective_on")
        return
    if facts.effective_on is None:
        raise RuleViolation(N_("効力発生日を入力してください。"), field="effective_on")
    if facts.effective_on < facts.decided_on:
        raise RuleViolation(N_("効力は決定の日より前には生じません。"), field="effective_on")
    _check_suspension(facts, facts.effective_on)


def _check_suspension(facts: DecisionFacts, effective_on: date) -> None:
    if (facts.kind is DispositionKind.BUSINESS_SUSPENSION) != (facts.suspension_until is not None):
        message = N_("停止期間の末日は、事業停止命令のときに限り、必ず入力してください。")
        raise RuleViolation(message, field="suspension_until", citation=N_("法第37条第3項"))
    if facts.suspension_until is not None and facts.suspension_until < effective_on:
        raise RuleViolation(N_("停止期間の末日は効力発生日以後の日です。"), field="suspension_until")
