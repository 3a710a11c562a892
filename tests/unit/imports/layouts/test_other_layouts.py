import datetime as dt

import pytest
from stdnum.jp import cn

from imports.batches.kinds import importer_for
from imports.batches.states import ImportKind
from imports.layouts.base import header_key
from imports.layouts.registry import LAYOUTS, detect_layout, recognize
from imports.workbook.reading import open_workbook
from tests.workbooks import (
    IMPLEMENTING_HEADER,
    IMPLEMENTING_ROW,
    PLAN_HEADER,
    PLAN_ROW,
    changed,
    records,
    table_bytes,
)

CORPORATE = cn.calc_check_digit("999900000001") + "999900000001"


def implementing(*rows: tuple[object, ...]) -> bytes:
    return table_bytes([("実習実施者一覧",), IMPLEMENTING_HEADER, *rows])


def plans(*rows: tuple[object, ...], merge: str | None = None) -> bytes:
    return table_bytes([PLAN_HEADER, *rows], (lambda sheet: sheet.merge_cells(merge)) if merge else None)


def lone(number: str, **values: object) -> tuple[object, ...]:
    return changed((None,) * len(PLAN_HEADER), PLAN_HEADER, 認定番号=number, **values)


def test_implementing_organizations_are_read_and_may_be_individuals() -> None:
    data = implementing(IMPLEMENTING_ROW)
    assert detect_layout(open_workbook(data, "a.xlsx")).code == "implementing"
    (row,) = records(data)
    assert row.errors == []
    assert row.values["corporate_number"] is None
    assert row.values["prefecture"] == "38"
    assert row.values["notified_on"] == dt.date(2020, 4, 1)
    assert row.values["full_time_staff"] == 35


def test_a_corporate_number_with_a_wrong_check_digit_is_an_error() -> None:
    wrong = str(int(CORPORATE[0]) % 9 + 1) + CORPORATE[1:]
    good, bad = records(
        implementing(
            changed(IMPLEMENTING_ROW, IMPLEMENTING_HEADER, 法人番号=int(CORPORATE)),
            changed(IMPLEMENTING_ROW, IMPLEMENTING_HEADER, 届出受理番号="1711000002", 法人番号=wrong),
        )
    )
    assert good.values["corporate_number"] == CORPORATE
    assert [(error.cell, error.code, error.value) for error in bad.errors] == [("E4", "wrong-check-digit", wrong)]


def test_an_organization_without_a_number_is_known_by_name_and_address() -> None:
    nameless = changed(IMPLEMENTING_ROW, IMPLEMENTING_HEADER, 届出受理番号=None)
    spelled = changed(nameless, IMPLEMENTING_HEADER, 実習実施者名="㈱架空縫製")
    assert [[error.code for error in row.errors] for row in records(implementing(nameless, spelled))] == [
        [],
        ["repeated-key"],
    ]


def test_plans_are_read() -> None:
    data = plans(PLAN_ROW)
    assert detect_layout(open_workbook(data, "a.xlsx")).code == "plans"
    (row,) = records(data)
    assert row.errors == []
    assert row.values["accreditation_number"] == "認1711001206"
    assert (row.values["category"], row.values["nationality"]) == ("D", "VNM")
    assert (row.values["accredited_on"], row.values["prefecture"]) == (dt.date(2018, 2, 20), "38")


def test_a_lone_accreditation_number_takes_everything_from_the_row_above() -> None:
    _, second = records(plans(PLAN_ROW, lone("認1711001207")))
    assert second.errors == []
    assert second.values["implementing_name"] == "株式会社架空縫製"
    assert second.values["accredited_on"] == dt.date(2018, 2, 20)
    assert "accredited_on" in second.inferred
    assert "accreditation_number" not in second.inferred


def test_a_row_that_says_more_takes_only_the_body_from_above() -> None:
    _, second = records(plans(PLAN_ROW, lone("認1711001207", 区分="E", 認定年月日="平成30年4月2日")))
    assert second.errors == []
    assert second.values["implementing_name"] == "株式会社架空縫製"
    assert (second.values["nationality"], second.values["starts_on"]) == (None, None)


