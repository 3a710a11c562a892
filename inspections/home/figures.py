"""Figures of the other subjects for the home pages: joint inspections, reports to governments, jobs, registers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.joint.models import JointResult
from inspections.moc.models import MocReport
from inspections.moc.states import AWAITING, MocState
from inspections.orders.models import CorrectionOrder
from inspections.orders.queries import is_overdue, visible
from inspections.orders.states import AWAITING_REPLY, OrderState
from inspections.scheduling.models import OPEN, Inspection
from inspections.scheduling.states import InspectionState
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from organizations.sending.models import SendingOrganization
from otit.auth.actors import Actor
from otit.auth.models import User
from otit.auth.permissions import Role
from otit.auth.scope import within_bureau, within_offices
from otit.clock import JST
from otit.jobs.models import JobRun, JobStatus

SHOWN: Final = 6
DAYS_OF_RUNS: Final = 14


@dataclass(frozen=True)
class JointCounts:
    """Joint inspections of a bureau: without an inspector yet, with one, and done ones without the bureau's result."""

    planned: int
    assigned: int
    untold: int


def joint_counts(session: Session, actor: Actor) -> JointCounts:
    own = sa.and_(JointResult.inspection_id == Inspection.id, JointResult.bureau_code == actor.bureau_code)
    count = sa.func.count(Inspection.id)
    columns: list[Any] = [
        count.filter(Inspection.state == InspectionState.PLANNED),
        count.filter(Inspection.state == InspectionState.ASSIGNED),
        count.filter(Inspection.state == InspectionState.DONE, JointResult.id.is_(None)),
    ]
    statement = sa.select(*columns).select_from(Inspection).outerjoin(JointResult, own)
    return JointCounts(*session.execute(statement.where(within_bureau(actor, Inspection.bureau_code))).one())


def _joint_rows(actor: Actor) -> sa.Select[Any]:
    columns: list[Any] = [
        Inspection.id,
        Inspection.number,
        Inspection.state,
        Inspection.announced,
        Inspection.planned_on,
        Inspection.completed_on,
        Inspection.office_code,
        Organization.name.label("organization"),
        Organization.address,
        Organization.phone,
    ]
    statement = sa.select(*columns).join(Organization, Organization.id == Inspection.organization_id)
    return statement.where(within_bureau(actor, Inspection.bureau_code))


def joint_coming(session: Session, actor: Actor, limit: int = SHOWN) -> Sequence[Any]:
    """Open joint inspections, those with a day first."""
    statement = _joint_rows(actor).where(OPEN)
    order = (Inspection.planned_on.is_(None), Inspection.planned_on, Inspection.due_on, Inspection.id)
    return session.execute(statement.order_by(*order).limit(limit)).all()


def joint_untold(session: Session, actor: Actor, limit: int = SHOWN) -> Sequence[Any]:
    """Joint inspections that were done and whose result the bureau has not recorded, the oldest first."""
    told = sa.exists().where(JointResult.inspection_id == Inspection.id, JointResult.bureau_code == actor.bureau_code)
    statement = _joint_rows(actor).where(Inspection.completed_on.is_not(None), ~told)
    return session.execute(statement.order_by(Inspection.completed_on, Inspection.id).limit(limit)).all()


@dataclass(frozen=True)
class InstrumentCounts:
    """Instruments that the actor sees: reply awaited in time or past due, reply to assess, settled."""

    waiting: int
    overdue: int
    replied: int
    accepted: int


def instrument_counts(session: Session, actor: Actor, today: date) -> InstrumentCounts:
    count, state = sa.func.count(CorrectionOrder.id), CorrectionOrder.state
    columns: list[Any] = [
        count.filter(state.in_(AWAITING_REPLY), CorrectionOrder.due_on >= today),
        count.filter(is_overdue(today)),
        count.filter(state == OrderState.REPLIED),
        count.filter(state == OrderState.ACCEPTED),
    ]
    statement = sa.select(*columns).join(Inspection, Inspection.id == CorrectionOrder.inspection_id)
    return InstrumentCounts(*session.execute(statement.where(visible(actor))).one())


def awaited_by_country(session: Session, today: date) -> Sequence[tuple[str, int, int]]:
    """(country, answers awaited in time, answers past the day asked for), most first."""
    count = sa.func.count(MocReport.id)
    late = count.filter(MocReport.answer_due_on < today)
    statement = (
        sa.select(MocReport.country, count.filter(MocReport.answer_due_on >= today), late)
        .where(MocReport.state.in_(AWAITING))
        .group_by(MocReport.country)
        .order_by(count.desc(), MocReport.country)
    )
    return [(country, in_time, over) for country, in_time, over in session.execute(statement)]


def reports_at_hand(session: Session, limit: int = SHOWN) -> Sequence[Any]:
    """Drafts that wait for approval and approved reports that wait to be sent, the oldest first."""
    statement = (
        sa.select(
            MocReport.id,
            MocReport.number,
            MocReport.country,
            MocReport.state,
            MocReport.drafted_on,
            SendingOrganization.name,
        )
        .join(SendingOrganization, SendingOrganization.id == MocReport.sending_organization_id)
        .where(MocReport.state.in_((MocState.DRAFTED, MocState.APPROVED)))
        .order_by(MocReport.drafted_on, MocReport.id)
    )
    return session.execute(statement.limit(limit)).all()


def runs_by_kind(session: Session, today: date) -> Sequence[tuple[str, int, int]]:
    """(kind of job, runs that were completed, runs that failed) of those asked for in the last fortnight."""
    since = datetime.combine(today - timedelta(days=DAYS_OF_RUNS - 1), time.min, tzinfo=JST)
    done, failed = (
        sa.func.count().filter(JobRun.status == status) for status in (JobStatus.SUCCEEDED, JobStatus.FAILED)
    )
    statement = sa.select(JobRun.kind, done, failed).where(JobRun.created_at >= since, JobRun.finished_at.is_not(None))
    rows = session.execute(statement.group_by(JobRun.kind).order_by(JobRun.kind))
    return [(kind, good, bad) for kind, good, bad in rows]


def users_by_role(session: Session) -> dict[Role, int]:
    """Active people."""
    statement = sa.select(User.role, sa.func.count(User.id)).where(User.active).group_by(User.role).order_by(User.role)
    found = {row[0]: row[1] for row in session.execute(statement)}
    return {role: found.get(role, 0) for role in Role}


def organizations_by_kind(session: Session, actor: Actor) -> dict[OrganizationKind, int]:
    statement = (
        sa.select(Organization.kind, sa.func.count(Organization.id))
        .where(within_offices(actor, Organization.office_code), Organization.merged_into_id.is_(None))
        .group_by(Organization.kind)
        .order_by(Organization.kind)
    )
    found = {row[0]: row[1] for row in session.execute(statement)}
    return {kind: found.get(kind, 0) for kind in OrganizationKind}
