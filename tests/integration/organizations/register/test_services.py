"""Entering and correcting organizations; finding them by their numbers, many at a time."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizations.licenses import queries as licenses
from organizations.plans import queries as plans
from organizations.register import business, lookup, services
from organizations.register.business import NoticeFacts, record_business_notice
from organizations.register.details import OrganizationDetails, derive
from organizations.register.models import BusinessNotice
from organizations.register.part_queries import notices_of
from organizations.register.states import BusinessAct, BusinessStatus, OrganizationKind
from organizations.sending import queries as sending
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor
from otit.auth.permissions import Role
from otit.errors import NotPermitted, RuleViolation, StateConflict
from tests.factories import NOW, TODAY, Factories

SO, IO = OrganizationKind.SUPERVISING, OrganizationKind.IMPLEMENTING
GOOD = OrganizationDetails(
    name="㈱髙﨑縫製", prefecture_code="38", address="松山市架空町1-2", corporate_number="7000012050002"
)


@pytest.fixture
def manager(factories: Factories) -> Actor:
    return factories.user(Role.MANAGER).actor


def test_a_new_organization_keeps_its_name_as_written_and_gets_office_and_keys(
    session: Session, manager: Actor
) -> None:
    made = services.create_organization(session, manager, IO, GOOD, now=NOW)
    session.commit()
    assert (made.name, made.name_key, made.office_code) == ("㈱髙﨑縫製", "株式会社高崎縫製", "11")
    noted = session.scalars(select(AuditEvent)).one()
    assert (noted.action, noted.subject_id) == ("organization.created", str(made.id))


def test_the_same_number_twice_in_one_role_is_refused_and_in_two_roles_allowed(
    session: Session, manager: Actor
) -> None:
    services.create_organization(session, manager, IO, GOOD, now=NOW)
    with pytest.raises(RuleViolation) as refusal:
        services.create_organization(session, manager, IO, GOOD, now=NOW)
    assert refusal.value.field == "corporate_number"
    services.create_organization(session, manager, SO, GOOD, now=NOW)


def test_a_move_to_another_prefecture_changes_the_office_in_charge(session: Session, manager: Actor) -> None:
    made = services.create_organization(session, manager, IO, GOOD, now=NOW)
    session.commit()
    moved = replace(GOOD, prefecture_code="13", address="架空区1")
    services.update_organization(session, manager, made, moved, now=NOW)
    session.commit()
    assert made.office_code == "03"
    noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "organization.changed")).one()
    assert noted.changes["office_code"] == ["11", "03"]
    assert "version" not in noted.changes


def test_a_correction_that_changes_nothing_writes_nothing(session: Session, manager: Actor) -> None:
    made = services.create_organization(session, manager, IO, GOOD, now=NOW)
    session.commit()
    services.update_organization(session, manager, made, GOOD, now=NOW)
    session.commit()
    assert made.version == 1
    assert session.scalars(select(AuditEvent.action)).all() == ["organization.created"]


def test_an_own_number_is_no_conflict_but_anothers_is(session: Session, factories: Factories, manager: Actor) -> None:
    other = factories.organization(notification_number="2411000001")
    made = services.create_organization(session, manager, IO, GOOD, now=NOW)
    services.update_organization(session, manager, made, replace(GOOD, staff_count=3), now=NOW)
    taken = replace(GOOD, notification_number=other.notification_number)
    with pytest.raises(RuleViolation) as refusal:
        services.update_organization(session, manager, made, taken, now=NOW)
    assert refusal.value.field == "notification_number"


def test_business_notices_follow_their_life(session: Session, factories: Factories, manager: Actor) -> None:
    body = factories.organization(SO)
    for act in (BusinessAct.SUSPEND, BusinessAct.CLOSE):
        record_business_notice(session, manager, body, NoticeFacts(act, TODAY, TODAY), now=NOW)
    session.commit()
    assert body.status is BusinessStatus.CLOSED
    with pytest.raises(StateConflict):
        record_business_notice(session, manager, body, NoticeFacts(BusinessAct.RESUME, TODAY, TODAY), now=NOW)


def test_a_notice_recorded_wrongly_is_taken_back_the_latest_first(
    session: Session, factories: Factories, manager: Actor
) -> None:
    body, ahead = factories.organization(SO), date(2062, 12, 1)
    facts = (NoticeFacts(BusinessAct.SUSPEND, TODAY, TODAY), NoticeFacts(BusinessAct.CLOSE, TODAY, TODAY))
    pause, closure = (record_business_notice(session, manager, body, one, now=NOW) for one in facts)

    def withdraw(notice: BusinessNotice, reason: str = "架空の入力誤り") -> None:
        business.withdraw_notice(session, manager, body, notice, reason=reason, now=NOW)

    with pytest.raises(StateConflict, match="最後に記録した届出"):
        withdraw(pause)
    with pytest.raises(RuleViolation):
        withdraw(closure, " ")
    withdraw(closure)
    assert body.status is BusinessStatus.SUSPENDED
    record_business_notice(session, manager, body, NoticeFacts(BusinessAct.CLOSE, TODAY, ahead), now=NOW)
    with pytest.raises(StateConflict, match="事業の廃止.*取り消して"):
        record_business_notice(session, manager, body, NoticeFacts(BusinessAct.RESUME, TODAY, ahead), now=NOW)
    withdraw(notices_of(session, body.id)[0])
    assert body.status is BusinessStatus.SUSPENDED
    withdraw(pause)
    session.commit()
    assert (body.status, notices_of(session, body.id)) == (BusinessStatus.ACTIVE, [])
    noted = select(AuditEvent).where(AuditEvent.action == "organization.notice_withdrawn").order_by(AuditEvent.id)
    events = session.scalars(noted).all()
    assert [event.changes.get("status") for event in events] == [["closed", "suspended"], None, ["suspended", "active"]]
    assert events[0].detail["reason"] == "架空の入力誤り"


@pytest.mark.parametrize("act", [BusinessAct.RESUME, BusinessAct.CLOSE])
def test_a_pause_that_a_list_told_is_there_again(
    session: Session, factories: Factories, manager: Actor, act: BusinessAct
) -> None:
    body = factories.organization(SO, status=BusinessStatus.SUSPENDED)
    facts = NoticeFacts(act, TODAY, TODAY, reason="架空の理由")
    notice = record_business_notice(session, manager, body, facts, now=NOW)
    session.commit()
    business.withdraw_notice(session, manager, body, notice, reason="誤り", now=NOW)
    session.commit()
    assert body.status is BusinessStatus.SUSPENDED
    noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "organization.notice_withdrawn")).one()
    assert (noted.detail["notified_reason"], noted.detail["reason"]) == ("架空の理由", "誤り")


def test_a_notice_that_moved_nothing_is_taken_back_without_a_trace(
    session: Session, factories: Factories, manager: Actor
) -> None:
    """Its day came when a list had told the same already."""
    body = factories.organization(SO)
    ahead = NoticeFacts(BusinessAct.CLOSE, TODAY, date(2026, 12, 1))
    notice = record_business_notice(session, manager, body, ahead, now=NOW)
    body.status = BusinessStatus.CLOSED
    session.commit()
    business.settle_business(session, manager, today=date(2026, 12, 1), now=NOW)
    session.commit()
    business.withdraw_notice(session, manager, body, notice, reason="誤り", now=NOW)
    assert body.status is BusinessStatus.CLOSED


def test_a_notice_is_not_taken_back_where_the_business_has_moved_on(
    session: Session, factories: Factories, manager: Actor
) -> None:
    body = factories.organization(SO)
    pause = record_business_notice(session, manager, body, NoticeFacts(BusinessAct.SUSPEND, TODAY, TODAY), now=NOW)
    body.status = BusinessStatus.CLOSED
    session.flush()
    with pytest.raises(StateConflict, match="変わっている"):
        business.withdraw_notice(session, manager, body, pause, reason="架空", now=NOW)


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.LABOUR_STANDARDS, Role.INTERNATIONAL, Role.READ_ONLY])
def test_others_do_not_write_into_the_register(session: Session, factories: Factories, role: Role) -> None:
    actor, body = factories.user(role).actor, factories.organization()
    with pytest.raises(NotPermitted):
        services.create_organization(session, actor, IO, GOOD, now=NOW)
    with pytest.raises(NotPermitted):
        services.update_organization(session, actor, body, GOOD, now=NOW)
    with pytest.raises(NotPermitted):
        record_business_notice(session, actor, body, NoticeFacts(BusinessAct.SUSPEND, TODAY, TODAY), now=NOW)


def test_an_office_does_not_write_into_another_offices_register(session: Session, factories: Factories) -> None:
    elsewhere = factories.user(Role.MANAGER, office_code="03").actor
    with pytest.raises(NotPermitted):
        services.create_organization(session, elsewhere, IO, GOOD, now=NOW)
    with pytest.raises(NotPermitted):
        services.update_organization(session, elsewhere, factories.organization(), GOOD, now=NOW)


def test_numbers_find_their_organizations_each_in_its_role(session: Session, factories: Factories) -> None:
    company = factories.organization(IO, corporate_number="7000012050002", notification_number="2411000001")
    union = factories.organization(SO, corporate_number="7000012050002")
    license = factories.license(union, number="許2111000001")
    asked = ["7000012050002", "6000012070001", "7000012050002"]
    assert lookup.ids_by_corporate_number(session, IO, asked) == {"7000012050002": company.id}
    assert lookup.ids_by_corporate_number(session, SO, asked) == {"7000012050002": union.id}
    assert lookup.ids_by_notification_number(session, ["2411000001", "x"]) == {"2411000001": company.id}
    assert licenses.ids_by_number(session, ["許2111000001", "許1"]) == {"許2111000001": (license.id, union.id)}
    plan = factories.plan(company, number="認2411000001")
    assert plans.ids_by_number(session, ["認2411000001", "認9"]) == {"認2411000001": plan.id}
    sender = factories.sending_organization(number="VNM000455")
    old = factories.sending_organization(number=None, reference_number="294")
    assert sending.ids_by_number(session, ["VNM000455", "294", "1"]) == {"VNM000455": sender.id, "294": old.id}


def test_a_name_finds_all_that_could_be_meant(session: Session, factories: Factories) -> None:
    key = derive("㈱架空水産", "38", "今治市1-2")["name_key"]
    made = [factories.organization(IO, name=name, name_key=key) for name in ("株式会社架空水産", "(株)架空水産")]
    assert lookup.ids_by_name(session, IO, [key]) == {key: [one.id for one in made]}
    assert lookup.ids_by_name(session, SO, [key]) == {}


def test_more_numbers_than_one_statement_takes_are_found(session: Session, factories: Factories) -> None:
    factories.organization(IO, notification_number="0000000001")
    asked = [f"{n:010d}" for n in range(12_000)]
    assert list(lookup.ids_by_notification_number(session, asked)) == ["0000000001"]


def test_dates_ahead_are_judged_in_japan(session: Session, manager: Actor) -> None:
    tomorrow = replace(GOOD, first_training_on=date(2026, 11, 25))
    with pytest.raises(RuleViolation):
        services.create_organization(session, manager, IO, tomorrow, now=NOW)
    services.create_organization(session, manager, IO, tomorrow, now=NOW.replace(hour=15))
