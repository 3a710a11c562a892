"""The two jobs of an import. Each does all of its work in one transaction, so a killed one leaves nothing behind and
is tried again; each looks at the state first, so one that comes late does nothing."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from imports.batches import services
from imports.batches.models import ImportBatch
from imports.batches.states import BatchState
from otit.auth.actors import Actor, system_actor
from otit.clock import today
from otit.jobs.queue import Task, enqueue, job
from otit.text import N_

READ, APPLY = "read-import", "apply-import"
ACTOR = system_actor("import")

READ_DONE = N_("読み込みました。新規%(new)s件・変更%(changed)s件・変更なし%(unchanged)s件・誤りのある行%(error)s行")
APPLIED = N_("登録簿に反映しました。新規%(new)s件・変更%(changed)s件")
NOT_TAKEN = N_("この取込みは受け付けられませんでした。理由は取込みの画面で確認できます。")


@job(READ, title=N_("ファイルの読込み"), endpoint="imports.detail", url_args=("batch_id",))
def read_import(task: Task) -> dict[str, Any]:
    batch = task.session.get_one(ImportBatch, task.args["batch_id"])
    if batch.state is BatchState.UPLOADED:
        services.read(task.session, ACTOR, batch, today=today(datetime.now(UTC)), progress=task.progress)
        _tell(task, batch, READ_DONE)
    return {"state": batch.state.value}


@job(APPLY, title=N_("登録簿への反映"), endpoint="imports.detail", url_args=("batch_id",))
def apply_import(task: Task) -> dict[str, Any]:
    now = datetime.now(UTC)
    batch = task.session.get_one(ImportBatch, task.args["batch_id"])
    if batch.state is BatchState.CONFIRMED:
        batch = services.apply(task.session, ACTOR, batch.id, now=now, today=today(now), progress=task.progress)
        _tell(task, batch, APPLIED)
    return {"state": batch.state.value}


def _tell(task: Task, batch: ImportBatch, message: str) -> None:
    total = batch.to_apply if batch.state is BatchState.APPLIED else batch.row_count
    if batch.state is BatchState.FAILED:
        task.progress.report(total, total, NOT_TAKEN, {})
        return
    names = ("new", "changed", "unchanged", "error")
    task.progress.report(total, total, message, {name: getattr(batch, f"{name}_count") for name in names})


def ask_to_read(session: Session, actor: Actor, batch: ImportBatch) -> None:
    batch.run_id = enqueue(session, READ, {"batch_id": batch.id}, actor).id


def ask_to_apply(session: Session, actor: Actor, batch: ImportBatch) -> None:
    batch.run_id = enqueue(session, APPLY, {"batch_id": batch.id}, actor).id
