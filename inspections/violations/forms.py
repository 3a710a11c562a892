"""Forms for findings: the row of the visit form, the form for one more violation, and escalation."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import Optional

from inspections.violations.findings import Finding
from inspections.violations.presenting import SEPARATOR
from otit.errors import UserError
from otit.web.forms import BaseForm, JapaneseDateField, SelectChoice, at_most, given, required
from otit.web.messages import explain


class FindingField(SelectField):
    """Category and provision in one; the choices are set when kind of organization and authority are known."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        kwargs = {"choices": [], "invalid_choice_message": _l("選択肢から選んでください。")} | kwargs
        super().__init__(label, validators, **kwargs)


def finding_of(chosen: str, fact_on: date, description: str) -> Finding:
    """What a row says; `chosen` is a value of `finding_choices`."""
    category, _separator, provision = chosen.partition(SEPARATOR)
    return Finding(category, provision, fact_on, description)


class FindingRow(BaseForm):
    """One violation inside another form. An empty row says nothing; a started one must be complete."""

    class Meta(BaseForm.Meta):
        csrf = False

    once = None  # type: ignore[assignment]  # it is sent with the enclosing form
    version = None  # type: ignore[assignment]

    finding = FindingField(_l("違反の条文"), [Optional()], description=_l("違反を記録する場合は必須です。"))
    fact_on = JapaneseDateField(_l("違反の事実があった日"), description=_l("空欄のときは、訪問した日とします。"))
    description = TextAreaField(_l("違反の内容"), [at_most(4000)], description=_l("違反を記録する場合は必須です。"))

    @property
    def started(self) -> bool:
        return bool(self.finding.data or self.description.data or self.fact_on.data or self.fact_on.errors)

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if self.started:
            for field in (self.finding, self.description):
                if not field.data:
                    field.errors = [*field.errors, _l("入力してください。")]
                    valid = False
        return valid

    def refuse(self, error: UserError) -> None:
        """Beside the field the error names, else beside the provision."""
        field = self._fields.get(error.field or "", self.finding)
        field.errors = [*field.errors, explain(error)]


class ViolationForm(BaseForm):
    """One more violation of an inspection."""

    visit = SelectField(_l("見つかった訪問"), coerce=int, choices=[], validate_choice=True)
    finding = FindingField(_l("違反の条文"), required())
    fact_on = JapaneseDateField(_l("違反の事実があった日"), required())
    description = TextAreaField(_l("違反の内容"), [*required(), at_most(4000)])

    def offer(self, findings: list[SelectChoice], visits: list[SelectChoice] | None) -> None:
        """Set the choices. Without visits (a bureau's finding) there is nothing to choose from."""
        self.finding.choices = findings
        if visits is None:
            del self.visit
        else:
            self.visit.choices = visits

    def content(self) -> Finding:
        return finding_of(self.finding.data, given(self.fact_on.data), given(self.description.data))


class ReasonForm(BaseForm):
    """A reason for taking something to the disposition procedure."""

    reason = TextAreaField(_l("処分手続へ移す理由"), [*required(), at_most(4000)])
