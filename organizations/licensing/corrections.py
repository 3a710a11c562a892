"""An application that was recorded wrongly is put right, by the rules of its receipt, until it is decided."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from organizations.licenses.models import License
from organizations.licenses.states import LicenseClass
from organizations.licensing import queries
from organizations.licensing.models import LicenseApplication
from organizations.licensing.services import Request, check_act, columns, refusals
from organizations.licensing.states import ApplicationAct, ApplicationPurpose
from organizations.register.models import Organization
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.clock import today
from otit.db import assign, hold
from otit.errors import RuleViolation, refuse_all
from otit.text import N_

ACTION = "license_application.corrected"


@dataclass(frozen=True)
class Correction:
    """What the application should say. `number` is None where the next one is to be drawn."""

    organization: Organization
    purpose: ApplicationPurpose
    license_class: LicenseClass
    applied_on: date
    number: str | None = None


def correct(
    session: Session, actor: Actor, application: LicenseApplication, correction: Correction, *, now: datetime
) -> bool:
    """Put right what is recorded of an undecided application (Art. 23, 31, 32). Raises what its receipt would. Whether
    anything has changed."""
    check_act(actor, application, ApplicationAct.CORRECT)
    organization = correction.organization
    actor.require_office(organization.office_code)
    for body in sorted({application.organization, organization}, key=lambda one: one.id):
        hold(session, body)
    license = _license(session, application, correction)
    asked = Request(correction.purpose, correction.license_class, correction.applied_on, correction.number, license)
    found = refusals(session, organization, asked, today(now), application)
    refuse_all([*found, *_facts_found_refusals(application, correction)])
    values = columns(session, organization, asked)
    values |= {"organization_id": organization.id, "license_id": license.id if license else None}
    assign(application, values)
    changes = changed(application)
    if not changes:
        return False
    record(session, actor, ACTION, application, changes)
    session.flush()
    session.expire(application, ["organization", "license"])
    return True


def _facts_found_refusals(application: LicenseApplication, correction: Correction) -> Iterator[RuleViolation]:
    """What was found (Art. 24(1)) was found of this body, and not before it applied."""
    found_on, citation = application.facts_found_on, N_("法第24条第1項")
    if found_on is None:
        return
    if correction.applied_on > found_on:
        message = N_("事実関係の調査を終えた日（%(found)s）より後の日付です。")
        yield RuleViolation(message, {"found": found_on}, field="applied_on", citation=citation)
    if correction.organization.id != application.organization_id:
        message = N_(
            "調査の結果は、記録されている団体についてのものです。取下げを記録し、正しい団体の申請を受け付けてください。"
        )
        yield RuleViolation(message, field="organization", citation=citation)


def _license(session: Session, application: LicenseApplication, correction: Correction) -> License | None:
    """The licence that is to be renewed or changed: the one recorded where body and scheme are the same, else the one
    that the body holds or held last."""
    if correction.purpose is ApplicationPurpose.NEW:
        return None
    body, scheme, recorded = correction.organization, correction.license_class.scheme, application.license
    if recorded is not None and (recorded.organization_id, recorded.scheme) == (body.id, scheme):
        return recorded
    return queries.last_license(session, body.id, scheme)
