"""Who inspects what and when: assignments, planned days, joint inspections, inspections demanded out of turn."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import cycle
from typing import Final

from inspections.scheduling.states import DueBasis
from otit.demo.bodies import Body
from otit.demo.cycles import Cycles, Draft
from otit.demo.people import BUREAUS, HOME_BUREAU, HOME_OFFICE, People
from otit.demo.story import DEMANDS, HOME_VISITS, REINSPECTION, Fate
from otit.demo.world import Row, World

# Of the inspector's open inspections, in the order of their deadline: days until each visit (None: not yet fixed).
_HOME_AGENDA: Final = (1, None, 0, 2, 4, None, 0, 13)
_STARTED_SHARE: Final = 0.16
# Joint inspections of each bureau: coming, done with the bureau's result awaited, done with its result.
_JOINT: Final = {HOME_BUREAU: (3, 2, 9)}
_JOINT_ELSEWHERE: Final = (1, 1, 4)


def fill_agenda(world: World, people: People, cycles: Cycles) -> None:
    _demand(world, people, cycles)
    drafts = cycles.drafts
    for office, inspectors in people.inspectors.items():
        there = [draft for draft in drafts if draft.body.office == office]
        if office == HOME_OFFICE:
            _home(world, people, there)
        turns = cycle(inspectors)
        for draft in there:
            if draft.assigned_to is None:
                _assign(world, draft, next(turns))
    _join(world, drafts)


def _demand(world: World, people: People, cycles: Cycles) -> None:
    """A re-inspection for the inspector today, and a few others."""
    again = next(draft for draft in cycles.drafts if draft.fate is Fate.INSUFFICIENT)
    cycles.drafts.append(_ad_hoc(world, again.body, 12, REINSPECTION, people.inspector))
    cycles.drafts[-1].planned_on = world.today
    closed = [draft.body for draft in cycles.drafts if draft.body.implementing and not draft.open and draft.body.active]
    bodies = [body for body in closed if body is not again.body]
    for (due_in, demand), body in zip(DEMANDS, world.dice.sample(bodies, len(DEMANDS)), strict=True):
        cycles.drafts.append(_ad_hoc(world, body, due_in, demand, None))


def _ad_hoc(world: World, body: Body, due_in: int, demand: str, inspector: Row | None) -> Draft:
    demanded_on = world.ago(18)
    return Draft(
        body,
        demanded_on,
        world.ahead(due_in),
        DueBasis.DEMANDED,
        demanded_on,
        None,
        demand=demand,
        assigned_to=inspector,
    )


def _home(world: World, people: People, drafts: list[Draft]) -> None:
    """The documented inspector's own: recent visits, open inspections, among them some for today."""
    recent = sorted((draft for draft in drafts if draft.fate not in (None, Fate.ACCEPTED)), key=_done_on)
    for draft in recent[-len(HOME_VISITS) :]:
        draft.assigned_to = people.inspector
    waiting = sorted((draft for draft in drafts if draft.open and draft.demand is None), key=lambda draft: draft.due_on)
    implementing = [draft for draft in waiting if draft.body.implementing]
    supervising = [draft for draft in waiting if not draft.body.implementing]
    # Every second one that is late is a colleague's.
    own = [*implementing[1:4:2], *supervising[:1], *implementing[5:9], *supervising[1:2]]
    for draft, days in zip(own, _HOME_AGENDA, strict=False):
        draft.assigned_to = people.inspector
        draft.planned_on = None if days is None else _next_workday(world, days)
    for draft in own:
        if not draft.body.implementing and draft.planned_on == world.today:
            _leave_open(drafts, draft.body)
    for draft in supervising[2:4]:
        draft.started, draft.assigned_to = draft.created_on < world.ago(30), people.inspector


def _done_on(draft: Draft) -> int:
    return draft.completed_on.toordinal() if draft.completed_on else 0


def _leave_open(drafts: list[Draft], body: Body) -> None:
    """Something from the last inspection is still open."""
    done = [draft for draft in drafts if draft.body is body and draft.completed_on]
    if done:
        max(done, key=_done_on).fate = Fate.INSUFFICIENT


def _next_workday(world: World, days: int) -> date:
    day = world.ahead(days)
    return day if days == 0 else day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def _assign(world: World, draft: Draft, inspector: Row) -> None:
    dice = world.dice
    if not draft.open:
        draft.assigned_to = inspector
        return
    chance = dice.random()
    if chance < 0.3 or draft.created_on >= world.ago(1):
        return
    draft.assigned_to = inspector
    if chance < 0.3 + _STARTED_SHARE and draft.created_on < world.ago(30):
        draft.started = True
    elif dice.random() < 0.7:
        draft.planned_on = _next_workday(world, dice.randint(0, 38))


def _join(world: World, drafts: Iterable[Draft]) -> None:
    """Joint inspections are unannounced and only of implementing organizations."""
    for bureau in BUREAUS:
        there = [draft for draft in drafts if draft.body.row["prefecture_code"] == bureau and draft.body.implementing]
        coming, awaited, told = _JOINT.get(bureau, _JOINT_ELSEWHERE)
        ahead = sorted(
            (d for d in there if d.open and not d.started), key=lambda d: (d.planned_on or d.due_on, d.due_on)
        )
        done = sorted((d for d in there if d.completed_on and d.fate is not Fate.ESCALATED), key=_done_on, reverse=True)
        for draft in ahead[:coming] + done[: awaited + told]:
            draft.bureau = bureau


def awaited(draft: Draft, joint: list[Draft]) -> bool:
    """Whether the bureau has not yet told its result of this done joint inspection: the latest ones of each bureau."""
    same = sorted((d for d in joint if d.bureau == draft.bureau and d.completed_on), key=_done_on, reverse=True)
    return draft in same[: _JOINT.get(draft.bureau or "", _JOINT_ELSEWHERE)[1]]
