import datetime as dt

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from imports.layouts.registry import LAYOUTS
from imports.layouts.tables import Recognized
from imports.workbook import errors
from tests.workbooks import (
    SUPERVISING_HEADER,
    SUPERVISING_ROW,
    changed,
    recognized,
    records,
    supervising_list,
    table_bytes,
)

H = SUPERVISING_HEADER
OTHER = changed(SUPERVISING_ROW, H, 監理団体名="すだち協同組合", 住所="松山市架空町9")


def test_a_two_row_header_merged_both_ways_is_found() -> None:
    top = ("№", "監理団体", None, None, None, "許可", None)
    bottom = (None, "名称", "フリガナ", "都道府県", "住所", "年月日", "有効期限")
    row = (1, "みかん山協同組合", "ミカンヤマ", "愛媛県", "松山市", "平成30年1月31日", "令和12年1月30日")

    def merge(sheet: Worksheet) -> None:
        for area in ("A3:A4", "B3:E3", "F3:G3"):
            sheet.merge_cells(area)

    # 年月日 alone names no column; 許可 over it makes it 許可年月日
    data = table_bytes([("一般監理事業",), (), top, bottom, row], merge)
    (record,) = records(data)
    assert record.errors == []
    assert record.values["licensed_on"] == dt.date(2018, 1, 31)
    assert record.cells["licensed_on"] == "F5"


def test_headers_match_whatever_their_width_spacing_and_marks() -> None:
    header = [f" {name}※" if name != "電話番号" else "ＴＥＬ" for name in H]
    assert records(table_bytes([("特定監理事業",), header, SUPERVISING_ROW]))[0].errors == []


def test_columns_are_found_in_any_order_and_unknown_ones_are_named() -> None:
    data = table_bytes([("一般",), ("整理番号", *reversed(H)), ("7", *reversed(SUPERVISING_ROW))])
    assert recognized(data).ignored_headers == ("整理番号",)
    assert records(data)[0].values["name"] == "みかん山協同組合"


def test_a_missing_required_header_is_refused_by_name() -> None:
    header = tuple(name for name in H if name != "許可年月日")
    with pytest.raises(errors.MissingHeaders) as refused:
        recognized(table_bytes([("一般",), header, SUPERVISING_ROW]))
    assert refused.value.params["headers"] == "許可年月日"


def test_a_doubled_header_is_refused_with_both_cells() -> None:
    with pytest.raises(errors.DoubledHeader) as refused:
        recognized(table_bytes([("一般",), (*H, "所在地"), SUPERVISING_ROW]))
    assert (refused.value.params["first"], refused.value.params["second"]) == ("D2", "K2")


def test_a_header_merged_over_two_columns_is_not_doubled() -> None:
    header, row = (*H[:4], None, *H[4:]), (*SUPERVISING_ROW[:4], None, *SUPERVISING_ROW[4:])
    data = table_bytes([("一般",), header, row], lambda sheet: sheet.merge_cells("D2:E2"))
    assert records(data)[0].errors == []


@pytest.mark.parametrize("rows", [[("買い物メモ",), ("卵", "牛乳")], [("名称", "住所")]])
def test_a_workbook_that_is_no_list_of_ours_is_refused(rows: list[tuple[str, ...]]) -> None:
    with pytest.raises(errors.UnknownLayout):
        recognized(table_bytes(rows))


def test_the_refusal_names_every_kind_of_list() -> None:
    assert [layout.title for layout in LAYOUTS.values() if layout.title not in errors.UnknownLayout.text] == []


def test_a_header_far_below_is_not_searched_for_ever() -> None:
    with pytest.raises(errors.UnknownLayout):
        recognized(table_bytes([*[("x",)] * 40, H]))


def test_a_hidden_column_that_would_be_read_is_refused_and_another_is_not() -> None:
    def hide(letter: str) -> bytes:
        def change(sheet: Worksheet) -> None:
            sheet.column_dimensions[letter].hidden = True

        return table_bytes([("一般",), (*H, "整理番号"), (*SUPERVISING_ROW, "7")], change)

    with pytest.raises(errors.HiddenColumn) as refused:
        recognized(hide("D"))
    assert (refused.value.params["column"], refused.value.params["header"]) == ("D", "住所")
    assert records(hide("K"))[0].errors == []


