"""Rows of list tables. A template declares the columns; the rows are drawn here, column by column, which is several
times faster than a Jinja expression for each cell.

A column's cells are made of parts: functions from the records to one piece of HTML for each of them. Whatever comes
from data is escaped by markupsafe; what recurs in a column is drawn once.

    {% set columns = [
      cells.column(_("番号"), cells.link("number", "orders.detail", order_id="id"), css="code", name=true),
      cells.column(_("期限"), cells.date("due_on"), cells.when("awaiting_reply", cells.due("due_on"))),
    ] %}
    {{ record_table(_("勧告・指導の一覧"), page.rows, columns) }}
"""

from collections.abc import Callable, Container, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, reduce
from itertools import chain, compress, repeat
from typing import Any

import sqlalchemy as sa
from flask import current_app, request, url_for
from markupsafe import Markup, escape

from otit.web.addresses import with_query
from otit.web.clock import clock
from otit.web.intake import LARGEST_ID
from otit.web.language import language
from otit.web.list_columns import ListColumn, LoadedColumns
from otit.web.messages import translate

NOTHING = "—"
_BETWEEN = "\0"  # stands in no text that a person can send (see `refuse_nul`)

Source = str | Callable[[Any], Any]
"""The name of the record's attribute, or a function that reads the value from the record."""


class Records:
    """The rows of a list, to be read by column: a row of SQLAlchemy finds a name ten times as slowly as a place."""

    def __init__(self, rows: Iterable[Any]):
        self.rows = list(rows)

    @cached_property
    def _columns(self) -> dict[str, Sequence[Any]]:
        first = self.rows[0]
        return dict(zip(first._fields, zip(*self.rows, strict=True), strict=True)) if isinstance(first, sa.Row) else {}

    def values(self, source: Source) -> Sequence[Any]:
        """What `source` is in each record."""
        if not self.rows:
            return []
        if callable(source):
            return [source(row) for row in self.rows]
        return self._named(source)

    def _named(self, name: str) -> Sequence[Any]:
        return self._columns[name] if self._columns else [getattr(row, name) for row in self.rows]


class _Chosen(Records):
    """Some of the rows, with their part of the columns that have been read already."""

    def __init__(self, records: Records, chosen: Sequence[bool]):
        super().__init__(compress(records.rows, chosen))
        self._records, self._chosen = records, chosen

    def _named(self, name: str) -> Sequence[Any]:
        return list(compress(self._records._named(name), self._chosen))


Part = Callable[[Records], Sequence[str]]


@dataclass(frozen=True)
class Column:
    """`label` is in the reader's language. `css` "code" is for identifiers, "amount" for figures; the column with
    `name` names its row for screen readers."""

    label: str
    part: Part
    css: str = ""
    name: bool = False
    sort_url: str | None = None
    direction: str | None = None

    @property
    def amount(self) -> bool:
        return self.css == "amount"

    @property
    def tags(self) -> tuple[str, str]:
        """What opens and what closes each of its cells."""
        element, scope = ("th", ' scope="row"') if self.name else ("td", "")
        css = f' class="{escape(self.css)}"' if self.css else ""
        return f'<{element}{scope}{css} data-label="{escape(self.label)}">', f"</{element}>"


def column(label: str, *parts: Part, css: str = "", name: bool = False) -> Column:
    """A column whose cells show the parts side by side."""
    return Column(label, beside(*parts), css, name)


def sortable(column: Column, order: str) -> Column:
    """The column with a head that sorts the list by `order` ("name"), and the other way round ("-name") when it is
    sorted by it; the filters stay, and the list begins anew."""
    now = request.args.get("sort")
    other = f"-{order}" if now == order else order
    direction = {order: "up", f"-{order}": "down"}.get(now or "")
    return replace(column, sort_url=with_query(sort=other, cursor=None), direction=direction)


def draw(columns: Iterable[Column], rows: Iterable[Any]) -> Markup:
    """The <tr>s of all rows."""
    records = Records(rows)
    count = len(records.rows)
    pieces: list[Iterable[str]] = [repeat("<tr>", count)]
    for column in columns:
        opening, closing = column.tags
        pieces += [repeat(opening, count), column.part(records), repeat(closing, count)]
    pieces.append(repeat("</tr>\n", count))
    return Markup("".join(chain.from_iterable(zip(*pieces, strict=True))))  # noqa: S704 - parts are HTML


def added(extra: LoadedColumns) -> list[Column]:
    """The columns that upper subjects add to a list, whose records have an `id`."""
    return [_added(extra, n, column) for n, column in enumerate(extra.columns)]


def _added(extra: LoadedColumns, n: int, column: ListColumn) -> Column:
    def read(row: Any) -> Any:
        return extra.cells[row.id][n]

    def is_there(row: Any) -> bool:
        return read(row) is not None

    part = {
        "due": beside(date(read), due(read)),
        "date": date(read),
        "status": when(is_there, status(read), words(NOTHING)),
        "amount": text(read, "number"),
        "text": text(read),
    }[column.kind]
    return Column(translate(column.label), part, "amount" if column.kind == "amount" else "")


