"""The records of two bodies that cannot stand beside each other, for the page that has to name them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from organizations.licenses.models import License
from organizations.licenses.states import LIVE_STATES
from organizations.licensing.models import LicenseApplication
from organizations.licensing.states import OPEN_STATES
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from organizations.relations.models import Supervision
from organizations.sending.models import SendingOrganization
from otit.findings import Finding
from otit.text import N_

OfScheme = TypeVar("OfScheme", License, LicenseApplication)

# Of hundreds of shared contracts the first few show which they are.
SHOWN: Final = 10


@dataclass(frozen=True)
class Standing:
    """A record that stands in the way: in words, and where it is. `party_id` is the other side of a contract."""

    message: str
    params: Mapping[str, Any]
    endpoint: str
    values: Mapping[str, int]
    party_id: int | None = None


def standing(
    session: Session, bodies: Sequence[Organization], findings: Iterable[Finding]
) -> dict[str, list[Standing]]:
    """{code of a finding: the records of the bodies that it speaks of}. One statement for each finding that has any."""
    return {one.code: _RECORDS[one.code](session, bodies) for one in findings if one.code in _RECORDS}


def _licenses(session: Session, bodies: Sequence[Organization]) -> list[Standing]:
    names = {body.id: body.name for body in bodies}
    held = sa.select(License).where(License.organization_id.in_(names), License.state.in_(LIVE_STATES))
    rows = session.scalars(held.order_by(License.licensed_on, License.id)).all()
    message = N_("「%(body)s」の許可%(number)s（%(first)sから%(last)sまで）")
    return [
        Standing(
            message,
            {
                "body": names[row.organization_id],
                "number": row.number or "",
                "first": row.licensed_on,
                "last": row.expires_on,
            },
            "licenses.detail",
            {"license_id": row.id},
        )
        for row in _of_one_scheme(rows)
    ]


def _applications(session: Session, bodies: Sequence[Organization]) -> list[Standing]:
    names, table = {body.id: body.name for body in bodies}, LicenseApplication
    waiting = sa.select(table).where(table.organization_id.in_(names), table.state.in_(OPEN_STATES))
    rows = session.scalars(waiting.order_by(table.applied_on, table.id)).all()
    message = N_("「%(body)s」の申請%(number)s（申請日 %(day)s）")
    return [
        Standing(
            message,
            {"body": names[row.organization_id], "number": row.number, "day": row.applied_on},
            "license_applications.detail",
            {"license_application_id": row.id},
        )
        for row in _of_one_scheme(rows)
    ]


def _of_one_scheme(rows: Sequence[OfScheme]) -> list[OfScheme]:
    """A body may have one under each scheme: those of the schemes that more than one row is of."""
    many = Counter(row.scheme for row in rows)
    return [row for row in rows if many[row.scheme] > 1]


def _contracts(by_sender: bool) -> Callable[[Session, Sequence[Organization]], list[Standing]]:
    """Contracts that last, of either body with the same other side: those through one sending organization, or those
    that name none."""

    def read(session: Session, bodies: Sequence[Organization]) -> list[Standing]:
        names = {body.id: body.name for body in bodies}
        return [_contract(row, names[row.own_id]) for row in session.execute(_shared(bodies, by_sender))]

    return read


def _shared(bodies: Sequence[Organization], by_sender: bool) -> sa.Select[Any]:
    sides = Supervision.supervising_organization_id, Supervision.implementing_organization_id
    own, other = sides if bodies[0].kind is OrganizationKind.SUPERVISING else sides[::-1]
    sender = Supervision.sending_organization_id
    alike = sa.func.count().over(partition_by=(other, sender)).label("alike")
    columns = [Supervision.id, own.label("own_id"), other.label("party_id"), sender.label("sender_id")]
    lasting = sa.select(*columns, Supervision.starts_on, alike).where(
        own.in_([body.id for body in bodies]),
        Supervision.ends_on.is_(None),
        sender.is_not(None) if by_sender else sender.is_(None),
    )
    found, party = lasting.subquery(), aliased(Organization)
    return (
        sa.select(found, party.name.label("party"), SendingOrganization.name.label("sender"))
        .join(party, party.id == found.c.party_id)
        .outerjoin(SendingOrganization, SendingOrganization.id == found.c.sender_id)
        .where(found.c.alike > 1)
        .order_by(party.name_key, party.id, found.c.sender_id, found.c.own_id)
        .limit(SHOWN)
    )


def _contract(row: Any, body: str) -> Standing:
    params = {"body": body, "party": row.party, "sender": row.sender, "first": row.starts_on}
    message = N_("「%(body)s」と「%(party)s」との契約（%(first)sから、送出機関 %(sender)s）")
    if row.sender is None:
        message = N_("「%(body)s」と「%(party)s」との契約（%(first)sから）")
    place = {"organization_id": row.own_id, "supervision_id": row.id}
    return Standing(message, params, "relations.end", place, row.party_id)


_RECORDS: Final[Mapping[str, Callable[[Session, Sequence[Organization]], list[Standing]]]] = {
    "uq_licenses_organization_id_scheme_live": _licenses,
    "uq_license_applications_open": _applications,
    "uq_supervisions_open": _contracts(by_sender=True),
    "uq_supervisions_open_whichever": _contracts(by_sender=False),
}
