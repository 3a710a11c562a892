"""How provisions are written."""

from datetime import date

import pytest

from otit.law.citations import citation_en, citation_ja, combined_citation, combined_citation_en
from otit.law.provisions import Provision, provision, register

TODAY = date(2026, 11, 22)


def of(*codes: str, on: date = TODAY) -> list[Provision]:
    return [provision(code, on) for code in codes]


@pytest.mark.parametrize(
    ("code", "japanese", "english"),
    [
        ("TIT-16-1-3", "法第16条第1項第3号", "Art. 16(1)(iii)"),
        ("TIT-16-1-4", "法第16条第1項第4号", "Art. 16(1)(iv)"),
        ("TIT-15-1", "法第15条第1項", "Art. 15(1)"),
        ("TIT-10-2", "法第10条第2号", "Art. 10(ii)"),
        ("TIT-10-13", "法第10条第13号", "Art. 10(xiii)"),
        ("TIT-9-9", "法第9条第9号", "Art. 9(ix)"),
        ("TIT-42", "法第42条", "Art. 42"),
        ("TITR-10-2-2-3", "規則第10条第2項第2号ハ", "Ord. Art. 10(2)(ii)(c)"),
        ("TITR-52-1", "規則第52条第1号", "Ord. Art. 52(i)"),
        ("LSA-37", "労働基準法第37条", "Labor Standards Act Art. 37"),
        ("ISHA-66_4", "労働安全衛生法第66条の4", "Industrial Safety and Health Act Art. 66-4"),
    ],
)
def test_a_provision_is_written_in_both_languages(code: str, japanese: str, english: str) -> None:
    found = provision(code, TODAY)
    assert (citation_ja(found), citation_en(found)) == (japanese, english)


def test_no_two_provisions_in_force_are_written_alike() -> None:
    in_force = [found for found in register() if found.in_force(TODAY)]
    assert len({citation_ja(found) for found in in_force}) == len(in_force)
    assert len({citation_en(found) for found in in_force}) == len(in_force)


@pytest.mark.parametrize(
    ("grounds", "via", "japanese", "english"),
    [
        (["TIT-16-1-7"], [], "法第16条第1項第7号", "Art. 16(1)(vii)"),
        (
            ["TIT-16-1-3"],
            ["TIT-10-2"],
            "法第16条第1項第3号(第10条第2号該当)",
            "Art. 16(1)(iii) by way of Art. 10(ii)",
        ),
        (
            ["TIT-37-1-1", "TIT-37-1-4"],
            [],
            "法第37条第1項第1号及び第4号",
            "Art. 37(1)(i), and Art. 37(1)(iv)",
        ),
        (
            ["TIT-16-1-1", "TIT-16-1-3", "TIT-16-1-7"],
            ["TIT-10-2", "TIT-10-12"],
            "法第16条第1項第1号、第3号(第10条第2号及び第12号該当)及び第7号",
            "Art. 16(1)(i), Art. 16(1)(iii) by way of Art. 10(ii) and Art. 10(xii), and Art. 16(1)(vii)",
        ),
        (
            ["TIT-37-1-1", "TIT-37-1-2", "TIT-37-2"],
            ["TIT-26-4"],
            "法第37条第1項第1号及び第2号(第26条第4号該当)並びに法第37条第2項",
            "Art. 37(1)(i), Art. 37(1)(ii) by way of Art. 26(iv), and Art. 37(2)",
        ),
        (["TIT-48-1", "TITR-14"], [], "法第48条第1項及び規則第14条", "Art. 48(1), and Ord. Art. 14"),
    ],
)
def test_grounds_are_combined_as_a_disposition_names_them(
    grounds: list[str], via: list[str], japanese: str, english: str
) -> None:
    assert combined_citation(of(*grounds), of(*via)) == japanese
    assert combined_citation_en(of(*grounds), of(*via)) == english


def test_the_first_revocation_is_written_with_the_law_of_its_day() -> None:
    day = date(2018, 7, 3)
    assert combined_citation(of("TIT-16-1-3", on=day), of("TIT-10-2", on=day)) == "法第16条第1項第3号(第10条第2号該当)"


@pytest.mark.parametrize(
    ("grounds", "via"),
    [(["TIT-16-1-7"], ["TIT-10-2"]), (["TIT-16-1-3"], ["TIT-26-4"]), (["TIT-37-1-2"], ["TIT-10-2"])],
)
def test_an_item_no_ground_refers_to_is_refused(grounds: list[str], via: list[str]) -> None:
    with pytest.raises(ValueError, match="no ground refers to"):
        combined_citation(of(*grounds), of(*via))
    with pytest.raises(ValueError, match="no ground refers to"):
        combined_citation_en(of(*grounds), of(*via))


def test_a_citation_names_at_least_one_ground() -> None:
    with pytest.raises(ValueError, match="at least one"):
        combined_citation([])
