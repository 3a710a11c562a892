"""Nothing in the demonstration would be refused by the rules of the system. Loaded once: these tests only read."""

from collections import Counter
from datetime import UTC, date, datetime, time

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from stdnum.jp import cn

from inspections.dispositions.models import Decision, Disposition, DispositionPlan
from inspections.dispositions.states import DispositionKind, DispositionState
from inspections.joint.models import JointResult
from inspections.moc.models import MocReport
from inspections.moc.states import AWAITING
from inspections.orders.models import CorrectionOrder, OrderReply
from inspections.orders.states import AWAITING_REPLY, NEEDS_VIOLATION, OrderState
from inspections.scheduling.due import Facts, due, reason, rule_for
from inspections.scheduling.models import Inspection
from inspections.scheduling.planning import schedule
from inspections.scheduling.states import InspectionKind, InspectionState
from inspections.triggers.models import Trigger
from inspections.triggers.states import TriggerState
from inspections.violations.models import Violation
from inspections.violations.states import Authority, ViolationState
from inspections.visits.models import Visit
from inspections.visits.states import VisitOutcome
from organizations.accreditation.models import PlanApplication, PlanChange
from organizations.accreditation.services import findings_of
from organizations.accreditation.states import ApplicationState, ChangeState
from organizations.licenses.models import License, LicenseOccupation
from organizations.licenses.states import LicenseClass, LicenseState
from organizations.licensing.queries import held_by
from organizations.notices.models import DifficultyNotice
from organizations.notices.services import notifier_of
from organizations.notices.states import DifficultyReason
from organizations.occupations.codes import parse_code, sort_key
from organizations.occupations.models import Occupation
from organizations.occupations.queries import occupation_names
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanCategory, PlanState
from organizations.register.business import is_late
from organizations.register.models import BusinessNotice, FormerName, Officer, Organization, Place
from organizations.register.namesakes import barred_namesakes
from organizations.register.officers import OfficerFacts, check_officer
from organizations.register.states import (
    BUSINESS_TRANSITIONS,
    BusinessStatus,
    OfficerPosition,
    OrganizationKind,
    PlaceKind,
    Scheme,
)
from organizations.relations.models import Supervision
from organizations.sending.countries import MOC_COUNTRIES
from organizations.sending.models import FocalPoint, SendingOrganization
from organizations.sending.states import Approval
from organizations.trainees.models import Trainee
from otit.audit.models import AuditEvent
from otit.audit.trail import verify
from otit.auth.models import User
from otit.clock import FixedClock, in_japan, last_day_before_anniversary
from otit.db import Base
from otit.findings import Severity
from otit.law.authority import disposition_authority, disqualification_end
from otit.law.provisions import cited_provision
from otit.law.terms import TargetKind
from otit.law.violations import violation_category
from otit.places import OFFICE_OF_PREFECTURE, OFFICES
from otit.text import match_key
from tests.factories import TODAY

CLOCK = FixedClock.on(TODAY)


def rows(session: Session, model: type) -> list:
    return list(session.scalars(sa.select(model)))


def test_loading_is_one_audit_event_of_a_sound_chain(loaded: Session) -> None:
    events = rows(loaded, AuditEvent)
    assert [event.action for event in events] == ["demo.loaded"]
    assert events[0].actor == "system:demo"
    assert events[0].detail["counts"]["inspections"] == loaded.scalar(sa.select(sa.func.count(Inspection.id)))
    assert verify(loaded).sound


AHEAD = {
    "due_on", "expires_on", "ends_on", "starts_on", "planned_on", "answer_due_on", "bar_until", "suspended_until",
    "suspension_until", "valid_from", "valid_until", "provision_from", "changed_on", "until",
}  # fmt: skip


