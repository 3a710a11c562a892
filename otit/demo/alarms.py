"""Difficulty notices of plans that were given up, and what was heard of organizations."""

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from inspections.scheduling.models import Inspection
from inspections.scheduling.services import COUNTER as INSPECTIONS
from inspections.scheduling.services import inspection_number
from inspections.scheduling.states import DueBasis, InspectionKind, InspectionState
from inspections.triggers.models import Trigger
from inspections.triggers.services import COUNTER, NATIONWIDE, trigger_number
from inspections.triggers.states import TriggerKind, TriggerState
from organizations.notices.models import DifficultyNotice
from organizations.notices.services import notifier_of
from organizations.notices.states import DifficultyReason, Notifier
from organizations.plans.states import PlanState
from otit.clock import fiscal_year
from otit.demo.papers import Papers
from otit.demo.people import HOME_OFFICE, People, audit_name
from otit.demo.world import Row
from otit.law.provisions import provision
from otit.numbering import next_number

# The reasons of the notices, the latest first; the two disappearances raise triggers.
_REASONS: Final = (
    DifficultyReason.DISAPPEARANCE,
    DifficultyReason.TRAINEE_WISH,
    DifficultyReason.DISAPPEARANCE,
    DifficultyReason.ILLNESS,
    DifficultyReason.BUSINESS,
    DifficultyReason.TRAINEE_WISH,
    DifficultyReason.OTHER,
    DifficultyReason.RIGHTS_VIOLATION,
    DifficultyReason.TRAINEE_WISH,
    DifficultyReason.ILLNESS,
)
_DETAILS: Final = {
    DifficultyReason.DISAPPEARANCE: "宿泊施設に戻らず、連絡が取れない。警察に届け出た。",
    DifficultyReason.TRAINEE_WISH: "家族の事情により、本人が帰国を希望した。",
    DifficultyReason.ILLNESS: "療養のため、実習の継続が困難となった。",
    DifficultyReason.BUSINESS: "受注の減少により、実習を行わせることができなくなった。",
    DifficultyReason.OTHER: "実習を行う作業場が被災した。",
    DifficultyReason.RIGHTS_VIOLATION: "不適正な行為が認められたため、ほかの実習先を探している。",
}
_DECLARED: Final = "時間外の賃金の一部が支払われていないとの申告があった。"
_TOLD: Final = "在留諸申請の審査において、実習の内容に疑義があるとの通報があった。"
_DISMISSED: Final = "直近の実地検査で同じ事項を確認済みであり、違反は認められなかった。"
_DEMANDED_DAYS: Final = 30


def note_difficulties(papers: Papers, session: Session, people: People) -> None:
    """Notices of the plans given up last, of which the newest disappearance waits and the other has its inspection."""
    world = papers.world
    ended = [plan for plan in papers.plans if plan["state"] is PlanState.DISCONTINUED]
    latest = sorted(ended, key=lambda row: (row["ended_on"], row["id"]), reverse=True)
    notices = [_notice(papers, plan, reason) for plan, reason in zip(latest, _REASONS, strict=False)]
    gone = [row for row in notices if row["reason"] is DifficultyReason.DISAPPEARANCE]
    if len(gone) == 2:
        _demanded(papers, session, people, gone[1])
        _trigger(papers, session, people, papers.plans[gone[0]["plan_id"] - 1], gone[0]["notified_on"], notice=gone[0])
    near = next(plan for plan in papers.live() if papers.office(plan) == HOME_OFFICE)
    heard: dict[str, Any] = {"kind": TriggerKind.DECLARATION, "summary": _DECLARED, "plan_id": None}
    _trigger(papers, session, people, near, world.ago(5), **heard)
    far = next(plan for plan in papers.live() if papers.office(plan) != HOME_OFFICE)
    heard = {"kind": TriggerKind.IMMIGRATION_NOTICE, "summary": _TOLD, "plan_id": None, "reason": _DISMISSED}
    heard |= {"state": TriggerState.NO_ACTION, "decided_on": world.ago(16)}
    _trigger(papers, session, people, far, world.ago(30), **heard)


def _notice(papers: Papers, plan: Row, reason: DifficultyReason) -> Row:
    notifier = notifier_of(plan["category"])
    occurred_on = plan["ended_on"]
    notified_on = min(occurred_on + timedelta(days=papers.dice.randint(1, 12)), papers.world.ago(1))
    cited = provision("TIT-33-1" if notifier is Notifier.SUPERVISING else "TIT-19-1", occurred_on)
    return papers.world.rows.add(
        DifficultyNotice,
        plan_id=plan["id"],
        notifier=notifier,
        reason=reason,
        occurred_on=occurred_on,
        notified_on=notified_on,
        detail=_DETAILS[reason],
        provision_code=cited.code,
        provision_from=cited.valid_from,
        recorded_at=papers.world.moment(notified_on),
    )


def _trigger(
    papers: Papers,
    session: Session,
    people: People,
    plan: Row,
    received_on: date,
    notice: Row | None = None,
    **more: Any,
) -> Row:
    year = fiscal_year(received_on)
    body = papers.body(plan["implementing_organization_id"])
    defaults = {
        "kind": TriggerKind.DISAPPEARANCE,
        "summary": "行方不明の届出",
        "plan_id": plan["id"],
        "state": TriggerState.RECEIVED,
    }
    return papers.world.rows.add(
        Trigger,
        number=trigger_number(year, next_number(session, COUNTER, NATIONWIDE, year)),
        organization_id=body["id"],
        notice_id=notice["id"] if notice else None,
        office_code=body["office_code"],
        received_on=received_on,
        created_at=papers.world.moment(received_on),
        created_by=audit_name(people.manager),
        **defaults | more,
    )


def _demanded(papers: Papers, session: Session, people: People, notice: Row) -> None:
    """The trigger whose inspection was demanded on the next day, and that inspection, which nobody has yet."""
    plan = papers.plans[notice["plan_id"] - 1]
    body = papers.body(plan["implementing_organization_id"])
    day = min(notice["notified_on"] + timedelta(days=1), papers.world.ago(1))
    due_on = max(day + timedelta(days=_DEMANDED_DAYS), papers.world.ahead(9))
    year = fiscal_year(day)
    serial = next_number(session, INSPECTIONS, NATIONWIDE, year)
    inspection = papers.world.rows.add(
        Inspection,
        number=inspection_number(year, body["office_code"], serial),
        organization_id=body["id"],
        kind=InspectionKind.AD_HOC,
        due_on=due_on,
        due_basis=DueBasis.DEMANDED,
        due_basis_on=day,
        demand="技能実習生の行方不明の届出があったため、実習の状況を確認する。",
        state=InspectionState.PLANNED,
        owner_office_code=body["office_code"],
        office_code=body["office_code"],
        created_at=papers.world.moment(day),
        created_by=audit_name(people.manager),
    )
    decided = {"state": TriggerState.DEMANDED, "decided_on": day, "inspection_id": inspection["id"]}
    _trigger(papers, session, people, plan, notice["notified_on"], notice=notice, **decided)
