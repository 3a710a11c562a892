"""Reads of the list of occupations. It belongs to no office: who may read the registers reads all of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.occupations.codes import occupation_of, parse_code, sort_key
from organizations.occupations.models import Occupation
from organizations.register.lookup import chunks
from organizations.register.states import Scheme
from otit.errors import NotFound
from otit.text import nfkc
from otit.web.paging import Listing


@dataclass(frozen=True)
class OccupationFilter:
    """None means any. `q` is a code with all that stands below it, or part of a name. `on` is the day on which the
    versions are in force."""

    on: date
    q: str | None = None
    sector: str | None = None
    scheme: Scheme | None = None
    transferable: bool = False


def get_occupation(session: Session, occupation_id: int) -> Occupation:
    """Raises NotFound."""
    found = session.get(Occupation, occupation_id)
    if found is None:
        raise NotFound()
    return found


def occupation_list(wanted: OccupationFilter) -> Listing:
    """Versions in force, by code as numbers: 3-10 after 3-9, operations behind their occupation."""
    statement: sa.Select[*tuple[Any, ...]] = sa.select(
        Occupation.id,
        Occupation.code,
        Occupation.name,
        Occupation.sector,
        Occupation.scheme,
        Occupation.transferable,
        Occupation.valid_from,
        Occupation.valid_until,
    ).where(*_conditions(wanted))
    return Listing(statement, (Occupation.sort_key, Occupation.id))


def sectors(session: Session) -> Sequence[str]:
    """In the order of the codes."""
    first = sa.func.min(Occupation.sort_key)
    return session.scalars(sa.select(Occupation.sector).group_by(Occupation.sector).order_by(first)).all()


def versions_of(session: Session, scheme: Scheme, code: str) -> Sequence[Occupation]:
    """The latest first."""
    statement = sa.select(Occupation).where(Occupation.scheme == scheme, Occupation.code == code)
    return session.scalars(statement.order_by(Occupation.valid_from.desc())).all()


def occupation_on(session: Session, scheme: Scheme, code: str, on: date) -> Occupation | None:
    """The version in force on a day."""
    statement = sa.select(Occupation).where(Occupation.scheme == scheme, Occupation.code == code, in_force(on))
    return session.scalar(statement)


def operations_on(session: Session, scheme: Scheme, code: str, on: date) -> Sequence[Occupation]:
    """The operations of an occupation in force on a day, in order."""
    statement = sa.select(Occupation).where(Occupation.scheme == scheme, _below(code), in_force(on))
    return session.scalars(statement.order_by(Occupation.sort_key, Occupation.id)).all()


def operations_beyond(session: Session, scheme: Scheme, code: str, on: date) -> Sequence[Occupation]:
    """The versions of an occupation's operations that would still be in force after a day."""
    lasting = sa.or_(Occupation.valid_until.is_(None), Occupation.valid_until > on)
    statement = sa.select(Occupation).where(Occupation.scheme == scheme, _below(code), lasting)
    return session.scalars(statement.order_by(Occupation.sort_key, Occupation.id)).all()


def occupation_names(
    session: Session, codes: Iterable[str | None], on: date, scheme: Scheme = Scheme.TECHNICAL_INTERN_TRAINING
) -> dict[str, str]:
    """{code: name} as in force on a day, for showing the name beside the code; None and codes that the list does not
    know on that day are left out. One statement for up to some hundred codes."""
    found: dict[str, str] = {}
    for part in chunks(sorted({code for code in codes if code is not None})):
        statement = sa.select(Occupation.code, Occupation.name).where(
            Occupation.scheme == scheme, Occupation.code.in_(part), in_force(on)
        )
        found |= {row.code: row.name for row in session.execute(statement.order_by(Occupation.code))}
    return found


def every_version(session: Session, scheme: Scheme) -> dict[str, list[Any]]:
    """{code: its versions} of the whole register, some hundred rows; for imports. One statement."""
    columns = Occupation.code, Occupation.valid_from, Occupation.valid_until, Occupation.transferable
    statement = sa.select(*columns).where(Occupation.scheme == scheme).order_by(Occupation.code, Occupation.valid_from)
    found: dict[str, list[Any]] = {}
    for row in session.execute(statement):
        found.setdefault(row.code, []).append(row)
    return found


def holds_on(version: Any, day: date) -> bool:
    """As `in_force`, of a row that has been read."""
    return bool(version.valid_from <= day and (version.valid_until is None or version.valid_until >= day))


def known_codes(session: Session, scheme: Scheme, on: date) -> frozenset[str]:
    """The codes in force on a day, with the occupation of each operation; none while the register is empty. One
    statement."""
    codes = session.scalars(sa.select(Occupation.code).where(Occupation.scheme == scheme, in_force(on))).all()
    return frozenset(codes) | {occupation_of(code) for code in codes}


def load_versions(
    session: Session, keys: Iterable[tuple[Scheme, str]], *, lock: bool
) -> dict[tuple[Scheme, str], list[Mapping[str, Any]]]:
    """{(scheme, code): columns of every version, the earliest first}; for imports. One statement for some hundred
    codes; `lock` keeps the versions as they are until the transaction ends."""
    wanted, table = set(keys), Occupation.__table__
    found: dict[tuple[Scheme, str], list[Mapping[str, Any]]] = {key: [] for key in wanted}
    for part in chunks(sorted({code for _scheme, code in wanted})):
        statement = sa.select(table).where(table.c.code.in_(part)).order_by(table.c.code, table.c.valid_from)
        for row in session.execute(statement.with_for_update() if lock else statement):
            if (row.scheme, row.code) in wanted:
                found[row.scheme, row.code].append(row._asdict())
    return found


def in_force(on: date) -> sa.ColumnElement[bool]:
    """The version holds on that day, its first and last day included."""
    until = Occupation.valid_until
    return sa.and_(Occupation.valid_from <= on, sa.or_(until.is_(None), until >= on))


def _below(code: str) -> sa.ColumnElement[bool]:
    return Occupation.code.startswith(f"{code}-", autoescape=True)


def _conditions(wanted: OccupationFilter) -> list[sa.ColumnElement[bool]]:
    conditions = [in_force(wanted.on)]
    if wanted.q:
        conditions.append(_matches(wanted.q))
    if wanted.sector is not None:
        conditions.append(Occupation.sector == wanted.sector)
    if wanted.scheme is not None:
        conditions.append(Occupation.scheme == wanted.scheme)
    if wanted.transferable:
        conditions.append(Occupation.transferable.is_(True))
    return conditions


def _matches(q: str) -> sa.ColumnElement[bool]:
    code = parse_code(q)
    if code is not None:
        return sa.or_(Occupation.code == code, _below(code))
    if (number := nfkc(q).strip()).isdecimal() and number.isascii():
        return Occupation.sort_key.startswith(sort_key(number.lstrip("0") or "0") + "-")
    return Occupation.name.contains(nfkc(q).strip(), autoescape=True)
