"""The database base: named constraints, column types, optimistic versions, and acts that wait for the commit."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from otit.errors import StaleRecord

E = TypeVar("E", bound=StrEnum)

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware moment; naive ones are refused. SQLite keeps UTC without a zone, PostgreSQL timestamptz."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


JsonType = sa.JSON().with_variant(JSONB(), "postgresql")


def code_type(enum: type[E], name: str) -> sa.Enum:
    """A column type that stores the enum's value, kept to its members by the check constraint ck_<table>_<name>."""
    return sa.Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    registry = sa.orm.registry(
        metadata=sa.MetaData(naming_convention=NAMING_CONVENTION),
        type_annotation_map={
            datetime: UtcDateTime(),
            date: sa.Date(),
            str: sa.Text(),
            dict[str, Any]: JsonType,
            list[Any]: JsonType,
        },
    )


class Versioned:
    """Optimistic locking: every UPDATE names the version it read, so a second writer fails with StaleDataError."""

    version: Mapped[int] = mapped_column(sa.Integer, default=1)

    @sa.orm.declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


db = SQLAlchemy(model_class=Base)


@contextmanager
def transaction(session: Session) -> Iterator[Session]:
    """Commit on success, roll back on any exception. For jobs and commands; requests commit in the web layer."""
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


_PENDING = "after_commit"


def begun(session: Session) -> Session:
    """The session with a transaction open: without one a rollback would not be noticed."""
    if not session.in_transaction():
        session.begin()
    return session


def after_commit(session: Session, act: Callable[[], None]) -> None:
    """Run `act` once the outermost transaction has committed; forget it when it rolls back. `act` may not use SQL."""
    begun(session).info.setdefault(_PENDING, []).append(act)


@event.listens_for(Session, "after_commit")
def _run_pending(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for act in session.info.pop(_PENDING, []):
        act()


@event.listens_for(Session, "after_soft_rollback")
def _forget_pending(session: Session, previous: Any) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_PENDING, None)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, record: Any) -> None:
    if type(connection).__module__.partition(".")[0] != "sqlite3":
        return
    cursor = connection.cursor()
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "busy_timeout=15000",
        "cache_size=-65536",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def hold(session: Session, record: Any) -> None:
    """Lock the row of a versioned record until the transaction ends, and read it anew: what is checked after this
    stays true until the commit. For acts that add rows beside the record and leave the record itself as it is; whoever
    changes the record is stopped by its version. Raises StaleRecord when it was changed since it was loaded.

    An UPDATE that changes nothing, not SELECT … FOR UPDATE: SQLite has no such lock, and takes that of the database.
    """
    session.flush()
    kind, version = type(record), record.version
    same = sa.update(kind).where(kind.id == record.id).values(version=kind.version)
    session.execute(same, execution_options={"synchronize_session": False})
    session.refresh(record, [attribute.key for attribute in sa.inspect(kind).column_attrs])
    if record.version != version:
        raise StaleRecord()


def assign(record: Any, values: Mapping[str, Any]) -> None:
    """Set what differs, so that only that counts as changed."""
    for name, value in values.items():
        if getattr(record, name) != value:
            setattr(record, name, value)


def violated(error: IntegrityError, constraint: str, *columns: str) -> bool:
    """Whether `error` comes from this constraint. PostgreSQL names it; SQLite names only the table's columns of a
    broken unique index, so these are given as "table.column"."""
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    if name is not None:
        return bool(name == constraint)
    text = str(error.orig)
    return constraint in text or (bool(columns) and text.endswith(": " + ", ".join(columns)))
