"""The closure notice of a supervising organization."""

from flask_babel import lazy_gettext as _l

from otit.web.forms import BaseForm, JapaneseDateField, required


class CloseForm(BaseForm):
    on = JapaneseDateField(_l("廃止の日"), required())
