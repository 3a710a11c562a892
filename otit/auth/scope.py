"""The one place that says which rows a person sees, as SQL conditions for lists, counts, searches, exports and jobs."""

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from otit.auth.actors import Actor
from otit.auth.permissions import Role


def within_offices(
    actor: Actor, *offices: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
) -> sa.ColumnElement[bool]:
    """Rows of which one of the office columns is the actor's; headquarters sees all. Labour Standards officers are
    outside OTIT's offices and see nothing through this door (see `within_bureau`)."""
    if actor.role is Role.LABOUR_STANDARDS:
        return sa.false()
    if actor.office_code is None:
        return sa.true()
    return sa.or_(*(office == actor.office_code for office in offices))


def within_bureau(actor: Actor, bureau: InstrumentedAttribute[str | None]) -> sa.ColumnElement[bool]:
    """Rows shared with the actor's Labour Bureau; nobody else passes."""
    if actor.bureau_code is None:
        return sa.false()
    return bureau == actor.bureau_code