def test_a_missing_name_beside_another_body_is_an_error_and_not_the_body_above() -> None:
    other = changed(PLAN_ROW, PLAN_HEADER, 認定番号="認1711001207", 実習実施者名=None, 届出受理番号="1711000099")
    _, second = records(plans(PLAN_ROW, other))
    assert [(error.cell, error.code) for error in second.errors] == [("B3", "blank")]


def test_a_body_merged_over_its_rows_holds_for_each_of_them() -> None:
    second = changed(PLAN_ROW, PLAN_HEADER, 認定番号="認1711001207", 実習実施者名=None)
    rows = records(plans(PLAN_ROW, second, merge="B2:B3"))
    assert [row.values["implementing_name"] for row in rows] == ["株式会社架空縫製"] * 2
    assert [row.errors for row in rows] == [[], []]


@pytest.mark.parametrize("mark", ["〃", "同上", "々", "同"])
def test_a_ditto_mark_takes_the_value_above(mark: str) -> None:
    second = changed(PLAN_ROW, PLAN_HEADER, 認定番号="認1711001207", 国籍=mark)
    row = records(plans(PLAN_ROW, second))[1]
    assert row.values["nationality"] == "VNM"
    assert "nationality" in row.inferred


def test_a_ditto_mark_with_nothing_above_is_an_error() -> None:
    (row,) = records(plans(changed(PLAN_ROW, PLAN_HEADER, 国籍="〃")))
    assert [(error.cell, error.code) for error in row.errors] == [("I2", "ditto-without-source")]


def test_several_numbers_in_one_cell_are_several_plans() -> None:
    rows = records(plans(changed(PLAN_ROW, PLAN_HEADER, 認定番号="認1711001206\n認1711001207")))
    assert [(row.number, row.values["accreditation_number"]) for row in rows] == [
        (2, "認1711001206"),
        (2, "認1711001207"),
    ]


def test_the_same_accreditation_number_twice_is_an_error_on_the_later_row_only() -> None:
    first, second = records(plans(PLAN_ROW, PLAN_ROW))
    assert first.errors == []
    assert [(error.cell, error.code, error.params["row"]) for error in second.errors] == [("A3", "repeated-key", 2)]


def test_a_plan_that_ends_before_it_starts_is_an_error() -> None:
    (row,) = records(plans(changed(PLAN_ROW, PLAN_HEADER, 実習終了日="2018/3/31")))
    assert [(error.cell, error.code) for error in row.errors] == [("L2", "end-before-start")]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.code)
def test_no_header_belongs_to_two_columns_of_a_layout(layout) -> None:  # type: ignore[no-untyped-def]
    names = [name for column in layout.columns for name in column.names]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.code)
def test_each_layout_is_recognized_by_its_own_titles(layout) -> None:  # type: ignore[no-untyped-def]
    data = table_bytes([("一般監理事業",), [column.title for column in layout.columns]])
    assert recognize(open_workbook(data, "a.xlsx")).layout is layout


@pytest.mark.parametrize("kind", ImportKind)
def test_what_a_blank_workbook_asks_for_is_kept(kind: ImportKind) -> None:
    """What the register keeps nothing of is known by its header only, and asked for by no workbook given out."""
    layout = LAYOUTS[kind.value]
    assert {column.field for column in layout.columns} <= {one.source for one in importer_for(kind).reader.fields}
    assert not [column.title for column in layout.columns if layout.passes_over(header_key(column.title))]


def test_what_stands_in_a_column_that_is_passed_over_is_no_fault() -> None:
    header = (*IMPLEMENTING_HEADER, "監理団体許可番号", "備考", "備考")
    data = table_bytes([("実習実施者一覧",), header, (*IMPLEMENTING_ROW, "不明", "=1/0", "長" * 3000)])
    (row,) = records(data)
    assert row.errors == []
    assert row.warnings == []
    assert recognize(open_workbook(data, "a.xlsx")).ignored_headers == ("監理団体名", "監理団体許可番号", "備考")


def test_the_name_of_another_body_is_never_that_of_the_body() -> None:
    top, bottom = list(IMPLEMENTING_HEADER), [None] * len(IMPLEMENTING_HEADER)
    top[-1], bottom[-1] = "監理団体", "名称"
    (row,) = records(table_bytes([("実習実施者一覧",), tuple(top), tuple(bottom), IMPLEMENTING_ROW]))
    assert (row.errors, row.values["name"]) == ([], "株式会社架空縫製")
