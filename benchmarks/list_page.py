"""Signed-in list pages against a bare Flask view over the same data: one Core query, 50 rows of 12 columns in Jinja.

In process through WSGI, both sides in turn, medians of wall time, with the shortest times beside them: on a machine
that others use as well those are what can be compared. Goals, for the medians: at most 8 SQL statements, at most three
times the bare view, the deepest page at most twice the first.

    python -m benchmarks.list_page [--backend sqlite|postgresql|both] [--turns 5]
"""

import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from benchmarks.bare import bare_app
from benchmarks.national import NOW, TODAY
from benchmarks.running import command_line
from inspections.scheduling.models import OPEN, Inspection
from inspections.scheduling.planning import schedule
from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.auth.actors import system_actor
from otit.auth.models import User, UserSession
from otit.auth.services import token_hash
from otit.db import db, transaction
from otit.generate.loading import settle
from otit.web.paging import PAGE_SIZE, Cursor

MOST_STATEMENTS, MOST_TIMES_BARE, MOST_TIMES_FIRST = 8, 3.0, 2.0
ROUNDS_PER_TURN = 10


def signed_in(app: Flask, username: str) -> FlaskClient:
    with transaction(db.session()) as session:
        user = session.scalars(sa.select(User).where(User.username == username)).one()
        row = UserSession(
            token_hash=token_hash(username), user_id=user.id, created_at=NOW, expires_at=NOW + timedelta(hours=12)
        )
        session.add(row)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["token"] = username
    return client


def cases(app: Flask) -> dict[str, tuple[FlaskClient, str]]:
    """{name: (who asks, address)}; a name that ends in "deepest" is compared with the one without it as well."""
    manager, inspector = signed_in(app, "manager"), signed_in(app, "inspector")
    register, plans = "/organizations/implementing", "/plans"
    return {
        "inspections": (manager, "/inspections"),
        "inspections, deepest": (manager, f"/inspections?state=open&cursor={_last_open()}"),
        "inspections, every state": (manager, "/inspections?state="),
        "inspections, filtered": (
            manager,
            "/inspections?state=open&office=03&overdue=y&kind=periodic",
        ),
        "inspections of an inspector": (inspector, "/inspections"),
        "supervising organizations": (manager, "/organizations/supervising"),
        "implementing organizations": (manager, register),
        "implementing organizations, deepest": (manager, f"{register}?cursor={_last_organization()}"),
        "implementing organizations, one office": (manager, f"{register}?office=03"),
        "implementing organizations of an inspector": (inspector, register),
        "plans": (manager, plans),
        "plans, deepest": (manager, f"{plans}?cursor={_first_plan()}"),
        "plans, of a category in a year": (
            manager,
            f"{plans}?category=E&state=accredited&accredited_from=2026-04-01&accredited_to=2026-09-30",
        ),
        "plans, of a rare state": (manager, f"{plans}?state=revoked&category=D"),
        "plans, of organizations by name": (manager, f"{plans}?organization_name=見本野"),
        "plans of an inspector": (inspector, plans),
        "plans of an inspector, of a rare state": (inspector, f"{plans}?state=revoked"),
        "licences": (manager, "/licenses"),
        "licences, near their end": (manager, "/licenses?expiring=6&office=06"),
        "sending organizations": (manager, "/sending-organizations"),
    }


def _plan_visits(username: str) -> None:
    """Two visits on the day of the benchmark, which the list of an inspector shows on top."""
    own = sa.select(User.id).where(User.username == username).scalar_subquery()
    two = sa.select(Inspection.id).where(Inspection.assigned_to_id == own, OPEN).order_by(Inspection.id).limit(2)
    with transaction(db.session()) as session:
        found = session.scalars(two).all()
        assert len(found) == 2
        session.execute(sa.update(Inspection).where(Inspection.id.in_(found)).values(planned_on=TODAY))


def _last_open() -> str:
    return _cursor((Inspection.due_on, Inspection.id), OPEN)


def _last_organization() -> str:
    return _cursor((Organization.name_key, Organization.id), Organization.kind == OrganizationKind.IMPLEMENTING)


def _first_plan() -> str:
    """Plans are listed from the latest one back."""
    keys = (TrainingPlan.accredited_on, TrainingPlan.id)
    row = db.session.execute(sa.select(*keys).order_by(*keys).offset(PAGE_SIZE).limit(1)).one()
    return Cursor(tuple(row), backwards=False).encode()


def _cursor(keys: tuple[Any, ...], condition: sa.ColumnElement[bool]) -> str:
    """The place of the last full page."""
    backwards = sa.select(*keys).where(condition).order_by(*(key.desc() for key in keys))
    row = db.session.execute(backwards.offset(PAGE_SIZE).limit(1)).one()
    return Cursor(tuple(row), backwards=False).encode()


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def fetch(client: FlaskClient, url: str) -> float:
    nothing = Context()  # a request of its own: what an earlier one has left in this context would be found again
    start = time.perf_counter()
    answer = nothing.run(client.get, url)
    body = answer.get_data()
    seconds = time.perf_counter() - start
    assert answer.status_code == 200, (url, answer.status_code)
    assert body.count(b"<tr") > 1, (url, "shows no rows")
    return seconds


def measure(backend: str, turns: int) -> list[dict[str, Any]]:
    """Inside the context of a national database; plans what is due first, so that the lists are full."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with transaction(db.session()) as session:
        schedule(session, system_actor("schedule"), as_of=TODAY, now=NOW)
    _plan_visits("inspector")
    settle(db.engine)
    sides = {"bare": (bare_app(db.engine), "/")} | cases(app)
    db.session.remove()
    times: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(turns * ROUNDS_PER_TURN + 2):
        for name, (client, url) in sides.items():
            seconds = fetch(client, url)
            if turn > 1:
                times[name].append(seconds)
    return [_result(backend, name, times, *side) for name, side in sides.items() if name != "bare"]


def _result(backend: str, name: str, times: dict[str, list[float]], client: FlaskClient, url: str) -> dict[str, Any]:
    with counted() as statements:
        fetch(client, url)
    medians = {side: statistics.median(values) for side, values in times.items()}
    shortest = {side: min(values) for side, values in times.items()}
    first = medians.get(name.removesuffix(", deepest"), medians[name])
    times_bare, times_first = medians[name] / medians["bare"], medians[name] / first
    return {
        "benchmark": "list_page",
        "backend": backend,
        "page": name,
        "statements": len(statements),
        "bare_ms": round(medians["bare"] * 1000, 2),
        "ours_ms": round(medians[name] * 1000, 2),
        "ratio": round(times_bare, 2),
        "bare_min_ms": round(shortest["bare"] * 1000, 2),
        "ours_min_ms": round(shortest[name] * 1000, 2),
        "min_ratio": round(shortest[name] / shortest["bare"], 2),
        "of_first": round(times_first, 2),
        "goal": f"<= {MOST_STATEMENTS} statements, <= {MOST_TIMES_BARE} x bare, <= {MOST_TIMES_FIRST} x first page",
        "met": len(statements) <= MOST_STATEMENTS and times_bare <= MOST_TIMES_BARE and times_first <= MOST_TIMES_FIRST,
    }


if __name__ == "__main__":
    sys.exit(command_line(measure, __doc__))
