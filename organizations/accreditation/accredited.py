"""Plans that a list brings, put before the criteria that an application is put before. They were accredited already,
so nothing is refused here: each finding is something for a person to look at."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from organizations.accreditation.criteria import doubts
from organizations.accreditation.facts import Accredited, OccupationFacts, Sender, Supervisor
from organizations.licenses.queries import Holding, holdings_of
from organizations.occupations.queries import every_version, holds_on
from organizations.plans.queries import bars_of
from organizations.plans.states import Scheme
from organizations.sending.queries import Standing, standing
from otit.findings import Finding

Plan = Mapping[str, Any]

# What is examined of a plan.
EXAMINED = frozenset(
    {
        "category",
        "accredited_on",
        "starts_on",
        "ends_on",
        "implementing_organization_id",
        "supervising_organization_id",
        "sending_organization_id",
        "occupation_code",
        "nationality",
    }
)


class Examiner:
    """What the register knows of the bodies of plans, read for a whole chunk at once and kept for the next ones: a
    line for each body."""

    def __init__(self) -> None:
        self._bars: dict[int, list[tuple[date, date]]] = {}
        self._held: dict[int, list[Holding]] = {}
        self._senders: dict[int, Standing] = {}
        self._occupations: Mapping[str, Sequence[Any]] | None = None
        self._asked: set[tuple[str, int]] = set()

    def learn(self, session: Session, plans: Iterable[Plan]) -> None:
        """`plans` have the columns of a plan; `tells_sender` where the list has those of the sending organization too.
        Four statements at most."""
        known = list(plans)
        if ids := self._new("implementing_organization_id", known):
            self._bars |= bars_of(session, ids)
        if ids := self._new("supervising_organization_id", known):
            self._held |= holdings_of(session, ids, Scheme.TECHNICAL_INTERN_TRAINING)
        if ids := self._new("sending_organization_id", known):
            self._senders |= standing(session, ids)
        if self._occupations is None and any(plan.get("occupation_code") for plan in known):
            self._occupations = every_version(session, Scheme.TECHNICAL_INTERN_TRAINING)

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
            occupation=self._occupation(plan.get("occupation_code"), plan["starts_on"]),
            nationality=plan.get("nationality"),
            tells_sender=plan.get("tells_sender", False),
        )

    def _occupation(self, code: str | None, day: date) -> OccupationFacts | None:
        """None for a plan without one, and while the register of occupations is empty."""
        if code is None or not self._occupations:
            return None
        held = next((one for one in self._occupations.get(code, ()) if holds_on(one, day)), None)
        return OccupationFacts(code, known=False) if held is None else OccupationFacts(code, True, held.transferable)

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
        return None if stands is None else Sender(stands.approved(day), stands.suspended_from(day), stands.country)
