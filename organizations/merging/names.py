"""The name of a duplicate stays a name of the kept body, so that papers and lists that bear it still lead there."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.register.models import FormerName, Organization

# What the merge notes of it in its effects: {_EFFECT: id of the former name}.
_EFFECT: Final = "former_name"


def becomes_former(session: Session, kept: Organization, duplicate: Organization) -> bool:
    """The duplicate bears a name that the kept body neither bears nor would bear as a former one."""
    if duplicate.name_key == kept.name_key:
        return False
    bodies = (kept.id, duplicate.id)
    same = sa.and_(FormerName.organization_id.in_(bodies), FormerName.name_key == duplicate.name_key)
    return not session.scalar(sa.select(sa.exists().where(same)))


def keep_name(session: Session, kept: Organization, duplicate: Organization, effects: dict[str, Any]) -> None:
    """Until when the body was called so, nobody has said: two rows of it stood side by side."""
    if not becomes_former(session, kept, duplicate):
        return
    names = {"name": duplicate.name, "name_key": duplicate.name_key, "kana": duplicate.kana}
    former = FormerName(organization_id=kept.id, used_until=None, **names)
    session.add(former)
    session.flush()
    effects[_EFFECT] = former.id


def take_back_name(session: Session, kept: Organization, effects: Mapping[str, Any]) -> None:
    former = session.get(FormerName, effects.get(_EFFECT) or 0)
    if former is not None and former.organization_id == kept.id:
        session.delete(former)
        session.flush()
