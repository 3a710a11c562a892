"""Finding pairs of register rows that may be one body.

The database makes blocks of rows that agree in one thing; only within a block rows are compared. The rows of a block
come one after the other, so that no more than one block is held in memory. A pair that is known already, whatever was
decided about it, is not added again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import combinations, groupby, islice
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from organizations.merging.likeness import LEAST, Likeness, compare
from organizations.merging.models import DuplicateCandidate
from organizations.merging.states import CandidateState
from organizations.register.models import Organization
from organizations.register.names import CORPORATE_FORMS
from otit.audit.trail import record_bulk
from otit.auth.actors import Actor
from otit.auth.permissions import Permission

# So many bodies that share a name, a building or a number tell nothing of each other: an agent's address, for one.
LARGEST_BLOCK: Final = 50
_AT_ONCE: Final = 1000
_NESTED: Final = 8


@dataclass
class Finding:
    """What a run did: pairs compared, those of them that are new and worth a look."""

    compared: int = 0
    added: int = 0


def find_candidates(session: Session, actor: Actor, *, today: date) -> Finding:
    """Note every pair of one kind that looks like one body. A second run adds nothing."""
    actor.require(Permission.MAINTAIN_REGISTERS)
    result, ids = Finding(), list[int]()
    pairs = _alike(session, result, today)
    while part := list(islice(pairs, _AT_ONCE)):
        ids += _add(session, part)
    result.added = len(ids)
    if ids:
        record_bulk(session, actor, "duplicates.found", DuplicateCandidate.__tablename__, ids, as_of=today)
    return result


def _blocks() -> list[sa.Subquery]:
    """For each thing that the rows of a block have in common: id, kind, and that as `key`; an empty one makes no
    block."""
    organization = Organization.__table__.c
    core = _keyed(organization.name_key, [(form, "") for form in CORPORATE_FORMS])
    here = sa.func.nullif(core.c.key, "") + "/" + core.c.prefecture_code
    in_one_prefecture = sa.select(core.c.id, core.c.kind, here.label("key")).subquery()
    return [
        _keyed(organization.name_key),
        _keyed(organization.address_key),
        _keyed(organization.phone_key),
        in_one_prefecture,
    ]


def _keyed(column: sa.ColumnElement[Any], replaced: Sequence[tuple[str, str]] = ()) -> sa.Subquery:
    """A few replacements at a time: SQLite's parser takes no deep nesting."""
    own = Organization.__table__.c
    source = sa.select(own.id, own.kind, own.prefecture_code, column.label("key")).where(own.merged_into_id.is_(None))
    keyed = source.subquery()
    for start in range(0, len(replaced), _NESTED):
        part = replaced[start : start + _NESTED]
        key: sa.ColumnElement[Any] = reduce(lambda text, pair: sa.func.replace(text, *pair), part, keyed.c.key)
        keyed = sa.select(keyed.c.id, keyed.c.kind, keyed.c.prefecture_code, key.label("key")).subquery()
    return keyed


def _block_rows(keyed: sa.Subquery) -> sa.Select[Any]:
    """The rows of all blocks of one key, block by block."""
    size = sa.func.count().over(partition_by=[keyed.c.kind, keyed.c.key]).label("size")
    sized = sa.select(keyed.c.id, keyed.c.kind, keyed.c.key, size).where(keyed.c.key != "").subquery()
    columns = (
        *(Organization.id, sized.c.kind, sized.c.key, Organization.name_key, Organization.address_key),
        *(
            Organization.prefecture_code,
            Organization.phone_key,
            Organization.representative,
            Organization.corporate_number,
        ),
    )
    return (
        sa.select(*columns)
        .join(sized, sized.c.id == Organization.id)
        .where(sized.c.size.between(2, LARGEST_BLOCK))
        .order_by(sized.c.kind, sized.c.key, Organization.id)
    )


def _alike(session: Session, result: Finding, today: date) -> Iterator[dict[str, Any]]:
    for keyed in _blocks():
        rows = session.execute(_block_rows(keyed).execution_options(yield_per=_AT_ONCE))
        for _block, members in groupby(rows, lambda row: (row.kind, row.key)):
            for first, second in combinations(members, 2):
                result.compared += 1
                score = compare(_likeness(first), _likeness(second))
                if score.points >= LEAST:
                    yield {
                        "first_id": first.id,
                        "second_id": second.id,
                        "score": score.points,
                        "reasons": [reason.value for reason in score.reasons],
                        "state": CandidateState.OPEN,
                        "found_on": today,
                        "version": 1,
                    }


def _likeness(row: sa.Row[Any]) -> Likeness:
    return Likeness(
        row.name_key,
        row.address_key,
        row.prefecture_code,
        row.phone_key,
        row.representative,
        row.corporate_number,
    )


def _add(session: Session, pairs: list[dict[str, Any]]) -> list[int]:
    """The ids of the pairs that were not known."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    once = {(pair["first_id"], pair["second_id"]): pair for pair in pairs}
    statement = insert(DuplicateCandidate).on_conflict_do_nothing(index_elements=["first_id", "second_id"])
    return list(session.scalars(statement.returning(DuplicateCandidate.id), list(once.values())))
