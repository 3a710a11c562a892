"""When a disposition takes effect on the plans or the licence, and when it is annulled."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from inspections.dispositions import queries, rules
from inspections.dispositions.models import Disposition
from inspections.dispositions.moves import check_day, check_move, move
from inspections.dispositions.states import ON_LICENSE, DispositionAct, DispositionKind
from organizations.licenses import classes
from organizations.licenses import services as licenses
from organizations.licenses.models import License
from organizations.licenses.states import TRANSITIONS as LICENSE_TRANSITIONS
from organizations.licenses.states import LicenseAct
from organizations.plans.services import check_revocation, reinstate_plans, revoke_plans
from otit.auth.actors import Actor
from otit.clock import today
from otit.errors import RuleViolation, UserError
from otit.text import N_


def take_effect(session: Session, actor: Actor, disposition: Disposition, *, now: datetime) -> None:
    """Revoke the plans or the licence, lower its class or suspend the business, as decided; a revocation opens the bar.
    Raises RuleViolation before the day of effect, StateConflict when a plan or the licence has ended meanwhile."""
    effective_on = check_effect(session, actor, disposition, today(now))
    _apply(session, actor, disposition, effective_on, today(now))
    disposition.effective_on = effective_on
    move(session, actor, disposition, DispositionAct.TAKE_EFFECT, on=effective_on, now=now)


def check_effect(session: Session, actor: Actor, disposition: Disposition, day: date) -> date:
    """The day of effect of a decision that can take effect on `day`; nothing is changed. Raises as `take_effect`."""
    check_move(actor, disposition, DispositionAct.TAKE_EFFECT)
    decision = disposition.decision
    assert decision is not None
    assert decision.effective_on is not None
    if decision.effective_on > day:
        raise RuleViolation(N_("効力発生日（%(on)s）はまだ来ていません。"), {"on": decision.effective_on})
    if decision.kind is DispositionKind.ACCREDITATION_REVOCATION:
        check_revocation(session, actor, queries.decided_plan_ids(session, disposition), on=decision.effective_on)
    elif decision.kind is DispositionKind.CLASS_DOWNGRADE:
        classes.check_downgrade(session, actor, _license(disposition), decision.effective_on)
    elif decision.kind in ON_LICENSE:
        license = _license(disposition)
        licenses.check_disposition(actor, license, ON_LICENSE[decision.kind], decision.effective_on)
    return decision.effective_on


def annul(
    session: Session,
    actor: Actor,
    disposition: Disposition,
    *,
    on: date,
    reason: str,
    document_number: str,
    now: datetime,
) -> None:
    """The disposition was annulled: plans or licence live on as before and the bar falls away."""
    check_move(actor, disposition, DispositionAct.ANNUL)
    assert disposition.effective_on is not None
    check_day(on, disposition.published_on or disposition.effective_on, today(now), "on")
    _undo(session, actor, disposition, on, today(now))
    disposition.annulled_on, disposition.annulled_reason = on, reason
    document = document_number or None
    move(session, actor, disposition, DispositionAct.ANNUL, on=on, now=now, document_number=document, note=reason)


@dataclass
class DueEffects:
    """Numbers of the files that took effect, and of those that could not, with the reason."""

    done: list[str] = field(default_factory=list)
    blocked: list[tuple[str, UserError]] = field(default_factory=list)


def take_due_effects(session: Session, actor: Actor, *, as_of: date, now: datetime) -> DueEffects:
    """Every decision whose day of effect has come up to `as_of`, oldest first. A second run finds none of them; one
    that is blocked does not hold up the others, and is found again."""
    result = DueEffects()
    for disposition in queries.effects_due(session, as_of):
        try:
            check_effect(session, actor, disposition, as_of)
        except UserError as error:
            result.blocked.append((disposition.number, error))
            continue
        take_effect(session, actor, disposition, now=now)
        result.done.append(disposition.number)
    return result


def _apply(session: Session, actor: Actor, disposition: Disposition, on: date, day: date) -> None:
    decision = disposition.decision
    assert decision is not None
    bar_until = rules.bar_end(decision.kind, on)
    if decision.kind is DispositionKind.ACCREDITATION_REVOCATION and bar_until:
        revoke_plans(session, actor, queries.decided_plan_ids(session, disposition), on=on, bar_until=bar_until)
    elif decision.kind is DispositionKind.LICENSE_REVOCATION and bar_until:
        licenses.revoke(session, actor, _license(disposition), on=on, bar_until=bar_until)
    elif decision.kind is DispositionKind.CLASS_DOWNGRADE:
        classes.downgrade(session, actor, _license(disposition), on=on)
    elif decision.kind is DispositionKind.BUSINESS_SUSPENSION and decision.suspension_until:
        license = _license(disposition)
        licenses.suspend(session, actor, license, on=on, until=decision.suspension_until)
        if decision.suspension_until < day:  # an old file, entered after the suspension has run out
            session.flush()
            licenses.resume(session, actor, license, today=day)


def _undo(session: Session, actor: Actor, disposition: Disposition, on: date, day: date) -> None:
    if disposition.kind is DispositionKind.ACCREDITATION_REVOCATION:
        reinstate_plans(session, actor, queries.decided_plan_ids(session, disposition), on=on)
    elif disposition.kind is DispositionKind.CLASS_DOWNGRADE:
        _restore_class(session, actor, disposition)
    elif disposition.kind in ON_LICENSE:
        license = _license(disposition)
        if (license.state, LicenseAct.REINSTATE) in LICENSE_TRANSITIONS and _ours(disposition, license):
            licenses.reinstate(session, actor, license, on=on)
            _suspend_again(session, actor, license, day)


def _restore_class(session: Session, actor: Actor, disposition: Disposition) -> None:
    """A licence that has ended meanwhile keeps its history: nothing of it lives on."""
    license = _license(disposition)
    assert disposition.effective_on is not None
    if (license.state, LicenseAct.RESTORE_CLASS) in LICENSE_TRANSITIONS:
        classes.restore_class(session, actor, license, downgraded_on=disposition.effective_on)


def _suspend_again(session: Session, actor: Actor, license: License, day: date) -> None:
    """A suspension that was ordered before the annulled revocation, and that would still run, runs on."""
    order = queries.running_suspension(session, license.id, day)
    if order is not None and order.effective_on is not None and order.suspension_until is not None:
        licenses.suspend(session, actor, license, on=order.effective_on, until=order.suspension_until)


def _ours(disposition: Disposition, license: License) -> bool:
    """Whether what the licence suffers now comes from this file: a suspension may have run out before its annulment,
    and another disposition may stand since."""
    decision = disposition.decision
    assert decision is not None
    if decision.kind is DispositionKind.LICENSE_REVOCATION:
        return license.revoked_on == disposition.effective_on
    return license.suspended_until == decision.suspension_until


def _license(disposition: Disposition) -> License:
    assert disposition.license is not None  # a disposition under Art. 37 is opened on a live licence
    return disposition.license
