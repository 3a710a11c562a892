"""Background work of the administration."""

from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from otit.audit.trail import verify
from otit.auth.models import UserSession
from otit.clock import JST
from otit.jobs.queue import Task, job, periodic
from otit.text import N_
from otit.web.once import SentForm

VERIFY_AUDIT = "verify-audit"
TIDY = "tidy"

# A page that has lain open for longer than this has lost its session (12 hours) anyway.
SPENT_FORMS_KEPT = timedelta(days=7)
# Signing in and out stays in the audit trail for good; these rows only let a browser in.
OVER_SESSIONS_KEPT = timedelta(days=30)


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


@periodic(TIDY, "0 4 * * *")
@job(TIDY, title=N_("使い終わった送信記録とサインイン記録の削除"))
def tidy(task: Task) -> dict[str, Any]:
    """Remove what is of no use any more and would only grow: tokens of forms long sent, sessions long over."""
    morning = datetime.combine(date.fromisoformat(task.args["business_date"]), time(), JST)
    forms = sa.delete(SentForm).where(SentForm.sent_at < morning - SPENT_FORMS_KEPT)
    sessions = sa.delete(UserSession).where(UserSession.expires_at < morning - OVER_SESSIONS_KEPT)
    connection = task.session.connection()
    return {"forms": connection.execute(forms).rowcount, "sessions": connection.execute(sessions).rowcount}
