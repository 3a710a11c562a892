"""What a person should look at in a plan that is accredited, as the register knows it now. Reads only."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from organizations.accreditation.accredited import EXAMINED, Examiner
from organizations.accreditation.changes import DAYS
from organizations.accreditation.queries import application_of_plan, changes_of_plan
from organizations.accreditation.states import ChangeState
from organizations.plans.models import TrainingPlan
from organizations.plans.states import Scheme
from otit.findings import Finding


def doubts_about(session: Session, plan: TrainingPlan) -> list[Finding]:
    """What the criteria say against a plan that a list brought, on the day of its accreditation; an application keeps
    what was said of its plan. The rows of imports keep it too, but they are not found by their plan. At most six
    statements."""
    if plan.scheme is not Scheme.TECHNICAL_INTERN_TRAINING or application_of_plan(session, plan.id) is not None:
        return []
    examiner, accredited = Examiner(), _as_accredited(session, plan)
    examiner.learn(session, [accredited])
    return [found for _subject, found in examiner.doubts(accredited)]


def _as_accredited(session: Session, plan: TrainingPlan) -> dict[str, Any]:
    """The plan without the changes that were accredited since."""
    facts = {name: getattr(plan, name) for name in EXAMINED}
    for change in changes_of_plan(session, plan.id):
        if change.state is ChangeState.ACCREDITED:
            facts |= dict(_before(change.changes))
    return facts


def _before(changes: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, (old, _new) in changes.items():
        if name in EXAMINED:
            yield name, date.fromisoformat(old) if name in DAYS else old
