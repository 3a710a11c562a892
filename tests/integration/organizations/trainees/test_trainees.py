"""Who a trainee is: read only by an act that is on record, entered and corrected without a name in the audit trail."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanCategory
from organizations.register.states import OrganizationKind
from organizations.trainees.models import Trainee
from organizations.trainees.services import TraineeDetails, enter_trainee, person, read_trainee
from organizations.trainees.states import EntryKind, ReadReason
from otit.audit.models import AuditEvent
from otit.auth.access import SIGNED_IN
from otit.auth.permissions import MATRIX, Permission, Role
from otit.errors import NotFound, NotPermitted, RuleViolation
from tests.factories import NOW, TODAY, Factories
from tests.pages import Browser, Page
from tests.races import Doing, collide, settled

NAME = "KASOU SHITSURI"
DETAILS = TraineeDetails(NAME, date(2001, 5, 6), "VNM")


@pytest.fixture
def plan(factories: Factories) -> TrainingPlan:
    union = factories.organization(OrganizationKind.SUPERVISING, prefecture_code="13")
    trainee = factories.trainee(name=NAME)
    return factories.plan(
        category=PlanCategory.D, supervising_organization_id=union.id, trainee_id=trainee.id, number="認2611000077"
    )


def events(session: Session, action: str) -> list[AuditEvent]:
    return list(session.scalars(sa.select(AuditEvent).where(AuditEvent.action == action)))


def test_reading_is_on_record_with_its_reason(session: Session, factories: Factories, plan: TrainingPlan) -> None:
    reader = factories.user(Role.INSPECTOR)
    assert read_trainee(session, reader.actor, plan, ReadReason.INSPECTION).name == NAME
    session.commit()
    (event,) = events(session, "trainee.read")
    assert (event.actor, event.subject_type, event.subject_id) == (
        reader.actor.audit_name, "training_plans", str(plan.id),
    )  # fmt: skip
    assert event.detail == {"reason": "inspection", "trainee": plan.trainee_id, "version": plan.version}


def test_only_those_who_need_it_read_within_their_offices(
    session: Session, factories: Factories, plan: TrainingPlan
) -> None:
    for office in ("11", "03"):
        read_trainee(session, factories.user(Role.INSPECTOR, office_code=office).actor, plan, ReadReason.OTHER)
    strangers = [factories.user(Role.INSPECTOR, office_code="06")]
    strangers += [factories.user(role) for role in Role if Permission.VIEW_TRAINEES not in MATRIX[role]]
    for user in strangers:
        with pytest.raises(NotPermitted):
            read_trainee(session, user.actor, plan, ReadReason.OTHER)


def test_nobody_named_is_nobody_to_read(session: Session, factories: Factories) -> None:
    with pytest.raises(NotFound):
        read_trainee(session, factories.user(Role.MANAGER).actor, factories.plan(), ReadReason.OTHER)


def test_the_same_name_birth_date_and_nationality_are_one_person(
    session: Session, factories: Factories, plan: TrainingPlan
) -> None:
    manager = factories.user(Role.MANAGER).actor
    application, other = factories.plan_application(), factories.plan()
    spelled = TraineeDetails("ｋａｓｏｕ shitsuri", DETAILS.born_on, "VNM")
    enter_trainee(session, manager, application, spelled, EntryKind.REPLACE, now=NOW)
    enter_trainee(session, manager, other, TraineeDetails(NAME, date(2001, 5, 7), "VNM"), EntryKind.REPLACE, now=NOW)
    assert application.trainee_id == plan.trainee_id
    assert other.trainee_id != plan.trainee_id


def test_a_correction_holds_for_all_plans_and_names_nobody(
    session: Session, factories: Factories, plan: TrainingPlan
) -> None:
    manager = factories.user(Role.MANAGER).actor
    second = factories.plan(trainee_id=plan.trainee_id)
    corrected = TraineeDetails("KASOU TADASHII", DETAILS.born_on, "VNM")
    enter_trainee(session, manager, plan, corrected, EntryKind.CORRECT, now=NOW)
    session.commit()
    trainee = session.get(Trainee, second.trainee_id)
    assert trainee is not None
    assert (trainee.name, trainee.version) == ("KASOU TADASHII", 2)
    assert events(session, "trainee.corrected")[0].detail == {"fields": ["name"], "version": 2}
    written = "".join(f"{e.changes}{e.detail}" for e in session.scalars(sa.select(AuditEvent)))
    assert "KASOU" not in written


def test_another_person_leaves_the_first_as_they_were(
    session: Session, factories: Factories, plan: TrainingPlan
) -> None:
    first = plan.trainee_id
    other = TraineeDetails("KASOU BETSUJIN", date(2000, 1, 1), "IDN")
    enter_trainee(session, factories.user(Role.MANAGER).actor, plan, other, EntryKind.REPLACE, now=NOW)
    session.commit()
    assert plan.trainee_id != first
    assert session.scalar(sa.select(sa.func.count(Trainee.id))) == 2
    assert events(session, "trainee.named")[0].changes == {"trainee_id": [first, plan.trainee_id]}


def test_nobody_is_corrected_into_another_person(session: Session, factories: Factories, plan: TrainingPlan) -> None:
    manager, other = factories.user(Role.MANAGER).actor, factories.trainee(name="KASOU BETSUJIN")
    taken = TraineeDetails("ｋａｓｏｕ betsujin", other.born_on, other.nationality)
    with pytest.raises(RuleViolation) as refusal:
        enter_trainee(session, manager, plan, taken, EntryKind.CORRECT, now=NOW)
    assert refusal.value.field == "kind"
    enter_trainee(
        session, manager, plan, TraineeDetails("KASOU  SHITSURI", *DETAILS.identity[1:]), EntryKind.CORRECT, now=NOW
    )
    enter_trainee(session, manager, plan, taken, EntryKind.REPLACE, now=NOW)
    assert plan.trainee_id == other.id


def test_two_clerks_enter_one_person_once(app: Flask, session: Session, factories: Factories) -> None:
    plans, manager = (factories.plan().id, factories.plan().id), factories.user(Role.MANAGER).actor
    session.commit()

    def entering(plan_id: int) -> Doing:
        def act(own: Session) -> None:
            enter_trainee(own, manager, own.get_one(TrainingPlan, plan_id), DETAILS, EntryKind.REPLACE, now=NOW)

        return act

    assert collide(app, *map(entering, plans)) is None
    (trainee,) = settled(session).scalars(sa.select(Trainee))
    assert (trainee.name, trainee.version) == (NAME, 1)
    assert {session.get_one(TrainingPlan, key).trainee_id for key in plans} == {trainee.id}
    assert len(events(session, "trainee.entered")) == 1


def test_what_is_refused_afterwards_leaves_no_person(session: Session, factories: Factories) -> None:
    session.commit()
    person(session, factories.user(Role.MANAGER).actor, DETAILS, now=NOW)
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(Trainee.id))) == 0


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (TraineeDetails("　", DETAILS.born_on, "VNM"), "trainee_name"),
        (TraineeDetails(NAME, TODAY, "VNM"), "trainee_born_on"),
        (TraineeDetails(NAME, TODAY - timedelta(days=36600), "VNM"), "trainee_born_on"),
    ],
)
def test_impossible_persons_are_refused(
    session: Session, factories: Factories, plan: TrainingPlan, details: TraineeDetails, field: str
) -> None:
    with pytest.raises(RuleViolation) as refusal:
        enter_trainee(session, factories.user(Role.MANAGER).actor, plan, details, EntryKind.REPLACE, now=NOW)
    assert refusal.value.field == field


def test_only_the_implementing_office_enters(session: Session, factories: Factories, plan: TrainingPlan) -> None:
    for user in (factories.user(Role.MANAGER, office_code="03"), factories.user(Role.INSPECTOR)):
        with pytest.raises(NotPermitted):
            enter_trainee(session, user.actor, plan, DETAILS, EntryKind.REPLACE, now=NOW)


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_name_is_shown_once_after_a_reason(
    browser: Browser, factories: Factories, session: Session, plan: TrainingPlan
) -> None:
    earlier = factories.plan(
        trainee_id=plan.trainee_id, number="認2511000003", starts_on=date(2025, 4, 1), ends_on=date(2026, 3, 31)
    )
    elsewhere = factories.plan(factories.organization(prefecture_code="13"), trainee_id=plan.trainee_id)
    browser.sign_in(factories.user(Role.INSPECTOR))
    url = f"/plans/{plan.id}/trainee"
    assert NAME not in browser.get(url).text
    browser.send(url, {}, status=422)
    browser.send(url, {"reason": "curiosity"}, status=422)
    assert events(session, "trainee.read") == []
    answer = browser.send(url, {"reason": "inspection"}, status=200)
    text = answer.get_data(as_text=True)
    assert NAME in text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == "text/html"
    assert Page(answer).heading == "技能実習生 — 認2611000077"
    assert text.index(earlier.number) < text.rindex(plan.number)
    assert elsewhere.number not in text
    assert NAME not in browser.get(url).text
    assert len(events(session, "trainee.read")) == 1


def test_no_other_page_shows_the_name(
    app: Flask, browser: Browser, factories: Factories, session: Session, plan: TrainingPlan
) -> None:
    application = factories.plan_application(trainee_id=plan.trainee_id)
    browser.sign_in(factories.user(Role.MANAGER))
    for url in (f"/plans/{plan.id}", f"/plan-applications/{application.id}", f"/plans/{plan.id}/trainee/entry"):
        assert NAME not in browser.get(url).html, url
    lists = [rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    guards = {rule.rule: getattr(app.view_functions[rule.endpoint], "guards", ()) for rule in app.url_map.iter_rules()}
    for url in lists:
        if guards[url] == (SIGNED_IN,) or Permission.VIEW_REGISTERS in guards[url]:
            assert NAME not in browser.get(url).html, url


def test_a_person_is_entered_without_showing_who_was_there(
    browser: Browser, factories: Factories, session: Session, plan: TrainingPlan
) -> None:
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    url = f"/plans/{plan.id}/trainee/entry"
    form = {"trainee_name": "KASOU ATARASHII", "trainee_born_on": "平成12年1月1日", "nationality": "VNM"}
    browser.send(url, {**form, "trainee_born_on": "2030-01-01"}, status=422)
    assert "登録の仕方" in Page(browser.send(url, form, status=422)).text, "neither way is taken unless it is chosen"
    page = browser.follow(browser.send(url, {**form, "kind": "correct"}))
    assert "KASOU" not in page.text
    session.expire_all()
    trainee = session.get(Trainee, plan.trainee_id)
    assert trainee is not None
    assert (trainee.name, trainee.born_on) == ("KASOU ATARASHII", date(2000, 1, 1))


def test_a_form_that_another_correction_has_overtaken_is_shown_again(
    browser: Browser, factories: Factories, session: Session, plan: TrainingPlan
) -> None:
    second, colleague = factories.plan(trainee_id=plan.trainee_id), factories.user(Role.MANAGER)
    browser.sign_in(factories.user(Role.MANAGER, office_code="11"))
    url = f"/plans/{plan.id}/trainee/entry"
    browser.get(url)
    corrected = TraineeDetails("KASOU TADASHII", DETAILS.born_on, "VNM")
    enter_trainee(session, colleague.actor, second, corrected, EntryKind.CORRECT, now=NOW)
    mine = {"trainee_name": "KASOU ATARASHII", "trainee_born_on": "2001-05-06", "nationality": "VNM", "kind": "correct"}
    seen = {name: browser.last.hidden(name) for name in ("version", "person_version", "once")} if browser.last else {}
    page = Page(browser.send(url, {**mine, **seen}, status=409, page=""))
    assert colleague.display_name in page.html
    assert "KASOU TADASHII" not in page.html
    again = {name: page.hidden(name) for name in ("version", "person_version", "once")}
    assert again["version"] == seen["version"]
    browser.send(url, {**mine, **again}, page="")
    session.expire_all()
    assert session.get_one(Trainee, plan.trainee_id).name == "KASOU ATARASHII"


def test_a_reader_is_not_offered_the_name(browser: Browser, factories: Factories, plan: TrainingPlan) -> None:
    browser.sign_in(factories.user(Role.READ_ONLY))
    page = browser.get(f"/plans/{plan.id}")
    assert "氏名は表示しません" in page.text
    assert not [link for link in page.all("a") if "trainee" in (link.get("href") or "")]
    browser.get(f"/plans/{plan.id}/trainee", status=403)
