"""Changes and findings as a page shows them to its reader."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from organizations.accreditation.changes import BODIES, DAYS
from organizations.accreditation.crosschecks import PERSONAL
from organizations.accreditation.models import PlanChange
from organizations.accreditation.queries import names_of
from organizations.register.models import Organization
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.findings import Finding
from otit.text import N_
from otit.web.messages import date_text

LABELS = {
    "starts_on": N_("実習の開始日"),
    "ends_on": N_("実習の終了日"),
    "occupation_code": N_("職種コード"),
    "supervising_organization_id": N_("監理団体"),
    "sending_organization_id": N_("送出機関"),
}


def moved(session: Session, changes: Sequence[PlanChange]) -> dict[int, list[tuple[str, str, str]]]:
    """{change: (label, old, new) of each field it moves}; at most one statement for each kind of body."""
    pairs = [(name, pair) for change in changes for name, pair in change.changes.items()]
    bodies, senders = (
        names_of(
            session,
            *([value for name, pair in pairs if name == column for value in pair if value] for column in BODIES),
        )
        if pairs
        else ({}, {})
    )
    named = {"supervising_organization_id": bodies, "sending_organization_id": senders}

    def text(name: str, value: Any) -> str:
        if value is None:
            return ""
        if name in DAYS:
            return date_text(date.fromisoformat(value))
        return named[name].get(value, "—") if name in named else str(value)

    return {
        change.id: [(str(_(LABELS[name])), text(name, old), text(name, new)) for name, (old, new) in rows]
        for change in changes
        if (rows := sorted(change.changes.items(), key=lambda item: list(LABELS).index(item[0])))
    }


def told_to(actor: Actor, body: Organization, found: Sequence[Finding]) -> list[Finding]:
    """Without what the findings say of the trainee, for a reader who does not maintain the records of the body."""
    decides = actor.can(Permission.MAINTAIN_REGISTERS) and actor.covers_office(body.office_code)
    return [one for one in found if decides or one.message not in PERSONAL]
