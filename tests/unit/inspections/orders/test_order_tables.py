"""Instruments as data: numbers, who issues what, and the story of one instrument."""

from datetime import date

from inspections.orders.issuing import PREFIXES
from inspections.orders.models import CorrectionOrder, DeadlineExtension, OrderReply
from inspections.orders.states import INSTRUMENTS, OPEN_STATES, TRANSITIONS, Instrument, OrderState
from inspections.orders.story import story


def test_every_instrument_has_one_issuing_body_and_its_own_prefix() -> None:
    issued = [instrument for instruments in INSTRUMENTS.values() for instrument in instruments]
    assert sorted(issued) == sorted(Instrument)
    assert len(set(PREFIXES.values())) == len(Instrument) == len(PREFIXES)


def test_settled_instruments_have_no_way_back() -> None:
    ends = set(OrderState) - set(OPEN_STATES)
    assert ends == {OrderState.ACCEPTED, OrderState.ESCALATED}
    assert not [pair for pair in TRANSITIONS if pair[0] in ends]


def test_the_story_stands_newest_first_and_names_the_first_deadline() -> None:
    order = CorrectionOrder(
        instrument=Instrument.IMPROVEMENT_RECOMMENDATION, issued_on=date(2026, 4, 1), due_on=date(2026, 6, 1)
    )
    order.extensions = [
        DeadlineExtension(
            previous_due_on=date(2026, 5, 1), due_on=date(2026, 6, 1), reason="準備", extended_on=date(2026, 4, 20)
        )
    ]
    order.replies = [
        OrderReply(
            received_on=date(2026, 4, 10),
            summary="一回目",
            assessed_on=date(2026, 4, 12),
            sufficient=False,
            assessment="不足",
        ),
        OrderReply(received_on=date(2026, 5, 20), summary="二回目", assessed_on=date(2026, 5, 20), sufficient=True),
    ]
    assert [(event.on, event.title, event.text) for event in story(order)] == [
        (date(2026, 5, 20), "改善を確認", ""),
        (date(2026, 5, 20), "報告書を受領", "二回目"),
        (date(2026, 4, 20), "期限を%(due)sまで延長", "準備"),
        (date(2026, 4, 12), "改善不十分と判断", "不足"),
        (date(2026, 4, 10), "報告書を受領", "一回目"),
        (date(2026, 4, 1), "%(instrument)sを交付（期限 %(due)s）", ""),
    ]
    assert story(order)[-1].params["due"] == date(2026, 5, 1)
