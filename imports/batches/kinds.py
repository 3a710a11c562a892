"""The kinds of import, and what each must be able to do."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from sqlalchemy.orm import Session

from imports.batches.facts import Assessment, Draft, Problem, Reader
from imports.batches.implementing import ImplementingImport
from imports.batches.occupations import OccupationsImport
from imports.batches.plans import PlansImport
from imports.batches.states import ImportKind
from imports.batches.supervising import SupervisingImport
from imports.layouts.base import ParsedRow

# Rows held against the register at once: few enough to be small in memory, many enough that statements do not count.
CHUNK = 2000


class Importer(Protocol):
    """One file's worth of work: it remembers what earlier rows have shown, so each file needs its own."""

    kind: ImportKind
    reader: Reader

    def complete(self, row: ParsedRow, facts: dict[str, Any]) -> list[Problem]:
        """Add facts that do not stand in a column of their own; returns what is to be remarked on."""
        ...

    def key(self, facts: Mapping[str, Any]) -> str | None:
        """The official number a person looks for."""
        ...

    def name(self, facts: Mapping[str, Any]) -> str | None: ...

    def assess(self, session: Session, drafts: Sequence[Draft], *, today: date, lock: bool) -> list[Assessment]:
        """What each row would do, in a fixed number of statements. Changes nothing; `lock` keeps the records found as
        they are until the end of the transaction."""
        ...


def importer_for(kind: ImportKind, as_of: date | None = None) -> Importer:
    """`as_of` is the day for which the list was drawn up, where it says so."""
    importers: dict[ImportKind, Callable[[], Importer]] = {
        ImportKind.SUPERVISING: lambda: SupervisingImport(as_of),
        ImportKind.IMPLEMENTING: lambda: ImplementingImport(as_of),
        ImportKind.PLANS: PlansImport,
        ImportKind.OCCUPATIONS: OccupationsImport,
    }
    return importers[kind]()
