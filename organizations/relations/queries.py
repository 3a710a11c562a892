"""Reads of who supervised whom, through whom, on a day: what the contracts say beside what the plans themselves say."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from organizations.relations.models import Supervision
from organizations.sending.models import SendingOrganization
from otit.auth.actors import Actor
from otit.auth.scope import within_offices
from otit.errors import NotFound
from otit.web.paging import Listing

SHOWN = 10

Implementing = aliased(Organization, name="implementing")
Supervising = aliased(Organization, name="supervising")
Other = aliased(Organization, name="other")


def get_supervision(session: Session, actor: Actor, supervision_id: int) -> Supervision:
    """With its organizations. For the offices in charge of either; raises NotFound otherwise."""
    statement = (
        sa.select(Supervision)
        .join(Implementing, Implementing.id == Supervision.implementing_organization_id)
        .join(Supervising, Supervising.id == Supervision.supervising_organization_id)
        .where(
            Supervision.id == supervision_id, within_offices(actor, Implementing.office_code, Supervising.office_code)
        )
        .options(
            joinedload(Supervision.implementing_organization, innerjoin=True),
            joinedload(Supervision.supervising_organization, innerjoin=True),
            joinedload(Supervision.sending_organization),
        )
    )
    found = session.scalar(statement)
    if found is None:
        raise NotFound()
    return found


def relation_list(organization: Organization, day: date, *, size: int = SHOWN) -> Listing:
    """Rows by the name of the other side, one for each pair of other side and sending organization that a contract or a
    plan in force on `day` names: other_id, other_name, other_office, sending_id, sending_name, sending_number,
    contract_id, starts_on and ends_on of the contract (None: none), plans (how many in force), and general_from,
    the beginning of a contract with the other side that names no sending organization. One statement."""
    found = _pairs(organization, day)
    statement = (
        sa.select(
            Other.id.label("other_id"),
            Other.name.label("other_name"),
            Other.office_code.label("other_office"),
            found.c.sending_id,
            SendingOrganization.name.label("sending_name"),
            sa.func.coalesce(SendingOrganization.number, SendingOrganization.reference_number).label("sending_number"),
            found.c.contract_id,
            found.c.starts_on,
            found.c.ends_on,
            found.c.plans,
            found.c.general_from,
        )
        .select_from(found)
        .join(Other, Other.id == found.c.other_id)
        .outerjoin(SendingOrganization, SendingOrganization.id == found.c.sending_id)
    )
    keys: list[Any] = [Other.name_key, Other.id, sa.func.coalesce(found.c.sending_id, 0)]
    return Listing(statement, keys, size=size, parts=[sa.select(sa.literal(1)).select_from(found)])


def _pairs(organization: Organization, day: date) -> sa.Subquery:
    """Contracts and plans, put together by other side and sending organization."""
    rows = sa.union_all(_contracts(organization, day), _plans(organization, day)).subquery("named")
    general = sa.func.min(sa.case((rows.c.sending_id.is_(None), rows.c.starts_on)))
    return (
        sa.select(
            rows.c.other_id,
            rows.c.sending_id,
            sa.func.max(rows.c.contract_id).label("contract_id"),
            sa.func.max(rows.c.starts_on).label("starts_on"),
            sa.func.max(rows.c.ends_on).label("ends_on"),
            sa.cast(sa.func.sum(rows.c.plans), sa.Integer).label("plans"),
            sa.func.min(general).over(partition_by=rows.c.other_id).label("general_from"),
        )
        .group_by(rows.c.other_id, rows.c.sending_id)
        .subquery("found")
    )


def _contracts(organization: Organization, day: date) -> sa.Select[Any]:
    own, other = _sides(Supervision, organization)
    return sa.select(
        other.label("other_id"),
        Supervision.sending_organization_id.label("sending_id"),
        Supervision.id.label("contract_id"),
        Supervision.starts_on.label("starts_on"),
        Supervision.ends_on.label("ends_on"),
        sa.literal(0).label("plans"),
    ).where(own == organization.id, Supervision.starts_on <= day, _not_over(Supervision.ends_on, day))


def _plans(organization: Organization, day: date) -> sa.Select[Any]:
    own, other = _sides(TrainingPlan, organization)
    return (
        sa.select(
            other,
            TrainingPlan.sending_organization_id,
            sa.cast(sa.null(), sa.Integer),
            sa.cast(sa.null(), sa.Date),
            sa.cast(sa.null(), sa.Date),
            sa.func.count(),
        )
        .where(own == organization.id, other.is_not(None), in_force(day))
        .group_by(other, TrainingPlan.sending_organization_id)
    )


def in_force(day: date) -> sa.ColumnElement[bool]:
    """Plans under which training went on on that day: accredited and begun, not ended and not revoked by then."""
    return sa.and_(
        TrainingPlan.accredited_on <= day,
        TrainingPlan.starts_on <= day,
        sa.func.coalesce(TrainingPlan.ended_on, TrainingPlan.ends_on) >= day,
        sa.or_(TrainingPlan.revoked_on.is_(None), TrainingPlan.revoked_on > day),
    )


def _not_over(ends_on: Any, day: date) -> sa.ColumnElement[bool]:
    return sa.or_(ends_on.is_(None), ends_on >= day)


def _sides(table: Any, organization: Organization) -> tuple[Any, Any]:
    """(the column of the organization's own side, that of the other side)."""
    sides = table.supervising_organization_id, table.implementing_organization_id
    return sides if organization.kind is OrganizationKind.SUPERVISING else (sides[1], sides[0])


def overlapping(
    session: Session,
    supervising_id: int,
    implementing_id: int,
    sending_id: int | None,
    starts_on: date,
    ends_on: date | None,
) -> Supervision | None:
    """A contract of the same three that holds on a day of this period."""
    sending = Supervision.sending_organization_id
    conditions = [
        Supervision.supervising_organization_id == supervising_id,
        Supervision.implementing_organization_id == implementing_id,
        sending.is_(None) if sending_id is None else sending == sending_id,
        _not_over(Supervision.ends_on, starts_on),
    ]
    if ends_on is not None:
        conditions.append(Supervision.starts_on <= ends_on)
    return session.scalars(sa.select(Supervision).where(*conditions).order_by(Supervision.id).limit(1)).first()


def contracted(session: Session, supervising_id: int, implementing_id: int, first: date, last: date) -> bool:
    """Whether a contract of the two, through whichever sending organization, holds on a day of this period."""
    held = sa.exists().where(
        Supervision.supervising_organization_id == supervising_id,
        Supervision.implementing_organization_id == implementing_id,
        Supervision.starts_on <= last,
        _not_over(Supervision.ends_on, first),
    )
    return session.scalar(sa.select(held)) is True
