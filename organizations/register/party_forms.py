"""Fields of a form that name bodies, and the choice among several of one name."""

from collections.abc import Sequence
from typing import TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import Field, RadioField

from organizations.register.models import Organization
from organizations.register.parties import as_typed, organizations_named, senders_named
from organizations.register.queries import whereabouts
from organizations.sending.countries import country_name
from organizations.sending.models import SendingOrganization
from otit.auth.actors import Actor
from otit.web.forms import BaseForm, SelectChoice
from otit.web.language import english
from otit.web.messages import spoken

Body = TypeVar("Body", Organization, SendingOrganization)

HOW = _l("番号（法人番号・届出受理番号・許可番号）又は正式な名称を入力します。")
HOW_SENDING = _l("番号又は正式な名称を入力します。")


def same_name() -> RadioField:
    """Which of several bodies of one name is meant; offered only when there are several."""
    return RadioField(_l("同じ名称の団体"), choices=[], validate_choice=False)


class PartyForm(BaseForm):
    """Bodies named by number or name: `supervising` beside `supervising_choice`, and so on."""

    def settle(self, actor: Actor, name: str, found: Sequence[Body]) -> Body | None:
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
        choice.choices = _choices(actor, found)
        chosen = next((body for body in found if str(body.id) == choice.data), None)
        if chosen is None:
            choice.errors = [*choice.errors, _("同じ名称の団体が複数あります。1つ選んでください。")]
        return chosen

    def fill(
        self,
        session: Session,
        actor: Actor,
        name: str,
        body: Organization | SendingOrganization | None,
        *,
        scoped: bool = False,
    ) -> None:
        """Show the body that is recorded, in a form that has not been sent yet: by its number, else by its name, and
        marked among those that are named alike; where it is `scoped`, those in that person's scope."""
        if body is None or self.is_submitted():
            return
        self[name].data = text = as_typed(body)
        choice: RadioField = self[f"{name}_choice"]
        if isinstance(body, Organization):
            named = organizations_named(session, body.kind, text, within=actor if scoped else None)
            choices = _choices(actor, named)
        else:
            choices = _choices(actor, senders_named(session, text))
        if len(choices) > 1:
            choice.choices, choice.data = choices, str(body.id)


def _choices(actor: Actor, found: Sequence[Organization | SendingOrganization]) -> list[SelectChoice]:
    return [SelectChoice(value=str(body.id), label=_line(actor, body)) for body in found]


def _line(actor: Actor, body: Organization | SendingOrganization) -> str:
    """Name, place and number, by which bodies of one name are told apart."""
    if isinstance(body, Organization):
        place, number = spoken(whereabouts(actor, body)), body.notification_number or body.corporate_number
    else:
        place, number = country_name(body.country, english=english()), body.number or body.reference_number
    return "　".join(part for part in (body.name, place, number) if part)