def test_no_fact_lies_in_the_future(loaded: Session) -> None:
    """Deadlines, planned days and the day of effect of a decision may; everything else has happened."""
    end = datetime.combine(TODAY, time.max, tzinfo=UTC)
    for table in Base.metadata.sorted_tables:
        for column in table.c:
            if column.name in AHEAD or (table.name, column.name) == ("disposition_decisions", "effective_on"):
                continue
            kind = column.type.python_type if not isinstance(column.type, sa.JSON) else dict
            if kind not in (date, datetime) or table.name == "audit_events":
                continue
            latest = loaded.scalar(sa.select(sa.func.max(column)))
            if latest is not None:
                day = in_japan(latest).date() if kind is datetime else latest
                assert day <= end.date(), f"{table.name}.{column.name}: {day}"


def test_numbers_have_the_official_forms(loaded: Session) -> None:
    for row in rows(loaded, Organization):
        assert row.office_code == OFFICE_OF_PREFECTURE[row.prefecture_code]
        if row.corporate_number:
            assert cn.is_valid(row.corporate_number)
            assert row.corporate_number[1:5] == "9999"
            assert not row.is_individual
        if row.kind is OrganizationKind.IMPLEMENTING:
            assert row.notification_number[2:4] == row.office_code
            assert len(row.notification_number) == 10
    for number in [*loaded.scalars(sa.select(TrainingPlan.number)), *loaded.scalars(sa.select(License.number))]:
        assert number[0] in "認許"
        assert number[1:].isdigit()
        assert len(number) == 11
        assert int(number[1:3]) >= 17
        assert number[3:5] in OFFICES


TERMS = {LicenseClass.GENERAL: (5, 12, 17), LicenseClass.SPECIFIC: (3, 8, 13)}


def test_licences_end_on_the_day_before_an_anniversary_and_some_end_soon(loaded: Session) -> None:
    licenses = rows(loaded, License)
    for row in licenses:
        ends = [last_day_before_anniversary(row.licensed_on, years) for years in TERMS[row.license_class]]
        assert row.expires_on in ends
        assert row.countries
        assert row.occupations
    assert any((row.expires_on - TODAY).days <= 60 for row in licenses)


def test_plans_follow_the_published_mix_and_the_rules_of_their_category(loaded: Session) -> None:
    plans = rows(loaded, TrainingPlan)
    mix = Counter(plan.category for plan in plans)
    assert mix[PlanCategory.D] > 800
    assert mix[PlanCategory.E] > 800
    assert set(mix) >= {PlanCategory.A, PlanCategory.D, PlanCategory.E, PlanCategory.F}
    general = set(loaded.scalars(sa.select(License.organization_id).where(License.license_class == "general")))
    senders = dict(loaded.execute(sa.select(SendingOrganization.id, SendingOrganization.country)).all())
    for plan in plans:
        years = 1 if plan.category.level == 1 else 2
        assert plan.ends_on == last_day_before_anniversary(plan.starts_on, years)
        assert plan.accredited_on < plan.starts_on
        assert plan.state is not PlanState.ACCREDITED or plan.ends_on >= TODAY
        if plan.category is PlanCategory.F:
            assert plan.supervising_organization_id in general
        if plan.sending_organization_id:
            assert senders[plan.sending_organization_id] == plan.nationality


@pytest.mark.parametrize("kind", list(OrganizationKind))
def test_open_periodic_inspections_are_those_the_rules_would_plan(loaded: Session, kind: OrganizationKind) -> None:
    rule = rule_for(kind, Scheme.TECHNICAL_INTERN_TRAINING, TODAY)
    assert rule is not None
    last = dict(
        loaded.execute(
            sa.select(Inspection.organization_id, sa.func.max(Inspection.completed_on)).group_by(
                Inspection.organization_id
            )
        ).all()
    )
    licensed = dict(loaded.execute(sa.select(License.organization_id, License.licensed_on)).all())
    found = [
        row
        for row in rows(loaded, Inspection)
        if row.kind is InspectionKind.PERIODIC and row.organization.kind is kind and row.completed_on is None
    ]
    assert len(found) > 20
    for row in found:
        facts = Facts(
            kind=kind,
            created_on=date(2020, 1, 1),
            last_completed_on=last[row.organization_id],
            licensed_on=licensed.get(row.organization_id),
            first_training_on=row.organization.first_training_on,
        )
        expected = due(facts, rule)
        assert (row.due_on, row.cycle, row.due_basis, row.due_basis_on) == (
            expected.due_on,
            expected.cycle,
            expected.basis,
            expected.basis_on,
        )
        assert reason(row.due_basis, row.due_basis_on, row.cycle).message


