import datetime as dt
import io
import zipfile

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from imports.workbook import errors
from imports.workbook.cells import CellKind
from imports.workbook.limits import Limits
from imports.workbook.reading import open_workbook
from tests.workbooks import table_bytes, with_parts, workbook_bytes

SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
CFB = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504)


def _sheet_xml(rows: str, before: str = "", after: str = "") -> bytes:
    return f"{before}<worksheet {MAIN}><sheetData>{rows}</sheetData>{after}</worksheet>".encode()


def test_cells_have_the_names_that_excel_shows() -> None:
    def place(sheet: Worksheet) -> None:
        sheet["B7"] = "値"

    (sheet,) = open_workbook(table_bytes([], place), "a.xlsx")
    assert [(cell.ref, cell.value) for row in sheet.rows() for cell in row.cells if cell.value] == [("B7", "値")]


def test_values_come_with_their_types() -> None:
    def era(sheet: Worksheet) -> None:
        sheet["A1"].number_format = "[$-411]ge.m.d"

    (sheet,) = open_workbook(table_bytes([(dt.date(2024, 3, 31), 1234567890123, "文字", True, None)], era), "a.xlsx")
    (row,) = sheet.rows()
    assert [cell.value for cell in row.cells[:4]] == [dt.date(2024, 3, 31), 1234567890123, "文字", True]
    assert row.cell(9).value is None


def test_a_sheet_can_be_read_again_from_its_first_row() -> None:
    (sheet,) = open_workbook(table_bytes([("a",), ("b",)]), "a.xlsx")
    assert [row.values for row in sheet.rows()] == [row.values for row in sheet.rows()]


def test_a_formula_and_an_excel_error_are_told_from_values() -> None:
    (sheet,) = open_workbook(table_bytes([("=1+1", "#N/A", "値")]), "a.xlsx")
    (row,) = sheet.rows()
    assert [cell.kind for cell in row.cells] == [CellKind.FORMULA, CellKind.ERROR, CellKind.VALUE]


def test_every_cell_of_an_array_formula_is_a_formula() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2</f><v>1</v></c><c r="B1"><v>1</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c><c r="B2"><v>2</v></c></row>'
    )
    (sheet,) = open_workbook(with_parts(table_bytes([]), {SHEET: _sheet_xml(rows)}), "a.xlsx")
    assert [row.cell(1).is_formula for row in sheet.rows()] == [True, True]
    assert not any(row.cell(2).is_formula for row in sheet.rows())


def test_furigana_is_not_part_of_the_text() -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>架</t></r><r><t>空</t></r>'
        '<rPh sb="0" eb="1"><t>カクウ</t></rPh></is></c></row>'
    )
    (sheet,) = open_workbook(with_parts(table_bytes([]), {SHEET: _sheet_xml(rows)}), "a.xlsx")
    assert next(sheet.rows()).cell(1).value == "架空"


def test_cells_without_positions_and_with_a_namespace_prefix_are_read() -> None:
    xml = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        "<x:row><x:c><x:v>1</x:v></x:c><x:c><x:f>A1</x:f><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    (sheet,) = open_workbook(with_parts(table_bytes([]), {SHEET: xml.encode()}), "a.xlsx")
    (row,) = sheet.rows()
    assert (row.cell(1).value, row.cell(1).is_formula, row.cell(2).is_formula) == (1, False, True)


def test_a_merged_area_shows_the_value_of_its_top_left_cell() -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:B2")

    (sheet,) = open_workbook(table_bytes([("値", None, "x"), (None, None, "y")], merge), "a.xlsx")
    first, second = sheet.rows()
    assert (first.cell(1).origin, first.cell(2).value, first.cell(2).origin) == (None, "値", (1, 1))
    assert first.cell(2).covered_from_left
    assert not first.cell(2).inherited_from_above
    assert second.cell(1).inherited_from_above
    assert second.cell(1).value == "値"


