"""Acts on an application before its decision: OTIT takes it, records the facts found (Art. 24), or it is withdrawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from organizations.licenses.classes import class_change_refusals
from organizations.licenses.law import cited
from organizations.licenses.models import License
from organizations.licenses.numbers import made_number, read_number
from organizations.licenses.states import LicenseClass
from organizations.licensing import queries, rules
from organizations.licensing.models import LicenseApplication
from organizations.licensing.rules import Facts
from organizations.licensing.states import TRANSITIONS, ApplicationAct, ApplicationPurpose, ApplicationState
from organizations.register.models import Organization
from organizations.register.namesakes import barred_namesakes, officers_clause
from organizations.register.part_queries import officers_of
from organizations.register.states import OrganizationKind
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import today
from otit.db import hold
from otit.errors import RuleViolation, StateConflict, UserError, refuse_all
from otit.findings import Finding
from otit.law.citations import citation_ja
from otit.lifecycle import next_state
from otit.numbering import next_number
from otit.text import N_

COUNTER, NATIONWIDE = "license-application", "00"
# The provision under which each is applied for.
PLACES = {
    ApplicationPurpose.NEW: "23-1",
    ApplicationPurpose.RENEWAL: "31",
    ApplicationPurpose.CLASS_CHANGE: "32-1",
}


@dataclass(frozen=True)
class Request:
    """`number` is that of the receipt as typed, None where it is to be drawn. `license` is the one to be renewed or
    changed, None for a new one."""

    purpose: ApplicationPurpose
    license_class: LicenseClass
    applied_on: date
    number: str | None = None
    license: License | None = None


def receive(
    session: Session, actor: Actor, organization: Organization, request: Request, *, now: datetime
) -> LicenseApplication:
    """Take an application (Art. 23, 31, 32). Raises what `refusals` finds, all at once."""
    actor.require(Permission.MAINTAIN_REGISTERS)
    actor.require_office(organization.office_code)
    hold(session, organization)
    refuse_all(refusals(session, organization, request, today(now)))
    application = LicenseApplication(
        **columns(session, organization, request),
        organization=organization,
        license=request.license,
        state=ApplicationState.APPLIED,
        warnings=[],
        created_at=now,
    )
    session.add(application)
    session.flush()
    detail: dict[str, Any] = {
        "number": application.number,
        "purpose": request.purpose,
        "license_class": request.license_class,
    }
    record(session, actor, "license_application.received", application, **detail)
    return application


def refusals(
    session: Session, organization: Organization, request: Request, day: date, own: LicenseApplication | None = None
) -> Iterator[UserError]:
    """RuleViolations, and a StateConflict while another application of the body under the scheme is open. `own` is the
    application that is corrected, `day` is today."""
    yield from _request_refusals(organization, request)
    yield from rules.refusals(_facts(session, organization, request), day)
    yield from _number_refusals(session, request.number, own)
    other = queries.open_application(session, organization.id, request.license_class.scheme)
    if other is not None and other is not own:
        message = N_("この団体には、まだ決定されていない申請（%(number)s）があります。")
        yield StateConflict(message, {"number": other.number})


def columns(session: Session, organization: Organization, request: Request) -> dict[str, Any]:
    """What is recorded of a request that nothing stands against, beside the body and its licence."""
    scheme = request.license_class.scheme
    basis = cited(scheme, PLACES[request.purpose], request.applied_on)
    return {
        "number": _number(session, organization, request),
        "scheme": scheme,
        "purpose": request.purpose,
        "license_class": request.license_class,
        "applied_on": request.applied_on,
        "provision_code": basis.code,
        "provision_from": basis.valid_from,
    }


def find_facts(
    session: Session, actor: Actor, application: LicenseApplication, *, on: date, text: str, day: date
) -> None:
    """OTIT has found the facts (Art. 24(1)) and reports them to the ministers. `day` is today."""
    state = check_act(actor, application, ApplicationAct.FIND_FACTS)
    check_day(on, application.applied_on, day, "on")
    if not text.strip():
        raise RuleViolation(N_("調査の結果を入力してください。"), field="text", citation=N_("法第24条第1項"))
    application.state, application.facts_found_on, application.facts_found = state, on, text.strip()
    record(session, actor, "license_application.facts_found", application, changed(application))


def withdraw(session: Session, actor: Actor, application: LicenseApplication, *, on: date, day: date) -> None:
    """The body has withdrawn its application before the decision. `day` is today."""
    state = check_act(actor, application, ApplicationAct.WITHDRAW)
    check_day(on, application.facts_found_on or application.applied_on, day, "on")
    application.state, application.withdrawn_on = state, on
    record(session, actor, "license_application.withdrawn", application, changed(application))


def findings_of(session: Session, application: LicenseApplication, on: date, years: int | None = None) -> list[Finding]:
    """Everything to look at before a decision on the day `on`, for a grant with the length of the term."""
    facts = queries.facts_of(session, application)
    length = [] if years is None else rules.term_findings(facts.purpose, facts.license_class, years)
    return [*length, *rules.findings(facts), *_officers(session, application, on)]


def _officers(session: Session, application: LicenseApplication, on: date) -> list[Finding]:
    """Officers who bear the name of one whom a revocation follows (Art. 26(v)); a name is no proof of a person."""
    body = application.organization_id
    keys = {one.name_key for one in officers_of(session, body) if one.ends_on is None or one.ends_on >= on}
    found = [
        row for rows in barred_namesakes(session, keys, on).values() for row in rows if row.organization_id != body
    ]
    citation = citation_ja(officers_clause(OrganizationKind.SUPERVISING, on))
    return [
        Finding(
            _NAMESAKE,
            {
                "name": row.name,
                "organization": row.organization_name,
                "revoked": row.revoked_on,
                "until": row.bar_until,
            },
            citation,
        )
        for row in found
    ]


_NAMESAKE = N_(
    "役員「%(name)s」と同じ名前の人が、取消しを受けた「%(organization)s」に取消しの日（%(revoked)s）に在任していました。"
    "同一人物であれば%(until)sまで欠格事由に該当します。本人かどうかを確かめてください。"
)


PERMISSION: dict[ApplicationAct, Permission] = {
    ApplicationAct.CORRECT: Permission.MAINTAIN_REGISTERS,
    ApplicationAct.FIND_FACTS: Permission.MAINTAIN_REGISTERS,
    ApplicationAct.WITHDRAW: Permission.MAINTAIN_REGISTERS,
    ApplicationAct.GRANT: Permission.RECORD_DECISIONS,
    ApplicationAct.REFUSE: Permission.RECORD_DECISIONS,
}


def may(actor: Actor, application: LicenseApplication, act: ApplicationAct) -> bool:
    """Whether this person may do that now: permission, office and state. Pages show only such acts."""
    in_charge = actor.covers_office(application.organization.office_code)
    return in_charge and actor.can(PERMISSION[act]) and (application.state, act) in TRANSITIONS


def check_act(actor: Actor, application: LicenseApplication, act: ApplicationAct) -> ApplicationState:
    """The state after the act. Raises NotPermitted or StateConflict, before anything is changed."""
    actor.require(PERMISSION[act])
    actor.require_office(application.organization.office_code)
    return next_state(TRANSITIONS, application.state, act)


def check_day(on: date, earliest: date, day: date, field: str) -> None:
    """Raises RuleViolation for a fact in the future or before the step it follows."""
    if on > day:
        raise RuleViolation(N_("まだ来ていない日付は記録できません。"), field=field)
    if on < earliest:
        message = N_("前の段階の日付（%(earliest)s）より前の日付は記録できません。")
        raise RuleViolation(message, {"earliest": earliest}, field=field)


def _request_refusals(organization: Organization, request: Request) -> Iterator[RuleViolation]:
    license = request.license
    if organization.kind is not OrganizationKind.SUPERVISING:
        yield RuleViolation(N_("許可を申請できるのは監理団体だけです。"), citation=N_("法第23条第1項"))
    elif request.purpose is ApplicationPurpose.NEW:
        return
    elif license is None or license.organization_id != organization.id:
        message = N_("この団体には、この制度の許可がありません。新規の許可の申請です。")
        yield RuleViolation(message, field="purpose", citation=N_("法第23条第1項"))
    elif request.purpose is ApplicationPurpose.CLASS_CHANGE:
        yield from class_change_refusals(license, request.license_class)
    elif request.license_class is not license.license_class:
        yield RuleViolation(N_("更新は、現に受けている区分でします。"), field="license_class", citation=N_("法第31条"))


def _number_refusals(session: Session, typed: str | None, own: LicenseApplication | None) -> Iterator[RuleViolation]:
    if not typed:
        return
    number = read_number(typed)
    if number is None:
        yield RuleViolation(N_("許可番号は「許」と10桁の数字です。"), field="number")
    elif (own is None or own.number != str(number)) and queries.number_is_taken(session, str(number)):
        yield RuleViolation(N_("この番号は既に使われています。"), field="number")


def _facts(session: Session, organization: Organization, request: Request) -> Facts:
    return Facts(
        number=None,
        purpose=request.purpose,
        license_class=request.license_class,
        applied_on=request.applied_on,
        office_code=organization.office_code,
        status=organization.status,
        held=queries.held_by(session, organization.id),
        about=queries.held(request.license) if request.license else None,
    )


def _number(session: Session, organization: Organization, request: Request) -> str:
    """As typed, or the next one: one sequence for the whole country and year, behind whatever was entered by hand."""
    if typed := read_number(request.number or ""):
        return str(typed)
    year = request.applied_on.year
    serial = next_number(session, COUNTER, NATIONWIDE, year)
    highest = queries.highest_serial(session, year)
    if serial <= highest:
        next_number(session, COUNTER, NATIONWIDE, year, highest + 1 - serial)
        serial = highest + 1
    return str(made_number(request.applied_on, organization.office_code, serial))
