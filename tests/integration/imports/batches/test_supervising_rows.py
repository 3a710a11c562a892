"""監理団体一覧 held against the register, applied, and read again."""

from datetime import date

import pytest
import sqlalchemy as sa
from stdnum.jp import cn

from imports.batches.states import BatchState, Verdict
from organizations.licenses.models import License
from organizations.licenses.states import LicenseClass, LicenseState
from organizations.occupations.models import Occupation
from organizations.register.models import Organization
from organizations.register.states import BusinessStatus, OrganizationKind, Scheme
from tests.workbooks import SUPERVISING_HEADER, SUPERVISING_ROW, changed, supervising_list, table_bytes

CORPORATE = cn.calc_check_digit("999900000001") + "999900000001"
NUMBERED = ("許可番号", "法人番号", *SUPERVISING_HEADER)
TITLE = ("特定監理事業 監理団体一覧(令和8年7月27日現在)",)


def row(**values):
    return changed(SUPERVISING_ROW, SUPERVISING_HEADER, **values)


def numbered(*rows, number="許1711000001", corporate=None, **values):
    full = changed((number, corporate, *SUPERVISING_ROW), NUMBERED, **values)
    return table_bytes([TITLE, NUMBERED, full, *rows])


@pytest.fixture
def held(desk, session):
    """The body and the licence of SUPERVISING_ROW, brought in from a list."""
    desk.bring_in(supervising_list(SUPERVISING_ROW))
    return session.scalars(sa.select(License)).one()


def test_a_new_row_enters_the_body_and_its_licence(desk, session):
    batch = desk.read(supervising_list(SUPERVISING_ROW))
    assert (batch.state, desk.counts(batch), batch.as_of) == (BatchState.VALIDATED, (1, 0, 0, 0), date(2026, 7, 27))
    assert session.scalar(sa.select(sa.func.count()).select_from(Organization)) == 0
    desk.confirm(batch)
    assert desk.apply(batch).state is BatchState.APPLIED
    license = session.scalars(sa.select(License)).one()
    body = license.organization
    assert (body.kind, body.name, body.prefecture_code, body.office_code) == (
        OrganizationKind.SUPERVISING,
        "みかん山協同組合",
        "38",
        "11",
    )
    assert (license.license_class, license.state, license.number) == (
        LicenseClass.GENERAL,
        LicenseState.LICENSED,
        None,
    )
    assert (license.licensed_on, license.expires_on) == (date(2018, 1, 31), date(2030, 1, 30))
    assert [one.country for one in license.countries] == ["CHN", "VNM"]
    assert [one.code for one in license.occupations] == ["1-1", "3-4"]
    assert license.handles_care
    (stored,) = desk.rows(batch)
    assert (stored.target_id, stored.license_id) == (body.id, license.id)


def test_the_same_list_again_changes_nothing(desk, held, session):
    versions = held.version, held.organization.version
    batch = desk.read(supervising_list(SUPERVISING_ROW))
    assert (batch.state, desk.counts(batch)) == (BatchState.UNCHANGED, (0, 0, 1, 0))
    assert (held.version, held.organization.version) == versions


def test_a_change_shows_old_and_new_and_raises_both_versions(desk, held, session):
    body = held.organization
    batch = desk.read(supervising_list(row(電話番号="089-999-0099", 許可の有効期限="令和17年1月30日", 受入れ国="中国")))
    (stored,) = desk.rows(batch)
    assert stored.verdict is Verdict.CHANGED
    assert stored.changes == {
        "phone": ["089-999-0001", "089-999-0099"],
        "expires_on": ["2030-01-30", "2035-01-30"],
        "countries": [["CHN", "VNM"], ["CHN"]],
    }
    assert (stored.target_version, stored.license_version) == (1, 1)
    desk.confirm(batch)
    desk.apply(batch)
    session.refresh(held)
    assert (body.phone, body.phone_key, held.expires_on, [one.country for one in held.countries]) == (
        "089-999-0099",
        "0899990099",
        date(2035, 1, 30),
        ["CHN"],
    )
    assert (body.version, held.version) == (2, 2)


def test_a_change_of_countries_alone_raises_the_version_of_the_licence_only(desk, held, session):
    desk.bring_in(supervising_list(row(受入れ国="中国、タイ")))
    session.refresh(held)
    assert [one.country for one in held.countries] == ["CHN", "THA"]
    assert (held.organization.version, held.version) == (1, 2)


