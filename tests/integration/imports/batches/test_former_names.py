"""Lists that name a body as it was called before, or as a duplicate of it that was merged."""

from datetime import date

import pytest
import sqlalchemy as sa

from imports.batches.states import BatchState, Verdict
from organizations.merging.services import merge
from organizations.plans.models import TrainingPlan
from organizations.register.models import FormerName, Organization
from organizations.register.states import OrganizationKind
from otit.audit.models import AuditEvent
from otit.text import match_key
from tests.cases import statements
from tests.factories import NOW
from tests.workbooks import (
    IMPLEMENTING_HEADER,
    IMPLEMENTING_ROW,
    PLAN_HEADER,
    PLAN_ROW,
    SUPERVISING_HEADER,
    SUPERVISING_ROW,
    changed,
    supervising_list,
    table_bytes,
)

OLD, NEW = "株式会社架空縫製", "株式会社新名称"


def plans(**values):
    return table_bytes([PLAN_HEADER, changed(PLAN_ROW, PLAN_HEADER, 届出受理番号=None, **values)])


def bodies(*rows, title="実習実施者一覧(令和8年7月27日現在)"):
    return table_bytes([(title,), IMPLEMENTING_HEADER, *rows])


def row(**values):
    return changed(IMPLEMENTING_ROW, IMPLEMENTING_HEADER, **values)


def called_before(factories, body, name, until=date(2020, 3, 31)):
    return factories.add(FormerName(organization_id=body.id, name=name, name_key=match_key(name), used_until=until))


@pytest.fixture
def union(factories):
    body = factories.organization(OrganizationKind.SUPERVISING, name="みかん山協同組合")
    factories.license(body)
    return body


@pytest.fixture
def renamed(factories):
    body = factories.organization(name=NEW)
    called_before(factories, body, OLD)
    return body


def named(desk, batch):
    return [
        one["params"].get("name") for row in desk.rows(batch) for one in row.warnings if one["code"] == "former-name"
    ]


# --- plans, whose bodies may be told by the name alone ----------------------------------------------------------------


def test_a_former_name_leads_to_the_one_body_and_the_row_says_the_present_name(desk, session, union, renamed):
    batch = desk.bring_in(plans())
    assert named(desk, batch) == [NEW]
    assert session.scalars(sa.select(TrainingPlan.implementing_organization_id)).one() == renamed.id


def test_who_bears_the_name_now_goes_before_who_bore_it(desk, session, union, renamed, factories):
    present = factories.organization(name=OLD)
    batch = desk.bring_in(plans())
    assert named(desk, batch) == []
    assert session.scalars(sa.select(TrainingPlan.implementing_organization_id)).one() == present.id


def test_two_bodies_that_bore_the_name_are_candidates(desk, union, renamed, factories):
    called_before(factories, factories.organization(name="架空別会社"), OLD)
    batch = desk.read(plans())
    assert [code for _cell, code in desk.reasons(batch)] == ["ambiguous"]
    assert "株式会社新名称（愛媛県）、架空別会社（愛媛県）" in desk.rows(batch)[0].errors[0]["params"]["candidates"]


def test_a_name_of_another_kind_of_body_or_of_a_duplicate_of_one_leads_nowhere(desk, union, renamed, factories):
    renamed.merged_into_id = factories.organization().id
    called_before(factories, union, OLD)
    assert [code for _cell, code in desk.reasons(desk.read(plans()))] == ["unknown-body"]


def test_the_name_of_a_merged_duplicate_leads_to_the_body_that_lives_on(desk, session, union, factories):
    kept, duplicate = factories.organization(name=NEW), factories.organization(name=OLD)
    merge(session, desk.actor, kept, duplicate, reason="二重登録", now=NOW)
    session.commit()
    batch = desk.bring_in(plans())
    assert named(desk, batch) == [NEW]
    assert session.scalars(sa.select(TrainingPlan.implementing_organization_id)).one() == kept.id


def test_a_supervising_body_is_found_by_its_former_name_too(desk, session, union, factories):
    factories.organization(name=OLD)
    called_before(factories, union, "旧みかん協同組合")
    batch = desk.bring_in(plans(監理団体名="旧みかん協同組合"))
    assert named(desk, batch) == ["みかん山協同組合"]
    assert session.scalars(sa.select(TrainingPlan.supervising_organization_id)).one() == union.id


# --- lists of bodies --------------------------------------------------------------------------------------------------


@pytest.fixture
def held(desk, session):
    """The body of IMPLEMENTING_ROW under its new name."""
    desk.bring_in(bodies(row()))
    body = session.scalars(sa.select(Organization)).one()
    body.name, body.name_key = NEW, match_key(NEW)
    session.commit()
    return body


