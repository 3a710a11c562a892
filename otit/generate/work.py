"""Training plans and inspections: what the organizations do and what is done to them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from inspections.scheduling.models import Inspection
from inspections.scheduling.services import COUNTER, NATIONWIDE
from inspections.scheduling.states import DueBasis, InspectionKind, InspectionState
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanCategory, PlanState
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from organizations.sending.models import SendingOrganization
from otit.clock import fiscal_year, fiscal_year_range
from otit.generate.bodies import TIT, insert, sender, supervisor
from otit.generate.material import DAYS, INSPECTORS, NUMBERS, Material, padded, spread
from otit.generate.scales import Scale
from otit.law.terms import ACT_IN_FORCE
from otit.numbering import Counter

# Shares of the categories in 1,000, as published for the fiscal year 2018.
_SHARES = (("D", 470), ("E", 465), ("F", 36), ("A", 20), ("B", 8), ("C", 1))
_YEARS_OF_INSPECTIONS = 10


def plans(connection: sa.Connection, material: Material, scale: Scale) -> int:
    """The years' accreditations, one statement for each. Returns how many."""
    count = 0
    this_year = fiscal_year(material.today)
    for place, accredited in enumerate(scale.accredited):
        year = this_year - len(scale.accredited) + 1 + place
        first = max(fiscal_year_range(year)[0], ACT_IN_FORCE)
        last = min(fiscal_year_range(year)[1], material.today)
        count += _plans_of(
            connection, material, scale, year, (first - ACT_IN_FORCE).days, (last - first).days, accredited
        )
    _first_training(connection)
    return count


def _plans_of(
    connection: sa.Connection, material: Material, scale: Scale, year: int, first: int, days: int, count: int
) -> int:
    i = NUMBERS.c.i
    body = 1 + spread(i, 7919, scale.implementing)
    drawn = spread(i, 389, 1000)
    category = _category(drawn)
    group = drawn < sum(share for letter, share in _SHARES if letter in "DEF")
    level_one = sa.or_(category == PlanCategory.D.value, category == PlanCategory.A.value)
    accredited, starts, broken = DAYS.alias(), DAYS.alias(), DAYS.alias()
    ends = sa.case((level_one, starts.c.plus_1), else_=starts.c.plus_2)
    supervising = supervisor(body, scale)
    occupation, on_occupation = material.word("occupation", body * 3 + i % 2)
    over = aliased(Organization)
    values: dict[str, Any] = {
        "scheme": TIT,
        "number": "認" + f"{year % 100:02d}" + Organization.office_code + padded(i, 6),
        "category": category,
        **_parties(group, body, supervising, over),
        "occupation_code": occupation.c.text,
        "nationality": SendingOrganization.country,
        "accredited_on": accredited.c.day,
        "starts_on": starts.c.day,
        "ends_on": ends,
    } | _fate(i, broken, ends, material)
    day = first + spread(i, 53, max(days, 1))
    rows = (
        sa.select(i)
        .outerjoin(Organization, Organization.id == body)
        .outerjoin(over, over.id == supervising)
        .outerjoin(SendingOrganization, SendingOrganization.id == sender(supervising - scale.implementing, scale))
        .outerjoin(accredited, accredited.c.n == day)
        .outerjoin(starts, starts.c.n == day + 60)
        .outerjoin(broken, broken.c.n == day + 260)
        .outerjoin(occupation, on_occupation)
        .where(i <= count)
    )
    return insert(connection, TrainingPlan, values, rows)


def _parties(group: Any, body: Any, supervising: Any, over: Any) -> dict[str, Any]:
    return {
        "implementing_organization_id": body,
        "implementing_office_code": Organization.office_code,
        "supervising_organization_id": sa.case((group, supervising)),
        "supervising_office_code": sa.case((group, over.office_code)),
        "sending_organization_id": sa.case((group, SendingOrganization.id)),
    }


