"""Which applications are refused and by which article; what is only shown before the decision."""

from dataclasses import replace
from datetime import date

import pytest

from organizations.licenses.law import cited
from organizations.licenses.numbers import LicenseNumber
from organizations.licenses.states import LicenseClass, LicenseState, Scheme
from organizations.licensing.rules import (
    Facts,
    Held,
    findings,
    new_term_refusals,
    refusals,
    term_findings,
    term_refusals,
)
from organizations.licensing.states import ApplicationPurpose
from organizations.register.states import BusinessStatus
from otit.findings import Severity, restored, stored

TODAY = date(2026, 11, 24)
TIT, ESD = Scheme.TECHNICAL_INTERN_TRAINING, Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT
HELD = Held(
    1, TIT, LicenseClass.SPECIFIC, LicenseState.LICENSED, date(2024, 6, 1), date(2027, 5, 31), date(2027, 5, 31)
)
ENDED = replace(HELD, state=LicenseState.EXPIRED, expires_on=date(2026, 9, 30), ended_on=date(2026, 9, 30))
REVOKED = replace(
    HELD,
    state=LicenseState.REVOKED,
    revoked_on=date(2021, 11, 25),
    bar_until=date(2026, 11, 24),
    ended_on=date(2021, 11, 24),
)
NEW = Facts(
    number=LicenseNumber("2611000001"),
    purpose=ApplicationPurpose.NEW,
    license_class=LicenseClass.SPECIFIC,
    applied_on=TODAY,
    office_code="11",
    status=BusinessStatus.ACTIVE,
)
RENEWAL = replace(NEW, purpose=ApplicationPurpose.RENEWAL, held=[HELD], about=HELD)
SUPPORT = replace(NEW, license_class=LicenseClass.SUPPORT)


@pytest.mark.parametrize(
    "facts",
    [
        NEW,
        RENEWAL,
        SUPPORT,
        replace(SUPPORT, held=[HELD]),  # one licence under each scheme
        replace(SUPPORT, applied_on=date(2026, 4, 15)),
        replace(NEW, held=[ENDED]),
        replace(NEW, held=[replace(REVOKED, bar_until=date(2026, 11, 23))]),  # the bar ended yesterday
        replace(RENEWAL, applied_on=date(2024, 6, 1)),
    ],
)
def test_an_application_that_nothing_stands_against_is_taken(facts: Facts) -> None:
    assert list(refusals(facts, TODAY)) == []


REFUSED: list[tuple[Facts, str, str | None, str | None]] = [
    (replace(NEW, applied_on=date(2026, 11, 25)), "未来", "applied_on", None),
    (replace(NEW, held=[HELD]), "有効な許可が既に", "license_class", "法第23条第1項"),
    (
        replace(NEW, held=[replace(HELD, state=LicenseState.SUSPENDED)]),
        "有効な許可が既に",
        "license_class",
        "法第23条第1項",
    ),
    (replace(NEW, held=[REVOKED]), "許可を受けられない", "applied_on", "法第26条第2号"),
    (replace(SUPPORT, held=[REVOKED]), "許可を受けられない", "applied_on", "法第26条第2号"),
    (replace(NEW, status=BusinessStatus.CLOSED), "事業廃止", None, "法第34条第1項"),
    (replace(RENEWAL, about=ENDED), "終わっています", "applied_on", "法第31条"),
    (
        replace(RENEWAL, about=replace(HELD, expires_on=date(2026, 11, 23), ended_on=date(2026, 11, 23))),
        "終わっています",
        "applied_on",
        "法第31条",
    ),
    (
        replace(RENEWAL, purpose=ApplicationPurpose.CLASS_CHANGE, about=ENDED),
        "終わっています",
        "applied_on",
        "法第32条第1項",
    ),
    (replace(RENEWAL, applied_on=date(2024, 5, 31)), "許可年月日より前", "applied_on", None),
    (
        replace(SUPPORT, applied_on=date(2026, 4, 14)),
        "から受け付けています",
        "applied_on",
        "令和6年法律第60号附則第5条",
    ),
]


@pytest.mark.parametrize(("facts", "words", "field", "citation"), REFUSED)
def test_an_application_against_the_law_is_refused_with_its_article(
    facts: Facts, words: str, field: str | None, citation: str | None
) -> None:
    (refusal,) = refusals(facts, TODAY)
    assert words in refusal.message
    assert (refusal.field, refusal.citation) == (field, citation)


def test_all_that_stands_against_an_application_is_told() -> None:
    facts = replace(NEW, applied_on=date(2026, 11, 25), status=BusinessStatus.CLOSED, held=[HELD])
    assert [(one.field, one.citation) for one in refusals(facts, TODAY)] == [
        ("applied_on", None),
        (None, "法第34条第1項"),
        ("license_class", "法第23条第1項"),
    ]


