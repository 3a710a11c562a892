"""Reports to governments under the memoranda of cooperation, in each state; one has been waiting for too long."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from inspections.moc.models import MocReport, MocStep
from inspections.moc.states import MocAct, MocMeasure, MocState
from otit.clock import fiscal_year
from otit.demo.people import People
from otit.demo.world import Row, World
from otit.numbering import next_number


@dataclass(frozen=True)
class Report:
    """Days are counted back from today; `due` counts ahead."""

    country: str
    place: int
    facts: str
    drafted: int
    approved: int | None = None
    sent: int | None = None
    due: int | None = None
    acknowledged: int | None = None
    answered: int | None = None
    no_reply: int | None = None
    closed: int | None = None
    measure: MocMeasure | None = None

    @property
    def state(self) -> MocState:
        reached = (
            (self.closed, MocState.CLOSED),
            (self.no_reply, MocState.NO_REPLY),
            (self.answered, MocState.ANSWERED),
            (self.acknowledged, MocState.ACKNOWLEDGED),
            (self.sent, MocState.SENT),
            (self.approved, MocState.APPROVED),
        )
        return next((state for day, state in reached if day is not None), MocState.DRAFTED)


DEPOSIT: Final = "技能実習生から、送出しに当たり保証金を徴収していたとの申告が複数あった。"
CONTRACT: Final = "監理団体との間で、技能実習生の失踪の際の違約金を定めた契約を結んでいた。"
FORGED: Final = "提出された推薦状に、事実と異なる経歴の記載があった。"
FEES: Final = "徴収した手数料の内訳が、技能実習生に示されていなかった。"
REPORTS: Final = (
    Report("VNM", 3, DEPOSIT, 205, 198, 190, due=-100, acknowledged=176, answered=88, measure=MocMeasure.SUSPENSION),
    Report("VNM", 4, CONTRACT, 162, 155, 150, due=-58, acknowledged=141),
    Report("VNM", 0, FEES, 41, 36, 30, due=60),
    Report("VNM", 6, DEPOSIT, 9),
    Report("KHM", 1, FORGED, 128, 120, 112, due=-20),
    Report("IDN", 2, FEES, 88, 80, 74, due=16, acknowledged=60),
    Report(
        "PHL", 1, FEES, 330, 322, 315, due=-225, acknowledged=300, answered=240, closed=228, measure=MocMeasure.GUIDANCE
    ),
    Report("MMR", 0, DEPOSIT, 300, 292, 285, due=-195, no_reply=150),
    Report("NPL", 0, CONTRACT, 26, 12),
    Report("BGD", 0, FEES, 420, 410, 402, due=-310, answered=330, closed=320, measure=MocMeasure.NONE),
    Report("MMR", 2, FORGED, 4),
)
REQUEST: Final = (
    "事実関係を調査し、その結果と講じた措置を回答されたい。必要な場合は、指導又は認定の取消しを検討されたい。"
)


def write_reports(world: World, session: Session, people: People, sending: dict[str, list[Row]]) -> None:
    for report in sorted(REPORTS, key=lambda report: -report.drafted):
        _write(world, session, people, report, sending[report.country][report.place])


def _write(world: World, session: Session, people: People, report: Report, about: Row) -> None:
    def day(ago: int | None) -> date | None:
        return None if ago is None else world.ago(ago)

    drafted_on = world.ago(report.drafted)
    year = fiscal_year(drafted_on)
    row = world.rows.add(
        MocReport,
        number=f"通{year % 100:02d}-{next_number(session, 'moc_report', '00', year):04d}",
        sending_organization_id=about["id"],
        country=report.country,
        state=report.state,
        facts=report.facts,
        request=REQUEST,
        drafted_on=drafted_on,
        drafted_by_id=people.international["id"],
        approved_on=day(report.approved),
        approved_by_id=None if report.approved is None else people.manager["id"],
        sent_on=day(report.sent),
        sent_reference=None if report.sent is None else f"見本国際第{about['id'] * 3 + 100}号",
        answer_due_on=None if report.due is None else world.ahead(report.due),
        acknowledged_on=day(report.acknowledged),
        answered_on=day(report.answered),
        measure=report.measure,
        answer=None if report.answered is None else "調査の結果及び講じた措置について、文書で回答があった。",
        closed_on=day(report.closed),
        created_at=world.moment(drafted_on),
    )
    _take_steps(world, people, report, row)


def _take_steps(world: World, people: People, report: Report, row: Row) -> None:
    steps = (
        (MocAct.APPROVE, report.approved, people.manager),
        (MocAct.SEND, report.sent, people.international),
        (MocAct.ACKNOWLEDGE, report.acknowledged, people.international),
        (MocAct.ANSWER, report.answered, people.international),
        (MocAct.NOTE_NO_REPLY, report.no_reply, people.international),
        (MocAct.CLOSE, report.closed, people.international),
    )
    for act, ago, person in steps:
        if ago is None:
            continue
        world.rows.add(
            MocStep,
            report_id=row["id"],
            act=act,
            taken_on=world.ago(ago),
            reference=row["sent_reference"] if act is MocAct.SEND else None,
            recorded_by=person["display_name"],
            recorded_by_id=person["id"],
            recorded_at=world.moment(world.ago(ago), 15),
        )
