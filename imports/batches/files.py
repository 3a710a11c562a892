"""Workbooks given out: an empty one to fill in for each kind, and the sender's own with its errors marked."""

import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from imports.batches.states import ImportKind
from imports.layouts.registry import LAYOUTS
from imports.workbook.error_workbook import Mark, write_error_workbook
from imports.workbook.reading import open_workbook
from imports.workbook.writing import OutColumn, OutSheet, write_workbook


def blank_workbook(kind: ImportKind) -> io.BytesIO:
    """The columns of a layout under their own titles, in Japanese whatever the reader's language: they are what the
    importer looks for. Reads back as that layout."""
    layout = LAYOUTS[kind.value]
    columns = [OutColumn(column.title) for column in layout.columns]
    stream = io.BytesIO()
    write_workbook(stream, [OutSheet(layout.title, columns, [], lines=(layout.title,))])
    stream.seek(0)
    return stream


def marked_workbook(
    content: bytes, filename: str, rows: Iterable[Any], say: Callable[[dict[str, Any]], str]
) -> io.BytesIO:
    """The sheets of the file as sent, with errors and warnings marked. `say` puts a stored issue into words."""
    stream = io.BytesIO()
    write_error_workbook(stream, open_workbook(content, filename), _marks(rows, say))
    stream.seek(0)
    return stream


def _marks(rows: Iterable[Any], say: Callable[[dict[str, Any]], str]) -> Iterator[Mark]:
    """Each remark once: several plans of one cell share what is said about their row."""
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        for issues, is_error in ((row.errors, True), (row.warnings, False)):
            for issue in issues:
                text = say(issue)
                if issue["cell"] and (row.sheet, issue["cell"], text) not in seen:
                    seen.add((row.sheet, issue["cell"], text))
                    yield Mark(row.sheet, issue["cell"], text, is_error)
