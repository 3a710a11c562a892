"""Reads of pairs and merges. Who sees a pair or a merge: the office in charge of either body, and headquarters."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from organizations.merging.models import DuplicateCandidate, OrganizationMerge
from organizations.merging.states import CandidateState
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.auth.actors import Actor
from otit.auth.scope import within_offices
from otit.errors import NotFound
from otit.web.paging import Listing

First = aliased(Organization, name="first")
Second = aliased(Organization, name="second")

_SHOWN = 10


@dataclass(frozen=True)
class PairFilter:
    """None means any. `office` is in charge of one of the two at least."""

    kind: OrganizationKind | None = None
    office: str | None = None
    state: CandidateState | None = None


@lru_cache(maxsize=256)
def pair_list(actor: Actor, wanted: PairFilter) -> Listing:
    """The most alike first: id, score, reasons, state, and of both bodies name, office_code, prefecture_code and kind.
    An open pair one of whose bodies has gone into another by now asks nothing any more."""
    statement = (
        sa.select(
            *(DuplicateCandidate.id, DuplicateCandidate.score, DuplicateCandidate.reasons, DuplicateCandidate.state),
            *(First.kind, First.name.label("first_name"), Second.name.label("second_name")),
            *(First.office_code.label("first_office"), Second.office_code.label("second_office")),
            *(First.prefecture_code.label("first_prefecture"), Second.prefecture_code.label("second_prefecture")),
        )
        .join(First, First.id == DuplicateCandidate.first_id)
        .join(Second, Second.id == DuplicateCandidate.second_id)
        .where(_visible(actor), *_conditions(wanted))
    )
    return Listing(statement, (DuplicateCandidate.score, DuplicateCandidate.id), descending=True)


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    return within_offices(actor, First.office_code, Second.office_code)


def _conditions(wanted: PairFilter) -> list[sa.ColumnElement[bool]]:
    both_live = sa.and_(First.merged_into_id.is_(None), Second.merged_into_id.is_(None))
    conditions: list[sa.ColumnElement[bool]] = [sa.or_(DuplicateCandidate.state != CandidateState.OPEN, both_live)]
    if wanted.kind is not None:
        conditions.append(First.kind == wanted.kind)
    if wanted.office is not None:
        conditions.append(sa.or_(First.office_code == wanted.office, Second.office_code == wanted.office))
    if wanted.state is not None:
        conditions.append(DuplicateCandidate.state == wanted.state)
    return conditions


def get_pair(session: Session, actor: Actor, pair_id: int) -> DuplicateCandidate:
    """With both bodies. Raises NotFound, also when neither body is in the actor's scope."""
    statement = (
        sa.select(DuplicateCandidate)
        .join(DuplicateCandidate.first.of_type(First))
        .join(DuplicateCandidate.second.of_type(Second))
        .options(
            contains_eager(DuplicateCandidate.first.of_type(First)),
            contains_eager(DuplicateCandidate.second.of_type(Second)),
        )
        .where(DuplicateCandidate.id == pair_id, _visible(actor))
    )
    found = session.scalar(statement)
    if found is None:
        raise NotFound()
    return found


def pair_of(session: Session, one: int, other: int) -> DuplicateCandidate | None:
    first, second = sorted((one, other))
    statement = sa.select(DuplicateCandidate).filter_by(first_id=first, second_id=second)
    return session.scalar(statement)


def get_body(session: Session, actor: Actor, organization_id: int | None) -> Organization:
    """The very row, also one that has been merged. Raises NotFound when it is out of the actor's scope."""
    scope = within_offices(actor, Organization.office_code)
    found = session.scalar(sa.select(Organization).where(Organization.id == organization_id, scope))
    if found is None:
        raise NotFound()
    return found


def get_merge(session: Session, actor: Actor, merge_id: int) -> OrganizationMerge:
    """With both bodies and the people. Raises NotFound, also when neither body is in the actor's scope."""
    statement = (
        sa.select(OrganizationMerge)
        .join(OrganizationMerge.kept.of_type(First))
        .join(OrganizationMerge.duplicate.of_type(Second))
        .options(
            contains_eager(OrganizationMerge.kept.of_type(First)),
            contains_eager(OrganizationMerge.duplicate.of_type(Second)),
            joinedload(OrganizationMerge.merged_by),
            joinedload(OrganizationMerge.undone_by),
        )
        .where(OrganizationMerge.id == merge_id, _visible(actor))
    )
    found = session.scalar(statement)
    if found is None:
        raise NotFound()
    return found


def merged_into(session: Session, organization_id: int) -> Sequence[OrganizationMerge]:
    """The standing merges of everything that lives on in this row, with the duplicates."""
    statement = (
        sa.select(OrganizationMerge)
        .join(OrganizationMerge.duplicate)
        .options(contains_eager(OrganizationMerge.duplicate))
        .where(Organization.merged_into_id == organization_id, OrganizationMerge.undone_at.is_(None))
        .order_by(OrganizationMerge.merged_at, OrganizationMerge.id)
    )
    return session.scalars(statement).all()


def open_pairs(session: Session, organization_id: int) -> Sequence[Any]:
    """The most alike of the open pairs of a body: pair id, score, name of the other one."""
    other = aliased(Organization)
    first, second = DuplicateCandidate.first_id, DuplicateCandidate.second_id
    statement = (
        sa.select(DuplicateCandidate.id, DuplicateCandidate.score, other.name)
        .join(other, other.id == sa.case((first == organization_id, second), else_=first))
        .where(sa.or_(first == organization_id, second == organization_id))
        .where(DuplicateCandidate.state == CandidateState.OPEN, other.merged_into_id.is_(None))
        .order_by(DuplicateCandidate.score.desc(), DuplicateCandidate.id.desc())
        .limit(_SHOWN)
    )
    return session.execute(statement).all()
