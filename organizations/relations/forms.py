"""The day for which relations are shown, and what a person fills in about a contract."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from organizations.register.confirming import ConfirmedForm
from organizations.register.party_forms import PartyForm, same_name
from otit.web.filters import FilterForm
from otit.web.forms import BaseForm, JapaneseDateField, at_most, required


class AsOfForm(FilterForm):
    as_of = JapaneseDateField(_l("基準日"))


class ContractForm(PartyForm, ConfirmedForm):
    """The other side is named by number or name; without a sending organization the contract is for whichever."""

    other = StringField(_l("相手方の番号又は名称"), [*required(), at_most(200)])
    other_choice = same_name()
    sending = StringField(_l("送出機関の番号又は名称"), [at_most(200)])
    sending_choice = same_name()
    starts_on = JapaneseDateField(_l("契約の開始日"), required())
    ends_on = JapaneseDateField(_l("契約の末日"), description=_l("続いているときは空欄のままにします。"))


class EndContractForm(BaseForm):
    ends_on = JapaneseDateField(_l("契約の末日"), required())
