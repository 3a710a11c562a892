"""CSV out: UTF-8 with a byte order mark (without it Excel on Windows takes the file for CP932), CRLF, ISO dates."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from imports.workbook.csv_guard import guarded
from imports.workbook.writing import ColumnKind, OutColumn


def write_csv(stream: BinaryIO, columns: Sequence[OutColumn], rows: Iterable[Sequence[object]]) -> None:
    """Write a header and one line for each row. Text that a spreadsheet program would run gets an apostrophe in front
    (see `csv_guard`; our reader takes it off). The stream stays open."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([guarded(column.title) for column in columns])
    for row in rows:
        writer.writerow([_field(column.kind, value) for column, value in zip(columns, row, strict=True)])
    text.flush()
    text.detach()


def _field(kind: ColumnKind, value: object) -> str:
    if value is None:
        return ""
    if kind is ColumnKind.FLAG:
        return "○" if value else ""
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if kind is ColumnKind.NUMBER and isinstance(value, int | float):
        return str(value)
    return guarded(str(value).replace("\0", "\ufffd"))
