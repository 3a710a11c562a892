"""What a merge means for inspections: one open periodic inspection stays, due by the history of both."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.scheduling.merged import ACTOR, REASON
from inspections.scheduling.models import Inspection
from inspections.scheduling.planning import schedule
from inspections.scheduling.services import cancel, complete, start
from inspections.scheduling.states import DueBasis, InspectionState
from organizations.merging.foreseeing import foresee
from organizations.merging.models import OrganizationMerge
from organizations.merging.services import merge
from organizations.merging.undoing import undo_merge
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.audit.models import AuditEvent
from otit.auth.actors import system_actor
from otit.auth.models import User
from otit.auth.permissions import Role
from tests.factories import NOW, TODAY, Factories

SOONER, LATER = date(2027, 4, 1), date(2027, 9, 1)
CANCELLED, PLANNED, ASSIGNED = InspectionState.CANCELLED, InspectionState.PLANNED, InspectionState.ASSIGNED


@pytest.fixture
def manager(factories: Factories) -> User:
    return factories.user(Role.MANAGER)


def joined(session: Session, user: User, kept: Organization, duplicate: Organization) -> OrganizationMerge:
    done = merge(session, user.actor, kept, duplicate, reason="二重登録", now=NOW)
    session.commit()
    return done


def undone(session: Session, user: User, done: OrganizationMerge) -> None:
    undo_merge(session, user.actor, done, reason="誤り", now=NOW)
    session.commit()


def of(factories: Factories, body: Organization, due_on: date, **values: object) -> Inspection:
    return factories.inspection(body, due_on=due_on, cycle=due_on.isoformat(), **values)


@pytest.mark.parametrize(("kept_due", "other_due"), [(SOONER, LATER), (LATER, SOONER)])
def test_the_one_with_the_later_due_date_is_called_off_and_comes_back_with_the_undo(
    session: Session, factories: Factories, manager: User, kept_due: date, other_due: date
) -> None:
    kept, duplicate = factories.organization(), factories.organization()
    inspector = factories.user(Role.INSPECTOR)
    mine, theirs = of(factories, kept, kept_due), of(factories, duplicate, other_due)
    later, sooner = (theirs, mine) if kept_due < other_due else (mine, theirs)
    later.assigned_to_id, later.state, later.planned_on = inspector.id, ASSIGNED, TODAY
    messages = [one.message for one in foresee(session, kept, duplicate, today=TODAY).findings]
    assert any("取りやめます" in message for message in messages)
    done = joined(session, manager, kept, duplicate)
    assert (later.state, later.cancelled_reason, later.cancelled_on) == (CANCELLED, REASON, TODAY)
    assert (sooner.state, sooner.organization_id) == (PLANNED, kept.id)
    events = session.scalars(sa.select(AuditEvent).filter_by(action="inspection.cancelled")).all()
    assert [(event.actor, event.subject_id) for event in events] == [(ACTOR.audit_name, str(later.id))]
    undone(session, manager, done)
    assert (later.state, later.cancelled_reason, later.cancelled_on) == (ASSIGNED, None, None)
    assert (mine.organization_id, theirs.organization_id) == (kept.id, duplicate.id)


def test_one_that_has_begun_stays_whatever_its_due_date(session: Session, factories: Factories, manager: User) -> None:
    kept, duplicate = factories.organization(), factories.organization()
    begun = of(factories, kept, LATER, state=ASSIGNED, assigned_to_id=factories.user(Role.INSPECTOR).id)
    start(session, manager.actor, begun)
    waiting = of(factories, duplicate, SOONER)
    joined(session, manager, kept, duplicate)
    assert (begun.state, waiting.state) == (InspectionState.IN_PROGRESS, CANCELLED)


def test_the_due_date_of_the_one_that_stays_follows_from_the_history_of_both(
    session: Session, factories: Factories, manager: User
) -> None:
    kept, duplicate = factories.organization(), factories.organization()
    inspection = of(factories, kept, SOONER)
    factories.inspection(duplicate, state=InspectionState.DONE, completed_on=date(2025, 7, 1))
    plan = foresee(session, kept, duplicate, today=TODAY)
    assert [one.params["new"] for one in plan.findings if "new" in one.params] == [date(2028, 7, 1)]
    done = joined(session, manager, kept, duplicate)
    assert (inspection.due_on, inspection.cycle) == (date(2028, 7, 1), "2028-07-01")
    assert (inspection.due_basis, inspection.due_basis_on) == (DueBasis.LAST_INSPECTION, date(2025, 7, 1))
    event = session.scalars(sa.select(AuditEvent).filter_by(action="inspection.due_recomputed")).one()
    assert event.changes["due_on"] == ["2027-04-01", "2028-07-01"]
    undone(session, manager, done)
    assert (inspection.due_on, inspection.cycle) == (SOONER, "2027-04-01")
    assert inspection.due_basis is DueBasis.FIRST_TRAINING


def test_a_supervising_body_is_due_in_the_year_after_the_last_inspection_of_either(
    session: Session, factories: Factories, manager: User
) -> None:
    kept, duplicate = (factories.organization(OrganizationKind.SUPERVISING) for _ in range(2))
    factories.license(duplicate)
    inspection = factories.inspection(kept, due_on=date(2027, 3, 31), cycle="FY2026")
    factories.inspection(duplicate, state=InspectionState.DONE, completed_on=date(2026, 5, 1))
    joined(session, manager, kept, duplicate)
    assert (inspection.due_on, inspection.cycle) == (date(2028, 3, 31), "FY2027")


def test_facts_taken_over_count_for_the_due_date(session: Session, factories: Factories, manager: User) -> None:
    kept = factories.organization(first_training_on=None)
    duplicate = factories.organization(first_training_on=date(2025, 4, 1))
    inspection = of(factories, kept, SOONER)
    plan = foresee(session, kept, duplicate, today=TODAY)
    joined(session, manager, kept, duplicate)
    assert inspection.due_on == date(2028, 4, 1)
    assert [one.params["new"] for one in plan.findings if "new" in one.params] == [inspection.due_on]


def test_after_an_inspection_since_the_merge_the_undo_counts_anew(
    session: Session, factories: Factories, manager: User
) -> None:
    kept, duplicate = factories.organization(), factories.organization()
    inspector = factories.user(Role.INSPECTOR)
    theirs = of(factories, duplicate, SOONER, state=ASSIGNED, assigned_to_id=inspector.id)
    mine = of(factories, kept, LATER)
    done = joined(session, manager, kept, duplicate)
    start(session, manager.actor, theirs)
    complete(session, manager.actor, theirs, completed_on=TODAY, today=TODAY)
    session.commit()
    undone(session, manager, done)
    assert (theirs.organization_id, theirs.state) == (duplicate.id, InspectionState.DONE)
    assert (mine.organization_id, mine.state) == (kept.id, PLANNED)


def test_none_is_reinstated_beside_one_that_was_planned_since(
    session: Session, factories: Factories, manager: User
) -> None:
    kept, duplicate = factories.organization(), factories.organization()
    mine, theirs = of(factories, kept, LATER), of(factories, duplicate, SOONER)
    done = joined(session, manager, kept, duplicate)
    cancel(session, manager.actor, theirs, reason="廃業", today=TODAY)
    new = of(factories, kept, LATER + timedelta(days=1))
    session.commit()
    undone(session, manager, done)
    assert [row.state for row in (mine, theirs, new)] == [CANCELLED, CANCELLED, PLANNED]


def test_moved_inspections_are_in_charge_of_the_kept_bodys_office(
    session: Session, factories: Factories, manager: User
) -> None:
    kept, duplicate = factories.organization(), factories.organization(prefecture_code="13")
    done_before = factories.inspection(duplicate, state=InspectionState.DONE, completed_on=date(2024, 5, 1))
    done = joined(session, manager, kept, duplicate)
    assert done_before.owner_office_code == "11"
    assert done_before.office_code == "03"
    undone(session, manager, done)
    assert done_before.owner_office_code == "03"


def test_nothing_is_planned_for_a_merged_body(session: Session, factories: Factories, manager: User) -> None:
    old = {"first_training_on": date(2020, 4, 1)}
    kept, duplicate = factories.organization(**old), factories.organization(**old)
    joined(session, manager, kept, duplicate)
    assert schedule(session, system_actor("test"), as_of=TODAY, now=NOW).total == 1
    planned = session.scalars(sa.select(Inspection.organization_id)).all()
    assert planned == [kept.id]
