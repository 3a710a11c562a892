"""Background work of the administration."""

from typing import Any

from otit.audit.trail import verify
from otit.jobs.queue import Task, job
from otit.text import N_

VERIFY_AUDIT = "verify-audit"


@job(VERIFY_AUDIT, title=N_("監査証跡の検証"), max_attempts=1)
def verify_audit(task: Task) -> dict[str, Any]:
    """Recompute the hash chain. The outcome, good or bad, is the message of the run."""
    task.progress.report(0, None, N_("監査証跡を最初から読み直しています。"))
    result = verify(task.session)
    if result.sound:
        message = N_("監査証跡に改変はありません。%(count)s件の記録がすべて連鎖しています。")
    elif result.broken_at is None:
        message = N_("監査証跡の末尾が失われています。%(count)s件までは正しく連鎖しています。")
    else:
        message = N_("監査証跡が%(place)s番の記録で壊れています。その前の%(count)s件は正しく連鎖しています。")
    task.progress.report(result.count, result.count, message, {"count": result.count, "place": result.broken_at})
    return {"sound": result.sound, "count": result.count, "broken_at": result.broken_at}