def test_the_schedule_still_finds_something_to_plan(loaded: Session) -> None:
    manager = loaded.scalars(sa.select(User).where(User.username == "manager")).one()
    result = schedule(loaded, manager.actor, as_of=TODAY, now=CLOCK.now(), dry_run=True)
    assert result.of_kind(OrganizationKind.SUPERVISING) == 3
    assert result.of_kind(OrganizationKind.IMPLEMENTING) == 12
    assert result.overdue == 0


def test_inspections_are_done_by_visits_of_the_office_and_in_order(loaded: Session) -> None:
    done = {row.inspection_id for row in rows(loaded, Visit) if row.outcome is VisitOutcome.DONE}
    users = {user.id: user for user in rows(loaded, User)}
    for row in rows(loaded, Inspection):
        assert (row.state is InspectionState.DONE) == (row.id in done)
        assert in_japan(row.created_at).date() <= (row.completed_on or TODAY)
        if row.assigned_to_id:
            assert users[row.assigned_to_id].office_code == row.office_code
        assert row.bureau_code in (None, row.organization.prefecture_code)


def test_violations_cite_what_their_category_allows(loaded: Session) -> None:
    for row in rows(loaded, Violation):
        category = violation_category(row.category_code, row.fact_on)
        assert row.provision_code in category.provisions
        assert cited_provision(row.provision_code, row.provision_from).in_force(row.fact_on)
        assert TargetKind(row.inspection.organization.kind.value) in category.targets
        assert category.labour == (row.authority is Authority.LABOUR_STANDARDS)
        assert ("変更の届出" in row.description) == (row.provision_code in ("TIT-11", "TIT-32-3"))


def test_instruments_and_their_violations_agree(loaded: Session) -> None:
    fitting = {
        OrderState.ACCEPTED: ViolationState.CLOSED,
        OrderState.ESCALATED: ViolationState.ESCALATED,
    }
    for order in rows(loaded, CorrectionOrder):
        assert bool(order.violations) == (order.instrument in NEEDS_VIOLATION)
        assert (order.due_on - order.issued_on).days < 190, "extensions included"
        for violation in order.violations:
            assert violation.state is fitting.get(order.state, ViolationState.INSTRUCTED)
            assert violation.inspection_id == order.inspection_id
            assert violation.closed_on == order.accepted_on
            assert violation.fact_on <= order.issued_on
        answered = {OrderState.REPLIED: None, OrderState.INSUFFICIENT: False, OrderState.ACCEPTED: True}
        if order.state in answered:
            assert [reply.sufficient for reply in order.replies] == [answered[order.state]]
        for reply in order.replies:
            assert order.issued_on <= reply.received_on
    assert rows(loaded, OrderReply)


def test_each_home_page_has_something_to_do(loaded: Session) -> None:
    inspector = loaded.scalars(sa.select(User).where(User.username == "inspector")).one()
    own = [row for row in rows(loaded, Inspection) if row.assigned_to_id == inspector.id]
    assert len([row for row in own if row.planned_on == TODAY]) >= 2
    assert any(row.due_on < TODAY and row.completed_on is None for row in own)
    orders = [order for order in rows(loaded, CorrectionOrder) if order.issued_by_id == inspector.id]
    assert len([order for order in orders if order.state is OrderState.REPLIED]) >= 2
    assert len([order for order in orders if order.state in AWAITING_REPLY and order.due_on < TODAY]) >= 2
    joint = [row for row in rows(loaded, Inspection) if row.bureau_code == "23"]
    told = {result.inspection_id for result in rows(loaded, JointResult)}
    assert [row for row in joint if row.completed_on and row.id not in told]
    assert [row for row in joint if row.completed_on is None]
    waiting = [report for report in rows(loaded, MocReport) if report.state in AWAITING]
    assert any(report.answer_due_on < TODAY for report in waiting)
    assert any(report.answer_due_on > TODAY for report in waiting)


