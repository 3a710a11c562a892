"""The rows that hang on an organization, found from the metadata: every column with a foreign key to it.

What merging itself keeps of two bodies stays as it was. `organizations.merged_into_id` is one of these columns: bodies
that were merged into a duplicate before follow it, so that one step always leads to the row that lives on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.merging.models import DuplicateCandidate, OrganizationMerge
from organizations.register.lookup import chunks
from organizations.register.models import Organization
from otit.db import Base
from otit.labels import Labelled
from otit.text import N_

_OWN: Final = {DuplicateCandidate.__tablename__, OrganizationMerge.__tablename__}
_ORGANIZATIONS: Final[sa.Table] = Base.metadata.tables[Organization.__tablename__]


class RowKind(Labelled):
    """What the rows are called, by their column. A test compares this with the metadata."""

    MERGED_BEFORE = "organizations.merged_into_id", N_("以前に統合した登録")
    FORMER_NAMES = "former_names.organization_id", N_("旧名称")
    OFFICERS = "officers.organization_id", N_("役員")
    PLACES = "places.organization_id", N_("事業所・実習実施場所・宿泊施設")
    BUSINESS_NOTICES = "business_notices.organization_id", N_("事業の届出")
    SUPERVISIONS_AS_IMPLEMENTING = "supervisions.implementing_organization_id", N_("監理団体との契約")
    SUPERVISIONS_AS_SUPERVISING = "supervisions.supervising_organization_id", N_("実習実施者との契約")
    LICENSES = "licenses.organization_id", N_("許可")
    LICENSE_APPLICATIONS = "license_applications.organization_id", N_("許可の申請")
    TRAINING_PLANS_AS_IMPLEMENTING = "training_plans.implementing_organization_id", N_("技能実習計画（実習実施者）")
    TRAINING_PLANS_AS_SUPERVISING = "training_plans.supervising_organization_id", N_("技能実習計画（監理団体）")
    PLAN_APPLICATIONS_AS_IMPLEMENTING = (
        "plan_applications.implementing_organization_id",
        N_("計画の認定申請（実習実施者）"),
    )
    PLAN_APPLICATIONS_AS_SUPERVISING = "plan_applications.supervising_organization_id", N_("計画の認定申請（監理団体）")
    INSPECTIONS = "inspections.organization_id", N_("実地検査")
    DISPOSITIONS = "dispositions.organization_id", N_("行政処分等")
    TRIGGERS = "triggers.organization_id", N_("端緒")
    OTHER = "other", N_("その他の記録")


def word(key: str) -> RowKind:
    try:
        return RowKind(key)
    except ValueError:
        return RowKind.OTHER


@cache
def referring_columns() -> Mapping[str, sa.Column[Any]]:
    """{table.column: column}, in the order of RowKind, then of the metadata."""
    found = {
        f"{table.name}.{column.name}": column
        for table in Base.metadata.sorted_tables
        if table.name not in _OWN
        for column in table.columns
        if any(key.column is _ORGANIZATIONS.c.id for key in column.foreign_keys)
    }
    named = [kind.value for kind in RowKind]
    ordered = [*(key for key in named if key in found), *(key for key in found if key not in named)]
    return {key: found[key] for key in ordered}


def count_rows(session: Session, ids: Sequence[int]) -> dict[str, dict[int, int]]:
    """{table.column: {organization id: number of rows}} of these organizations, in one statement."""
    parts = [
        sa.select(sa.literal(key), column, sa.func.count()).where(column.in_(ids)).group_by(column)
        for key, column in referring_columns().items()
    ]
    found: dict[str, dict[int, int]] = {key: {} for key in referring_columns()}
    for key, owner, count in session.execute(sa.union_all(*parts)):
        found[key][owner] = count
    return found


def move_rows(session: Session, source: int, target: int) -> dict[str, list[int]]:
    """Hang every row of `source` on `target`: one UPDATE for each column, versions go up. The ids that went, by
    table.column."""
    moved = {key: _move(session, column, column == source, target) for key, column in referring_columns().items()}
    return {key: sorted(ids) for key, ids in moved.items() if ids}


def move_back(session: Session, moved: Mapping[str, Sequence[int]], target: int) -> None:
    for key, ids in moved.items():
        column = referring_columns()[key]
        for part in chunks(ids):
            _move(session, column, column.table.c.id.in_(part), target)


def _move(session: Session, column: sa.Column[Any], condition: sa.ColumnElement[bool], target: int) -> list[int]:
    table: Any = column.table
    values: dict[str, Any] = {column.name: target} | _beside(column, target)
    if "version" in table.c:
        values["version"] = table.c.version + 1
    return list(session.scalars(sa.update(table).where(condition).values(values).returning(table.c.id)))


def _beside(column: sa.Column[Any], target: int) -> dict[str, Any]:
    """What the rows bear of the organization beside its id, by the same foreign key: plans bear its office."""
    elements = [element for key in column.foreign_keys if key.constraint for element in key.constraint.elements]
    return {
        element.parent.name: sa.select(element.column).where(_ORGANIZATIONS.c.id == target).scalar_subquery()
        for element in elements
        if element.parent is not column
    }


def no_longer_there(session: Session, moved: Mapping[str, Sequence[int]], owner: int) -> dict[str, int]:
    """{table.column: how many} of the moved rows that are gone or belong to somebody else than `owner` now."""
    missing: dict[str, int] = {}
    for key, ids in moved.items():
        column = referring_columns()[key]
        table: Any = column.table
        there = 0
        for part in chunks(ids):
            count = sa.select(sa.func.count()).select_from(table).where(column == owner, table.c.id.in_(part))
            there += session.scalar(count) or 0
        if there < len(ids):
            missing[key] = len(ids) - there
    return missing


# --- what has grown together since ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Anchor:
    """How a row of a table belongs to an organization: through its own column (`via` None), or through the record that
    the column `via` names, by that record's column `owner`."""

    owner: sa.Column[Any]
    via: sa.Column[Any] | None

    @property
    def key(self) -> str:
        return f"{self.owner.table.name}.{self.owner.name}"


