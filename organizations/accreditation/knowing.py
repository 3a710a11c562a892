"""What the register knows beside a plan: its person, the licence's content, closures to come. Reads only."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.accreditation.crosschecks import Closures, Handled, Other, Person
from organizations.accreditation.models import PlanApplication
from organizations.accreditation.states import ApplicationState
from organizations.licenses.models import License, LicenseOccupation
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanState
from organizations.register.models import BusinessNotice, Organization
from organizations.register.states import BusinessAct
from organizations.trainees.models import Trainee

# Three plans are the rule; more than a few are a mistake, of which the first tell enough.
_FEW = 12


def person_of(
    session: Session, trainee_id: int | None, *, plan_id: int | None = None, application_id: int | None = None
) -> Person | None:
    """The named person with the other plans and undecided applications, the earliest first. Two statements."""
    if trainee_id is None:
        return None
    plan, application = TrainingPlan, PlanApplication
    plans = sa.select(
        plan.number,
        plan.category,
        plan.starts_on,
        sa.func.coalesce(plan.ended_on, plan.ends_on).label("ends_on"),
        sa.literal(True).label("is_plan"),
        (plan.state == PlanState.ACCREDITED).label("is_open"),
    ).where(plan.trainee_id == trainee_id, plan.state != PlanState.REVOKED, plan.id != (plan_id or 0))
    waiting = sa.select(
        application.number,
        application.category,
        application.starts_on,
        application.ends_on,
        sa.literal(False),
        sa.literal(True),
    ).where(
        application.trainee_id == trainee_id,
        application.state == ApplicationState.APPLIED,
        application.id != (application_id or 0),
    )
    found = sa.union_all(plans, waiting).order_by("starts_on", "number").limit(_FEW)
    others = [
        Other(number, category.level, starts_on, ends_on, is_plan, is_open)
        for number, category, starts_on, ends_on, is_plan, is_open in session.execute(found)
    ]
    born_on = session.scalars(sa.select(Trainee.born_on).where(Trainee.id == trainee_id)).one()
    return Person(born_on, others)


def handled_by(session: Session, license_id: int) -> Handled:
    """One statement."""
    statement = (
        sa.select(License.handles_care, LicenseOccupation.code)
        .outerjoin(LicenseOccupation, LicenseOccupation.license_id == License.id)
        .where(License.id == license_id)
        .order_by(LicenseOccupation.code)
    )
    rows = session.execute(statement).all()
    return Handled(frozenset(row.code for row in rows if row.code is not None), any(row.handles_care for row in rows))


def closures_of(session: Session, implementing: Organization, supervising: Organization | None) -> Closures:
    """The notices of closure that lie ahead; a body whose notice holds already is closed. One statement."""
    bodies = [implementing.id, *([] if supervising is None else [supervising.id])]
    notice = BusinessNotice
    statement = (
        sa.select(notice.organization_id, sa.func.min(notice.effective_on))
        .where(notice.organization_id.in_(bodies), notice.act == BusinessAct.CLOSE, notice.applied_on.is_(None))
        .group_by(notice.organization_id)
    )
    rows: Any = session.execute(statement).all()
    days: dict[int, date] = dict(rows)
    return Closures(days.get(implementing.id), None if supervising is None else days.get(supervising.id))
