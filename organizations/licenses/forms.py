"""Filters of the list of licences, the closure notice, what a licence is used for, and conditions."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional

from organizations.licenses.queries import LATER, SOON, LicenseFilter
from organizations.licenses.states import LicenseClass, LicenseState, Scheme
from organizations.register.confirming import ConfirmedForm
from organizations.sending.countries import COUNTRIES
from organizations.sending.forms import country_names
from otit.clock import add_months
from otit.web.clock import clock
from otit.web.filters import FilterForm, OfficeField, OptionalEnumField, choices
from otit.web.forms import BaseForm, JapaneseDateField, SelectChoice, at_most, label_choices, required

EVERY_STATE = "all"

_STATES = [*choices([(EVERY_STATE, _l("すべて"))], _l("有効な許可")), *label_choices(LicenseState)]
_MONTHS = choices(((str(months), _l("%(months)sか月以内", months=months)) for months in (SOON, LATER)), _l("すべて"))


class LicenseFilterForm(FilterForm):
    q = StringField(_l("許可番号・団体名"), [at_most(100)])
    license_class = OptionalEnumField(_l("許可区分"), enum=LicenseClass)
    scheme = OptionalEnumField(_l("制度"), enum=Scheme)
    state = SelectField(_l("状態"), choices=_STATES, default="")
    office = OfficeField()
    expiring = SelectField(_l("有効期限"), choices=_MONTHS, default="")

    def wanted(self) -> LicenseFilter:
        chosen = self.chosen()
        state, months = chosen.pop("state", ""), chosen.pop("expiring", "")
        if months:
            today = clock().today()
            chosen |= {"expires_from": today, "expires_to": add_months(today, int(months))}
        if state in ("", EVERY_STATE):
            return LicenseFilter(**chosen, live=not state)
        return LicenseFilter(**chosen, state=LicenseState(state))


class CloseForm(BaseForm):
    on = JapaneseDateField(_l("廃止の日"), required())


class ContentForm(ConfirmedForm):
    countries = SelectMultipleField(_l("受入れ国"))
    occupations = TextAreaField(_l("取扱職種"), [at_most(2000)])
    handles_care = BooleanField(_l("介護を取り扱う"))

    def offer(self, held: Sequence[str]) -> None:
        """Every country that is known, and those that are recorded."""
        names = country_names(dict.fromkeys((*COUNTRIES, *held)))
        self.countries.choices = [SelectChoice(value=code, label=name) for code, name in names]


class ConditionForm(BaseForm):
    text = TextAreaField(_l("条件の内容"), [*required(), at_most(2000)])
    starts_on = JapaneseDateField(_l("開始日"), required())
    ends_on = JapaneseDateField(_l("末日"), [Optional()])


class EndConditionForm(BaseForm):
    on = JapaneseDateField(_l("末日"), required())
