"""The day for which relations are shown, and what a person fills in about a contract."""

from collections.abc import Sequence
from typing import TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import RadioField, StringField

from organizations.register.models import Organization
from organizations.register.queries import whereabouts
from organizations.register.states import OrganizationKind
from organizations.relations import queries
from organizations.sending.models import SendingOrganization
from otit.auth.actors import Actor
from otit.text import N_
from otit.web.filters import FilterForm
from otit.web.forms import BaseForm, JapaneseDateField, SelectChoice, at_most, required
from otit.web.messages import translate

Body = TypeVar("Body", Organization, SendingOrganization)


class AsOfForm(FilterForm):
    as_of = JapaneseDateField(_l("基準日"))


class ContractForm(BaseForm):
    """The other side is named by number or name; where several bear the name, `other_id` offers them."""

    other = StringField(_l("相手方の番号又は名称"), [*required(), at_most(200)])
    other_id = RadioField(_l("該当する団体"), choices=[], validate_choice=False)
    sending = StringField(_l("送出機関の番号又は名称"), [at_most(200)])
    sending_id = RadioField(_l("該当する送出機関"), choices=[], validate_choice=False)
    starts_on = JapaneseDateField(_l("契約の開始日"), required())
    ends_on = JapaneseDateField(_l("契約の末日"), description=_l("続いているときは空欄のままにします。"))

    def find_other(self, session: Session, actor: Actor, kind: OrganizationKind) -> Organization | None:
        """The body that is meant; None with the reason, or the choice, in the form."""
        found = queries.bodies_named(session, kind, self.other.data or "")
        line = N_("%(name)s（%(address)s）")
        texts = {
            str(body.id): translate(line, {"name": body.name, "address": whereabouts(actor, body)}) for body in found
        }
        return _chosen(found, self.other, self.other_id, texts)

    def find_sending(self, session: Session) -> SendingOrganization | None:
        """None as well where none is named, which stands for whichever."""
        if not self.sending.data:
            return None
        found = queries.sending_named(session, self.sending.data)
        texts = {str(body.id): f"{body.name} {body.number or body.reference_number or ''}" for body in found}
        return _chosen(found, self.sending, self.sending_id, texts)


def _chosen(found: Sequence[Body], named: StringField, choice: RadioField, texts: dict[str, str]) -> Body | None:
    if not found:
        named.errors = [*named.errors, _("該当するものが登録されていません。番号又は正確な名称を入力してください。")]
        return None
    if len(found) == 1:
        return found[0]
    choice.choices = [SelectChoice(value=key, label=text) for key, text in texts.items()]
    chosen = next((body for body in found if str(body.id) == choice.data), None)
    if chosen is None:
        choice.errors = [*choice.errors, _("同じ名称のものが複数あります。一つ選んでください。")]
    return chosen


class EndContractForm(BaseForm):
    ends_on = JapaneseDateField(_l("契約の末日"), required())
