"""Names found along an index by three letters or more of them, on SQLite: a full-text table with the trigrams of each
folded name, which holds no text of its own and is kept in step by triggers. PostgreSQL has its pairs (`pairs.py`).

A migration that builds one of these tables anew loses its triggers, and has to call `index_trigrams` once more."""

from typing import Any

from otit.migrations.pairs import COLUMNS


def is_of_trigrams(name: str | None) -> bool:
    """Whether it is one of these tables, or one of those that SQLite keeps behind each."""
    return name is not None and "_trigrams" in name


def index_trigrams(op: Any) -> None:
    """`otit.sql.name_holds` asks for these tables."""
    if op.get_bind().dialect.name != "sqlite":
        return
    unindex_trigrams(op)
    for table, column in COLUMNS:
        index = f"{table}_{column}_trigrams"
        enter = f"INSERT INTO {index} (rowid, {column}) VALUES (new.id, new.{column});"  # noqa: S608 - our own names
        forget = f"INSERT INTO {index} ({index}, rowid, {column}) VALUES ('delete', old.id, old.{column});"  # noqa: S608
        options = f"content='{table}', content_rowid='id', tokenize='trigram'"
        op.execute(f"CREATE VIRTUAL TABLE {index} USING fts5({column}, {options})")
        op.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")  # noqa: S608
        op.execute(f"CREATE TRIGGER {index}_entered AFTER INSERT ON {table} BEGIN {enter} END")
        op.execute(f"CREATE TRIGGER {index}_removed AFTER DELETE ON {table} BEGIN {forget} END")
        changed = f"AFTER UPDATE OF {column} ON {table} WHEN old.{column} IS NOT new.{column}"
        op.execute(f"CREATE TRIGGER {index}_changed {changed} BEGIN {forget} {enter} END")


def unindex_trigrams(op: Any) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table, column in COLUMNS:
        index = f"{table}_{column}_trigrams"
        for event in ("entered", "removed", "changed"):
            op.execute(f"DROP TRIGGER IF EXISTS {index}_{event}")
        op.execute(f"DROP TABLE IF EXISTS {index}")
