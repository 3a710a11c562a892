"""Three years of inspections: when each organization was inspected, and what is planned, overdue or done now.

The dates follow the rules of `inspections.scheduling.due`, so that the nightly schedule finds nothing out of place.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from inspections.scheduling.due import PLANNED_DAYS_AHEAD
from inspections.scheduling.models import Inspection
from inspections.scheduling.services import inspection_number
from inspections.scheduling.states import DueBasis, InspectionKind, InspectionState
from organizations.register.states import BusinessStatus
from otit.clock import add_years, fiscal_year, fiscal_year_range
from otit.demo.bodies import Body, Register
from otit.demo.people import HOME_BUREAU, HOME_OFFICE, People, audit_name
from otit.demo.story import CLOSED_BODIES, HOME_VISITS, Fate
from otit.demo.world import Row, World
from otit.law.terms import ACT_IN_FORCE

SCHEDULE: Final = "system:schedule"
_LATE_SUPERVISING: Final = 4
_UNPLANNED: Final = {"supervising": 3, "implementing": 12}
_OPEN_BY_OFFICE: Final = {HOME_OFFICE: 15, "03": 12}
_OPEN_ELSEWHERE: Final = 41
_NEW_BODIES: Final = 90
# From then on a body may have been inspected before: three years after the Act, and some months to plan it.
_SECOND_TIME: Final = date(ACT_IN_FORCE.year + 4, 2, 1)


@dataclass
class Draft:
    """An inspection before it has its number. `fate` tells what becomes of its findings where the story says so."""

    body: Body
    created_on: date
    due_on: date
    basis: DueBasis
    basis_on: date
    cycle: str | None
    completed_on: date | None = None
    cancelled_on: date | None = None
    assigned_to: Row | None = None
    planned_on: date | None = None
    started: bool = False
    demand: str | None = None
    bureau: str | None = None
    fate: Fate | None = None
    escalated_on: date | None = None
    row: Row = field(default_factory=dict)

    @property
    def open(self) -> bool:
        return self.completed_on is None and self.cancelled_on is None

    @property
    def state(self) -> InspectionState:
        if self.completed_on:
            return InspectionState.DONE
        if self.cancelled_on:
            return InspectionState.CANCELLED
        if self.started:
            return InspectionState.IN_PROGRESS
        return InspectionState.ASSIGNED if self.assigned_to else InspectionState.PLANNED


class Cycles:
    """Drafts the inspections of every organization."""

    def __init__(self, world: World, register: Register, people: People) -> None:
        self.world = world
        self.register = register
        self.people = people
        self.drafts: list[Draft] = []

    def supervising(self, bodies: list[Body]) -> None:
        """Once in each fiscal year. A few missed last year's, a few have not been planned for this one."""
        world = self.world
        able = [body for body in bodies if body.active and not body.barred]
        long_licensed = [body for body in able if _licensed_on(body) < date(world.year - 1, 4, 1)]
        late = long_licensed[1 :: len(long_licensed) // _LATE_SUPERVISING][:_LATE_SUPERVISING]
        in_time = [body for body in able if body not in late]
        unplanned = in_time[5 :: len(in_time) // _UNPLANNED["supervising"]][: _UNPLANNED["supervising"]]
        elapsed = (world.today - world.year_start).days / 365
        for body in bodies:
            until = world.year - 1 if body in late or body.barred else world.year
            last = self._yearly(body, until)
            if body in late:
                self._this_cycle(body, last, world.year - 1, done=False)
            elif body in able and body not in unplanned:
                self._this_cycle(body, last, world.year, done=world.dice.random() < min(0.85, elapsed * 0.8))

    def _yearly(self, body: Body, until: int) -> date | None:
        """Done inspections of the fiscal years before `until`; the day of the last."""
        licensed_on = _licensed_on(body)
        first = max(fiscal_year(licensed_on) + 1, self.world.year - 3)
        before = fiscal_year(licensed_on) + 1 < first
        last = self.world.workday(date(first - 1, 10, 1), date(first, 2, 26)) if before else None
        for year in range(first, until):
            done_on = self.world.workday(date(year, 6, 15), date(year + 1, 3, 14))
            self.drafts.append(replace(self._supervising_draft(body, last, year), completed_on=done_on))
            last = done_on
        return last

    def _supervising_draft(self, body: Body, last: date | None, year: int) -> Draft:
        start, end = fiscal_year_range(year)
        basis = DueBasis.LAST_INSPECTION if last else DueBasis.LICENSED
        return Draft(body, start, end, basis, last or _licensed_on(body), f"FY{year}")

    def _this_cycle(self, body: Body, last: date | None, year: int, done: bool) -> None:
        draft = self._supervising_draft(body, last, year)
        start = fiscal_year_range(year)[0] + timedelta(days=20)
        if done and start < self.world.ago(3):
            draft.completed_on = self.world.workday(start, self.world.ago(3))
        self.drafts.append(draft)

    def implementing(self, bodies: list[Body]) -> None:
        """Once in three years: some are new, most were inspected, some are due now, some have not been planned yet."""
        dice = self.world.dice
        order = dice.sample(bodies, len(bodies))
        for body in order[:CLOSED_BODIES]:
            self._closed(body)
        rest = order[CLOSED_BODIES:]
        due: list[Body] = []
        for office, count in _OPEN_BY_OFFICE.items():
            there = sorted((body for body in rest if body.office == office), key=lambda body: not in_home_bureau(body))
            due += there[:count]
        due += [body for body in rest if body.office not in _OPEN_BY_OFFICE][:_OPEN_ELSEWHERE]
        rest = [body for body in rest if body not in due]
        near = sorted((body for body in rest if body.office == HOME_OFFICE), key=lambda body: not in_home_bureau(body))
        story = near[: len(HOME_VISITS)]
        rest = [body for body in rest if body not in story]
        unplanned, new, regular = (
            rest[: _UNPLANNED["implementing"]],
            rest[_UNPLANNED["implementing"] : _UNPLANNED["implementing"] + _NEW_BODIES],
            rest[_UNPLANNED["implementing"] + _NEW_BODIES :],
        )
        for place, body in enumerate(due):
            self._due_now(body, place)
        for body in unplanned:
            self._first_in(body, dice.randint(3, PLANNED_DAYS_AHEAD - 8))
        for body in new:
            self.register.settle(body, self.world.workday(self.world.ago(960), self.world.ago(20)))
        for body in regular:
            self._regular(body, self.world.workday(self.world.ago(970), self.world.ago(8)))
        for body, (days_ago, fate) in zip(story, HOME_VISITS, strict=True):
            self._regular(body, self.world.workday(self.world.ago(days_ago + 2), self.world.ago(days_ago)), fate)

    def _first_in(self, body: Body, days: int) -> tuple[date, date]:
        """Training began three years before about the day that lies `days` ahead."""
        about = add_years(self.world.ahead(days), -3)
        basis_on = self.world.workday(about - timedelta(days=1), about + timedelta(days=1))
        self.register.settle(body, basis_on)
        return basis_on, add_years(basis_on, 3)

    def _due_now(self, body: Body, place: int) -> None:
        """Every third one overdue; half of them are inspected for the second time."""
        days = (
            -self.world.dice.randint(2, 150) if place % 3 == 0 else self.world.dice.randint(1, PLANNED_DAYS_AHEAD - 4)
        )
        basis_on, due_on = self._first_in(body, days)
        basis = DueBasis.FIRST_TRAINING
        if place % 2 and basis_on >= _SECOND_TIME:
            self._regular(body, basis_on)
            basis = DueBasis.LAST_INSPECTION
        self.drafts.append(Draft(body, _planned_from(due_on), due_on, basis, basis_on, due_on.isoformat()))

    def _regular(self, body: Body, done_on: date, fate: Fate | None = None) -> None:
        """Inspected on `done_on` for the first or, where there was time, the second time."""
        basis, basis_on = DueBasis.FIRST_TRAINING, self._three_years_before(done_on)
        earlier = basis_on
        if basis_on >= _SECOND_TIME and self.world.dice.random() < 0.4:
            basis, earlier = DueBasis.LAST_INSPECTION, self._three_years_before(basis_on)
            self._done(body, DueBasis.FIRST_TRAINING, earlier, basis_on, Fate.ACCEPTED)
        self.register.settle(body, earlier)
        self._done(body, basis, basis_on, done_on, fate)

    def _done(self, body: Body, basis: DueBasis, basis_on: date, done_on: date, fate: Fate | None) -> None:
        due_on = add_years(basis_on, 3)
        draft = Draft(body, _planned_from(due_on), due_on, basis, basis_on, due_on.isoformat(), completed_on=done_on)
        self.drafts.append(replace(draft, fate=fate))

    def _three_years_before(self, done_on: date) -> date:
        about = add_years(done_on, -3)
        return max(self.world.workday(about - timedelta(days=70), about + timedelta(days=45)), ACT_IN_FORCE)

    def _closed(self, body: Body) -> None:
        """Gave up its business before the planned inspection, which was called off."""
        basis_on, due_on = self._first_in(body, -self.world.dice.randint(100, 300))
        body.row["status"] = BusinessStatus.CLOSED
        draft = Draft(body, _planned_from(due_on), due_on, DueBasis.FIRST_TRAINING, basis_on, due_on.isoformat())
        self.drafts.append(replace(draft, cancelled_on=self.world.workday(due_on - timedelta(days=60), due_on)))

    def number(self) -> list[Draft]:
        """Store the drafts in the order in which they were made, each with its number; all of them."""
        self.drafts.sort(key=lambda draft: (draft.created_on, draft.due_on, draft.body.row["id"]))
        serials: dict[int, int] = {}
        for draft in self.drafts:
            year = fiscal_year(draft.created_on)
            serials[year] = serials.get(year, 0) + 1
            number = inspection_number(year, draft.body.office, serials[year])
            draft.row = self.world.rows.add(Inspection, number=number, **self._values(draft))
        return self.drafts

    def _values(self, draft: Draft) -> dict[str, Any]:
        demanded = draft.demand is not None
        return {
            "organization_id": draft.body.row["id"],
            "kind": InspectionKind.AD_HOC if demanded else InspectionKind.PERIODIC,
            "cycle": draft.cycle,
            "due_on": draft.due_on,
            "due_basis": draft.basis,
            "due_basis_on": draft.basis_on,
            "demand": draft.demand,
            "state": draft.state,
            "owner_office_code": draft.body.office,
            "office_code": draft.body.office,
            "assigned_to_id": draft.assigned_to["id"] if draft.assigned_to else None,
            "planned_on": draft.planned_on,
            "announced": draft.bureau is None,
            "bureau_code": draft.bureau,
            "completed_on": draft.completed_on,
            "cancelled_on": draft.cancelled_on,
            "cancelled_reason": "事業を廃止した旨の届出があったため" if draft.cancelled_on else None,
            "created_at": self.world.moment(draft.created_on, 2),
            "created_by": audit_name(self.people.manager) if demanded else SCHEDULE,
        }


def in_home_bureau(body: Body) -> bool:
    return bool(body.row["prefecture_code"] == HOME_BUREAU)


def _licensed_on(body: Body) -> date:
    assert body.license is not None
    day: date = body.license["licensed_on"]
    return day


def _planned_from(due_on: date) -> date:
    return due_on - timedelta(days=PLANNED_DAYS_AHEAD)
