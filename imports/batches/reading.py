"""Reading a batch: from the stored bytes to one verdict for each row. Nothing of the register is changed."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from imports.batches.facts import Assessment, Draft, as_json
from imports.batches.kinds import CHUNK, Importer, importer_for
from imports.batches.models import ROWS, ImportBatch
from imports.batches.spool import spooled
from imports.batches.states import ImportKind, Verdict
from imports.layouts.base import ParsedRow
from imports.layouts.registry import LAYOUTS
from imports.layouts.rows import parse_rows
from imports.layouts.tables import Recognized, recognize
from imports.workbook.reading import open_workbook
from otit.audit.trail import plain
from otit.errors import UserError
from otit.jobs.progress import Progress
from otit.text import N_

T = TypeVar("T")

OPENING = N_("ファイルを開いています。")
READING = N_("読み込み、登録簿と照合しています。")
STORING = N_("照合の結果を保存しています。")
EMPTY = N_("見出しは見つかりましたが、その下に1件もデータがありません。")
CHANGED_BYTES = N_("保存されているファイルが、アップロードされたときと異なります。もう一度アップロードしてください。")


@dataclass
class Findings:
    """What reading has shown: rows by verdict, rows with a warning."""

    kind: ImportKind
    as_of: date | None
    notes: dict[str, Any]
    counts: Counter[Verdict] = field(default_factory=Counter)
    warned: int = 0


def read_rows(session: Session, batch: ImportBatch, *, today: date, progress: Progress) -> Findings:
    """Store a row with its verdict for each record of the batch's file.

    Raises UserError (a `WorkbookError` mostly) when the file as a whole is refused; then nothing is stored.
    """
    progress.report(0, None, OPENING)
    recognized = recognize(open_workbook(_content(batch), batch.filename), _layouts(batch.kind))
    findings = Findings(ImportKind(recognized.layout.code), recognized.as_of, _notes(recognized))
    importer = importer_for(findings.kind, findings.as_of)
    total = recognized.row_count
    progress.report(0, total, READING)
    with spooled() as spool:
        done = 0
        for rows in _in_chunks(parse_rows(recognized), CHUNK):
            spool.write(_assessed(session, importer, rows, findings, today))
            done += len(rows)
            progress.report(min(done, total), total)
        if not done:
            raise UserError(EMPTY)
        progress.report(done, done, STORING)
        for stored in spool.chunks():
            session.execute(sa.insert(ROWS), [{"batch_id": batch.id, **row} for row in stored])
    return findings


def _content(batch: ImportBatch) -> bytes:
    content = batch.file.content
    if content is None or hashlib.sha256(content).hexdigest() != batch.sha256:
        raise UserError(CHANGED_BYTES)
    return content


def _layouts(kind: ImportKind | None) -> tuple[Any, ...]:
    return tuple(LAYOUTS.values()) if kind is None else (LAYOUTS[kind.value],)


def _notes(recognized: Recognized) -> dict[str, Any]:
    """What a person should know was passed over: sheets without such a table, columns nothing is kept of."""
    return {"sheets": list(recognized.ignored_sheets), "headers": list(recognized.ignored_headers)}


def _in_chunks(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while chunk := list(islice(items, size)):
        yield chunk


def _assessed(
    session: Session, importer: Importer, rows: list[ParsedRow], findings: Findings, today: date
) -> list[dict[str, Any]]:
    """The rows of a chunk as they are stored. A row that could not be read is not held against the register."""
    reader = importer.reader
    drafts: list[Draft] = []
    remarks = []
    for row in rows:
        facts = reader.facts(row)
        noted = importer.complete(row, facts)
        problems = reader.too_long(facts)
        drafts.append(Draft(facts, (row.sheet, row.number)))
        remarks.append((noted, problems))
    sound = [n for n, row in enumerate(rows) if not row.errors and not remarks[n][1]]
    assessed = importer.assess(session, [drafts[n] for n in sound], today=today, lock=False) if sound else []
    found: dict[int, Assessment] = dict(zip(sound, assessed, strict=True))
    stored = []
    for n, row in enumerate(rows):
        a = found.get(n, Assessment())
        if a.target_id is not None:
            a.warn_of_losses(importer.reader.fields)
        a.warnings[:0], a.errors[:0] = remarks[n]
        stored.append(_stored(importer, row, drafts[n].facts, a))
        verdict = Verdict(stored[-1]["verdict"])
        findings.counts[verdict] += 1
        findings.warned += stored[-1]["warned"]
    return stored


def _stored(importer: Importer, row: ParsedRow, facts: dict[str, Any], a: Assessment) -> dict[str, Any]:
    errors = [as_json(one) for one in row.errors] + [importer.reader.error(row, one) for one in a.errors]
    warnings = [as_json(one) for one in row.warnings] + [importer.reader.warning(row, one) for one in a.warnings]
    verdict = Verdict.ERROR if errors else a.verdict
    writes = verdict in (Verdict.NEW, Verdict.CHANGED)
    return {
        "sheet": row.sheet,
        "number": row.number,
        "verdict": verdict.value,
        "rank": verdict.rank,
        "warned": bool(warnings),
        "key": importer.key(facts),
        "name": importer.name(facts),
        "target_id": a.target_id,
        "target_version": a.target_version,
        "license_id": a.license_id,
        "license_version": a.license_version,
        "values": plain({**facts, **a.resolved}) if writes else {},
        "changes": plain(a.changes) if verdict is Verdict.CHANGED else {},
        "errors": errors,
        "warnings": warnings,
    }
