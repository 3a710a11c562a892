"""Under which law a licence stands: when its scheme begins, and the provision that a record of it cites."""

from datetime import date
from typing import Final

from organizations.licenses.states import Scheme
from otit.law.provisions import Provision, provision
from otit.law.terms import ACT_IN_FORCE, Act

# From when a licence can be valid. The scheme of employment for skill development begins on 2027-04-01 (Cabinet Order
# No. 340 of 2025).
SCHEME_BEGINS: Final = {
    Scheme.TECHNICAL_INTERN_TRAINING: ACT_IN_FORCE,
    Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT: date(2027, 4, 1),
}
# Applications for its licences are taken in advance (Suppl. Art. 5 of Act No. 60 of 2024).
FIRST_ESD_APPLICATION: Final = date(2026, 4, 15)

_ACTS: Final = {Scheme.TECHNICAL_INTERN_TRAINING: Act.TIT, Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT: Act.ESD}


def cited(scheme: Scheme, place: str, on: date) -> Provision:
    """The provision "30-1" of the scheme's Act as in force on `on`. Before the scheme begins, an act in advance cites
    the version of its first day."""
    return provision(f"{_ACTS[scheme].value}-{place}", max(on, SCHEME_BEGINS[scheme]))
