"""The list of the first case as a file: exactly the published facts, readable back."""

import csv
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy.orm import Session

from imports.exports.revocations import ListArticle, Selection, entries, totals
from imports.exports.services import FileFormat, export_revocations
from imports.workbook.reading import open_workbook
from inspections.dispositions import effects
from inspections.dispositions.models import Disposition
from organizations.plans.models import TrainingPlan
from otit.audit.models import AuditEvent
from otit.auth.models import User
from otit.auth.permissions import Role
from otit.errors import NotPermitted
from tests.cases import FIRST_CASE, NOON, REASON, first_company, revoked, statements
from tests.factories import TODAY, Factories
from tests.pages import Browser

FY2018 = Selection(ListArticle.ACCREDITATION_REVOCATION, 2018, TODAY)
REASON_CELL = f"法第16条第1項第3号(第10条第2号該当)\n{REASON}"


@pytest.fixture
def manager(factories: Factories) -> User:
    return factories.user(Role.MANAGER)


@pytest.fixture
def case(session: Session, factories: Factories, manager: User) -> Disposition:
    company = first_company(factories)
    plans = list(session.scalars(sa.select(TrainingPlan).order_by(TrainingPlan.number)))
    return revoked(session, manager.actor, company, plans)


def first_sheet(content: bytes) -> Worksheet:
    sheet: Any = openpyxl.load_workbook(io.BytesIO(content))["一覧"]
    assert isinstance(sheet, Worksheet)
    return sheet


def test_the_workbook_holds_exactly_the_first_case(session: Session, manager: User, case: Disposition) -> None:
    made = export_revocations(session, manager.actor, FY2018, FileFormat.XLSX, now=NOON)
    sheet = first_sheet(made.content)
    assert sheet["A1"].value == "実習実施者に対する認定の取消し（技能実習法第16条第1項）　平成30年度"
    assert sheet["A2"].value == "令和8年11月24日現在"
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    revoked_on = datetime(2018, 7, 3)  # noqa: DTZ001 - a date cell
    authority = "法務大臣及び厚生労働大臣"
    head = ["株式会社架空伊予縫製", "代表取締役　架空　太郎", "愛媛県松山市架空町1-1"]
    days = [datetime(d.year, d.month, d.day) for d in FIRST_CASE.values()]  # noqa: DTZ001
    numbers = list(FIRST_CASE)
    assert rows == [
        [
            "実習実施者名",
            "代表者",
            "所在地",
            "認定番号",
            "措置理由",
            "措置年月日",
            "認定年月日",
            "処分権者",
            "公示日",
        ],
        [*head, numbers[0], REASON_CELL, revoked_on, days[0], authority, None],
        *(
            [None, None, None, number, None, None, day, None, None]
            for number, day in zip(numbers[1:], days[1:], strict=True)
        ),
    ]
    assert sheet["F4"].is_date
    assert sheet["F4"].number_format == "[$-411]ge.m.d"
    assert {str(r) for r in sheet.merged_cells.ranges} == {
        "A4:A7",
        "B4:B7",
        "C4:C7",
        "E4:E7",
        "F4:F7",
        "H4:H7",
        "I4:I7",
    }


def test_the_workbook_prints_on_a4_with_its_header_on_each_page(
    session: Session, manager: User, case: Disposition
) -> None:
    sheet = first_sheet(export_revocations(session, manager.actor, FY2018, FileFormat.XLSX, now=NOON).content)
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$1:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)


def test_no_row_is_higher_than_excel_allows(session: Session, manager: User, case: Disposition) -> None:
    assert case.decision is not None
    case.decision.reason = "長い理由\n" * 800
    sheet = first_sheet(export_revocations(session, manager.actor, FY2018, FileFormat.XLSX, now=NOON).content)
    heights = [row.height for row in sheet.row_dimensions.values() if row.height]
    assert heights
    assert max(heights) <= 409


def test_the_second_sheet_says_what_the_list_rests_on(session: Session, manager: User, case: Disposition) -> None:
    made = export_revocations(session, manager.actor, FY2018, FileFormat.XLSX, now=NOON)
    sheet: Any = openpyxl.load_workbook(io.BytesIO(made.content))["作成条件"]
    basis = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert basis["基準日"] == datetime(2026, 11, 24)  # noqa: DTZ001
    assert basis["対象期間"] == "平成30年4月1日から平成31年3月31日まで（効力発生日による）"
    assert (basis["団体数"], basis["計画数（認定番号の数）"]) == (1, 4)
    assert (basis["作成者"], basis["範囲"]) == (manager.display_name, "全国")


def test_our_own_reader_reads_the_workbook_back(session: Session, manager: User, case: Disposition) -> None:
    made = export_revocations(session, manager.actor, FY2018, FileFormat.XLSX, now=NOON)
    sheets = open_workbook(made.content, made.name)
    texts = [str(cell.value) for row in sheets[0].rows() for cell in row.cells]
    assert all(number in texts for number in FIRST_CASE)


