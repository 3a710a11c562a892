"""Background work as people see it: one row for each job asked for, and one for each time it was tried.

RQ's own records are a transport: they expire and keep only the last attempt. These rows are what counts.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from otit.db import Base, code_type
from otit.labels import Labelled
from otit.text import N_


class JobStatus(Labelled):
    QUEUED = "queued", N_("待機中"), "neutral"
    RUNNING = "running", N_("実行中"), "info"
    SUCCEEDED = "succeeded", N_("完了"), "success"
    FAILED = "failed", N_("失敗"), "danger"


class Outcome(Labelled):
    """How one attempt ended. `LOST` means that its process was gone: nothing it did was kept."""

    SUCCEEDED = "succeeded", N_("完了"), "success"
    FAILED = "failed", N_("失敗"), "danger"
    LOST = "lost", N_("中断"), "warning"


class JobRun(Base):
    """A job that somebody, or the schedule, asked for.

    `message` is a Japanese msgid with `params`, the last thing the job had to say. `error` (msgid) with
    `error_params` says in words fit for people why it failed; the traceback is in the log only.
    `business_key` makes a periodic job happen once for its business date, however many schedulers ask.
    Progress while it runs is in Redis (see otit.jobs.progress); `done` and `total` here are the final figures.
    """

    __tablename__ = "job_runs"
    __table_args__ = (
        sa.Index(None, "status", "due_at"),
        sa.Index(None, "kind", "created_at"),
        sa.Index(None, "created_at", "id"),
        sa.CheckConstraint("(status IN ('succeeded', 'failed')) = (finished_at IS NOT NULL)", name="finished_at_end"),
        sa.CheckConstraint("status <> 'running' OR started_at IS NOT NULL", name="running_was_started"),
        sa.CheckConstraint("(status = 'failed') = (error IS NOT NULL)", name="failed_says_why"),
        sa.CheckConstraint("attempts >= 0 AND attempts <= max_attempts", name="attempts_in_range"),
        sa.CheckConstraint("requested_by <> ''", name="requester_present"),
    )

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=lambda: uuid4().hex)
    kind: Mapped[str] = mapped_column(sa.String(60))
    args: Mapped[dict[str, Any]]
    status: Mapped[JobStatus] = mapped_column(code_type(JobStatus, "status"), default=JobStatus.QUEUED)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    message: Mapped[str | None]
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[str | None]
    error_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int]
    requested_by: Mapped[str] = mapped_column(sa.String(80))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    business_key: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    due_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    tries: Mapped[list["JobAttempt"]] = relationship(
        order_by=lambda: JobAttempt.number, cascade="all, delete-orphan", lazy="raise"
    )

    @property
    def ended(self) -> bool:
        return self.status in (JobStatus.SUCCEEDED, JobStatus.FAILED)


class JobAttempt(Base):
    """One try at a job, by one worker process. `error` is as in JobRun."""

    __tablename__ = "job_attempts"
    __table_args__ = (
        sa.UniqueConstraint("run_id", "number"),
        sa.CheckConstraint("(finished_at IS NULL) = (outcome IS NULL)", name="outcome_at_end"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(sa.ForeignKey(JobRun.id, ondelete="CASCADE"))
    number: Mapped[int]
    worker: Mapped[str] = mapped_column(sa.String(120))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(code_type(Outcome, "outcome"))
    error: Mapped[str | None]
    error_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
