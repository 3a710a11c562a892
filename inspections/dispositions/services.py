"""OTIT's side of a disposition: proposal, submission to the ministers (進達), withdrawal, publication."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.dispositions import rules
from inspections.dispositions.models import Disposition, DispositionGround, DispositionPlan
from inspections.dispositions.moves import check_day, check_move, move
from inspections.dispositions.queries import escalated_inspections, plans_in_open_files
from inspections.dispositions.states import DispositionAct, DispositionKind
from inspections.dispositions.suspensions import review_proposal
from inspections.scheduling.models import Inspection
from organizations.licenses.classes import check_general
from organizations.licenses.models import License
from organizations.licenses.states import LIVE_STATES as LIVE_LICENSE_STATES
from organizations.licenses.states import LicenseState, Scheme
from organizations.plans.models import TrainingPlan
from organizations.plans.states import LIVE_STATES as LIVE_PLAN_STATES
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.audit.trail import record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import fiscal_year, today
from otit.db import hold
from otit.errors import RuleViolation
from otit.findings import noted, require_seen
from otit.law.terms import ACT_IN_FORCE
from otit.numbering import next_number
from otit.text import N_

_NAMED_AT_MOST = 5


@dataclass(frozen=True)
class Proposal:
    """What OTIT proposes. `plans` are those of a revocation of accreditations, and only of that; `inspection` is one
    with violations that were taken to disposition procedure; `seen` the digest of the findings that were confirmed."""

    kind: DispositionKind
    grounds: Sequence[rules.Ground]
    reason: str
    proposed_on: date
    plans: Sequence[TrainingPlan] = ()
    inspection: Inspection | None = None
    seen: str = ""


def propose(
    session: Session, actor: Actor, organization: Organization, proposal: Proposal, *, now: datetime
) -> Disposition:
    """Open the file. Raises RuleViolation; the day may be past (older files are entered afterwards) but not before
    the Act applied."""
    actor.require(Permission.PROPOSE_DISPOSITIONS)
    actor.require_office(organization.office_code)
    hold(session, organization)  # two people may be proposing the same plans
    license = _check(session, organization, proposal, today(now))
    found = review_proposal(session, organization, proposal.kind)
    require_seen(found, proposal.seen)
    disposition = Disposition(
        number=_next_number(session, organization.office_code, proposal.proposed_on),
        organization=organization,
        license=license,
        inspection=proposal.inspection,
        office_code=organization.office_code,
        proposed_kind=proposal.kind,
        proposed_on=proposal.proposed_on,
        proposed_by_id=actor.user_id,
        reason=proposal.reason,
        created_at=now,
    )
    disposition.grounds = cited("proposal", proposal.grounds)
    disposition.plans = [DispositionPlan(plan_id=plan.id) for plan in proposal.plans]
    session.add(disposition)
    session.flush()
    detail: dict[str, Any] = {
        "number": disposition.number,
        "kind": proposal.kind,
        "plans": sorted(plan.number for plan in proposal.plans),
        "grounds": [ground.key for ground in proposal.grounds],
        **noted(found),
    }
    record(session, actor, "disposition.propose", disposition, None, **detail)
    return disposition


def _check(session: Session, organization: Organization, proposal: Proposal, day: date) -> License | None:
    """Raises RuleViolation before anything is added; returns the licence the file is about, if it is about one."""
    target, kind = organization.kind, proposal.kind
    check_day(proposal.proposed_on, ACT_IN_FORCE, day, "proposed_on")
    rules.check_kind(target, kind)
    rules.check_grounds(proposal.grounds, target, kind, proposal.proposed_on)
    _check_plans(session, organization, kind, proposal.plans)
    _check_inspection(session, organization, proposal.inspection)
    return _license(session, organization, kind)


def cited(stage: str, grounds: Sequence[rules.Ground]) -> list[DispositionGround]:
    """The grounds as rows, each once."""
    return [
        DispositionGround(
            stage=stage,
            provision_code=ground.provision.code,
            provision_from=ground.provision.valid_from,
            via_code=ground.via and ground.via.code,
            via_from=ground.via and ground.via.valid_from,
        )
        for ground in dict.fromkeys(grounds)
    ]


def submit(
    session: Session, actor: Actor, disposition: Disposition, *, on: date, document_number: str, now: datetime
) -> None:
    """The proposal has gone to the ministers (進達)."""
    check_move(actor, disposition, DispositionAct.SUBMIT)
    check_day(on, disposition.proposed_on, today(now), "on")
    disposition.submitted_on = on
    move(session, actor, disposition, DispositionAct.SUBMIT, on=on, now=now, document_number=document_number)


def withdraw(session: Session, actor: Actor, disposition: Disposition, *, on: date, reason: str, now: datetime) -> None:
    """OTIT gives the proposal up before it has gone to the ministers."""
    check_move(actor, disposition, DispositionAct.WITHDRAW)
    check_day(on, disposition.proposed_on, today(now), "on")
    move(session, actor, disposition, DispositionAct.WITHDRAW, on=on, now=now, note=reason)


def publish(
    session: Session, actor: Actor, disposition: Disposition, *, on: date, document_number: str, now: datetime
) -> None:
    """The disposition has been published (公示; Art. 15(2), 16(2), 37(4))."""
    check_move(actor, disposition, DispositionAct.PUBLISH)
    assert disposition.effective_on is not None
    check_day(on, disposition.effective_on, today(now), "on")
    disposition.published_on = on
    move(session, actor, disposition, DispositionAct.PUBLISH, on=on, now=now, document_number=document_number)


def _next_number(session: Session, office_code: str, on: date) -> str:
    """処26-11-0001: fiscal year, office, sequence of that office in that year."""
    year = fiscal_year(on)
    return f"処{year % 100:02d}-{office_code}-{next_number(session, 'disposition', office_code, year):04d}"


def _check_plans(
    session: Session, organization: Organization, kind: DispositionKind, plans: Sequence[TrainingPlan]
) -> None:
    if kind is not DispositionKind.ACCREDITATION_REVOCATION:
        if plans:
            raise RuleViolation(N_("計画を選べるのは「認定の取消し」だけです。"), field="numbers")
        return
    if not plans:
        raise RuleViolation(N_("取り消す計画を一つ以上選んでください。"), field="numbers")
    _refuse_plans(
        [plan for plan in plans if plan.implementing_organization_id != organization.id],
        N_("この実習実施者の計画ではありません：%(numbers)s"),
    )
    _refuse_plans(
        [plan for plan in plans if plan.state not in LIVE_PLAN_STATES],
        N_("既に取り消され、又は終わった計画です：%(numbers)s"),
    )
    _refuse_plans(
        plans_in_open_files(session, [plan.id for plan in plans]),
        N_("ほかの処分手続の対象になっている計画です：%(numbers)s"),
    )


def _refuse_plans(wrong: Sequence[TrainingPlan], message: str) -> None:
    if wrong:
        shown = "、".join(sorted(plan.number for plan in wrong)[:_NAMED_AT_MOST])
        more = "…" if len(wrong) > _NAMED_AT_MOST else ""
        raise RuleViolation(message, {"numbers": shown + more}, field="numbers")


def _check_inspection(session: Session, organization: Organization, inspection: Inspection | None) -> None:
    if inspection is None:
        return
    known = {row.id for row in escalated_inspections(session, organization.id)}
    if inspection.organization_id != organization.id or inspection.id not in known:
        message = N_("処分手続へ移した違反のある、この団体の実地検査だけを選べます。")
        raise RuleViolation(message, field="inspection_id")


def _license(session: Session, organization: Organization, kind: DispositionKind) -> License | None:
    """The licence a disposition on a supervising organization is aimed at."""
    if organization.kind is not OrganizationKind.SUPERVISING:
        return None
    license = session.scalar(
        sa.select(License).where(
            License.organization_id == organization.id,
            License.scheme == Scheme.TECHNICAL_INTERN_TRAINING,
            License.state.in_(LIVE_LICENSE_STATES),
        )
    )
    if license is None:
        raise RuleViolation(N_("この監理団体には有効な許可がありません。"), field="kind")
    if kind is DispositionKind.BUSINESS_SUSPENSION and license.state is not LicenseState.LICENSED:
        raise RuleViolation(N_("この監理団体の事業は既に停止されています。"), field="kind")
    if kind is DispositionKind.CLASS_DOWNGRADE:
        check_general(license, "kind")
    return license
