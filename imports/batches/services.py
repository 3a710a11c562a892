"""Acts on a batch: taking a file in, confirming, withdrawing, and what the jobs do between.

Importing is for headquarters: a list goes across all offices, and whoever confirms it answers for all of it.
"""

import hashlib
import re
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from imports.batches import applying, reading
from imports.batches.models import ImportBatch, ImportFile
from imports.batches.states import TRANSITIONS, BatchAct, BatchState, ImportKind, Verdict
from imports.workbook.errors import NotAWorkbook
from imports.workbook.limits import DEFAULT_LIMITS
from imports.workbook.package import is_zip, refuse_by_first_bytes
from otit.audit.trail import plain, record, record_bulk
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import fiscal_year
from otit.clock import today as day_of
from otit.errors import StaleRecord, StateConflict, UserError
from otit.jobs.progress import Progress
from otit.lifecycle import next_state
from otit.numbering import next_number
from otit.text import N_

COUNTER, NATIONWIDE = "import", "00"
_TEXT_FILES = (".csv", ".txt")
_LONGEST_NAME = 200

GONE = N_("このファイルの内容は保存されていません。もう一度アップロードしてください。")
WENT_STALE = N_(
    "プレビューの後に登録簿が変わったため、%(count)s件がプレビューのとおりに反映できません。何も反映していません。"
    "ファイルをもう一度読み込んで、内容を確かめてください。"
)


def upload(
    session: Session, actor: Actor, content: bytes, filename: str, *, kind: ImportKind | None, now: datetime
) -> ImportBatch:
    """Take a file in; it is read later. `kind` None lets its headers decide.

    What size and first bytes show (empty, no workbook, old Excel, password, too large) is refused at once.
    """
    actor.require(Permission.IMPORT_WORKBOOKS)
    name = clean_name(filename)
    refuse_by_first_bytes(content, name, DEFAULT_LIMITS)
    if not is_zip(content) and not name.lower().endswith(_TEXT_FILES):
        raise NotAWorkbook(filename=name)
    sha256 = _keep(session, content)
    return _new_batch(session, actor, sha256, name, kind, now)


def upload_again(session: Session, actor: Actor, batch: ImportBatch, *, now: datetime) -> ImportBatch:
    """A new batch of the same file, after one that could not be applied any more."""
    actor.require(Permission.IMPORT_WORKBOOKS)
    if batch.state is not BatchState.FAILED or batch.file.content is None:
        raise StateConflict(GONE)
    return _new_batch(session, actor, batch.sha256, batch.filename, batch.kind, now)


def clean_name(filename: str) -> str:
    """The last part of what the browser calls the file, without control codes, short enough to keep."""
    name = re.sub(r"[\x00-\x1f\x7f]", "", re.split(r"[/\\]", filename)[-1]).strip() or "file"
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 20]}…{name[-19:]}"


def _keep(session: Session, content: bytes) -> str:
    """Store the bytes once, however often they come."""
    sha256 = hashlib.sha256(content).hexdigest()
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(ImportFile).values(sha256=sha256, size=len(content), content=content)
    session.execute(insert.on_conflict_do_update(index_elements=["sha256"], set_={"content": content}))
    return sha256


def _new_batch(
    session: Session, actor: Actor, sha256: str, filename: str, kind: ImportKind | None, now: datetime
) -> ImportBatch:
    year = fiscal_year(day_of(now))
    serial = next_number(session, COUNTER, NATIONWIDE, year)
    batch = ImportBatch(
        number=f"取込{year % 100:02d}-{serial:05d}",
        kind=kind,
        filename=filename,
        sha256=sha256,
        uploaded_by=actor.audit_name,
        uploaded_by_id=actor.user_id,
        uploaded_at=now,
        notes={"sheets": [], "headers": []},
        failure_params={},
    )
    session.add(batch)
    session.flush()
    record(session, actor, "import.uploaded", batch, number=batch.number, filename=filename, sha256=sha256)
    return batch


def read(session: Session, actor: Actor, batch: ImportBatch, *, today: date, progress: Progress) -> None:
    """Read the file and hold each row against the register. A file that is refused ends the batch, with the reason."""
    next_state(TRANSITIONS, batch.state, BatchAct.VALIDATE)
    try:
        findings = reading.read_rows(session, batch, today=today, progress=progress)
    except UserError as error:
        _fail(session, actor, batch, error)
        return
    batch.kind, batch.as_of, batch.notes = findings.kind, findings.as_of, findings.notes
    for verdict in Verdict:
        setattr(batch, f"{verdict.value}_count", findings.counts[verdict])
    batch.warned_count = findings.warned
    act = BatchAct.FIND_ERRORS if batch.error_count else BatchAct.VALIDATE
    if not batch.error_count and not batch.to_apply:
        act = BatchAct.FIND_UNCHANGED
    batch.state = next_state(TRANSITIONS, batch.state, act)
    session.flush()
    record(session, actor, "import.read", batch, **_facts(batch))
    if batch.state is BatchState.UNCHANGED:
        _forget_content(session, batch)


