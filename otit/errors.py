"""The error tree. A `UserError` is an answer to a person: a Japanese message (a msgid, translated at the edge) with
its parameters and the HTTP status it stands for. Anything else that is raised is a fault of ours."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from otit.text import N_


class UserError(Exception):
    """`message` is a Japanese msgid with %(name)s placeholders, `params` fills them; `field` names the form field.
    `others` refuse the same act as well. As a text it is the Japanese sentence, for logs, commands and results of
    jobs."""

    status: ClassVar[int] = 422
    others: Sequence["UserError"] = ()

    def __init__(self, message: str, params: Mapping[str, object] | None = None, *, field: str | None = None):
        self.message = message
        self.params: dict[str, object] = dict(params or {})
        self.field = field
        words = {name: getattr(value, "label", value) for name, value in self.params.items()}
        super().__init__(message % words if words else message)


class RuleViolation(UserError):
    """A rule of the law or of the register refuses this. `citation` is the provision, e.g. "法第16条第1項"."""

    def __init__(
        self,
        message: str,
        params: Mapping[str, object] | None = None,
        *,
        field: str | None = None,
        citation: str | None = None,
    ):
        super().__init__(message, params, field=field)
        self.citation = citation


def require_text(text: str | None, message: str = N_("理由を入力してください。"), *, field: str = "reason") -> str:
    """The text without the blanks around it. Raises RuleViolation with the message when nothing is left."""
    given = (text or "").strip()
    if not given:
        raise RuleViolation(message, field=field)
    return given


def refuse_all(found: Iterable[UserError]) -> None:
    """Raises the first of these, which carries the others, so that a form shows them all at once."""
    refusals = list(found)
    if refusals:
        refusals[0].others = refusals[1:]
        raise refusals[0]


class NotFound(UserError):
    status = 404

    def __init__(self, message: str = N_("お探しの記録は見つかりません。")):
        super().__init__(message)


class NotPermitted(UserError):
    status = 403

    def __init__(self, message: str = N_("この操作を行う権限がありません。")):
        super().__init__(message)


class StateConflict(UserError):
    """The record is no longer in a state from which the act is allowed."""

    status = 409


class StaleRecord(StateConflict):
    """Somebody else changed the record since the form was opened."""

    def __init__(
        self,
        message: str = N_(
            "この画面を開いた後に、ほかの人がこの記録を変更しました。最新の内容を確認してから、もう一度操作してください。"
        ),
    ):
        super().__init__(message)


class ConfigurationError(Exception):
    """One or more settings are missing or wrong; the text names each of them."""
