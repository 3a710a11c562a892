"""Plans of a list before the criteria that the form applies: each finding is to be looked at, none refuses a row."""

from datetime import date

import pytest
import sqlalchemy as sa

from imports.batches.presenting import reason, remarks
from imports.batches.states import BatchState
from organizations.accreditation.accredited import Examiner
from organizations.licenses.models import LicenseTerm
from organizations.licenses.states import LicenseClass, LicenseState, TermGround
from organizations.occupations.models import Occupation
from organizations.plans.states import PlanState, Scheme
from organizations.register.states import OrganizationKind
from organizations.sending.models import AcceptanceSuspension
from tests.cases import statements
from tests.workbooks import PLAN_HEADER, PLAN_ROW, changed, table_bytes

HEADER = (*PLAN_HEADER, "送出機関番号")
ACCREDITED = date(2018, 2, 20)


def listed(*rows):
    return table_bytes([HEADER, *rows])


def row(**values):
    return changed((*PLAN_ROW, "VNM000455"), HEADER, **values)


@pytest.fixture
def company(factories):
    return factories.organization(name="株式会社架空縫製", notification_number="1711000001")


@pytest.fixture
def union(factories):
    return factories.organization(OrganizationKind.SUPERVISING, name="みかん山協同組合")


@pytest.fixture
def license(factories, union):
    values = {"license_class": LicenseClass.GENERAL, "licensed_on": ACCREDITED, "expires_on": date(2030, 1, 30)}
    return factories.license(union, **values)


@pytest.fixture
def sender(factories):
    return factories.sending_organization(number="VNM000455", approved_on=ACCREDITED)


@pytest.fixture
def sound(company, license, sender):
    """What a plan needs that nothing speaks against."""


def found(desk, **values):
    """(cell, words, citation) of every remark on the one row; no rule refuses it."""
    batch = desk.read(listed(row(**values)))
    assert batch.state is BatchState.VALIDATED, desk.reasons(batch)
    (stored,) = desk.rows(batch)
    return [(one["cell"], reason(one), one.get("citation")) for one in stored.warnings]


def only(desk, cell, words, citation, **values):
    ((at, text, cited),) = found(desk, **values)
    assert (at, cited) == (cell, citation)
    assert words in text
    assert text.endswith(f"（{citation}）")


def test_nothing_is_said_of_a_plan_with_which_nothing_is_wrong(desk, sound):
    assert found(desk) == []


@pytest.mark.parametrize(
    ("category", "last", "beyond"),
    [("D", "2019/3/31", "2019/4/1"), ("E", "2020/3/31", "2020/4/1"), ("F", "2020/3/31", "2020/4/1")],
)
def test_the_length_of_the_level(desk, sound, category, last, beyond):
    assert found(desk, 区分=category, 実習終了日=last) == []
    only(desk, "L2", "上限", "法第9条", 区分=category, 実習終了日=beyond)


def test_level_three_needs_a_general_licence_on_the_day_of_accreditation(desk, session, sound, license):
    license.license_class = LicenseClass.SPECIFIC
    term = session.scalars(sa.select(LicenseTerm)).one()
    term.license_class = LicenseClass.SPECIFIC
    session.commit()
    assert found(desk) == []
    only(desk, "E2", "一般監理事業", "法第23条", 区分="F")
    term.starts_on = date(2018, 3, 1)
    session.add(
        LicenseTerm(
            license_id=license.id,
            license_class=LicenseClass.GENERAL,
            starts_on=ACCREDITED,
            ends_on=date(2018, 2, 28),
            ground=TermGround.LICENSED,
        )
    )
    session.commit()
    assert found(desk, 区分="F") == []


@pytest.mark.parametrize(
    ("values", "lives"),
    [
        ({}, True),
        ({"licensed_on": date(2018, 2, 21)}, False),
        ({"state": LicenseState.EXPIRED, "licensed_on": date(2017, 11, 1), "expires_on": date(2018, 2, 19)}, False),
        ({"state": LicenseState.EXPIRED, "licensed_on": date(2017, 11, 1), "expires_on": ACCREDITED}, True),
        (
            {"state": LicenseState.REVOKED, "licensed_on": date(2017, 11, 1), "revoked_on": ACCREDITED}
            | {"bar_until": date(2023, 2, 19)},
            False,
        ),
        (
            {"state": LicenseState.REVOKED, "licensed_on": date(2017, 11, 1), "revoked_on": date(2018, 2, 21)}
            | {"bar_until": date(2023, 2, 20)},
            True,
        ),
    ],
    ids=["on its first day", "before it", "after it", "on its last day", "on the revocation", "before the revocation"],
)
def test_the_supervising_body_has_a_licence_on_the_day_of_accreditation(
    desk, company, union, sender, factories, values, lives
):
    held = {"license_class": LicenseClass.GENERAL, "licensed_on": ACCREDITED, "expires_on": date(2030, 1, 30)}
    factories.license(union, **held | values)
    if lives:
        assert found(desk) == []
    else:
        only(desk, "E2", "平成30年2月20日に有効な許可がありません", "法第23条")


def test_a_body_under_the_five_year_bar_is_remarked_on(desk, sound, company, factories):
    revoked = {"state": PlanState.REVOKED, "revoked_on": date(2018, 2, 20), "bar_until": date(2023, 2, 19)}
    factories.plan(company, accredited_on=date(2017, 11, 1), **revoked)
    only(desk, "J2", "令和5年2月19日まで", "法第10条第6号")
    only(desk, "J2", "令和5年2月19日まで", "法第10条第7号", 認定年月日="2023/2/19")
    assert found(desk, 認定年月日="2023/2/20") == []
    assert found(desk, 認定年月日="2018/2/19") != []  # before the licence, no bar yet
    assert "まで認定" not in found(desk, 認定年月日="2018/2/19")[0][1]


