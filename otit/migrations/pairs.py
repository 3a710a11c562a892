"""Names found along an index by any part of them, two letters included: the pairs of neighbouring letters of a folded
name, in a GIN index of PostgreSQL. Its own trigrams would leave out terms of two letters, which are most of Japanese.
SQLite has trigrams (`trigrams.py`)."""

from typing import Any

# A loop: as a query over the places of the letters it would take four times as long for each name.
_FUNCTION = """
CREATE OR REPLACE FUNCTION letter_pairs(folded text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
DECLARE pairs text[] := '{}';
BEGIN
    FOR place IN 1 .. greatest(length(folded) - 1, 1) LOOP
        pairs[place] := substr(folded, place, 2);
    END LOOP;
    RETURN pairs;
END $$
"""
COLUMNS = (("organizations", "name_key"), ("organizations", "kana_key"), ("former_names", "name_key"))


def is_of_pairs(name: str | None) -> bool:
    return name is not None and name.endswith("_pairs")


def index_pairs(op: Any) -> None:
    """`otit.sql.name_holds` asks for these indexes."""
    if op.get_bind().dialect.name != "postgresql":
        return
    define_pairs(op)
    for table, column in COLUMNS:
        op.execute(f"CREATE INDEX {table}_{column}_pairs ON {table} USING gin (letter_pairs({column}))")


def define_pairs(op: Any) -> None:
    """An index stays as it is when the function gives the same pairs as before."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_FUNCTION)


def unindex_pairs(op: Any) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, column in COLUMNS:
        op.execute(f"DROP INDEX {table}_{column}_pairs")
    op.execute("DROP FUNCTION letter_pairs")
