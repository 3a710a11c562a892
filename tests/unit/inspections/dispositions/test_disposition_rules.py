"""What a disposition may rest on, who decides it, and how long it bars."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.dispositions import rules
from inspections.dispositions.rules import Ground, ground_of, grounds_for
from inspections.dispositions.states import KINDS, TRANSITIONS, DispositionAct, DispositionKind, DispositionState
from organizations.register.states import OrganizationKind
from otit.errors import RuleViolation, UserError
from otit.law.authority import DispositionAuthority
from otit.law.provisions import UnknownProvision

IMPLEMENTING, SUPERVISING = OrganizationKind.IMPLEMENTING, OrganizationKind.SUPERVISING
ACCREDITATION, LICENSE = DispositionKind.ACCREDITATION_REVOCATION, DispositionKind.LICENSE_REVOCATION
SUSPENSION, ORDER = DispositionKind.BUSINESS_SUSPENSION, DispositionKind.IMPROVEMENT_ORDER
VIA_10_2 = "TIT-16-1-3@2017-11-01/TIT-10-2@2017-11-01"
EVERY_KIND = [(target, kind) for target, kinds in KINDS.items() for kind in kinds]


def codes(target: OrganizationKind, kind: DispositionKind) -> list[str]:
    return list(dict.fromkeys(ground.provision.code for ground in grounds_for(target, kind)))


def test_each_kind_rests_on_the_grounds_of_its_paragraph() -> None:
    assert codes(IMPLEMENTING, ACCREDITATION) == [f"TIT-16-1-{item}" for item in range(1, 8)]
    assert codes(IMPLEMENTING, ORDER) == ["TIT-15-1"]
    assert codes(SUPERVISING, LICENSE) == [f"TIT-37-1-{item}" for item in range(1, 6)]
    assert codes(SUPERVISING, ORDER) == ["TIT-36-1"]
    assert codes(SUPERVISING, DispositionKind.CLASS_DOWNGRADE) == ["TIT-37-2"]


def test_a_suspension_does_not_rest_on_disqualification() -> None:
    assert codes(SUPERVISING, SUSPENSION) == ["TIT-37-1-1", "TIT-37-1-3", "TIT-37-1-4", "TIT-37-1-5"]
    with pytest.raises(RuleViolation) as refusal:
        rules.check_grounds(
            [ground_of("TIT-37-1-2@2017-11-01/TIT-26-1@2019-09-14")], SUPERVISING, SUSPENSION, date(2026, 1, 5)
        )
    assert refusal.value.field == "grounds"


def test_a_ground_that_opens_an_article_names_its_item() -> None:
    assert all(ground.via for ground in grounds_for(IMPLEMENTING, ACCREDITATION) if ground.provision.opens)
    with pytest.raises(RuleViolation):
        rules.check_grounds([ground_of("TIT-16-1-3@2017-11-01")], IMPLEMENTING, ACCREDITATION, date(2018, 7, 3))


@pytest.mark.parametrize(("target", "kind"), EVERY_KIND)
def test_a_ground_survives_the_form(target: OrganizationKind, kind: DispositionKind) -> None:
    every = grounds_for(target, kind)
    assert [ground_of(ground.key) for ground in every] == every
    assert len({ground.key for ground in every}) == len(every)


@pytest.mark.parametrize(
    "key", ["", "TIT-16-1-3", "TIT-16-1-3@", "TIT-16-1-99@2017-11-01", "TIT-16-1-3@2018-01-01", "a@b/c@d/e@f", "@/@"]
)
def test_a_ground_nobody_knows_is_refused(key: str) -> None:
    with pytest.raises(UnknownProvision):
        ground_of(key)


@pytest.mark.parametrize(
    ("key", "on", "allowed"),
    [
        (VIA_10_2, date(2018, 7, 3), True),
        ("TIT-16-1-3@2017-11-01/TIT-10-6@2017-11-01", date(2019, 9, 13), True),
        ("TIT-16-1-3@2017-11-01/TIT-10-6@2017-11-01", date(2019, 9, 14), False),
        ("TIT-16-1-3@2017-11-01/TIT-10-7@2019-09-14", date(2019, 9, 13), False),
        ("TIT-16-1-3@2017-11-01/TIT-10-7@2019-09-14", date(2019, 9, 14), True),
    ],
)
def test_a_ground_is_cited_as_it_stood_on_the_day(key: str, on: date, allowed: bool) -> None:
    if allowed:
        rules.check_grounds([ground_of(key)], IMPLEMENTING, ACCREDITATION, on)
        return
    with pytest.raises(RuleViolation) as refusal:
        rules.check_grounds([ground_of(key)], IMPLEMENTING, ACCREDITATION, on)
    assert refusal.value.params["on"] == on


def test_a_disposition_without_a_ground_is_refused() -> None:
    with pytest.raises(RuleViolation):
        rules.check_grounds([], IMPLEMENTING, ACCREDITATION, date(2018, 7, 3))


@pytest.mark.parametrize(
    ("target", "on", "rightful"),
    [
        (IMPLEMENTING, date(2018, 7, 3), DispositionAuthority.MOJ_MHLW),
        (IMPLEMENTING, date(2019, 3, 31), DispositionAuthority.MOJ_MHLW),
        (IMPLEMENTING, date(2019, 4, 1), DispositionAuthority.ISA_MHLW),
        (SUPERVISING, date(2018, 12, 27), DispositionAuthority.MOJ_MHLW),
        (SUPERVISING, date(2026, 11, 24), DispositionAuthority.MOJ_MHLW),
    ],
)
def test_only_the_rightful_authority_decides(
    target: OrganizationKind, on: date, rightful: DispositionAuthority
) -> None:
    for authority in DispositionAuthority:
        if authority is rightful:
            rules.check_authority(authority, target, on)
        else:
            with pytest.raises(RuleViolation) as refusal:
                rules.check_authority(authority, target, on)
            assert refusal.value.params["rightful"] is rightful


@pytest.mark.parametrize("target", list(OrganizationKind))
@pytest.mark.parametrize("kind", list(DispositionKind))
def test_a_kind_is_aimed_at_its_kind_of_organization_only(target: OrganizationKind, kind: DispositionKind) -> None:
    if kind in KINDS[target]:
        rules.check_kind(target, kind)
    else:
        with pytest.raises(RuleViolation):
            rules.check_kind(target, kind)


@pytest.mark.parametrize(
    ("effective_on", "until"),
    [
        (date(2018, 7, 3), date(2023, 7, 2)),
        (date(2019, 4, 1), date(2024, 3, 31)),
        (date(2020, 2, 29), date(2025, 2, 28)),
        (date(2023, 3, 1), date(2028, 2, 29)),
    ],
)
def test_a_revocation_bars_for_five_years_that_count_its_own_day(effective_on: date, until: date) -> None:
    assert rules.bar_end(ACCREDITATION, effective_on) == until
    assert rules.bar_end(LICENSE, effective_on) == until


@pytest.mark.parametrize("kind", [SUSPENSION, ORDER, DispositionKind.NONE])
def test_what_revokes_nothing_bars_nobody(kind: DispositionKind) -> None:
    assert rules.bar_end(kind, date(2026, 1, 5)) is None
    assert rules.bar_provision(kind, date(2026, 1, 5)) is None


@pytest.mark.parametrize(
    ("kind", "on", "code"),
    [
        (ACCREDITATION, date(2019, 9, 13), "TIT-10-6"),
        (ACCREDITATION, date(2019, 9, 14), "TIT-10-7"),
        (LICENSE, date(2018, 12, 27), "TIT-26-2"),
    ],
)
def test_the_bar_is_cited_as_it_was_numbered_on_the_day(kind: DispositionKind, on: date, code: str) -> None:
    found = rules.bar_provision(kind, on)
    assert found is not None
    assert found.code == code
    assert "取り消され" in found.title_ja


@pytest.mark.parametrize(
    ("keys", "japanese", "english"),
    [
        ([VIA_10_2], "法第16条第1項第3号(第10条第2号該当)", "Art. 16(1)(iii) by way of Art. 10(ii)"),
        (
            ["TIT-37-1-1@2017-11-01", "TIT-37-1-4@2017-11-01"],
            "法第37条第1項第1号及び第4号",
            "Art. 37(1)(i), and Art. 37(1)(iv)",
        ),
        ([VIA_10_2, VIA_10_2], "法第16条第1項第3号(第10条第2号該当)", "Art. 16(1)(iii) by way of Art. 10(ii)"),
        ([], "", ""),
    ],
)
def test_grounds_are_cited_in_both_languages(keys: list[str], japanese: str, english: str) -> None:
    grounds = [ground_of(key) for key in keys]
    assert (rules.cite(grounds), rules.cite(grounds, "en")) == (japanese, english)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", []),
        ("認1711001206", ["認1711001206"]),
        ("1711001206\n認1711001207号、認 1711001208", ["認1711001206", "認1711001207", "認1711001208"]),
        ("認 認", None),
        ("認１７１１００１２０６、1711001207\r\n\r\n1711001207", ["認1711001206", "認1711001207"]),
        ("認171100120", None),
        ("許1711001206", None),
        ("-", None),
    ],
)
def test_accreditation_numbers_are_read_from_pasted_text(text: str, numbers: list[str] | None) -> None:
    if numbers is not None:
        assert rules.plan_numbers(text) == numbers
        return
    with pytest.raises(RuleViolation) as refusal:
        rules.plan_numbers(text, "excluded")
    assert refusal.value.field == "excluded"


@given(
    st.lists(st.integers(0, 9_999_999_999).map("{:010d}".format), max_size=30),
    st.sampled_from(["\n", "、", " ", ",", "\t", "　", "\r\n"]),
    st.sampled_from(["", "認"]),
)
def test_any_list_of_numbers_is_read_back_once_each(numbers: list[str], separator: str, mark: str) -> None:
    read = rules.plan_numbers(separator.join(mark + number for number in numbers))
    assert read == [f"認{number}" for number in dict.fromkeys(numbers)]


@given(st.text(max_size=60))
def test_no_text_makes_anything_but_numbers_or_a_refusal(text: str) -> None:
    try:
        read = rules.plan_numbers(text)
    except UserError:
        return
    assert all(number[0] == "認" and len(number) == 11 for number in read)


def test_more_numbers_than_a_statement_can_bind_are_refused() -> None:
    most = [f"{number:010d}" for number in range(rules.MOST_PLANS)]
    assert len(rules.plan_numbers(" ".join(most))) == rules.MOST_PLANS
    with pytest.raises(RuleViolation, match="10,000"):
        rules.plan_numbers(" ".join([*most, "9999999999"]))


def test_what_ended_moves_no_more_and_every_state_can_be_reached() -> None:
    reached = {DispositionState.PROPOSED, *TRANSITIONS.values()}
    assert reached == set(DispositionState)
    ended = {DispositionState.NOT_TAKEN, DispositionState.WITHDRAWN, DispositionState.ANNULLED}
    assert {state for state, _act in TRANSITIONS} == set(DispositionState) - ended
    assert {act for _state, act in TRANSITIONS} == set(DispositionAct)


@pytest.mark.parametrize(
    ("target", "kind", "code"),
    [
        (IMPLEMENTING, ACCREDITATION, "TIT-16-2"),
        (IMPLEMENTING, ORDER, "TIT-15-2"),
        (SUPERVISING, LICENSE, "TIT-37-4"),
        (SUPERVISING, SUSPENSION, "TIT-37-4"),
        (SUPERVISING, ORDER, None),
    ],
)
def test_publication_stands_under_its_paragraph_where_the_tables_know_it(
    target: OrganizationKind, kind: DispositionKind, code: str | None
) -> None:
    found = rules.publication_provision(target, kind, date(2020, 1, 6))
    assert (found and found.code) == code


def test_a_ground_in_force_needs_its_item_in_force() -> None:
    old: Ground = ground_of("TIT-16-1-3@2017-11-01/TIT-10-6@2017-11-01")
    assert old.in_force(date(2019, 9, 13))
    assert not old.in_force(date(2019, 9, 14))
