"""Signing in, and choosing a password."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, Length

from otit.auth.passwords import MINIMUM_LENGTH
from otit.web.forms import BaseForm, at_most, required


class SignInForm(BaseForm):
    # Signing in twice does no harm, but the second answer to a double click would lack the session of the first.
    once = None  # type: ignore[assignment]

    username = StringField(
        _l("ユーザー名"), [*required(), at_most(60)], render_kw={"autocomplete": "username", "autofocus": True}
    )
    password = PasswordField(_l("パスワード"), required(), render_kw={"autocomplete": "current-password"})


def _password_rules() -> list[Any]:
    message = _l("%(min)d文字以上にしてください。")
    return [*required(), Length(min=MINIMUM_LENGTH, max=200, message=message)]


class PasswordForm(BaseForm):
    password = PasswordField(
        _l("パスワード"),
        _password_rules(),
        description=_l("10文字以上。ほかで使っているもの、氏名や日付から推測できるものは避けます。"),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("パスワード（確認）"),
        [*required(), EqualTo("password", message=_l("2つのパスワードが一致しません。"))],
        render_kw={"autocomplete": "new-password"},
    )


class OwnPasswordForm(PasswordForm):
    current = PasswordField(_l("現在のパスワード"), required(), render_kw={"autocomplete": "current-password"})

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.password.label.text = _("新しいパスワード")
        self.again.label.text = _("新しいパスワード（確認）")
