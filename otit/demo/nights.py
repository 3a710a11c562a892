"""The nightly jobs of the last fortnight, as the job pages show them."""

from typing import Any, Final

from inspections.dispositions import jobs as dispositions
from inspections.scheduling import jobs as scheduling
from organizations.register.states import OrganizationKind
from otit.auth.actors import system_actor
from otit.demo.cycles import Draft
from otit.demo.world import World
from otit.jobs.models import JobAttempt, JobRun, JobStatus, Outcome
from otit.jobs.queue import KINDS

_NIGHTS: Final = 13
_KINDS: Final = (dispositions.KIND, "settle-licenses", scheduling.KIND)


def note_nights(world: World, drafts: list[Draft]) -> None:
    """Each night's runs, oldest first. Today's schedule has been run as well, so that the catch-up of a first start
    leaves something to be planned by hand."""
    for ago in range(_NIGHTS, 0, -1):
        for kind in _KINDS:
            _night(world, kind, ago, drafts)
    _night(world, scheduling.KIND, 0, drafts)


def _night(world: World, kind: str, ago: int, drafts: list[Draft]) -> None:
    day = world.ago(ago)
    planned = sum(draft.created_on == day and draft.demand is None for draft in drafts)
    started = world.moment(day, 2)
    run = world.rows.add(
        JobRun,
        id=f"{world.dice.getrandbits(128):032x}",
        kind=kind,
        args={"business_date": day.isoformat()},
        status=JobStatus.SUCCEEDED,
        attempts=1,
        max_attempts=KINDS[kind].max_attempts,
        requested_by=system_actor("cron").audit_name,
        business_key=f"{kind}:{day.isoformat()}",
        created_at=started,
        due_at=started,
        started_at=started,
        finished_at=started,
        **(_planned(planned) if kind == scheduling.KIND else {"result": {}, "params": {}}),
    )
    world.rows.add(
        JobAttempt,
        run_id=run["id"],
        number=1,
        worker="demo",
        started_at=started,
        finished_at=started,
        outcome=Outcome.SUCCEEDED,
    )


def _planned(count: int) -> dict[str, Any]:
    figures = {"count": count, "overdue": 0}
    kinds = {OrganizationKind.SUPERVISING.value: 0, OrganizationKind.IMPLEMENTING.value: count}
    return {
        "done": count,
        "total": count,
        "message": scheduling.DONE if count else scheduling.NOTHING,
        "params": figures if count else {},
        "result": figures | kinds,
    }
