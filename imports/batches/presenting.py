"""A batch in the reader's language: values, changes and reasons as texts. Knows flask_babel, but no request."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from imports.batches import queries
from imports.batches.facts import Reader
from imports.batches.kinds import importer_for
from imports.batches.models import ImportBatch
from imports.batches.occupations import PART_FIELDS
from imports.batches.references import REFERENCE_FIELDS
from imports.batches.states import ImportKind, Verdict
from imports.layouts.registry import LAYOUTS
from organizations.sending.countries import country_name
from otit.findings import restored
from otit.labels import Labelled
from otit.text import N_
from otit.web.charts import stacked_bar
from otit.web.language import bracketed, english
from otit.web.messages import date_text, translate
from otit.web.templating import number, office_name, prefecture_name

_LABELS = {
    "name": N_("名称"),
    "status": N_("事業の状況"),
    "office_code": N_("担当事務所"),
    "implementing_organization_id": N_("実習実施者"),
    "supervising_organization_id": N_("監理団体"),
    "sending_organization_id": N_("送出機関"),
}
_HIDDEN = frozenset(
    {"name_key", "kana_key", "address_key", "phone_key", *(one.name for one in (*REFERENCE_FIELDS, *PART_FIELDS))}
)
_ORGANIZATIONS = frozenset({"implementing_organization_id", "supervising_organization_id"})
_REFERENCE = re.compile(r"[A-Z]+(\d+)")
_TITLES = frozenset(column.title for layout in LAYOUTS.values() for column in layout.columns)


@dataclass(frozen=True, slots=True)
class Remark:
    """A reason, with the cell it is about and the provision of a rule; `value` is what stood there. `below` is the row
    of the sheet when that is not the record's own first row but one without a name that was read as its continuation.
    """

    cell: str
    header: str
    text: str
    value: str
    below: int | None = None
    citation: str | None = None


@dataclass(frozen=True, slots=True)
class RowView:
    """One line of the preview. `changes`: (field, old, new); `facts` of a new record: (field, value)."""

    id: int
    sheet: str
    number: int
    verdict: Verdict
    key: str
    name: str
    target_id: int | None
    changes: list[tuple[str, str, str]]
    facts: list[tuple[str, str]]
    errors: list[Remark]
    warnings: list[Remark]


def row_views(session: Session, kind: ImportKind | None, rows: Sequence[Any]) -> list[RowView]:
    """The rows of a page; names of the records they refer to are read in two statements at most."""
    if kind is None:
        return []
    values = _Values(importer_for(kind).reader, _names(session, rows))
    return [
        RowView(
            row.id,
            row.sheet,
            row.number,
            row.verdict,
            row.key or "",
            row.name or "",
            row.target_id,
            values.changes(row.changes),
            values.facts(row.values) if row.verdict is Verdict.NEW else [],
            remarks(row.errors, row.number),
            remarks(row.warnings, row.number),
        )
        for row in rows
    ]


def remarks(issues: Iterable[Mapping[str, Any]], first: int) -> list[Remark]:
    """Of the record that begins in row `first` of its sheet."""
    return [
        Remark(
            one["cell"],
            _column(one["header"]),
            _said(one),
            one.get("value", ""),
            _below(one["cell"], first),
            one.get("citation"),
        )
        for one in issues
    ]


def _below(cell: str, first: int) -> int | None:
    found = _REFERENCE.fullmatch(cell)
    row = int(found[1]) if found else 0
    return row if row > first else None


def _column(header: str | None) -> str:
    return _(header) if header else ""


def reason(issue: Mapping[str, Any]) -> str:
    """The message of a stored issue with its provision."""
    text, citation = _said(issue), issue.get("citation")
    return text + bracketed(_(citation)) if citation else text


def _said(issue: Mapping[str, Any]) -> str:
    """Column titles among the parameters are translated too; those of a rule are dates, or its own."""
    if issue.get("citation"):
        (found,) = restored([issue])
        return translate(found.message, found.params)
    params = {name: _(value) if value in _TITLES else value for name, value in issue["params"].items()}
    return translate(issue["message"], params)


def _names(session: Session, rows: Sequence[Any]) -> dict[tuple[str, int], str]:
    organizations: set[int] = set()
    sending: set[int] = set()
    for row in rows:
        pairs = [*((name, value) for name, value in row.values.items() if row.verdict is Verdict.NEW)]
        pairs += [(name, value) for name, both in row.changes.items() for value in both]
        for name, value in pairs:
            if value is not None and name in _ORGANIZATIONS:
                organizations.add(value)
            elif value is not None and name == "sending_organization_id":
                sending.add(value)
    return queries.names_of(session, organizations, sending)


class _Values:
    def __init__(self, reader: Reader, names: Mapping[tuple[str, int], str]) -> None:
        self._load = reader.load
        self._names = names
        titles = {column.field: column.title for column in reader.layout.columns}
        titled = {one.name: titles[one.source] for one in reader.fields if one.source in titles}
        self._labels = titled | {name: label for name, label in _LABELS.items() if name not in titled}

    def changes(self, changes: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        old = self._load({name: pair[0] for name, pair in changes.items()})
        new = self._load({name: pair[1] for name, pair in changes.items()})
        shown = (name for name in changes if name not in _HIDDEN)
        return [(_(self._labels[name]), self._text(name, old[name]), self._text(name, new[name])) for name in shown]

    def facts(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        typed = self._load(values)
        shown = (name for name in self._labels if name in typed and name not in _HIDDEN)
        return [(_(self._labels[name]), text) for name in shown if (text := self._text(name, typed[name]))]

    def _text(self, name: str, value: Any) -> str:
        if value is None or value == []:
            return ""
        if isinstance(value, Labelled):
            return str(_(value.label))
        if isinstance(value, bool):
            return str(pgettext("flag", "あり") if value else pgettext("flag", "なし"))
        if isinstance(value, date):
            return date_text(value)
        if isinstance(value, list):
            return str(_("、")).join(self._code(name, item) for item in value)
        return self._code(name, value)

    def _code(self, name: str, value: Any) -> str:
        if name in _ORGANIZATIONS:
            return self._names.get(("organization", value), str(value))
        if name == "sending_organization_id":
            return self._names.get(("sending", value), str(value))
        if name in ("countries", "nationality"):
            return country_name(value, english=english())
        if name == "prefecture_code":
            return prefecture_name(value)
        if name == "office_code":
            return office_name(value)
        return number(value) if isinstance(value, int) else str(value)


def verdict_chart(batch: ImportBatch) -> Markup:
    """The totals by verdict as one bar; the table beside it has the same figures."""
    ordered = sorted(Verdict, key=lambda verdict: verdict.rank)
    counts = [(_(verdict.label), batch.count_of(verdict)) for verdict in ordered]
    tones = {_(verdict.label): verdict.tone for verdict in Verdict}
    rows = [(_("行数"), word, count) for word, count in counts if count]
    described = str(_("、")).join(f"{word} {count:,}" for word, count in counts)
    return stacked_bar(rows, title=_("判定別の行数"), description=described, unit=_("行数"), tones=tones)
