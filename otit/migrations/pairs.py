"""Names found along an index by any part of them, two letters included: the pairs of neighbouring letters of a folded
name, in a GIN index of PostgreSQL. Its own trigrams would leave out terms of two letters, which are most of Japanese.
SQLite reads through the names themselves: it has no such index."""

from typing import Any

_FUNCTION = """
CREATE FUNCTION letter_pairs(folded text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10 AS
$$ SELECT ARRAY(SELECT substr(folded, n, 2) FROM generate_series(1, greatest(length(folded) - 1, 1)) AS n) $$
"""


COLUMNS = (("organizations", "name_key"), ("organizations", "kana_key"), ("former_names", "name_key"))


def is_of_pairs(name: str | None) -> bool:
    return name is not None and name.endswith("_pairs")


def index_pairs(op: Any) -> None:
    """`otit.sql.name_holds` asks for these indexes."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(_FUNCTION)
    for table, column in COLUMNS:
        op.execute(f"CREATE INDEX {table}_{column}_pairs ON {table} USING gin (letter_pairs({column}))")


def unindex_pairs(op: Any) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, column in COLUMNS:
        op.execute(f"DROP INDEX {table}_{column}_pairs")
    op.execute("DROP FUNCTION letter_pairs")
