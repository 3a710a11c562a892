"""Two people act on one inspection at the same moment: one act stands, the other is
refused with a message, and what the database holds afterwards is what one of them alone would have left."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from inspections.joint import services as joint
from inspections.joint.models import JointResult
from inspections.orders import services as orders
from inspections.orders.models import CorrectionOrder, OrderReply
from inspections.scheduling import services as scheduling
from inspections.scheduling.models import Inspection
from inspections.scheduling.states import InspectionState
from inspections.violations import services as violations
from inspections.violations.models import Violation
from inspections.visits.models import Visit
from inspections.visits.services import VisitReport, log_visit
from inspections.visits.states import VisitOutcome
from otit.auth.models import User
from tests.factories import NOW, TODAY, Factories
from tests.field_work import BOOKS, PREMIUM, VISITED, Case
from tests.races import Doing, collide, settled


@pytest.fixture
def field(session: Session, factories: Factories) -> Case:
    return Case(session, factories)


def test_an_inspection_is_assigned_or_called_off(app: Flask, field: Case) -> None:
    session, key, other = field.session, field.inspection.id, field.other_inspector.id
    session.commit()

    def assign(own: Session) -> None:
        scheduling.assign(
            own,
            field.manager.actor,
            own.get_one(Inspection, key),
            assignee=own.get_one(User, other),
            planned_on=None,
            announced=True,
            today=TODAY,
        )

    def cancel(own: Session) -> None:
        scheduling.cancel(own, field.manager.actor, own.get_one(Inspection, key), reason="架空", today=TODAY)

    assert collide(app, assign, cancel) is not None
    assert settled(session).get_one(Inspection, key).assigned_to_id == other


def visit(field: Case, on: date, **values: Any) -> Doing:
    actor, key = field.manager.actor, field.inspection.id
    report = VisitReport(on, VisitOutcome.DONE, "架空一郎", **values)
    return lambda own: log_visit(own, actor, own.get_one(Inspection, key), report, now=NOW, today=TODAY)


def test_no_visit_is_logged_beside_the_one_that_ends_the_inspection(app: Flask, field: Case) -> None:
    field.visit()
    session, key = field.session, field.inspection.id
    session.commit()
    ending, later = visit(field, VISITED, ends_inspection=True), visit(field, VISITED + timedelta(days=1))
    assert collide(app, ending, later) is not None
    inspection = settled(session).get_one(Inspection, key)
    assert (inspection.state, inspection.completed_on) == (InspectionState.DONE, VISITED)
    assert session.scalar(sa.select(sa.func.max(Visit.visited_on))) == VISITED


def test_an_inspection_does_not_end_before_a_visit_that_is_just_being_logged(app: Flask, field: Case) -> None:
    field.visit()
    field.session.commit()
    later, ending = visit(field, VISITED + timedelta(days=1)), visit(field, VISITED, ends_inspection=True)
    assert "より新しい訪問" in str(collide(app, later, ending))
    assert settled(field.session).get_one(Inspection, field.inspection.id).state is InspectionState.IN_PROGRESS


def test_a_violation_is_named_by_one_instrument_only(app: Flask, field: Case) -> None:
    field.visit(BOOKS)
    session, key = field.session, field.inspection.id
    draft = field.draft(*field.violations())
    session.commit()

    def issue(own: Session) -> None:
        orders.issue(own, field.manager.actor, own.get_one(Inspection, key), draft, now=NOW, today=TODAY)

    def escalate(own: Session) -> None:
        row = own.scalars(sa.select(Violation)).one()
        violations.escalate(own, field.manager.actor, row, reason="架空")

    assert collide(app, issue, issue) is not None
    assert collide(app, lambda own: None, escalate) is not None
    assert settled(session).scalar(sa.select(sa.func.count()).select_from(CorrectionOrder)) == 1


def test_a_reply_is_assessed_once(app: Flask, field: Case) -> None:
    order, session = field.order(), field.session
    orders.receive_reply(session, field.manager.actor, order, received_on=TODAY, summary="写真", today=TODAY)
    session.commit()
    key = order.id

    def assess(sufficient: bool) -> Doing:
        verdict = orders.Assessment(TODAY, sufficient, "架空")
        return lambda own: orders.assess(
            own, field.manager.actor, own.get_one(CorrectionOrder, key), verdict, today=TODAY
        )

    assert collide(app, assess(True), assess(False)) is not None
    assert settled(session).scalars(sa.select(OrderReply.sufficient)).one() is True


def test_a_bureau_does_not_say_no_violation_beside_one(app: Flask, field: Case) -> None:
    field.visit()
    field.bureau_result()
    session, key, officer = field.session, field.inspection.id, field.officer.actor
    session.commit()
    nothing = joint.ResultReport(VISITED, False, "違反なし")

    def find(own: Session) -> None:
        joint.record_bureau_violation(own, officer, own.get_one(Inspection, key), PREMIUM, now=NOW)

    def deny(own: Session) -> None:
        joint.record_result(own, officer, own.get_one(Inspection, key), nothing, now=NOW, today=TODAY)

    assert collide(app, find, deny) is not None
    assert settled(session).scalars(sa.select(JointResult.violation_found)).one() is True


def test_a_bureau_adds_no_violation_while_it_says_there_is_none(app: Flask, field: Case) -> None:
    field.visit()
    field.bureau_result()
    session, key, officer = field.session, field.inspection.id, field.officer.actor
    session.commit()
    nothing = joint.ResultReport(VISITED, False, "違反なし")

    def find(own: Session) -> None:
        joint.record_bureau_violation(own, officer, own.get_one(Inspection, key), PREMIUM, now=NOW)

    def deny(own: Session) -> None:
        joint.record_result(own, officer, own.get_one(Inspection, key), nothing, now=NOW, today=TODAY)

    assert collide(app, deny, find) is not None
    assert settled(session).scalar(sa.select(sa.func.count()).select_from(Violation)) == 0