def test_a_suspended_sending_organization_is_remarked_on(desk, sound, sender, factories):
    days = {"starts_on": date(2018, 2, 1), "ends_on": date(2018, 2, 20)}
    factories.add(AcceptanceSuspension(sending_organization_id=sender.id, reason="試験のため", **days))
    only(desk, "N2", "平成30年2月1日から停止", "法第9条第6号、規則第12条第1項第7号")
    assert found(desk, 認定年月日="2018/2/21") == []


def test_a_sending_organization_that_its_state_has_not_approved_is_remarked_on(desk, session, sound, sender):
    sender.approved_on = date(2018, 2, 21)
    session.commit()
    only(desk, "N2", "認定を受けていません", "協力覚書、規則第25条")
    sender.approved_on, sender.approval_ended_on = date(2017, 6, 6), date(2018, 2, 19)
    session.commit()
    only(desk, "N2", "認定を受けていません", "協力覚書、規則第25条")
    sender.country = "CHN"  # without a memorandum nobody approves
    session.commit()
    assert found(desk, 国籍="中国") == []


def words_of(desk, **values):
    """(cell, words) of every remark on the one row."""
    return [(cell, words) for cell, words, _citation in found(desk, **values)]


def test_another_country_than_that_of_the_sending_organization_is_remarked_on(desk, sound):
    assert words_of(desk, 国籍="中国") == [("N2", "技能実習生の国籍が、送出機関の国と異なります。")]


def test_a_group_plan_without_sending_organization_is_remarked_on_where_the_list_has_the_column(desk, sound):
    missing = [("N2", "団体監理型の計画に、送出機関が登録されていません。")]
    assert words_of(desk, 送出機関番号=None) == missing
    batch = desk.read(table_bytes([HEADER[:-1], row()[:-1]]))
    assert desk.warnings(batch) == []


def test_an_occupation_that_the_register_does_not_know_is_remarked_on_with_its_code(desk, session, sound):
    assert words_of(desk) == []  # nothing is said while the register of occupations is empty
    values = {"scheme": Scheme.TECHNICAL_INTERN_TRAINING, "sort_key": "05-004", "sector": "架空", "name": "架空"}
    listed_one = Occupation(code="5-4", transferable=False, valid_from=date(2018, 4, 1), **values)
    session.add(listed_one)
    session.commit()
    assert words_of(desk) == []
    unknown = [("G2", "職種コード5-9は、実習の開始日の職種・作業の一覧にありません。")]
    assert words_of(desk, 職種コード="5-9") == unknown
    assert [cell for cell, _words in words_of(desk, 区分="E")] == ["G2"]  # none that leads to level two
    listed_one.valid_from = date(2018, 4, 2)
    session.commit()
    assert [cell for cell, _words in words_of(desk)] == ["G2"]


def test_a_changed_plan_is_looked_at_again(desk, sound, session, sender):
    desk.bring_in(listed(row(実習終了日="2019/4/1")))
    assert found_of(desk, 実習終了日="2019/4/1") == (BatchState.UNCHANGED, [])
    assert found_of(desk, 実習終了日="2019/4/1", 国籍="中国") == (BatchState.VALIDATED, ["period", "sender"])
    assert found_of(desk, 実習終了日="2019/4/2") == (BatchState.VALIDATED, ["period"])
    sender.approved_on = None
    session.commit()
    keep = [n for n, name in enumerate(HEADER) if name != "送出機関番号"]
    values = row(実習終了日="2019/3/31")
    batch = desk.read(table_bytes([[HEADER[n] for n in keep], [values[n] for n in keep]]))
    assert desk.warnings(batch) == ["sender"]  # whom the plan names, not the file


def found_of(desk, **values):
    batch = desk.read(listed(row(**values)))
    return batch.state, desk.warnings(batch)


def test_the_remarks_are_shown_with_their_provision(desk, sound):
    batch = desk.read(listed(row(実習終了日="2019/4/1")))
    (stored,) = desk.rows(batch)
    (one,) = remarks(stored.warnings, stored.number)
    assert (one.cell, one.header, one.citation) == ("L2", "実習終了日", "法第9条")
    assert "法第9条" not in one.text


def test_the_criteria_take_the_same_statements_for_many_bodies(desk, factories, sender):
    taken = {}
    for most in (1, 60):
        rows = []
        for n in range(most):
            company = factories.organization(notification_number=f"17110{most:02d}{n:03d}")
            union = factories.organization(OrganizationKind.SUPERVISING)
            factories.license(union, expires_on=date(2018, 1, 1), licensed_on=date(2017, 1, 1))
            numbers = {"認定番号": f"認1711{most:03d}{n:03d}", "届出受理番号": company.notification_number}
            rows.append(row(**numbers, 実習実施者名=company.name, 監理団体名=union.name, 区分="F"))
        batch = desk.upload(listed(*rows))
        with statements() as sent:
            desk.read_again(batch)
        assert desk.warnings(batch).count("license") == most
        taken[most] = len(sent)
    assert taken[60] == taken[1] <= 22


def test_a_body_is_asked_for_once_and_kept_as_a_line_however_many_plans_name_it(session, company, license, sender):
    examiner = Examiner()
    ids = {"implementing_organization_id": company.id, "supervising_organization_id": license.organization_id}
    plans = [{**ids, "sending_organization_id": sender.id, "occupation_code": "5-4"} for _ in range(3000)]
    session.commit()
    with statements() as sent:
        examiner.learn(session, plans)
    assert len(sent) == 4
    with statements() as sent:
        examiner.learn(session, iter(plans))
    assert list(sent) == []
