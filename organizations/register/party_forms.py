"""Fields of a form that name bodies, and the choice among several of one name."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import Field, RadioField

from organizations.register.models import Organization
from organizations.register.parties import (
    as_typed,
    organizations_like,
    organizations_named,
    senders_like,
    senders_named,
)
from organizations.register.queries import found_by_former_name, whereabouts
from organizations.register.states import OrganizationKind
from organizations.sending.countries import country_name
from organizations.sending.models import SendingOrganization
from otit.auth.actors import Actor
from otit.text import N_
from otit.web.forms import BaseForm, SelectChoice
from otit.web.language import english
from otit.web.messages import spoken, translate
from otit.web.templating import aside

Body = TypeVar("Body", Organization, SendingOrganization)

HOW = _l("番号（法人番号・届出受理番号・許可番号）又は正式な名称を入力します。")
HOW_SENDING = _l("番号又は正式な名称を入力します。")


def same_name() -> RadioField:
    """Which of several bodies of one name, or with what was typed in their name, is meant; offered only then."""
    return RadioField(_l("同じ名称の団体"), choices=[], validate_choice=False)


class PartyForm(BaseForm):
    """Bodies named by number or name: `supervising` beside `supervising_choice`, and so on."""

    def settle_organization(
        self, session: Session, actor: Actor, name: str, kind: OrganizationKind, *, anywhere: bool = False
    ) -> Organization | None:
        """The one body of the kind that is meant. None with an error where it is not there or still in doubt; None
        without one where nothing was typed. `anywhere`: it may be in the charge of another office."""
        text: str = self[name].data or ""
        found = organizations_named(session, kind, text, within=None if anywhere else actor) if text else []
        if found or not text:
            return self._settle(name, found, partial(_organization_line, actor))
        like = organizations_like(session, actor, kind, text)
        former = found_by_former_name(session, [body.id for body in like], text)

        def line(body: Organization) -> str:
            once = aside(_("旧名称：%(name)s", name=former[body.id])) if body.id in former else ""
            return _organization_line(actor, body) + once

        return self._settle_like(name, like, line)

    def settle_sender(self, session: Session, name: str) -> SendingOrganization | None:
        """The one sending organization that is meant, as `settle_organization`."""
        text: str = self[name].data or ""
        found = senders_named(session, text) if text else []
        if found or not text:
            return self._settle(name, found, _sender_line)
        return self._settle_like(name, senders_like(session, text), _sender_line)

    def _settle(self, name: str, found: Sequence[Body], line: Callable[[Body], str]) -> Body | None:
        """Among the bearers of a number or a name."""
        if len(found) < 2:
            return found[0] if found else None
        chosen = self._chosen(name, found, line)
        if chosen is None:
            choice: RadioField = self[f"{name}_choice"]
            choice.errors = [*choice.errors, _("同じ名称の団体が複数あります。1つ選んでください。")]
        return chosen

    def _settle_like(self, name: str, like: Sequence[Body], line: Callable[[Body], str]) -> Body | None:
        """Among those that only have what was typed in their name."""
        field: Field = self[name]
        self[f"{name}_choice"].label.text = _("名称が似ている団体")
        chosen = self._chosen(name, like, line)
        if chosen is None:
            field.errors = [*field.errors, _not_found(like)]
        return chosen

    def _chosen(self, name: str, found: Sequence[Body], line: Callable[[Body], str]) -> Body | None:
        choice: RadioField = self[f"{name}_choice"]
        choice.choices = _choices(found, line)
        return next((body for body in found if str(body.id) == choice.data), None)

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
            choices = _choices(named, partial(_organization_line, actor))
        else:
            choices = _choices(senders_named(session, text), _sender_line)
        if len(choices) > 1:
            choice.choices, choice.data = choices, str(body.id)


def _choices(found: Sequence[Body], line: Callable[[Body], str]) -> list[SelectChoice]:
    return [SelectChoice(value=str(body.id), label=line(body)) for body in found]


def _not_found(like: Sequence[Organization | SendingOrganization]) -> str:
    if not like:
        return translate(N_("この番号又は名称の団体は、登録されていないか、担当外です。"), {})
    message = N_(
        "この名称の団体は、登録されていないか、担当外です。%(names)sのことであれば下から選び、ほかの団体であれば名称を"
        "詳しく入力してください。"
    )
    return translate(message, {"names": _("、").join(f"「{body.name}」" for body in like)})


def _organization_line(actor: Actor, body: Organization) -> str:
    """Name, place and number, by which bodies of one name are told apart."""
    place, number = spoken(whereabouts(actor, body)), body.notification_number or body.corporate_number
    return "　".join(part for part in (body.name, place, number) if part)


def _sender_line(body: SendingOrganization) -> str:
    country = country_name(body.country, english=english())
    return "　".join(part for part in (body.name, country, body.number or body.reference_number) if part)
