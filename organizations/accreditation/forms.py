"""What people fill in about applications and changes, and the filters of the list."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField

from organizations.accreditation.queries import ApplicationFilter
from organizations.accreditation.states import ApplicationState
from organizations.plans.states import PlanCategory
from organizations.register.party_forms import HOW, HOW_SENDING, PartyForm, same_name
from organizations.sending.forms import country_names
from otit.web.filters import FilterForm, OfficeField, OptionalEnumField, choices
from otit.web.forms import BaseForm, EnumField, JapaneseDateField, at_most, required

COUNTRY_CHOICES = choices(country_names(), _l("未登録"))


class ApplicationFilterForm(FilterForm):
    number = StringField(_l("受理番号"), [at_most(20)])
    organization_name = StringField(_l("実習実施者名・監理団体名"), [at_most(100)])
    category = OptionalEnumField(_l("区分"), enum=PlanCategory)
    state = OptionalEnumField(_l("状態"), enum=ApplicationState)
    office = OfficeField()
    applied_from = JapaneseDateField(_l("申請日（から）"))
    applied_to = JapaneseDateField(_l("申請日（まで）"))

    def wanted(self) -> ApplicationFilter:
        return ApplicationFilter(**self.chosen())


class CorrectionForm(PartyForm):
    """An application without its trainee, who has a page of his own."""

    applied_on = JapaneseDateField(_l("申請を受け付けた日"), required())
    number = StringField(_l("受理番号"), [at_most(20)], description=_l("空欄のときは、次の番号を付けます。"))
    category = EnumField(_l("区分"), required(), enum=PlanCategory)
    implementing = StringField(_l("実習実施者"), [*required(), at_most(200)], description=HOW)
    implementing_choice = same_name()
    supervising = StringField(_l("監理団体"), [at_most(200)], description=HOW)
    supervising_choice = same_name()
    sending = StringField(_l("送出機関"), [at_most(200)], description=HOW_SENDING)
    sending_choice = same_name()
    starts_on = JapaneseDateField(_l("実習の開始日"), required())
    ends_on = JapaneseDateField(_l("実習の終了日"), required())
    occupation_code = StringField(_l("職種コード"), [at_most(12)])
    nationality = SelectField(_l("国籍"), choices=COUNTRY_CHOICES, default="")


class ApplicationForm(CorrectionForm):
    trainee_name = StringField(_l("技能実習生の氏名"), [at_most(200)])
    trainee_born_on = JapaneseDateField(_l("技能実習生の生年月日"))


class DecisionForm(BaseForm):
    on = JapaneseDateField(_l("年月日"), required())


class AccreditForm(DecisionForm):
    reason = TextAreaField(
        _l("認定する理由"),
        [at_most(2000)],
        description=_l("重大な確認事項があるときは必須です。"),
    )


class RefusalForm(DecisionForm):
    reason = TextAreaField(_l("認定しない理由"), [*required(), at_most(2000)])


class MinorChangeForm(BaseForm):
    changed_on = JapaneseDateField(_l("変更した日"), required())
    applied_on = JapaneseDateField(_l("届出の日"), required())
    summary = TextAreaField(_l("変更の内容"), [*required(), at_most(2000)])


class ChangeForm(PartyForm):
    applied_on = JapaneseDateField(_l("申請を受け付けた日"), required())
    changed_on = JapaneseDateField(_l("変更する日"), required())
    summary = TextAreaField(_l("変更の内容と理由"), [*required(), at_most(2000)])
    starts_on = JapaneseDateField(_l("実習の開始日"))
    ends_on = JapaneseDateField(_l("実習の終了日"))
    occupation_code = StringField(_l("職種コード"), [at_most(12)])
    supervising = StringField(_l("監理団体"), [at_most(200)], description=HOW)
    supervising_choice = same_name()
    sending = StringField(_l("送出機関"), [at_most(200)], description=HOW_SENDING)
    sending_choice = same_name()

    def days_and_code(self, occupation_code: str | None) -> dict[str, Any]:
        """{field of the plan: new value} of what was filled in, bodies apart."""
        given = {
            "starts_on": self.starts_on.data,
            "ends_on": self.ends_on.data,
            "occupation_code": occupation_code,
        }
        return {name: value for name, value in given.items() if value is not None}
