"""From the rows below a header to records: blocks of rows, ditto marks, values, errors per cell, repeated keys."""

from collections.abc import Iterator
from dataclasses import replace

from imports.layouts.base import CellError, Key, Layout, ParsedRow
from imports.layouts.reader import TableReader
from imports.layouts.tables import Recognized
from otit.text import N_


def parse_rows(recognized: Recognized) -> Iterator[ParsedRow]:
    """The records of all tables in order, each with its values and the errors of its cells.

    A record whose key (see `Layout.key`) came before in the same file carries an error that names the first row.
    """
    first_seen: dict[Key, tuple[str, int]] = {}
    for table in recognized.tables:
        for row in TableReader(recognized.layout, table).records():
            for record in _expanded(recognized.layout, row):
                _check_repetition(recognized.layout, record, first_seen)
                yield record


def _expanded(layout: Layout, row: ParsedRow) -> Iterator[ParsedRow]:
    """One record for each value of the expanding field: several 認定番号 in one cell are several plans."""
    several = row.values.get(layout.expand) if layout.expand else None
    if layout.expand is None or not isinstance(several, tuple):
        yield row
        return
    for value in several:
        values = {**row.values, layout.expand: value}
        yield replace(row, values=values, errors=list(row.errors), warnings=list(row.warnings))


def _check_repetition(layout: Layout, record: ParsedRow, first_seen: dict[Key, tuple[str, int]]) -> None:
    key = layout.key(record.values)
    if key is None:
        return
    if key not in first_seen:
        first_seen[key] = (record.sheet, record.number)
        return
    sheet, number = first_seen[key]
    column = layout.column(layout.expand or layout.anchor)
    message = N_("同じ記録がシート「%(sheet)s」の%(row)s行目にもあります。")
    record.errors.append(
        CellError(
            record.sheet,
            record.cell_of(column.field),
            column.title,
            message,
            {"sheet": sheet, "row": number},
            "repeated-key",
            str(record.values.get(column.field) or ""),
        )
    )