def test_dispositions_stand_in_each_state_and_moved_what_they_decided(loaded: Session) -> None:
    files = rows(loaded, Disposition)
    in_force = [row for row in files if row.state is DispositionState.PUBLISHED]
    assert {row.proposed_kind for row in in_force} == {
        DispositionKind.ACCREDITATION_REVOCATION,
        DispositionKind.LICENSE_REVOCATION,
    }
    assert {row.state for row in files} >= set(DispositionState) - {
        DispositionState.NOT_TAKEN,
        DispositionState.WITHDRAWN,
        DispositionState.ANNULLED,
    }
    for decision in rows(loaded, Decision):
        target = TargetKind(decision.disposition.organization.kind.value)
        assert decision.authority == disposition_authority(target, decision.decided_on).value
    covered = set(
        loaded.scalars(
            sa.select(DispositionPlan.plan_id)
            .join(Disposition, Disposition.id == DispositionPlan.disposition_id)
            .where(DispositionPlan.decided, Disposition.state == DispositionState.PUBLISHED)
        )
    )
    revoked = [plan for plan in rows(loaded, TrainingPlan) if plan.state is PlanState.REVOKED]
    assert len(revoked) > 3
    assert {plan.id for plan in revoked} == covered
    for row in [*revoked, *(row for row in rows(loaded, License) if row.state is LicenseState.REVOKED)]:
        assert row.bar_until == disqualification_end(row.revoked_on)


def test_occupations_of_plans_and_licences_are_in_the_list_which_says_that_it_is_an_excerpt(loaded: Session) -> None:
    codes = set(loaded.scalars(sa.select(TrainingPlan.occupation_code))) | set(
        loaded.scalars(sa.select(LicenseOccupation.code))
    )
    names = occupation_names(loaded, codes, TODAY)
    assert set(names) == codes
    listed = rows(loaded, Occupation)
    assert all("抜粋" in row.sector for row in listed)
    assert all(parse_code(row.code) == row.code and sort_key(row.code) == row.sort_key for row in listed)
    assert [row.code for row in listed if not row.in_force(TODAY) and not row.is_operation] == ["7-90"]


def test_focal_points_are_invented_and_one_approval_has_ended(loaded: Session) -> None:
    points = rows(loaded, FocalPoint)
    assert {point.country for point in points} <= set(MOC_COUNTRIES)
    assert all(point.email.endswith(".example.org") for point in points)
    assert any(not point.holds_on(TODAY) for point in points)
    approvals = Counter(body.approval_on(TODAY) for body in rows(loaded, SendingOrganization))
    assert approvals[Approval.ENDED] == 1
    assert approvals[Approval.APPROVED] > 10


def test_the_papers_of_the_plans_stand_in_each_state(loaded: Session) -> None:
    applications = rows(loaded, PlanApplication)
    assert {row.state for row in applications} == set(ApplicationState)
    for row in applications:
        found = findings_of(loaded, row, on=TODAY, today=TODAY)
        if row.state is ApplicationState.APPLIED:
            assert Severity.REFUSAL not in {each.severity for each in found}
        if row.plan_id:
            plan = loaded.get(TrainingPlan, row.plan_id)
            assert (plan.number, plan.accredited_on, plan.trainee_id) == (row.number, row.decided_on, row.trainee_id)
    changes = rows(loaded, PlanChange)
    assert {row.state for row in changes} == {ChangeState.APPLIED, ChangeState.ACCREDITED, ChangeState.NOTIFIED}
    assert len([row for row in changes if row.warnings]) >= 1


def test_a_trainee_has_a_name_and_at_most_one_plan_for_each_level(loaded: Session) -> None:
    levels = Counter((plan.trainee_id, plan.category.level) for plan in rows(loaded, TrainingPlan))
    assert set(levels.values()) == {1}
    assert None not in {trainee for trainee, _level in levels}
    assert len(rows(loaded, Trainee)) < len(levels) + len(rows(loaded, PlanApplication))


