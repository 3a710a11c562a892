"""Bodies that were entered twice: pairs that wait for a person, one judged to be two bodies, and one merge done."""

from datetime import timedelta
from random import Random
from typing import Final

from inspections.dispositions.models import DispositionPlan
from organizations.merging.likeness import Likeness, compare
from organizations.merging.models import DuplicateCandidate, OrganizationMerge
from organizations.merging.states import CandidateState
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanState
from organizations.register.models import Organization
from otit.demo.bodies import Body
from otit.demo.people import HOME_OFFICE, People
from otit.demo.world import Row, World
from otit.text import match_key, phone_key

_PAIRS: Final = 3
# Far above the numbers of the other notifications.
_SERIAL: Final = 900_000
_FORMS: Final = ("株式会社", "有限会社", "合同会社")
_DISTINCT: Final = "登記を確認したところ、同じ建物にある別の会社であった。"
_MERGED: Final = "届出書の控えと照合し、同じ会社の登録が2つあることを確認した。"


def enter_twice(world: World, people: People, implementing: list[Body]) -> None:
    """With dice of its own, so that the rest of the world stays as it is."""
    dice = Random("duplicates")  # noqa: S311 - dice, not secrets
    companies = [body for body in implementing if body.active and _form(body)]
    home = [body for body in companies if body.office == HOME_OFFICE]
    away = [body for body in companies if body.office != HOME_OFFICE]
    chosen = [*dice.sample(home, _PAIRS), *dice.sample(away, 2)]
    for n, body in enumerate(chosen[:-1]):
        twin = _twin(world, dice, body)
        _pair(world, body, twin, CandidateState.DISTINCT if n == _PAIRS else None)
        for plan in _plans(world, body) if n < _PAIRS else ():
            plan["implementing_organization_id"] = twin["id"]
    body = chosen[-1]
    twin = _twin(world, dice, body)
    _pair(world, body, twin, CandidateState.MERGED)
    _merge(world, people, body, twin)


def _form(body: Body) -> str | None:
    return next((form for form in _FORMS if str(body.row["name"]).startswith(form)), None)


def _twin(world: World, dice: Random, body: Body) -> Row:
    """The same body as another clerk wrote it: the form behind the name, and a notification of its own."""
    form = _form(body) or ""
    written = str(body.row["name"]).removeprefix(form)
    name = dice.choice((f"({form[0]}){written}", f"{written}{form}", f"{form}　{written}"))
    notified = world.ago(dice.randint(100, 400))
    kept = ("kind", "prefecture_code", "office_code", "address", "address_key", "industry", "status")
    created = world.moment(notified + timedelta(days=3))
    phone = dice.choice((body.row["phone"], None))
    return world.rows.add(
        Organization,
        **{column: body.row[column] for column in kept},
        name=name,
        name_key=match_key(name),
        phone=phone,
        phone_key=phone_key(phone),
        is_individual=False,
        notification_number=f"{notified.year % 100:02d}{body.office}{_SERIAL + body.row['id']:06d}",
        notified_on=notified,
        first_training_on=notified - timedelta(days=dice.randint(5, 20)),
        created_at=created,
        updated_at=created,
    )


def _likeness(row: Row) -> Likeness:
    known = [row.get(column) for column in ("phone_key", "representative", "corporate_number")]
    return Likeness(row["name_key"], row["address_key"], row["prefecture_code"], *known)


def _pair(world: World, body: Body, twin: Row, state: CandidateState | None) -> None:
    score = compare(_likeness(body.row), _likeness(twin))
    world.rows.add(
        DuplicateCandidate,
        first_id=body.row["id"],
        second_id=twin["id"],
        score=score.points,
        reasons=[reason.value for reason in score.reasons],
        state=state or CandidateState.OPEN,
        found_on=world.ago(12),
        distinct_reason=_DISTINCT if state is CandidateState.DISTINCT else None,
    )


def _plans(world: World, body: Body) -> list[Row]:
    """The latest plan of the body in force, which had been entered under its twin; not one that is in a file."""
    filed = {row["plan_id"] for row in world.rows.of(DispositionPlan)}
    own = [row for row in world.rows.of(TrainingPlan) if row["implementing_organization_id"] == body.row["id"]]
    return [row for row in own if row["state"] is PlanState.ACCREDITED and row["id"] not in filed][-1:]


def _merge(world: World, people: People, body: Body, twin: Row) -> None:
    moved = [plan["id"] for plan in _plans(world, body)]
    twin["merged_into_id"] = body.row["id"]
    world.rows.add(
        OrganizationMerge,
        duplicate_id=twin["id"],
        kept_id=body.row["id"],
        reason=_MERGED,
        moved={"training_plans.implementing_organization_id": moved} if moved else {},
        filled={},
        effects={},
        warnings=[],
        merged_at=world.moment(world.ago(9)),
        merged_by_id=people.manager["id"],
    )
