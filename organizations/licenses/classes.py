"""What ends or begins a term of a licence: renewal, another class on application, the lower class ex officio."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from organizations.licenses import terms
from organizations.licenses.history import history_of, write_history
from organizations.licenses.models import License
from organizations.licenses.services import act_on, check_disposition, check_within
from organizations.licenses.states import LicenseAct, LicenseClass
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.errors import RuleViolation, refuse_all
from otit.text import N_


def renew(session: Session, actor: Actor, license: License, *, years: int) -> tuple[date, date]:
    """The ministers have renewed the licence (Art. 31): a term of `years` follows the last one. Returns its ends."""
    act_on(actor, Permission.RECORD_DECISIONS, license, LicenseAct.RENEW)
    history = history_of(session, license.id)
    starts_on = terms.next_day(history)
    until = terms.term_end(license.license_class, starts_on, years)
    write_history(session, license, terms.renewed(history, until))
    record(session, actor, "license.renewed", license, changed(license))
    return starts_on, until


def change_class(
    session: Session, actor: Actor, license: License, license_class: LicenseClass, *, on: date, years: int, today: date
) -> date:
    """The ministers have permitted another class (Art. 32), from `on` for `years`. It is recorded when its day has
    come, because the licence shows its present class. Returns the last day of the new term."""
    act_on(actor, Permission.RECORD_DECISIONS, license, LicenseAct.CHANGE_CLASS)
    check_class_change(license, license_class)
    if on > today:
        raise RuleViolation(N_("区分の変更は、変更の日になってから記録します。"), field="valid_from")
    check_within(license, on, "valid_from")
    history = history_of(session, license.id)
    _check_after_start(history, on, "valid_from")
    until = terms.term_end(license_class, on, years)
    write_history(session, license, terms.class_changed(history, on, license_class, until))
    record(session, actor, "license.class_changed", license, changed(license), on=on)
    return until


def check_class_change(license: License, license_class: LicenseClass) -> None:
    """Raises RuleViolation, see `class_change_refusals`."""
    refuse_all(class_change_refusals(license, license_class))


def class_change_refusals(license: License, license_class: LicenseClass) -> Iterator[RuleViolation]:
    """For the class that the licence has, and under the scheme that knows one class only."""
    citation = N_("法第32条第1項")
    if license.license_class.scheme is not license_class.scheme or license_class is LicenseClass.SUPPORT:
        message = N_("事業区分の変更は、一般監理事業と特定監理事業の間だけです。")
        yield RuleViolation(message, field="license_class", citation=citation)
    elif license_class is license.license_class:
        message = N_("既に%(license_class)sの許可を受けています。")
        yield RuleViolation(message, {"license_class": license_class}, field="license_class", citation=citation)


def check_downgrade(session: Session, actor: Actor, license: License, on: date) -> None:
    """Raises what `downgrade` would; nothing is changed."""
    check_disposition(actor, license, LicenseAct.DOWNGRADE, on)
    check_general(license)
    _check_after_start(history_of(session, license.id), on, "on")


def check_general(license: License, field: str | None = None) -> None:
    """Only a general licence can be lowered (Art. 37(2)). Raises RuleViolation."""
    if license.license_class is not LicenseClass.GENERAL:
        message = N_("一般監理事業の許可ではないため、職権による区分の変更はできません。")
        raise RuleViolation(message, field=field, citation=N_("法第37条第2項"))


def downgrade(session: Session, actor: Actor, license: License, *, on: date) -> None:
    """The ministers have changed a general licence to a specific one (Art. 37(2)) from `on`; it lasts as long as it
    would have."""
    check_downgrade(session, actor, license, on)
    history = terms.downgraded(history_of(session, license.id), on, LicenseClass.SPECIFIC)
    write_history(session, license, history)
    record(session, actor, "license.downgraded", license, changed(license), on=on)


def restore_class(session: Session, actor: Actor, license: License, *, downgraded_on: date) -> None:
    """The change of `downgraded_on` was annulled: the licence is general as if it had not been."""
    act_on(actor, Permission.RECORD_DECISIONS, license, LicenseAct.RESTORE_CLASS)
    history = terms.restored(history_of(session, license.id), downgraded_on, LicenseClass.GENERAL)
    write_history(session, license, history)
    record(session, actor, "license.class_restored", license, changed(license), on=downgraded_on)


def _check_after_start(history: terms.History, on: date, field: str) -> None:
    """A term lasts at least a day: another class cannot begin on the first day of the one it ends."""
    if any(term.starts_on == on for term in history):
        raise RuleViolation(N_("期間の初日には区分を変更できません。翌日以後の日付にしてください。"), field=field)
