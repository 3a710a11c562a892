"""The base form: CSRF, trimmed text, a token against double sending, the version the person saw, one list of errors."""

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from flask import render_template
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms import SelectChoice as SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.fields.core import UnboundField
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation
from wtforms.widgets import DateInput

from otit.clock import DateParseError, parse_date
from otit.db import Versioned
from otit.errors import RuleViolation, StateConflict, UserError
from otit.labels import Labelled
from otit.web.language import gettext
from otit.web.messages import explain, translate
from otit.web.once import new_token
from otit.web.stale import StaleForm, overtaken

Value = TypeVar("Value")
# A version that a record can have had; anything else did not come from a form of ours.
_COUNT = re.compile("[0-9]{1,9}")


def given(value: Value | None) -> Value:
    """The value of a required field after validation."""
    assert value is not None
    return value


def _strip(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


class BaseForm(FlaskForm):  # type: ignore[misc]
    """`once` and `version` are written by the form component; subclasses declare only what a person fills in."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def bind_field(self, form: Any, unbound_field: "UnboundField[Any]", options: dict[str, Any]) -> Field:
            filters = list(unbound_field.kwargs.get("filters", ()))
            if issubclass(unbound_field.field_class, StringField):
                filters.append(_strip)
            return unbound_field.bind(form=form, filters=filters, **options)  # type: ignore[no-any-return]

    once = HiddenField(default=new_token)
    version = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refused: list[UserError] = []

    def expect_version(self, current: Versioned | int, field: Field | None = None) -> None:
        """Refuse a form that was opened on an older version of the record. Raises StaleForm; the guard of the endpoint
        then shows the form again with what was typed, and with what has changed where it is given the record itself.
        `field` holds the version where the form tells that of a second record."""
        record = current if isinstance(current, Versioned) else None
        number = current.version if isinstance(current, Versioned) else current
        seen = str((self.version if field is None else field).data or number)
        if seen != str(number) and overtaken() is None:
            raise StaleForm(record, int(seen) if _COUNT.fullmatch(seen) else number)

    def validate(self, extra_validators: Any = None) -> bool:
        """Nothing is acted upon while the form is shown again because of somebody else's change."""
        return overtaken() is None and super().validate(extra_validators)

    def refuse(self, error: UserError) -> None:
        """Show a service's refusals beside their fields, or above the form when they name none."""
        if isinstance(error, StaleForm):
            raise error
        for one in (error, *error.others):
            self._show(one)

    def _show(self, error: UserError) -> None:
        self.refused.append(error)
        field = self._fields.get(error.field) if error.field else None
        if field is None:
            self.form_errors.append(explain(error))
        else:
            field.errors = [*field.errors, explain(error)]

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Around an act: what a rule or the state of the record refuses is shown on the form, and the block is left.
        What is not there or not permitted is an answer of its own."""
        try:
            yield
        except (RuleViolation, StateConflict) as error:
            self.refuse(error)

    def page(self, template: str, **context: Any) -> str | tuple[str, int]:
        """The template with this form; 422 when the form was sent, as it is then shown again for something wrong."""
        body = render_template(template, form=self, **context)
        return (body, 422) if self.is_submitted() else body

    @property
    def error_list(self) -> list[tuple[str | None, str]]:
        """(field id or None, text) in the order of the form, for the summary on top."""
        pairs: list[tuple[str | None, str]] = [(None, text) for text in self.form_errors]
        for field in self._fields.values():
            pairs += [(field.id, text) for text in field.errors]
        return pairs


def required(message: str | None = None) -> list[Any]:
    return [InputRequired(message or _l("入力してください。")), DataRequired(message or _l("入力してください。"))]


def at_most(length: int) -> Length:
    return Length(max=length, message=_l("%(max)d文字以内で入力してください。"))


class JapaneseDateField(Field):
    """A date input; what is sent may be ISO (the browser's calendar) or any Japanese form, eras included."""

    widget = DateInput()

    def __init__(self, label: Any = None, validators: list[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.data: date | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""

    def pre_validate(self, form: Any) -> None:
        """What is wrong with a date that was typed is said, not that one is missing."""
        if self.process_errors:
            raise StopValidation()

    @property
    def day(self) -> date:
        """The date of a required field in a form that has been validated."""
        assert self.data is not None
        return self.data

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if not valuelist or not str(valuelist[0]).strip():
            return
        try:
            self.data = parse_date(valuelist[0]).value
        except DateParseError as error:
            raise ValueError(translate(error.message, error.params)) from error


def _shown(member: Labelled) -> str:
    return member.in_choices(gettext(member.label))


def label_choices(members: Iterable[Labelled], empty: Any = None) -> list[SelectChoice]:
    """Choices of a select field from an enum; `empty` is the word of the blank choice."""
    head = [] if empty is None else [SelectChoice(value="", label=empty)]
    return head + [SelectChoice(value=member.value, label=LazyString(_shown, member)) for member in members]


@lru_cache
def _choices(enum: type[Labelled], members: tuple[Labelled, ...]) -> list[SelectChoice]:
    """Kept by the enum as well, because members of two enums may be equal as texts."""
    return label_choices(members)


class EnumField(SelectField):
    """A select whose data is a member of `enum`, or None for the blank choice."""

    def __init__(self, label: Any = None, validators: Any = None, *, enum: type[Labelled], **kwargs: Any) -> None:
        members = kwargs.pop("members", list(enum))
        empty = kwargs.pop("empty", _l("選択してください"))

        def coerce(value: Any) -> Labelled | None:
            return enum(value) if value else None

        kwargs.setdefault("invalid_value_message", _l("選択肢から選んでください。"))
        kwargs.setdefault("invalid_choice_message", _l("選択肢から選んでください。"))
        self._enum, self._blank = enum, SelectChoice(value="", label=empty)
        choices = [self._blank, *_choices(enum, tuple(members))]
        super().__init__(label, validators, coerce=coerce, choices=choices, **kwargs)

    def offer(self, members: Collection[Labelled]) -> None:
        """Leave only these of the choices, and the blank one."""
        self.choices = [self._blank, *_choices(self._enum, tuple(members))]


class IdsField(SelectMultipleField):
    """Several records by id, from choices that the route sets after scoping them."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=int, **kwargs)
