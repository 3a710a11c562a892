import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from imports.workbook.cells import CellValue, Sheet
from imports.workbook.csv_guard import guarded, unguarded
from imports.workbook.csv_writing import write_csv
from imports.workbook.error_workbook import MAX_COMMENTS, Mark, write_error_workbook
from imports.workbook.reading import open_workbook
from imports.workbook.writing import ColumnKind, OutColumn, OutSheet, sheet_name, write_workbook
from tests.workbooks import table_bytes

COLUMNS = (
    OutColumn("名称"),
    OutColumn("認定番号", ColumnKind.CODE),
    OutColumn("処分年月日", ColumnKind.ERA_DATE),
    OutColumn("公示日", ColumnKind.DATE),
    OutColumn("計画数", ColumnKind.NUMBER),
    OutColumn("介護", ColumnKind.FLAG),
)
ROW = ("株式会社架空縫製", "0012", dt.date(2018, 7, 3), dt.date(2018, 7, 4), 4, True)
DANGEROUS = ["=1+1", '=HYPERLINK("http://x.invalid","a")', "+81-3", "-5 %", "@SUM(A1)", "#N/A", "'=1", "＝1", "\t=1"]


def _written(*rows: tuple[object, ...], columns: tuple[OutColumn, ...] = COLUMNS, lines: tuple[str, ...] = ()) -> bytes:
    stream = io.BytesIO()
    write_workbook(stream, [OutSheet("取消一覧", columns, rows, lines)])
    return stream.getvalue()


def _values(sheet: Sheet) -> list[list[CellValue]]:
    return [list(row.values) for row in sheet.rows()]


