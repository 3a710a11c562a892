"""The merge of two rows and its undo: everything goes, everything comes back, and what stands against it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.dispositions.models import Disposition
from inspections.dispositions.states import DispositionKind
from organizations.licenses.states import LicenseState
from organizations.licensing.models import LicenseApplication
from organizations.licensing.states import ApplicationPurpose
from organizations.merging.clashes import CLASHES, unique_rules
from organizations.merging.finding import find_candidates
from organizations.merging.foreseeing import foresee
from organizations.merging.models import DuplicateCandidate, OrganizationMerge
from organizations.merging.rows import RowKind, referring_columns
from organizations.merging.services import merge, reconsider, separate
from organizations.merging.states import CandidateState
from organizations.merging.undoing import undo_merge
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanState
from organizations.register import lookup, queries
from organizations.register.models import FormerName, Organization, Place
from organizations.register.queries import get_organization
from organizations.register.states import BusinessStatus, OrganizationKind, Scheme
from organizations.relations.models import Supervision
from otit.audit.models import AuditEvent
from otit.audit.trail import verify
from otit.auth.models import User
from otit.auth.permissions import Role
from otit.errors import NotFound, NotPermitted, RuleViolation, StaleRecord, StateConflict
from otit.findings import Severity
from tests.factories import NOW, TODAY, Factories
from tests.merging import IMPLEMENTING, PROVISION, SUPERVISING, Twins, dump


@pytest.fixture
def manager(factories: Factories) -> User:
    return factories.user(Role.MANAGER)


@pytest.fixture
def twins(session: Session, factories: Factories, manager: User) -> Twins:
    return Twins(session, factories, manager)


def joined(session: Session, user: User, kept: Organization, duplicate: Organization) -> OrganizationMerge:
    done = merge(session, user.actor, kept, duplicate, reason="二重登録", now=NOW)
    session.commit()
    return done


def undone(session: Session, user: User, done: OrganizationMerge) -> None:
    undo_merge(session, user.actor, done, reason="誤り", now=NOW)
    session.commit()


def actions(session: Session) -> list[str]:
    return list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)))


# --- what is considered -----------------------------------------------------------------------------------------------


def test_every_column_that_refers_to_an_organization_has_a_word() -> None:
    assert set(referring_columns()) == {kind.value for kind in RowKind} - {"other"}
    assert all(
        "version" not in column.table.c or column.table.c.id.primary_key for column in referring_columns().values()
    )


def test_every_unique_rule_that_a_merge_could_break_has_been_thought_of() -> None:
    assert {rule.name for rule in unique_rules()} == set(CLASHES)


# --- the merge and its undo -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["implementing", "supervising"])
@pytest.mark.parametrize("elsewhere", [{}, {"prefecture_code": "13"}], ids=["one office", "two offices"])
def test_the_preview_is_what_happens_and_the_undo_restores_every_row(
    session: Session, factories: Factories, twins: Twins, manager: User, kind: str, elsewhere: dict[str, Any]
) -> None:
    facts = {"phone": "089-000-0001", "staff_count": 7, "corporate_number": "7000012050002"}
    kept, duplicate = getattr(twins, kind)(), getattr(twins, kind)(**facts, **elsewhere)
    if kind == "supervising":
        factories.license(duplicate)
    factories.inspection(kept, due_on=date(2027, 5, 1), cycle="2027-05-01")
    factories.inspection(duplicate, due_on=date(2027, 3, 31))
    session.commit()
    before = dump(session)
    plan = foresee(session, kept, duplicate, today=TODAY)
    assert dump(session) == before
    done = merge(session, manager.actor, kept, duplicate, reason="二重登録", now=NOW, seen=plan.digest)
    session.commit()
    other = "supervising" if kind == "implementing" else "implementing"
    expected = {key for key in referring_columns() if other not in key}
    expected -= (
        {"licenses.organization_id", "license_applications.organization_id"} if kind == "implementing" else set()
    )
    assert {key: len(ids) for key, ids in done.moved.items()} == plan.moves
    assert set(plan.moves) == expected
    assert plan.filled == facts
    assert (kept.phone, kept.staff_count, kept.corporate_number) == tuple(facts.values())
    assert (duplicate.corporate_number, duplicate.merged_into_id) == (None, kept.id)
    for column in referring_columns().values():
        left = session.scalar(sa.select(sa.func.count()).select_from(column.table).where(column == duplicate.id))
        assert left == 0, column
    assert dump(session) != before
    undone(session, manager, done)
    assert dump(session) == before
    assert verify(session).sound


def test_a_merge_is_audited_row_by_row_and_versions_go_up(session: Session, twins: Twins, manager: User) -> None:
    kept, duplicate = twins.implementing(), twins.implementing(phone="089-000-0001")
    place = session.scalars(sa.select(Place).filter_by(organization_id=duplicate.id)).one()
    version = place.version
    done = joined(session, manager, kept, duplicate)
    event = session.scalars(sa.select(AuditEvent).filter_by(action="organization.merged")).one()
    assert event.actor == manager.actor.audit_name
    assert event.changes == {"merged_into_id": [None, kept.id]}
    assert event.detail["reason"] == "二重登録"
    assert place.version == version + 1
    bulk = session.scalars(sa.select(AuditEvent).filter_by(action="organization.rows_moved")).all()
    assert {f"{e.subject_type}.{e.detail['column']}" for e in bulk} == set(done.moved)
    assert "organization.facts_taken_over" in actions(session)
    undone(session, manager, done)
    assert {"organization.merge_undone", "organization.rows_moved_back", "organization.facts_given_back"} <= set(
        actions(session)
    )


def test_what_both_know_stays_as_the_kept_body_has_it(session: Session, factories: Factories, manager: User) -> None:
    kept = factories.organization(phone="1", notification_number="2411000001", is_individual=True)
    other = {"phone": "2", "notification_number": "2411000002", "notified_on": date(2020, 1, 1), "industry": "繊維"}
    duplicate = factories.organization(**other, postal_code="000-0001", corporate_number="7000012050002")
    plan = foresee(session, kept, duplicate, today=TODAY)
    assert plan.filled == {"industry": "繊維"}
    assert len(plan.warnings) == 2
    done = joined(session, manager, kept, duplicate)
    assert (kept.phone, kept.notification_number, kept.corporate_number) == ("1", "2411000001", None)
    assert done.warnings == plan.warnings
    assert lookup.ids_by_notification_number(session, ["2411000002"]) == {"2411000002": kept.id}


def test_chains_lead_to_the_end_and_are_undone_from_there(
    session: Session, factories: Factories, manager: User
) -> None:
    first, second, third = (factories.organization(corporate_number=n) for n in ("7000012050002", None, None))
    inner = joined(session, manager, second, first)
    outer = joined(session, manager, third, second)
    for body in (first, second, third):
        assert get_organization(session, manager.actor, body.id) is third
    assert lookup.ids_by_corporate_number(session, IMPLEMENTING, ["7000012050002"]) == {"7000012050002": third.id}
    with pytest.raises(RuleViolation, match="さらに統合"):
        undone(session, manager, inner)
    session.rollback()
    undone(session, manager, outer)
    assert first.merged_into_id == second.id
    undone(session, manager, inner)
    assert [body.merged_into_id for body in (first, second, third)] == [None, None, None]
    assert first.corporate_number == "7000012050002"


def former_names(session: Session, body: Organization) -> list[tuple[str, date | None]]:
    return [(one.name, one.used_until) for one in queries.former_names(session, body.id)]


def test_the_name_of_a_duplicate_stays_a_name_of_the_body(
    session: Session, factories: Factories, manager: User
) -> None:
    kept, duplicate = factories.organization(name="架空縫製"), factories.organization(name="架空被服", kana="カクウ")
    third = factories.organization(name="架空裁縫")
    session.commit()
    before = dump(session)
    plan = foresee(session, kept, duplicate, today=TODAY)
    assert [(one.severity, one.params) for one in plan.findings] == [(Severity.NOTE, {"name": "架空被服"})]
    inner = joined(session, manager, kept, duplicate)
    assert former_names(session, kept) == [("架空被服", None)]
    assert lookup.ids_by_former_name(session, IMPLEMENTING, ["架空被服"]) == {"架空被服": {kept.id: None}}
    outer = joined(session, manager, third, kept)
    assert former_names(session, third) == [("架空縫製", None), ("架空被服", None)]
    undone(session, manager, outer)
    undone(session, manager, inner)
    assert dump(session) == before


@pytest.mark.parametrize("known", ["present", "former"])
def test_a_name_that_the_body_has_already_is_not_added(
    session: Session, factories: Factories, manager: User, known: str
) -> None:
    kept, duplicate = factories.organization(name="架空縫製"), factories.organization(name="(株)架空")
    name = {"name": "株式会社架空", "name_key": "株式会社架空"}
    if known == "present":
        kept.name, kept.name_key = name.values()
    else:
        factories.add(FormerName(organization_id=kept.id, **name, used_until=date(2020, 3, 31)))
    count = len(former_names(session, kept))
    done = joined(session, manager, kept, duplicate)
    assert len(former_names(session, kept)) == count
    undone(session, manager, done)
    assert len(former_names(session, kept)) == count


def test_facts_changed_since_stay_and_the_duplicate_gets_its_number_back(
    session: Session, factories: Factories, manager: User
) -> None:
    kept = factories.organization()
    duplicate = factories.organization(corporate_number="7000012050002", phone="1", industry="繊維")
    done = joined(session, manager, kept, duplicate)
    kept.phone = "2"
    session.commit()
    undone(session, manager, done)
    assert (kept.phone, kept.industry, kept.corporate_number) == ("2", None, None)
    assert duplicate.corporate_number == "7000012050002"


# --- what stands against a merge --------------------------------------------------------------------------------------


def open_application(body: Organization) -> LicenseApplication:
    values = {"scheme": Scheme.TECHNICAL_INTERN_TRAINING, "license_class": "specific", "applied_on": TODAY}
    purpose = {"purpose": ApplicationPurpose.NEW, "number": f"許26110000{body.id:02d}"}
    return LicenseApplication(organization_id=body.id, **values, **purpose, **PROVISION, created_at=NOW)


def contract(body: Organization, union: Organization, **values: Any) -> Supervision:
    bodies = {"implementing_organization_id": body.id, "supervising_organization_id": union.id}
    return Supervision(**bodies, starts_on=date(2024, 4, 1), **values)


def begun_inspection(body: Organization, factories: Factories) -> None:
    factories.inspection(body, state="in_progress", assigned_to_id=factories.user(Role.INSPECTOR).id)


HINDRANCES: dict[str, Callable[[Organization, Factories, Organization], Any]] = {
    "licences": lambda body, make, _union: make.license(body, state=LicenseState.LICENSED),
    "applications": lambda body, make, _union: make.add(open_application(body)),
    "contracts": lambda body, make, union: make.add(contract(body, union)),
    "contracts by a sender": lambda body, make, union: make.add(contract(body, union, sending_organization_id=1)),
    "begun inspections": lambda body, make, _union: begun_inspection(body, make),
    "merged": lambda body, _make, union: setattr(body, "merged_into_id", union.id),
}


def both(name: str, factories: Factories) -> tuple[Organization, Organization]:
    """Two bodies that cannot be one."""
    if name == "kinds":
        return factories.organization(SUPERVISING), factories.organization(IMPLEMENTING)
    kind = SUPERVISING if name in ("licences", "applications") else IMPLEMENTING
    bodies = factories.organization(kind), factories.organization(kind)
    union = factories.organization(SUPERVISING)
    factories.sending_organization(id=1)
    for body in bodies[1:] if name == "merged" else bodies:
        if name in HINDRANCES:
            HINDRANCES[name](body, factories, union)
    return (bodies[0], bodies[0]) if name == "itself" else bodies


REFUSED = {
    "kinds": "法第17条・第23条",
    "licences": "法第23条",
    "applications": "法第23条",
    "begun inspections": "法第14条第1項",
    "contracts": None,
    "contracts by a sender": None,
    "merged": None,
    "itself": None,
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_merge_is_refused_with_rule_and_article(
    session: Session, factories: Factories, manager: User, name: str
) -> None:
    kept, duplicate = both(name, factories)
    session.commit()
    before = dump(session)
    assert len(foresee(session, kept, duplicate, today=TODAY).objections) == 1
    with pytest.raises(RuleViolation) as refusal:
        joined(session, manager, kept, duplicate)
    assert refusal.value.citation == REFUSED[name]
    session.rollback()
    assert dump(session) == before


def test_ended_contracts_and_contracts_with_others_stand_beside_each_other(
    session: Session, factories: Factories, manager: User
) -> None:
    union, sender = factories.organization(SUPERVISING), factories.sending_organization()
    kept, duplicate = factories.organization(), factories.organization()
    factories.add(contract(kept, union))
    factories.add(contract(duplicate, union, ends_on=TODAY))
    factories.add(contract(duplicate, union, sending_organization_id=sender.id))
    factories.add(contract(duplicate, factories.organization(SUPERVISING)))
    assert len(joined(session, manager, kept, duplicate).moved["supervisions.implementing_organization_id"]) == 3


# --- what is judged of the bodies -------------------------------------------------------------------------------------

SAID = {
    "lost": ({}, {"is_excellent": True}, "優良な実習実施者ではなくなります", "法第9条第10号"),
    "gained": ({"is_excellent": True}, {}, "優良な実習実施者の計画になります", "法第9条第10号"),
    "in business": ({}, {"status": BusinessStatus.CLOSED}, "統合後は「事業中」です", None),
    "closed": ({"status": BusinessStatus.CLOSED}, {}, "統合後は「事業廃止」です", None),
}


@pytest.mark.parametrize("name", SAID)
def test_the_preview_says_what_the_body_gains_or_loses(
    session: Session, factories: Factories, manager: User, name: str
) -> None:
    kept, duplicate, words, citation = SAID[name]
    bodies = factories.organization(name="架空縫製", **kept), factories.organization(name="架空縫製", **duplicate)
    found = foresee(session, *bodies, today=TODAY).findings
    assert [(words in one.message, one.severity, one.citation) for one in found] == [(True, Severity.WARNING, citation)]
    before = bodies[0].is_excellent, bodies[0].status
    done = joined(session, manager, *bodies)
    assert (bodies[0].is_excellent, bodies[0].status) == before
    assert words in done.warnings[0]["message"]


def test_two_bodies_that_are_judged_alike_leave_nothing_to_say(session: Session, factories: Factories) -> None:
    bodies = [factories.organization(name="架空縫製", is_excellent=True) for _ in range(2)]
    assert foresee(session, *bodies, today=TODAY).findings == ()


@pytest.mark.parametrize("kind", [SUPERVISING, IMPLEMENTING])
@pytest.mark.parametrize(
    ("until", "said"), [(TODAY, True), (TODAY - timedelta(days=1), False)], ids=["its last day", "over"]
)
def test_a_bar_comes_over_with_the_records(
    session: Session, factories: Factories, kind: OrganizationKind, until: date, said: bool
) -> None:
    kept, duplicate = (factories.organization(kind, name="架空団体") for _ in range(2))
    gone = {"revoked_on": date(2026, 6, 1), "bar_until": until}
    if kind is SUPERVISING:
        factories.license(duplicate, state=LicenseState.REVOKED, **gone)
    else:
        factories.plan(duplicate, state=PlanState.REVOKED, **gone)
    found = foresee(session, kept, duplicate, today=TODAY).findings
    words = [one.params for one in found if "残る登録が欠格期間中になります" in one.message]
    assert words == ([{"until": until}] if said else [])
    back = [one.message for one in foresee(session, duplicate, kept, today=TODAY).findings]
    assert any("残る登録は、取消しを受けて" in message for message in back) is said


def test_a_merge_needs_a_reason_and_what_was_shown_must_still_hold(
    session: Session, factories: Factories, manager: User
) -> None:
    kept, duplicate = factories.organization(), factories.organization()
    with pytest.raises(RuleViolation) as refusal:
        merge(session, manager.actor, kept, duplicate, reason=" ", now=NOW)
    assert refusal.value.field == "reason"
    seen = foresee(session, kept, duplicate, today=TODAY).digest
    factories.plan(duplicate)
    with pytest.raises(StaleRecord):
        merge(session, manager.actor, kept, duplicate, reason="二重登録", now=NOW, seen=seen)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("office", [None, "11", "03"])
def test_both_bodies_must_be_in_scope(session: Session, factories: Factories, role: Role, office: str | None) -> None:
    kept, duplicate = factories.organization(), factories.organization(prefecture_code="13")
    place = {"office_code": office or ("11" if role is Role.INSPECTOR else None)}
    actor = factories.user(role, **({} if role is Role.LABOUR_STANDARDS else place)).actor
    if role in (Role.MANAGER, Role.ADMINISTRATOR) and office is None:
        done = merge(session, actor, kept, duplicate, reason="二重登録", now=NOW)
        undo_merge(session, actor, done, reason="誤り", now=NOW)
    else:
        with pytest.raises(NotPermitted):
            merge(session, actor, kept, duplicate, reason="二重登録", now=NOW)


# --- what stands against an undo --------------------------------------------------------------------------------------


def test_a_merge_is_undone_once(session: Session, factories: Factories, manager: User) -> None:
    done = joined(session, manager, factories.organization(), factories.organization())
    with pytest.raises(RuleViolation):
        undo_merge(session, manager.actor, done, reason="", now=NOW)
    undone(session, manager, done)
    with pytest.raises(StateConflict):
        undone(session, manager, done)


def test_no_undo_when_a_moved_row_is_gone(session: Session, twins: Twins, manager: User) -> None:
    kept, duplicate = twins.implementing(), twins.implementing()
    done = joined(session, manager, kept, duplicate)
    session.execute(sa.delete(Place).where(Place.id.in_(done.moved["places.organization_id"])))
    session.commit()
    with pytest.raises(RuleViolation, match="事業所.*1件"):
        undone(session, manager, done)


def test_no_undo_when_later_records_tie_moved_and_unmoved_ones(
    session: Session, factories: Factories, manager: User
) -> None:
    kept, duplicate = factories.organization(), factories.organization()
    done_before = factories.inspection(duplicate, state="done", completed_on=date(2024, 5, 1))
    done = joined(session, manager, kept, duplicate)
    proposal = {"proposed_kind": DispositionKind.IMPROVEMENT_ORDER, "proposed_on": TODAY, "reason": "架空"}
    own = {"organization_id": kept.id, "office_code": "11", "proposed_by_id": manager.id, "created_at": NOW}
    file = factories.add(Disposition(number="処1", inspection_id=done_before.id, **own, **proposal))
    session.commit()
    with pytest.raises(RuleViolation, match="結び付ける記録"):
        undone(session, manager, done)
    session.rollback()
    session.delete(file)
    undone(session, manager, done)
    assert done_before.organization_id == duplicate.id


def test_no_undo_when_a_third_body_bears_the_number(session: Session, factories: Factories, manager: User) -> None:
    kept, duplicate = factories.organization(), factories.organization(corporate_number="7000012050002")
    done = joined(session, manager, kept, duplicate)
    kept.corporate_number = None
    session.flush()
    factories.organization(corporate_number="7000012050002")
    with pytest.raises(RuleViolation, match="7000012050002"):
        undone(session, manager, done)


def test_what_came_to_the_kept_body_since_stays_there(session: Session, factories: Factories, manager: User) -> None:
    kept, duplicate = factories.organization(), factories.organization()
    old = factories.plan(duplicate)
    done = joined(session, manager, kept, duplicate)
    new = factories.plan(kept)
    undone(session, manager, done)
    owners = dict(session.execute(sa.select(TrainingPlan.id, TrainingPlan.implementing_organization_id)).all())
    assert owners == {old.id: duplicate.id, new.id: kept.id}


# --- pairs ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(session: Session, factories: Factories, manager: User) -> DuplicateCandidate:
    for _ in range(2):
        factories.organization(name="株式会社架空縫製", address_key="愛媛県架空市1")
    find_candidates(session, manager.actor, today=TODAY)
    session.commit()
    return session.scalars(sa.select(DuplicateCandidate)).one()


def test_a_merge_settles_its_pair_and_the_undo_opens_it(
    session: Session, manager: User, pair: DuplicateCandidate
) -> None:
    done = joined(session, manager, pair.second, pair.first)
    assert pair.state is CandidateState.MERGED
    undone(session, manager, done)
    assert pair.state is CandidateState.OPEN


def test_two_bodies_are_not_merged_until_that_judgement_is_taken_back(
    session: Session, manager: User, pair: DuplicateCandidate
) -> None:
    with pytest.raises(RuleViolation):
        separate(session, manager.actor, pair, reason=" ")
    separate(session, manager.actor, pair, reason="隣の別会社")
    with pytest.raises(StateConflict):
        separate(session, manager.actor, pair, reason="隣の別会社")
    with pytest.raises(RuleViolation, match="別の団体"):
        joined(session, manager, pair.first, pair.second)
    session.rollback()
    separate(session, manager.actor, pair, reason="隣の別会社")
    reconsider(session, manager.actor, pair)
    assert pair.distinct_reason is None
    joined(session, manager, pair.first, pair.second)


def test_an_address_of_a_merged_body_is_in_the_scope_of_the_one_that_lives_on(
    session: Session, factories: Factories, manager: User
) -> None:
    kept, duplicate = factories.organization(prefecture_code="13"), factories.organization()
    joined(session, manager, kept, duplicate)
    tokyo, ehime = (factories.user(Role.MANAGER, office_code=code).actor for code in ("03", "11"))
    assert get_organization(session, tokyo, duplicate.id) is kept
    with pytest.raises(NotFound):
        get_organization(session, ehime, duplicate.id)
