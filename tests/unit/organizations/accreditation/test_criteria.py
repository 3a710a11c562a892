"""The criteria one by one: what is refused, what is grave, what is only to be checked, each with its provision."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.accreditation.criteria import findings
from organizations.accreditation.crosschecks import Closures, Handled, Known, Other, Person
from organizations.accreditation.facts import Facts, OccupationFacts, Sender, Supervisor
from organizations.licenses.states import LicenseClass
from organizations.plans.states import GROUP_CATEGORIES, PlanCategory
from otit.errors import RuleViolation
from otit.findings import Severity, refuse_any, stored

DAY = date(2026, 11, 24)
GENERAL, SPECIFIC = Supervisor(LicenseClass.GENERAL), Supervisor(LicenseClass.SPECIFIC)
# A plan with which nothing is wrong.
SOUND = Facts(
    category=PlanCategory.D,
    applied_on=date(2026, 10, 1),
    starts_on=date(2027, 4, 1),
    ends_on=date(2028, 3, 31),
    decided_on=DAY,
    supervisor=SPECIFIC,
    occupation=OccupationFacts("3-5"),
    sender=Sender(),
    staff_count=40,
)
SKILL = replace(SOUND, category=PlanCategory.M, supervisor=Supervisor(LicenseClass.SUPPORT), ends_on=date(2030, 3, 31))


def told(facts: Facts, severity: Severity | None = None) -> list[tuple[str, str | None]]:
    return [(f.message, f.citation) for f in findings(facts) if severity in (None, f.severity)]


def only(facts: Facts, severity: Severity) -> tuple[str, str | None]:
    (found,) = told(facts, severity)
    return found


def test_a_sound_plan_has_no_findings() -> None:
    assert told(SOUND) == []


LENGTHS = [
    (PlanCategory.A, date(2028, 3, 31)),
    (PlanCategory.B, date(2029, 3, 31)),
    (PlanCategory.C, date(2029, 3, 31)),
    (PlanCategory.D, date(2028, 3, 31)),
    (PlanCategory.E, date(2029, 3, 31)),
    (PlanCategory.F, date(2029, 3, 31)),
    (PlanCategory.S, date(2030, 3, 31)),
    (PlanCategory.M, date(2030, 3, 31)),
]


@pytest.mark.parametrize(("category", "last"), LENGTHS)
def test_no_plan_is_longer_than_its_level_allows(category: PlanCategory, last: date) -> None:
    supervisor = None
    if category in GROUP_CATEGORIES:
        supervisor = Supervisor(LicenseClass.SUPPORT) if category is PlanCategory.M else GENERAL
    facts = replace(SOUND, category=category, supervisor=supervisor, ends_on=last)
    assert told(facts, Severity.REFUSAL) == []
    message, citation = only(replace(facts, ends_on=last + timedelta(days=1)), Severity.REFUSAL)
    assert "上限" in message
    assert citation == ("育成就労法第8条" if facts.is_esd else "法第9条")


REFUSED: dict[str, tuple[Facts, str, str]] = {
    "end before start": (replace(SOUND, ends_on=date(2027, 3, 31)), "開始日より前", "法第9条"),
    "no supervising organization": (replace(SOUND, supervisor=None), "監理団体が必要", "法第8条第2項"),
    "no live licence": (replace(SOUND, supervisor=Supervisor(None)), "有効な許可", "法第23条"),
    "no live licence, new scheme": (replace(SKILL, supervisor=Supervisor(None)), "有効な許可", "育成就労法第23条"),
    "level three, specific": (
        replace(SOUND, category=PlanCategory.F, is_excellent=True), "一般監理事業", "法第23条",
    ),
    "closed": (replace(SOUND, is_closed=True), "実習実施者は事業を廃止", "法第8条"),
    "supervisor closed": (
        replace(SOUND, supervisor=Supervisor(LicenseClass.GENERAL, closed=True)), "監理団体は事業を廃止",
        "法第34条第1項",
    ),
    "barred": (replace(SOUND, bar_until=DAY), "受けることができません", "法第10条第7号"),
    "barred, old item": (
        replace(SOUND, decided_on=date(2019, 9, 13), bar_until=DAY), "受けることができません", "法第10条第6号",
    ),
    "new scheme, too early an application": (
        replace(SKILL, applied_on=date(2026, 8, 31)), "から受け付けます", "令和6年法律第60号附則第5条",
    ),
    "new scheme, too early a start": (replace(SKILL, starts_on=date(2027, 3, 31), ends_on=date(2030, 3, 30)),
                                      "より前に始める", "令和7年政令第340号"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_bars_accreditation_names_its_provision(case: str) -> None:
    facts, words, citation = REFUSED[case]
    message, cited = only(facts, Severity.REFUSAL)
    assert words in message
    assert cited == citation
    with pytest.raises(RuleViolation) as refusal:
        refuse_any(findings(facts))
    assert refusal.value.citation == citation


def test_the_new_scheme_is_open_from_its_days_on() -> None:
    assert told(replace(SKILL, applied_on=date(2026, 9, 1)), Severity.REFUSAL) == []


@pytest.mark.parametrize("category", [PlanCategory.D, PlanCategory.E])
def test_a_specific_licence_covers_levels_one_and_two(category: PlanCategory) -> None:
    assert told(replace(SOUND, category=category), Severity.REFUSAL) == []


@pytest.mark.parametrize(
    ("category", "severity"),
    [
        (PlanCategory.D, Severity.GRAVE),
        (PlanCategory.A, Severity.GRAVE),
        (PlanCategory.E, Severity.WARNING),
        (PlanCategory.M, Severity.GRAVE),
    ],
)
def test_a_suspended_sending_organization_is_grave_at_the_first_level(
    category: PlanCategory, severity: Severity
) -> None:
    supervisor = SOUND.supervisor if category in GROUP_CATEGORIES else None
    facts = replace(SOUND, category=category, supervisor=supervisor, sender=Sender(True, date(2026, 1, 1)))
    found = [f for f in findings(facts) if "停止されています" in f.message]
    assert [(f.severity, f.citation) for f in found] == [(severity, "法第9条第6号、規則第12条第1項第7号")]


ENTERPRISE = replace(SOUND, category=PlanCategory.A, supervisor=None, staff_count=40)
WARNED: dict[str, tuple[Facts, str, str | None]] = {
    "staff unknown": (replace(SOUND, staff_count=None), "常勤職員数", "規則第16条"),
    "care and construction": (
        replace(SOUND, occupation=OccupationFacts("3-5", extra_caps=True)), "介護と建設", "規則第16条",
    ),
    "excellent enterprise": (replace(ENTERPRISE, is_excellent=True), "優良な企業単独型", "規則第16条"),
    "level three": (
        replace(SOUND, category=PlanCategory.C, supervisor=None), "優良な実習実施者に限られます", "法第9条第10号",
    ),
    "occupation unknown": (
        replace(SOUND, occupation=OccupationFacts("3-5", known=False)), "一覧にありません", None,
    ),
    "no occupation": (replace(SOUND, occupation=OccupationFacts()), "職種・作業が登録", None),
    "not transferable": (
        replace(SOUND, category=PlanCategory.E, occupation=OccupationFacts("3-5", transferable=False)),
        "移行できる", "法第9条",
    ),
    "sender not approved": (replace(SOUND, sender=Sender(False)), "送出国政府の認定", "協力覚書、規則第25条"),
    "late": (replace(SOUND, applied_on=date(2026, 12, 2)), "4か月前", None),
    "odd number": (replace(SOUND, number_is_odd=True), "受理番号の年", None),
    "first level after the transition": (
        replace(SOUND, starts_on=date(2027, 7, 1), ends_on=date(2028, 6, 30)), "第1号の技能実習は",
        "令和6年法律第60号附則",
    ),
    "caps of the new scheme": (SKILL, "育成就労の人数枠", None),
}  # fmt: skip


GRAVE: dict[str, tuple[Facts, str, str | None]] = {
    "too many": (replace(SOUND, in_force={1: 4}), "人数枠（", "規則第16条"),
    "too many, enterprise": (replace(ENTERPRISE, in_force={1: 2}), "人数枠（", "規則第16条"),
    "supervisor suspended": (
        replace(SOUND, supervisor=Supervisor(LicenseClass.GENERAL, suspended=True)), "事業の停止", "法第37条第3項",
    ),
    "begins before the decision": (replace(SOUND, decided_on=date(2027, 4, 2)), "先に申請の記録を訂正", None),
    "renewal not decided": (
        replace(SOUND, supervisor=Supervisor(LicenseClass.SPECIFIC, ends_on=date(2027, 3, 31))), "更新の申請",
        "法第31条",
    ),
    "renewal not decided, new scheme": (
        replace(SKILL, supervisor=Supervisor(LicenseClass.SUPPORT, ends_on=date(2027, 3, 31))), "更新の申請",
        "育成就労法第31条",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", GRAVE)
def test_what_does_not_meet_the_criteria_is_left_to_a_person(case: str) -> None:
    facts, words, citation = GRAVE[case]
    assert told(facts, Severity.REFUSAL) == []
    message, cited = only(facts, Severity.GRAVE)
    assert words in message
    assert cited == citation


def test_a_running_renewal_does_not_open_level_three_to_a_specific_licence() -> None:
    held = Supervisor(LicenseClass.SPECIFIC, ends_on=date(2027, 3, 31))
    assert told(replace(SOUND, category=PlanCategory.F, is_excellent=True, supervisor=held), Severity.REFUSAL)


def test_training_may_begin_on_the_day_of_the_decision_and_a_change_comes_later() -> None:
    assert told(replace(SOUND, decided_on=SOUND.starts_on)) == []
    assert told(replace(SOUND, decided_on=date(2027, 5, 1), is_new=False)) == []


def test_all_that_is_refused_is_told_at_once() -> None:
    facts = replace(SOUND, supervisor=Supervisor(None), is_closed=True, bar_until=DAY)
    with pytest.raises(RuleViolation) as refusal:
        refuse_any(findings(facts))
    told_of = [refusal.value, *refusal.value.others]
    assert sorted(str(getattr(one, "citation", None)) for one in told_of) == ["法第10条第7号", "法第23条", "法第8条"]


@pytest.mark.parametrize("case", WARNED)
def test_what_is_to_be_checked_stops_nothing(case: str) -> None:
    facts, words, citation = WARNED[case]
    assert told(facts, Severity.REFUSAL) == []
    refuse_any(findings(facts))
    assert [cited for message, cited in told(facts, Severity.WARNING) if words in message] == [citation]


def test_a_transferable_occupation_is_asked_for_from_level_two_on() -> None:
    assert told(replace(SOUND, occupation=OccupationFacts("3-5", transferable=False))) == []


def test_the_fourth_month_before_the_start_is_in_time() -> None:
    assert told(replace(SOUND, applied_on=date(2026, 12, 1))) == []


def test_a_country_without_a_memorandum_approves_nobody() -> None:
    assert told(replace(SOUND, sender=Sender(None))) == []


def test_only_an_excellent_pair_has_the_larger_cap() -> None:
    full = {1: 4}
    for excellent, supervisor, warned in [
        (True, GENERAL, False), (True, SPECIFIC, True), (False, GENERAL, True), (False, SPECIFIC, True),
    ]:  # fmt: skip
        facts = replace(SOUND, is_excellent=excellent, supervisor=supervisor, in_force=full)
        assert bool(told(facts)) is warned


def test_a_change_is_no_late_application() -> None:
    facts = replace(SOUND, applied_on=date(2027, 5, 1), is_new=False)
    assert told(facts) == []


def test_findings_are_kept_as_plain_values() -> None:
    (kept,) = stored(findings(replace(SOUND, sender=Sender(True, date(2026, 1, 1)))))
    assert kept["params"] == {"day": "2026-01-01"}
    assert kept["severity"] == "grave"


@given(
    st.sampled_from(list(PlanCategory)),
    st.dates(date(2018, 1, 1), date(2035, 1, 1)),
    st.integers(-400, 1500),
    st.none() | st.integers(0, 400),
    st.booleans(),
    st.none() | st.sampled_from(list(LicenseClass)),
)
def test_refusals_come_first_whatever_the_facts_are(
    category: PlanCategory, starts_on: date, days: int, staff: int | None, excellent: bool, held: Any
) -> None:
    facts = replace(
        SOUND,
        category=category,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=days),
        staff_count=staff,
        is_excellent=excellent,
        supervisor=Supervisor(held) if category in GROUP_CATEGORIES else None,
    )
    order = [list(Severity).index(found.severity) for found in findings(facts)]
    assert order == sorted(order)


# --- what other records say -------------------------------------------------------------------------------------------

ADULT = Person(date(2009, 4, 1))
FIRST = Other("認2411000001", 1, date(2026, 4, 1), date(2027, 3, 31), is_open=False)
SECOND = replace(SOUND, category=PlanCategory.E)
CARE = OccupationFacts("7-21", is_care=True)


def known(facts: Facts, **values: Any) -> Facts:
    return replace(facts, known=Known(**values))


@pytest.mark.parametrize(
    "facts",
    [
        known(SOUND, person=ADULT),
        known(SECOND, person=replace(ADULT, others=[FIRST])),
        known(replace(SKILL, nationality="VNM"), person=ADULT),
        known(SOUND, person=replace(ADULT, others=[replace(FIRST, is_open=True)])),  # ends the day before
        known(SOUND, person=replace(ADULT, others=[replace(FIRST, ends_on=date(2027, 4, 1))])),  # is over
        known(SOUND, person=replace(ADULT, others=[replace(FIRST, starts_on=date(2028, 4, 1))])),
        known(SOUND, handled=Handled()),  # no list is recorded
        known(SOUND, handled=Handled(frozenset({"1-1", "3-5"}))),
        known(replace(SOUND, occupation=OccupationFacts("3-5-1")), handled=Handled(frozenset({"3-5"}))),
        known(replace(SOUND, occupation=CARE), handled=Handled(care=True)),
        known(SOUND, closures=Closures(date(2028, 4, 1), date(2028, 4, 1))),
        replace(SOUND, sender=Sender(country="VNM"), nationality="VNM"),
        replace(SOUND, sender=Sender(country="VNM")),
        replace(SOUND, category=PlanCategory.A, supervisor=None, sender=None),
    ],
)
def test_nothing_is_said_where_the_records_agree(facts: Facts) -> None:
    assert [message for message, _citation in told(facts) if message != "育成就労の人数枠は確認していません。"] == []


RUNNING = replace(FIRST, ends_on=date(2027, 4, 1), is_open=True)
APPLIED = replace(RUNNING, is_plan=False, starts_on=date(2028, 3, 31), ends_on=date(2029, 3, 30))
DOUBTED: dict[str, tuple[Facts, Severity, str, str | None]] = {
    "minor": (known(SOUND, person=Person(date(2009, 4, 2))), Severity.GRAVE, "18歳未満", None),
    "no level one": (known(SECOND, person=ADULT), Severity.WARNING, "計画が登録されていません", None),
    "level one only applied for": (
        known(SECOND, person=replace(ADULT, others=[replace(FIRST, is_plan=False)])), Severity.WARNING,
        "計画が登録されていません", None,
    ),
    "no level two": (
        known(replace(SECOND, category=PlanCategory.F, is_excellent=True, supervisor=GENERAL),
              person=replace(ADULT, others=[FIRST])),
        Severity.WARNING, "計画が登録されていません", None,
    ),
    "overlapping plan": (
        known(SOUND, person=replace(ADULT, others=[RUNNING])), Severity.GRAVE, "実習の期間が重なります", None,
    ),
    "overlapping application": (
        known(SOUND, person=replace(ADULT, others=[APPLIED])), Severity.WARNING, "まだ決定されていない申請", None,
    ),
    "occupation of the licence": (
        known(SOUND, handled=Handled(frozenset({"1-1"}))), Severity.WARNING, "取扱職種に登録されていません", None,
    ),
    "care": (known(replace(SOUND, occupation=CARE), handled=Handled()), Severity.WARNING, "介護を取り扱う", None),
    "closes": (
        known(SOUND, closures=Closures(implementing=date(2028, 3, 31))), Severity.GRAVE, "廃止することを", None,
    ),
    "supervisor closes": (
        known(SOUND, closures=Closures(supervising=date(2027, 4, 1))), Severity.GRAVE, "廃止することを",
        "法第34条第1項",
    ),
    "other country": (
        replace(SOUND, sender=Sender(country="VNM"), nationality="IDN"), Severity.WARNING, "国籍が", None,
    ),
    "no sender": (replace(SOUND, sender=None), Severity.WARNING, "送出機関が登録されていません", None),
}  # fmt: skip


@pytest.mark.parametrize("case", DOUBTED)
def test_what_other_records_contradict_is_told_by_its_weight(case: str) -> None:
    facts, severity, words, citation = DOUBTED[case]
    (found,) = findings(facts)
    assert words in found.message
    assert (found.severity, found.citation) == (severity, citation)
