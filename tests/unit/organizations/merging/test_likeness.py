"""How much two rows look like one body: by table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.merging.likeness import LEAST, Likeness, compare, core_name, person_key
from organizations.merging.states import LikenessReason as R
from otit.text import match_key, phone_key

ADDRESS = "愛媛県架空市本町1丁目1番1号"


def row(name: str, address: str = ADDRESS, prefecture: str = "38", **facts: str) -> Likeness:
    phone = phone_key(facts.pop("phone", None))
    return Likeness(match_key(name), match_key(address), prefecture, phone, **facts)


FIRST = row("株式会社架空縫製")


@pytest.mark.parametrize(
    ("other", "least", "most", "reasons"),
    [
        (row("(株)架空縫製"), 100, 100, {R.SAME_NAME, R.SAME_ADDRESS}),
        (row("㈱ 架空・縫製"), 100, 100, {R.SAME_NAME, R.SAME_ADDRESS}),
        (row("架空縫製株式会社"), 90, 99, {R.ALIKE_NAME, R.SAME_ADDRESS}),
        (row("有限会社架空縫製"), 90, 99, {R.ALIKE_NAME, R.SAME_ADDRESS}),
        (row("株式会社架空縫製所", "愛媛県架空市本町1-1-1"), 80, 99, {R.ALIKE_NAME}),
        (row("株式会社架空縫製", "愛媛県例示郡見本町大字想定99"), LEAST, 90, {R.SAME_NAME}),
        (row("株式会社架空縫製", "東京都架空市本町1丁目1番1号", "13"), 0, LEAST - 1, {R.SAME_NAME}),
        (row("有限会社例示精機"), 0, LEAST - 1, {R.SAME_ADDRESS}),
        (row("合同会社例示運輸", "愛媛県見本郡想定町9"), 0, 50, set()),
    ],
)
def test_names_and_addresses_decide(other: Likeness, least: int, most: int, reasons: set[R]) -> None:
    score = compare(FIRST, other)
    assert least <= score.points <= most, score
    assert set(score.reasons) == reasons


def test_phone_and_representative_count_where_both_are_known() -> None:
    known = {"phone": "089-000-0001", "representative": "代表取締役　架山　誠"}
    renamed = row("有限会社例示精機", phone="（０８９）０００ー０００１", representative="架山誠")
    score = compare(row("株式会社架空縫製", **known), renamed)
    assert score.points >= LEAST
    assert set(score.reasons) == {R.SAME_ADDRESS, R.SAME_PHONE, R.SAME_REPRESENTATIVE}
    assert compare(row("株式会社架空縫製", **known), row("株式会社架空縫製")).points == 100
    assert compare(row("株式会社架空縫製", phone="1"), row("株式会社架空縫製", phone="2")).points == 75


def test_two_corporate_numbers_speak_against_one_body() -> None:
    score = compare(row("架空縫製", corporate_number="1"), row("架空縫製", corporate_number="2"))
    assert R.OTHER_NUMBER in score.reasons
    assert score.points == 75
    assert R.OTHER_NUMBER not in compare(row("架空縫製", corporate_number="1"), row("架空縫製")).reasons


@pytest.mark.parametrize(
    ("name", "core"),
    [("株式会社架空縫製", "架空縫製"), ("架空事業協同組合", "架空"), ("協同組合", "協同組合"), ("架空", "架空")],
)
def test_the_core_of_a_name_is_without_its_form(name: str, core: str) -> None:
    assert core_name(name) == core


def test_people_are_compared_without_their_office() -> None:
    assert person_key("代表理事　仮野　次郎") == person_key("仮野次郎")


texts = st.text(alphabet="架空例示株式会社有限縫製1-", max_size=12)
likenesses = st.builds(
    Likeness,
    texts,
    texts,
    st.sampled_from(["13", "38"]),
    st.none() | st.text(alphabet="0123-", max_size=8),
    st.none() | texts,
    st.none() | st.sampled_from(["1", "2"]),
)


@given(likenesses, likenesses)
def test_the_order_does_not_matter_and_a_row_is_like_itself(a: Likeness, b: Likeness) -> None:
    assert compare(a, b) == compare(b, a)
    assert 0 <= compare(a, b).points <= 100
    assert compare(a, a).points == 100
