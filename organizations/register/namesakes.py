"""Disqualification follows officers (Art. 10, Art. 26(v)): who bears the name of somebody who was in office when a
licence or an accreditation was revoked. A name is no proof of a person, so this warns and refuses nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.licenses.models import License
from organizations.licenses.states import LicenseState
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanState
from organizations.register.lookup import chunks
from organizations.register.models import Officer, Organization
from organizations.register.states import OfficerPosition, OrganizationKind
from otit.findings import Finding
from otit.labels import Bilingual
from otit.law.citations import citation_en, citation_ja
from otit.law.provisions import Provision, provision
from otit.text import N_

# Since Act No. 37 of 2019 the clause on the officers of a corporation is item 12 of Article 10, before it was item 11.
_RENUMBERED = date(2019, 9, 14)


@dataclass(frozen=True)
class BarredNamesake:
    """Somebody in office at `organization_id` on `revoked_on`; the bar runs up to and with `bar_until`."""

    name_key: str
    name: str
    position: OfficerPosition
    organization_id: int
    organization_name: str
    kind: OrganizationKind
    revoked_on: date
    bar_until: date


def officers_clause(kind: OrganizationKind, on: date) -> Provision:
    """The item in force on that day by which a disqualified officer disqualifies the body: Art. 26(v) for a licence,
    Art. 10(xii) for an accreditation, which was Art. 10(xi) until 2019-09-13."""
    if kind is OrganizationKind.SUPERVISING:
        return provision("TIT-26-5", on)
    return provision("TIT-10-12" if on >= _RENUMBERED else "TIT-10-11", on)


def follows(starts_on: date, ends_on: date | None, revoked_on: date, bar_until: date, on: date) -> bool:
    """Whether a revocation follows an officer to the day `on`: in office on the day of the revocation, the bar not yet
    over, its last day included."""
    in_office = starts_on <= revoked_on and (ends_on is None or ends_on >= revoked_on)
    return in_office and revoked_on <= on <= bar_until


def barred_namesakes(session: Session, name_keys: Iterable[str], on: date) -> dict[str, list[BarredNamesake]]:
    """{name_key: officers of that name whom a revocation follows to the day `on`}, as `follows` says; keys without any
    are left out. One statement for each few thousand names. Unscoped: the warning is for whoever may enter the name."""
    found: dict[str, list[BarredNamesake]] = {}
    for part in chunks(sorted(name_keys)):
        for row in session.execute(_statement(part, on)):
            found.setdefault(row.name_key, []).append(BarredNamesake(**row._mapping))
    return found


def _statement(name_keys: list[str], on: date) -> sa.Select[Any]:
    license = _revoked(License, License.organization_id, LicenseState.REVOKED, name_keys, on)
    plans = _revoked(TrainingPlan, TrainingPlan.implementing_organization_id, PlanState.REVOKED, name_keys, on)
    both = sa.union(license, plans).subquery()
    order = (both.c.name_key, both.c.bar_until.desc(), both.c.organization_id, both.c.position)
    return sa.select(*both.c).order_by(*order)


def _revoked(table: Any, owner: Any, state: Any, name_keys: list[str], on: date) -> sa.Select[Any]:
    in_office = sa.and_(
        Officer.starts_on <= table.revoked_on, sa.func.coalesce(Officer.ends_on, table.revoked_on) >= table.revoked_on
    )
    return (
        sa.select(
            Officer.name_key,
            Officer.name,
            Officer.position,
            Organization.id.label("organization_id"),
            Organization.name.label("organization_name"),
            Organization.kind,
            table.revoked_on,
            table.bar_until,
        )
        .join(Organization, Organization.id == Officer.organization_id)
        .join(table, owner == Organization.id)
        .where(
            Officer.name_key.in_(name_keys),
            table.state == state,
            table.revoked_on <= on,
            table.bar_until >= on,
            in_office,
        )
    )


def as_finding(one: BarredNamesake, kind: OrganizationKind, on: date) -> Finding:
    """In words, with the item that would disqualify a body of `kind` if it is the same person."""
    clause = officers_clause(kind, on)
    message = N_(
        "「%(name)s」と同じ名前の%(position)sが、取消しを受けた「%(organization)s」に取消しの日（%(revoked)s）に在任して"
        "いました。同一人物であれば%(until)sまで欠格事由に該当します。本人かどうかを確かめてください（%(clause)s）。"
    )
    return Finding(
        message,
        {
            "name": one.name,
            "position": one.position,
            "organization": one.organization_name,
            "revoked": one.revoked_on,
            "until": one.bar_until,
            "clause": Bilingual(citation_ja(clause), citation_en(clause)),
        },
        code="barred-namesake",
        organization_id=one.organization_id,
    )


def review_officers(
    session: Session, organization: Organization, name_keys: Iterable[str], on: date
) -> dict[str, list[Finding]]:
    """{name_key: findings} for officers of a body; what its own revocation says of them is no news to it."""
    return {
        key: findings
        for key, rows in barred_namesakes(session, name_keys, on).items()
        if (
            findings := [
                as_finding(row, organization.kind, on) for row in rows if row.organization_id != organization.id
            ]
        )
    }
