"""What people fill in about applications and changes, and the filters of the list."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectField, StringField, TextAreaField

from organizations.accreditation.queries import ApplicationFilter
from organizations.accreditation.states import ApplicationState
from organizations.plans.states import PlanCategory
from organizations.register.models import Organization
from organizations.sending.countries import COUNTRIES, country_name
from organizations.sending.models import SendingOrganization
from otit.web.filters import FilterForm, OfficeField, OptionalEnumField, choices
from otit.web.forms import BaseForm, EnumField, JapaneseDateField, SelectChoice, at_most, required
from otit.web.language import english
from otit.web.templating import prefecture_name

Body = TypeVar("Body", Organization, SendingOrganization)

_HOW = _l("番号（法人番号・届出受理番号・許可番号）又は正式な名称を入力します。")


def _country(code: str) -> str:
    return country_name(code, english=english())


COUNTRY_CHOICES = choices(((code, LazyString(_country, code)) for code in COUNTRIES), _l("未登録"))


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


def same_name() -> RadioField:
    """Which of several bodies of one name is meant; offered only when there are several."""
    return RadioField(_l("同じ名称の団体"), choices=[], validate_choice=False)


class PartyForm(BaseForm):
    """Bodies named by number or name: `supervising` beside `supervising_choice`, and so on."""

    def settle(self, name: str, found: Sequence[Body], line: Callable[[Body], str]) -> Body | None:
        """The one body that is meant. None with an error where it is not there or still in doubt; None without one
        where nothing was typed."""
        field: Field = self[name]
        choice: RadioField = self[f"{name}_choice"]
        if not field.data:
            return None
        if not found:
            field.errors = [*field.errors, _("この番号又は名称の団体は、登録されていないか、担当外です。")]
            return None
        if len(found) == 1:
            return found[0]
        choice.choices = [SelectChoice(value=str(body.id), label=line(body)) for body in found]
        chosen = next((body for body in found if str(body.id) == choice.data), None)
        if chosen is None:
            choice.errors = [*choice.errors, _("同じ名称の団体が複数あります。1つ選んでください。")]
        return chosen


def organization_line(body: Organization) -> str:
    number = body.notification_number or body.corporate_number
    return "　".join(part for part in (body.name, prefecture_name(body.prefecture_code), body.address, number) if part)


def sender_line(body: SendingOrganization) -> str:
    return "　".join(part for part in (body.name, _country(body.country), body.number or body.reference_number) if part)


class ApplicationForm(PartyForm):
    applied_on = JapaneseDateField(_l("申請を受け付けた日"), required())
    number = StringField(_l("受理番号"), [at_most(20)], description=_l("空欄のときは、次の番号を付けます。"))
    category = EnumField(_l("区分"), required(), enum=PlanCategory)
    implementing = StringField(_l("実習実施者"), [*required(), at_most(200)], description=_HOW)
    implementing_choice = same_name()
    supervising = StringField(_l("監理団体"), [at_most(200)], description=_HOW)
    supervising_choice = same_name()
    sending = StringField(_l("送出機関"), [at_most(200)], description=_l("番号又は正式な名称を入力します。"))
    sending_choice = same_name()
    starts_on = JapaneseDateField(_l("実習の開始日"), required())
    ends_on = JapaneseDateField(_l("実習の終了日"), required())
    occupation_code = StringField(_l("職種コード"), [at_most(12)])
    nationality = SelectField(_l("国籍"), choices=COUNTRY_CHOICES, default="")
    trainee_name = StringField(_l("技能実習生の氏名"), [at_most(200)])
    trainee_born_on = JapaneseDateField(_l("技能実習生の生年月日"))


class DecisionForm(BaseForm):
    on = JapaneseDateField(_l("年月日"), required())


class AccreditForm(DecisionForm):
    reason = TextAreaField(
        _l("認定する理由"),
        [at_most(2000)],
        description=_l("「基準に適合しない扱い」の確認結果があるときは必須です。"),
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
    supervising = StringField(_l("監理団体"), [at_most(200)], description=_HOW)
    supervising_choice = same_name()
    sending = StringField(_l("送出機関"), [at_most(200)], description=_l("番号又は正式な名称を入力します。"))
    sending_choice = same_name()

    def days_and_code(self, occupation_code: str | None) -> dict[str, Any]:
        """{field of the plan: new value} of what was filled in, bodies apart."""
        given = {
            "starts_on": self.starts_on.data,
            "ends_on": self.ends_on.data,
            "occupation_code": occupation_code,
        }
        return {name: value for name, value in given.items() if value is not None}
