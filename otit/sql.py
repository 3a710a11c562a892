"""Conditions that many queries ask for, and those that the two databases have to be told in words of their own."""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Condition(FunctionElement[bool]):
    """A condition as it stands: SQLite, which has no type for truth, would be asked whether it equals 1, and no index
    serves that."""

    type = sa.Boolean()
    inherit_cache = True
    _is_implicitly_boolean = True


class holds(_Condition):  # noqa: N801 - reads as a function in SQL expressions
    """`holds(column, text)`: the text stands somewhere in the column, letter by letter. For folded forms, which need no
    LIKE: where every row has to be looked at, this is a third of its work."""

    inherit_cache = True

    def __init__(self, column: Any, text: str) -> None:
        super().__init__(column, sa.literal(text, sa.Text()))


@compiles(holds, "sqlite")
def _holds_sqlite(element: holds, compiler: SQLCompiler, **options: Any) -> str:
    return f"(instr({', '.join(compiler.process(part, **options) for part in element.clauses)}) > 0)"


@compiles(holds, "postgresql")
def _holds_postgresql(element: holds, compiler: SQLCompiler, **options: Any) -> str:
    return f"(strpos({', '.join(compiler.process(part, **options) for part in element.clauses)}) > 0)"


class by_pairs(holds):  # noqa: N801
    """`holds` on a column that has an index of the pairs of its letters on PostgreSQL (`otit.migrations.pairs`)."""

    inherit_cache = True


class by_trigrams(by_pairs):  # noqa: N801
    """For three letters or more, which SQLite finds along an index too (`otit.migrations.trigrams`). The column is that
    of a table whose key is `id`; the text is folded as it is, so that it has no NUL."""

    inherit_cache = True


@compiles(by_pairs, "postgresql")
def _by_pairs_postgresql(element: by_pairs, compiler: SQLCompiler, **options: Any) -> str:
    column, text = (compiler.process(part, **options) for part in element.clauses)
    return f"(letter_pairs({column}) @> letter_pairs({text}) AND strpos({column}, {text}) > 0)"


@compiles(by_trigrams, "sqlite")
def _by_trigrams_sqlite(element: by_trigrams, compiler: SQLCompiler, **options: Any) -> str:
    column: Any = next(iter(element.clauses))
    key, text = (compiler.process(part, **options) for part in (column.table.c.id, list(element.clauses)[1]))
    index = f"{getattr(column.table, 'element', column.table).name}_{column.name}_trigrams"  # also of an alias
    phrase = f"'\"' || replace({text}, '\"', '\"\"') || '\"'"
    found = f"SELECT rowid FROM {index} WHERE {index} MATCH {phrase}"  # noqa: S608 - compiled parts
    return f"({key} IN ({found}) AND {_holds_sqlite(element, compiler, **options)})"


def name_holds(column: Any, text: str) -> sa.ColumnElement[bool]:
    """`text` stands somewhere in a folded name, found along an index of its parts. A single letter is in none."""
    kind = by_trigrams if len(text) > 2 else by_pairs if len(text) > 1 else holds
    return kind(column, text)


class _Ids(sa.types.TypeDecorator[Sequence[int]]):
    """Any number of ids as one value: an array, or its JSON."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        kind: sa.types.TypeEngine[Any] = sa.Text() if dialect.name == "sqlite" else ARRAY(sa.Integer())
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:
        return json.dumps(list(value or ())) if dialect.name == "sqlite" else list(value or ())


class among(_Condition):  # noqa: N801
    """`among(column, ids)`: IN with any number of ids, which as values of their own would take long to plan. A text in
    place of the ids names the parameter that brings them when the statement is run."""

    inherit_cache = True

    def __init__(self, column: Any, ids: Sequence[int] | str) -> None:
        value = sa.bindparam(ids, type_=_Ids()) if isinstance(ids, str) else sa.literal(ids, _Ids())
        super().__init__(column, value)


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({ids})))"  # noqa: S608 - compiled parts


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} = ANY ({ids}))"


def between(column: Any, first: Any, last: Any) -> list[sa.ColumnElement[bool]]:
    """From a day or an id to another, both included; None leaves that side open."""
    least = [] if first is None else [column >= first]
    return least if last is None else [*least, column <= last]