def test_a_hidden_row_is_an_error_of_that_row() -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[4].hidden = True

    first, second = records(table_bytes([("一般",), H, SUPERVISING_ROW, OTHER], hide))
    assert (first.errors, [error.code for error in second.errors]) == ([], ["hidden-row"])


@pytest.mark.parametrize(
    "line", [("計", 1), ("合計 3,718件",), ("※ 令和8年7月現在",), ("備考",), ("(注1) 介護を含む",), ("以下余白",)]
)
def test_the_table_ends_at_a_total_or_a_note(line: tuple[object, ...]) -> None:
    rows = records(supervising_list(SUPERVISING_ROW, OTHER, line, ("この一覧は毎月更新されます。",)))
    assert [row.errors for row in rows] == [[], []]


def test_a_record_below_the_end_is_an_error_and_never_lost() -> None:
    rows = records(supervising_list(SUPERVISING_ROW, ("合計", 1), OTHER))
    assert [[error.code for error in row.errors] for row in rows] == [[], ["below-the-end"]]
    assert rows[1].errors[0].params == {"row": 5}


def test_a_name_that_begins_like_a_total_does_not_end_the_table() -> None:
    rows = records(supervising_list(changed(SUPERVISING_ROW, H, 監理団体名="計器工業協同組合"), OTHER))
    assert [row.values["name"] for row in rows] == ["計器工業協同組合", "すだち協同組合"]


def test_subtotals_blank_rows_and_repeated_headers_are_passed_over() -> None:
    rows = records(supervising_list(SUPERVISING_ROW, ("小計", None, 1), (), H, OTHER))
    assert [(row.number, row.errors) for row in rows] == [(4, []), (8, [])]


def test_a_formula_is_an_error_on_its_cell_only_where_it_would_be_read() -> None:
    row = changed(SUPERVISING_ROW, H, 電話番号='="089-999"')
    (record,) = records(table_bytes([("一般",), (*H, "整理番号"), (*row, "=1+1")]))
    assert [(error.cell, error.header, error.code) for error in record.errors] == [("E3", "電話番号", "formula")]


def test_an_excel_error_value_is_an_error_on_its_cell() -> None:
    (record,) = records(supervising_list(changed(SUPERVISING_ROW, H, 介護="#N/A")))
    assert [(error.cell, error.code) for error in record.errors] == [("J4", "excel-error")]


def test_a_blank_required_cell_is_an_error_with_its_own_header() -> None:
    (record,) = records(supervising_list(changed(SUPERVISING_ROW, H, 許可の有効期限=" ")))
    assert [(error.cell, error.header, error.code) for error in record.errors] == [("G4", "許可の 有効期限", "blank")]


@pytest.mark.parametrize(
    ("title", "as_of"),
    [
        ("一般 監理団体一覧 令和8年7月27日 現在", dt.date(2026, 7, 27)),
        ("一般(２０２６年７月２７日時点)", dt.date(2026, 7, 27)),
        ("一般 R8.7.27現在", dt.date(2026, 7, 27)),
        ("一般 令和元年2月30日現在", None),
        ("一般 令和8年7月27日更新", None),
    ],
)
def test_the_as_of_date_is_read_from_the_title(title: str, as_of: dt.date | None) -> None:
    found: Recognized = recognized(supervising_list(SUPERVISING_ROW, title=title))
    assert found.as_of == as_of


def test_the_as_of_date_may_stand_in_a_date_cell_beside_its_word() -> None:
    data = table_bytes([("一般",), (dt.date(2026, 7, 27), "現在"), H, SUPERVISING_ROW])
    assert recognized(data).as_of == dt.date(2026, 7, 27)


def test_a_csv_list_is_read_like_a_workbook() -> None:
    lines = ["一般監理事業", ",".join(H).replace("\n", ""), ",".join(SUPERVISING_ROW)]
    (record,) = records("\r\n".join(lines).encode("cp932"), "一覧.csv")
    assert record.errors == []
    assert record.values["licence_class"] == "general"
