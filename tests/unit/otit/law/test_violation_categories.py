"""The categories of violations and the provisions behind them."""

from datetime import date

import pytest

from otit.law.provisions import register
from otit.law.tables import LawTableError, table_text
from otit.law.terms import TargetKind
from otit.law.violations import (
    UnknownCategory,
    all_categories,
    labour_categories,
    otit_categories,
    read_categories,
    violation_category,
)

TODAY = date(2026, 11, 22)
HEADER = table_text("violation_categories.csv").splitlines()[0]
GOOD = "IO-HOURS,implementing,training,実習時間数,Hours,TITR-10-2-2-3,2017-11-01,,test"


def test_each_category_cites_provisions_in_force_today() -> None:
    for category in all_categories():
        assert [found.code for found in category.provisions_on(TODAY)] == list(category.provisions)


def test_only_the_category_without_a_confirmed_article_cites_none() -> None:
    assert [category.code for category in all_categories() if not category.provisions] == ["SO-LECTURE"]


def test_an_inspector_is_offered_what_fits_the_kind_of_organization() -> None:
    implementing = {category.code for category in otit_categories(TargetKind.IMPLEMENTING, TODAY)}
    supervising = {category.code for category in otit_categories(TargetKind.SUPERVISING, TODAY)}
    assert implementing & supervising == {"ID-CUSTODY", "PRIVATE-LIFE", "RETALIATION"}
    assert "IO-HOURS" in implementing
    assert "SO-FEE" in supervising
    assert not any(code.startswith("LSI-") for code in implementing | supervising)


def test_labour_standards_findings_rest_on_labour_law_only() -> None:
    categories = labour_categories(TODAY)
    assert [category.code for category in categories] == [
        "LSI-SAFETY",
        "LSI-HOURS",
        "LSI-PREMIUM",
        "LSI-WAGES",
        "LSI-DAYS-OFF",
        "LSI-HEALTH",
    ]
    for category in categories:
        assert {found.act.value for found in category.provisions_on(TODAY)} <= {"LSA", "ISHA"}
        assert category.targets == {TargetKind.IMPLEMENTING}


def test_a_category_is_found_by_code_and_day() -> None:
    assert violation_category("IO-HOURS", TODAY).title("en") == "Hours of training differ from the plan"
    assert violation_category("IO-HOURS", TODAY).title("ja") == "実習時間数が計画と異なる"
    with pytest.raises(UnknownCategory):
        violation_category("IO-HOURS", date(2017, 10, 31))
    with pytest.raises(UnknownCategory):
        violation_category("IO-NOTHING", TODAY)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([GOOD, GOOD], "line 3: IO-HOURS stands in the table twice"),
        ([GOOD.replace("TITR-10-2-2-3", "TITR-99")], "line 2: .*TITR-99"),
        ([GOOD.replace("2017-11-01", "2017-10-31")], "line 2: .*2017-10-31"),
        ([GOOD.replace("implementing", "sending")], "line 2: targets has no value sending"),
        ([GOOD.replace("training", "trainings")], "line 2: group has no value trainings"),
    ],
)
def test_a_wrong_line_is_named(lines: list[str], says: str) -> None:
    with pytest.raises(LawTableError, match=says):
        read_categories("\n".join([HEADER, *lines]), register())
