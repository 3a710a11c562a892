"""Who is in charge of an inspection: the inspector it is assigned to, or a manager of an office it belongs to."""

from inspections.scheduling.models import Inspection
from otit.auth.actors import Actor
from otit.auth.permissions import Role
from otit.errors import NotPermitted


def in_charge(actor: Actor, inspection: Inspection) -> bool:
    """Whether the actor may write the facts of this inspection, permissions aside."""
    if not actor.covers_office(inspection.owner_office_code, inspection.office_code):
        return False
    return actor.role is not Role.INSPECTOR or inspection.assigned_to_id == actor.user_id


def require_in_charge(actor: Actor, inspection: Inspection) -> None:
    """Raises NotPermitted."""
    if not in_charge(actor, inspection):
        raise NotPermitted()


def person(actor: Actor) -> int:
    """The user id of the actor. Findings and instruments are signed by a person: raises NotPermitted for a job."""
    if actor.user_id is None:
        raise NotPermitted()
    return actor.user_id
