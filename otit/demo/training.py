"""Accredited training plans: one trainee at one level each."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import cycle
from typing import Final

from organizations.licenses.states import LicenseClass
from organizations.plans.models import TrainingPlan
from organizations.plans.states import GROUP_CATEGORIES, PlanCategory, PlanState
from otit.clock import last_day_before_anniversary
from otit.demo.bodies import Body, Register
from otit.demo.world import Row, World

PLANS: Final = 2000
# The published mix of fiscal year 2018, in tenths of a per cent.
_GROUP_MIX: Final = {PlanCategory.D: 470, PlanCategory.E: 465, PlanCategory.F: 36}
_ENTERPRISE_MIX: Final = {PlanCategory.A: 20, PlanCategory.B: 9, PlanCategory.C: 1}
_ENTERPRISE_SHARE: Final = 0.03
_LIVE_WHEN_REVOKED: Final = 7
_YEARS: Final = {1: 1, 2: 2, 3: 2}


def choose_supervisors(world: World, bodies: Sequence[Body], supervisors: Sequence[Body]) -> None:
    """Each implementing organization is under one body of its region, or of anywhere when there is none; some are
    enterprises of the individual type, under nobody."""
    able = [body for body in supervisors if body.active and not body.barred]
    for body in bodies:
        near = [each for each in able if each.office == body.office] or able
        alone = (body.row["staff_count"] or 0) > 60 and world.dice.random() < 0.25
        body.supervisors = [] if alone else [world.dice.choice(near)]


def make_plans(
    world: World, register: Register, bodies: Sequence[Body], sending: dict[str, list[Row]], closing: dict[int, date]
) -> dict[int, list[Row]]:
    """Two thousand plans in the published mix of categories; by the id of the implementing organization.

    `closing` names the bodies whose accreditations will be revoked, with the last day on which they got one.
    """
    plans = [
        (world.workday(closing[body.row["id"]] - timedelta(days=150), closing[body.row["id"]]), _level_two(body), body)
        for body in bodies
        if body.row["id"] in closing
        for _ in range(_LIVE_WHEN_REVOKED)
    ]
    able = [body for body in bodies if body.row["id"] not in closing]
    plans += [(_accredited_on(world, body), category, body) for category, body in _mix(world, able, PLANS - len(plans))]
    made: dict[int, list[Row]] = {}
    for accredited_on, category, body in sorted(plans, key=lambda plan: (plan[0], plan[2].row["id"])):
        row = _plan(world, register, body, category, accredited_on, sending)
        made.setdefault(body.row["id"], []).append(row)
    return made


def _mix(world: World, bodies: Sequence[Body], count: int) -> list[tuple[PlanCategory, Body]]:
    """The bodies take turns; level three of the group type needs a supervising body of the general class."""
    grouped = [body for body in bodies if body.supervisors]
    alone = [body for body in bodies if not body.supervisors]
    general = [body for body in grouped if _general(body.supervisors[0])]
    enterprise = round(count * _ENTERPRISE_SHARE) if alone else 0
    wanted = [
        *world.dice.choices(list(_GROUP_MIX), list(_GROUP_MIX.values()), k=count - enterprise),
        *world.dice.choices(list(_ENTERPRISE_MIX), list(_ENTERPRISE_MIX.values()), k=enterprise),
    ]
    turns = {"alone": cycle(alone), "general": cycle(general), "grouped": cycle(grouped)}
    mixed = []
    for category in wanted:
        turn = "alone" if category not in GROUP_CATEGORIES else "general" if category is PlanCategory.F else "grouped"
        mixed.append((category, next(turns[turn])))
    return mixed


def _level_two(body: Body) -> PlanCategory:
    return PlanCategory.E if body.supervisors else PlanCategory.B


def _general(body: Body) -> bool:
    return body.license is not None and body.license["license_class"] is LicenseClass.GENERAL


def _accredited_on(world: World, body: Body) -> date:
    """In the last three years and a half, some two months before training may begin at this body."""
    assert body.first_training_on is not None
    earliest = max(body.first_training_on - timedelta(days=75), world.ago(1280))
    return world.workday(min(earliest, world.ago(40)), world.ago(5))


def _plan(
    world: World,
    register: Register,
    body: Body,
    category: PlanCategory,
    accredited_on: date,
    sending: dict[str, list[Row]],
) -> Row:
    dice = world.dice
    assert body.trade is not None
    assert category.level is not None
    starts_on = max(accredited_on + timedelta(days=dice.randint(35, 110)), body.first_training_on or accredited_on)
    ends_on = last_day_before_anniversary(starts_on, _YEARS[category.level])
    supervisor = body.supervisors[0] if category in GROUP_CATEGORIES else None
    country = dice.choice(supervisor.countries) if supervisor else dice.choice(["VNM", "IDN", "CHN", "PHL"])
    senders = sending.get(country, []) if supervisor else []
    state, ended_on = _end(world, starts_on, ends_on)
    return world.rows.add(
        TrainingPlan,
        number=f"認{register.official_number(accredited_on, body.office)}",
        category=category,
        implementing_organization_id=body.row["id"],
        implementing_office_code=body.office,
        supervising_organization_id=supervisor.row["id"] if supervisor else None,
        supervising_office_code=supervisor.office if supervisor else None,
        sending_organization_id=dice.choice(senders)["id"] if senders else None,
        occupation_code=dice.choice(body.trade.occupations),
        nationality=country,
        accredited_on=accredited_on,
        starts_on=starts_on,
        ends_on=ends_on,
        state=state,
        ended_on=ended_on,
    )


def _end(world: World, starts_on: date, ends_on: date) -> tuple[PlanState, date | None]:
    """Some trainees leave early; the others finish on the last day."""
    given_up = starts_on + timedelta(days=world.dice.randint(20, 330))
    if world.dice.random() < 0.035 and given_up < min(ends_on, world.today):
        return PlanState.DISCONTINUED, given_up
    return (PlanState.COMPLETED, ends_on) if ends_on < world.today else (PlanState.ACCREDITED, None)
