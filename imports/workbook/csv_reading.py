"""CSV as one sheet: UTF-8 with or without a byte order mark, or CP932 as Excel on Windows in Japan saves it."""

import csv
import io
from collections.abc import Iterator
from functools import partial

from imports.workbook.cells import CellValue, Row, Sheet, reference
from imports.workbook.csv_guard import unguarded
from imports.workbook.errors import (
    BrokenCsv,
    EmptyFile,
    NotAWorkbook,
    SheetTooSparse,
    TooManyColumns,
    TooManyRows,
    UnknownEncoding,
)
from imports.workbook.limits import Limits

CSV_SHEET = "CSV"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def open_csv(data: bytes, filename: str, limits: Limits) -> list[Sheet]:
    """One sheet named "CSV" whose cells are all text. The whole file is read once here, so that every limit and every
    broken line is known before the first row is used."""
    text = _decoded(data, filename)
    if "\0" in text:
        raise NotAWorkbook(filename=filename)
    count = 0
    for row in _rows(text, filename):
        width = len(row.values)
        count += not row.is_blank
        if width > limits.max_columns:
            raise TooManyColumns(sheet=CSV_SHEET, column=width, limit=limits.max_columns)
        if count > limits.max_rows:
            raise TooManyRows(sheet=CSV_SHEET, limit=limits.max_rows)
        if row.number * width > limits.max_cells:
            raise SheetTooSparse(sheet=CSV_SHEET, cell=reference(row.number, width))
    if not count:
        raise EmptyFile(filename=filename)
    return [Sheet(CSV_SHEET, count, partial(_rows, text, filename))]


def _decoded(data: bytes, filename: str) -> str:
    """UTF-8 first: CP932 text is hardly ever valid UTF-8, while the reverse happens."""
    if not data.startswith(_UTF16_MARKS):
        for encoding in ("utf-8-sig", "cp932"):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise UnknownEncoding(filename=filename)


def _rows(text: str, filename: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for number, record in enumerate(reader, 1):
            values: list[CellValue] = [unguarded(value) or None for value in record]
            yield Row(number, values)
    except csv.Error as error:
        raise BrokenCsv(filename=filename, line=reader.line_num) from error
