"""What a published list says of licences becomes history, whatever the number of rows."""

from datetime import date

import pytest
import sqlalchemy as sa

from organizations.licenses.history import follow_licenses, history_of
from organizations.licenses.models import License
from organizations.licenses.states import LicenseClass, TermGround
from organizations.licenses.terms import Term
from tests.cases import statements
from tests.factories import TODAY
from tests.workbooks import SUPERVISING_HEADER, SUPERVISING_ROW, changed, supervising_list, table_bytes

FIRST = Term(LicenseClass.GENERAL, date(2018, 1, 31), date(2030, 1, 30), TermGround.IMPORTED)
SPECIFIC_TITLE = ("特定監理事業 監理団体一覧",)


def row(**values):
    return changed(SUPERVISING_ROW, SUPERVISING_HEADER, **values)


@pytest.fixture
def held(desk, session):
    desk.bring_in(supervising_list(SUPERVISING_ROW))
    return session.scalars(sa.select(License)).one()


def test_a_new_licence_begins_with_the_term_of_the_list(held, session):
    assert history_of(session, held.id) == [FIRST]


def test_a_later_end_is_a_renewal_that_became_known(desk, held, session):
    desk.bring_in(supervising_list(row(許可の有効期限="令和17年1月30日")))
    renewal = Term(LicenseClass.GENERAL, date(2030, 1, 31), date(2035, 1, 30), TermGround.IMPORTED)
    assert history_of(session, held.id) == [FIRST, renewal]


def test_an_earlier_end_corrects_the_last_term(desk, held, session):
    desk.bring_in(supervising_list(row(許可の有効期限="令和11年1月30日")))
    (term,) = history_of(session, held.id)
    assert (term.starts_on, term.ends_on) == (date(2018, 1, 31), date(2029, 1, 30))


def test_another_class_begins_on_the_day_of_the_import(desk, held, session):
    desk.bring_in(table_bytes([SPECIFIC_TITLE, SUPERVISING_HEADER, SUPERVISING_ROW]))
    session.refresh(held)
    assert held.license_class is LicenseClass.SPECIFIC
    history = history_of(session, held.id)
    assert [(term.license_class, term.starts_on, term.ends_on) for term in history] == [
        (LicenseClass.GENERAL, date(2018, 1, 31), date(2026, 11, 23)),
        (LicenseClass.SPECIFIC, TODAY, date(2030, 1, 30)),
    ]


def test_what_is_no_term_leaves_the_history_alone(desk, held, session):
    desk.bring_in(supervising_list(row(受入れ国="中国", 電話番号="089-999-0099")))
    assert history_of(session, held.id) == [FIRST]


def test_terms_follow_in_four_statements_however_many(factories, session):
    licenses = [factories.license() for _ in range(30)]
    new_end = sa.update(License).values(expires_on=date(2032, 5, 31))
    session.execute(new_end, execution_options={"synchronize_session": False})
    with statements() as sent:
        follow_licenses(session, [license.id for license in licenses], TODAY)
    assert len(sent) == 4, sent
    assert all(len(history_of(session, license.id)) == 2 for license in licenses)
    with statements() as sent:
        follow_licenses(session, [license.id for license in licenses], TODAY)
    assert len(sent) == 2


@pytest.mark.parametrize(
    ("title", "licensed_on", "expires_on", "remarked"),
    [
        (SPECIFIC_TITLE, "令和2年4月1日", "令和15年3月31日", True),  # thirteen years, and only two terms can have begun
        (SPECIFIC_TITLE, "令和2年4月1日", "令和10年3月31日", False),
        (SPECIFIC_TITLE, "令和7年6月12日", "令和12年6月11日", True),  # a first term of five years
        (("一般監理事業 監理団体一覧",), "令和7年6月12日", "令和12年6月11日", False),
    ],
)
def test_a_licence_longer_than_its_class_allows_is_remarked_on(desk, title, licensed_on, expires_on, remarked):
    values = {"許可年月日": licensed_on, "許可の有効期限": expires_on}
    batch = desk.read(table_bytes([title, SUPERVISING_HEADER, row(**values)]))
    (stored,) = desk.rows(batch)
    assert [(one["header"], one["citation"]) for one in stored.warnings if one["code"] == "term"] == (
        [("許可の有効期限", "法第31条第1項")] if remarked else []
    )
    assert stored.errors == []