def grown_together(session: Session, moved: Mapping[str, Sequence[int]], owner: int) -> list[str]:
    """Tables with rows that tie a moved record of `owner` to one that was not moved, such as a disposition against the
    kept body that revokes a moved plan: to take them apart is a matter for a person."""
    ids = {key: set(keys) for key, keys in moved.items()}
    found = []
    for table in Base.metadata.sorted_tables:
        ties = (_ties(session, table, pair, ids, owner) for pair in combinations(_anchors(table), 2))
        if table.name not in _OWN and any(ties):
            found.append(table.name)
    return found


def _anchors(table: sa.Table) -> list[_Anchor]:
    """One for each column of the table that leads to an organization in one step or two."""
    columns = referring_columns().values()
    anchors = [_Anchor(column, None) for column in columns if column.table is table]
    for via in table.columns:
        for key in via.foreign_keys:
            other = key.column.table
            owners = [column for column in columns if column.table is other and other not in (table, _ORGANIZATIONS)]
            anchors += [_Anchor(column, via) for column in owners]
    return anchors


def _ties(
    session: Session, table: sa.Table, pair: tuple[_Anchor, _Anchor], moved: Mapping[str, set[int]], owner: int
) -> bool:
    if not any(anchor.key in moved for anchor in pair):
        return False
    statement: sa.Select[Any] = sa.select()
    for anchor in pair:
        end: Any = table if anchor.via is None else anchor.owner.table.alias()
        statement = statement.add_columns(end.c.id).where(end.c[anchor.owner.name] == owner)
        if anchor.via is not None:
            statement = statement.where(end.c.id == anchor.via)
    ones, others = (moved.get(anchor.key, set()) for anchor in pair)
    return any((one in ones) != (other in others) for one, other in session.execute(statement))
