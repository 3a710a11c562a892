import pytest

from imports.workbook import errors
from imports.workbook.limits import Limits
from imports.workbook.reading import open_workbook

TEXT = '監理団体名,住所\r\n"みかん山\n協同組合",愛媛県\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_each_encoding_that_excel_writes_is_read(encoding: str) -> None:
    (sheet,) = open_workbook(TEXT.encode(encoding), "一覧.csv")
    assert [list(row.values) for row in sheet.rows()] == [["監理団体名", "住所"], ["みかん山\n協同組合", "愛媛県"]]


def test_text_that_looks_like_a_formula_is_text_in_csv() -> None:
    (sheet,) = open_workbook(b"=1+1,x\r\n", "a.csv")
    cell = next(sheet.rows()).cell(1)
    assert (cell.value, cell.is_formula) == ("=1+1", False)


@pytest.mark.parametrize(
    ("data", "limits", "error"),
    [
        (TEXT.encode("utf-16"), Limits(), errors.UnknownEncoding),
        (b"\x81", Limits(), errors.UnknownEncoding),
        (b"a\0b\r\n", Limits(), errors.NotAWorkbook),
        (b'a,"b\r\n', Limits(), errors.BrokenCsv),
        (b" ,\r\n", Limits(), errors.EmptyFile),
        (b"a\r\nb\r\nc\r\n", Limits(max_rows=2), errors.TooManyRows),
        (b"a,b,c\r\n", Limits(max_columns=2), errors.TooManyColumns),
        (b"\r\n" * 20 + b"a,b\r\n", Limits(max_cells=30), errors.SheetTooSparse),
        (b"a" * 200_000, Limits(), errors.BrokenCsv),
    ],
)
def test_a_csv_file_that_cannot_be_read_is_refused(
    data: bytes, limits: Limits, error: type[errors.WorkbookError]
) -> None:
    with pytest.raises(error):
        open_workbook(data, "a.csv", limits)
