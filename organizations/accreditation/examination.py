"""What the register knows about an application or a changed plan, put before the criteria. Reads only."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.accreditation.criteria import bars, findings
from organizations.accreditation.crosschecks import Known
from organizations.accreditation.facts import Facts, OccupationFacts, Sender, Supervisor
from organizations.accreditation.knowing import closures_of, handled_by, person_of
from organizations.accreditation.models import PlanApplication
from organizations.accreditation.numbers import is_odd
from organizations.licenses.models import License, LicenseTerm
from organizations.licenses.states import LIVE_STATES
from organizations.licenses.suspensions import is_suspended
from organizations.licensing.models import LicenseApplication
from organizations.licensing.queries import held_by
from organizations.licensing.rules import bars as licence_bars
from organizations.licensing.states import OPEN_STATES, ApplicationPurpose
from organizations.occupations.models import Occupation
from organizations.plans.models import TrainingPlan
from organizations.plans.queries import bar_of_organization
from organizations.plans.states import PlanCategory, PlanState, Scheme
from organizations.register.models import Organization
from organizations.register.states import BusinessStatus, OrganizationKind
from organizations.relations.queries import contracted
from organizations.sending.models import SendingOrganization
from organizations.sending.queries import standing
from otit.findings import Finding

_CONSTRUCTION = "3-"
_LICENSE: Any = (License.id, License.state, License.suspended_until, License.expires_on)
_CARE = "介護"


@dataclass(frozen=True)
class Proposal:
    """A plan as it would be. `plan_id` is the plan itself when it is a change, `application_id` the application: they
    are not held against themselves."""

    category: PlanCategory
    implementing: Organization
    supervising: Organization | None
    sending: SendingOrganization | None
    occupation_code: str | None
    applied_on: date
    starts_on: date
    ends_on: date
    number: str | None = None
    plan_id: int | None = None
    application_id: int | None = None
    trainee_id: int | None = None
    nationality: str | None = None


def of_application(application: PlanApplication) -> Proposal:
    return Proposal(
        category=application.category,
        implementing=application.implementing_organization,
        supervising=application.supervising_organization,
        sending=application.sending_organization,
        occupation_code=application.occupation_code,
        applied_on=application.applied_on,
        starts_on=application.starts_on,
        ends_on=application.ends_on,
        number=application.number,
        application_id=application.id,
        trainee_id=application.trainee_id,
        nationality=application.nationality,
    )


def examine(session: Session, proposal: Proposal, *, on: date, today: date) -> list[Finding]:
    """The findings for a decision on the day `on`. A suspended sending organization counts on the first day of training
    and today. At most thirteen statements."""
    body = proposal.implementing
    license = _license(session, proposal)
    return findings(
        Facts(
            category=proposal.category,
            applied_on=proposal.applied_on,
            starts_on=proposal.starts_on,
            ends_on=proposal.ends_on,
            decided_on=on,
            supervisor=_supervisor(session, proposal, license, on, today),
            occupation=_occupation(session, proposal),
            sender=_sender(session, proposal, today),
            staff_count=body.staff_count,
            is_excellent=body.is_excellent,
            is_closed=body.status is BusinessStatus.CLOSED,
            bar_until=bar_of_organization(session, body.id, on),
            in_force=_in_force(session, proposal),
            number_is_odd=proposal.number is not None
            and is_odd(proposal.number, proposal.applied_on, body.office_code),
            is_new=proposal.plan_id is None,
            is_contracted=_is_contracted(session, proposal),
            nationality=proposal.nationality,
            known=_known(session, proposal, license),
        )
    )


def _is_contracted(session: Session, proposal: Proposal) -> bool:
    body, days = proposal.supervising, (proposal.starts_on, proposal.ends_on)
    return body is None or contracted(session, body.id, proposal.implementing.id, *days)


def bars_of(session: Session, body: Organization, on: date) -> list[Finding]:
    """What keeps either side from any plan that would be accredited on that day. A supervising organization that still
    holds a licence is barred from another one only. One statement."""
    if body.kind is OrganizationKind.IMPLEMENTING:
        closed = body.status is BusinessStatus.CLOSED
        return list(bars(bar_of_organization(session, body.id, on), on, closed=closed))
    held = held_by(session, body.id)
    return licence_bars(body.status, [] if any(one.live for one in held) else held, on)


def _known(session: Session, proposal: Proposal, license: Any) -> Known:
    own = {"plan_id": proposal.plan_id, "application_id": proposal.application_id}
    return Known(
        person=person_of(session, proposal.trainee_id, **own),
        handled=None if license is None else handled_by(session, license.id),
        closures=closures_of(session, proposal.implementing, proposal.supervising),
    )


def _supervisor(session: Session, proposal: Proposal, license: Any, on: date, today: date) -> Supervisor | None:
    """The suspension is asked for the first day of training that a decision on the day `on` can still accredit."""
    body = proposal.supervising
    if body is None:
        return None
    closed = body.status is BusinessStatus.CLOSED
    if license is None:
        return Supervisor(None, closed=closed)
    ends_on = license.expires_on if license.expires_on < proposal.starts_on else None
    return Supervisor(license.held, is_suspended(session, license, max(proposal.starts_on, on), today), closed, ends_on)


def _license(session: Session, proposal: Proposal) -> Any:
    """The licence of the first day, else one that ends before and whose renewal is not decided."""
    body = proposal.supervising
    return None if body is None else _licensed(session, proposal, body) or _renewing(session, proposal, body)


def _licensed(session: Session, proposal: Proposal, body: Organization) -> Any:
    """The class is that of the term of the first day, where the history of the licence has one."""
    day = proposal.starts_on
    term = sa.and_(LicenseTerm.license_id == License.id, LicenseTerm.starts_on <= day, LicenseTerm.ends_on >= day)
    statement = (
        sa.select(
            sa.func.coalesce(
                sa.type_coerce(LicenseTerm.license_class, License.license_class.type), License.license_class
            ).label("held"),
            *_LICENSE,
        )
        .outerjoin(LicenseTerm, term)
        .where(
            License.organization_id == body.id,
            License.scheme == proposal.category.scheme,
            License.state.in_(LIVE_STATES),
            License.licensed_on <= day,
            License.expires_on >= day,
        )
        .order_by(License.id)
    )
    return session.execute(statement).first()


def _renewing(session: Session, proposal: Proposal, body: Organization) -> Any:
    statement = (
        sa.select(License.license_class.label("held"), *_LICENSE)
        .join(LicenseApplication, LicenseApplication.license_id == License.id)
        .where(
            License.organization_id == body.id,
            License.scheme == proposal.category.scheme,
            License.state.in_(LIVE_STATES),
            License.expires_on < proposal.starts_on,
            LicenseApplication.purpose == ApplicationPurpose.RENEWAL,
            LicenseApplication.state.in_(OPEN_STATES),
        )
        .order_by(License.id)
    )
    return session.execute(statement).first()


def _occupation(session: Session, proposal: Proposal) -> OccupationFacts:
    code, day = proposal.occupation_code, proposal.starts_on
    if code is None:
        return OccupationFacts()
    statement = sa.select(Occupation.name, Occupation.transferable).where(
        Occupation.scheme == proposal.category.scheme,
        Occupation.code == code,
        Occupation.valid_from <= day,
        sa.or_(Occupation.valid_until.is_(None), Occupation.valid_until >= day),
    )
    row = session.execute(statement.order_by(Occupation.valid_from.desc()).limit(1)).first()
    building = proposal.category.scheme is Scheme.TECHNICAL_INTERN_TRAINING and code.startswith(_CONSTRUCTION)
    if row is None:
        return OccupationFacts(code, known=False, extra_caps=building)
    is_care = _CARE in row.name
    return OccupationFacts(code, transferable=row.transferable, extra_caps=building or is_care, is_care=is_care)


def _sender(session: Session, proposal: Proposal, today: date) -> Sender | None:
    body, day = proposal.sending, proposal.starts_on
    if body is None:
        return None
    stands = standing(session, [body.id])[body.id]
    return Sender(stands.approved(day), stands.suspended_from(day) or stands.suspended_from(today), stands.country)


def _in_force(session: Session, proposal: Proposal) -> dict[int, int]:
    """Trainees by level whose training runs on the first day: planned for it and not ended before."""
    plan, day = TrainingPlan, proposal.starts_on
    runs = sa.or_(plan.state == PlanState.ACCREDITED, plan.ended_on >= day)
    conditions: list[Any] = [
        plan.implementing_organization_id == proposal.implementing.id,
        plan.starts_on <= day,
        plan.ends_on >= day,
        runs,
    ]
    if proposal.plan_id is not None:
        conditions.append(plan.id != proposal.plan_id)
    counts: dict[int, int] = {}
    statement = sa.select(plan.category, sa.func.count()).where(*conditions).group_by(plan.category)
    for category, count in session.execute(statement):
        if category.level is not None:
            counts[category.level] = counts.get(category.level, 0) + count
    return counts
