"""Applying a confirmed batch: first every row is held against the register again, then all of it is written, or none.

The outcome must be the one that was looked at: the same verdict, the same records in the same versions, the same
changes. One row that comes out differently refuses the whole batch, which then has to be read again.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from imports.batches.facts import Assessment, Draft
from imports.batches.kinds import CHUNK, Importer, importer_for
from imports.batches.models import ROWS, ImportBatch, ImportRow
from imports.batches.states import ImportKind, Verdict
from imports.batches.writing import Work, Written, write_chunk
from otit.jobs.progress import Progress
from otit.numbering import next_number
from otit.text import N_

CHECKING = N_("プレビューの後に登録簿が変わっていないか確かめています。")
WRITING = N_("登録簿に反映しています。")
STALE = N_("プレビューの後に登録簿の内容が変わりました。")

_TO_APPLY = (Verdict.NEW, Verdict.CHANGED)


def wait_for_turn(session: Session) -> None:
    """One batch is applied at a time: bodies without a number are told apart by name and address, which no unique
    index guards. On SQLite this also makes the transaction a writing one before anything is read."""
    next_number(session, "import-turn", "00", 0, count=0)


def stale_rows(session: Session, batch: ImportBatch, kind: ImportKind, *, today: date, progress: Progress) -> list[int]:
    """Ids of the rows that would no longer do what the preview said. Locks the records concerned."""
    importer = importer_for(kind, batch.as_of)
    stale: list[int] = []
    done = 0
    progress.report(0, batch.to_apply, CHECKING)
    for rows in _chunks(session, batch.id):
        drafts = [Draft(importer.reader.load(row.values), (row.sheet, row.number)) for row in rows]
        assessed = importer.assess(session, drafts, today=today, lock=True)
        stale += [row.id for row, a in zip(rows, assessed, strict=True) if not _same(importer, row, a)]
        done += len(rows)
        progress.report(done, batch.to_apply)
    return stale


def _same(importer: Importer, row: Any, a: Assessment) -> bool:
    verdict, target, version, license_id, license_version, changes, resolved = a.outcome
    before = row.verdict, row.target_id, row.target_version, row.license_id, row.license_version
    if (verdict, target, version, license_id, license_version) != before:
        return False
    if verdict is Verdict.CHANGED and changes != row.changes:
        return False
    return all(row.values.get(name) == value for name, value in resolved.items())


def mark_stale(session: Session, batch: ImportBatch, ids: list[int]) -> None:
    """Turn these rows into errors that say why, so that the page shows them first."""
    issue = {"cell": "", "header": "", "message": STALE, "params": {}, "code": "stale", "value": ""}
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        session.execute(
            sa.update(ImportRow)
            .where(ImportRow.id.in_(part))
            .values(verdict=Verdict.ERROR, rank=Verdict.ERROR.rank, errors=[issue]),
            execution_options={"synchronize_session": False},
        )
    session.flush()
    counted = sa.select(ImportRow.verdict, sa.func.count()).where(ImportRow.batch_id == batch.id)
    counts = dict(session.execute(counted.group_by(ImportRow.verdict)).all())
    for verdict in Verdict:
        setattr(batch, f"{verdict.value}_count", counts.get(verdict, 0))


def write_rows(
    session: Session, batch: ImportBatch, kind: ImportKind, *, now: datetime, progress: Progress
) -> tuple[Written, str]:
    """Write every row that changes something. Returns the ids per table, and a digest over all that was written."""
    load = importer_for(kind).reader.load
    written, digest, done = Written(), hashlib.sha256(), 0
    progress.report(0, batch.to_apply, WRITING)
    for rows in _chunks(session, batch.id):
        for row in rows:
            digest.update(json.dumps([row.values, row.changes], ensure_ascii=False, sort_keys=True).encode())
        work = [_work(row, load) for row in rows]
        write_chunk(session, kind, work, written, as_of=batch.as_of, now=now)
        _remember_ids(session, rows, work)
        done += len(rows)
        progress.report(done, batch.to_apply)
    return written, digest.hexdigest()


def _work(row: Any, load: Any) -> Work:
    new: Mapping[str, Any] = {name: pair[1] for name, pair in row.changes.items()}
    return Work(row.id, row.verdict, load(row.values), load(new), row.target_id, row.license_id)


def _remember_ids(session: Session, rows: list[Any], work: list[Work]) -> None:
    """What was added is known by its row from now on; undoing a batch will need it."""
    added = [
        {"b_id": one.row_id, "b_target": one.target_id, "b_license": one.license_id}
        for row, one in zip(rows, work, strict=True)
        if (row.target_id, row.license_id) != (one.target_id, one.license_id)
    ]
    if added:
        update = sa.update(ROWS).where(ROWS.c.id == sa.bindparam("b_id"))
        ids: dict[str, Any] = {"target_id": sa.bindparam("b_target"), "license_id": sa.bindparam("b_license")}
        session.execute(update.values(ids), added)


def _chunks(session: Session, batch_id: int) -> Iterator[list[Any]]:
    """The rows to be written in the order of the file, a chunk at a time, by key: bounded memory, no open cursor."""
    columns = ROWS.c
    last = 0
    while True:
        statement = (
            sa.select(ROWS)
            .where(columns.batch_id == batch_id, columns.verdict.in_(_TO_APPLY), columns.id > last)
            .order_by(columns.id)
            .limit(CHUNK)
        )
        rows = list(session.execute(statement))
        if not rows:
            return
        yield rows
        last = rows[-1].id