# --- parts ------------------------------------------------------------------------------------------------------------


def text(source: Source, shown_as: str | None = None, *, blank: str = NOTHING) -> Part:
    """The value as it is, `blank` where there is none; or as the Jinja filter `shown_as` shows it."""
    if shown_as is not None:
        return _each(source, current_app.jinja_env.filters[shown_as])
    nothing = escape(blank)

    def part(records: Records) -> list[str]:
        values = records.values(source)
        html = iter(_escaped([value for value in values if value is not None and value != ""]))
        return [nothing if value is None or value == "" else next(html) for value in values]

    return part


def date(source: Source) -> Part:
    return text(source, "date_short")


def link(source: Source, endpoint: str, **key: str) -> Part:
    """The value as a link to a record: `order_id="id"` takes the argument `order_id` of the endpoint from the record's
    `id`, a whole number. The address is built once and the numbers are filled in."""
    ((argument, number),) = key.items()
    before, after = _address(endpoint, argument, request.script_root)
    return lambda records: [
        f'<a href="{before}{key:d}{after}">{html}</a>'
        for key, html in zip(records.values(number), _escaped(records.values(source)), strict=True)
    ]


@lru_cache(maxsize=256)
def _address(endpoint: str, argument: str, _script_root: str) -> tuple[str, str]:
    """What stands before the number and after it."""
    placeholder: dict[str, Any] = {argument: LARGEST_ID}
    before, after = str(escape(url_for(endpoint, **placeholder))).split(str(LARGEST_ID))
    return before, after


def status(source: Source) -> Part:
    """The tag of an enum member with a tone."""
    spoken = language()
    return _each(source, lambda value: _drawn("status", value, spoken))


def due(source: Source) -> Part:
    """How many days are left until a date; nothing without a date."""
    today, spoken = clock().today(), language()
    return _each(source, lambda day: _drawn("due", (day - today).days, spoken) if day else "")


def words(fixed: str) -> Part:
    """The same words in each row that shows them."""
    html = escape(fixed)
    return lambda records: [html] * len(records.rows)


def tag(fixed: str, tone: str) -> Part:
    return words(_tag(fixed, tone))


def marked(css: str, part: Part) -> Part:
    opening = f'<span class="{escape(css)}">'
    return lambda records: [f"{opening}{html}</span>" for html in part(records)]


def when(source: Source, then: Part, otherwise: Part | None = None, *, among: Container[Any] | None = None) -> Part:
    """`then` in the rows whose value is there (is one of `among`), `otherwise` in the others."""

    def part(records: Records) -> list[str]:
        values = records.values(source)
        chosen = [bool(value) if among is None else value in among for value in values]
        others = [not flag for flag in chosen]
        yes, no = iter(then(_Chosen(records, chosen))), iter((otherwise or words(""))(_Chosen(records, others)))
        return [next(yes) if flag else next(no) for flag in chosen]

    return part


def beside(*parts: Part) -> Part:
    """Parts with a space between them; empty ones leave none."""
    return reduce(_pair, parts)


def _pair(left: Part, right: Part) -> Part:
    return lambda records: [
        " ".join((a, b)) if a and b else a or b for a, b in zip(left(records), right(records), strict=True)
    ]


def stacked(*parts: Part) -> Part:
    """Parts on lines of their own."""
    return lambda records: ["<br>".join(lines) for lines in zip(*(part(records) for part in parts), strict=True)]


def drawn(macro: Callable[[Any], Markup]) -> Part:
    """Whatever a macro of the template makes of the record: for cells that are unlike any other."""
    return lambda records: [escape(macro(row)) for row in records.rows]


def _each(source: Source, show: Callable[[Any], Any]) -> Part:
    """`show` escaped, called once for each value, since the values of a column recur."""

    def draw_one(value: Any) -> str:
        shown = show(value)
        return shown if isinstance(shown, Markup) else escape(shown)

    def part(records: Records) -> list[str]:
        values = records.values(source)
        html = {value: draw_one(value) for value in set(values)}
        return [html[value] for value in values]

    return part


def _escaped(values: Sequence[Any]) -> Sequence[str]:
    """Each as HTML. Plain texts are escaped in one go: one by one, the calls cost more than the work."""
    if all(type(value) is str for value in values):
        html = str(escape(_BETWEEN.join(values))).split(_BETWEEN)
        if len(html) == len(values):
            return html
    return [escape(value) for value in values]


def _macro(name: str) -> Callable[..., Markup]:
    return getattr(current_app.jinja_env.get_template("components/page.html").module, name)  # type: ignore[no-any-return]


@lru_cache(maxsize=4096, typed=True)
def _drawn(macro: str, value: Hashable, spoken: str) -> Markup:
    """Kept between requests. Typed, because members of two enums may be equal as texts."""
    return _macro(macro)(value)


@lru_cache(maxsize=256)
def _tag(fixed: str, tone: str) -> Markup:
    return _macro("tag")(fixed, tone)
