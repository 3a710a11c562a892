"""Reads of joint inspections. A Labour Bureau gets the shared facts of its own ones, OTIT gets the bureau's result
without what is confidential: that column is not even read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.joint.models import JointResult
from inspections.orders.models import CorrectionOrder
from inspections.scheduling.models import Inspection
from inspections.scheduling.states import InspectionState
from inspections.violations.states import Authority
from organizations.register.models import Organization
from otit.auth.actors import Actor
from otit.auth.scope import within_bureau, within_offices
from otit.errors import NotFound
from otit.places import full_address
from otit.web.paging import Page, keyset_page

# The bureau's officers were there, or will be: from here on they can write down what they found.
RESULT_STATES = (InspectionState.ASSIGNED, InspectionState.IN_PROGRESS, InspectionState.DONE)


@dataclass(frozen=True)
class JointFilter:
    state: InspectionState | None = None
    missing: bool = False


@dataclass(frozen=True)
class SharedFacts:
    """All that a Labour Bureau learns of an inspection of OTIT's: no reason, no observation, no finding."""

    id: int
    number: str
    state: InspectionState
    announced: bool
    planned_on: date | None
    completed_on: date | None
    office_code: str
    organization: str
    address: str
    phone: str | None


def _of_bureau(actor: Actor) -> sa.ColumnElement[bool]:
    """Shared with the bureau now, or answered by it before the cooperation ended."""
    return sa.or_(within_bureau(actor, Inspection.bureau_code), within_bureau(actor, JointResult.bureau_code))


def _joined(actor: Actor, *columns: Any) -> sa.Select[Any]:
    own = sa.and_(JointResult.inspection_id == Inspection.id, JointResult.bureau_code == actor.bureau_code)
    query = sa.select(*columns).select_from(Inspection).join(Inspection.organization)
    return query.outerjoin(JointResult, own).where(_of_bureau(actor))


def _shared(actor: Actor) -> sa.Select[Any]:
    return _joined(
        actor,
        Inspection.id,
        Inspection.number,
        Inspection.state,
        Inspection.announced,
        Inspection.planned_on,
        Inspection.completed_on,
        Inspection.office_code,
        Organization.name.label("organization"),
        Organization.prefecture_code,
        Organization.address,
        Organization.phone,
    )


def shared_facts(session: Session, actor: Actor, inspection_id: int) -> SharedFacts:
    """Raises NotFound, also when the inspection is not joint or another bureau's."""
    row = session.execute(_shared(actor).where(Inspection.id == inspection_id)).one_or_none()
    if row is None:
        raise NotFound()
    facts = dict(row._mapping)
    address = full_address(facts.pop("prefecture_code"), facts.pop("address"))
    return SharedFacts(address=address, **facts)


def joint_inspection(session: Session, actor: Actor, inspection_id: int) -> Inspection:
    """The record behind the shared facts, for acts only. Raises NotFound as `shared_facts` does."""
    found: Inspection | None = session.scalar(_joined(actor, Inspection).where(Inspection.id == inspection_id))
    if found is None:
        raise NotFound()
    return found


def own_result(session: Session, actor: Actor, inspection_id: int) -> JointResult | None:
    query = sa.select(JointResult).where(JointResult.inspection_id == inspection_id)
    return session.scalar(query.where(within_bureau(actor, JointResult.bureau_code)))


def _missing() -> sa.ColumnElement[bool]:
    return sa.and_(Inspection.state.in_(RESULT_STATES), JointResult.id.is_(None))


def _conditions(wanted: JointFilter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.state is not None:
        found.append(Inspection.state == wanted.state)
    if wanted.missing:
        found.append(_missing())
    return found


def find_joint(session: Session, actor: Actor, wanted: JointFilter, cursor: str | None) -> Page[Any]:
    """The bureau's joint inspections, the newest first."""
    query = _shared(actor).add_columns(JointResult.visited_on.label("result_on")).where(*_conditions(wanted))
    return keyset_page(session, query, (Inspection.due_on, Inspection.id), cursor, descending=True)


def count_joint(session: Session, actor: Actor, wanted: JointFilter) -> int:
    return session.scalar(_joined(actor, sa.func.count(Inspection.id)).where(*_conditions(wanted))) or 0


def results_for_otit(session: Session, inspection_id: int) -> Sequence[Any]:
    """What OTIT may read of the bureaus' results; the caller has scoped the inspection."""
    query = sa.select(
        JointResult.bureau_code, JointResult.visited_on, JointResult.violation_found, JointResult.summary
    ).where(JointResult.inspection_id == inspection_id)
    return session.execute(query.order_by(JointResult.id)).all()


def instruments_for_otit(session: Session, inspection_id: int) -> Sequence[Any]:
    """Kind and dates of the bureaus' instruments, not their text; the caller has scoped the inspection."""
    query = sa.select(
        CorrectionOrder.id,
        CorrectionOrder.bureau_code,
        CorrectionOrder.instrument,
        CorrectionOrder.issued_on,
        CorrectionOrder.due_on,
    ).where(CorrectionOrder.inspection_id == inspection_id, CorrectionOrder.authority == Authority.LABOUR_STANDARDS)
    return session.execute(query.order_by(CorrectionOrder.issued_on, CorrectionOrder.id)).all()


@dataclass(frozen=True)
class MissingResults:
    """Joint inspections whose day has come and whose bureau has recorded no result: the count and the first rows
    (id, number, organization, bureau_code, planned_on)."""

    count: int
    first: Sequence[Any]


def missing_results(session: Session, actor: Actor, today: date, limit: int = 5) -> MissingResults:
    """For a Labour Standards officer those of the own bureau, for OTIT those of the own offices. Two statements."""
    result = sa.and_(JointResult.inspection_id == Inspection.id, JointResult.bureau_code == Inspection.bureau_code)
    come = sa.or_(Inspection.state != InspectionState.ASSIGNED, Inspection.planned_on <= today)
    conditions = [
        Inspection.bureau_code.is_not(None),
        _missing(),
        come,
        sa.or_(
            within_bureau(actor, Inspection.bureau_code),
            within_offices(actor, Inspection.owner_office_code, Inspection.office_code),
        ),
    ]
    count = sa.select(sa.func.count(Inspection.id)).outerjoin(JointResult, result).where(*conditions)
    rows = (
        sa.select(
            Inspection.id,
            Inspection.number,
            Organization.name.label("organization"),
            Inspection.bureau_code,
            Inspection.planned_on,
        )
        .join(Inspection.organization)
        .outerjoin(JointResult, result)
        .where(*conditions)
        .order_by(Inspection.due_on, Inspection.id)
        .limit(limit)
    )
    return MissingResults(session.scalar(count) or 0, session.execute(rows).all())
