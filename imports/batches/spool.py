"""Rows on their way from the file to the table: kept aside on disk until the last one is known.

So reading holds no write lock (SQLite has one for everybody), and a file that turns out to be refused leaves nothing.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

_IN_MEMORY = 4 * 1024 * 1024

Rows = list[dict[str, Any]]


class Spool:
    """Chunks of JSON-ready rows, given back in the order they came."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, rows: Rows) -> None:
        # dumps, not dump: only in one piece does the fast encoder do the work.
        self._file.write(json.dumps(rows, ensure_ascii=False, separators=(",", ":")) + "\n")

    def chunks(self) -> Iterator[Rows]:
        self._file.seek(0)
        for line in self._file:
            yield json.loads(line)


@contextmanager
def spooled() -> Iterator[Spool]:
    """A spool whose file is gone at the end of the block."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, mode="w+", encoding="utf-8") as file:
        yield Spool(file)
