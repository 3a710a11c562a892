"""The nightly schedule against the bare INSERT … SELECT that finds the same organizations, on the same database.

Both sides in turn in one run, everything rolled back. Ours numbers the inspections, says why each is due, and writes
its audit event; the bare side writes constants. Goal: at most three times as long.

    python -m benchmarks.schedule [--backend sqlite|postgresql|both] [--turns 5]
"""

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.national import NOW, TODAY
from benchmarks.running import command_line
from inspections.scheduling.due import latest_basis, rule_for
from inspections.scheduling.planning import schedule
from organizations.register.states import OrganizationKind, Scheme
from otit.auth.actors import system_actor
from otit.db import db
from otit.generate.loading import settle

GOAL = 3.0

BARE = """
INSERT INTO inspections (number, scheme, organization_id, kind, cycle, due_on, due_basis, due_basis_on, state,
                         owner_office_code, office_code, announced, created_at, created_by, version)
SELECT {number}, 'tit', o.id, 'periodic', 'bare', {today}, 'last_inspection', {today}, 'planned',
       o.office_code, o.office_code, true, {now}, 'system:bare', 1
FROM organizations o
LEFT JOIN (SELECT organization_id, max(completed_on) AS last,
                  max(CASE WHEN state IN ('planned', 'assigned', 'in_progress') THEN 1 ELSE 0 END) AS open
           FROM inspections GROUP BY organization_id) i ON i.organization_id = o.id
WHERE o.status = 'active' AND coalesce(i.open, 0) = 0
  AND (o.kind = 'implementing' OR EXISTS (SELECT 1 FROM licenses l WHERE l.organization_id = o.id
       AND l.state IN ('licensed', 'suspended') AND l.expires_on >= {today}))
  AND (i.last IS NULL OR i.last <= CASE o.kind WHEN 'supervising' THEN {supervising} ELSE {implementing} END)
"""


def bare_sql(dialect: str) -> str:
    word = "" if dialect == "sqlite" else "date "
    cuts = {}
    for kind in OrganizationKind:
        rule = rule_for(kind, Scheme.TECHNICAL_INTERN_TRAINING, TODAY)
        assert rule is not None
        cuts[kind.value] = f"{word}'{latest_basis(TODAY, rule)}'"
    number = "'B' || o.id" if dialect == "sqlite" else "'B' || o.id::text"
    now = f"'{NOW:%Y-%m-%d %H:%M:%S}.000000'" if dialect == "sqlite" else f"timestamptz '{NOW.isoformat()}'"
    return BARE.format(number=number, today=f"{word}'{TODAY}'", now=now, **cuts)


def timed(work: Callable[[Session], int]) -> tuple[float, int]:
    """Seconds and rows of one transaction, its audit events written, rolled back afterwards."""
    with db.engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="rollback_only") as session:
            start = time.perf_counter()
            rows = work(session)
            session.commit()
            seconds = time.perf_counter() - start
        transaction.rollback()
    return seconds, rows


def bare(session: Session) -> int:
    result: Any = session.execute(sa.text(bare_sql(db.engine.dialect.name)))
    return int(result.rowcount)


def ours(session: Session) -> int:
    return schedule(session, system_actor("schedule"), as_of=TODAY, now=NOW).total


def measure(backend: str, turns: int) -> list[dict[str, Any]]:
    """Inside the context of a national database."""
    times: dict[str, list[float]] = {"bare": [], "ours": []}
    counts = set()
    for turn in range(turns + 1):
        for name, work in (("bare", bare), ("ours", ours)):
            seconds, rows = timed(work)
            counts.add(rows)
            if turn:  # the first turn warms the caches
                times[name].append(seconds)
            if backend == "postgresql":
                settle(db.engine)
    assert len(counts) == 1, f"the two sides found different numbers: {counts}"
    medians = {name: statistics.median(values) for name, values in times.items()}
    ratio = medians["ours"] / medians["bare"]
    result = {
        "benchmark": "schedule",
        "backend": backend,
        "planned": counts.pop(),
        "turns": turns,
        "bare_s": round(medians["bare"], 3),
        "ours_s": round(medians["ours"], 3),
        "ratio": round(ratio, 2),
        "goal": GOAL,
        "met": ratio <= GOAL,
    }
    return [result]


if __name__ == "__main__":
    sys.exit(command_line(measure, __doc__))
