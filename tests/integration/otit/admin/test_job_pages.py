"""Background work on screen: who sees what, and what it says."""

import json
from datetime import UTC, datetime

import pytest
from redis import Redis

from otit.audit.models import AuditEvent
from otit.auth.permissions import Role
from otit.db import db, transaction
from otit.jobs import queue as jobs
from otit.jobs import runner
from otit.jobs.models import JobRun, JobStatus
from tests import job_kinds

assert job_kinds


@pytest.fixture
def inspector(factories):
    return factories.user(Role.INSPECTOR)


@pytest.fixture
def administrator(factories):
    return factories.user(Role.ADMINISTRATOR)


@pytest.fixture
def run_of(session):
    """A run asked for by that person, done here if wanted."""

    def asked(user, kind="test-work", done=False, **args):
        with transaction(session):
            run_id = jobs.enqueue(session, kind, args, user.actor).id
        if done:
            runner.run_job(db.engine, None, run_id, "test:1")
        session.expire_all()
        return session.get_one(JobRun, run_id)

    return asked


def test_anybody_may_ask_whether_the_server_is_well_and_learns_nothing_else(app):
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["Cache-Control"] == "no-store"


def test_who_asked_sees_the_run_wait_and_then_its_end(browser, inspector, run_of):
    run = run_of(inspector)
    page = browser.sign_in(inspector).get(f"/jobs/{run.id}")
    assert page.heading == "試験の処理 — 待機中"
    assert page.all("progress")
    runner.run_job(db.engine, None, run.id, "test:1")
    page = browser.get(f"/jobs/{run.id}")
    assert page.heading == "試験の処理 — 完了"
    assert "3件を処理しました。" in page.text


def test_polling_tells_state_figures_and_words(browser, inspector, run_of):
    run = run_of(inspector, done=True, rows=2)
    answer = browser.sign_in(inspector).client.get(f"/jobs/{run.id}.json")
    assert json.loads(answer.text) == {
        "status": "succeeded",
        "done": 2,
        "total": 2,
        "message": "2件を処理しました。",
        "redirect": None,
    }


def test_success_leads_to_the_page_of_the_result(browser, inspector, run_of, monkeypatch):
    kind = jobs.KINDS["test-work"]
    monkeypatch.setitem(
        jobs.KINDS, "test-work", jobs.JobKind(**{**kind.__dict__, "endpoint": "jobs.show", "url_args": ("run_id",)})
    )
    run = run_of(inspector, done=True, run_id="0" * 32)
    browser.sign_in(inspector)
    assert browser.client.get(f"/jobs/{run.id}.json").json["redirect"] == f"/jobs/{'0' * 32}"
    assert [a.get("href") for a in browser.get(f"/jobs/{run.id}").all("a") if a.get("href") == f"/jobs/{'0' * 32}"]


@pytest.mark.parametrize("path", ["/jobs/{}", "/jobs/{}.json"])
def test_for_others_the_run_does_not_exist(browser, inspector, factories, run_of, path):
    run = run_of(inspector)
    browser.sign_in(factories.user(Role.INSPECTOR))
    assert browser.client.get(path.format(run.id)).status_code == 404


def test_others_cannot_have_it_done_again(browser, inspector, factories, run_of, session):
    run = run_of(inspector, "test-refuse", done=True, name="x")
    other = factories.user(Role.INSPECTOR)
    own = run_of(other)
    browser.sign_in(other).get(f"/jobs/{own.id}")
    browser.send(f"/jobs/{run.id}/retry", page="", status=404)
    session.expire_all()
    assert session.get_one(JobRun, run.id).status is JobStatus.FAILED


def test_a_failure_says_why_and_can_be_done_again_once(browser, inspector, administrator, run_of, session):
    run = run_of(inspector, "test-refuse", done=True, name="架空組合")
    page = browser.sign_in(administrator).get(f"/jobs/{run.id}")
    assert page.heading == "断られる処理 — 失敗"
    assert "「架空組合」は登録できません。" in page.text
    url = f"/jobs/{run.id}/retry"
    browser.send(url, page=f"/jobs/{run.id}")
    session.expire_all()
    assert session.get_one(JobRun, run.id).status is JobStatus.QUEUED
    browser.get("/admin/jobs")
    assert browser.send(url, page="", status=409)


def test_doing_again_is_audited(browser, administrator, run_of, session):
    run = run_of(administrator, "test-refuse", done=True, name="x")
    browser.sign_in(administrator).send(f"/jobs/{run.id}/retry", page=f"/jobs/{run.id}")
    session.expire_all()
    event = session.query(AuditEvent).filter_by(action="job.retried").one()
    assert (event.actor, event.subject_id) == (f"user:{administrator.id}", run.id)
    assert event.changes == {"status": ["failed", "queued"]}


def test_health_is_for_those_who_watch_over_jobs(browser, inspector, administrator):
    browser.sign_in(inspector).get("/admin/jobs", status=403)
    browser.sign_in(administrator).get("/admin/jobs")


def test_health_without_redis_is_a_page_that_says_so(browser, administrator, run_of, no_redis):
    run_of(administrator, "test-refuse", done=True, name="架空組合")
    page = browser.sign_in(administrator).get("/admin/jobs")
    assert page.heading == "処理の状況 — 確認が必要"
    assert "待ち行列（Redis）が応答しません" in page.text
    assert "「架空組合」は登録できません。" in page.text


def test_health_shows_processes_workers_and_the_schedule(browser, administrator, queue, monkeypatch):
    redis: Redis = queue.connection
    parts = [
        {"name": "cron", "pid": 77, "starts": 3, "seconds": 12.5},
        {"name": "web", "pid": None, "starts": 1, "seconds": 1},
    ]
    redis.set("otit:processes:server-a:12", json.dumps(parts))
    redis.set("otit:cron:leader", "server-a-77")
    redis.set("otit:cron:tick", datetime(2026, 11, 24, 0, 0, tzinfo=UTC).isoformat())
    monkeypatch.setitem(jobs.SCHEDULE, "test-nightly", jobs.Periodic("test-nightly", "0 2 * * *"))
    page = browser.sign_in(administrator).get("/admin/jobs")
    for text in ("server-a", "再起動待ち", "毎日 2:00", "夜間の処理", "処理を実行するプログラムが動いていません"):
        assert text in page.text
    assert "定期処理が動いていません" not in page.text


def test_a_schedule_that_fell_silent_is_reported(browser, administrator, queue):
    queue.connection.set("otit:cron:leader", "server-a-77")
    queue.connection.set("otit:cron:tick", datetime(2026, 11, 23, 0, 0, tzinfo=UTC).isoformat())
    assert "定期処理が動いていません" in browser.sign_in(administrator).get("/admin/jobs").text
