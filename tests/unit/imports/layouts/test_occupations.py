"""職種・作業一覧 as people make it: one code a row, operations below their occupation."""

import datetime as dt

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.workbooks import (
    OCCUPATION_HEADER,
    OCCUPATION_ROWS,
    changed,
    occupation_list,
    recognized,
    records,
    table_bytes,
)

OCCUPATION, OPERATION = OCCUPATION_ROWS[0], OCCUPATION_ROWS[1]
START = dt.date(2017, 11, 1)


def codes(data: bytes) -> list[tuple[object, ...]]:
    names = ("code", "name", "sector", "transferable", "valid_from", "valid_until")
    return [tuple(row.values[name] for name in names) for row in records(data)]


def errors(*rows: tuple[object, ...]) -> list[tuple[str, str]]:
    return [(error.cell, error.code) for row in records(occupation_list(*rows)) for error in row.errors]


def test_operations_take_from_their_occupation_what_they_leave_blank() -> None:
    data = occupation_list(*OCCUPATION_ROWS)
    found = recognized(data)
    assert (found.layout.code, found.as_of) == ("occupations", dt.date(2026, 11, 1))
    assert codes(data) == [
        ("3-6", "型枠施工", "建設", True, START, None),
        ("3-6-1", "型枠工事作業", "建設", True, START, None),
        ("3-7", "鉄筋施工", "建設", True, START, None),
        ("3-7-1", "鉄筋組立て作業", "建設", True, START, None),
        ("7-90", "架空職種", "その他", False, START, dt.date(2023, 3, 31)),
    ]
    assert {row.values["scheme"] for row in records(data)} == {"tit"}
    assert not [row.errors for row in records(data) if row.errors]


def test_merged_cells_and_other_headers_say_the_same() -> None:
    rows = [
        ("コード", "業種", "職種", "作業", "移行対象職種", "適用開始"),
        ("1-1", "農業", "耕種農業", None, "対象", dt.date(2017, 11, 1)),
        ("1-1-1", None, None, "施設園芸", None, None),
        ("1-2", None, "畜産農業", None, "対象外", dt.date(2017, 11, 1)),
        ("1-2-1", None, "〃", "養豚", "対象", "〃"),
    ]

    def merge(sheet: Worksheet) -> None:
        for cells in ("B2:B5", "C2:C3", "E2:E3", "F2:F3"):
            sheet.merge_cells(cells)

    data = table_bytes(rows, merge)
    assert not [row.errors for row in records(data) if row.errors]
    names = [
        (row.values["code"], row.values["name"], row.values["sector"], row.values["transferable"])
        for row in records(data)
    ]
    assert names == [
        ("1-1", "耕種農業", "農業", True),
        ("1-1-1", "施設園芸", "農業", True),
        ("1-2", "畜産農業", "農業", False),
        ("1-2-1", "養豚", "農業", True),
    ]


def test_an_operation_ends_when_its_own_row_says_so() -> None:
    ended = changed(OCCUPATION, OCCUPATION_HEADER, 適用終了日="R5.3.31")
    assert [row[5] for row in codes(occupation_list(ended, OPERATION))] == [dt.date(2023, 3, 31), None]
    again = changed(OPERATION, OCCUPATION_HEADER, 適用終了日="〃")
    assert [row[5] for row in codes(occupation_list(ended, again))] == [dt.date(2023, 3, 31)] * 2


def test_a_blank_sector_is_that_of_the_code() -> None:
    assert [row[2] for row in codes(occupation_list(changed(OCCUPATION, OCCUPATION_HEADER, 分野=None)))] == ["建設"]


@pytest.mark.parametrize(
    ("title", "scheme"), [("育成就労 職種一覧", "esd"), ("技能実習 職種一覧", "tit"), ("職種の一覧", "tit")]
)
def test_the_title_says_the_scheme(title: str, scheme: str) -> None:
    (row,) = records(occupation_list(OCCUPATION, title=title))
    assert row.values["scheme"] == scheme


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([changed(OCCUPATION, OCCUPATION_HEADER, 職種コード="三の六")], [("A4", "wrong-form")]),
        ([changed(OCCUPATION, OCCUPATION_HEADER, 職種コード=dt.date(2026, 3, 6))], [("A4", "wrong-type")]),
        ([changed(OCCUPATION, OCCUPATION_HEADER, 適用開始日=None)], [("F4", "blank")]),
        ([OCCUPATION, changed(OPERATION, OCCUPATION_HEADER, 適用開始日=None)], [("F5", "blank")]),
        ([changed(OCCUPATION, OCCUPATION_HEADER, 適用終了日="H29.10.31")], [("G4", "end-before-start")]),
        ([changed(OCCUPATION, OCCUPATION_HEADER, 作業名="型枠工事作業")], [("A4", "occupation-with-operation")]),
        ([OCCUPATION, changed(OPERATION, OCCUPATION_HEADER, 作業名=None)], [("D5", "blank")]),
        (
            [OCCUPATION, changed(OPERATION, OCCUPATION_HEADER, 職種コード="3-8", 作業名=None)],
            [("C5", "name-of-another")],
        ),
        ([changed(OCCUPATION, OCCUPATION_HEADER, 移行対象="多分")], [("E4", "wrong-form")]),
        ([OCCUPATION, OCCUPATION], [("C5", "repeated-key")]),
    ],
)
def test_what_cannot_be_read_names_its_cell(rows: list[tuple[object, ...]], found: list[tuple[str, str]]) -> None:
    assert errors(*rows) == found
