"""The ministers' decision on an application: what they granted, or why they refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from organizations.licenses import classes
from organizations.licenses.history import write_history
from organizations.licenses.models import License
from organizations.licenses.states import LicenseState, TermGround
from organizations.licenses.terms import Term, term_end
from organizations.licensing import queries, rules
from organizations.licensing.models import LicenseApplication
from organizations.licensing.services import check_act, check_day, findings_of
from organizations.licensing.states import ApplicationAct, ApplicationPurpose
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.clock import today
from otit.db import hold
from otit.errors import RuleViolation, refuse_all, require_text
from otit.findings import require_seen, stored
from otit.law.authority import DispositionAuthority, license_authority
from otit.text import N_


@dataclass(frozen=True)
class Decision:
    """Who decided and when. `seen` is the digest of the findings that were shown and confirmed before."""

    authority: DispositionAuthority
    decided_on: date
    document_number: str | None = None
    seen: str = ""


def grant(
    session: Session,
    actor: Actor,
    application: LicenseApplication,
    decision: Decision,
    *,
    years: int,
    valid_from: date | None,
    now: datetime,
) -> License:
    """The ministers have granted the application: a new licence and its first term, a renewal, or another class, for
    `years`. `valid_from` is the day of the licence or of the change; a renewal follows the last term and has none."""
    state = check_act(actor, application, ApplicationAct.GRANT)
    _check_decision(application, decision, today(now))
    hold(session, application.organization)
    facts = queries.facts_of(session, application)
    refuse_all(_refusals(application, facts, decision, valid_from, years))
    shown = findings_of(session, application, decision.decided_on, years)
    require_seen(shown, decision.seen)
    if application.purpose is ApplicationPurpose.NEW:
        assert valid_from is not None  # else it is refused above
        start, until = _give(session, actor, application, valid_from, years)
    else:
        start, until = _prolong(session, actor, application, valid_from, years, today(now))
    application.state = state
    application.valid_from, application.valid_until = start, until
    application.warnings = stored(shown)
    _note(application, decision)
    assert application.license is not None
    record(session, actor, "license_application.granted", application, changed(application))
    return application.license


def refuse(
    session: Session,
    actor: Actor,
    application: LicenseApplication,
    decision: Decision,
    *,
    reason: str,
    now: datetime,
) -> None:
    """The ministers have refused the application."""
    state = check_act(actor, application, ApplicationAct.REFUSE)
    _check_decision(application, decision, today(now))
    given = require_text(reason, N_("不許可の理由を入力してください。"))
    shown = findings_of(session, application, decision.decided_on)
    require_seen(shown, decision.seen)
    application.warnings = stored(shown)
    application.state, application.refusal_reason = state, given
    _note(application, decision)
    record(session, actor, "license_application.refused", application, changed(application))


def _check_decision(application: LicenseApplication, decision: Decision, day: date) -> None:
    assert application.facts_found_on is not None  # kept by the database: no decision before the facts are found
    check_day(decision.decided_on, application.facts_found_on, day, "decided_on")
    rightful = license_authority(decision.decided_on)
    if decision.authority is not rightful:
        message = N_("%(on)sに監理団体の許可を決定したのは%(rightful)sです。")
        params = {"on": decision.decided_on, "rightful": rightful}
        raise RuleViolation(message, params, field="authority", citation=N_("法第23条第1項"))


def _refusals(
    application: LicenseApplication, facts: rules.Facts, decision: Decision, valid_from: date | None, years: int
) -> Iterator[RuleViolation]:
    yield from rules.standing_refusals(facts, decision.decided_on, "decided_on")
    yield from rules.term_refusals(facts, years)
    if application.purpose is ApplicationPurpose.RENEWAL:
        return
    if valid_from is None:
        yield RuleViolation(N_("入力してください。"), field="valid_from")
    elif application.purpose is ApplicationPurpose.NEW:
        yield from rules.new_term_refusals(facts, valid_from, decision.decided_on)
    elif valid_from < decision.decided_on:
        yield RuleViolation(N_("区分は決定の日より前には変わりません。"), field="valid_from")


def _note(application: LicenseApplication, decision: Decision) -> None:
    application.decided_on = decision.decided_on
    application.authority = decision.authority.value
    application.document_number = decision.document_number or None


def _give(
    session: Session, actor: Actor, application: LicenseApplication, valid_from: date, years: int
) -> tuple[date, date]:
    """A new licence bears the number of its application (Art. 23(1))."""
    until = term_end(application.license_class, valid_from, years)
    license = License(
        organization=application.organization,
        scheme=application.scheme,
        number=application.number,
        license_class=application.license_class,
        state=LicenseState.LICENSED,
        licensed_on=valid_from,
        expires_on=until,
    )
    session.add(license)
    session.flush()
    write_history(session, license, [Term(license.license_class, valid_from, until, TermGround.LICENSED)])
    record(session, actor, "license.licensed", license, number=license.number, licensed_on=valid_from, expires_on=until)
    application.license = license
    return valid_from, until


def _prolong(
    session: Session,
    actor: Actor,
    application: LicenseApplication,
    valid_from: date | None,
    years: int,
    day: date,
) -> tuple[date, date]:
    license, license_class = application.license, application.license_class
    assert license is not None
    if application.purpose is ApplicationPurpose.RENEWAL:
        if license.license_class is not license_class:
            message = N_("申請の後に許可の区分が変わっています。")
            raise RuleViolation(message, citation=N_("法第31条"))
        return classes.renew(session, actor, license, years=years)
    assert valid_from is not None  # else it is refused above
    until = classes.change_class(session, actor, license, license_class, on=valid_from, years=years, today=day)
    return valid_from, until
