"""Forms of an application: taking it, the facts found, the ministers' decision; filters of the list."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from organizations.licenses.states import LicenseClass
from organizations.licenses.terms import TERM_YEARS, term_end
from organizations.licensing.queries import ApplicationFilter
from organizations.licensing.states import ApplicationPurpose, ApplicationState
from organizations.register.confirming import ConfirmedForm
from organizations.register.party_forms import HOW, PartyForm, same_name
from otit.law.authority import DispositionAuthority
from otit.text import N_
from otit.web.filters import FilterForm, OfficeField, OptionalEnumField
from otit.web.forms import BaseForm, EnumField, JapaneseDateField, at_most, label_choices, required
from otit.web.messages import date_text, translate

TEXT_LENGTH = 4000


class ApplicationFilterForm(FilterForm):
    q = StringField(_l("番号・団体名"), [at_most(100)])
    purpose = OptionalEnumField(_l("申請の種類"), enum=ApplicationPurpose)
    license_class = OptionalEnumField(_l("許可区分"), enum=LicenseClass)
    state = OptionalEnumField(_l("状態"), enum=ApplicationState)
    office = OfficeField()
    applied_from = JapaneseDateField(_l("申請日（から）"))
    applied_to = JapaneseDateField(_l("申請日（まで）"))

    def wanted(self) -> ApplicationFilter:
        return ApplicationFilter(**self.chosen())


class ReceiveForm(BaseForm):
    license_class = EnumField(_l("許可区分"), required(), enum=LicenseClass)
    applied_on = JapaneseDateField(_l("申請日"), required())
    number = StringField(_l("申請の番号"), [at_most(20)])

    def offer(self, classes: Sequence[LicenseClass]) -> None:
        """Show these only. Another one that is sent all the same is refused with the article, by the act."""
        if not self.is_submitted():
            self.license_class.choices = label_choices(classes, _l("選択してください"))


class CorrectionForm(PartyForm):
    """The body, and what is applied for, stand in the address of a receipt; here they are filled in as well."""

    organization = StringField(_l("監理団体"), [*required(), at_most(200)], description=HOW)
    organization_choice = same_name()
    purpose = EnumField(_l("申請の種類"), required(), enum=ApplicationPurpose)
    license_class = EnumField(_l("許可区分"), required(), enum=LicenseClass)
    applied_on = JapaneseDateField(_l("申請日"), required())
    number = StringField(_l("申請の番号"), [at_most(20)])


class FactsForm(BaseForm):
    on = JapaneseDateField(_l("調査を終えた日"), required())
    text = TextAreaField(_l("調査の結果"), [*required(), at_most(TEXT_LENGTH)])


class WithdrawForm(BaseForm):
    on = JapaneseDateField(_l("取下げの日"), required())


class DecisionForm(ConfirmedForm):
    authority = EnumField(_l("決定した者"), required(), enum=DispositionAuthority)
    decided_on = JapaneseDateField(_l("決定日"), required())
    document_number = StringField(_l("文書番号"), [at_most(60)])


class GrantForm(DecisionForm):
    valid_from = JapaneseDateField(_l("有効期間の初日"), [Optional()])
    years = SelectField(_l("有効期間"), coerce=int)


class RefuseForm(DecisionForm):
    reason = TextAreaField(_l("不許可の理由"), [*required(), at_most(TEXT_LENGTH)])


def offer_years(form: GrantForm, license_class: LicenseClass, starts_on: date | None, *, is_first: bool) -> None:
    """The two lengths of the class, for a first licence the usual one; with the last valid day where the first one is
    known. The other one that is sent all the same is refused with the article, by the act."""
    offered = TERM_YEARS[license_class][: 1 if is_first and not form.is_submitted() else 2]
    form.years.choices = [(years, _years(license_class, years, starts_on)) for years in offered]


def _years(license_class: LicenseClass, years: int, starts_on: date | None) -> str:
    if starts_on is None:
        return translate(N_("%(years)s年"), {"years": years})
    until = date_text(term_end(license_class, starts_on, years))
    return translate(N_("%(years)s年（%(until)sまで）"), {"years": years, "until": until})
