"""What a person fills in about an organization, its officers, its places and its business."""

from collections.abc import Collection
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from organizations.register.business import NoticeFacts
from organizations.register.confirming import ConfirmedForm
from organizations.register.details import OrganizationDetails
from organizations.register.models import Officer, Organization, Place
from organizations.register.names import split_status
from organizations.register.officers import OfficerFacts
from organizations.register.place_acts import PlaceFacts
from organizations.register.states import BusinessAct, OfficerPosition, PlaceKind
from otit.places import PREFECTURES
from otit.text import compact, plain_dashes
from otit.web.filters import choices
from otit.web.forms import BaseForm, EnumField, JapaneseDateField, at_most, required
from otit.web.templating import prefecture_name


def _code(value: Any) -> Any:
    return plain_dashes(compact(value)) if isinstance(value, str) else value


def _digits(value: Any) -> Any:
    return _code(value).replace("-", "") if isinstance(value, str) else value


class PrefectureChoice(SelectField):
    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label or _l("都道府県"), required(), choices=self.offered(PREFECTURES), default="", **kwargs)

    @staticmethod
    def offered(codes: Collection[str]) -> Any:
        return choices(((code, LazyString(prefecture_name, code)) for code in codes), _l("選択してください"))


class OrganizationForm(ConfirmedForm):
    name = StringField(_l("名称"), [*required(), at_most(200)])
    kana = StringField(_l("フリガナ"), [at_most(200)])
    corporate_number = StringField(_l("法人番号"), [at_most(13)], filters=[_digits])
    representative = StringField(_l("代表者"), [at_most(100)])
    postal_code = StringField(_l("郵便番号"), [at_most(8)], filters=[_code])
    prefecture_code = PrefectureChoice()
    address = StringField(_l("所在地"), [*required(), at_most(300)])
    phone = StringField(_l("電話"), [at_most(40)])
    industry = StringField(_l("業種"), [at_most(100)])
    staff_count = IntegerField(_l("常勤職員数"), [Optional()])

    def details(self) -> OrganizationDetails:
        """The name without the word about the business that lists put behind it."""
        facts = {
            name: self._fields[name].data for name in OrganizationDetails.__dataclass_fields__ if name in self._fields
        }
        facts |= {name: None for name, value in facts.items() if value == ""}
        facts["name"] = split_status(self.name.data or "")[0]
        return OrganizationDetails(**facts)

    @property
    def status_in_name(self) -> str | None:
        return split_status(self.name.data or "")[1]


class ImplementingForm(OrganizationForm):
    is_individual = BooleanField(_l("個人（法人番号なし）"))
    notification_number = StringField(_l("届出受理番号"), [at_most(20)], filters=[_digits])
    notified_on = JapaneseDateField(_l("届出受理日"))
    first_training_on = JapaneseDateField(_l("最初の技能実習の開始"))
    is_excellent = BooleanField(_l("優良な実習実施者の基準に適合する"))


class Renaming(BaseForm):
    """Added to the form of an organization that is known: what a new name means."""

    renamed_on = JapaneseDateField(_l("新しい名称になった日"))
    correction = BooleanField(_l("名称の誤りの訂正（前の名称は旧名称として残さない）"))

    def renamed(self, organization: Organization, name: str) -> bool:
        """Whether it is said what a new name means; else it is asked."""
        if name == organization.name or self.renamed_on.data or self.correction.data:
            return True
        message = _l("名称が変わります。新しい名称になった日を入力するか、誤りの訂正であることを選んでください。")
        self.renamed_on.errors = [*self.renamed_on.errors, message]
        return False


class SupervisingEditForm(OrganizationForm, Renaming):
    pass


class ImplementingEditForm(ImplementingForm, Renaming):
    pass


class OfficerForm(ConfirmedForm):
    position = EnumField(_l("役職"), required(), enum=OfficerPosition)
    name = StringField(_l("氏名"), [*required(), at_most(100)])
    kana = StringField(_l("フリガナ"), [at_most(200)])
    starts_on = JapaneseDateField(_l("就任の日"), required())
    ends_on = JapaneseDateField(_l("在任の末日"), description=_l("在任中のときは空欄のままにします。"))

    def facts(self) -> OfficerFacts:
        return OfficerFacts(
            self.position.data, self.name.data or "", self.starts_on.day, self.ends_on.data, self.kana.data or None
        )

    @classmethod
    def of(cls, organization: Organization, officer: Officer | None = None) -> "OfficerForm":
        form = cls(obj=officer)
        form.position.offer(OfficerPosition.of(organization.kind))
        return form


class PlaceForm(BaseForm):
    kind = EnumField(_l("種類"), required(), enum=PlaceKind)
    name = StringField(_l("名称"), [*required(), at_most(200)])
    postal_code = StringField(_l("郵便番号"), [at_most(8)], filters=[_code])
    prefecture_code = PrefectureChoice()
    address = StringField(_l("所在地"), [*required(), at_most(300)])
    phone = StringField(_l("電話"), [at_most(40)])
    starts_on = JapaneseDateField(_l("使用の開始日"), description=_l("分からないときは空欄のままにします。"))
    ends_on = JapaneseDateField(_l("使用の末日"), description=_l("使用中のときは空欄のままにします。"))

    def facts(self) -> PlaceFacts:
        texts = {name: self._fields[name].data or None for name in ("postal_code", "phone")}
        return PlaceFacts(
            self.kind.data,
            self.name.data or "",
            self.prefecture_code.data,
            self.address.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            **texts,
        )

    @classmethod
    def of(cls, place: Place) -> "PlaceForm":
        return cls(obj=place)


class EndForm(BaseForm):
    ends_on = JapaneseDateField(_l("末日"), required())


class WithdrawalForm(BaseForm):
    reason = TextAreaField(_l("取り消す理由"), [*required(), at_most(1000)])


class BusinessNoticeForm(ConfirmedForm):
    act = EnumField(_l("届出の内容"), required(), enum=BusinessAct)
    notified_on = JapaneseDateField(_l("届出の日"), required())
    effective_on = JapaneseDateField(_l("効力の発生日"), required())
    until = JapaneseDateField(_l("休止の末日"))
    reason = TextAreaField(_l("理由"), [at_most(1000)])

    def facts(self) -> NoticeFacts:
        return NoticeFacts(
            self.act.data, self.notified_on.day, self.effective_on.day, self.until.data, self.reason.data or None
        )
