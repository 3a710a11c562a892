"""The two schemes: their dates, their words, and citations of the Act as it reads from 2027-04-01."""

from datetime import date

import pytest

from organizations.plans.states import PlanCategory
from organizations.register.states import Scheme as RegisterScheme
from otit.law.citations import citation_en, citation_ja
from otit.law.provisions import ProvisionNotInForce, of_article, provision, register
from otit.law.schemes import DATES, ESD_IN_FORCE, LAST_START_OF_TIT_PLANS, Word, in_force, term
from otit.law.terms import ACT_IN_FORCE, Act, Scheme


@pytest.mark.parametrize(
    ("word", "old", "new"),
    [
        ("supervisor", "監理団体", "監理支援機関"),
        ("implementer", "実習実施者", "育成就労実施者"),
        ("plan", "技能実習計画", "育成就労計画"),
        ("worker", "技能実習生", "育成就労外国人"),
        (Word.LICENCE, "監理団体の許可", "監理支援機関の許可"),
    ],
)
def test_things_are_called_by_the_words_of_their_scheme(word: str, old: str, new: str) -> None:
    assert (term(Scheme.TIT, word), term(Scheme.ESD, word)) == (old, new)


def test_every_word_is_there_under_both_schemes_and_differs() -> None:
    for word in Word:
        assert term(Scheme.TIT, word) != term(Scheme.ESD, word)
    with pytest.raises(ValueError, match="trainee"):
        term(Scheme.TIT, "trainee")


def test_the_new_scheme_begins_with_the_retitled_act_and_may_be_applied_for_before() -> None:
    assert (in_force(Scheme.ESD, date(2027, 3, 31)), in_force(Scheme.ESD, date(2027, 4, 1))) == (False, True)
    assert in_force(Scheme.TIT, LAST_START_OF_TIT_PLANS)
    esd = DATES[Scheme.ESD]
    assert esd.licence_applications == date(2026, 4, 15)
    assert esd.plan_applications == date(2026, 9, 1)
    assert max(esd.licence_applications, esd.plan_applications) < esd.in_force
    assert DATES[Scheme.TIT].in_force == ACT_IN_FORCE


def test_there_is_one_enum_of_schemes() -> None:
    assert RegisterScheme is Scheme
    assert [scheme.value for scheme in Scheme] == ["tit", "esd"]
    assert {category.scheme for category in PlanCategory} == set(Scheme)


def test_provisions_of_the_new_scheme_are_cited_in_the_version_of_its_first_day() -> None:
    found = provision("ESD-8_5", ESD_IN_FORCE)
    assert (found.scheme, found.valid_from) == (Scheme.ESD, ESD_IN_FORCE)
    assert citation_ja(found) == "育成就労法第8条の5"
    assert citation_en(found) == "ESD Act Art. 8-5"
    assert found.act.law_id == Act.TIT.law_id
    with pytest.raises(ProvisionNotInForce):
        provision("ESD-8_5", date(2027, 3, 31))
    assert [one.code for one in of_article("8", ESD_IN_FORCE, Scheme.ESD)] == ["ESD-8"]
    assert register().cited("ESD-8_6", ESD_IN_FORCE).article == "8_6"


def test_the_old_act_stays_citable_beside_the_new_one() -> None:
    assert provision("TIT-16-1-1", ESD_IN_FORCE).scheme is Scheme.TIT


def test_every_provision_says_its_scheme_but_those_of_labour_law() -> None:
    without = {found.act for found in register() if found.scheme is None}
    assert without == {Act.LSA, Act.ISHA}
