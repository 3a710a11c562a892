"""Under which law a licence or plan stands: the provision that a record of it cites."""

from datetime import date
from typing import Final

from organizations.licenses.states import Scheme
from otit.law.provisions import Provision, provision
from otit.law.schemes import DATES
from otit.law.terms import Act

_ACTS: Final = {Scheme.TECHNICAL_INTERN_TRAINING: Act.TIT, Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT: Act.ESD}


def cited(scheme: Scheme, place: str, on: date) -> Provision:
    """The provision "30-1" of the scheme's Act as in force on `on`. Before the scheme begins, an act in advance cites
    the version of its first day."""
    return provision(f"{_ACTS[scheme].value}-{place}", max(on, DATES[scheme].in_force))
