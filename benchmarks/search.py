"""Searching an organization by name, two characters included, against a scan of the plan table; and what a page takes.

Ours is the list page's own search on the register, count and page of rows, as headquarters. The bare side looks for a
text in every row of the plan table, as a search over a table with the names in it would. Goal: at least twenty times as
fast.

    python -m benchmarks.search [--backend sqlite|postgresql|both] [--turns 5]
"""

import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app

from benchmarks.list_page import fetch, signed_in
from benchmarks.running import command_line
from organizations.plans.models import TrainingPlan
from organizations.register.queries import OrganizationFilter, organization_list
from organizations.register.states import OrganizationKind
from otit.auth.actors import system_actor
from otit.db import db

GOAL = 20.0
MOST_MEMORY = 8 * 1024 * 1024
TERMS = {"two characters": "見本", "three characters": "架空野", "rare": "見本野架空台", "nothing": "存在しない名前"}
PAGES = (
    "/plans",
    "/plans?state=completed&category=D",
    "/organizations/implementing",
    "/organizations/implementing?q=見本",
)


def measure(backend: str, turns: int) -> list[dict[str, Any]]:
    """Inside the context of a generated database."""
    session = db.session()
    # Counts a column that is in no index with the number, so that the table itself is gone through.
    scan = sa.select(sa.func.count(TrainingPlan.nationality)).where(TrainingPlan.number.contains("無い"))
    scans: list[float] = []
    ours: dict[str, list[float]] = {name: [] for name in TERMS}
    for turn in range(turns + 1):
        seconds = _timed(lambda: session.execute(scan).scalar_one())
        found = {name: _timed(lambda term=term: _search(term)) for name, term in TERMS.items()}
        if turn:
            scans.append(seconds)
            for name, value in found.items():
                ours[name].append(value)
    bare = statistics.median(scans)
    results = [_result(backend, name, bare, statistics.median(values)) for name, values in ours.items()]
    return results + _memory(backend)


def _search(term: str) -> None:
    listing = organization_list(system_actor("benchmark"), OrganizationKind.IMPLEMENTING, OrganizationFilter(q=term))
    listing.read(db.session(), None)


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _result(backend: str, name: str, bare: float, ours: float) -> dict[str, Any]:
    return {
        "benchmark": "search",
        "backend": backend,
        "term": name,
        "scan_ms": round(bare * 1000, 1),
        "ours_ms": round(ours * 1000, 2),
        "times_as_fast": round(bare / ours, 1),
        "goal": f">= {GOAL:.0f} x",
        "met": bare / ours >= GOAL,
    }


def _memory(backend: str) -> list[dict[str, Any]]:
    """The most memory that Python held during a page: a page of rows, whatever the size of the table."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    client = signed_in(app, "manager-nagoya")
    results = []
    for url in PAGES:
        fetch(client, url)
        tracemalloc.start()
        fetch(client, url)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        results.append(
            {
                "benchmark": "memory",
                "backend": backend,
                "page": url,
                "peak_kib": peak // 1024,
                "goal": f"<= {MOST_MEMORY // 1024**2} MiB",
                "met": peak <= MOST_MEMORY,
            }
        )
    return results


if __name__ == "__main__":
    sys.exit(command_line(measure, __doc__))
