import datetime as dt

import pytest

from imports.layouts.registry import detect_layout
from imports.workbook import errors
from imports.workbook.reading import open_workbook
from tests.workbooks import (
    SUPERVISING_HEADER,
    SUPERVISING_ROW,
    changed,
    recognized,
    records,
    supervising_list,
    table_bytes,
    workbook_bytes,
)

H = SUPERVISING_HEADER


def test_the_published_list_is_read() -> None:
    data = supervising_list(SUPERVISING_ROW)
    assert recognized(data).as_of == dt.date(2026, 7, 27)
    (row,) = records(data)
    assert row.errors == []
    assert row.number == 4
    assert row.values == {
        "name": "みかん山協同組合",
        "status": None,
        "name_kana": "ミカンヤマキョウドウクミアイ",
        "prefecture": "38",
        "address": "松山市架空町1丁目2番3号",
        "phone": "089-999-0001",
        "licensed_on": dt.date(2018, 1, 31),
        "expires_on": dt.date(2030, 1, 30),
        "countries": ("CHN", "VNM"),
        "occupations": ("1-1", "3-4"),
        "care": True,
        "licence_class": "general",
    }


def test_the_layout_is_known_by_its_headers() -> None:
    assert detect_layout(open_workbook(supervising_list(), "a.xlsx")).code == "supervising"


def test_a_status_inside_the_name_is_taken_out_of_it() -> None:
    (row,) = records(supervising_list(changed(SUPERVISING_ROW, H, 監理団体名="みかん漁業協同組合（事業休止中）")))
    assert (row.values["name"], row.values["status"]) == ("みかん漁業協同組合", "事業休止中")


def test_the_class_comes_from_the_title_the_sheet_or_a_column() -> None:
    by_title = records(supervising_list(SUPERVISING_ROW, title="特定監理事業の監理団体"))[0]
    assert by_title.values["licence_class"] == "specific"

    def named(workbook) -> None:  # type: ignore[no-untyped-def]
        workbook["一覧"].title = "特定"
        for line in (SUPERVISING_HEADER, SUPERVISING_ROW):
            workbook["特定"].append(line)

    assert records(workbook_bytes(named))[0].values["licence_class"] == "specific"
    by_column = records(table_bytes([(*H, "許可区分"), (*SUPERVISING_ROW, "一般監理事業")]))[0]
    assert by_column.values["licence_class"] == "general"


def test_a_list_without_any_class_is_refused() -> None:
    with pytest.raises(errors.UnknownLicenceClass):
        recognized(supervising_list(SUPERVISING_ROW, title="監理団体一覧"))


def test_general_and_specific_sheets_of_one_workbook_are_both_read() -> None:
    def build(workbook) -> None:  # type: ignore[no-untyped-def]
        workbook["一覧"].title = "一般"
        for sheet in (workbook["一般"], workbook.create_sheet("特定")):
            sheet.append(H)
            sheet.append(SUPERVISING_ROW)
        workbook.create_sheet("注意事項").append(("この一覧の見方",))

    data = workbook_bytes(build)
    assert [(row.sheet, row.values["licence_class"]) for row in records(data)] == [
        ("一般", "general"),
        ("特定", "specific"),
    ]
    assert recognized(data).ignored_sheets == ("注意事項",)


def test_an_older_list_with_licence_numbers_is_read() -> None:
    (row,) = records(supervising_list_with_numbers("1711000610"))
    assert row.values["licence_number"] == "許1711000610"


def supervising_list_with_numbers(*numbers: str) -> bytes:
    rows = [(number, *SUPERVISING_ROW) for number in numbers]
    return table_bytes([("一般監理事業",), ("許可番号", *H), *rows])


def test_the_same_licence_number_twice_is_an_error_naming_the_first_row() -> None:
    first, second = records(supervising_list_with_numbers("1711000610", "許1711000610号"))
    assert first.errors == []
    (error,) = second.errors
    assert (error.code, error.cell, error.params["row"]) == ("repeated-key", "B4", 3)


