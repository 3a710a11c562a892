"""The nightly job that plans what is due; managers may ask for it at any time."""

from datetime import UTC, date, datetime
from typing import Any

from inspections.scheduling.planning import schedule
from organizations.register.states import OrganizationKind
from otit.auth.actors import system_actor
from otit.jobs.queue import Task, job, periodic
from otit.text import N_

KIND = "schedule-inspections"
ACTOR = system_actor("schedule")

DONE = N_("実地検査%(count)s件を計画しました（うち期限超過%(overdue)s件）。")
NOTHING = N_("新しく計画する実地検査はありませんでした。")


@periodic(KIND, "0 2 * * *")
@job(KIND, title=N_("実地検査の計画"), endpoint="inspections.index", url_args=("first", "last"), leads_on=False)
def schedule_inspections(task: Task) -> dict[str, Any]:
    """Up to and with the business date, whoever asked: the system plans, the run keeps who wanted it."""
    as_of = date.fromisoformat(task.args["business_date"])
    result = schedule(task.session, ACTOR, as_of=as_of, now=datetime.now(UTC))
    counts = {"count": result.total, "overdue": result.overdue}
    task.progress.report(result.total, result.total, DONE if result.total else NOTHING, counts if result.total else {})
    planned = {"first": result.first, "last": result.last} if result.total else {}
    return counts | planned | {kind.value: result.of_kind(kind) for kind in OrganizationKind}
