"""An application that was recorded wrongly is put right, by the rules of its receipt, until it is decided. The trainee
is not part of it: who that is, is entered and corrected on a page of its own."""

from datetime import datetime

from sqlalchemy.orm import Session

from organizations.accreditation.models import PlanApplication
from organizations.accreditation.services import Received, check_act, columns
from organizations.accreditation.states import ApplicationAct
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.clock import today
from otit.db import assign

ACTION = "plan_application.corrected"
_BODIES = ("implementing_organization", "supervising_organization", "sending_organization")


def correct(session: Session, actor: Actor, application: PlanApplication, received: Received, *, now: datetime) -> bool:
    """Put right what is recorded of an undecided application (Art. 8); the office in charge of the implementing
    organization, of the one that was recorded and of the right one. Raises what its receipt would. Whether anything has
    changed."""
    check_act(actor, application, ApplicationAct.CORRECT)
    actor.require_office(received.implementing.office_code)
    assign(application, columns(session, received, today(now), application))
    changes = changed(application)
    if not changes:
        return False
    record(session, actor, ACTION, application, changes)
    session.flush()
    session.expire(application, _BODIES)
    return True
