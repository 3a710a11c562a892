"""The nightly look at notices about the business whose day has come."""

from datetime import UTC, date, datetime
from typing import Any

from organizations.register.business import settle_business
from otit.auth.actors import system_actor
from otit.jobs.queue import Task, job, periodic
from otit.text import N_


@periodic("settle-business", "20 1 * * *")
@job("settle-business", title=N_("事業の休止・再開・廃止の届出の反映"))
def settle_business_notices(task: Task) -> dict[str, Any]:
    """Before the licences and the schedule of inspections, which look at who is in business."""
    today = date.fromisoformat(task.args["business_date"])
    return {"followed": settle_business(task.session, system_actor("business"), today=today, now=datetime.now(UTC))}
