"""Acts on applications for the accreditation of plans (Art. 8). OTIT decides (Art. 12): the office in charge of the
implementing organization, or headquarters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from organizations.accreditation import numbers
from organizations.accreditation.examination import examine, of_application
from organizations.accreditation.models import PlanApplication
from organizations.accreditation.states import TRANSITIONS, ApplicationAct, ApplicationState
from organizations.licenses.law import cited
from organizations.plans.models import TrainingPlan
from organizations.plans.services import note_first_training
from organizations.plans.states import GROUP_CATEGORIES, PlanCategory, Scheme
from organizations.register.models import Organization
from organizations.sending.models import SendingOrganization
from organizations.trainees.services import TraineeDetails, person, refusals_of
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import today
from otit.errors import RuleViolation, refuse_all, require_text
from otit.findings import Finding, Severity, refuse_any, stored
from otit.law.schemes import ESD_PLAN_APPLICATIONS_FROM
from otit.lifecycle import next_state
from otit.text import N_

PERMISSIONS: dict[ApplicationAct, Permission] = {
    ApplicationAct.CORRECT: Permission.MAINTAIN_REGISTERS,
    ApplicationAct.ACCREDIT: Permission.ACCREDIT_PLANS,
    ApplicationAct.REFUSE: Permission.ACCREDIT_PLANS,
    ApplicationAct.WITHDRAW: Permission.MAINTAIN_REGISTERS,
}


@dataclass(frozen=True)
class Received:
    """An application as it came in. `number` is None where the next one is to be drawn."""

    category: PlanCategory
    implementing: Organization
    supervising: Organization | None
    sending: SendingOrganization | None
    occupation_code: str | None
    nationality: str | None
    applied_on: date
    starts_on: date
    ends_on: date
    number: str | None = None
    trainee: TraineeDetails | None = None


def receive(session: Session, actor: Actor, received: Received, *, now: datetime) -> PlanApplication:
    """Take an application. What the criteria refuse is taken all the same, and decided upon; only what cannot be an
    application is not. Raises RuleViolation, naming the field."""
    actor.require(Permission.MAINTAIN_REGISTERS)
    actor.require_office(received.implementing.office_code)
    values = columns(session, received, today(now))
    trainee = person(session, actor, received.trainee, now=now) if received.trainee else None
    application = PlanApplication(**values, trainee=trainee, state=ApplicationState.APPLIED, created_at=now)
    session.add(application)
    session.flush()
    number, category = application.number, application.category
    record(session, actor, "plan_application.received", application, number=number, category=category)
    return application


def columns(session: Session, received: Received, day: date, own: PlanApplication | None = None) -> dict[str, Any]:
    """What is recorded of an application, the trainee apart. `own` is the one that is corrected, `day` is today. Raises
    RuleViolation, naming the field."""
    refuse_all(_refusals(received, day))
    scheme = received.category.scheme
    basis = cited(scheme, "8", received.applied_on)
    supervising, sending = received.supervising, received.sending
    return {
        "number": _number(session, received, own),
        "scheme": scheme,
        "category": received.category,
        "implementing_organization_id": received.implementing.id,
        "supervising_organization_id": supervising.id if supervising else None,
        "sending_organization_id": sending.id if sending else None,
        "occupation_code": received.occupation_code,
        "nationality": received.nationality,
        "applied_on": received.applied_on,
        "starts_on": received.starts_on,
        "ends_on": received.ends_on,
        "provision_code": basis.code,
        "provision_from": basis.valid_from,
    }


def may(actor: Actor, application: PlanApplication, act: ApplicationAct) -> bool:
    """Whether this person may do that now: permission, office and state. Pages show only such acts."""
    in_charge = actor.covers_office(application.implementing_organization.office_code)
    return in_charge and actor.can(PERMISSIONS[act]) and (application.state, act) in TRANSITIONS


def check_act(actor: Actor, application: PlanApplication, act: ApplicationAct) -> ApplicationState:
    """The state after the act. Raises NotPermitted or StateConflict; nothing is changed."""
    actor.require(PERMISSIONS[act])
    actor.require_office(application.implementing_organization.office_code)
    return next_state(TRANSITIONS, application.state, act)


def accredit(
    session: Session, actor: Actor, application: PlanApplication, *, on: date, now: datetime, reason: str = ""
) -> TrainingPlan:
    """Accredit the plan (Art. 8(1), 12): it bears the number of the receipt. The warnings are kept with the decision.
    Raises what `check_findings` does."""
    state = check_act(actor, application, ApplicationAct.ACCREDIT)
    check_decision_day(application.applied_on, on, today(now))
    found = findings_of(session, application, on=on, today=today(now))
    check_findings(found, reason)
    plan = _plan(application, on)
    session.add(plan)
    session.flush()
    application.state, application.decided_on, application.plan = state, on, plan
    changes = changed(application)
    application.warnings = stored(found)
    session.flush()
    note_first_training(session, [plan.implementing_organization_id])
    session.expire(application.implementing_organization, ["first_training_on"])
    record(session, actor, "plan.accredited", plan, number=plan.number, application=application.id)
    record(
        session, actor, "plan_application.accredited", application, changes, warnings=len(found), reason=reason.strip()
    )
    return plan


def refuse(
    session: Session, actor: Actor, application: PlanApplication, *, on: date, reason: str, now: datetime
) -> None:
    """Refuse the accreditation. The findings of that day are kept as well."""
    state = check_act(actor, application, ApplicationAct.REFUSE)
    check_decision_day(application.applied_on, on, today(now))
    application.warnings = stored(findings_of(session, application, on=on, today=today(now)))
    application.state, application.decided_on, application.refusal_reason = state, on, require_text(reason)
    record(session, actor, "plan_application.refused", application, changed(application))
    session.flush()


def withdraw(session: Session, actor: Actor, application: PlanApplication, *, on: date, now: datetime) -> None:
    """The applicant takes the application back."""
    state = check_act(actor, application, ApplicationAct.WITHDRAW)
    check_decision_day(application.applied_on, on, today(now))
    application.state, application.decided_on = state, on
    record(session, actor, "plan_application.withdrawn", application, changed(application))
    session.flush()


def findings_of(session: Session, application: PlanApplication, *, on: date, today: date) -> list[Finding]:
    return examine(session, of_application(application), on=on, today=today)


def check_findings(found: Sequence[Finding], reason: str) -> None:
    """Raises RuleViolation for all that the criteria refuse, and for grave findings without a `reason` to accredit."""
    refuse_any(found)
    if not reason.strip() and any(one.severity is Severity.GRAVE for one in found):
        message = N_("重大な確認事項があります。それでも認定する理由を入力してください。")
        raise RuleViolation(message, field="reason")


def check_decision_day(applied_on: date, on: date, today: date) -> None:
    """Raises RuleViolation."""
    if on > today:
        raise RuleViolation(N_("未来の日付は登録できません。"), field="on")
    if on < applied_on:
        raise RuleViolation(N_("申請の日より前の日付です。"), field="on")


def _refusals(received: Received, today: date) -> Iterator[RuleViolation]:
    group = received.category in GROUP_CATEGORIES
    if group and received.supervising is None:
        message = N_("団体監理型の計画には監理団体が必要です。")
        yield RuleViolation(message, field="supervising", citation=N_("法第8条第2項"))
    if not group and received.supervising is not None:
        yield RuleViolation(N_("企業単独型の計画に監理団体はありません。"), field="supervising")
    if received.applied_on > today:
        yield RuleViolation(N_("未来の日付は登録できません。"), field="applied_on")
    if received.ends_on < received.starts_on:
        yield RuleViolation(N_("実習の終了日が開始日より前です。"), field="ends_on")
    esd = received.category.scheme is Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT
    if esd and received.applied_on < ESD_PLAN_APPLICATIONS_FROM:
        message, days = N_("育成就労計画の認定の申請は、%(day)sから受け付けます。"), {"day": ESD_PLAN_APPLICATIONS_FROM}
        yield RuleViolation(message, days, field="applied_on", citation=N_("令和6年法律第60号附則第5条"))
    if received.trainee is not None:
        yield from refusals_of(received.trainee, today)


def _number(session: Session, received: Received, own: PlanApplication | None) -> str:
    if not received.number:
        return numbers.draw_number(session, received.applied_on, received.implementing.office_code)
    number = numbers.read_number(received.number)
    if (own is None or own.number != number) and numbers.is_taken(session, number):
        raise RuleViolation(N_("この番号の申請または計画は既に登録されています。"), field="number")
    return number


def _plan(application: PlanApplication, on: date) -> TrainingPlan:
    supervising = application.supervising_organization
    return TrainingPlan(
        scheme=application.scheme,
        number=application.number,
        category=application.category,
        implementing_organization_id=application.implementing_organization_id,
        implementing_office_code=application.implementing_organization.office_code,
        supervising_organization_id=application.supervising_organization_id,
        supervising_office_code=supervising.office_code if supervising else None,
        sending_organization_id=application.sending_organization_id,
        occupation_code=application.occupation_code,
        nationality=application.nationality,
        trainee_id=application.trainee_id,
        accredited_on=on,
        starts_on=application.starts_on,
        ends_on=application.ends_on,
    )
