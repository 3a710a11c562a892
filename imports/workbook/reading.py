"""From the bytes of an uploaded file to sheets. Pure: no network, no database, nothing is evaluated.

Values come from calamine (fast, in Rust); formulas, hidden rows and limits from our own pass over the XML before it.
Why: docs/decisions/0010-reading-workbooks.md.
"""

import io
from collections.abc import Iterator
from functools import partial

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from imports.workbook.cells import Cell, CellValue, Row, Sheet
from imports.workbook.csv_reading import open_csv
from imports.workbook.errors import HiddenSheet, NotAWorkbook, TooManyRows
from imports.workbook.limits import DEFAULT_LIMITS, Limits
from imports.workbook.package import Package, SheetPart, is_zip, opened_package, refuse_by_first_bytes
from imports.workbook.survey import Survey, survey_sheet


def open_workbook(data: bytes, filename: str, limits: Limits = DEFAULT_LIMITS) -> list[Sheet]:
    """The visible sheets that hold data, in the order of their tabs.

    The kind of file is read from its content, .xlsx or (when the name ends so) CSV. Raises a subclass of
    `WorkbookError` for a file that is refused as a whole. A hidden sheet without data is ignored; with data it is
    refused, so that nothing enters the register which the person who sends the file does not see.
    """
    refuse_by_first_bytes(data, filename, limits)
    if not is_zip(data):
        if not filename.lower().endswith((".csv", ".txt")):
            raise NotAWorkbook(filename=filename)
        return open_csv(data, filename, limits)
    with opened_package(data, filename, limits) as package:
        surveys = _survey(package, filename, limits)
    return [sheet for sheet in _load(data, filename, surveys) if sheet.row_count]


def _survey(package: Package, filename: str, limits: Limits) -> list[tuple[SheetPart, Survey]]:
    """Unpack every part once, counting; survey the sheets on the way."""
    parts = package.sheets()
    surveys = []
    rows = 0
    for part in parts:
        survey = survey_sheet(package.chunks(part.path), part.name, filename, limits)
        if part.hidden and survey.rows_with_values:
            raise HiddenSheet(sheet=part.name)
        rows += survey.rows_with_values
        if rows > limits.max_rows:
            raise TooManyRows(sheet=part.name, limit=limits.max_rows)
        surveys.append((part, survey))
    for path in set(package.part_names) - {part.path for part in parts}:
        for _ in package.chunks(path):
            pass
    return surveys


def _load(data: bytes, filename: str, surveys: list[tuple[SheetPart, Survey]]) -> Iterator[Sheet]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for part, survey in surveys:
            if survey.rows_with_values:
                loaded = workbook.get_sheet_by_name(part.name)
                yield _sheet(part, survey, loaded)
    except CalamineError as error:
        raise NotAWorkbook(filename=filename) from error


def _sheet(part: SheetPart, survey: Survey, loaded: CalamineSheet) -> Sheet:
    merged: dict[int, list[tuple[int, int, int]]] = {}
    for (top, left), (bottom, right) in loaded.merged_cell_ranges or ():
        merged.setdefault(top + 1, []).append((left + 1, bottom + 1, right + 1))
    return Sheet(
        name=part.name,
        row_count=survey.rows_with_values,
        rows=partial(_rows, loaded, survey, merged),
        hidden_columns=frozenset(survey.hidden_columns),
    )


def _rows(loaded: CalamineSheet, survey: Survey, merged: dict[int, list[tuple[int, int, int]]]) -> Iterator[Row]:
    """Rows from row 1 on, blank ones included. The reader leaves out blank columns on the left; they are put back."""
    left: list[CellValue] = [None] * (loaded.start[1] if loaded.start else 0)
    open_merges: list[tuple[int, int, int, Cell]] = []
    for number, values in enumerate(loaded.iter_rows(), 1):
        row = Row(
            number,
            left + [None if value == "" else value for value in values],
            hidden=number in survey.hidden_rows,
            formulas=survey.formulas.get(number, 0),
            errors=survey.errors.get(number, 0),
        )
        if open_merges or number in merged:
            open_merges = [merge for merge in open_merges if merge[1] >= number]
            started = [(c1, bottom, c2, row.cell(c1)) for c1, bottom, c2 in merged.get(number, ())]
            open_merges += started
            row.merged = _covered(open_merges, number)
        yield row


def _covered(open_merges: list[tuple[int, int, int, Cell]], number: int) -> dict[int, Cell]:
    return {
        column: top
        for first, _, last, top in open_merges
        for column in range(first, last + 1)
        if (number, column) != (top.row, top.column)
    }