def test_a_column_the_file_lacks_leaves_its_field_alone(desk, held, session):
    keep = [n for n, name in enumerate(SUPERVISING_HEADER) if name not in ("電話番号", "フリガナ", "受入れ国", "介護")]
    header = [SUPERVISING_HEADER[n] for n in keep]
    batch = desk.read(table_bytes([TITLE_GENERAL, header, [SUPERVISING_ROW[n] for n in keep]]))
    assert batch.state is BatchState.UNCHANGED


TITLE_GENERAL = ("一般監理事業 監理団体一覧",)


def test_a_blank_cell_empties_an_optional_field_and_says_so(desk, held):
    batch = desk.read(supervising_list(row(電話番号=None, 受入れ国=None, 介護=None)))
    (stored,) = desk.rows(batch)
    assert stored.changes == {
        "phone": ["089-999-0001", None],
        "countries": [["CHN", "VNM"], []],
        "handles_care": [True, False],
    }
    assert desk.warnings(batch).count("lost") == 2


def test_a_blank_number_never_takes_a_known_number_away(desk, session):
    desk.bring_in(numbered(corporate=CORPORATE))
    batch = desk.read(numbered(number=None, corporate=None))
    assert batch.state is BatchState.UNCHANGED, [one.changes for one in desk.rows(batch)]


def test_a_suffix_of_the_name_is_the_state_of_the_business_and_its_absence_is_too(desk, held, session):
    desk.bring_in(supervising_list(row(監理団体名="みかん山協同組合(事業休止中)")))
    assert held.organization.status is BusinessStatus.SUSPENDED
    assert held.organization.name == "みかん山協同組合"
    desk.bring_in(supervising_list(SUPERVISING_ROW))
    assert held.organization.status is BusinessStatus.ACTIVE


def test_a_closed_business_is_not_reopened_by_a_list(desk, held, session):
    held.organization.status = BusinessStatus.CLOSED
    session.commit()
    batch = desk.read(supervising_list(SUPERVISING_ROW))
    assert batch.state is BatchState.UNCHANGED
    assert len(desk.warnings(batch)) == 1


def test_the_licence_number_finds_the_body_under_another_name_and_address(desk, session):
    desk.bring_in(numbered())
    batch = desk.read(numbered(監理団体名="みかん山国際協同組合", 住所="今治市架空町9-9"))
    (stored,) = desk.rows(batch)
    assert stored.verdict is Verdict.CHANGED
    assert set(stored.changes) == {"name", "address", "name_key", "address_key"}


def test_a_list_with_numbers_gives_a_known_licence_its_number(desk, session):
    desk.bring_in(table_bytes([TITLE, SUPERVISING_HEADER, SUPERVISING_ROW]))
    batch = desk.bring_in(numbered())
    assert desk.counts(batch) == (0, 1, 0, 0)
    assert session.scalars(sa.select(License.number)).one() == "許1711000001"


def test_name_and_day_of_licence_find_a_body_that_has_moved(desk, held):
    batch = desk.read(supervising_list(row(住所="今治市架空町1-1")))
    (stored,) = desk.rows(batch)
    assert (stored.verdict, stored.target_id) == (Verdict.CHANGED, held.organization_id)


def test_the_same_name_with_another_address_and_licence_is_a_new_body_and_is_remarked_on(desk, held):
    batch = desk.read(
        supervising_list(
            row(都道府県="東京都", 住所="架空区1-1", 許可年月日="令和5年4月1日", 許可の有効期限="令和8年3月31日")
        )
    )
    assert desk.counts(batch) == (1, 0, 0, 0)
    assert desk.warnings(batch) == ["same-name"]


def test_numbers_of_two_bodies_in_one_row_are_refused(desk, session):
    desk.bring_in(numbered())
    other = changed(SUPERVISING_ROW, SUPERVISING_HEADER, 監理団体名="架空海協同組合", 住所="宇和島市架空町1")
    desk.bring_in(table_bytes([TITLE, NUMBERED, (None, CORPORATE, *other)]))
    batch = desk.read(numbered(corporate=CORPORATE))
    assert batch.state is BatchState.READ
    assert desk.reasons(batch) == [("C3", "register")]


def test_two_bodies_of_one_name_at_one_address_are_named_as_candidates(desk, held, factories):
    body = held.organization
    twin = {name: getattr(body, name) for name in ("name", "address", "address_key", "prefecture_code")}
    factories.organization(OrganizationKind.SUPERVISING, **twin)
    batch = desk.read(supervising_list(SUPERVISING_ROW))
    (stored,) = desk.rows(batch)
    assert [one["code"] for one in stored.errors] == ["ambiguous"]
    assert stored.errors[0]["params"]["count"] == 2
    assert "みかん山協同組合（愛媛県松山市架空町1丁目2番3号）" in stored.errors[0]["params"]["candidates"]


