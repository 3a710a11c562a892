"""Declaring job kinds, and progress without a queue."""

import pytest

from otit.jobs import queue as jobs
from otit.jobs.progress import Progress


@pytest.fixture(autouse=True)
def own_registry(monkeypatch):
    monkeypatch.setattr(jobs, "KINDS", {})
    monkeypatch.setattr(jobs, "SCHEDULE", {})


def test_two_jobs_cannot_share_a_name():
    jobs.job("read", title="読み込み")(lambda task: None)
    with pytest.raises(ValueError, match="read"):
        jobs.job("read", title="別の処理")(lambda task: None)


def test_a_periodic_job_is_on_the_schedule_under_its_kind():
    @jobs.periodic("nightly", "0 2 * * *")
    @jobs.job("nightly", title="夜間")
    def nightly(task):
        return None

    assert {"nightly": jobs.Periodic("nightly", "0 2 * * *")} == jobs.SCHEDULE
    assert jobs.KINDS["nightly"].function is nightly


def test_progress_keeps_its_last_message_until_the_next_one():
    progress = Progress("r", None)
    progress.report(0, None, "読み込んでいます。")
    progress.report(5, 10)
    assert (progress.standing.done, progress.standing.total, progress.standing.message) == (5, 10, "読み込んでいます。")


def test_progress_is_passed_on_at_once_at_the_start_the_end_and_for_a_new_message_only():
    class Counting:
        sent = 0

        def set(self, *_args, **_options):
            self.sent += 1

    redis = Counting()
    progress = Progress("r", redis)
    for done in range(1, 1001):
        progress.report(done, 1000, "読み込んでいます。" if done < 500 else "書き込んでいます。")
    assert redis.sent == 3
