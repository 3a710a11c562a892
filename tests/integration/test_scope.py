"""Who belongs to another office or another bureau finds nothing: not by address, not in a list, not in a count. The
tests walk the URL map, so that a new endpoint is in them from its first day."""

from dataclasses import dataclass
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.routing.converters import AnyConverter

from inspections.joint import services as joint
from inspections.orders.issuing import Draft
from inspections.orders.states import Instrument
from inspections.triggers.models import Trigger
from inspections.violations.queries import violations_of
from organizations.accreditation.changes import ChangeFacts, apply_for_change
from organizations.merging.models import DuplicateCandidate
from organizations.merging.services import merge
from organizations.notices.services import NoticeFacts, record_difficulty
from organizations.notices.states import DifficultyReason
from organizations.plans.models import TrainingPlan
from organizations.register.models import Officer, Organization, Place
from organizations.register.states import OfficerPosition, OrganizationKind, PlaceKind
from organizations.relations.models import Supervision
from otit.auth.access import PUBLIC, SIGNED_IN
from otit.auth.models import User
from otit.auth.permissions import MATRIX, Permission, Role
from tests.cases import first_company, proposed
from tests.factories import NOW, TODAY, Factories
from tests.field_work import PREMIUM, VISITED, Case
from tests.pages import Browser, readable

# Records that belong to no office: who has the permission sees every one (of kept lists: with whom they are shared).
EVERYBODYS = {
    "report_id", "sending_id", "user_id", "batch_id", "run_id", "kind", "locale", "country", "focal_point_id",
    "occupation_id", "saved_id",
}  # fmt: skip
STRANGERS = {
    "manager elsewhere": (Role.MANAGER, {"office_code": "08"}),
    "inspector elsewhere": (Role.INSPECTOR, {"office_code": "08"}),
    "reader elsewhere": (Role.READ_ONLY, {"office_code": "08"}),
    "another bureau": (Role.LABOUR_STANDARDS, {"bureau_code": "37"}),
}


@dataclass(frozen=True)
class World:
    """One of each in Ehime (office 11, bureau 38): ids by the name they have in addresses, and what names them."""

    case: Case
    ids: dict[str, int]
    bureaus_order: int
    names: tuple[str, ...]


@pytest.fixture
def world(session: Session, factories: Factories) -> World:
    case = Case(session, factories)
    order = case.order()
    case.bureau_result()
    officer = case.officer.actor
    joint.record_bureau_violation(session, officer, case.inspection, PREMIUM, now=NOW)
    found = [row.id for row in violations_of(session, officer, case.inspection.id)]
    draft = Draft(Instrument.CORRECTIVE_RECOMMENDATION, "架空の是正", VISITED, TODAY, found)
    theirs = joint.issue(session, officer, case.inspection, draft, now=NOW, today=TODAY)
    license = factories.license(factories.organization(OrganizationKind.SUPERVISING, name="架空松山協同組合"))
    applied, condition = factories.application(license=license), factories.condition(license)
    company = first_company(factories)
    plans = list(session.scalars(sa.select(TrainingPlan).order_by(TrainingPlan.number)))
    file = proposed(session, case.manager.actor, company, plans)
    twins = [factories.organization(name=name) for name in ("架空松山木工", "架空松山木工所", "架空松山木材")]
    pair = DuplicateCandidate(first_id=twins[0].id, second_id=twins[1].id, score=90, reasons=[], found_on=TODAY)
    factories.add(pair)
    done = merge(session, case.manager.actor, twins[1], twins[2], reason="架空の重複", now=NOW)
    bodies = paper_of(session, factories, case)
    session.commit()
    ids = {
        **bodies,
        "organization_id": company.id,
        **_parts(factories, company, license.organization),
        "license_id": license.id,
        "license_application_id": applied.id,
        "condition_id": condition.id,
        "plan_id": plans[0].id,
        "disposition_id": file.id,
        "inspection_id": case.inspection.id,
        "order_id": order.id,
        "violation_id": case.violations()[0].id,
        "pair_id": pair.id,
        "merge_id": done.id,
    }
    registered = (plans[0].number, license.number or "", applied.number)
    numbers = (case.inspection.number, order.number, theirs.number, file.number, *registered)
    papers = ("認2411000901", "認2611000902", "26-T-000001")
    twin_names = (twin.name for twin in twins)
    names = (case.organization.name, company.name, "架空松山協同組合", *twin_names, *numbers, *papers)
    return World(case, ids, theirs.id, names)


def paper_of(session: Session, factories: Factories, case: Case) -> dict[str, int]:
    """An application, a change, a notice and the trigger that follows it, of the organization of the case."""
    plan = factories.plan(case.organization, number="認2411000901", trainee_id=factories.trainee().id)
    manager = case.manager.actor
    facts = ChangeFacts(VISITED, VISITED, "架空の変更", {"occupation_code": "3-5"})
    change = apply_for_change(session, manager, plan, facts, now=NOW)
    noted = NoticeFacts(DifficultyReason.DISAPPEARANCE, VISITED, VISITED)
    notice = record_difficulty(session, manager, plan, noted, now=NOW)
    trigger = session.scalars(sa.select(Trigger)).one()
    application = factories.plan_application(case.organization, number="認2611000902")
    return {
        "plan_application_id": application.id,
        "plan_change_id": change.id,
        "notice_id": notice.id,
        "trigger_id": trigger.id,
    }


