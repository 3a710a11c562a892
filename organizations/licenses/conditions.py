"""Conditions of a licence (Art. 30(1)): the ministers set them and lift them."""

from datetime import date

from sqlalchemy.orm import Session

from organizations.licenses.law import cited
from organizations.licenses.models import License, LicenseCondition
from organizations.licenses.services import act_on, check_within
from organizations.licenses.states import LicenseAct
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import hold
from otit.errors import RuleViolation, StateConflict
from otit.text import N_


def add_condition(
    session: Session, actor: Actor, license: License, *, text: str, starts_on: date, ends_on: date | None
) -> LicenseCondition:
    """Record a condition that holds from `starts_on` to `ends_on` (None: until it is lifted)."""
    act_on(actor, Permission.RECORD_DECISIONS, license, LicenseAct.SET_CONDITION)
    hold(session, license)
    if not text.strip():
        raise RuleViolation(N_("条件の内容を入力してください。"), field="text")
    check_within(license, starts_on, "starts_on")
    if ends_on is not None and ends_on < starts_on:
        raise RuleViolation(N_("末日は開始日以後の日付にしてください。"), field="ends_on")
    basis = cited(license.scheme, "30-1", starts_on)
    condition = LicenseCondition(
        license=license,
        text=text.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        provision_code=basis.code,
        provision_from=basis.valid_from,
    )
    session.add(condition)
    session.flush()
    record(session, actor, "license.condition_set", condition, license_id=license.id, text=condition.text)
    return condition


def end_condition(session: Session, actor: Actor, condition: LicenseCondition, *, on: date, today: date) -> None:
    """The condition holds no longer; `on` is its last day. Raises StateConflict when it has ended already."""
    act_on(actor, Permission.RECORD_DECISIONS, condition.license, LicenseAct.END_CONDITION)
    if condition.ends_on is not None and condition.ends_on < today:
        raise StateConflict(N_("この条件は既に終わっています。"))
    if on < condition.starts_on:
        raise RuleViolation(N_("末日は開始日以後の日付にしてください。"), field="on")
    condition.ends_on = on
    record(session, actor, "license.condition_ended", condition, changed(condition))
