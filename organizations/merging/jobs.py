"""The nightly look for register rows that may be one body; managers may ask for it at any time."""

from datetime import date
from typing import Any

from organizations.merging.finding import find_candidates
from otit.auth.actors import system_actor
from otit.jobs.queue import Task, job, periodic
from otit.text import N_

KIND = "find-duplicates"
ACTOR = system_actor("duplicates")

DONE = N_("重複の候補が新しく%(count)s組見つかりました。")
NOTHING = N_("新しい重複の候補はありませんでした。")


@periodic(KIND, "0 3 * * *")
@job(KIND, title=N_("重複の候補の検出"), endpoint="duplicates.index")
def find_duplicates(task: Task) -> dict[str, Any]:
    found = find_candidates(task.session, ACTOR, today=date.fromisoformat(task.args["business_date"]))
    counts = {"count": found.added} if found.added else {}
    task.progress.report(found.compared, found.compared, DONE if found.added else NOTHING, counts)
    return {"count": found.added, "compared": found.compared}
