"""Unique rules that the rows of two bodies could break together. Each one must be thought of: a test walks the
metadata and fails on one that is not in `CLASHES`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.merging.rows import referring_columns
from otit.db import Base
from otit.findings import Finding, refusal
from otit.text import N_

# By the name of the unique index: what stands against the merge; None where a receiver of `before_move` settles it.
CLASHES: Final[Mapping[str, Finding | None]] = {
    "uq_licenses_organization_id_scheme_live": refusal(
        N_("両方の団体に、同じ制度の有効な許可があります。一つの監理団体に有効な許可は一つです。"),
        citation=N_("法第23条"),
    ),
    "uq_license_applications_open": refusal(
        N_("両方の団体に、処分の済んでいない許可の申請があります。一方の処分又は取下げを待ってください。"),
        citation=N_("法第23条"),
    ),
    "uq_supervisions_open": refusal(
        N_("両方の団体に、同じ相手・同じ送出機関との続いている契約があります。先に一方を終えてください。")
    ),
    "uq_supervisions_open_whichever": refusal(
        N_("両方の団体に、同じ相手との続いている契約があります。先に一方を終えてください。")
    ),
    "uq_inspections_organization_id_open": None,
}
_UNKNOWN: Final = N_("両方の団体に、同時には存在できない記録（%(rule)s）があります。システム管理者に知らせてください。")


@dataclass(frozen=True)
class UniqueRule:
    """A unique index or constraint with a column that a merge changes; `condition` is that of a partial index."""

    name: str
    column: sa.Column[Any]
    others: tuple[sa.Column[Any], ...]
    condition: sa.ColumnElement[bool] | None


@cache
def unique_rules() -> tuple[UniqueRule, ...]:
    moved = set(referring_columns().values())
    found = []
    for table in Base.metadata.sorted_tables:
        for name, columns, condition in _uniques(table):
            for column in moved.intersection(columns):
                others = tuple(other for other in columns if other is not column)
                found.append(UniqueRule(name, column, others, condition))
    return tuple(sorted(found, key=lambda rule: (rule.name, rule.column.name)))


def _uniques(table: sa.Table) -> Iterator[tuple[str, list[Any], Any]]:
    for index in table.indexes:
        if index.unique:
            yield str(index.name), list(index.columns), index.dialect_kwargs.get("sqlite_where")
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint | sa.PrimaryKeyConstraint):
            yield str(constraint.name), list(constraint.columns), None


def clashes(session: Session, first_id: int, second_id: int) -> list[Finding]:
    """What the rows of the two bodies would break if one had them all; the code is the name of the rule. One
    statement."""
    parts = [
        sa.select(sa.literal(rule.name)).where(sa.exists(_both(rule, first_id, second_id)))
        for rule in unique_rules()
        if CLASHES.get(rule.name, True) is not None
    ]
    names = sorted(set(session.scalars(sa.union_all(*parts))))
    return [replace(CLASHES.get(name) or refusal(_UNKNOWN, rule=name), code=name) for name in names]


def _both(rule: UniqueRule, first_id: int, second_id: int) -> sa.CompoundSelect[Any]:
    """What the other columns are in rows of both. NULL is equal to nothing there."""

    def values(owner: int) -> sa.Select[Any]:
        wanted = [rule.column == owner, *(other.is_not(None) for other in rule.others)]
        if rule.condition is not None:
            wanted.append(rule.condition)
        return sa.select(*(rule.others or (sa.literal(1),))).select_from(rule.column.table).where(*wanted)

    return sa.intersect(values(first_id), values(second_id))
