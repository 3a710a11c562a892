"""The table of provisions and the version in force on a day."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from otit.law.provisions import (
    Provision,
    ProvisionError,
    ProvisionNotInForce,
    Register,
    UnknownProvision,
    cited_provision,
    disqualifications,
    grounds,
    in_category,
    of_article,
    provision,
    read_register,
    register,
)
from otit.law.tables import LawTableError, table_text
from otit.law.terms import ACT_IN_FORCE, Act, Category, Scheme

FIRST_REVOCATION = date(2018, 7, 3)
TODAY = date(2026, 11, 22)
HEADER = table_text("provisions.csv").splitlines()[0]


@pytest.mark.parametrize(
    ("article", "codes"),
    [
        ("15", ["TIT-15-1"]),
        ("16", [f"TIT-16-1-{item}" for item in range(1, 8)]),
        ("36", ["TIT-36-1"]),
        ("37", [*(f"TIT-37-1-{item}" for item in range(1, 6)), "TIT-37-2", "TIT-37-3"]),
    ],
)
@pytest.mark.parametrize("on", [ACT_IN_FORCE, FIRST_REVOCATION, TODAY])
def test_the_grounds_of_an_article_come_in_the_order_of_the_law(article: str, codes: list[str], on: date) -> None:
    assert [ground.code for ground in grounds(article, on)] == codes


def test_there_are_no_grounds_before_the_act_applied() -> None:
    assert grounds("16", ACT_IN_FORCE - timedelta(days=1)) == []


def test_a_refused_otit_inspection_is_no_ground_but_a_false_answer_is() -> None:
    """Art. 16(1)(v) covers falsity toward OTIT, (iv) falsity and refusal toward the ministers."""
    assert "拒否" in provision("TIT-16-1-4", TODAY).title_ja
    assert "拒" not in provision("TIT-16-1-5", TODAY).title_ja


@pytest.mark.parametrize(
    ("code", "on", "words"),
    [
        ("TIT-10-1", date(2025, 5, 31), "禁錮以上"),
        ("TIT-10-1", date(2025, 6, 1), "拘禁刑以上"),
        ("TIT-10-6", date(2019, 9, 13), "実習認定を取り消され"),
        ("TIT-10-6", date(2019, 9, 14), "破産"),
        ("TIT-10-7", date(2019, 9, 13), "当時の役員"),
        ("TIT-10-7", date(2019, 9, 14), "実習認定を取り消され、5年"),
        ("TIT-26-1", date(2019, 9, 13), "第12号"),
        ("TIT-26-1", date(2019, 9, 14), "第13号"),
    ],
)
def test_the_version_in_force_on_the_day_is_cited(code: str, on: date, words: str) -> None:
    found = provision(code, on)
    assert words in found.title_ja
    assert found.in_force(on)
    assert cited_provision(*found.key) is found


def test_an_item_abolished_by_renumbering_is_in_force_only_before_it() -> None:
    assert provision("TIT-10-5", date(2019, 9, 13)).title_ja.startswith("成年被後見人")
    with pytest.raises(ProvisionNotInForce) as refused:
        provision("TIT-10-5", date(2019, 9, 14))
    assert refused.value.params == {"code": "TIT-10-5", "on": "2019-09-14"}


def test_an_unknown_code_or_version_is_refused() -> None:
    with pytest.raises(UnknownProvision):
        provision("TIT-16-1-8", TODAY)
    with pytest.raises(UnknownProvision):
        cited_provision("TIT-16-1-3", date(2018, 1, 1))
    with pytest.raises(ProvisionNotInForce):
        provision("TIT-16-1-3", ACT_IN_FORCE - timedelta(days=1))


def test_the_first_revocation_met_its_ground_by_way_of_a_fine() -> None:
    ground = provision("TIT-16-1-3", FIRST_REVOCATION)
    assert ground.opens == "10"
    assert provision("TIT-10-2", FIRST_REVOCATION) in disqualifications("10", FIRST_REVOCATION)


def test_disqualifications_are_numbered_as_on_the_day() -> None:
    before = [item.item for item in disqualifications("10", date(2019, 9, 13))]
    after = [item.item for item in disqualifications("10", date(2019, 9, 14))]
    assert before == [1, 2, 3, 4, 5, 6, 7, 9, 11, 12]
    assert after == [1, 2, 3, 4, 6, 7, 8, 10, 12, 13]
    assert [item.item for item in disqualifications("26", TODAY)] == [1, 2, 3, 4, 5]


def test_an_article_lists_what_is_no_ground_too() -> None:
    assert [found.code for found in of_article("37", TODAY)][-1] == "TIT-37-4"
    assert of_article("37", TODAY, Scheme.ESD) == []


def test_only_an_inspection_power_stands_in_its_category() -> None:
    assert [found.code for found in in_category(Category.INSPECTION_POWER, TODAY)] == [
        "TIT-13-1",
        "TIT-14-1",
        "TIT-35",
    ]


def test_no_provision_is_older_than_the_act() -> None:
    assert all(found.valid_from >= ACT_IN_FORCE for found in register())


def test_each_provision_has_its_source_and_two_titles() -> None:
    for found in register():
        assert found.source
        assert found.title("ja") == found.title_ja
        assert found.title("en") == found.title_en
        assert found.title_en.isprintable()
        assert found.title_en != found.title_ja


def make(**changes: object) -> Provision:
    values: dict[str, object] = {
        "code": "ESD-16-1-1",
        "scheme": Scheme.ESD,
        "act": Act.ESD,
        "article": "16",
        "paragraph": 1,
        "item": 1,
        "subitem": None,
        "category": Category.ACCREDITATION_REVOCATION,
        "opens": None,
        "title_ja": "試験用",
        "title_en": "For a test",
        "valid_from": date(2027, 4, 1),
        "valid_to": None,
        "source": "test",
    }
    return Provision(**(values | changes))  # type: ignore[arg-type]


def test_a_second_scheme_lives_beside_the_first() -> None:
    law = Register([*register(), make()])
    assert law.in_force("ESD-16-1-1", date(2027, 4, 1)).scheme is Scheme.ESD
    assert law.in_force("TIT-16-1-1", date(2027, 4, 1)).scheme is Scheme.TIT
    with pytest.raises(ProvisionNotInForce):
        law.in_force("ESD-16-1-1", date(2027, 3, 31))


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: make(code="ESD-16-1-2"), "should be ESD-16-1-1"),
        (lambda: make(valid_to=date(2027, 3, 31)), "ends before it begins"),
    ],
)
def test_a_provision_that_contradicts_itself_is_refused(build: Callable[[], Provision], says: str) -> None:
    with pytest.raises(ProvisionError, match=says):
        build()


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(make(), id="the same key twice"),
        pytest.param(make(valid_from=date(2028, 4, 1)), id="the first has no end"),
    ],
)
def test_versions_of_a_code_must_not_overlap(second: Provision) -> None:
    with pytest.raises(LawTableError, match="overlaps"):
        Register([make(), second])


def test_versions_that_touch_do_not_overlap() -> None:
    first = make(valid_to=date(2028, 3, 31))
    second = make(valid_from=date(2028, 4, 1))
    assert Register([second, first]).versions("ESD-16-1-1") == (first, second)


def test_a_ground_must_not_open_an_article_the_table_lacks() -> None:
    with pytest.raises(LawTableError, match="opens Article 10"):
        Register([make(opens="10")])


GOOD = "TIT-9-9,tit,TIT,9,,9,,duty,,報酬,Pay,2017-11-01,,法第9条"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (GOOD.replace("duty", "duti"), "line 2: category has no value duti"),
        (GOOD.replace(",9,,9,", ",9,,nine,"), "line 2: invalid literal"),
        (GOOD.replace("2017-11-01", "2017-11-31"), "line 2: day is out of range"),
        (GOOD.replace("2017-11-01", ""), "line 2: valid_from is blank"),
        (GOOD.replace("Pay", " "), "line 2: title_en is blank"),
        (GOOD.replace("TIT-9-9", "TIT-9-8"), "line 2: TIT-9-8 should be TIT-9-9"),
        (GOOD + ",more", "line 2: 14 cells are wanted"),
        ("TIT-9-9,tit", "line 2: 14 cells are wanted"),
    ],
)
def test_a_wrong_line_is_named(line: str, says: str) -> None:
    with pytest.raises(LawTableError, match=says):
        read_register(f"{HEADER}\n{line}\n")


def test_a_wrong_header_is_named() -> None:
    with pytest.raises(LawTableError, match="columns"):
        read_register(f"{HEADER.replace('opens', 'via')}\n{GOOD}\n")
    assert len(list(read_register(f"{HEADER}\n{GOOD}\n"))) == 1