def confirm(session: Session, actor: Actor, batch: ImportBatch, *, sha256: str, now: datetime) -> None:
    """Agree to the preview of exactly this file. The caller asks for the job that applies it."""
    actor.require(Permission.IMPORT_WORKBOOKS)
    state = next_state(TRANSITIONS, batch.state, BatchAct.CONFIRM)
    if sha256 != batch.sha256:
        raise StaleRecord()
    batch.state, batch.confirmed_at = state, now
    batch.confirmed_by, batch.confirmed_by_id = actor.audit_name, actor.user_id
    session.flush()
    record(session, actor, "import.confirmed", batch, **_facts(batch))


def reject(session: Session, actor: Actor, batch: ImportBatch) -> None:
    """Withdraw a batch that has not been applied. Its file is not kept; what it would have done stays on record."""
    actor.require(Permission.IMPORT_WORKBOOKS)
    batch.state = next_state(TRANSITIONS, batch.state, BatchAct.REJECT)
    session.flush()
    record(session, actor, "import.rejected", batch, **_facts(batch))
    _forget_content(session, batch)


def apply(
    session: Session, actor: Actor, batch_id: int, *, now: datetime, today: date, progress: Progress
) -> ImportBatch:
    """Write a confirmed batch into the register, all of it or nothing. Raises StateConflict in any other state.

    When a record has changed since the preview nothing is written, and the batch fails with the rows marked.
    """
    applying.wait_for_turn(session)
    batch = session.get_one(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
    state = next_state(TRANSITIONS, batch.state, BatchAct.APPLY)
    assert batch.kind is not None  # kept by the database: confirmed => kind known
    stale = applying.stale_rows(session, batch, batch.kind, today=today, progress=progress)
    if stale:
        applying.mark_stale(session, batch, stale)
        _fail(session, actor, batch, UserError(WENT_STALE, {"count": len(stale)}), keep_file=True)
        return batch
    written, digest = applying.write_rows(session, batch, batch.kind, now=now, progress=progress)
    batch.state, batch.applied_at = state, now
    session.flush()
    detail = {"batch": batch.number, "sha256": batch.sha256}
    for action, ids_by_table in (("import.added", written.added), ("import.changed", written.changed)):
        for table, ids in ids_by_table.items():
            if ids:
                record_bulk(session, actor, action, table, ids, **detail)
    record(session, actor, "import.applied", batch, **_facts(batch), confirmed_by=batch.confirmed_by, rows=digest)
    return batch


def note_error_workbook(session: Session, actor: Actor, batch: ImportBatch) -> None:
    """Taking the marked rows away is on record like every export."""
    actor.require(Permission.IMPORT_WORKBOOKS)
    record(session, actor, "import.error_workbook", batch, number=batch.number)


def _fail(session: Session, actor: Actor, batch: ImportBatch, error: UserError, *, keep_file: bool = False) -> None:
    batch.state = next_state(TRANSITIONS, batch.state, BatchAct.FAIL)
    batch.failure, batch.failure_params = error.message, plain(error.params)
    session.flush()
    record(session, actor, "import.failed", batch, number=batch.number, sha256=batch.sha256, reason=error.message)
    if not keep_file:
        _forget_content(session, batch)


_NEEDING = (BatchState.UPLOADED, BatchState.READ, BatchState.VALIDATED, BatchState.CONFIRMED, BatchState.APPLIED)


def _forget_content(session: Session, batch: ImportBatch) -> None:
    """Drop the bytes unless another batch of the same file needs them."""
    needed = sa.exists().where(ImportBatch.sha256 == ImportFile.sha256, ImportBatch.state.in_(_NEEDING))
    session.execute(
        sa.update(ImportFile).where(ImportFile.sha256 == batch.sha256, ~needed).values(content=None),
        execution_options={"synchronize_session": False},
    )
    session.expire(batch.file)


def _facts(batch: ImportBatch) -> dict[str, Any]:
    counts = {verdict.value: batch.count_of(verdict) for verdict in Verdict}
    return {"number": batch.number, "kind": batch.kind, "sha256": batch.sha256, "counts": counts}
