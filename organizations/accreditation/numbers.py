"""Receipt numbers of applications: 認, two digits of the year of receipt, two of the office, six running ones. And
the form of occupation codes."""

import re
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.accreditation.models import PlanApplication
from organizations.plans.models import TrainingPlan
from organizations.register.queries import begins_with
from otit.errors import RuleViolation
from otit.numbering import next_number
from otit.places import OFFICES
from otit.text import N_, compact, plain_dashes

_FORM = re.compile(r"認?([0-9]{10})号?")
_OCCUPATION = re.compile(r"[0-9]{1,2}(-[0-9]{1,3}){1,2}")
COUNTER = "plan_application"
# One sequence for the whole country and year, as the published numbers suggest.
NATIONWIDE = "00"


def read_number(text: str) -> str:
    """認 and ten digits, however it was typed. Raises RuleViolation for any other shape."""
    found = _FORM.fullmatch(compact(text))
    if not found:
        raise RuleViolation(N_("受理番号は「認」と10桁の数字です。"), field="number")
    return f"認{found[1]}"


def is_odd(number: str, applied_on: date, office_code: str) -> bool:
    """Whether year or office of the number are others than those of the receipt."""
    return number[1:5] != f"{applied_on.year % 100:02d}{office_code}"


def is_taken(session: Session, number: str) -> bool:
    """By an application, or by a plan that was accredited without one here (imported)."""
    holders = (sa.exists().where(model.number == number) for model in (PlanApplication, TrainingPlan))
    return bool(session.scalar(sa.select(sa.or_(*holders))))


def draw_number(session: Session, applied_on: date, office_code: str) -> str:
    """The next free number of the year. The counter's row is locked first; numbers that came in by import are passed
    over."""
    year = applied_on.year
    first = next_number(session, COUNTER, NATIONWIDE, year, count=0)
    serial = max(first, _highest(session, year) + 1)
    next_number(session, COUNTER, NATIONWIDE, year, count=serial - first + 1)
    return f"認{year % 100:02d}{office_code}{serial:06d}"


def _highest(session: Session, year: int) -> int:
    """The highest serial in use: the last number of each office, found along the indexes of the numbers."""
    parts = []
    for model in (PlanApplication, TrainingPlan):
        for office in OFFICES:
            beginning = begins_with(model.number, f"{year % 100:02d}{office}", "認")
            last = sa.select(sa.func.max(model.number)).where(beginning)
            parts.append(last.scalar_subquery())
    row = session.execute(sa.select(*(part.label(f"n{n}") for n, part in enumerate(parts)))).one()
    return max((int(number[5:]) for number in row if number is not None), default=0)


def read_occupation(text: str | None) -> str | None:
    """職種コード "3-5" or "3-5-1", however it was typed; None for none. Raises RuleViolation for any other shape."""
    code = plain_dashes(compact(text or ""))
    if not code:
        return None
    if not _OCCUPATION.fullmatch(code):
        raise RuleViolation(N_("職種コードは「3-5」または「3-5-1」の形です。"), field="occupation_code")
    return code
