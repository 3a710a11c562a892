"""What a file tells of each row beyond the screen: read for a block of rows at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from imports.workbook.writing import ColumnKind, OutColumn
from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from organizations.sending.models import SendingOrganization
from otit.labels import Labelled
from otit.places import OFFICES
from otit.sql import among

Asked = tuple[OutColumn, Any]


@dataclass(frozen=True)
class Further:
    """`asked` are pairs of a column of the file and what it is read from; `key` is the id that the rows bear."""

    key: InstrumentedAttribute[int]
    asked: tuple[Asked, ...]

    @property
    def columns(self) -> tuple[OutColumn, ...]:
        return tuple(column for column, _source in self.asked)

    def read(self, session: Session, ids: Sequence[int]) -> dict[int, list[object]]:
        """{id: values in the order of the columns}. One statement."""
        statement: sa.Select[Any] = sa.select(self.key, *(source for _column, source in self.asked))
        if self.key.class_ is TrainingPlan:
            statement = statement.outerjoin(TrainingPlan.sending_organization)
        rows = session.execute(statement.where(among(self.key, ids)).order_by(self.key))
        return {row[0]: [_plain(*pair) for pair in zip(self.columns, row[1:], strict=True)] for row in rows}


def _plain(column: OutColumn, value: Any) -> object:
    if column is OFFICE:
        return OFFICES[value].name_ja
    return value.label if isinstance(value, Labelled) else value


def _day(title: str) -> OutColumn:
    return OutColumn(title, ColumnKind.ERA_DATE, 14)


def _code(title: str) -> OutColumn:
    return OutColumn(title, ColumnKind.CODE, 16)


OFFICE = OutColumn("担当事務所", width=14)
_BODY: tuple[Asked, ...] = (
    (OutColumn("フリガナ", width=34), Organization.kana),
    (_code("法人番号"), Organization.corporate_number),
    (OutColumn("代表者", width=20), Organization.representative),
    (_code("郵便番号"), Organization.postal_code),
    (OutColumn("所在地", width=40), Organization.address),
    (_code("電話"), Organization.phone),
    (OutColumn("業種", width=18), Organization.industry),
    (OutColumn("常勤職員数", ColumnKind.NUMBER, 12), Organization.staff_count),
)
FURTHER: dict[str, Further] = {
    "organizations.supervising": Further(Organization.id, _BODY),
    "organizations.implementing": Further(
        Organization.id,
        (
            *_BODY,
            (_day("届出受理日"), Organization.notified_on),
            (_day("最初の技能実習の開始"), Organization.first_training_on),
        ),
    ),
    "plans.index": Further(
        TrainingPlan.id,
        (
            (OutColumn("制度", width=14), TrainingPlan.scheme),
            (OFFICE, TrainingPlan.implementing_office_code),
            (_code("職種コード"), TrainingPlan.occupation_code),
            (OutColumn("送出機関", width=34), SendingOrganization.name),
            (_day("実習の開始日"), TrainingPlan.starts_on),
            (_day("終わった日"), TrainingPlan.ended_on),
            (_day("認定の取消しの日"), TrainingPlan.revoked_on),
            (_day("欠格期間の末日"), TrainingPlan.bar_until),
        ),
    ),
    "sending.index": Further(
        SendingOrganization.id,
        (
            (_code("整理番号"), SendingOrganization.reference_number),
            (OutColumn("所在地", width=40), SendingOrganization.address),
            (OutColumn("代表者", width=20), SendingOrganization.representative),
            (_day("認定の末日"), SendingOrganization.approval_ended_on),
        ),
    ),
}
