"""Receiving a notice that training has become difficult. Whoever must act upon one listens to `difficulty_noted`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from blinker import Signal
from sqlalchemy.orm import Session

from organizations.licenses.law import cited
from organizations.notices.models import DifficultyNotice
from organizations.notices.states import DifficultyReason, Notifier
from organizations.plans.models import TrainingPlan
from organizations.plans.services import discontinue
from organizations.plans.states import GROUP_CATEGORIES, PlanCategory, PlanState
from organizations.trainees.models import Trainee
from otit.audit.trail import record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import today
from otit.errors import RuleViolation, StateConflict
from otit.text import N_, match_key

# Sent in the transaction of the notice, with the session as sender: actor, notice, now.
difficulty_noted: Final = Signal()

# A plan that was given up before its notice came is notified all the same.
NOTIFIABLE: Final = (PlanState.ACCREDITED, PlanState.DISCONTINUED)


@dataclass(frozen=True)
class NoticeFacts:
    """With `discontinue` the training under the plan ended on the day of the fact."""

    reason: DifficultyReason
    occurred_on: date
    notified_on: date
    detail: str | None = None
    discontinue: bool = False


def notifier_of(category: PlanCategory) -> Notifier:
    """Who has to notify: Art. 33(1) for the group type, else Art. 19(1)."""
    return Notifier.SUPERVISING if category in GROUP_CATEGORIES else Notifier.IMPLEMENTING


def may_notify(actor: Actor, plan: TrainingPlan) -> bool:
    in_charge = actor.covers_office(plan.implementing_organization.office_code)
    return in_charge and actor.can(Permission.MAINTAIN_REGISTERS) and plan.state in NOTIFIABLE


def record_difficulty(
    session: Session, actor: Actor, plan: TrainingPlan, facts: NoticeFacts, *, now: datetime
) -> DifficultyNotice:
    """Keep the notice (Art. 19(1), 33(1)), received by the office in charge of the implementing organization; and give
    the plan up with it where the form says so. Raises RuleViolation, naming the field, or StateConflict."""
    actor.require(Permission.MAINTAIN_REGISTERS)
    actor.require_office(plan.implementing_organization.office_code)
    _check(plan, facts, today(now))
    _check_names(session, plan, facts.detail or "")
    notifier = notifier_of(plan.category)
    article = "33-1" if notifier is Notifier.SUPERVISING else "19-1"
    basis = cited(plan.scheme, article, facts.occurred_on)
    notice = DifficultyNotice(
        plan=plan,
        notifier=notifier,
        reason=facts.reason,
        occurred_on=facts.occurred_on,
        notified_on=facts.notified_on,
        detail=(facts.detail or "").strip() or None,
        provision_code=basis.code,
        provision_from=basis.valid_from,
        recorded_at=now,
    )
    session.add(notice)
    session.flush()
    record(session, actor, "difficulty_notice.received", notice, plan=plan.id, reason=facts.reason)
    if facts.discontinue:
        discontinue(session, actor, plan, on=facts.occurred_on, today=today(now))
        session.flush()
    difficulty_noted.send(session, actor=actor, notice=notice, now=now)
    return notice


def _check_names(session: Session, plan: TrainingPlan, text: str) -> None:
    """Whoever reads of the notice need not know who it is about; the name stands with the trainee."""
    trainee = session.get(Trainee, plan.trainee_id) if plan.trainee_id is not None else None
    if trainee is not None and trainee.name_key in match_key(text):
        message = N_("技能実習生の氏名は書かないでください。氏名は計画のページから、必要な人だけが開けます。")
        raise RuleViolation(message, field="detail")


def _check(plan: TrainingPlan, facts: NoticeFacts, today: date) -> None:
    if plan.state not in NOTIFIABLE:
        message = N_("状態が「%(state)s」の計画に、実施困難時届出は登録できません。")
        raise StateConflict(message, {"state": plan.state})
    if facts.occurred_on > today:
        message = N_("困難となった日は、今日（%(today)s）までの日付にしてください。")
        raise RuleViolation(message, {"today": today}, field="occurred_on")
    if facts.notified_on > today:
        message = N_("届出を受けた日は、今日（%(today)s）までの日付にしてください。")
        raise RuleViolation(message, {"today": today}, field="notified_on")
    if facts.occurred_on < plan.accredited_on:
        message = N_("困難となった日は、計画の認定の日（%(day)s）以後にしてください。")
        raise RuleViolation(message, {"day": plan.accredited_on}, field="occurred_on")
    if facts.reason is DifficultyReason.DISAPPEARANCE and facts.occurred_on < plan.starts_on:
        message = N_("行方不明の日は、実習の開始日（%(start)s）以後にしてください。")
        raise RuleViolation(message, {"start": plan.starts_on}, field="occurred_on")
    if facts.notified_on < facts.occurred_on:
        raise RuleViolation(N_("届出の日は、困難となった日以後にしてください。"), field="notified_on")
