"""What hangs on each of two bodies, to be seen side by side: all rows by their kind, and how many of them are open.
Subjects above add what is open among theirs when they are imported."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from organizations.accreditation.models import PlanApplication
from organizations.accreditation.states import ApplicationState
from organizations.licenses.models import License
from organizations.licenses.states import LIVE_STATES
from organizations.licensing.models import LicenseApplication
from organizations.licensing.states import OPEN_STATES
from organizations.merging.rows import RowKind, count_rows, word
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanState

# By the column that leads to the organization: which of its rows are open.
_OPEN: dict[str, tuple[InstrumentedAttribute[Any], sa.ColumnElement[bool]]] = {}


def count_open(column: InstrumentedAttribute[Any], condition: sa.ColumnElement[bool]) -> None:
    """Rows of `column` with this condition still ask for something."""
    _OPEN[str(column.expression)] = (column, condition)


@dataclass(frozen=True)
class Tally:
    """`counts` and `open` are those of the two bodies; `open` is None where the kind of row knows no such thing."""

    kind: RowKind
    counts: tuple[int, ...]
    open: tuple[int, ...] | None


def tallies(session: Session, ids: Sequence[int]) -> list[Tally]:
    """Of every kind of row of which one of the bodies has any. Two statements."""
    rows = {key: found for key, found in count_rows(session, ids).items() if found}
    unfinished = _count_open(session, ids)
    return [
        Tally(
            word(key),
            tuple(found.get(owner, 0) for owner in ids),
            tuple(unfinished[key].get(owner, 0) for owner in ids) if key in unfinished else None,
        )
        for key, found in rows.items()
    ]


def _count_open(session: Session, ids: Sequence[int]) -> dict[str, dict[int, int]]:
    parts = [
        sa.select(sa.literal(key), column, sa.func.count()).where(column.in_(ids), condition).group_by(column)
        for key, (column, condition) in _OPEN.items()
    ]
    found: dict[str, dict[int, int]] = {key: {} for key in _OPEN}
    for key, owner, count in session.execute(sa.union_all(*parts)):
        found[key][owner] = count
    return found


count_open(License.organization_id, License.state.in_(LIVE_STATES))
count_open(LicenseApplication.organization_id, LicenseApplication.state.in_(OPEN_STATES))
for _plan in (TrainingPlan.implementing_organization_id, TrainingPlan.supervising_organization_id):
    count_open(_plan, TrainingPlan.state == PlanState.ACCREDITED)
for _application in (PlanApplication.implementing_organization_id, PlanApplication.supervising_organization_id):
    count_open(_application, PlanApplication.state == ApplicationState.APPLIED)
