"""The nightly job: decisions whose day of effect has come take effect."""

from datetime import UTC, date, datetime
from typing import Any

from inspections.dispositions.effects import take_due_effects
from otit.auth.actors import system_actor
from otit.jobs.queue import Task, job, periodic
from otit.text import N_

KIND = "take-disposition-effects"

DONE = N_("処分%(done)s件の効力が発生しました。")
BLOCKED = N_("処分%(done)s件の効力が発生しました。ほかの%(blocked)s件は、処分の画面で理由を確かめてください。")


@periodic(KIND, "10 0 * * *")
@job(KIND, title=N_("処分の効力発生"))
def take_effects(task: Task) -> dict[str, Any]:
    """Up to and with the business date; the result names what took effect and what was held up."""
    as_of = date.fromisoformat(task.args["business_date"])
    result = take_due_effects(task.session, system_actor("dispositions"), as_of=as_of, now=datetime.now(UTC))
    counts = {"done": len(result.done), "blocked": len(result.blocked)}
    task.progress.report(counts["done"], counts["done"], BLOCKED if result.blocked else DONE, counts)
    return {"done": result.done, "blocked": [[number, str(error)] for number, error in result.blocked]}
