"""The lists that can be kept: each with the form that reads its filters from the address."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlencode

from flask import Flask, current_app
from werkzeug.datastructures import MultiDict

from otit.web.filters import FilterForm

_KEY = "otit-kept-lists"


def add_list(app: Flask, endpoint: str, label: str, form: type[FilterForm]) -> None:
    """`label` is the msgid of the list in the menu."""
    app.extensions.setdefault(_KEY, {})[endpoint] = (label, form)


def lists() -> Mapping[str, tuple[str, type[FilterForm]]]:
    """{endpoint: (label, form)} of every list that can be kept."""
    return current_app.extensions.get(_KEY, {})  # type: ignore[no-any-return]


def cleaned(endpoint: str, query: str) -> str:
    """The filters of a query that belong to this list and can be; whatever else stands there is dropped. A blank one is
    kept only where nothing else is: "state=" asks for every state where the bare list shows what is open."""
    given: MultiDict[str, str] = MultiDict(parse_qsl(query, keep_blank_values=True))
    form = lists()[endpoint][1](formdata=given)
    form.validate()
    good = {name for name, field in form._fields.items() if not field.errors}
    pairs: Sequence[tuple[str, str]] = [pair for pair in given.items(multi=True) if pair[0] in good]
    return urlencode([pair for pair in pairs if pair[1].strip()] or pairs[:1])