def _fate(i: Any, broken: Any, ends: Any, material: Material) -> dict[str, Any]:
    """How training went: one in 400 revoked, one in eleven given up, the others done when their term is over."""
    revoked = sa.and_(i % 400 == 7, broken.c.day < material.today)
    given_up = sa.and_(i % 11 == 3, broken.c.day < material.today)
    done = ends < material.today
    return {
        "state": sa.case(
            (revoked, PlanState.REVOKED),
            (given_up, PlanState.DISCONTINUED),
            (done, PlanState.COMPLETED),
            else_=PlanState.ACCREDITED,
        ),
        "revoked_on": sa.case((revoked, broken.c.day)),
        "bar_until": sa.case((revoked, broken.c.plus_5)),
        "ended_on": sa.case((revoked, None), (given_up, broken.c.day), (done, ends)),
    }


def _category(drawn: sa.ColumnElement[int]) -> sa.ColumnElement[str]:
    cases, bound = [], 0
    for letter, share in _SHARES:
        bound += share
        cases.append((drawn < bound, letter))
    return sa.case(*cases, else_=_SHARES[0][0])


def _first_training(connection: sa.Connection) -> None:
    earliest = (
        sa.select(sa.func.min(TrainingPlan.starts_on))
        .where(TrainingPlan.implementing_organization_id == Organization.id)
        .scalar_subquery()
    )
    ours = Organization.kind == OrganizationKind.IMPLEMENTING
    statement = sa.update(Organization).where(ours).values(first_training_on=earliest)
    connection.execute(statement, execution_options={"synchronize_session": False})


def inspections(connection: sa.Connection, material: Material, scale: Scale, now: datetime) -> None:
    """Over ten years; one in fifty is open, at most one for each organization. A seventh are of supervising ones."""
    i = NUMBERS.c.i
    is_open = i % 50 == 0
    assigned = sa.and_(is_open, i % 100 == 0)
    own = 1 + spread(i // 50, 13, scale.organizations)  # as many as there are open ones, all different
    body = sa.case(
        (is_open, own),
        (i % 7 == 1, scale.implementing + 1 + spread(i, 17, scale.supervising)),
        else_=1 + spread(i, 7919, scale.implementing),
    )
    past = min(material.now, _YEARS_OF_INSPECTIONS * 365)
    day = sa.case((is_open, material.now + spread(i // 50, 37, 91)), else_=material.now - 1 - spread(i, 53, past))
    slot = sa.case((is_open, i // 100), else_=i // 3) % 10
    values: dict[str, Any] = {
        "number": DAYS.c.year + "-" + Organization.office_code + "-" + padded(i, 6),
        "scheme": TIT,
        "organization_id": body,
        "kind": InspectionKind.PERIODIC,
        "cycle": DAYS.c.iso,
        "due_on": DAYS.c.day,
        "due_basis": DueBasis.REGISTERED,
        "due_basis_on": sa.literal(ACT_IN_FORCE),
        "owner_office_code": Organization.office_code,
        "office_code": Organization.office_code,
        "announced": sa.true(),
        "created_at": now,
        "created_by": "system:generate",
    } | _course(is_open, assigned)
    rows = (
        sa.select(i)
        .outerjoin(Organization, Organization.id == body)
        .outerjoin(DAYS, DAYS.c.n == day)
        .outerjoin(INSPECTORS, sa.and_(INSPECTORS.c.office == Organization.office_code, INSPECTORS.c.slot == slot))
        .where(i <= scale.inspections)
    )
    insert(connection, Inspection, values, rows)
    _numbered(connection, material, scale)


def _course(is_open: Any, assigned: Any) -> dict[str, Any]:
    """Whoever is in charge, and how far the inspection has come."""
    return {
        "state": sa.case(
            (assigned, InspectionState.ASSIGNED), (is_open, InspectionState.PLANNED), else_=InspectionState.DONE
        ),
        "assigned_to_id": sa.case((sa.or_(~is_open, assigned), INSPECTORS.c.user_id)),
        "planned_on": sa.case((assigned, DAYS.c.day)),
        "completed_on": sa.case((is_open, None), else_=DAYS.c.day),
    }


def _numbered(connection: sa.Connection, material: Material, scale: Scale) -> None:
    """Numbering goes on behind what was made."""
    this_year = fiscal_year(material.today)
    numbers = [
        {"name": COUNTER, "office_code": NATIONWIDE, "year": year, "value": scale.inspections}
        for year in range(this_year - _YEARS_OF_INSPECTIONS, this_year + 2)
    ]
    connection.execute(sa.insert(Counter), numbers)
