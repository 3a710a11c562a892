"""Forms of the administration."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Regexp

from otit.admin.queries import AuditFilter, UserFilter
from otit.admin.words import ABOUT, RECORDS
from otit.auth.forms import PasswordForm
from otit.auth.permissions import Role
from otit.places import OFFICES, PREFECTURES
from otit.web.filters import FilterForm, OptionalEnumField, choices
from otit.web.forms import BaseForm, EnumField, JapaneseDateField, SelectChoice, at_most, required
from otit.web.templating import bureau_name, office_name


class AuditFilterForm(FilterForm):
    actor = StringField(_l("行った人"), [at_most(80)], description=_l("ユーザー名、又は system:schedule など"))
    action = SelectField(_l("操作"), choices=lambda: _worded(ABOUT), default="")
    subject_type = SelectField(
        _l("対象の種類"), choices=lambda: _worded({key: one[0] for key, one in RECORDS.items()}), default=""
    )
    subject_id = StringField(_l("対象の番号"), [at_most(40)])
    from_day = JapaneseDateField(_l("日付（から）"))
    to_day = JapaneseDateField(_l("日付（まで）"))

    def wanted(self) -> AuditFilter:
        return AuditFilter(**self.chosen())


def _worded(words: dict[str, str]) -> list[SelectChoice]:
    return choices(((code, _l(word)) for code, word in words.items()), _l("すべて"))


class UserFilterForm(FilterForm):
    q = StringField(_l("ユーザー名又は氏名"), [at_most(100)])
    role = OptionalEnumField(_l("役割"), enum=Role)
    inactive = BooleanField(_l("停止中のユーザー"))

    def wanted(self) -> UserFilter:
        return UserFilter(**self.chosen())


def _offices() -> list[SelectChoice]:
    return choices(((code, office_name(code)) for code in OFFICES), _l("本部（すべての事務所）"))


def _bureaus() -> list[SelectChoice]:
    return choices(((code, bureau_name(code)) for code in PREFECTURES), _l("なし"))


class UserForm(PasswordForm):
    field_order = ("username", "display_name", "role", "office_code", "bureau_code", "password", "again")

    username = StringField(
        _l("ユーザー名"),
        [
            *required(),
            at_most(60),
            Regexp(r"^[A-Za-z0-9][A-Za-z0-9._-]*$", message=_l("英数字と . _ - だけを使えます。")),
        ],
        description=_l("サインインに使います。大文字と小文字は区別しません。"),
        render_kw={"autocomplete": "off"},
    )
    display_name = StringField(_l("氏名"), [*required(), at_most(100)])
    role = EnumField(_l("役割"), required(), enum=Role)
    office_code = SelectField(
        _l("所属事務所"),
        choices=_offices,
        default="",
        description=_l("検査官の場合は必須です。"),
    )
    bureau_code = SelectField(
        _l("労働局"),
        choices=_bureaus,
        default="",
        description=_l("労働基準監督官の場合は必須です。ほかの役割には設定しません。"),
    )


class EmptyForm(BaseForm):
    """An act of one button."""
