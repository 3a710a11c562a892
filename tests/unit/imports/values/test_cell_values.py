import contextlib
import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.jp import cn

from imports.values import categories, dates, lists, numbers, places, texts
from imports.values.base import (
    Parsed,
    UnknownWord,
    ValueProblem,
    WrongCheckDigit,
    WrongForm,
    WrongLength,
    WrongType,
    as_text,
)

GOOD = "999912345678"
CORPORATE = cn.calc_check_digit(GOOD) + GOOD

READ = [
    (texts.text(), "  ﾐｶﾝ 髙橋㈱\r\n二行目 ", "ﾐｶﾝ 髙橋㈱\n二行目"),
    (texts.text(), 123.0, "123"),
    (texts.text(), 1.5, "1.5"),
    (texts.line(), "松山市\n 架空町", "松山市 架空町"),
    (texts.name_with_status, "みかん漁業協同組合(事業休止中)", ("みかん漁業協同組合", "事業休止中")),
    (texts.name_with_status, "みかん漁業協同組合（事業休止中）", ("みかん漁業協同組合", "事業休止中")),
    (texts.name_with_status, "みかん組合 【許可 取消し】", ("みかん組合", "許可取消し")),
    (texts.name_with_status, "架空縫製(株)", ("架空縫製(株)", None)),
    (texts.name_with_status, "(事業休止中)", ("(事業休止中)", None)),
    (texts.phone, "072-999-8067", "072-999-8067"),
    (texts.phone, "03-9999-1111(内線5879)", "03-9999-1111(内線5879)"),
    (texts.phone, "０８９９９９０００１", "０８９９９９０００１"),
    (numbers.corporate_number, CORPORATE, CORPORATE),
    (numbers.corporate_number, float(CORPORATE), CORPORATE),
    (numbers.corporate_number, f" {CORPORATE[0]}-{CORPORATE[1:5]}-{CORPORATE[5:]} ", CORPORATE),
    (numbers.licence_number, "1713001380", "許1713001380"),
    (numbers.licence_number, "許１７０８０００６１０号", "許1708000610"),
    (numbers.licence_number, 1713001380.0, "許1713001380"),
    (numbers.accreditation_number, "認 1711001206", "認1711001206"),
    (
        numbers.accreditation_numbers,
        "認1711001206\n認1711001207、1711001208",
        ("認1711001206", "認1711001207", "認1711001208"),
    ),
    (numbers.notification_number, "１７１１０００００１", "1711000001"),
    (numbers.sending_organization_number, "ｖｎｍ000455", "VNM000455"),
    (numbers.sending_organization_number, 294.0, "294"),
    (numbers.count(), "1,234名", 1234),
    (numbers.count(), "３５人", 35),
    (numbers.count(), 35.0, 35),
    (numbers.flag, "○", True),
    (numbers.flag, "〇", True),
    (numbers.flag, "有", True),
    (numbers.flag, "対応", True),
    (numbers.flag, 1.0, True),
    (numbers.flag, "×", False),
    (numbers.flag, "−", False),
    (numbers.flag, False, False),
    (places.prefecture, "愛媛県", "38"),
    (places.prefecture, "京都", "26"),
    (places.prefecture, "北海道", "01"),
    (places.prefecture, "13", "13"),
    (places.prefecture, 1.0, "01"),
    (places.prefecture_of_address, "京都府京都市架空町", "26"),
    (places.prefecture_of_address, "〒790-0001 愛媛県松山市", "38"),
    (places.prefecture_of_address, "東 京 都架空区", "13"),
    (places.postal_code, "〒590-0953", "590-0953"),
    (places.postal_code, "５９００９５３", "590-0953"),
    (places.postal_code, "590ー0953", "590-0953"),
    (lists.countries, "中国、ベトナム", ("CHN", "VNM")),
    (lists.countries, "ベトナム・ミャンマー", ("VNM", "MMR")),
    (lists.countries, "スリ・ランカ，ｲﾝﾄﾞﾈｼｱ\nタイ", ("LKA", "IDN", "THA")),
    (lists.countries, "インド、インド", ("IND",)),
    (lists.country, "越南", "VNM"),
    (lists.country, "vnm", "VNM"),
    (lists.occupation_codes, "3-4、7-21\n2‐1", ("3-4", "7-21", "2-1")),
    (lists.occupation_codes, "１－１・3-5-2", ("1-1", "3-5-2")),
    (lists.occupation_code, "3-4", "3-4"),
    (categories.plan_category, "Ｄ", "D"),
    (categories.plan_category, "d", "D"),
    (categories.plan_category, "第1号団体監理型技能実習", "D"),
    (categories.plan_category, "団体監理型 第二号", "E"),
    (categories.plan_category, "第３号企業単独型技能実習", "C"),
    (categories.plan_category, "技能実習1号ロ", "D"),
    (categories.plan_category, "技能実習２号イ", "B"),
    (categories.licence_class, "一般監理事業", "general"),
    (categories.licence_class, "特定", "specific"),
    (dates.date, "平成30年2月20日", dt.date(2018, 2, 20)),
    (dates.date, dt.datetime.combine(dt.date(2018, 2, 20), dt.time()), dt.date(2018, 2, 20)),
    (dates.date, 43151.0, dt.date(2018, 2, 20)),
]

