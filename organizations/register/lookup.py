"""Finding organizations by what identifies them, many at a time: imports bring whole columns of numbers.

Unscoped: who may see an organization is decided where it is shown, not where it is recognized.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from organizations.register.models import FormerName, Officer, Organization
from organizations.register.states import OfficerPosition, OrganizationKind

Value = TypeVar("Value", str, int)

# Below the limit of bound parameters of either database (SQLite 32,766).
_AT_ONCE = 5000


def ids_by_corporate_number(session: Session, kind: OrganizationKind, numbers: Iterable[str]) -> dict[str, int]:
    """{法人番号: id} of the organizations of that kind; unknown numbers are left out."""
    return _ids(session, Organization.corporate_number, numbers, Organization.kind == kind)


def ids_by_notification_number(session: Session, numbers: Iterable[str]) -> dict[str, int]:
    """{実習実施者届出受理番号: id}; unknown numbers are left out."""
    return _ids(session, Organization.notification_number, numbers)


def ids_by_name(session: Session, kind: OrganizationKind, name_keys: Iterable[str]) -> dict[str, list[int]]:
    """{name_key: ids, ascending} of the bodies that bear the name now; for lists that name a body without saying where
    it is."""
    found: dict[str, list[int]] = defaultdict(list)
    for names in chunks(name_keys):
        statement = (
            sa.select(Organization.name_key, Organization.id)
            .where(Organization.kind == kind, Organization.merged_into_id.is_(None), Organization.name_key.in_(names))
            .order_by(Organization.id)
        )
        for name, key in session.execute(statement):
            found[name].append(key)
    return dict(found)


def ids_by_former_name(
    session: Session, kind: OrganizationKind, name_keys: Iterable[str]
) -> dict[str, dict[int, date | None]]:
    """{name_key: {id, ascending: last day of the name}} of the bodies that bore the name once, merged duplicates
    included; None where nobody has said until when."""
    found: dict[str, dict[int, date | None]] = defaultdict(dict)
    columns = FormerName.name_key, FormerName.organization_id, sa.func.max(FormerName.used_until)
    for names in chunks(name_keys):
        statement = (
            sa.select(*columns)
            .join(Organization, Organization.id == FormerName.organization_id)
            .where(FormerName.name_key.in_(names), Organization.kind == kind, Organization.merged_into_id.is_(None))
            .group_by(FormerName.name_key, FormerName.organization_id)
            .order_by(FormerName.organization_id)
        )
        for name, key, until in session.execute(statement):
            found[name][key] = until
    return dict(found)


def representatives_of(session: Session, ids: Iterable[int]) -> dict[int, list[str]]:
    """{organization_id: names} of the representatives in office, who came first before; bodies without one are left
    out."""
    found: dict[int, list[str]] = defaultdict(list)
    in_office = Officer.position == OfficerPosition.REPRESENTATIVE, Officer.ends_on.is_(None)
    for part in chunks(ids):
        statement = (
            sa.select(Officer.organization_id, Officer.name)
            .where(Officer.organization_id.in_(part), *in_office)
            .order_by(Officer.organization_id, Officer.starts_on, Officer.id)
        )
        for key, name in session.execute(statement):
            found[key].append(name)
    return dict(found)


def chunks(values: Iterable[Value]) -> Iterator[list[Value]]:
    """Each value once, in lists that fit into one statement."""
    rest = iter(dict.fromkeys(values))
    while part := list(islice(rest, _AT_ONCE)):
        yield part


def _ids(
    session: Session,
    column: InstrumentedAttribute[str | None],
    numbers: Iterable[str],
    *conditions: sa.ColumnElement[bool],
) -> dict[str, int]:
    """A number that a merged duplicate still bears leads to the row that lives on."""
    lives_on = sa.func.coalesce(Organization.merged_into_id, Organization.id)
    found: dict[str, int] = {}
    for part in chunks(numbers):
        statement = sa.select(column, lives_on).where(column.in_(part), *conditions).order_by(Organization.id)
        found.update((number, key) for number, key in session.execute(statement) if number is not None)
    return found
