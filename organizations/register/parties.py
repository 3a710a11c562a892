"""Bodies as a form names them: by a number or by the exact name."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.licenses.models import License
from organizations.register.matching import closest, named
from organizations.register.models import FormerName, Organization
from organizations.register.queries import visible
from organizations.register.searching import read_term
from organizations.register.states import OrganizationKind
from organizations.sending.models import SendingOrganization
from otit.auth.actors import Actor
from otit.sql import holds
from otit.text import compact, match_key

# More bodies of one name than these nobody tells apart in a form; a number does.
MOST = 20
# Of the bodies whose name only contains what was typed, these are offered; what is typed in full finds the others.
FEW = 5


def organizations_named(
    session: Session, kind: OrganizationKind, text: str, *, within: Actor | None = None
) -> Sequence[Organization]:
    """Bodies of the kind with this number (法人番号, 届出受理番号, 許可番号) or this very name, by name; where none
    bears it now, those that once did. With `within` only those in that person's scope: who supervises, or the other
    side of a contract, may be in the charge of another office."""
    term = read_term(text)
    scope = sa.true() if within is None else visible(within)
    found = sa.select(Organization).where(Organization.kind == kind, Organization.merged_into_id.is_(None), scope)
    found = found.order_by(Organization.name_key, Organization.id).limit(MOST)
    if term.digits is not None:
        licensed = sa.select(License.organization_id).where(License.number == f"許{term.digits}")
        own = (Organization.corporate_number == term.digits, Organization.notification_number == term.digits)
        return session.scalars(found.where(sa.or_(*own, Organization.id.in_(licensed)))).all()
    bearers = session.scalars(found.where(Organization.name_key == term.name_key)).all()
    once = sa.select(FormerName.organization_id).where(FormerName.name_key == term.name_key)
    return bearers or session.scalars(found.where(Organization.id.in_(once))).all()


def organizations_like(session: Session, actor: Actor, kind: OrganizationKind, text: str) -> Sequence[Organization]:
    """The first few bodies of the kind, in the actor's scope, that the lists find by this part of a name; the closest
    first. None for a number, and none for a single letter, which says nothing."""
    key = read_term(text).name_key
    if key is None or len(key) < 2:
        return []
    living = Organization.kind == kind, Organization.merged_into_id.is_(None), visible(actor)
    found = sa.select(Organization).where(named(key), *living)
    return session.scalars(found.order_by(*closest(Organization.name_key, key), Organization.id).limit(FEW)).all()


def senders_named(session: Session, text: str) -> Sequence[SendingOrganization]:
    """Sending organizations with this number (VNM000455), reference number, which is kept as it was written, or very
    name."""
    number, table = compact(text).upper(), SendingOrganization
    references = table.reference_number.in_({text.strip(), number})
    named = sa.or_(table.number == number, references, table.name_key == match_key(text))
    return session.scalars(sa.select(table).where(named).order_by(table.name_key, table.id).limit(MOST)).all()


def senders_like(session: Session, text: str) -> Sequence[SendingOrganization]:
    """The first few sending organizations with this part of a name, as `organizations_like`."""
    key, name_key = match_key(text), SendingOrganization.name_key
    if len(key) < 2:
        return []
    found = sa.select(SendingOrganization).where(holds(name_key, key))
    return session.scalars(found.order_by(*closest(name_key, key), SendingOrganization.id).limit(FEW)).all()


def as_typed(body: Organization | SendingOrganization) -> str:
    """What a person would type to name this body: its number, else its name."""
    if isinstance(body, Organization):
        return body.notification_number or body.corporate_number or body.name
    return body.number or body.reference_number or body.name