def _opened(data: bytes, name: str) -> Worksheet:
    sheet = openpyxl.load_workbook(io.BytesIO(data))[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def test_what_is_written_reads_back() -> None:
    (sheet,) = open_workbook(_written(ROW), "a.xlsx")
    assert sheet.name == "取消一覧"
    assert _values(sheet)[1] == ["株式会社架空縫製", "0012", dt.date(2018, 7, 3), dt.date(2018, 7, 4), 4, "○"]


def test_dates_are_dates_with_an_era_format_and_codes_are_text() -> None:
    sheet = _opened(_written(ROW), "取消一覧")
    assert (sheet["C2"].is_date, sheet["C2"].number_format) == (True, "[$-411]ge.m.d")
    assert (sheet["B2"].data_type, sheet["B2"].number_format) == ("s", "@")


def test_the_header_stays_in_view_and_on_each_printed_page() -> None:
    sheet = _opened(_written(ROW, lines=("令和8年7月27日現在",)), "取消一覧")
    assert (sheet["A1"].value, sheet["A2"].value) == ("令和8年7月27日現在", "名称")
    assert sheet.freeze_panes == "A3"
    assert sheet.print_title_rows == "$1:$2"
    assert sheet["A2"].font.bold


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_never_becomes_a_formula_and_loses_nothing(text: str) -> None:
    data = _written((text,), columns=(OutColumn("名称"),))
    (sheet,) = open_workbook(data, "a.xlsx")
    cell = list(sheet.rows())[1].cell(1)
    assert (cell.value, cell.is_formula) == (text, False)
    assert _opened(data, "取消一覧")["A2"].data_type in ("s", "inlineStr")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\ufffe\uffff"), max_size=50))
def test_any_text_reads_back_from_a_workbook(text: str) -> None:
    (sheet,) = open_workbook(_written((text,), columns=(OutColumn("名称"),)), "a.xlsx")
    rows = list(sheet.rows())
    control = {code: "\ufffd" for code in range(0x20) if code not in (9, 10)}
    read = rows[1].cell(1).value if len(rows) > 1 else None
    expected = text.translate(control)
    assert read == expected or (read is None and not expected.strip())  # a blank row is no row


def test_a_literal_escape_is_not_taken_for_the_letter_it_names() -> None:
    (sheet,) = open_workbook(_written(("_x0041_",), columns=(OutColumn("名称"),)), "a.xlsx")
    assert _values(sheet)[1] == ["_x0041_"]


def test_a_long_table_continues_on_a_further_sheet_with_its_header() -> None:
    stream = io.BytesIO()
    rows = [(f"{n}",) for n in range(5)]
    write_workbook(stream, [OutSheet("計画", (OutColumn("番号"),), rows)], rows_per_sheet=2)
    sheets = open_workbook(stream.getvalue(), "a.xlsx")
    assert [sheet.name for sheet in sheets] == ["計画", "計画 (2)", "計画 (3)"]
    assert [value for sheet in sheets for (value,) in _values(sheet)] == [
        "番号",
        "0",
        "1",
        "番号",
        "2",
        "3",
        "番号",
        "4",
    ]


def test_an_empty_table_still_has_its_header() -> None:
    (sheet,) = open_workbook(_written(), "a.xlsx")
    assert _values(sheet) == [[column.title for column in COLUMNS]]


def test_a_row_of_another_length_than_the_header_is_a_fault() -> None:
    with pytest.raises(ValueError, match="shorter"):
        _written(("x",))


def test_a_text_longer_than_a_cell_is_a_fault_not_a_cut() -> None:
    with pytest.raises(ValueError, match="32767"):
        _written(("x" * 32_768,), columns=(OutColumn("名称"),))


@pytest.mark.parametrize(("name", "safe"), [("a/b:c", "a b c"), ("'x'", "x"), ("", "Sheet"), ("あ" * 40, "あ" * 31)])
def test_sheet_names_are_made_fit_for_excel(name: str, safe: str) -> None:
    assert sheet_name(name) == safe


@given(st.text())
def test_the_csv_guard_is_undone_exactly(text: str) -> None:
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", [text for text in DANGEROUS if not text.startswith("#")])
def test_no_csv_cell_begins_like_a_formula(text: str) -> None:
    assert guarded(text).startswith("'")


def test_csv_has_a_byte_order_mark_and_reads_back() -> None:
    stream = io.BytesIO()
    write_csv(stream, COLUMNS, [("=1+1", "0012", dt.date(2018, 7, 3), None, -5, False)])
    data = stream.getvalue()
    assert data.startswith(b"\xef\xbb\xbf")
    assert "'=1+1,0012,2018-07-03,,-5,\r\n" in data.decode("utf-8-sig")
    (sheet,) = open_workbook(data, "a.csv")
    assert _values(sheet)[1] == ["=1+1", "0012", "2018-07-03", None, "-5", None]


def _error_workbook(data: bytes, *marks: Mark) -> Worksheet:
    stream = io.BytesIO()
    write_error_workbook(stream, open_workbook(data, "a.xlsx"), marks)
    return _opened(stream.getvalue(), "一覧")


def test_the_error_workbook_gives_the_rows_back_in_their_places() -> None:
    rows = [("表題", None), (), ("名称", "日付"), ("架空", dt.date(2024, 3, 31)), ("=危険", 5)]
    data = table_bytes(rows, lambda sheet: sheet.merge_cells("A1:B1"))
    sheet = _error_workbook(data, Mark("一覧", "B5", "日付として読み取れません"))
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3, max_row=4)] == [
        ["名称", "日付"],
        ["架空", dt.datetime.combine(dt.date(2024, 3, 31), dt.time())],
    ]
    assert str(sheet.merged_cells) == "A1:B1"


def test_each_faulty_cell_is_marked_with_its_reasons_in_a_comment() -> None:
    data = table_bytes([("名称",), ("架空",)])
    sheet = _error_workbook(
        data, Mark("一覧", "A2", "一つ目"), Mark("一覧", "A2", "二つ目", False), Mark("一覧", "C2", "空欄です")
    )
    comment = sheet["A2"].comment
    assert comment is not None
    assert comment.text == "一つ目\n二つ目"
    assert sheet["A2"].fill.fgColor.rgb == "FFFFD6D6"
    assert sheet["C2"].comment is not None
    assert sheet["A1"].comment is None


def test_a_warning_looks_other_than_an_error() -> None:
    sheet = _error_workbook(table_bytes([("架空",)]), Mark("一覧", "A1", "確かめてください", False))
    assert (sheet["A1"].border.left.style, sheet["A1"].fill.fgColor.rgb) == ("dashed", "FFFFF2CC")


def test_beyond_the_comment_limit_cells_are_still_marked() -> None:
    count = MAX_COMMENTS + 1
    marks = [Mark("一覧", f"A{row}", "空欄") for row in range(1, count + 1)]
    sheet = _error_workbook(table_bytes([("x",)] * count), *marks)
    assert sheet[f"A{count}"].comment is None
    assert sheet[f"A{count}"].fill.fgColor.rgb == "FFFFD6D6"
