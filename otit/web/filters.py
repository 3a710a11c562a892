"""Filter bars: a GET form whose fields live in the address, so that a filtered list can be bookmarked and shared."""

from collections.abc import Container, Hashable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any, Self, TypeVar

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectField
from wtforms.widgets import HiddenInput

from otit.labels import Labelled
from otit.places import OFFICES, PREFECTURES
from otit.web.clock import clock
from otit.web.forms import BaseForm, EnumField, SelectChoice
from otit.web.language import language
from otit.web.templating import office_name, prefecture_name


def choices(names: Iterable[tuple[str, Any]], empty: Any) -> list[SelectChoice]:
    """Choices of a select field from (value, name) pairs; `empty` is the word of the blank choice."""
    return [SelectChoice(value="", label=empty), *(SelectChoice(value=value, label=name) for value, name in names)]


CURSOR = "cursor"

# Made once; their names are looked up when they are shown. A function would be asked, and inspected, at each request.
_OFFICES = choices(((code, LazyString(office_name, code)) for code in OFFICES), _l("すべて"))
_PREFECTURES = choices(((code, LazyString(prefecture_name, code)) for code in PREFECTURES), _l("すべて"))


class FilterForm(BaseForm):
    """Subclasses declare only optional fields. A value that cannot be is shown with its error and filters nothing.

    What a form shows follows from the address, the language, the day and what it is `given` alone: so it is filled
    once, kept for whoever asks the same, and never changed afterwards."""

    class Meta(BaseForm.Meta):
        csrf = False

    once = None  # type: ignore[assignment]  # WTForms drops a field that a subclass sets to None
    version = None  # type: ignore[assignment]

    @classmethod
    def from_address(cls, **given: Hashable) -> Self:
        """Filled from the query of the present request; `given` goes to the form, such as choices from the database."""
        return cls.asking(*(pair for pair in request.args.items(multi=True) if pair[0] != CURSOR), **given)

    @classmethod
    def asking(cls, *query: tuple[str, str], **given: Hashable) -> Self:
        """Filled as from an address with this query."""
        form: Self = _filled(cls, query, language(), clock().today(), **given)  # type: ignore[arg-type]  # hashable
        return form

    def chosen(self, *, without: Container[str] = ()) -> dict[str, Any]:
        """{field: value} of what was filled in and can be, except the fields in `without`."""
        return {
            name: field.data
            for name, field in self._fields.items()
            if name not in without and field.data not in (None, "", False) and not field.errors
        }

    def cursor(self) -> str | None:
        """The place in the list, for `keyset_page`."""
        return request.args.get(CURSOR)


Form = TypeVar("Form", bound=FilterForm)


@lru_cache(maxsize=256)
def _filled(
    form_class: type[Form], query: tuple[tuple[str, str], ...], _spoken: str, _today: date, **given: Hashable
) -> Form:
    form = form_class(formdata=MultiDict(query), **given)
    form.validate()
    return form


class OptionalEnumField(EnumField):
    """An enum to filter by; blank means all."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, empty=_l("すべて"), **kwargs)


class OrderField(Field):
    """The order of a list: set by the head of its table and kept by the filters. An order that there is not means the
    usual one."""

    widget = HiddenInput()

    def __init__(self, enum: type[Labelled], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.enum = enum
        self.data: Labelled | None

    def _value(self) -> str:
        return self.data.value if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = next((one for one in self.enum if [one.value] == valuelist[:1]), None)


class OfficeField(SelectField):
    """A local office to filter by; blank means all."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label or _l("担当事務所"), choices=_OFFICES, default="", **kwargs)


class PrefectureField(SelectField):
    """A prefecture to filter by; blank means all."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label or _l("都道府県"), choices=_PREFECTURES, default="", **kwargs)
