"""The nightly look at terms and suspensions that have run out."""

from datetime import date
from typing import Any

from organizations.licenses.services import settle_due
from otit.auth.actors import system_actor
from otit.jobs.queue import Task, job, periodic
from otit.text import N_


@periodic("settle-licenses", "30 1 * * *")
@job("settle-licenses", title=N_("許可の期間満了と事業停止の終了"))
def settle_licenses(task: Task) -> dict[str, Any]:
    """Before the inspections are scheduled, so that no ended licence gets one."""
    return settle_due(task.session, system_actor("licenses"), date.fromisoformat(task.args["business_date"]))
