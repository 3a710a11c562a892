"""`otit import`: what it prints, what it leaves, how it ends."""

import json

import pytest
import sqlalchemy as sa

from imports.batches.models import ImportBatch
from imports.batches.states import BatchState
from organizations.register.models import Organization
from tests.workbooks import IMPLEMENTING_HEADER, IMPLEMENTING_ROW, changed, table_bytes

ROWS = [("実習実施者一覧",), IMPLEMENTING_HEADER, IMPLEMENTING_ROW]


@pytest.fixture
def run(app, session, tmp_path):
    """Run `otit import` on these rows (or bytes)."""

    def ran(rows, *options, name="一覧.xlsx"):
        session.commit()
        file = tmp_path / name
        file.write_bytes(rows if isinstance(rows, bytes) else table_bytes(rows))
        result = app.test_cli_runner().invoke(args=["import", str(file), *options])
        session.expire_all()
        return result

    return ran


def count(session):
    return session.scalar(sa.select(sa.func.count()).select_from(Organization))


def test_without_confirm_it_only_previews_and_the_batch_waits_for_a_person(run, session):
    result = run(ROWS)
    assert result.exit_code == 0, result.output
    first, counts = result.output.splitlines()
    assert first == "取込26-00001  一覧.xlsx  実習実施者一覧  確認待ち"
    assert counts == "新規 1  変更 0  変更なし 0  誤り 0"
    assert count(session) == 0
    batch = session.scalars(sa.select(ImportBatch)).one()
    assert (batch.state, batch.uploaded_by) == (BatchState.VALIDATED, "system:command-line")


def test_with_confirm_it_applies_and_a_second_time_changes_nothing(run, session):
    assert json.loads(run(ROWS, "--confirm", "--json").output)["applied"] is True
    assert count(session) == 1
    again = run(ROWS, "--confirm", "--json")
    report = json.loads(again.output)
    assert again.exit_code == 0
    assert (report["state"], report["applied"]) == ("unchanged", False)
    assert report["counts"] == {"new": 0, "changed": 0, "unchanged": 1, "error": 0}


def test_bad_rows_come_with_sheet_cell_and_reason_and_nothing_is_applied(run, session):
    bad = changed(IMPLEMENTING_ROW, IMPLEMENTING_HEADER, 届出受理番号="1711000002", 届出受理日="令和元年2月30日")
    result = run([*ROWS, bad], "--confirm")
    assert result.exit_code == 1
    assert result.output.splitlines()[1:] == [
        "新規 1  変更 0  変更なし 0  誤り 1",
        "  一覧 D4 届出受理日：暦に存在しない日付です。（令和元年2月30日）",
    ]
    assert count(session) == 0


def test_json_keys_are_english_and_stable(run):
    bad = changed(IMPLEMENTING_ROW, IMPLEMENTING_HEADER, 常勤職員数="多数")
    result = run([*ROWS[:2], bad], "--json")
    report = json.loads(result.output)
    assert result.exit_code == 1
    assert set(report) == {
        "number",
        "file",
        "sha256",
        "kind",
        "as_of",
        "state",
        "counts",
        "rows_with_warnings",
        "applied",
        "failure",
        "errors",
    }
    assert (report["kind"], report["state"], report["failure"]) == ("implementing", "read", None)
    (error,) = report["errors"]
    assert {name: error[name] for name in ("sheet", "row", "cell", "header", "code", "value")} == {
        "sheet": "一覧",
        "row": 3,
        "cell": "K3",
        "header": "常勤職員数",
        "code": "wrong-form",
        "value": "多数",
    }


def test_a_file_refused_at_the_door_or_when_read_ends_with_its_reason(run, session):
    door = run(b"no workbook")
    assert (door.exit_code, session.scalar(sa.select(sa.func.count()).select_from(ImportBatch))) == (1, 0)
    assert "壊れています" in door.output
    read = run([("a", "b"), (1, 2)], "--json")
    assert (read.exit_code, json.loads(read.output)["state"]) == (1, "failed")
    assert "種類を判定できません" in json.loads(read.output)["failure"]


def test_a_refusal_at_the_door_has_the_same_json_keys(run):
    assert set(json.loads(run(b"x", "--json").output)) == set(json.loads(run(ROWS, "--json").output))


def test_the_kind_may_be_forced(run):
    assert run(ROWS, "--kind", "plans").exit_code == 1
    assert run(ROWS, "--kind", "implementing").exit_code == 0


def test_messages_in_english_are_asked_for(run):
    result = run(ROWS, "--lang", "en")
    assert result.exit_code == 0
    assert "確認待ち" not in result.output
