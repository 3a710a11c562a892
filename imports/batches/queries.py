"""Reads of batches and their rows; always ordered and paged by key."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from imports.batches.models import ImportBatch, ImportFile, ImportRow
from imports.batches.states import Verdict
from organizations.register.lookup import chunks
from organizations.register.models import Organization
from organizations.sending.models import SendingOrganization
from otit.auth.models import User
from otit.errors import NotFound
from otit.web.paging import Page, keyset_page

_AT_ONCE = 1000


@dataclass(frozen=True)
class RowFilter:
    """`verdict` None shows every row, errors first; `warned` only those with something to look at."""

    verdict: Verdict | None = None
    warned: bool = False


def batch_page(session: Session, cursor: str | None) -> Page[Any]:
    """The latest first: id, number, kind, filename, state, uploaded_at, uploader, and the counts."""
    statement: sa.Select[*tuple[Any, ...]] = sa.select(
        ImportBatch.id,
        ImportBatch.number,
        ImportBatch.kind,
        ImportBatch.filename,
        ImportBatch.as_of,
        ImportBatch.state,
        ImportBatch.uploaded_at,
        ImportBatch.new_count,
        ImportBatch.changed_count,
        ImportBatch.unchanged_count,
        ImportBatch.error_count,
        User.display_name.label("uploader"),
    ).outerjoin(ImportBatch.uploader)
    return keyset_page(session, statement, (ImportBatch.id,), cursor, descending=True)


def count_batches(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(ImportBatch)) or 0


def get_batch(session: Session, batch_id: int) -> ImportBatch:
    """With the people and the job of it, in one statement."""
    statement = (
        sa.select(ImportBatch)
        .where(ImportBatch.id == batch_id)
        .options(
            joinedload(ImportBatch.uploader),
            joinedload(ImportBatch.confirmer),
            joinedload(ImportBatch.run),
            joinedload(ImportBatch.file),
        )
    )
    batch = session.scalar(statement)
    if batch is None:
        raise NotFound()
    return batch


def row_page(session: Session, batch_id: int, wanted: RowFilter, cursor: str | None) -> Page[Any]:
    """The rows of a batch in the order of the preview: errors, changes, additions, the rest; then as in the file."""
    statement = sa.select(
        ImportRow.id,
        ImportRow.sheet,
        ImportRow.number,
        ImportRow.verdict,
        ImportRow.key,
        ImportRow.name,
        ImportRow.target_id,
        ImportRow.values,
        ImportRow.changes,
        ImportRow.errors,
        ImportRow.warnings,
    ).where(ImportRow.batch_id == batch_id)
    if wanted.verdict is not None:
        statement = statement.where(ImportRow.rank == wanted.verdict.rank)
    if wanted.warned:
        statement = statement.where(ImportRow.warned)
    return keyset_page(session, statement, (ImportRow.rank, ImportRow.id), cursor)


def faulty_rows(session: Session, batch_id: int) -> Iterator[Any]:
    """Rows with errors in the order of the file, a part at a time: sheet, number, key, name, errors."""
    last = 0
    while True:
        statement = (
            sa.select(ImportRow.id, ImportRow.sheet, ImportRow.number, ImportRow.key, ImportRow.name, ImportRow.errors)
            .where(ImportRow.batch_id == batch_id, ImportRow.rank == Verdict.ERROR.rank, ImportRow.id > last)
            .order_by(ImportRow.id)
            .limit(_AT_ONCE)
        )
        rows = session.execute(statement).all()
        if not rows:
            return
        yield from rows
        last = rows[-1].id


def issues(session: Session, batch_id: int) -> Iterator[Any]:
    """Rows with errors or warnings, for the error workbook: sheet, errors, warnings."""
    last = 0
    while True:
        statement = (
            sa.select(ImportRow.id, ImportRow.sheet, ImportRow.errors, ImportRow.warnings)
            .where(ImportRow.batch_id == batch_id, ImportRow.id > last)
            .where(sa.or_(ImportRow.rank == Verdict.ERROR.rank, ImportRow.warned))
            .order_by(ImportRow.id)
            .limit(_AT_ONCE)
        )
        rows = session.execute(statement).all()
        if not rows:
            return
        yield from rows
        last = rows[-1].id


def content_of(session: Session, batch: ImportBatch) -> bytes | None:
    """The bytes of the batch's file; None when they are no longer kept."""
    return session.scalar(sa.select(ImportFile.content).where(ImportFile.sha256 == batch.sha256))


def has_content(session: Session, batch: ImportBatch) -> bool:
    kept = sa.select(ImportFile.content.is_not(None)).where(ImportFile.sha256 == batch.sha256)
    return bool(session.scalar(kept))


def names_of(session: Session, organizations: Iterable[int], sending: Iterable[int]) -> dict[tuple[str, int], str]:
    """{("organization" | "sending", id): name} for showing references; at most two statements."""
    found: dict[tuple[str, int], str] = {}
    for word, model, ids in (
        ("organization", Organization, organizations),
        ("sending", SendingOrganization, sending),
    ):
        for part in chunks(ids):
            statement = sa.select(model.id, model.name).where(model.id.in_(part)).order_by(model.id)
            found |= {(word, row.id): row.name for row in session.execute(statement)}
    return found
