"""Whether the business under a licence is suspended (Art. 37(3)) on a day, as far as anybody knows."""

from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from organizations.licenses.signals import suspension_asked
from organizations.licenses.states import LicenseState


class Suspendable(Protocol):
    """A licence, or what was read of one."""

    @property
    def id(self) -> int: ...

    @property
    def state(self) -> LicenseState: ...

    @property
    def suspended_until(self) -> date | None: ...


def is_suspended(session: Session, license: Suspendable, day: date, today: date) -> bool:
    """As the licence says for a day that is not past, or by an order that is decided, also from a later day on. One
    statement at most."""
    until = license.suspended_until if license.state is LicenseState.SUSPENDED else None
    if until is not None and today <= day <= until:
        return True
    return any(answer for _receiver, answer in suspension_asked.send(license.id, session=session, day=day))
