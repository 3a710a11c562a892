"""What a person should look at in a plan that is accredited, as the register knows it now. Reads only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.accreditation.accredited import EXAMINED, Examiner, Plan
from organizations.accreditation.changes import DAYS
from organizations.accreditation.criteria import uncontracted
from organizations.accreditation.models import PlanApplication, PlanChange
from organizations.accreditation.states import ChangeState
from organizations.plans.models import TrainingPlan
from organizations.plans.states import Scheme
from organizations.register.models import Organization
from organizations.register.queries import LIVES_ON
from organizations.relations.queries import contracted
from otit.findings import Finding, Severity


def remarks_on(
    session: Session, plan: TrainingPlan, application: PlanApplication | None, changes: Sequence[PlanChange]
) -> list[Finding]:
    """What the criteria say against a plan that a list brought, and that its bodies have no contract on its days.
    `application` and `changes`, the latest first, are the plan's own. At most seven statements."""
    imported = application is None and plan.scheme is Scheme.TECHNICAL_INTERN_TRAINING
    found = _doubts(session, _as_accredited(session, plan, changes)) if imported else []
    return [*found, *uncontracted(is_contracted=_is_contracted(session, plan))]


def _doubts(session: Session, accredited: Plan) -> list[Finding]:
    """An application keeps what was said of its plan. The rows of an import keep it too, but are not found by plan. The
    accreditation stands, so what would refuse an application is a warning here."""
    examiner = Examiner()
    examiner.learn(session, [accredited])
    return [replace(found, severity=Severity.WARNING) for _subject, found in examiner.doubts(accredited)]


def _is_contracted(session: Session, plan: TrainingPlan) -> bool:
    supervising, last = plan.supervising_organization_id, plan.ended_on or plan.ends_on
    if supervising is None:
        return True
    return contracted(session, supervising, plan.implementing_organization_id, plan.starts_on, last)


def _as_accredited(session: Session, plan: TrainingPlan, changes: Sequence[PlanChange]) -> dict[str, Any]:
    """The plan without the changes that were accredited since."""
    facts = {name: getattr(plan, name) for name in EXAMINED}
    for change in changes:
        if change.state is ChangeState.ACCREDITED:
            facts |= dict(_before(change.changes))
    key = facts["supervising_organization_id"]
    if key is not None and key != plan.supervising_organization_id:  # it may have been merged since
        facts["supervising_organization_id"] = session.scalar(sa.select(LIVES_ON).where(Organization.id == key))
    return facts


def _before(changes: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, (old, _new) in changes.items():
        if name in EXAMINED:
            yield name, date.fromisoformat(old) if name in DAYS else old