REFUSED = [
    (texts.text(3), "四文字だ", WrongLength),
    (texts.text(), dt.date(2024, 3, 4), WrongType),
    (texts.text(), 1e20, WrongType),
    (texts.phone, "なし", WrongForm),
    (numbers.corporate_number, CORPORATE[:-1] + str((int(CORPORATE[-1]) + 1) % 10), WrongCheckDigit),
    (numbers.corporate_number, CORPORATE[1:], WrongLength),
    (numbers.corporate_number, CORPORATE + "1", WrongLength),
    (numbers.corporate_number, "架空", WrongForm),
    (numbers.licence_number, "許200400151", WrongForm),
    (numbers.licence_number, "認1711001206", WrongForm),
    (numbers.accreditation_number, "許1711001206", WrongForm),
    (numbers.accreditation_numbers, "認1711001206、認1711001206", WrongForm),
    (numbers.accreditation_numbers, "、", WrongForm),
    (numbers.notification_number, "申請中", WrongForm),
    (numbers.sending_organization_number, "VN455", WrongForm),
    (numbers.count(), "約30名", WrongForm),
    (numbers.count(), "-1", WrongForm),
    (numbers.count(), 1.5, WrongForm),
    (numbers.count(), float("inf"), WrongForm),
    (numbers.count(), True, WrongType),
    (numbers.count(), dt.date(2024, 3, 4), WrongType),
    (numbers.flag, "?", WrongForm),
    (places.prefecture, "蝦夷", UnknownWord),
    (places.prefecture, "48", UnknownWord),
    (places.prefecture_of_address, "松山市架空町", UnknownWord),
    (places.postal_code, "59-0953", WrongForm),
    (lists.countries, "ベトナム、架空国", UnknownWord),
    (lists.countries, "、", UnknownWord),
    (lists.occupation_codes, dt.date(2024, 3, 4), WrongType),
    (lists.occupation_codes, "3月4日", WrongForm),
    (lists.occupation_code, "3-4、3-5", WrongForm),
    (categories.plan_category, "第4号団体監理型", UnknownWord),
    (categories.plan_category, "第1号", UnknownWord),
    (categories.plan_category, "A・D", UnknownWord),
    (categories.licence_class, "一般・特定", UnknownWord),
    (dates.date, "令和元年2月30日", dates.WrongDate),
    (dates.date, "令和元年4月30日", dates.WrongDate),
    (dates.date, dt.time(1, 2), dates.WrongDate),
]

WARNED = [
    (texts.phone, 899990001.0, "899990001"),
    (numbers.licence_number, "1613001380", "許1613001380"),
    (numbers.accreditation_number, "1799001380", "認1799001380"),
    (numbers.notification_number, "実-123", "実-123"),
    (places.postal_code, 600001.0, "060-0001"),
    (lists.occupation_codes, "12-1", ("12-1",)),
    (dates.date, "平成41年3月31日", dt.date(2029, 3, 31)),
]


@pytest.mark.parametrize(("parse", "cell", "value"), READ)
def test_a_cell_is_read_as_what_it_means(
    parse: Callable[[object], Parsed[object]], cell: object, value: object
) -> None:
    assert parse(cell) == Parsed(value)


@pytest.mark.parametrize(("parse", "cell", "problem"), REFUSED)
def test_a_cell_that_cannot_be_read_says_why(
    parse: Callable[[object], Parsed[object]], cell: object, problem: type[ValueProblem]
) -> None:
    with pytest.raises(problem) as refused:
        parse(cell)
    assert refused.value.message % refused.value.params


@pytest.mark.parametrize(("parse", "cell", "value"), WARNED)
def test_an_odd_cell_is_read_with_a_warning(
    parse: Callable[[object], Parsed[object]], cell: object, value: object
) -> None:
    parsed = parse(cell)
    assert parsed.value == value
    assert [note.message % note.params for note in parsed.warnings]


CELLS = st.one_of(
    st.text(max_size=40),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.text(st.sampled_from("0123456789０１許認号-ー−、・,\n 年月日令和平成元HR./ABCDEF第団体監理型企業単独○×")),
)


PARSERS = list(dict.fromkeys([*(parse for parse, *_ in READ), numbers.flag]))


@pytest.mark.parametrize("parse", PARSERS, ids=range(len(PARSERS)))
@given(cell=CELLS)
def test_whatever_stands_in_a_cell_is_read_or_refused(parse: Callable[[object], Parsed[object]], cell: object) -> None:
    with contextlib.suppress(ValueProblem):
        assert isinstance(parse(cell), Parsed)


@given(st.integers(0, 10**8 - 1))
def test_every_corporate_number_with_its_check_digit_is_read_and_with_another_is_not(base: int) -> None:
    digits = f"9999{base:08d}"
    right = cn.calc_check_digit(digits)
    assert numbers.corporate_number(float(right + digits)).value == right + digits
    wrong = str(int(right) % 9 + 1)
    with pytest.raises(WrongCheckDigit):
        numbers.corporate_number(wrong + digits)


@given(st.integers(-(2**53), 2**53))
def test_a_whole_number_is_text_without_a_point(number: int) -> None:
    assert as_text(float(number)) == str(number)


def test_digits_that_excel_has_lost_are_not_made_up() -> None:
    with pytest.raises(WrongType):
        as_text(12345678901234567890.0)


def test_the_year_and_office_of_a_known_number_give_no_warning() -> None:
    assert numbers.licence_number("許2306000068").warnings == ()