def test_two_trainees_have_disappeared_and_one_of_them_waits_for_a_decision(loaded: Session) -> None:
    notices = rows(loaded, DifficultyNotice)
    assert len({row.reason for row in notices}) > 4
    for row in notices:
        assert row.notifier is notifier_of(row.plan.category)
        assert row.plan.ended_on == row.occurred_on
    gone = {row.id for row in notices if row.reason is DifficultyReason.DISAPPEARANCE}
    triggers = rows(loaded, Trigger)
    raised = {row.notice_id: row for row in triggers if row.notice_id}
    assert set(raised) == gone
    assert {row.state for row in raised.values()} == {TriggerState.RECEIVED, TriggerState.DEMANDED}
    assert {row.state for row in triggers} == set(TriggerState)
    for row in triggers:
        assert row.office_code == row.organization.office_code
        assert row.inspection is None or row.inspection.organization_id == row.organization_id


def test_reports_go_to_moc_countries_and_are_approved_by_another(loaded: Session) -> None:
    for report in rows(loaded, MocReport):
        assert report.country in MOC_COUNTRIES
        assert report.sending_organization.country == report.country
        assert report.approved_by_id != report.drafted_by_id


def test_contracts_agree_with_the_licences_and_the_plans(loaded: Session) -> None:
    plans: dict[tuple[int, int], list[TrainingPlan]] = {}
    for plan in rows(loaded, TrainingPlan):
        plans.setdefault((plan.supervising_organization_id, plan.implementing_organization_id), []).append(plan)
    contracts = rows(loaded, Supervision)
    assert len(contracts) > 200
    for row in contracts:
        held = held_by(loaded, row.supervising_organization_id)
        assert any(one.licensed_on <= row.starts_on <= one.ended_on for one in held)
        own = plans[row.supervising_organization_id, row.implementing_organization_id]
        senders = {plan.sending_organization_id for plan in own} | {None}
        assert row.sending_organization_id in senders
        if row.ends_on is not None:
            of_it = [p for p in own if row.sending_organization_id in (None, p.sending_organization_id)]
            assert max(plan.ended_on or plan.ends_on for plan in of_it) <= row.ends_on < TODAY


def test_officers_places_and_notices_are_such_as_the_acts_would_enter(loaded: Session) -> None:
    for officer in rows(loaded, Officer):
        facts = OfficerFacts(officer.position, officer.name, officer.starts_on, officer.ends_on)
        check_officer(facts, TODAY)
        assert officer.name_key == match_key(officer.name)
    heads = {o.organization_id: o.name for o in rows(loaded, Officer) if o.position is OfficerPosition.REPRESENTATIVE}
    bodies = {body.id: body for body in rows(loaded, Organization)}
    assert all(name in bodies[key].representative for key, name in heads.items())
    named = {officer.name_key for officer in rows(loaded, Officer)}
    assert barred_namesakes(loaded, named, TODAY)
    assert {place.kind for place in rows(loaded, Place)} == set(PlaceKind)
    assert any(
        OFFICE_OF_PREFECTURE[p.prefecture_code] != bodies[p.organization_id].office_code for p in rows(loaded, Place)
    )
    assert rows(loaded, FormerName)
    notices = rows(loaded, BusinessNotice)
    assert any(is_late(bodies[one.organization_id].kind, one.notified_on, one.effective_on) for one in notices)
    for body in bodies.values():
        state = BusinessStatus.ACTIVE
        for one in sorted((n for n in notices if n.organization_id == body.id), key=lambda n: n.effective_on):
            state = BUSINESS_TRANSITIONS[state, one.act]
        assert state is body.status


def test_whoever_trains_at_level_three_is_excellent(loaded: Session) -> None:
    third = [plan for plan in rows(loaded, TrainingPlan) if plan.category.level == 3]
    assert third
    assert all(plan.implementing_organization.is_excellent for plan in third)
