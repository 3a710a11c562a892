"""names: former names without a day, the names of merged duplicates, keys with every old form of kanji folded"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from otit.db import JsonType
from otit.text import match_key

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_FORMER = sa.table(
    "former_names",
    *(sa.column(name) for name in ("id", "organization_id", "name", "name_key", "kana", "used_until")),
)
_BODIES = sa.table("organizations", *(sa.column(name) for name in ("id", "name", "name_key", "kana", "merged_into_id")))
_MERGES = sa.table(
    "organization_merges",
    *(sa.column(name) for name in ("id", "duplicate_id", "kept_id", "undone_at")),
    sa.column("moved", JsonType),
    sa.column("effects", JsonType),
)
_KEYS = {
    "organizations": ("name_key", "kana_key", "address_key"),
    "former_names": ("name_key",),
    "officers": ("name_key",),
    "sending_organizations": ("name_key",),
    "trainees": ("name_key",),
}
_AT_ONCE = 5000
_MOVED = "former_names.organization_id"


def upgrade() -> None:
    with op.batch_alter_table("former_names", schema=None) as batch_op:
        batch_op.alter_column("used_until", existing_type=sa.Date(), nullable=True)
    connection = op.get_bind()
    for name, keys in _KEYS.items():
        _fold_again(connection, sa.table(name, sa.column("id"), *(sa.column(key) for key in keys)), keys)
    _keep_names_of_duplicates(connection)


def _fold_again(connection: sa.Connection, table: sa.TableClause, keys: tuple[str, ...]) -> None:
    """More forms are folded than before. Folding a key is folding the name: what was folded already stays."""
    last = 0
    update = sa.update(table).where(table.c.id == sa.bindparam("of"))
    update = update.values({key: sa.bindparam(f"new_{key}") for key in keys})
    while rows := connection.execute(
        sa.select(table).where(table.c.id > last).order_by(table.c.id).limit(_AT_ONCE)
    ).all():
        folded = [{"of": row.id} | {f"new_{key}": match_key(getattr(row, key)) for key in keys} for row in rows]
        changed = [
            values
            for row, values in zip(rows, folded, strict=True)
            if any(getattr(row, key) != values[f"new_{key}"] for key in keys)
        ]
        if changed:
            connection.execute(update, changed)
        last = rows[-1].id


def _keep_names_of_duplicates(connection: sa.Connection) -> None:
    """As merging does it from now on: the name of the duplicate is a former name of the body that lives on."""
    standing = sa.select(_MERGES).where(_MERGES.c.undone_at.is_(None)).order_by(_MERGES.c.id)
    merges = {row.duplicate_id: row for row in connection.execute(standing)}
    duplicates = sa.select(_BODIES).where(_BODIES.c.merged_into_id.is_not(None)).order_by(_BODIES.c.id)
    for duplicate in connection.execute(duplicates).all():
        kept = sa.select(_BODIES.c.name_key).where(_BODIES.c.id == duplicate.merged_into_id)
        known = sa.select(_FORMER.c.name_key).where(_FORMER.c.organization_id == duplicate.merged_into_id)
        if duplicate.name_key in set(connection.scalars(sa.union_all(kept, known))):
            continue
        names = {"name": duplicate.name, "name_key": duplicate.name_key, "kana": duplicate.kana}
        added = sa.insert(_FORMER).values(organization_id=duplicate.merged_into_id, **names).returning(_FORMER.c.id)
        _note(connection, merges, duplicate.id, connection.execute(added).scalar_one())


def _note(connection: sa.Connection, merges: dict[int, Any], duplicate_id: int, former_id: int) -> None:
    """So that an undo takes it back: the merge that brought the name, and those that moved it on since."""
    merge = merges.get(duplicate_id)
    if merge is None:
        return
    merge.effects["former_name"] = former_id
    changed = [merge]
    while (merge := merges.get(merge.kept_id)) is not None:
        merge.moved[_MOVED] = sorted([*merge.moved.get(_MOVED, []), former_id])
        changed.append(merge)
    for one in changed:
        values = {"moved": one.moved, "effects": one.effects}
        connection.execute(sa.update(_MERGES).where(_MERGES.c.id == one.id).values(values))


def downgrade() -> None:
    raise RuntimeError("the names of merged duplicates cannot be told from others again: restore the backup instead")
