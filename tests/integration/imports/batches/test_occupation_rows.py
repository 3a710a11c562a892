"""職種・作業一覧 held against the list of occupations: dated versions that never overlap, and nothing is taken away."""

import io
from datetime import date

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from imports.batches.states import BatchState, ImportKind
from organizations.occupations.models import Occupation
from otit.audit.models import AuditEvent
from otit.law.terms import Scheme
from tests.workbooks import OCCUPATION_HEADER, OCCUPATION_ROWS, changed, occupation_list

FORMWORK, FORMWORK_OPERATION, ENDED = OCCUPATION_ROWS[0], OCCUPATION_ROWS[1], OCCUPATION_ROWS[4]
START = date(2017, 11, 1)


def row(source=FORMWORK, **values):
    return changed(source, OCCUPATION_HEADER, **values)


def all_versions(session):
    query = sa.select(Occupation).order_by(Occupation.sort_key, Occupation.valid_from)
    return [(one.code, one.name, one.valid_from, one.valid_until) for one in session.scalars(query)]


@pytest.fixture
def held(desk):
    return desk.bring_in(occupation_list(*OCCUPATION_ROWS))


def test_new_codes_are_entered_and_the_act_is_on_record(desk, session, held):
    assert (held.kind, held.state, desk.counts(held)) == (ImportKind.OCCUPATIONS, BatchState.APPLIED, (5, 0, 0, 0))
    assert all_versions(session) == [
        ("3-6", "型枠施工", START, None),
        ("3-6-1", "型枠工事作業", START, None),
        ("3-7", "鉄筋施工", START, None),
        ("3-7-1", "鉄筋組立て作業", START, None),
        ("7-90", "架空職種", START, date(2023, 3, 31)),
    ]
    one = session.scalars(sa.select(Occupation).filter_by(code="3-6-1")).one()
    assert (one.scheme, one.sort_key, one.sector, one.transferable, one.version) == (
        Scheme.TIT,
        "03-006-001",
        "建設",
        True,
        1,
    )
    event = session.scalars(sa.select(AuditEvent).filter_by(action="import.added")).one()
    assert (event.subject_type, event.detail["count"]) == ("occupations", 5)
    assert {line.target_id for line in desk.rows(held)} == set(session.scalars(sa.select(Occupation.id)))


def test_the_same_list_again_changes_nothing(desk, held):
    assert desk.read(occupation_list(*OCCUPATION_ROWS)).state is BatchState.UNCHANGED


def test_a_code_that_is_missing_from_a_list_stays(desk, session, held):
    assert desk.read(occupation_list(FORMWORK)).state is BatchState.UNCHANGED
    assert len(all_versions(session)) == 5


def test_a_blank_end_takes_no_end_away_and_is_remarked_on(desk, session, held):
    batch = desk.read(occupation_list(row(ENDED, 適用終了日=None)))
    assert (batch.state, desk.warnings(batch)) == (BatchState.UNCHANGED, ["ended"])


def test_a_new_version_follows_the_one_that_the_same_list_ends(desk, session, held):
    batch = desk.bring_in(occupation_list(row(職種名="型枠施工（新）", 適用開始日="R6.4.1"), row(適用終了日="R6.3.31")))
    assert desk.counts(batch) == (1, 1, 0, 0)
    assert all_versions(session)[:2] == [
        ("3-6", "型枠施工", START, date(2024, 3, 31)),
        ("3-6", "型枠施工（新）", date(2024, 4, 1), None),
    ]
    old = session.scalars(sa.select(Occupation).filter_by(code="3-6", valid_from=START)).one()
    assert old.version == 2


def test_a_corrected_name_is_shown_as_old_and_new(desk, session, held):
    batch = desk.read(occupation_list(row(職種名="型わく施工")))
    (line,) = desk.rows(batch)
    assert (line.verdict, line.changes) == ("changed", {"name": ["型枠施工", "型わく施工"]})


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        ([row(適用開始日="R6.4.1")], ["F4"]),  # the version of the register has no end
        ([row(適用開始日="R6.4.1"), row(適用終了日="R6.4.1")], ["F4", "F5"]),  # on one day both would hold
        ([row(ENDED, 適用開始日="R5.3.31", 適用終了日=None)], ["F4"]),
        ([row(ENDED, 適用開始日="H28.4.1", 適用終了日=None)], ["F4"]),
        (
            [row(職種コード="3-90", 適用終了日="R2.3.31"), row(職種コード="3-90", 適用開始日="R2.3.31")],
            ["F4", "F5"],
        ),
    ],
)
def test_periods_of_one_code_that_overlap_are_errors_with_cell_and_reason(desk, session, held, rows, cells):
    batch = desk.read(occupation_list(*rows))
    assert batch.state is BatchState.READ
    assert desk.reasons(batch) == [(cell, "overlap") for cell in cells]
    assert len(all_versions(session)) == 5


def test_a_code_of_the_other_scheme_is_another_code(desk, session, held):
    batch = desk.bring_in(occupation_list(row(適用開始日="R9.4.1"), title="育成就労 職種一覧"))
    assert desk.counts(batch) == (1, 0, 0, 0)


def test_an_operation_without_its_occupation_is_remarked_on(desk):
    lone = row(FORMWORK_OPERATION, 分野="建設", 職種名="型枠施工", 移行対象="○", 適用開始日="H29.11.1")
    batch = desk.read(occupation_list(lone))
    assert (batch.state, desk.warnings(batch)) == (BatchState.VALIDATED, ["no-occupation"])


def test_a_list_that_went_stale_is_not_applied(desk, session, held):
    batch = desk.read(occupation_list(row(職種名="型わく施工")))
    desk.confirm(batch)
    one = session.scalars(sa.select(Occupation).filter_by(code="3-6")).one()
    one.sector = "建設関係"
    session.commit()
    assert desk.apply(batch).state is BatchState.FAILED


def test_assessing_takes_one_statement_however_many_rows(desk, session, held):
    found: list[str] = []

    def note(connection, cursor, statement, *rest):
        if "occupations" in statement:
            found.append(statement)

    rows = [row(職種コード=f"6-{n}", 職種名=f"架空職種{n}", 分野="機械・金属") for n in range(1, 300)]
    sa.event.listen(session.get_bind(), "before_cursor_execute", note)
    batch = desk.read(occupation_list(*rows))
    sa.event.remove(session.get_bind(), "before_cursor_execute", note)
    assert desk.counts(batch) == (299, 0, 0, 0)
    assert len(found) == 1


def test_the_command_and_the_pages_take_such_a_list(app, session, desk, send, manager, work, latest, tmp_path):
    file = tmp_path / "職種.xlsx"
    file.write_bytes(occupation_list(*OCCUPATION_ROWS))
    result = app.test_cli_runner().invoke(args=["import", str(file), "--confirm"])
    assert result.exit_code == 0, result.output
    page = send(occupation_list(row(職種名="型わく施工"), row(ENDED, 適用開始日="R5.3.31")), "職種.xlsx")
    assert "職種・作業一覧" in page.text
    assert "変更前： 型枠施工" in page.text
    assert "コード7-90の適用期間が、登録済みの版（2017-11-01から）と重なります。" in page.text
    wrong = manager.send(f"/imports/{latest().id}/error-workbook", page="", status=200)
    sheet = load_workbook(io.BytesIO(wrong.data)).active
    assert "重なります" in sheet["F5"].comment.text
    assert manager.client.get("/imports/blank/occupations.xlsx").status_code == 200
