"""実習実施者一覧 held against the register."""

from datetime import date

import pytest
import sqlalchemy as sa
from stdnum.jp import cn

from imports.batches.states import BatchState, Verdict
from organizations.register.models import Organization
from organizations.register.officers import OfficerFacts, add_officer
from organizations.register.states import BusinessStatus, OfficerPosition
from tests.factories import NOW
from tests.workbooks import IMPLEMENTING_HEADER, IMPLEMENTING_ROW, changed, table_bytes

CORPORATE = cn.calc_check_digit("999900000011") + "999900000011"
OTHER = cn.calc_check_digit("999900000012") + "999900000012"


def listed(*rows):
    return table_bytes([("実習実施者一覧",), IMPLEMENTING_HEADER, *rows])


def row(**values):
    return changed(IMPLEMENTING_ROW, IMPLEMENTING_HEADER, **values)


@pytest.fixture
def held(desk, session):
    desk.bring_in(listed(row(法人番号=CORPORATE)))
    return session.scalars(sa.select(Organization)).one()


def test_a_new_row_enters_the_body_under_the_office_of_its_prefecture(held):
    assert (held.name, held.notification_number, held.notified_on) == (
        "株式会社架空縫製",
        "1711000001",
        date(2020, 4, 1),
    )
    assert (held.prefecture_code, held.office_code, held.staff_count, held.industry) == ("38", "11", 35, "繊維工業")
    assert held.status is BusinessStatus.ACTIVE


def test_the_same_list_again_changes_nothing(desk, held):
    batch = desk.read(listed(row(法人番号=CORPORATE)))
    assert (batch.state, desk.counts(batch)) == (BatchState.UNCHANGED, (0, 0, 1, 0))


@pytest.mark.parametrize(
    "values",
    [
        {"実習実施者名": "株式会社新名称", "住所": "愛媛県今治市架空町1"},
        {"実習実施者名": "株式会社新名称", "住所": "愛媛県今治市架空町1", "届出受理番号": None, "法人番号": CORPORATE},
        {"届出受理番号": None, "法人番号": None, "実習実施者名": "㈱架空縫製"},
    ],
    ids=["notification number", "corporate number", "name and address, spelled otherwise"],
)
def test_a_body_is_recognized_by(desk, held, values):
    batch = desk.read(listed(row(**values)))
    (stored,) = desk.rows(batch)
    assert (stored.verdict, stored.target_id) == (Verdict.CHANGED, held.id)


def test_moving_to_another_prefecture_moves_the_body_to_its_office(desk, held, session):
    batch = desk.bring_in(listed(row(住所="東京都架空区1-1")))
    (stored,) = desk.rows(batch)
    assert stored.changes["office_code"] == ["11", "03"]
    session.refresh(held)
    assert (held.prefecture_code, held.office_code) == ("13", "03")


def test_a_namesake_at_the_same_address_with_another_number_is_not_taken_for_the_body(desk, held):
    batch = desk.read(listed(row(届出受理番号="1711000099")))
    assert desk.reasons(batch) == [("C3", "register")]


def test_numbers_of_two_bodies_in_one_row_are_refused(desk, held):
    desk.bring_in(listed(row(届出受理番号="1711000002", 実習実施者名="架空造船", 法人番号=OTHER)))
    batch = desk.read(listed(row(法人番号=OTHER)))
    (stored,) = desk.rows(batch)
    assert {stored.errors[0]["params"]["first_name"], stored.errors[0]["params"]["second_name"]} == {
        "株式会社架空縫製",
        "架空造船",
    }


def test_an_individual_is_given_no_corporate_number(desk, session, factories):
    factories.organization(is_individual=True, notification_number="1711000001")
    batch = desk.read(listed(row(法人番号=CORPORATE)))
    assert desk.reasons(batch) == [("E3", "register")]


def test_two_new_rows_with_one_corporate_number_are_refused(desk):
    batch = desk.read(
        listed(row(法人番号=CORPORATE), row(届出受理番号="1711000002", 住所="愛媛県1", 法人番号=CORPORATE))
    )
    assert desk.reasons(batch) == [("A4", "repeated-body")]


def test_a_value_the_register_has_no_room_for_is_an_error_of_its_cell(desk):
    batch = desk.read(listed(row(届出受理番号="1" * 25)))
    assert desk.reasons(batch) == [("C3", "too-long")]


def test_these_lists_do_not_mark_who_is_in_business_so_a_pause_stays(desk, held, session):
    held.status = BusinessStatus.SUSPENDED
    session.commit()
    assert desk.read(listed(IMPLEMENTING_ROW)).state is BatchState.UNCHANGED
    assert held.status is BusinessStatus.SUSPENDED


def test_columns_nothing_is_kept_of_are_named(desk):
    batch = desk.read(listed(IMPLEMENTING_ROW))
    assert batch.notes["headers"] == ["監理団体名"]


def test_rows_that_change_other_columns_are_written_together(desk, session):
    rows = [row(届出受理番号=f"17110000{n:02d}", 住所=f"愛媛県架空市{n}") for n in range(20)]
    desk.bring_in(listed(*rows))
    altered = [
        changed(one, IMPLEMENTING_HEADER, **({"業種": None} if n % 2 else {"電話番号": f"089-998-{n:04d}"}))
        for n, one in enumerate(rows)
    ]
    batch = desk.bring_in(listed(*altered))
    assert desk.counts(batch) == (0, 20, 0, 0)
    bodies = session.scalars(sa.select(Organization).order_by(Organization.id)).all()
    assert [(one.industry, one.phone, one.version) for one in bodies] == [
        (None, "089-999-0002", 2) if n % 2 else ("繊維工業", f"089-998-{n:04d}", 2) for n in range(20)
    ]


@pytest.mark.parametrize(
    ("named", "codes"),
    [
        ("代表取締役　仮野　太郎", []),
        ("仮野太郎", []),
        ("架空次郎", ["other-representative"]),
        (None, ["lost"]),
    ],
    ids=["with the office held", "without it", "somebody else", "nobody"],
)
def test_a_representative_who_is_not_in_office_is_remarked_on(desk, session, held, named, codes):
    for name, ends_on in (("架空　次郎", date(2025, 3, 31)), ("仮野　太郎", None)):
        facts = OfficerFacts(OfficerPosition.REPRESENTATIVE, name, date(2020, 4, 1), ends_on)
        add_officer(session, desk.actor, held, facts, now=NOW)
    session.commit()
    batch = desk.read(listed(row(代表者=named)))
    assert desk.warnings(batch) == codes
    if codes == ["other-representative"]:
        (stored,) = desk.rows(batch)
        assert (stored.warnings[0]["header"], stored.warnings[0]["params"]) == ("代表者", {"names": "仮野　太郎"})
