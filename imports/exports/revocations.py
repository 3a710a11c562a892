"""The lists of dispositions that the ministries publish, one for each article and fiscal year: what stands in them.

A disposition belongs to the fiscal year of its day of effect. What was annulled, or has not taken effect, is not in the
list. Who asks sees the files of their offices only.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.dispositions.models import Decision, Disposition, DispositionGround, DispositionPlan
from inspections.dispositions.queries import grounds_of
from inspections.dispositions.rules import cite
from inspections.dispositions.states import IN_FORCE, KINDS, DispositionKind
from organizations.licenses.models import License
from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.auth.scope import within_offices
from otit.clock import fiscal_year_range
from otit.labels import Labelled
from otit.law.authority import DispositionAuthority
from otit.text import N_
from otit.web.paging import Page, keyset_page


class ListArticle(Labelled):
    """The paragraph under which a list stands; the value is what the command line and the address take."""

    ACCREDITATION_REVOCATION = "16", N_("法第16条第1項（認定の取消し）")
    LICENSE_REVOCATION = "37", N_("法第37条第1項（許可の取消し）")
    IMPLEMENTING_IMPROVEMENT = "15", N_("法第15条第1項（実習実施者への改善命令）")
    SUPERVISING_IMPROVEMENT = "36", N_("法第36条第1項（監理団体への改善命令）")
    CLASS_DOWNGRADE = "37-2", N_("法第37条第2項（職権による区分の変更）")
    BUSINESS_SUSPENSION = "37-3", N_("法第37条第3項（事業停止命令）")

    @property
    def aimed_at(self) -> tuple[OrganizationKind, DispositionKind]:
        return _AIMED_AT[self]

    @property
    def paragraph(self) -> str:
        """16(1), 37(3)."""
        target, kind = self.aimed_at
        return KINDS[target][kind]


_AIMED_AT = {
    ListArticle.ACCREDITATION_REVOCATION: (OrganizationKind.IMPLEMENTING, DispositionKind.ACCREDITATION_REVOCATION),
    ListArticle.LICENSE_REVOCATION: (OrganizationKind.SUPERVISING, DispositionKind.LICENSE_REVOCATION),
    ListArticle.IMPLEMENTING_IMPROVEMENT: (OrganizationKind.IMPLEMENTING, DispositionKind.IMPROVEMENT_ORDER),
    ListArticle.SUPERVISING_IMPROVEMENT: (OrganizationKind.SUPERVISING, DispositionKind.IMPROVEMENT_ORDER),
    ListArticle.CLASS_DOWNGRADE: (OrganizationKind.SUPERVISING, DispositionKind.CLASS_DOWNGRADE),
    ListArticle.BUSINESS_SUSPENSION: (OrganizationKind.SUPERVISING, DispositionKind.BUSINESS_SUSPENSION),
}


@dataclass(frozen=True)
class Selection:
    """One list: its article, its fiscal year, and the day on which it is drawn up."""

    article: ListArticle
    year: int
    as_of: date


@dataclass(frozen=True)
class Number:
    """認定番号 with the day of accreditation; 許可番号 or 届出受理番号 with the day of licence or receipt."""

    number: str | None
    granted_on: date | None


@dataclass(frozen=True)
class Entry:
    """One disposition on one body, with the numbers it covers."""

    name: str
    representative: str | None
    address: str
    numbers: tuple[Number, ...]
    reason: str
    effective_on: date
    suspension_until: date | None
    authority: DispositionAuthority
    published_on: date | None


@dataclass(frozen=True)
class Totals:
    """Dispositions, bodies (each once) and, for revoked accreditations, plans."""

    dispositions: int
    bodies: int
    plans: int


def totals(session: Session, actor: Actor, selection: Selection) -> Totals:
    columns: list[Any] = [
        sa.func.count(Disposition.id),
        sa.func.count(Disposition.organization_id.distinct()),
    ]
    files = session.execute(_selected(sa.select(*columns), actor, selection)).one()
    plans = _selected(sa.select(sa.func.count(DispositionPlan.plan_id)), actor, selection).join(
        DispositionPlan, sa.and_(DispositionPlan.disposition_id == Disposition.id, DispositionPlan.decided)
    )
    return Totals(files[0], files[1], session.execute(plans).scalar_one())


def entries(session: Session, actor: Actor, selection: Selection) -> list[Entry]:
    """The whole list in its order: day of effect, then order of entry. Four statements, whatever its length."""
    actor.require(Permission.EXPORT_LISTS)
    statement = _selected(_columns(), actor, selection)
    rows = session.execute(statement.order_by(Disposition.effective_on, Disposition.id)).all()
    return _entries(session, rows)


def entry_page(session: Session, actor: Actor, selection: Selection, cursor: str | None) -> Page[Entry]:
    """A part of the same list, in the same order."""
    actor.require(Permission.EXPORT_LISTS)
    keys: list[Any] = [Disposition.effective_on, Disposition.id]
    page = keyset_page(session, _selected(_columns(), actor, selection), keys, cursor)
    return Page(_entries(session, page.rows), page.next_cursor, page.previous_cursor)


def _columns() -> sa.Select[Any]:
    columns: list[Any] = [Disposition, Decision, Organization, License]
    return sa.select(*columns)


def _selected(statement: sa.Select[Any], actor: Actor, selection: Selection) -> sa.Select[Any]:
    target, kind = selection.article.aimed_at
    first, last = fiscal_year_range(selection.year)
    return (
        statement.select_from(Disposition)
        .join(Disposition.decision)
        .join(Disposition.organization)
        .outerjoin(Disposition.license)
        .where(
            Disposition.state.in_(IN_FORCE),
            Decision.kind == kind,
            Organization.kind == target,
            Disposition.effective_on.between(first, min(last, selection.as_of)),
            within_offices(actor, Disposition.office_code),
        )
    )


def _entries(session: Session, rows: Sequence[Any]) -> list[Entry]:
    ids = [row.Disposition.id for row in rows]
    plans, reasons = _plans(session, ids), _grounds(session, ids)
    return [
        Entry(
            name=row.Organization.name,
            representative=row.Organization.representative,
            address=row.Organization.full_address,
            numbers=_numbers(row, plans),
            reason=f"{reasons[row.Disposition.id]}\n{row.Decision.reason}",
            effective_on=row.Disposition.effective_on,
            suspension_until=row.Decision.suspension_until,
            authority=DispositionAuthority(row.Decision.authority),
            published_on=row.Disposition.published_on,
        )
        for row in rows
    ]


def _plans(session: Session, ids: Sequence[int]) -> dict[int, list[Number]]:
    statement = (
        sa.select(DispositionPlan.disposition_id, TrainingPlan.number, TrainingPlan.accredited_on)
        .join(TrainingPlan, TrainingPlan.id == DispositionPlan.plan_id)
        .where(DispositionPlan.disposition_id.in_(ids), DispositionPlan.decided)
        .order_by(DispositionPlan.disposition_id, TrainingPlan.number)
    )
    found: dict[int, list[Number]] = defaultdict(list)
    for disposition_id, number, accredited_on in session.execute(statement):
        found[disposition_id].append(Number(number, accredited_on))
    return found


def _grounds(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """The citation of each decision: 法第16条第1項第3号(第10条第2号該当)."""
    statement = (
        sa.select(DispositionGround)
        .where(DispositionGround.disposition_id.in_(ids), DispositionGround.stage == "decision")
        .order_by(DispositionGround.disposition_id, DispositionGround.id)
    )
    found: dict[int, list[DispositionGround]] = defaultdict(list)
    for ground in session.scalars(statement):
        found[ground.disposition_id].append(ground)
    return {key: cite(grounds_of(grounds)) for key, grounds in found.items()}


def _numbers(row: Any, plans: dict[int, list[Number]]) -> tuple[Number, ...]:
    if row.Decision.kind is DispositionKind.ACCREDITATION_REVOCATION:
        return tuple(plans[row.Disposition.id])
    if row.License is not None:
        return (Number(row.License.number, row.License.licensed_on),)
    return (Number(row.Organization.notification_number, row.Organization.notified_on),)
