"""From a parsed row to facts, to JSON and back; spooled rows; the workbooks to fill in."""

import io
import json
from datetime import date

import pytest
from openpyxl import load_workbook

from imports.batches.facts import Assessment, differences
from imports.batches.files import blank_workbook
from imports.batches.kinds import importer_for
from imports.batches.services import clean_name
from imports.batches.spool import spooled
from imports.batches.states import ImportKind, Verdict
from imports.layouts.registry import recognize
from imports.workbook.reading import open_workbook
from organizations.licenses.states import LicenseClass
from otit.audit.trail import plain
from tests.workbooks import (
    IMPLEMENTING_HEADER,
    IMPLEMENTING_ROW,
    PLAN_HEADER,
    PLAN_ROW,
    SUPERVISING_ROW,
    changed,
    records,
    supervising_list,
    table_bytes,
)


def facts_of(kind, data):
    reader = importer_for(kind).reader
    return reader, reader.facts(records(data)[0])


def test_facts_survive_the_way_through_json():
    for kind, data in (
        (ImportKind.SUPERVISING, supervising_list(SUPERVISING_ROW)),
        (ImportKind.IMPLEMENTING, table_bytes([IMPLEMENTING_HEADER, IMPLEMENTING_ROW])),
        (ImportKind.PLANS, table_bytes([PLAN_HEADER, PLAN_ROW])),
    ):
        reader, facts = facts_of(kind, data)
        stored = json.loads(json.dumps(plain(facts), ensure_ascii=False))
        assert reader.load(stored) == facts


def test_facts_have_the_types_of_the_register():
    _reader, facts = facts_of(ImportKind.SUPERVISING, supervising_list(SUPERVISING_ROW))
    assert facts["license_class"] is LicenseClass.GENERAL
    assert facts["licensed_on"] == date(2018, 1, 31)
    assert facts["countries"] == ["CHN", "VNM"]
    assert "corporate_number" not in facts
    assert "license_number" not in facts


@pytest.mark.parametrize(
    ("column", "fact", "expected"),
    [
        ("電話番号", "phone", {"phone": None}),
        ("法人番号", "corporate_number", {}),
        ("常勤職員数", "staff_count", {"staff_count": None}),
    ],
)
def test_a_blank_cell_empties_what_may_be_empty_and_keeps_numbers(column, fact, expected):
    row = changed(IMPLEMENTING_ROW, IMPLEMENTING_HEADER, **{column: None})
    _reader, facts = facts_of(ImportKind.IMPLEMENTING, table_bytes([IMPLEMENTING_HEADER, row]))
    assert {name: value for name, value in facts.items() if name == fact} == expected


def test_a_verdict_follows_from_what_was_found():
    assert Assessment().verdict is Verdict.NEW
    assert Assessment(target_id=1).verdict is Verdict.UNCHANGED
    assert Assessment(target_id=1, changes={"name": ("a", "b")}).verdict is Verdict.CHANGED
    failed = Assessment(target_id=1)
    failed.fail("name", "誤り")
    assert failed.verdict is Verdict.ERROR


def test_differences_name_old_and_new_of_what_differs_only():
    record = {"id": 1, "name": "古い名", "phone": "1"}
    assert differences(record, {"name": "新しい名", "phone": "1"}) == {"name": ("古い名", "新しい名")}


def test_spooled_chunks_come_back_in_order_even_when_they_do_not_fit_into_memory():
    chunks = [[{"n": n, "text": "長い文字列" * 1000}] for n in range(600)]
    with spooled() as spool:
        for chunk in chunks:
            spool.write(chunk)
        assert list(spool.chunks()) == chunks


@pytest.mark.parametrize("kind", ImportKind)
def test_the_workbook_to_fill_in_reads_back_as_its_own_layout(kind):
    stream = blank_workbook(kind)
    recognized = recognize(open_workbook(stream.getvalue(), "記入用.xlsx"))
    assert recognized.layout.code == kind.value
    assert recognized.ignored_headers == ()
    found = recognized.tables[0].header.found
    assert set(found) == {column.field for column in recognized.layout.columns}


def test_a_filled_in_workbook_is_read():
    workbook = load_workbook(blank_workbook(ImportKind.SUPERVISING))
    sheet = workbook.active
    titles = [cell.value for cell in sheet[2]]
    values = {"監理団体名": "架空協同組合", "都道府県": "愛媛県", "住所": "松山市1", "許可区分": "特定"}
    values |= {"許可年月日": "令和6年6月1日", "許可の有効期限": "令和9年5月31日"}
    sheet.append([values.get(title) for title in titles])
    stream = io.BytesIO()
    workbook.save(stream)
    (row,) = records(stream.getvalue())
    assert row.errors == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (r"C:\Users\x\一覧.xlsx", "一覧.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("一覧\x00\n.xlsx", "一覧.xlsx"),
        ("", "file"),
    ],
)
def test_only_the_last_part_of_a_filename_is_kept(given, kept):
    assert clean_name(given) == kept


def test_a_long_filename_keeps_its_end():
    name = clean_name("長" * 300 + ".xlsx")
    assert len(name) == 200
    assert name.endswith(".xlsx")
