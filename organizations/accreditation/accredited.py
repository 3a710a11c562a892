"""Plans that a list brings, put before the criteria that an application is put before. They were accredited already,
so nothing is refused here: each finding is something for a person to look at."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from organizations.accreditation.criteria import Accredited, Sender, Supervisor, doubts
from organizations.licenses.queries import Held, held_by
from organizations.plans.queries import bars_of
from organizations.plans.states import Scheme
from organizations.sending.queries import Standing, standing
from otit.findings import Finding

Plan = Mapping[str, Any]

# What is examined; a list's plan is looked at again when one of these is another one.
EXAMINED = frozenset(
    {
        "category",
        "accredited_on",
        "starts_on",
        "ends_on",
        "implementing_organization_id",
        "supervising_organization_id",
        "sending_organization_id",
    }
)


class Examiner:
    """What the register knows of the bodies of plans, read for a whole chunk at once and kept for the next ones: a
    line for each body."""

    def __init__(self) -> None:
        self._bars: dict[int, list[tuple[date, date]]] = {}
        self._held: dict[int, list[Held]] = {}
        self._senders: dict[int, Standing] = {}
        self._asked: set[tuple[str, int]] = set()

    def learn(self, session: Session, plans: Iterable[Plan]) -> None:
        """Three statements at most."""
        known = list(plans)
        if ids := self._new("implementing_organization_id", known):
            self._bars |= bars_of(session, ids)
        if ids := self._new("supervising_organization_id", known):
            self._held |= held_by(session, ids, Scheme.TECHNICAL_INTERN_TRAINING)
        if ids := self._new("sending_organization_id", known):
            self._senders |= standing(session, ids)

    def _new(self, name: str, plans: Iterable[Plan]) -> list[int]:
        found = {(name, key) for plan in plans if (key := plan.get(name)) is not None} - self._asked
        self._asked |= found
        return sorted(key for _name, key in found)

    def doubts(self, plan: Plan) -> Iterator[tuple[str, Finding]]:
        """`plan` has the columns of a plan as it was accredited."""
        return doubts(self._accredited(plan))

    def _accredited(self, plan: Plan) -> Accredited:
        day = plan["accredited_on"]
        return Accredited(
            category=plan["category"],
            accredited_on=day,
            starts_on=plan["starts_on"],
            ends_on=plan["ends_on"],
            supervisor=self._supervisor(plan["supervising_organization_id"], day),
            sender=self._sender(plan.get("sending_organization_id"), day),
            bar_until=self._bar(plan["implementing_organization_id"], day),
        )

    def _bar(self, key: int, day: date) -> date | None:
        """The last day of the bar under which the body stood."""
        return max((last for first, last in self._bars.get(key, ()) if first <= day <= last), default=None)

    def _supervisor(self, key: int | None, day: date) -> Supervisor | None:
        if key is None:
            return None
        classes = (held.license_class for held in self._held.get(key, ()) if held.first <= day <= held.last)
        return Supervisor(next(classes, None))

    def _sender(self, key: int | None, day: date) -> Sender | None:
        stands = self._senders.get(key or 0)
        return None if stands is None else Sender(stands.approved(day), stands.suspended_from(day))