def test_the_csv_has_one_line_for_each_number_with_the_body_repeated(
    session: Session, manager: User, case: Disposition
) -> None:
    content = export_revocations(session, manager.actor, FY2018, FileFormat.CSV, now=NOON).content
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert lines[0][:6] == ["実習実施者名", "代表者", "所在地", "認定番号", "措置理由", "措置年月日"]
    assert [line[3] for line in lines[1:]] == list(FIRST_CASE)
    assert {(line[0], line[5]) for line in lines[1:]} == {("株式会社架空伊予縫製", "2018-07-03")}


def test_text_from_data_never_becomes_a_formula(session: Session, manager: User, case: Disposition) -> None:
    case.organization.name = "=1+1"
    sheet = first_sheet(export_revocations(session, manager.actor, FY2018, FileFormat.XLSX, now=NOON).content)
    assert (sheet["A4"].value, sheet["A4"].data_type) == ("=1+1", "s")


def test_an_annulled_revocation_leaves_the_list(session: Session, manager: User, case: Disposition) -> None:
    assert totals(session, manager.actor, FY2018).plans == 4
    on = date(2019, 1, 10)
    effects.annul(session, manager.actor, case, on=on, reason="裁決による。", document_number="", now=NOON)
    assert entries(session, manager.actor, FY2018) == []
    sheet = first_sheet(export_revocations(session, manager.actor, FY2018, FileFormat.XLSX, now=NOON).content)
    assert sheet["A4"].value == "該当なし"


@pytest.mark.parametrize(("year", "found"), [(2017, 0), (2018, 1), (2019, 0)])
def test_a_disposition_stands_in_the_year_of_its_effect(
    session: Session, manager: User, case: Disposition, year: int, found: int
) -> None:
    selection = Selection(ListArticle.ACCREDITATION_REVOCATION, year, TODAY)
    assert len(entries(session, manager.actor, selection)) == found


def test_another_article_does_not_hold_it(session: Session, manager: User, case: Disposition) -> None:
    for article in ListArticle:
        expected = 1 if article is ListArticle.ACCREDITATION_REVOCATION else 0
        assert totals(session, manager.actor, Selection(article, 2018, TODAY)).dispositions == expected


def test_an_office_exports_its_own_files_only(session: Session, factories: Factories, case: Disposition) -> None:
    inside, outside = factories.user(Role.INSPECTOR), factories.user(Role.INSPECTOR, office_code="06")
    assert len(entries(session, inside.actor, FY2018)) == 1
    assert entries(session, outside.actor, FY2018) == []


@pytest.mark.parametrize("role", [Role.READ_ONLY, Role.LABOUR_STANDARDS, Role.ADMINISTRATOR])
def test_who_may_not_export_gets_no_file(session: Session, factories: Factories, role: Role) -> None:
    with pytest.raises(NotPermitted):
        export_revocations(session, factories.user(role).actor, FY2018, FileFormat.CSV, now=NOON)


def test_the_page_shows_what_the_file_will_hold_and_the_download_is_audited(
    browser: Browser, session: Session, manager: User, case: Disposition
) -> None:
    browser.sign_in(manager)
    page = browser.get("/exports/revocations", article="16", year="2018")
    assert all(number in page.text for number in FIRST_CASE)
    assert "該当 1 件" in page.text
    wanted = {"article": "16", "year": "2018", "format": "xlsx"}
    answer = browser.send("/exports/revocations/file", wanted, status=200, page="")
    assert first_sheet(answer.data)["D7"].value == "認1711001494"
    assert "revocations-16-2018-20261124.xlsx" in answer.headers["Content-Disposition"]
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "export.revocations")).one()
    assert (event.subject_id, event.detail["bodies"], event.detail["plans"]) == ("revocations/16/2018", 1, 4)


def test_the_page_takes_no_more_statements_for_more_bodies(
    browser: Browser, session: Session, manager: User, case: Disposition
) -> None:
    browser.sign_in(manager)
    with statements() as counted:
        browser.get("/exports/revocations", article="16", year="2018")
    assert len(counted) <= 8, counted


def test_an_address_that_asks_for_no_list_shows_the_present_year(browser: Browser, manager: User) -> None:
    browser.sign_in(manager)
    page = browser.get("/exports/revocations", article="99", year="1900")
    assert "この年度に、この条文による処分はありません" in page.text
    browser.send("/exports/revocations/file", {"article": "99", "year": "1900", "format": "xlsx"}, status=404, page="")


def test_the_command_writes_the_same_file(app: Flask, session: Session, case: Disposition, tmp_path: Path) -> None:
    session.commit()
    target = tmp_path / "list.xlsx"
    runner = app.test_cli_runner()
    done = runner.invoke(args=["export", "revocations", "--article", "16", "--year", "2018", "-o", str(target)])
    assert done.exit_code == 0, done.output
    assert "1 bodies, 4 plans" in done.output
    assert first_sheet(target.read_bytes())["D4"].value == "認1711001206"
    assert session.scalars(sa.select(AuditEvent.actor).where(AuditEvent.action == "export.revocations")).one() == (
        "system:command-line"
    )
    too_early = runner.invoke(args=["export", "revocations", "--article", "16", "--year", "2010", "-o", str(target)])
    assert too_early.exit_code == 2