def test_without_numbers_the_same_name_address_and_date_is_the_same_body() -> None:
    again = changed(SUPERVISING_ROW, H, 監理団体名="みかん山　協同組合", 住所="松山市架空町１丁目２番３号")
    first, second = records(supervising_list(SUPERVISING_ROW, again))
    assert (first.errors, [error.code for error in second.errors]) == ([], ["repeated-key"])
    other = changed(SUPERVISING_ROW, H, 許可年月日="平成31年1月31日", 許可の有効期限="令和4年1月30日")
    assert [row.errors for row in records(supervising_list(SUPERVISING_ROW, other))] == [[], []]


def test_the_prefecture_is_taken_from_the_address_when_there_is_no_column() -> None:
    header = tuple(name for name in H if name != "都道府県")
    row = tuple(value for value, name in zip(SUPERVISING_ROW, H, strict=True) if name != "都道府県")
    named = changed(row, header, 住所="愛媛県松山市架空町1")
    good, bad = records(table_bytes([("一般監理事業",), header, named, row]))
    assert good.values["prefecture"] == "38"
    assert [(error.cell, error.code) for error in bad.errors] == [("C4", "unknown-word")]


def test_an_unknown_prefecture_is_an_error_on_its_cell() -> None:
    (row,) = records(supervising_list(changed(SUPERVISING_ROW, H, 都道府県="蝦夷")))
    assert [(error.cell, error.header, error.value) for error in row.errors] == [("C4", "都道府県", "蝦夷")]
    assert "prefecture" not in row.values


def test_a_prefecture_that_disagrees_with_the_address_is_a_warning() -> None:
    (row,) = records(supervising_list(changed(SUPERVISING_ROW, H, 住所="香川県高松市架空町")))
    assert row.errors == []
    assert [warning.code for warning in row.warnings] == ["prefecture-differs"]


@pytest.mark.parametrize(
    ("licensed", "expires", "errors_", "warnings"),
    [
        ("平成30年11月9日", "令和8年11月8日", [], []),
        ("令和2年2月29日", "令和5年2月28日", [], []),
        ("平成30年11月9日", "令和8年11月9日", [], ["odd-period"]),
        ("平成30年11月9日", "平成30年11月9日", ["end-before-start"], []),
        ("平成30年11月9日", "平成41年11月8日", [], ["value"]),
        ("令和元年2月30日", "令和8年11月8日", ["wrong-date"], []),
    ],
)
def test_a_licence_ends_on_the_day_before_an_anniversary(
    licensed: str, expires: str, errors_: list[str], warnings: list[str]
) -> None:
    (row,) = records(supervising_list(changed(SUPERVISING_ROW, H, 許可年月日=licensed, 許可の有効期限=expires)))
    assert [error.code for error in row.errors] == errors_
    assert [warning.code for warning in row.warnings] == warnings


def test_further_rows_of_a_body_add_their_occupations_and_their_offices_are_passed_over() -> None:
    more = [changed((None,) * len(H), H, 取扱職種="7-1"), (None,) * len(H)]
    rows = [(*SUPERVISING_ROW, "本所"), (*more[0], "香川支所"), (*more[1], "高知支所")]
    data = table_bytes([("一般",), (*H, "事業所"), *rows], lambda sheet: sheet.merge_cells("A3:A5"))
    (row,) = records(data)
    assert row.errors == []
    assert row.values["occupations"] == ("1-1", "3-4", "7-1")
    assert "offices" not in row.values
    assert recognized(data).ignored_headers == ("事業所",)


def test_a_value_beside_a_missing_name_is_an_error_on_its_cell() -> None:
    nameless = changed((None,) * len(H), H, 電話番号="089-999-0003")
    (row,) = records(supervising_list(SUPERVISING_ROW, nameless))
    assert [(error.cell, error.code) for error in row.errors] == [("E5", "row-without-name")]
