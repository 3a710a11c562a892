"""技能実習計画一覧 held against the register: the plan, and the bodies it refers to."""

from datetime import date

import pytest
import sqlalchemy as sa

from imports.batches.states import BatchState, Verdict
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanCategory, PlanState
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from tests.workbooks import PLAN_HEADER, PLAN_ROW, changed, table_bytes

HEADER = (*PLAN_HEADER, "許可番号", "送出機関番号")


def listed(*rows):
    return table_bytes([HEADER, *rows])


def row(**values):
    return changed((*PLAN_ROW, None, None), HEADER, **values)


@pytest.fixture
def bodies(factories):
    """The two bodies that PLAN_ROW names."""
    implementing = factories.organization(name="株式会社架空縫製", notification_number="1711000001")
    supervising = factories.organization(OrganizationKind.SUPERVISING, name="みかん山協同組合")
    factories.license(supervising, number="許1711000001", licensed_on=date(2017, 11, 1), expires_on=date(2027, 10, 31))
    return implementing, supervising


@pytest.fixture
def held(desk, session, bodies):
    desk.bring_in(listed(row()))
    return session.scalars(sa.select(TrainingPlan)).one()


def test_a_new_row_enters_an_accredited_plan_of_both_bodies(held, bodies):
    assert (held.number, held.category, held.state) == ("認1711001206", PlanCategory.D, PlanState.ACCREDITED)
    assert (held.implementing_organization_id, held.supervising_organization_id) == tuple(one.id for one in bodies)
    assert (held.accredited_on, held.starts_on, held.ends_on) == (
        date(2018, 2, 20),
        date(2018, 4, 1),
        date(2019, 3, 31),
    )
    assert (held.occupation_code, held.nationality) == ("5-4", "VNM")


def test_the_earliest_plan_starts_the_cycle_of_a_body_that_was_never_inspected(desk, session, bodies):
    implementing, _supervising = bodies
    assert implementing.first_training_on == date(2024, 4, 1)
    desk.bring_in(
        listed(row(認定番号="認1711001206\n認1711001207"), row(認定番号="認1711001208", 実習開始日="2018/5/1"))
    )
    session.refresh(implementing)
    assert (implementing.first_training_on, implementing.version) == (date(2018, 4, 1), 1)


def test_the_same_list_again_changes_nothing(desk, held):
    assert desk.read(listed(row())).state is BatchState.UNCHANGED


def test_several_numbers_in_one_cell_are_several_plans(desk, session, bodies):
    batch = desk.bring_in(listed(row(認定番号="認1711001206\n認1711001207、認1711001208")))
    assert desk.counts(batch) == (3, 0, 0, 0)
    numbers = session.scalars(sa.select(TrainingPlan.number).order_by(TrainingPlan.number)).all()
    assert numbers == ["認1711001206", "認1711001207", "認1711001208"]


@pytest.mark.parametrize(
    ("values", "code", "cell"),
    [
        ({"届出受理番号": "1711000099", "実習実施者名": "知らない会社"}, "unknown-body", "B2"),
        ({"届出受理番号": "1711000099"}, "unknown-body", "B2"),
        ({"監理団体名": "知らない組合"}, "unknown-body", "E2"),
        ({"許可番号": "許1711999999"}, "unknown-body", "N2"),
        ({"送出機関番号": "VNM999999"}, "unknown-body", "O2"),
        ({"監理団体名": None}, "group-type", "E2"),
        ({"区分": "A"}, "enterprise-type", "E2"),
        ({"実習開始日": None}, "blank", "K2"),
        ({"認定年月日": "2027-01-01"}, "future-date", "J2"),
    ],
)
def test_a_row_is_refused_when(desk, bodies, values, code, cell):
    batch = desk.read(listed(row(**values)))
    assert batch.state is BatchState.READ
    assert desk.reasons(batch) == [(cell, code)]


def test_the_reason_says_what_to_import_first(desk, bodies):
    batch = desk.read(listed(row(届出受理番号=None, 実習実施者名="知らない会社")))
    (stored,) = desk.rows(batch)
    assert stored.errors[0]["message"] % stored.errors[0]["params"] == (
        "実習実施者「知らない会社」が登録されていません。先に実習実施者一覧を取り込んでください。"
    )


