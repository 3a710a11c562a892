"""Acts on training plans: revocation of many at once (Art. 16(1)) and its annulment, completion, discontinuation."""

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.plans.models import TrainingPlan
from organizations.plans.states import TRANSITIONS, PlanAct, PlanState
from organizations.register.models import Organization
from otit.audit.trail import changed, record, record_bulk
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.errors import NotFound, RuleViolation, StateConflict
from otit.lifecycle import next_state
from otit.text import N_


def revoke_plans(session: Session, actor: Actor, plan_ids: Collection[int], *, on: date, bar_until: date) -> int:
    """The ministers' revocation of accreditations takes effect on `on`, for all these plans or none; the organization
    is barred up to and with `bar_until` (Art. 10). Set-based, one audit event. Returns how many plans.

    Raises StateConflict when one of them is no longer accredited, RuleViolation when one was accredited after `on`.
    """
    if bar_until < on:
        raise RuleViolation(N_("欠格期間の末日は取消しの日以後にしてください。"), field="bar_until")
    values = {"revoked_on": on, "bar_until": bar_until}
    return _move_many(session, actor, plan_ids, PlanAct.REVOKE, TrainingPlan.accredited_on, on, values)


def check_revocation(session: Session, actor: Actor, plan_ids: Collection[int], *, on: date) -> None:
    """Raises what `revoke_plans` would; nothing is changed."""
    _check_many(session, actor, sorted(set(plan_ids)), PlanAct.REVOKE, TrainingPlan.accredited_on, on)


def reinstate_plans(session: Session, actor: Actor, plan_ids: Collection[int], *, on: date) -> int:
    """The revocation of these plans was annulled on `on`: they are accredited as before, the bar falls away."""
    values = {"revoked_on": None, "bar_until": None}
    return _move_many(session, actor, plan_ids, PlanAct.REINSTATE, TrainingPlan.revoked_on, on, values)


def complete(session: Session, actor: Actor, plan: TrainingPlan, *, on: date, today: date) -> None:
    """Training under the plan ended as planned, on `on`."""
    _end(session, actor, plan, PlanAct.COMPLETE, on, today)


def discontinue(session: Session, actor: Actor, plan: TrainingPlan, *, on: date, today: date) -> None:
    """Training under the plan was given up on `on` (notices of difficulty: Art. 19(1), 33(1))."""
    _end(session, actor, plan, PlanAct.DISCONTINUE, on, today)


def note_first_training(session: Session, organization_ids: Collection[Any]) -> None:
    """The three-year cycle of a body that was never inspected starts with its first training. Derived from its plans,
    so it is no new version of the body; only ever moved to an earlier day."""
    earliest = (
        sa.select(sa.func.min(TrainingPlan.starts_on))
        .where(TrainingPlan.implementing_organization_id == Organization.id)
        .scalar_subquery()
    )
    later = sa.or_(Organization.first_training_on.is_(None), Organization.first_training_on > earliest)
    statement = sa.update(Organization).where(Organization.id.in_(organization_ids), later)
    session.execute(statement.values(first_training_on=earliest), execution_options={"synchronize_session": False})


_EVENTS = {
    PlanAct.REVOKE: "plan.revoked",
    PlanAct.REINSTATE: "plan.reinstated",
    PlanAct.COMPLETE: "plan.completed",
    PlanAct.DISCONTINUE: "plan.discontinued",
}


def _end(session: Session, actor: Actor, plan: TrainingPlan, act: PlanAct, on: date, today: date) -> None:
    actor.require(Permission.MAINTAIN_REGISTERS)
    actor.require_office(plan.implementing_organization.office_code)
    state = next_state(TRANSITIONS, plan.state, act)
    if on > today:
        raise RuleViolation(N_("未来の日付は登録できません。"), field="on")
    if on < plan.accredited_on:
        raise RuleViolation(N_("認定年月日より前の日付です。"), field="on")
    plan.state, plan.ended_on = state, on
    record(session, actor, _EVENTS[act], plan, changed(plan))


def _move_many(
    session: Session,
    actor: Actor,
    plan_ids: Collection[int],
    act: PlanAct,
    not_before: sa.orm.InstrumentedAttribute[Any],
    on: date,
    values: dict[str, Any],
) -> int:
    ids = sorted(set(plan_ids))
    session.flush()
    old, new = _check_many(session, actor, ids, act, not_before, on)
    update = (
        sa.update(TrainingPlan)
        .where(TrainingPlan.id.in_(ids), TrainingPlan.state == old)
        .values(state=new, version=TrainingPlan.version + 1, **values)
        .returning(TrainingPlan.id)
    )
    moved = session.scalars(update, execution_options={"synchronize_session": False}).all()
    for loaded in session.identity_map.values():
        if isinstance(loaded, TrainingPlan):
            session.expire(loaded)
    if len(moved) != len(ids):
        raise StateConflict(N_("一部の計画の状態が同時に変更されました。最新の内容を確認してください。"))
    record_bulk(session, actor, _EVENTS[act], TrainingPlan.__tablename__, ids, on=on, state=[old, new], **values)
    return len(ids)


def _check_many(
    session: Session,
    actor: Actor,
    ids: list[int],
    act: PlanAct,
    not_before: sa.orm.InstrumentedAttribute[Any],
    on: date,
) -> tuple[PlanState, PlanState]:
    """The one state before and after; `not_before` is the date column that `on` may not precede."""
    actor.require(Permission.RECORD_DECISIONS)
    if not ids:
        raise RuleViolation(N_("計画を1件以上選んでください。"), field="plans")
    statement = (
        sa.select(TrainingPlan.state, Organization.office_code, sa.func.count(), sa.func.max(not_before))
        .join(TrainingPlan.implementing_organization)
        .where(TrainingPlan.id.in_(ids))
        .group_by(TrainingPlan.state, Organization.office_code)
        .order_by(TrainingPlan.state)
    )
    groups = session.execute(statement).all()
    if sum(count for _state, _office, count, _day in groups) != len(ids):
        raise NotFound(N_("指定された計画の一部が見つかりません。"))
    for state, office, _count, latest in groups:
        actor.require_office(office)
        next_state(TRANSITIONS, state, act)
        if on < latest:
            raise RuleViolation(N_("%(day)sより前の日付にはできません。"), {"day": latest}, field="on")
    before = groups[0][0]
    return before, next_state(TRANSITIONS, before, act)