@pytest.mark.parametrize("number", ["1711000001", None], ids=["by number", "by name and address"])
@pytest.mark.parametrize(
    "until", [date(2026, 7, 27), None], ids=["a list of the time of the old name", "nobody knows until when"]
)
def test_an_old_list_takes_no_new_name_away(desk, session, held, factories, number, until):
    called_before(factories, held, OLD, until)
    batch = desk.bring_in(bodies(row(届出受理番号=number, 電話番号="089-999-0099")))
    assert (desk.counts(batch), named(desk, batch)) == ((0, 1, 0, 0), [NEW])
    session.refresh(held)
    assert (held.name, held.phone) == (NEW, "089-999-0099")
    assert desk.read(bodies(row(電話番号="089-999-0099"))).state is BatchState.UNCHANGED


def test_a_later_list_gives_a_former_name_back_and_says_so(desk, session, held, factories):
    called_before(factories, held, OLD, date(2026, 7, 26))
    batch = desk.bring_in(bodies(row()))
    assert named(desk, batch) == [NEW]
    session.refresh(held)
    assert held.name == OLD


def test_a_former_name_at_another_address_is_a_new_body_and_is_remarked_on(desk, held, factories):
    called_before(factories, held, OLD)
    batch = desk.read(bodies(row(届出受理番号="1711000009", 住所="愛媛県今治市架空町9")))
    (stored,) = desk.rows(batch)
    assert (stored.verdict, [one["code"] for one in stored.warnings]) == (Verdict.NEW, ["same-name"])
    assert "以前" in stored.warnings[0]["message"]


def test_a_list_of_supervising_bodies_goes_by_the_same_rule(desk, session, factories):
    desk.bring_in(supervising_list(SUPERVISING_ROW))
    union = session.scalars(sa.select(Organization)).one()
    called_before(factories, union, "旧みかん協同組合", date(2026, 7, 27))
    old = changed(SUPERVISING_ROW, SUPERVISING_HEADER, 監理団体名="旧みかん協同組合", フリガナ="キュウミカン")
    batch = desk.read(supervising_list(old))
    assert (batch.state, named(desk, batch)) == (BatchState.UNCHANGED, ["みかん山協同組合"])


# --- what a list renames ----------------------------------------------------------------------------------------------


def kept(session):
    names = sa.select(FormerName.organization_id, FormerName.name, FormerName.kana, FormerName.used_until)
    return [tuple(one) for one in session.execute(names.order_by(FormerName.id))]


@pytest.fixture
def listed_body(desk, session):
    desk.bring_in(bodies(row()))
    return session.scalars(sa.select(Organization)).one()


@pytest.mark.parametrize(
    ("title", "until"),
    [
        ("実習実施者一覧(令和8年7月27日現在)", date(2026, 7, 26)),
        ("実習実施者一覧", None),
        ("実習実施者一覧(令和9年7月27日現在)", None),
    ],
    ids=["a day", "no day", "a day to come"],
)
def test_a_list_that_renames_a_body_leaves_its_former_name(desk, session, listed_body, title, until):
    batch = desk.bring_in(bodies(row(実習実施者名=NEW, フリガナ="シンメイショウ"), title=title))
    assert kept(session) == [(listed_body.id, OLD, "カブシキガイシャカクウホウセイ", until)]
    assert (listed_body.name, listed_body.kana) == (NEW, "シンメイショウ")
    event = session.scalars(sa.select(AuditEvent).filter_by(action="import.added", subject_type="former_names")).one()
    assert event.detail["batch"] == batch.number


def test_another_spelling_of_the_name_is_no_former_name(desk, session, listed_body):
    desk.bring_in(bodies(row(実習実施者名="㈱架空縫製")))
    assert (listed_body.name, kept(session)) == ("㈱架空縫製", [])


def test_a_name_given_up_later_than_the_day_of_the_list_leaves_no_room_for_a_day(desk, session, listed_body, factories):
    called_before(factories, listed_body, "架空別名称", date(2026, 8, 31))
    desk.bring_in(bodies(row(実習実施者名=NEW)))
    assert [(name, until) for _id, name, _kana, until in kept(session)] == [
        ("架空別名称", date(2026, 8, 31)),
        (OLD, None),
    ]


def test_renaming_takes_the_same_statements_for_many_bodies(desk, session):
    count = {}
    for most in (1, 40):
        numbered = [{"届出受理番号": f"17110000{n:02d}", "住所": f"愛媛県今治市架空町{n}"} for n in range(most)]
        desk.bring_in(bodies(*(row(実習実施者名=f"架空{most}-{n}", **one) for n, one in enumerate(numbered))))
        again = bodies(*(row(実習実施者名=f"新架空{most}-{n}", **one) for n, one in enumerate(numbered)))
        batch = desk.read(again)
        desk.confirm(batch)
        with statements() as sent:
            desk.apply(batch)
        count[most] = len(sent)
    assert count[1] == count[40]
    assert len(kept(session)) == 42
