"""What inspections brought to light: visits, violations by provision, instruments and the replies to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from inspections.violations.models import Violation
from inspections.violations.states import Authority, ViolationState
from inspections.visits.models import Visit
from inspections.visits.states import VisitOutcome
from otit.demo import texts
from otit.demo.cycles import Draft
from otit.demo.story import Fate
from otit.demo.world import Row, World
from otit.law.violations import violation_category

_VIOLATING: Final = {True: 0.39, False: 0.52}  # implementing, supervising: the published rates
_MOST: Final = 3
VIOLATION_STATES: Final = {
    Fate.NOT_YET: ViolationState.OPEN,
    Fate.ACCEPTED: ViolationState.CLOSED,
    Fate.ESCALATED: ViolationState.ESCALATED,
}


@dataclass
class Finding:
    """What one authority found in one inspection, and what has to become of it."""

    draft: Draft
    authority: Authority
    on: date
    fate: Fate
    finder: Row
    violations: list[Row] = field(default_factory=list)
    bureau: str | None = None


def fate_of(world: World, implementing: bool, done_on: date) -> Fate:
    """By how long ago it was: what is old has been settled."""
    dice, age = world.dice, (world.today - done_on).days
    if dice.random() >= _VIOLATING[implementing]:
        return Fate.CLEAN
    if age < 45:
        return Fate.NOT_YET if age < 12 or dice.random() < 0.2 else Fate.WAITING
    if age < 80:
        return dice.choices((Fate.WAITING, Fate.REPLIED, Fate.PAST_DUE, Fate.ACCEPTED), (3, 2, 2, 3))[0]
    if age < 160:
        return dice.choices((Fate.ACCEPTED, Fate.REPLIED, Fate.PAST_DUE, Fate.INSUFFICIENT), (84, 4, 6, 6))[0]
    return Fate.ACCEPTED


def record_visits(world: World, drafts: list[Draft]) -> list[Finding]:
    """The visits of every inspection that has begun, oldest first; the findings of those that are done."""
    visits = []
    for draft in drafts:
        if draft.completed_on:
            if world.dice.random() < 0.1:
                visits.append((_earlier(world, draft.completed_on, draft), draft, VisitOutcome.ABSENT))
            visits.append((draft.completed_on, draft, VisitOutcome.DONE))
        elif draft.started:
            outcome = world.dice.choice((VisitOutcome.ABSENT, VisitOutcome.ATTEMPTED, VisitOutcome.REFUSED))
            visits.append((_earlier(world, world.ago(2), draft), draft, outcome))
    visits.sort(key=lambda visit: (visit[0], visit[1].row["id"]))
    return [found for visit in visits if (found := _visit(world, *visit)) is not None]


def _earlier(world: World, day: date, draft: Draft) -> date:
    return world.workday(max(draft.created_on, day - timedelta(days=24)), day - timedelta(days=2))


def _visit(world: World, on: date, draft: Draft, outcome: VisitOutcome) -> Finding | None:
    assert draft.assigned_to is not None
    done = outcome is VisitOutcome.DONE
    written = texts.OBSERVATIONS if draft.body.implementing else texts.SUPERVISING_OBSERVATIONS
    people = [draft.body.row.get("representative") or f"事業主　{draft.body.row['name']}"]
    people.append(f"{'技能実習責任者' if draft.body.implementing else '監理責任者'}　{world.person()[0]}")
    visit = world.rows.add(
        Visit,
        inspection_id=draft.row["id"],
        visited_on=on,
        outcome=outcome,
        place=draft.body.trade.place if draft.body.trade else "事務所",
        people_present="\n".join(people) if done else "",
        observations=world.dice.choice(written if done else texts.NOT_DONE),
        recorded_by_id=draft.assigned_to["id"],
        recorded_at=world.moment(on, 17),
    )
    if not done:
        return None
    fate = draft.fate or fate_of(world, draft.body.implementing, on)
    finding = Finding(draft, Authority.OTIT, on, fate, draft.assigned_to)
    if fate is not Fate.CLEAN:
        known = texts.IMPLEMENTING_FINDINGS if draft.body.implementing else texts.SUPERVISING_FINDINGS
        add_violations(world, finding, known, visit_id=visit["id"])
    return finding


def add_violations(
    world: World, finding: Finding, known: Mapping[str, tuple[int, str]], visit_id: int | None = None
) -> None:
    """One to three, each of another provision in the version of that day."""
    codes = world.dice.choices(list(known), [share for share, _text in known.values()], k=world.dice.randint(1, _MOST))
    cited = set()
    for code in dict.fromkeys(codes):
        provision = world.dice.choice(violation_category(code, finding.on).provisions_on(finding.on))
        if provision.code in cited:
            continue
        cited.add(provision.code)
        values: dict[str, Any] = {"provision_code": provision.code, "provision_from": provision.valid_from}
        finding.violations.append(
            world.rows.add(
                Violation,
                inspection_id=finding.draft.row["id"],
                visit_id=visit_id,
                authority=finding.authority,
                bureau_code=finding.bureau,
                category_code=code,
                fact_on=finding.on,
                description=texts.OF_PROVISIONS.get(provision.code, known[code][1]),
                state=VIOLATION_STATES.get(finding.fate, ViolationState.INSTRUCTED),
                recorded_by_id=finding.finder["id"],
                recorded_at=world.moment(finding.on, 17),
                **values,
            )
        )
