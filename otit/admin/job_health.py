"""Background work on screen: how one run is doing, and whether everything that should run does."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, flash, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload
from werkzeug import Response

from otit.audit.trail import record
from otit.auth.access import PUBLIC, SIGNED_IN, allow, current_actor
from otit.auth.actors import Actor
from otit.auth.models import User
from otit.auth.permissions import Permission
from otit.db import db
from otit.errors import NotFound
from otit.jobs.health import job_health
from otit.jobs.models import JobRun, JobStatus
from otit.jobs.progress import Standing, read_progress
from otit.jobs.queue import KINDS, queue_of
from otit.jobs.services import retry
from otit.text import N_
from otit.web.clock import clock
from otit.web.messages import translate
from otit.web.navigation import add_nav

bp = Blueprint("jobs", __name__)

SILENT_AFTER = timedelta(seconds=60)


@bp.get("/healthz")
@allow(PUBLIC)
def alive() -> tuple[str, int, dict[str, str]]:
    """For load balancers: the web process answers and the database does too. Tells nothing else."""
    db.session.execute(sa.select(sa.literal(1)))
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}


@bp.get("/admin/jobs")
@allow(Permission.VIEW_JOBS)
def health() -> str:
    session = db.session()
    facts = job_health(session, queue_of(session))
    tick = facts.schedule.tick
    return render_template(
        "admin/job_health.html",
        health=facts,
        titles={run.id: title_of(run) for run in facts.failed},
        schedule_runs=facts.schedule.leader is not None and tick is not None and _recent(tick),
        sound=facts.answers and bool(facts.workers) and facts.schedule.leader is not None,
        failures=facts.counts[JobStatus.FAILED],
    )


@bp.get("/jobs/<string(length=32):run_id>")
@allow(SIGNED_IN)
def show(run_id: str) -> str:
    run = _visible(run_id, current_actor())
    requester = db.session.get(User, run.user_id) if run.user_id is not None else None
    return render_template(
        "admin/job.html",
        run=run,
        title=title_of(run),
        requester=requester,
        standing=standing_of(run),
        result_url=_result_url(run),
        result_named=_names_its_result(run),
    )


@bp.get("/jobs/<string(length=32):run_id>.json")
@allow(SIGNED_IN)
def state(run_id: str) -> Response:
    run = _visible(run_id, current_actor())
    standing = standing_of(run)
    answer = jsonify(
        status=run.status.value,
        done=standing.done,
        total=standing.total,
        message=translate(standing.message, standing.params) if standing.message else None,
        redirect=_result_url(run) if _leads_on(run) else None,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/jobs/<string(length=32):run_id>/retry")
@allow(SIGNED_IN)
def again(run_id: str) -> Response:
    actor = current_actor()
    run = _visible(run_id, actor)
    retry(db.session(), run, clock().now())
    record(db.session(), actor, "job.retried", run, {"status": (JobStatus.FAILED, run.status)}, kind=run.kind)
    flash(_("処理をもう一度受け付けました。"), "success")
    return redirect(url_for("jobs.show", run_id=run.id), 303)


def title_of(run: JobRun) -> str:
    """What the job does, for the reader; its bare name when the program no longer has it."""
    return kind_title(run.kind)


def kind_title(name: str) -> str:
    kind = KINDS.get(name)
    return translate(kind.title) if kind else name


def _visible(run_id: str, actor: Actor) -> JobRun:
    """A run is shown to who asked for it and to who watches over the jobs; for others it does not exist."""
    run = db.session.scalar(sa.select(JobRun).where(JobRun.id == run_id).options(selectinload(JobRun.tries)))
    if run is None or not (run.user_id == actor.user_id or actor.can(Permission.VIEW_JOBS)):
        raise NotFound()
    return run


def standing_of(run: JobRun) -> Standing:
    """What a running job says now; else the final figures."""
    queue = queue_of(db.session())
    if run.status is JobStatus.RUNNING and queue is not None:
        shown = read_progress(queue.connection, run.id)
        if shown is not None:
            return shown
    return Standing(run.done, run.total, run.message, run.params)


def _result_url(run: JobRun) -> str | None:
    kind = KINDS.get(run.kind)
    if run.status is not JobStatus.SUCCEEDED or kind is None or kind.endpoint is None:
        return None
    values: dict[str, Any] = {name: run.result.get(name, run.args.get(name)) for name in kind.url_args}
    return url_for(kind.endpoint, **values)


def _leads_on(run: JobRun) -> bool:
    kind = KINDS.get(run.kind)
    return kind is not None and kind.leads_on


def _names_its_result(run: JobRun) -> bool:
    """Whether the link of success leads to what the job made; without anything made it leads to the list."""
    kind = KINDS.get(run.kind)
    return kind is not None and all(name in run.result or name in run.args for name in kind.url_args)


def _recent(moment: datetime) -> bool:
    return clock().now() - moment < SILENT_AFTER


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    add_nav(app, N_("処理の状況"), "jobs.health", 95)
