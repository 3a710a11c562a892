"""The sign-in form."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField

from otit.web.forms import BaseForm, at_most, required


class SignInForm(BaseForm):
    # Signing in twice does no harm, but the second answer to a double click would lack the session of the first.
    once = None  # type: ignore[assignment]

    username = StringField(
        _l("ユーザー名"), [*required(), at_most(60)], render_kw={"autocomplete": "username", "autofocus": True}
    )
    password = PasswordField(_l("パスワード"), required(), render_kw={"autocomplete": "current-password"})