def test_a_formula_under_a_merge_is_a_formula_in_each_covered_cell() -> None:
    (sheet,) = open_workbook(table_bytes([("=1+1", "x"), (None, "y")], lambda s: s.merge_cells("A1:A2")), "a.xlsx")
    assert [row.cell(1).is_formula for row in sheet.rows()] == [True, True]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_with_data_is_refused_by_name(state: str) -> None:
    def hide(workbook: Workbook) -> None:
        workbook["一覧"]["A1"] = "x"
        other = workbook.create_sheet("裏")
        other["A1"] = "x"
        other.sheet_state = state

    with pytest.raises(errors.HiddenSheet) as refused:
        open_workbook(workbook_bytes(hide), "a.xlsx")
    assert refused.value.params == {"sheet": "裏"}


def test_empty_and_chart_sheets_are_no_sheets() -> None:
    def build(workbook: Workbook) -> None:
        workbook["一覧"]["A1"] = "x"
        workbook.create_sheet("空").sheet_state = "hidden"
        workbook.create_chartsheet("図")

    assert [sheet.name for sheet in open_workbook(workbook_bytes(build), "a.xlsx")] == ["一覧"]


def test_hidden_rows_and_columns_are_marked() -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["B"].hidden = True

    (sheet,) = open_workbook(table_bytes([("a", "b"), ("c", "d")], hide), "a.xlsx")
    assert [row.hidden for row in sheet.rows()] == [False, True]
    assert sheet.hidden_columns == {2}


def test_a_row_without_height_is_hidden() -> None:
    rows = '<row r="1" ht="0" customHeight="1"><c r="A1"><v>1</v></c></row>'
    (sheet,) = open_workbook(with_parts(table_bytes([]), {SHEET: _sheet_xml(rows)}), "a.xlsx")
    assert next(sheet.rows()).hidden


def test_formatted_blank_cells_far_away_cost_nothing() -> None:
    def paint(sheet: Worksheet) -> None:
        sheet["XFD1048576"].font = Font(bold=True)

    (sheet,) = open_workbook(table_bytes([("a",)], paint), "a.xlsx")
    assert len(list(sheet.rows())) == 1


@pytest.mark.parametrize(
    ("data", "filename", "error"),
    [
        (b"", "a.xlsx", errors.EmptyFile),
        (b"hello", "a.xlsx", errors.NotAWorkbook),
        (b"%PDF-1.7", "a.pdf", errors.NotAWorkbook),
        (b"PK\x03\x04 broken", "a.xlsx", errors.NotAWorkbook),
        (CFB + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", errors.PasswordProtected),
        (CFB + "Workbook".encode("utf-16-le"), "a.xls", errors.OldExcelFormat),
    ],
)
def test_what_is_no_readable_workbook_is_refused_with_its_own_reason(
    data: bytes, filename: str, error: type[errors.WorkbookError]
) -> None:
    with pytest.raises(error):
        open_workbook(data, filename)


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ({"xl/workbook.bin": b"x"}, errors.BinaryWorkbook),
        ({"xl/vbaProject.bin": b"x"}, errors.MacroWorkbook),
        ({"xl/workbook.xml": None}, errors.NotAWorkbook),
        ({"xl/workbook.xml": b"<broken"}, errors.NotAWorkbook),
        ({"xl/_rels/workbook.xml.rels": None}, errors.NotAWorkbook),
        ({SHEET: b"<broken"}, errors.NotAWorkbook),
        ({SHEET: _sheet_xml('<row r="x"><c r="A1"><v>1</v></c></row>')}, errors.NotAWorkbook),
        ({SHEET: _sheet_xml('<row r="1"><c r="A1" t="s"><v>99</v></c></row>')}, errors.NotAWorkbook),
        (
            {SHEET: _sheet_xml("<row><c><v>1</v></c></row>", after='<mergeCells><mergeCell ref="?"/></mergeCells>')},
            errors.NotAWorkbook,
        ),
    ],
)
def test_a_damaged_or_foreign_package_is_refused(
    parts: dict[str, bytes | None], error: type[errors.WorkbookError]
) -> None:
    with pytest.raises(error):
        open_workbook(with_parts(table_bytes([("x",)]), parts), "a.xlsx")


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_entity_attacks_are_refused(part: str) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    data = table_bytes([("x",)])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        original = archive.read(part).decode().removeprefix('<?xml version="1.0"?>')
    with pytest.raises(errors.UnsafeWorkbook):
        open_workbook(with_parts(data, {part: (laughs + original).encode()}), "a.xlsx")


