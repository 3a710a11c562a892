"""What a file may cost us before we refuse it."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one uploaded file.

    `max_rows` counts the rows that hold a value, over all sheets: 200,000 records and what stands around them.
    `max_cells` is the area from A1 to the last value of a sheet, because the reader holds that area in memory (about
    1.2 KB a row of 12 columns). `max_inflated` is what all parts of the workbook unpack to, `max_strings` the table of
    shared strings, `max_part` any part other than a sheet, a picture or that table.
    """

    max_bytes: int = 32 * MEBIBYTE
    max_inflated: int = 320 * MEBIBYTE
    max_strings: int = 128 * MEBIBYTE
    max_part: int = 16 * MEBIBYTE
    max_parts: int = 2_000
    max_rows: int = 210_000
    max_columns: int = 200
    max_cells: int = 6_000_000
    max_merged: int = 200_000


DEFAULT_LIMITS = Limits()
