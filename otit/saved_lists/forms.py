"""Under which name a list is kept, and with whom it is shared."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField

from otit.saved_lists.states import Sharing
from otit.web.forms import BaseForm, EnumField, at_most, label_choices, required


class KeepForm(BaseForm):
    list = HiddenField()
    query = HiddenField()
    name = StringField(_l("名前"), [*required(), at_most(100)])
    sharing = EnumField(_l("共有する相手"), required(), enum=Sharing, default=Sharing.PRIVATE)

    def without_office(self) -> None:
        """For who belongs to no office of OTIT's."""
        self.sharing.choices = label_choices((Sharing.PRIVATE, Sharing.EVERYBODY))


class RenameForm(BaseForm):
    name = StringField(_l("名前"), [*required(), at_most(100)])