def test_without_a_number_the_name_and_the_prefecture_decide(desk, session, bodies, factories):
    factories.organization(name="株式会社架空縫製", prefecture_code="13")
    desk.bring_in(listed(row(届出受理番号=None)))
    assert session.scalars(sa.select(TrainingPlan.implementing_organization_id)).one() == bodies[0].id


def test_two_bodies_of_that_name_in_the_prefecture_are_named_as_candidates(desk, bodies, factories):
    factories.organization(name="(株)架空縫製")
    batch = desk.read(listed(row(届出受理番号=None)))
    (stored,) = desk.rows(batch)
    assert [one["code"] for one in stored.errors] == ["ambiguous"]
    assert stored.errors[0]["params"]["candidates"] == "株式会社架空縫製（愛媛県）、(株)架空縫製（愛媛県）"


def test_the_licence_number_finds_the_supervising_body_and_another_name_is_remarked_on(desk, session, bodies):
    batch = desk.bring_in(listed(row(許可番号="許1711000001", 監理団体名="旧みかん協同組合")))
    assert desk.warnings(batch) == ["other-name", "sender"]  # none is named in the column
    assert session.scalars(sa.select(TrainingPlan.supervising_organization_id)).one() == bodies[1].id


def test_a_change_of_the_implementing_body_and_the_end_is_applied(desk, held, session, factories):
    other = factories.organization(name="架空造船", notification_number="1711000002")
    batch = desk.bring_in(listed(row(届出受理番号="1711000002", 実習実施者名="架空造船", 実習終了日="2019/2/28")))
    (stored,) = desk.rows(batch)
    assert set(stored.changes) == {"implementing_organization_id", "ends_on"}
    session.refresh(held)
    assert (held.implementing_organization_id, held.ends_on, held.version) == (other.id, date(2019, 2, 28), 2)


def test_one_date_of_a_pair_may_not_end_up_before_the_other(desk, held):
    keep = [n for n, name in enumerate(HEADER) if name != "実習開始日"]
    late = row(実習終了日="2018/3/1")
    batch = desk.read(table_bytes([[HEADER[n] for n in keep], [late[n] for n in keep]]))
    assert [code for _cell, code in desk.reasons(batch)] == ["end-before-start"]


def test_a_revoked_plan_is_not_touched(desk, held, session):
    held.state, held.revoked_on, held.bar_until = PlanState.REVOKED, date(2018, 7, 3), date(2023, 7, 2)
    session.commit()
    same = desk.read(listed(row()))
    assert (same.state, desk.warnings(same)) == (BatchState.UNCHANGED, ["revoked"])
    assert desk.reasons(desk.read(listed(row(国籍="中国")))) == [("A2", "revoked")]


def test_a_completed_plan_keeps_its_state(desk, held, session):
    held.state, held.ended_on = PlanState.COMPLETED, date(2019, 3, 31)
    session.commit()
    batch = desk.bring_in(listed(row(職種コード="5-5")))
    session.refresh(held)
    assert (held.state, held.occupation_code) == (PlanState.COMPLETED, "5-5")
    assert desk.warnings(batch) == ["ended", "sender"]


def test_a_long_list_is_read_and_applied_in_few_statements(desk, session, bodies):
    rows = [row(認定番号=f"認17{n % 13 + 1:02d}{n:06d}", 実習終了日="2019/4/1") for n in range(2500)]
    statements: list[str] = []

    def note(connection, cursor, statement, parameters, context, many):
        statements.append(statement)

    batch = desk.upload(listed(*rows))
    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        batch = desk.read_again(batch)
        read = len(statements)
        desk.confirm(batch)
        desk.apply(batch)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert desk.counts(batch) == (2500, 0, 0, 0)
    assert session.scalar(sa.select(sa.func.count()).select_from(TrainingPlan)) == 2500
    assert {one.verdict for one in desk.rows(batch)} == {Verdict.NEW}
    assert None not in {one.target_id for one in desk.rows(batch)}
    assert read <= 25
    assert len(statements) <= 54, "\n".join(one[:90] for one in statements)
    assert session.scalar(sa.select(sa.func.count()).select_from(Organization)) == 2