def test_two_rows_about_one_body_are_refused_even_under_different_names(desk, held, session):
    batch = desk.read(supervising_list(SUPERVISING_ROW, row(住所="今治市架空町1-1")))
    assert desk.reasons(batch) == [("A5", "repeated-body")]


@pytest.mark.parametrize(
    ("state", "values"),
    [
        (LicenseState.REVOKED, {"revoked_on": date(2024, 4, 1), "bar_until": date(2029, 3, 31)}),
    ],
)
def test_a_revoked_licence_is_not_touched(desk, held, session, state, values):
    held.state = state
    for name, value in values.items():
        setattr(held, name, value)
    session.commit()
    same = desk.read(supervising_list(SUPERVISING_ROW))
    assert (same.state, desk.warnings(same)) == (BatchState.UNCHANGED, ["revoked"])
    other = desk.read(supervising_list(row(許可の有効期限="令和17年1月30日")))
    assert (other.state, desk.reasons(other)) == (BatchState.READ, [("A4", "revoked")])


def test_a_body_under_the_five_year_bar_gets_no_licence(desk, held, session):
    held.state, held.revoked_on, held.bar_until = LicenseState.REVOKED, date(2024, 4, 1), date(2029, 3, 31)
    session.commit()
    batch = desk.read(supervising_list(row(許可年月日="令和7年4月1日", 許可の有効期限="令和10年3月31日")))
    assert desk.reasons(batch) == [("F4", "barred")]


def test_the_term_of_a_licence_that_has_ended_is_not_changed(desk, held, session):
    held.state = LicenseState.EXPIRED
    session.commit()
    batch = desk.read(supervising_list(row(許可の有効期限="令和17年1月30日")))
    assert desk.reasons(batch) == [("G4", "ended")]
    assert desk.read(supervising_list(row(電話番号="0899990003"))).state is BatchState.VALIDATED


def test_a_body_whose_licence_has_ended_may_get_another(desk, held, session):
    held.state = LicenseState.EXPIRED
    session.commit()
    batch = desk.bring_in(supervising_list(row(許可年月日="令和8年4月1日", 許可の有効期限="令和11年3月31日")))
    assert desk.counts(batch) == (0, 1, 0, 0)
    licenses = session.scalars(sa.select(License).order_by(License.licensed_on)).all()
    assert [(one.state, one.licensed_on) for one in licenses] == [
        (LicenseState.EXPIRED, date(2018, 1, 31)),
        (LicenseState.LICENSED, date(2026, 4, 1)),
    ]
    assert [one.country for one in licenses[1].countries] == ["CHN", "VNM"]


def test_a_suspended_licence_keeps_its_state(desk, held, session):
    held.state, held.suspended_until = LicenseState.SUSPENDED, date(2027, 1, 31)
    session.commit()
    batch = desk.bring_in(supervising_list(row(電話番号="0899990003")))
    session.refresh(held)
    assert (held.state, held.suspended_until) == (LicenseState.SUSPENDED, date(2027, 1, 31))
    assert desk.warnings(batch) == ["suspended"]


def test_an_older_licence_than_the_registered_one_is_refused(desk, held):
    batch = desk.read(supervising_list(row(許可年月日="平成29年11月1日", 許可の有効期限="令和2年10月31日")))
    assert desk.reasons(batch) == [("F4", "older")]


def test_a_licence_of_the_future_is_refused(desk):
    batch = desk.read(supervising_list(row(許可年月日="令和9年4月1日", 許可の有効期限="令和12年3月31日")))
    assert desk.reasons(batch) == [("F4", "future-date")]


def test_another_class_and_a_later_date_are_remarked_on(desk, held):
    later = supervising_list(
        row(許可年月日="令和5年4月1日", 許可の有効期限="令和8年3月31日"), title="特定監理事業 監理団体一覧"
    )
    assert desk.warnings(desk.read(later)) == ["other-date", "other-class"]


def test_an_occupation_that_the_register_does_not_know_is_remarked_on(desk, session):
    assert desk.warnings(desk.read(supervising_list(SUPERVISING_ROW))) == []  # while the register is empty
    values = {"scheme": Scheme.TECHNICAL_INTERN_TRAINING, "sort_key": "1-1-1", "sector": "架空", "name": "架空"}
    session.add(Occupation(code="1-1-1", valid_from=date(2017, 11, 1), **values))
    session.commit()
    batch = desk.read(supervising_list(SUPERVISING_ROW))
    (stored,) = desk.rows(batch)
    assert [(one["code"], one["params"]) for one in stored.warnings] == [("occupation", {"codes": "3-4"})]