def _parts(factories: Factories, company: Organization, union: Organization) -> dict[str, int]:
    """What belongs to the organizations, one of each."""
    start = date(2025, 4, 1)
    named = {"name": "架空　役子", "name_key": "架空役子", "position": OfficerPosition.DIRECTOR}
    officer = factories.add(Officer(organization_id=company.id, starts_on=start, **named))
    where = {"name": "架空寮", "prefecture_code": "38", "address": "架空市1", "kind": PlaceKind.DORMITORY}
    place = factories.add(Place(organization_id=company.id, **where))
    both = {"implementing_organization_id": company.id, "supervising_organization_id": union.id}
    contract = factories.add(Supervision(starts_on=start, **both))
    return {"officer_id": officer.id, "place_id": place.id, "supervision_id": contract.id}


def addresses(rule: Rule, ids: dict[str, int]) -> list[str]:
    words: list[dict[str, object]] = [{}]
    for name in sorted(rule.arguments):
        converter = rule._converters[name]
        options = sorted(converter.items) if isinstance(converter, AnyConverter) else [ids[name]]
        words = [{**chosen, name: option} for chosen in words for option in options]
    return [built[1] for chosen in words if (built := rule.build(chosen)) is not None]


def of_an_office(app: Flask) -> list[Rule]:
    """The rules whose address names a record that belongs to an office."""
    found = [rule for rule in app.url_map.iter_rules() if hasattr(app.view_functions[rule.endpoint], "guards")]
    return [rule for rule in found if rule.arguments - EVERYBODYS - {"name"} and not rule.arguments & EVERYBODYS]


def test_every_address_with_a_record_is_known_to_these_tests(app: Flask, world: World) -> None:
    named = {name for rule in of_an_office(app) for name in rule.arguments}
    assert named - {"name"} == set(world.ids)


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_record_of_others_is_not_there(
    app: Flask, world: World, browser: Browser, factories: Factories, stranger: str
) -> None:
    role, place = STRANGERS[stranger]
    client = browser.sign_in(factories.user(role, **place)).client
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        for rule in of_an_office(app):
            guards = set(getattr(app.view_functions[rule.endpoint], "guards", ()))
            for address in addresses(rule, world.ids):
                for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                    answer = client.open(address, method=method)
                    expected = 404 if MATRIX[role] & guards else 403
                    assert answer.status_code == expected, f"{method} {address}: {readable(answer)}"
    finally:
        app.config["WTF_CSRF_ENABLED"] = True


@pytest.mark.parametrize("stranger", STRANGERS)
def test_no_list_names_a_record_of_others(
    app: Flask, world: World, browser: Browser, factories: Factories, stranger: str
) -> None:
    role, place = STRANGERS[stranger]
    user = factories.user(role, **place)
    browser.sign_in(user)
    queries = ["", *(f"?q={name}&number={name}&organization_name={name}&state=" for name in world.names)]
    for address in _lists(app, user):
        for query in queries:
            text = browser.get(address + query).text
            shown = [name for name in world.names if name in text]
            assert shown == [], f"{address}{query}"


def _lists(app: Flask, user: User) -> list[str]:
    """The pages without a record in their address that this person may open."""
    pages = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    guards = {rule.rule: getattr(app.view_functions[rule.endpoint], "guards", (PUBLIC,)) for rule in pages}
    held = {permission for permission in Permission if user.actor.can(permission)}
    mine = [rule for rule, found in guards.items() if found == (SIGNED_IN,) or held & set(found)]
    return [rule for rule in mine if not rule.endswith("/new")]


@pytest.mark.parametrize("stranger", ["manager elsewhere", "inspector elsewhere"])
def test_a_record_of_others_cannot_be_named_in_the_query(
    world: World, browser: Browser, factories: Factories, stranger: str
) -> None:
    role, place = STRANGERS[stranger]
    browser.sign_in(factories.user(role, **place))
    company = world.ids["organization_id"]
    readers = ("/plans", "/triggers/new")
    managers = ("/inspections/new", "/dispositions/new", "/duplicates/new", "/plan-applications/new")
    for address in (*readers, *managers):
        allowed = role is Role.MANAGER or address in readers
        browser.get(f"{address}?organization={company}", status=404 if allowed else 403)


def test_neither_side_of_a_joint_inspection_opens_the_others_records(world: World, browser: Browser) -> None:
    ours, theirs = world.ids["order_id"], world.bureaus_order
    for user, own, foreign in ((world.case.officer, theirs, ours), (world.case.manager, ours, theirs)):
        browser.sign_in(user)
        browser.get(f"/orders/{own}")
        for act in ("", "/reply", "/assess", "/extend"):
            browser.get(f"/orders/{foreign}{act}", status=404)
    browser.sign_in(world.case.officer).get(f"/violations/{world.ids['violation_id']}/escalate", status=403)
