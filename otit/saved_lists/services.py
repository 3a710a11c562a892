"""Acts on kept lists: keeping, renaming, deleting. They keep an address, never what stands in the list."""

from datetime import datetime

from sqlalchemy.orm import Session

from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Role
from otit.errors import NotPermitted, RuleViolation
from otit.saved_lists.models import SavedList
from otit.saved_lists.queries import is_taken
from otit.saved_lists.states import Sharing
from otit.text import N_


def keep(
    session: Session, actor: Actor, endpoint: str, query: str, *, name: str, sharing: Sharing, now: datetime
) -> SavedList:
    """Keep a list under a name. The caller has made sure that `endpoint` is a list and `query` its filters."""
    owner_id = _person(actor)
    if sharing is Sharing.OFFICE and actor.bureau_code is not None:
        raise RuleViolation(N_("労働局の利用者は、事務所の人とは共有できません。"), field="sharing")
    _check_name(session, owner_id, endpoint, name)
    saved = SavedList(
        owner_id=owner_id,
        endpoint=endpoint,
        query=query,
        name=name,
        sharing=sharing,
        office_code=actor.office_code if sharing is Sharing.OFFICE else None,
        created_at=now,
    )
    session.add(saved)
    session.flush()
    record(session, actor, "saved_list.kept", saved, name=name, endpoint=endpoint, query=query, sharing=sharing)
    return saved


def rename(session: Session, actor: Actor, saved: SavedList, name: str) -> None:
    """By its owner only."""
    if saved.owner_id != _person(actor):
        raise NotPermitted()
    if name == saved.name:
        return
    _check_name(session, saved.owner_id, saved.endpoint, name)
    saved.name = name
    record(session, actor, "saved_list.renamed", saved, changed(saved))


def delete(session: Session, actor: Actor, saved: SavedList) -> None:
    """By its owner; a shared one also by a manager in whose office the owner is."""
    if not may_delete(actor, saved):
        raise NotPermitted()
    record(session, actor, "saved_list.deleted", ("saved_lists", saved.id), name=saved.name, endpoint=saved.endpoint)
    session.delete(saved)


def may_delete(actor: Actor, saved: SavedList) -> bool:
    if saved.owner_id == actor.user_id:
        return True
    managing = actor.role is Role.MANAGER and actor.covers_office(saved.owner.office_code)
    return managing and saved.sharing is not Sharing.PRIVATE


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotPermitted()
    return actor.user_id


def _check_name(session: Session, owner_id: int, endpoint: str, name: str) -> None:
    if not name:
        raise RuleViolation(N_("名前を入力してください。"), field="name")
    if is_taken(session, owner_id, endpoint, name):
        raise RuleViolation(N_("この一覧には、同じ名前で保存したものが既にあります。"), field="name")
