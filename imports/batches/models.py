"""An uploaded file, what was read from it row by row, and what became of it."""

from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from imports.batches.states import BatchState, ImportKind, Verdict
from otit.auth.models import User
from otit.db import Base, Versioned, code_type
from otit.jobs.models import JobRun


class ImportFile(Base):
    """The bytes of a file by their hash. They are in the database because the web process that takes them and the
    worker that reads them may stand on different machines.

    `content` is NULL once no batch needs it: a file that was refused or withdrawn is not kept.
    """

    __tablename__ = "import_files"
    __table_args__ = (
        sa.CheckConstraint("length(sha256) = 64", name="sha256_length"),
        sa.CheckConstraint("size >= 0", name="size_not_negative"),
    )

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    size: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)


_NOT_PROVED = "state NOT IN ('validated', 'unchanged', 'confirmed', 'applied')"


class ImportBatch(Versioned, Base):
    """One upload. `kind` is what the person said it is, or else what its headers say (known once it was read).

    `failure` is a Japanese msgid with `failure_params`. `notes` names the sheets and headers that were not read.
    `uploaded_by` and `confirmed_by` are audit names ("user:12", "system:command-line"). `run_id` is the latest job.
    """

    __tablename__ = "import_batches"
    __table_args__ = (
        sa.CheckConstraint(
            "new_count >= 0 AND changed_count >= 0 AND unchanged_count >= 0 AND error_count >= 0 AND warned_count >= 0",
            name="counts_not_negative",
        ),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failed_says_why"),
        sa.CheckConstraint(f"{_NOT_PROVED} OR (error_count = 0 AND kind IS NOT NULL)", name="proved_without_errors"),
        sa.CheckConstraint("state <> 'read' OR error_count > 0", name="read_has_errors"),
        sa.CheckConstraint(
            "state <> 'unchanged' OR (new_count = 0 AND changed_count = 0)", name="unchanged_changes_nothing"
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'applied') OR confirmed_at IS NOT NULL", name="confirmed_by_someone"
        ),
        sa.CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_at_and_by"),
        sa.CheckConstraint("(state = 'applied') = (applied_at IS NOT NULL)", name="applied_at_end"),
        sa.Index(None, "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    kind: Mapped[ImportKind | None] = mapped_column(code_type(ImportKind, "kind"))
    filename: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.ForeignKey(ImportFile.sha256))
    as_of: Mapped[date | None]
    state: Mapped[BatchState] = mapped_column(code_type(BatchState, "state"), default=BatchState.UPLOADED)
    new_count: Mapped[int] = mapped_column(default=0)
    changed_count: Mapped[int] = mapped_column(default=0)
    unchanged_count: Mapped[int] = mapped_column(default=0)
    error_count: Mapped[int] = mapped_column(default=0)
    warned_count: Mapped[int] = mapped_column(default=0)
    notes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    failure: Mapped[str | None]
    failure_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    uploaded_by: Mapped[str] = mapped_column(sa.String(80))
    uploaded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    uploaded_at: Mapped[datetime]
    confirmed_by: Mapped[str | None] = mapped_column(sa.String(80))
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    confirmed_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    run_id: Mapped[str | None] = mapped_column(sa.ForeignKey(JobRun.id))

    file: Mapped[ImportFile] = relationship()
    uploader: Mapped[User | None] = relationship(foreign_keys=[uploaded_by_id])
    confirmer: Mapped[User | None] = relationship(foreign_keys=[confirmed_by_id])
    run: Mapped[JobRun | None] = relationship()

    def count_of(self, verdict: Verdict) -> int:
        found: int = getattr(self, f"{verdict.value}_count")
        return found

    @property
    def row_count(self) -> int:
        return sum(self.count_of(verdict) for verdict in Verdict)

    @property
    def to_apply(self) -> int:
        return self.new_count + self.changed_count


class ImportRow(Base):
    """One record of the file with its verdict.

    `values` are the facts of the file (by field, JSON) and `changes` {field: [old, new]}: the old values are what an
    undo would need. Rows that change nothing carry neither, so that a list of 200,000 known plans costs a line each.
    `target_id` is an organization or a plan, `license_id` a supervising organization's licence, with the versions seen
    at the preview; for what the batch adds, the ids are filled in when it is applied. `rank` is `Verdict.rank`.
    """

    __tablename__ = "import_rows"
    __table_args__ = (
        sa.CheckConstraint("verdict <> 'changed' OR target_id IS NOT NULL", name="changed_has_target"),
        sa.CheckConstraint("target_id IS NOT NULL OR target_version IS NULL", name="target_of_version"),
        sa.Index(None, "batch_id", "rank", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey(ImportBatch.id, ondelete="CASCADE"))
    sheet: Mapped[str]
    number: Mapped[int]
    verdict: Mapped[Verdict] = mapped_column(code_type(Verdict, "verdict"))
    rank: Mapped[int] = mapped_column(sa.SmallInteger)
    warned: Mapped[bool]
    key: Mapped[str | None]
    name: Mapped[str | None]
    target_id: Mapped[int | None]
    target_version: Mapped[int | None]
    license_id: Mapped[int | None]
    license_version: Mapped[int | None]
    values: Mapped[dict[str, Any]]
    changes: Mapped[dict[str, Any]]
    errors: Mapped[list[Any]]
    warnings: Mapped[list[Any]]


ROWS = cast(sa.Table, ImportRow.__table__)
