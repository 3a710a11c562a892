"""Pages of a time line: each event once, the newest first, whole days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from otit.web.timeline import Event, page

FIRST = date(2026, 1, 1)
DAYS = st.lists(st.integers(0, 40), max_size=60)


def _told(days: list[int], part: int) -> list[Event]:
    """The events of one provider; no more on one day than fit on a page."""
    some = [day for n, day in enumerate(sorted(days)) if sorted(days)[:n].count(day) < 5]
    return [Event(FIRST + timedelta(days=day), f"{part}-{n}") for n, day in enumerate(some)][::-1]


@given(st.lists(DAYS, min_size=1, max_size=4))
def test_the_pages_together_hold_each_event_once(parts: list[list[int]]) -> None:
    told = [_told(days, n) for n, days in enumerate(parts)]
    seen: list[Event] = []
    until: date | None = FIRST + timedelta(days=60)
    while until is not None:
        loaded = [[event for event in part if event.on <= until][:11] for part in told]
        events, older = page(loaded, size=10)
        assert older is None or older < until
        seen, until = seen + events, older
    assert [event.on for event in seen] == sorted((event.on for event in seen), reverse=True)
    assert sorted(event.title for event in seen) == sorted(event.title for part in told for event in part)


def test_a_day_with_more_than_a_page_is_shown_and_left_behind() -> None:
    crowd = [Event(FIRST, str(n)) for n in range(11)]
    events, older = page([crowd], size=10)
    assert len(events) == 11
    assert older == FIRST - timedelta(days=1)
