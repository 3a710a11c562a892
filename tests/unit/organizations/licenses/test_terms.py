"""The arithmetic of licence terms, and what each act makes of a history."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.licenses.states import LicenseClass, TermGround
from organizations.licenses.terms import (
    TERM_YEARS,
    Term,
    class_changed,
    downgraded,
    followed,
    latest_end,
    renewed,
    restored,
    term_end,
)
from otit.errors import RuleViolation

GENERAL, SPECIFIC, SUPPORT = LicenseClass.GENERAL, LicenseClass.SPECIFIC, LicenseClass.SUPPORT
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("license_class", "start", "years", "end"),
    [
        # As published lists show them: the last valid day is the day before the anniversary.
        (GENERAL, date(2018, 1, 31), 5, date(2023, 1, 30)),
        (GENERAL, date(2023, 1, 31), 7, date(2030, 1, 30)),
        (SPECIFIC, date(2018, 11, 9), 3, date(2021, 11, 8)),
        (SPECIFIC, date(2021, 11, 9), 5, date(2026, 11, 8)),
        (SPECIFIC, date(2025, 6, 12), 3, date(2028, 6, 11)),
        # The turn of the fiscal year.
        (SPECIFIC, date(2024, 3, 31), 3, date(2027, 3, 30)),
        (SPECIFIC, date(2024, 4, 1), 3, date(2027, 3, 31)),
        (SUPPORT, date(2027, 4, 1), 3, date(2030, 3, 31)),
        # A start on 29 February ends on the last day of February; a start on 1 March the day before it.
        (GENERAL, date(2024, 2, 29), 5, date(2029, 2, 28)),
        (SPECIFIC, date(2025, 3, 1), 3, date(2028, 2, 29)),
    ],
)
def test_a_term_ends_on_the_day_before_its_anniversary(
    license_class: LicenseClass, start: date, years: int, end: date
) -> None:
    assert term_end(license_class, start, years) == end


@pytest.mark.parametrize(("license_class", "years"), [(GENERAL, 3), (SPECIFIC, 7), (SUPPORT, 7), (SPECIFIC, 4)])
def test_a_class_has_two_lengths_and_no_other(license_class: LicenseClass, years: int) -> None:
    with pytest.raises(RuleViolation) as refusal:
        term_end(license_class, date(2024, 4, 1), years)
    assert (refusal.value.field, refusal.value.citation) == ("years", "法第31条第1項")


@pytest.mark.parametrize(
    ("license_class", "licensed_on", "as_of", "latest"),
    [
        (SPECIFIC, date(2025, 6, 12), date(2026, 7, 27), date(2028, 6, 11)),  # in its first term
        (SPECIFIC, date(2018, 11, 9), date(2026, 7, 27), date(2032, 1, 26)),
        (SPECIFIC, date(2024, 1, 28), date(2026, 7, 27), date(2027, 1, 27)),
        (SPECIFIC, date(2024, 1, 27), date(2026, 7, 27), date(2032, 1, 26)),  # renewed half a year ahead
        (GENERAL, date(2018, 1, 31), date(2026, 7, 27), date(2034, 1, 26)),
        (GENERAL, date(2025, 6, 12), date(2026, 7, 27), date(2034, 1, 26)),  # it may have been specific before
        (GENERAL, date(2026, 11, 1), date(2018, 7, 27), date(2031, 10, 31)),  # of an older list
    ],
)
def test_no_licence_lasts_longer_than_a_term_that_has_begun(
    license_class: LicenseClass, licensed_on: date, as_of: date, latest: date
) -> None:
    assert latest_end(license_class, licensed_on, as_of) == latest


def sound(history: list[Term]) -> bool:
    """Every term has its days, and each follows the one before."""
    return all(term.starts_on <= term.ends_on for term in history) and all(
        later.starts_on == earlier.ends_on + DAY for earlier, later in pairwise(history)
    )


@st.composite
def histories(draw: st.DrawFn, license_class: LicenseClass | None = None) -> list[Term]:
    start = draw(st.dates(date(2017, 11, 1), date(2030, 12, 31)))
    chosen = license_class or draw(st.sampled_from([GENERAL, SPECIFIC]))
    history = [Term(chosen, start, term_end(chosen, start, TERM_YEARS[chosen][0]), TermGround.LICENSED)]
    for _turn in range(draw(st.integers(0, 2))):
        starts = history[-1].ends_on + DAY
        history = renewed(history, term_end(chosen, starts, draw(st.sampled_from(TERM_YEARS[chosen]))))
    return history


def a_day(history: list[Term], share: float) -> date:
    """A day within the history that begins no term."""
    span = (history[-1].ends_on - history[0].starts_on).days
    day = history[0].starts_on + timedelta(days=1 + int(share * (span - 1)))
    return day + DAY if any(term.starts_on == day for term in history) else day


@given(histories())
def test_a_renewal_leaves_neither_gap_nor_overlap(history: list[Term]) -> None:
    assert sound(history)
    assert len({term.license_class for term in history}) == 1


@given(histories(), st.floats(0, 1), st.sampled_from([0, 1]))
def test_another_class_ends_the_running_term_the_day_before(history: list[Term], share: float, which: int) -> None:
    on = a_day(history, share)
    other = SPECIFIC if history[0].license_class is GENERAL else GENERAL
    until = term_end(other, on, TERM_YEARS[other][which])
    changed = class_changed(history, on, other, until)
    assert sound(changed)
    assert changed[-1] == Term(other, on, until, TermGround.CLASS_CHANGED)
    assert changed[-2].ends_on == on - DAY
    assert changed[0].starts_on == history[0].starts_on


@given(histories(GENERAL), st.floats(0, 1))
def test_a_downgrade_keeps_the_end_and_its_annulment_leaves_no_trace(history: list[Term], share: float) -> None:
    on = a_day(history, share)
    lowered = downgraded(history, on, SPECIFIC)
    assert sound(lowered)
    assert lowered[-1].ends_on == history[-1].ends_on
    assert [term.license_class for term in lowered if term.ends_on >= on] == [SPECIFIC] * (
        sum(term.ends_on >= on for term in history)
    )
    assert restored(lowered, on, GENERAL) == history


@given(histories(GENERAL), st.floats(0, 1), st.sampled_from([3, 5]))
def test_an_annulled_downgrade_is_general_through_later_renewals(history: list[Term], share: float, years: int) -> None:
    on = a_day(history, share)
    lowered = downgraded(history, on, SPECIFIC)
    later = renewed(lowered, term_end(SPECIFIC, lowered[-1].ends_on + DAY, years))
    back = restored(later, on, GENERAL)
    assert sound(back)
    assert {term.license_class for term in back} == {GENERAL}
    assert back[-1].ends_on == later[-1].ends_on


@given(
    histories(),
    st.sampled_from([GENERAL, SPECIFIC]),
    st.integers(-400, 400),
    st.integers(0, 8000),
    st.dates(date(2017, 11, 1), date(2040, 1, 1)),
)
def test_a_history_follows_what_a_list_says(
    history: list[Term], license_class: LicenseClass, moved: int, length: int, on: date
) -> None:
    licensed_on = history[0].starts_on + timedelta(days=max(moved, 0) // 200)
    until = licensed_on + timedelta(days=length)
    new = followed(history, license_class, licensed_on, until, on)
    assert sound(new)
    assert (new[0].starts_on, new[-1].ends_on, new[-1].license_class) == (licensed_on, until, license_class)
    last = new[-1].license_class, licensed_on, until
    assert followed(new, *last, on) == new


FIRST = Term(SPECIFIC, date(2024, 6, 1), date(2027, 5, 31), TermGround.LICENSED)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        # nothing new
        ((SPECIFIC, date(2024, 6, 1), date(2027, 5, 31)), [FIRST]),
        # a renewal became known
        (
            (SPECIFIC, date(2024, 6, 1), date(2032, 5, 31)),
            [FIRST, Term(SPECIFIC, date(2027, 6, 1), date(2032, 5, 31), TermGround.IMPORTED)],
        ),
        # a slip was corrected
        (
            (SPECIFIC, date(2024, 6, 1), date(2027, 5, 30)),
            [Term(SPECIFIC, date(2024, 6, 1), date(2027, 5, 30), TermGround.LICENSED)],
        ),
        (
            (SPECIFIC, date(2024, 6, 2), date(2027, 6, 1)),
            [Term(SPECIFIC, date(2024, 6, 2), date(2027, 6, 1), TermGround.IMPORTED)],
        ),
        # another class became known: it begins on the day of the list's import, for nobody has said when
        (
            (GENERAL, date(2024, 6, 1), date(2031, 11, 23)),
            [
                Term(SPECIFIC, date(2024, 6, 1), date(2026, 11, 23), TermGround.LICENSED),
                Term(GENERAL, date(2026, 11, 24), date(2031, 11, 23), TermGround.IMPORTED),
            ],
        ),
    ],
)
def test_what_a_list_says_begins_a_term_or_corrects_one(
    said: tuple[LicenseClass, date, date], expected: list[Term]
) -> None:
    assert followed([FIRST], *said, date(2026, 11, 24)) == expected
    assert followed([], *said, date(2026, 11, 24)) == [Term(said[0], said[1], said[2], TermGround.IMPORTED)]


@pytest.mark.parametrize(
    "act",
    [
        lambda history: renewed(history, date(2034, 5, 31)),
        lambda history: class_changed(history, date(2026, 1, 1), GENERAL, date(2030, 12, 31)),
    ],
)
def test_an_act_leaves_the_history_it_was_given_alone(act: Callable[[list[Term]], list[Term]]) -> None:
    history = [FIRST]
    act(history)
    assert history == [FIRST]
