"""Acts on runs."""

from datetime import datetime

from sqlalchemy.orm import Session

from otit.errors import StateConflict
from otit.jobs.models import JobRun, JobStatus
from otit.jobs.queue import KINDS, send_after_commit
from otit.text import N_


def retry(session: Session, run: JobRun, now: datetime) -> None:
    """Give a failed run its attempts again, from now on. The caller has checked the permission and writes the audit.

    Raises StateConflict when it has not failed (any more), or when the program no longer knows its kind.
    """
    kind = KINDS.get(run.kind)
    locked = session.get_one(JobRun, run.id, with_for_update=True, populate_existing=True)
    if locked.status is not JobStatus.FAILED:
        raise StateConflict(
            N_("この処理は失敗していないため、やり直す必要はありません。最新の状態を確認してください。")
        )
    if kind is None:
        raise StateConflict(N_("この種類の処理は、現在のプログラムでは実行できません。"))
    locked.status = JobStatus.QUEUED
    locked.max_attempts = locked.attempts + kind.max_attempts
    locked.due_at = now
    locked.finished_at = None
    locked.error = None
    locked.error_params = {}
    send_after_commit(session, locked)