@pytest.mark.parametrize(
    ("limits", "error"),
    [
        (Limits(max_bytes=100), errors.FileTooLarge),
        (Limits(max_inflated=1000), errors.InflatedTooLarge),
        (Limits(max_part=100), errors.InflatedTooLarge),
        (Limits(max_rows=2), errors.TooManyRows),
        (Limits(max_columns=2), errors.TooManyColumns),
        (Limits(max_cells=8), errors.SheetTooSparse),
        (Limits(max_merged=0), errors.TooManyMergedCells),
    ],
)
def test_each_limit_has_its_own_refusal(limits: Limits, error: type[errors.WorkbookError]) -> None:
    data = table_bytes([(1, 2, 3)] * 3, lambda sheet: sheet.merge_cells("A5:B5"))
    with pytest.raises(error):
        open_workbook(data, "a.xlsx", limits)


def test_the_row_limit_counts_all_sheets_together() -> None:
    def build(workbook: Workbook) -> None:
        for sheet in (workbook["一覧"], workbook.create_sheet("二")):
            for _ in range(2):
                sheet.append(["x"])

    with pytest.raises(errors.TooManyRows):
        open_workbook(workbook_bytes(build), "a.xlsx", Limits(max_rows=3))


def test_a_directory_that_lies_about_sizes_does_not_get_past_the_limit() -> None:
    data = bytearray(with_parts(table_bytes([("x",)]), {"xl/media/bomb.bin": bytes(3_000_000)}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        size = archive.getinfo("xl/media/bomb.bin").file_size.to_bytes(4, "little")
    lying = bytes(data).replace(size, (10).to_bytes(4, "little"))
    assert lying != bytes(data)
    with pytest.raises(errors.NotAWorkbook):
        open_workbook(lying, "a.xlsx", Limits(max_inflated=1_000_000))


@pytest.mark.parametrize(
    "parts",
    [
        {SHEET: _sheet_xml('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>')},
        {"xl/sharedStrings.xml": f'<sst {MAIN} uniqueCount="99999999999"><si><t>x</t></si></sst>'.encode()},
        {"xl/SharedStrings.xml": f'<sst {MAIN} uniqueCount="99999999999"><si><t>x</t></si></sst>'.encode()},
        {"xl/sharedStrings.xml": b"<!DOCTYPE sst><sst/>"},
        {"xl/Worksheets/Sheet1.xml": b"<worksheet/>"},
    ],
)
def test_a_part_that_would_make_the_reader_reserve_memory_is_refused(parts: dict[str, bytes]) -> None:
    with pytest.raises((errors.NotAWorkbook, errors.UnsafeWorkbook)):
        open_workbook(with_parts(table_bytes([("x",)]), parts), "a.xlsx")


def test_shared_strings_as_excel_saves_them_are_read() -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    strings = f'<sst {MAIN} count="9" uniqueCount="1"><si><t>架空</t><rPh sb="0" eb="1"><t>カクウ</t></rPh></si></sst>'
    parts = {SHEET: _sheet_xml(rows), "xl/sharedStrings.xml": strings.encode()}
    (sheet,) = open_workbook(with_parts(table_bytes([]), parts), "a.xlsx")
    assert next(sheet.rows()).cell(1).value == "架空"


def test_every_refusal_has_its_own_code() -> None:
    kinds = errors.WorkbookError.__subclasses__()
    assert len({kind.code for kind in kinds}) == len(kinds)
