from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otit.kanji import VARIANTS
from otit.text import compact, dialled, match_key, nfkc, phone_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("㈱架空縫製", "株式会社架空縫製"),
        ("(株)架空縫製", "（株）　架空縫製"),
        ("有限会社髙﨑農園", "㈲高崎農園"),
        ("德濵水産", "徳浜水産"),
        ("ﾐｶﾝ山協同組合", "みかん山協同組合"),
        ("ＭＹ産業", "my産業"),
        ("スリ・ランカ商会", "スリランカ商会"),
        ("架空町4-2-2", "架空町４−２‐２"),
        ("架空町4ー2", "架空町4-2"),
        ("霞ヶ関", "霞ケ関"),
        ("假設工業", "仮設工業"),
        ("齋藤實業", "斎藤実業"),
        ("鐡工所", "鉄工所"),
        ("(醫)架空會", "医療法人架空会"),
        ("逸見\uf9dc", "逸見隆"),
        ("葛\U000e0100城組合", "葛城組合"),
        ("(一社)架空会", "一般社団法人 架空会"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("株式会社山田", "山田株式会社"),
        ("株式会社山田", "有限会社山田"),
        ("サーバー工業", "サバ工業"),
        ("齊藤商会", "齋藤商会"),
        ("架空町4-22", "架空町42-2"),
    ],
)
def test_two_bodies_keep_two_keys(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)


def test_each_form_of_a_kanji_leads_to_one_usual_form_in_one_step() -> None:
    assert [one for one in VARIANTS.values() if ord(one) in VARIANTS or len(one) != 1] == []
    assert [code for code in VARIANTS if nfkc(chr(code)) != chr(code)] == []


@given(st.text(st.sampled_from([*map(chr, VARIANTS), *"()（）㈱株医 架空ｶなー-4・"])))
def test_folding_a_key_that_knew_fewer_forms_is_folding_the_name(text: str) -> None:
    """What a migration rests on: stored keys are folded again without their names."""
    with patch("otit.text.VARIANTS", {ord("髙"): "高"}):
        before = match_key(text)
    assert match_key(before) == match_key(text)


@given(st.text())
def test_the_key_of_a_key_is_itself(text: str) -> None:
    assert match_key(match_key(text)) == match_key(text)


def test_compact_removes_every_space_and_line_break() -> None:
    assert compact(" 許可の\n有効　期限 ") == "許可の有効期限"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("089-999-0001", "089-999-0001"),
        ("０８９−９９９−０００１", "089-999-0001"),
        ("０８９（９９９）０００１", "089-999-0001"),
        ("089ー999ー0001", "089-999-0001"),
        ("089 999 0001", "0899990001"),
        ("＋８１ 89 999 0001", "+81899990001"),
        ("03-9999-1111(内線5879)", "03-9999-1111;ext=5879"),
        ("089-999-0001（代表）", "089-999-0001"),
        ("089-999-0001 / 090-9999-0002", "089-999-0001-090-9999-0002"),
        ("なし", ""),
        ("", ""),
    ],
)
def test_a_telephone_dials_the_ascii_form(written: str, number: str) -> None:
    assert dialled(written) == number


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("089-999-0001", "0899990001"),
        ("０８９（９９９）０００１", "0899990001"),
        ("089ー999ー0001", "0899990001"),
        ("+81 89-999-0001", "0899990001"),
        ("＋８１（０）８９−９９９−０００１", "0899990001"),
        ("+84 24 9999 0001", "842499990001"),
        ("03-9999-1111(内線5879)", "0399991111"),
        ("なし", None),
        ("", None),
        (None, None),
    ],
)
def test_a_telephone_number_is_looked_up_by_its_digits(written: str | None, key: str | None) -> None:
    assert phone_key(written) == key


@given(st.text())
def test_what_is_dialled_is_an_address(text: str) -> None:
    assert set(dialled(text)) <= set("0123456789-+;ext=")
