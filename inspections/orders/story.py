"""The story of one instrument as events, newest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from inspections.orders.models import CorrectionOrder, OrderReply
from otit.labels import Tone
from otit.text import N_


@dataclass(frozen=True)
class Event:
    """`title` is a msgid filled by `params`; `text` is what a person wrote."""

    on: date
    title: str
    text: str = ""
    tone: Tone = "neutral"
    params: Mapping[str, object] = field(default_factory=dict)


def story(order: CorrectionOrder) -> list[Event]:
    """What happened to the instrument. Of two events on one day the one that must have come later stands first."""
    events = list(_in_order(order))
    return [event for _place, event in sorted(enumerate(events), key=lambda pair: (pair[1].on, pair[0]), reverse=True)]


def _in_order(order: CorrectionOrder) -> Iterator[Event]:
    first_due = order.extensions[0].previous_due_on if order.extensions else order.due_on
    title = N_("%(instrument)sを交付（期限 %(due)s）")
    yield Event(order.issued_on, title, params={"instrument": order.instrument, "due": first_due})
    for extension in order.extensions:
        title = N_("期限を%(due)sまで延長")
        yield Event(extension.extended_on, title, extension.reason, "warning", {"due": extension.due_on})
    for reply in order.replies:
        yield Event(reply.received_on, N_("報告書を受領"), reply.summary, "info")
        yield from _assessed(reply)
    if order.escalated_on is not None:
        yield Event(order.escalated_on, N_("処分手続へ移行"), order.escalation_reason or "", "danger")


def _assessed(reply: OrderReply) -> Iterator[Event]:
    if reply.assessed_on is None:
        return
    if reply.sufficient:
        yield Event(reply.assessed_on, N_("改善を確認"), reply.assessment or "", "success")
    else:
        yield Event(reply.assessed_on, N_("改善不十分と判断"), reply.assessment or "", "warning")
