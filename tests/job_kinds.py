"""Job kinds for tests of the machinery. Their work is a number taken from a counter: it shows how often it was kept."""

import os
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from otit.errors import UserError
from otit.jobs.queue import Task, job
from otit.numbering import Counter, next_number


def worked(session: Session) -> int:
    """How many times the work of a job was kept."""
    return session.scalar(sa.select(Counter.value).where(Counter.name == "test-job")) or 0


def work(task: Task) -> int:
    return next_number(task.session, "test-job", "00", 2026)


@job("test-work", title="試験の処理", retry_seconds=0)
def do_work(task: Task) -> dict[str, Any]:
    total = int(task.args.get("rows", 3))
    for done in range(1, total + 1):
        task.progress.report(done, total, "%(n)s件を処理しました。", {"n": done})
    return {"number": work(task)}


@job("test-refuse", title="断られる処理")
def refuse(task: Task) -> None:
    work(task)
    raise UserError("「%(name)s」は登録できません。", {"name": task.args["name"]})


@job("test-break", title="壊れる処理", max_attempts=2)
def break_down(task: Task) -> None:
    work(task)
    raise RuntimeError("a secret of the program")


@job("test-later", title="後でやり直す処理", max_attempts=2, retry_seconds=600)
def break_for_now(task: Task) -> None:
    raise RuntimeError("not yet")


@job("test-hang", title="長い処理")
def hang(task: Task) -> None:
    """Works, says so by a file, and waits as long as `hold` is there: the moment to be killed in."""
    work(task)
    task.session.flush()
    Path(task.args["begun"]).write_text(str(os.getpid()))
    while Path(task.args["hold"]).exists():
        time.sleep(0.02)


@job("test-nightly", title="夜間の処理")
def nightly(task: Task) -> None:
    work(task)
