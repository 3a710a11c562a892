"""The lists of the registers as files: the rows that the screen shows, in its order, and more about each.

The texts are those of an official Japanese paper and are the same whatever language the screens speak.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from imports.exports.further import FURTHER, Further
from imports.workbook.writing import ColumnKind, OutColumn
from organizations.plans.forms import PlanFilterForm
from organizations.plans.queries import plan_list
from organizations.register.forms import ImplementingFilterForm, SupervisingFilterForm
from organizations.register.queries import organization_list
from organizations.register.states import OrganizationKind
from organizations.sending.countries import MOC_COUNTRIES, country_name
from organizations.sending.forms import SendingFilterForm
from organizations.sending.queries import sending_list
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.errors import NotFound
from otit.labels import Labelled
from otit.places import OFFICES, PREFECTURES
from otit.web.filters import FilterForm
from otit.web.intake import LARGEST_ID
from otit.web.list_columns import CellKind, load_columns
from otit.web.paging import Listing

MOST_ROWS = 100_000
_AT_ONCE = 500
_KINDS: Mapping[CellKind, ColumnKind] = {
    "due": ColumnKind.ERA_DATE,
    "date": ColumnKind.ERA_DATE,
    "status": ColumnKind.TEXT,
    "text": ColumnKind.TEXT,
    "amount": ColumnKind.NUMBER,
}

Row = Any
Values = list[object]


@dataclass(frozen=True)
class RegisterList:
    """One list: the form that reads its filters, its rows, the columns of the screen with the values of a row, and what
    a file tells beyond. `place` is where upper subjects add columns to it."""

    title: str
    permission: Permission
    form: type[FilterForm]
    listing: Callable[[Session, Actor, Any, date], Listing]
    columns: tuple[OutColumn, ...]
    values: Callable[[Row], Values]
    further: Further
    place: str = ""


def _label(member: Labelled | None) -> str | None:
    return None if member is None else member.label


def _supervising(row: Row) -> Values:
    stopped = _label(row.status)
    return [
        row.number,
        _label(row.license_class),
        row.name,
        PREFECTURES[row.prefecture_code],
        OFFICES[row.office_code].name_ja,
        _label(row.license_state),
        stopped,
        row.expires_on,
    ]


def _implementing(row: Row) -> Values:
    office, prefecture = OFFICES[row.office_code].name_ja, PREFECTURES[row.prefecture_code]
    return [row.number, row.name, prefecture, office, _label(row.status)]


def _plan(row: Row) -> Values:
    return [
        row.number,
        f"{row.category.value} {row.category.label}",
        row.implementing_name,
        row.supervising_name,
        row.accredited_on,
        row.ends_on,
        row.state.label,
    ]


def _sending(row: Row) -> Values:
    moc = "締結国" if row.country in MOC_COUNTRIES else "未締結"
    return [
        row.number or row.reference_number,
        row.name,
        country_name(row.country, english=False),
        moc,
        row.approved_on,
        row.suspended_from,
    ]


def _plans(session: Session, actor: Actor, form: PlanFilterForm, _today: date) -> Listing:
    """The organization comes from the form that was sent, not from the address of the present page."""
    number = form.organization.data or ""
    if number and not (number.isascii() and number.isdigit() and len(number) <= len(str(LARGEST_ID))):
        raise NotFound()
    return plan_list(session, actor, replace(form.wanted(), organization_id=int(number) if number else None))


def _organizations(kind: OrganizationKind) -> Callable[[Session, Actor, Any, date], Listing]:
    return lambda _session, actor, form, _today: organization_list(actor, kind, form.wanted())


def _number(title: str) -> OutColumn:
    return OutColumn(title, ColumnKind.CODE, 18)


def _day(title: str) -> OutColumn:
    return OutColumn(title, ColumnKind.ERA_DATE, 14)


_NAME, _PREFECTURE, _OFFICE = (
    OutColumn("名称", width=34),
    OutColumn("都道府県", width=12),
    OutColumn("担当事務所", width=14),
)
LISTS: dict[str, RegisterList] = {
    "organizations.supervising": RegisterList(
        "監理団体",
        Permission.VIEW_REGISTERS,
        SupervisingFilterForm,
        _organizations(OrganizationKind.SUPERVISING),
        (
            _number("許可番号"),
            OutColumn("許可区分", width=16),
            _NAME,
            _PREFECTURE,
            _OFFICE,
            OutColumn("許可の状態", width=14),
            OutColumn("事業の状況", width=14),
            _day("有効期限"),
        ),
        _supervising,
        FURTHER["organizations.supervising"],
        "organizations",
    ),
    "organizations.implementing": RegisterList(
        "実習実施者",
        Permission.VIEW_REGISTERS,
        ImplementingFilterForm,
        _organizations(OrganizationKind.IMPLEMENTING),
        (_number("届出受理番号"), _NAME, _PREFECTURE, _OFFICE, OutColumn("事業の状況", width=14)),
        _implementing,
        FURTHER["organizations.implementing"],
        "organizations",
    ),
    "plans.index": RegisterList(
        "技能実習計画",
        Permission.VIEW_REGISTERS,
        PlanFilterForm,
        _plans,
        (
            _number("認定番号"),
            OutColumn("区分", width=20),
            OutColumn("実習実施者", width=34),
            OutColumn("監理団体", width=34),
            _day("認定年月日"),
            _day("終了予定"),
            OutColumn("状態", width=12),
        ),
        _plan,
        FURTHER["plans.index"],
    ),
    "sending.index": RegisterList(
        "送出機関",
        Permission.VIEW_SENDING,
        SendingFilterForm,
        lambda _session, _actor, form, today: sending_list(form.wanted(), today),
        (
            _number("番号"),
            OutColumn("名称", width=40),
            OutColumn("国", width=16),
            OutColumn("協力覚書", width=12),
            _day("認定の日"),
            _day("新規受入れの停止"),
        ),
        _sending,
        FURTHER["sending.index"],
    ),
}


def count(session: Session, listing: Listing) -> int:
    """As far as one more than a file may hold."""
    rows = listing.whole().order_by(None).limit(MOST_ROWS + 1)
    return session.scalar(sa.select(sa.func.count()).select_from(rows.subquery())) or 0


def table(
    session: Session, actor: Actor, chosen: RegisterList, listing: Listing
) -> tuple[Sequence[OutColumn], Iterator[Values]]:
    """The columns, those of upper subjects included, and the rows one by one: neither side is held in memory."""
    added = load_columns(chosen.place, session, actor, []).columns if chosen.place else ()
    extra = tuple(OutColumn(column.label, _KINDS[column.kind], 14) for column in added)
    rows = session.execute(listing.whole(), execution_options={"yield_per": _AT_ONCE})
    return (*chosen.columns, *chosen.further.columns, *extra), _values(session, actor, chosen, rows)


def _values(session: Session, actor: Actor, chosen: RegisterList, rows: Iterable[Row]) -> Iterator[Values]:
    remaining = iter(rows)
    while part := list(islice(remaining, _AT_ONCE)):
        ids = [row.id for row in part]
        further = chosen.further.read(session, ids)
        cells = load_columns(chosen.place, session, actor, ids).cells if chosen.place else dict.fromkeys(ids, ())
        for row in part:
            yield [*chosen.values(row), *further[row.id], *(_plain(value) for value in cells[row.id])]


def _plain(value: Any) -> object:
    return value.label if isinstance(value, Labelled) else value