@pytest.mark.parametrize(
    ("facts", "valid_from", "decided_on", "fits"),
    [
        (NEW, TODAY, TODAY, True),
        (NEW, date(2026, 12, 1), TODAY, True),
        (NEW, date(2026, 11, 23), TODAY, False),
        (replace(NEW, held=[ENDED]), date(2026, 10, 1), date(2026, 9, 1), True),
        (replace(NEW, held=[ENDED]), date(2026, 9, 30), date(2026, 9, 1), False),
        (replace(NEW, held=[HELD]), TODAY, TODAY, False),
        (SUPPORT, date(2027, 3, 31), TODAY, False),
        (SUPPORT, date(2027, 4, 1), TODAY, True),
        (replace(SUPPORT, held=[HELD]), date(2027, 4, 1), TODAY, True),
    ],
)
def test_a_new_licence_begins_after_its_decision_in_its_scheme_and_beside_no_other(
    facts: Facts, valid_from: date, decided_on: date, fits: bool
) -> None:
    found = list(new_term_refusals(facts, valid_from, decided_on))
    assert fits is not bool(found)
    assert all(one.field in ("valid_from", "license_class") for one in found)


SUPPORT_HELD = replace(
    HELD,
    scheme=ESD,
    license_class=LicenseClass.SUPPORT,
    licensed_on=date(2027, 4, 1),
    expires_on=date(2030, 3, 31),
    ended_on=date(2030, 3, 31),
)


def support_renewal(applied_on: date) -> Facts:
    number = LicenseNumber(f"{applied_on.year % 100}11000001")
    return replace(
        SUPPORT, purpose=ApplicationPurpose.RENEWAL, number=number, applied_on=applied_on, about=SUPPORT_HELD
    )


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (NEW, []),
        (RENEWAL, []),
        (replace(RENEWAL, applied_on=date(2026, 1, 5)), []),  # no window is known for technical intern training
        (replace(NEW, license_class=LicenseClass.GENERAL), ["最初の許可"]),
        (replace(NEW, license_class=LicenseClass.GENERAL, held=[ENDED]), []),
        (replace(NEW, number=LicenseNumber("2511000001")), ["番号の年"]),
        (replace(NEW, number=LicenseNumber("2608000001")), ["番号の事務所"]),
        (replace(NEW, number=LicenseNumber("2699000001")), ["知られていません"]),
        (replace(NEW, number=LicenseNumber("2508000001")), ["番号の年", "番号の事務所"]),
        (replace(NEW, status=BusinessStatus.SUSPENDED), ["事業休止"]),
        (support_renewal(date(2029, 9, 30)), []),
        (support_renewal(date(2029, 12, 31)), []),
        (support_renewal(date(2029, 9, 29)), ["6か月前"]),
        (support_renewal(date(2030, 1, 1)), ["6か月前"]),
    ],
)
def test_what_is_no_rule_is_only_shown(facts: Facts, words: list[str]) -> None:
    found = findings(facts)
    assert len(found) == len(words)
    assert all(word in one.message for word, one in zip(words, found, strict=True))


GENERAL = LicenseClass.GENERAL
AGAIN = replace(NEW, held=[ENDED])


@pytest.mark.parametrize(
    ("facts", "years", "shown"),
    [
        (replace(RENEWAL, license_class=GENERAL), 5, []),
        (replace(RENEWAL, license_class=GENERAL), 7, [(Severity.WARNING, "法第31条第1項")]),
        (RENEWAL, 5, [(Severity.WARNING, "法第31条第1項")]),
        (AGAIN, 3, []),
        (AGAIN, 5, [(Severity.GRAVE, "法第31条第1項"), (Severity.WARNING, "法第31条第1項")]),  # after a gap
        (SUPPORT, 5, [(Severity.WARNING, None)]),
    ],
)
def test_the_longer_term_asks_for_a_clean_record_or_excellence(
    facts: Facts, years: int, shown: list[tuple[Severity, str | None]]
) -> None:
    found = term_findings(facts.purpose, facts.license_class, years)
    assert [(one.severity, one.citation) for one in found] == shown
    assert list(term_refusals(facts, years)) == []


@pytest.mark.parametrize(("facts", "years"), [(NEW, 5), (replace(NEW, license_class=GENERAL), 7)])
def test_a_first_licence_has_the_usual_term(facts: Facts, years: int) -> None:
    (refusal,) = term_refusals(facts, years)
    assert (refusal.field, refusal.citation) == ("years", "法第31条第1項")
    assert list(term_refusals(facts, years - 2)) == []
    assert list(term_refusals(replace(facts, held=[SUPPORT_HELD]), years))  # of the other scheme


def test_a_finding_is_the_same_after_it_was_stored() -> None:
    found = findings(support_renewal(date(2030, 1, 1)))
    (kept,) = stored(found)
    assert kept["params"]["first"] == "2029-09-30"
    assert restored([kept]) == found


@pytest.mark.parametrize(
    ("scheme", "place", "on", "key"),
    [
        (TIT, "23-1", TODAY, ("TIT-23-1", date(2017, 11, 1))),
        (TIT, "31", date(2017, 7, 1), ("TIT-31", date(2017, 11, 1))),  # in advance of the Act
        (ESD, "23-1", date(2026, 4, 15), ("ESD-23-1", date(2027, 4, 1))),
        (ESD, "30-1", date(2028, 4, 1), ("ESD-30-1", date(2027, 4, 1))),
    ],
)
def test_a_record_cites_the_act_of_its_scheme(scheme: Scheme, place: str, on: date, key: tuple[str, date]) -> None:
    assert cited(scheme, place, on).key == key
