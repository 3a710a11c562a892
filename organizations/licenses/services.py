"""Acts on a licence: dispositions of the ministers (Art. 37), their annulment, and how it ends by itself."""

from datetime import date

from sqlalchemy.orm import Session

from organizations.licenses import queries
from organizations.licenses.models import License
from organizations.licenses.states import TRANSITIONS, LicenseAct, LicenseState
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.errors import RuleViolation
from otit.lifecycle import next_state
from otit.text import N_


def check_disposition(actor: Actor, license: License, act: LicenseAct, on: date) -> LicenseState:
    """The state after a disposition that takes effect on `on`; nothing is changed. Raises what the act would."""
    state = act_on(actor, Permission.RECORD_DECISIONS, license, act)
    check_within(license, on)
    return state


def revoke(session: Session, actor: Actor, license: License, *, on: date, bar_until: date) -> None:
    """The ministers' revocation (Art. 37(1)) takes effect on `on`; the body is barred up to and with `bar_until`
    (Art. 26(ii)). Raises RuleViolation for a date outside the licence's life."""
    state = check_disposition(actor, license, LicenseAct.REVOKE, on)
    if bar_until < on:
        raise RuleViolation(N_("欠格期間の末日は取消しの日以後にしてください。"), field="bar_until")
    license.state, license.revoked_on, license.bar_until, license.suspended_until = state, on, bar_until, None
    record(session, actor, "license.revoked", license, changed(license))


def suspend(session: Session, actor: Actor, license: License, *, on: date, until: date) -> None:
    """The ministers' order to suspend the business (Art. 37(3)) from `on` up to and with `until`."""
    state = check_disposition(actor, license, LicenseAct.SUSPEND, on)
    if until < on:
        raise RuleViolation(N_("停止期間の末日は開始日以後にしてください。"), field="until")
    license.state, license.suspended_until = state, until
    record(session, actor, "license.suspended", license, changed(license), on=on)


def reinstate(session: Session, actor: Actor, license: License, *, on: date) -> None:
    """A revocation or suspension was annulled: the licence lives on as if it had not been, the bar falls away.

    Raises RuleViolation when the body has been given another licence of the same scheme since.
    """
    state = act_on(actor, Permission.RECORD_DECISIONS, license, LicenseAct.REINSTATE)
    if license.revoked_on is not None and on < license.revoked_on:
        raise RuleViolation(N_("取消しの日より前の日付です。"), field="on")
    other = queries.live_license(session, license.organization_id, license.scheme)
    if other is not None and other.id != license.id:
        raise RuleViolation(N_("この団体は既に別の許可を受けているため、元の許可を復活できません。"))
    license.state, license.revoked_on, license.bar_until, license.suspended_until = state, None, None, None
    record(session, actor, "license.reinstated", license, changed(license), on=on)


def resume(session: Session, actor: Actor, license: License, *, today: date) -> None:
    """The suspension has run out: from the day after its last day the business may go on."""
    state = act_on(actor, Permission.MAINTAIN_REGISTERS, license, LicenseAct.RESUME)
    assert license.suspended_until is not None  # kept by the database: suspended <=> with an end
    if license.suspended_until >= today:
        raise RuleViolation(N_("停止期間が終わっていません（%(until)sまで）。"), {"until": license.suspended_until})
    license.state, license.suspended_until = state, None
    record(session, actor, "license.resumed", license, changed(license))


def expire(session: Session, actor: Actor, license: License, *, today: date) -> None:
    """The term has run out without renewal (Art. 31): from the day after the last valid day."""
    state = act_on(actor, Permission.MAINTAIN_REGISTERS, license, LicenseAct.EXPIRE)
    if license.expires_on >= today:
        raise RuleViolation(N_("有効期間が終わっていません（%(until)sまで）。"), {"until": license.expires_on})
    license.state, license.suspended_until = state, None
    record(session, actor, "license.expired", license, changed(license))


def close(session: Session, actor: Actor, license: License, *, on: date, today: date) -> None:
    """The body has notified that it gives up the business from `on` (Art. 34(1))."""
    state = act_on(actor, Permission.MAINTAIN_REGISTERS, license, LicenseAct.CLOSE)
    if on > today:
        raise RuleViolation(N_("未来の日付は登録できません。"), field="on")
    check_within(license, on)
    license.state, license.closed_on, license.suspended_until = state, on, None
    record(session, actor, "license.closed", license, changed(license))


def settle_due(session: Session, actor: Actor, today: date) -> dict[str, int]:
    """Whatever time alone has ended up to `today`: terms that ran out, then suspensions. A second run finds nothing.

    Returns how many of each: {"expired": n, "resumed": n}.
    """
    expired = queries.past_their_term(session, today)
    for license in expired:
        expire(session, actor, license, today=today)
    session.flush()
    resumed = queries.past_their_suspension(session, today)
    for license in resumed:
        resume(session, actor, license, today=today)
    return {"expired": len(expired), "resumed": len(resumed)}


def act_on(actor: Actor, permission: Permission, license: License, act: LicenseAct) -> LicenseState:
    """The state after the act. Raises NotPermitted, or StateConflict where the licence takes no such act."""
    actor.require(permission)
    actor.require_office(license.organization.office_code)
    return next_state(TRANSITIONS, license.state, act)


def check_within(license: License, on: date, field: str = "on") -> None:
    """Raises RuleViolation, beside `field`, for a day outside the term of the licence."""
    if not license.licensed_on <= on <= license.expires_on:
        raise RuleViolation(
            N_("許可の有効期間（%(start)sから%(end)sまで）の中の日付にしてください。"),
            {"start": license.licensed_on, "end": license.expires_on},
            field=field,
        )


def is_barred(license: License, today: date) -> bool:
    """Whether the five-year bar after a revocation still runs (its last day included)."""
    return license.state is LicenseState.REVOKED and license.bar_until is not None and license.bar_until >= today
