"""Forms of sending organizations."""

from collections.abc import Iterable

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField

from organizations.sending.countries import COUNTRIES, country_name
from organizations.sending.focal_points import FocalPointDetails
from organizations.sending.queries import SendingFilter
from organizations.sending.services import SendingDetails
from organizations.sending.states import Approval
from otit.web.filters import FilterForm, OptionalEnumField, choices
from otit.web.forms import BaseForm, JapaneseDateField, at_most, required
from otit.web.language import english


def _name(code: str) -> str:
    return country_name(code, english=english())


def country_names(codes: Iterable[str] = COUNTRIES) -> list[tuple[str, LazyString]]:
    """(code, name) for the choices of a field; the names are looked up when they are shown."""
    return [(code, LazyString(_name, code)) for code in codes]


class SendingFilterForm(FilterForm):
    q = StringField(_l("名称又は番号"), [at_most(100)])
    country = SelectField(_l("国"), choices=choices(country_names(), _l("すべて")), default="")
    approval = OptionalEnumField(_l("相手国政府の認定"), enum=Approval)
    suspended = BooleanField(_l("新規受入れ停止中だけ"))

    def wanted(self) -> SendingFilter:
        return SendingFilter(**self.chosen())


class SendingForm(BaseForm):
    country = SelectField(_l("国"), required(), choices=choices(country_names(), _l("選択してください")), default="")
    name = StringField(_l("名称"), [*required(), at_most(200)])
    number = StringField(
        _l("送出機関番号"),
        [at_most(20)],
        description=_l("国の3文字と数字6桁（例：VNM000455）。整理番号がない場合は必須です。"),
    )
    reference_number = StringField(_l("整理番号"), [at_most(20)], description=_l("送出機関番号がない場合は必須です。"))
    address = StringField(_l("所在地"), [at_most(300)])
    representative = StringField(_l("代表者"), [at_most(100)])
    approved_on = JapaneseDateField(_l("相手国政府による認定の日"))
    approval_ended_on = JapaneseDateField(
        _l("認定の末日"), description=_l("認定が取り消され、又は期間が終わったときに入力します。")
    )

    def details(self) -> SendingDetails:
        return SendingDetails(
            country=self.country.data or "",
            name=self.name.data or "",
            number=self.number.data or None,
            reference_number=self.reference_number.data or None,
            address=self.address.data or None,
            representative=self.representative.data or None,
            approved_on=self.approved_on.data,
            approval_ended_on=self.approval_ended_on.data,
        )


class SuspendForm(BaseForm):
    starts_on = JapaneseDateField(_l("停止の開始日"), required())
    reason = TextAreaField(_l("停止の理由"), [*required(), at_most(2000)])


class ReleaseForm(BaseForm):
    ends_on = JapaneseDateField(_l("停止の末日"), required())


class FocalPointForm(BaseForm):
    body = StringField(_l("窓口の機関"), [*required(), at_most(200)])
    department = StringField(_l("部署"), [at_most(200)])
    email = StringField(_l("電子メール"), [at_most(200)])
    phone = StringField(_l("電話"), [at_most(40)])
    starts_on = JapaneseDateField(_l("始まりの日"), required())

    def details(self) -> FocalPointDetails:
        return FocalPointDetails(
            body=self.body.data or "",
            department=self.department.data or None,
            email=self.email.data or None,
            phone=self.phone.data or None,
            starts_on=self.starts_on.day,
        )


class EndFocalPointForm(BaseForm):
    ends_on = JapaneseDateField(_l("終わりの日"), required())
