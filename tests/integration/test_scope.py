"""Who belongs to another office or another bureau finds nothing: not by address, not in a list, not in a count. The
tests walk the URL map, so that a new endpoint is in them from its first day."""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.routing.converters import AnyConverter

from inspections.joint import services as joint
from inspections.orders.issuing import Draft
from inspections.orders.states import Instrument
from inspections.violations.queries import violations_of
from organizations.plans.models import TrainingPlan
from organizations.register.states import OrganizationKind
from otit.auth.access import PUBLIC, SIGNED_IN
from otit.auth.models import User
from otit.auth.permissions import MATRIX, Role
from tests.cases import first_company, proposed
from tests.factories import NOW, TODAY, Factories
from tests.field_work import PREMIUM, VISITED, Case
from tests.pages import Browser, readable

# Records that belong to no office: who has the permission sees every one (of kept lists: with whom they are shared).
EVERYBODYS = {"report_id", "sending_id", "user_id", "batch_id", "run_id", "kind", "locale", "saved_id"}
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
    company = first_company(factories)
    plans = list(session.scalars(sa.select(TrainingPlan).order_by(TrainingPlan.number)))
    file = proposed(session, case.manager.actor, company, plans)
    session.commit()
    ids = {
        "organization_id": company.id,
        "license_id": license.id,
        "plan_id": plans[0].id,
        "disposition_id": file.id,
        "inspection_id": case.inspection.id,
        "order_id": order.id,
        "violation_id": case.violations()[0].id,
    }
    numbers = (case.inspection.number, order.number, theirs.number, file.number, plans[0].number, license.number or "")
    names = (case.organization.name, company.name, "架空松山協同組合", *numbers)
    return World(case, ids, theirs.id, names)


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
    mine = [rule for rule, found in guards.items() if found == (SIGNED_IN,) or MATRIX[user.role] & set(found)]
    return [rule for rule in mine if not rule.endswith("/new")]


@pytest.mark.parametrize("stranger", ["manager elsewhere", "inspector elsewhere"])
def test_a_record_of_others_cannot_be_named_in_the_query(
    world: World, browser: Browser, factories: Factories, stranger: str
) -> None:
    role, place = STRANGERS[stranger]
    browser.sign_in(factories.user(role, **place))
    company = world.ids["organization_id"]
    for address in ("/plans", "/inspections/new", "/dispositions/new"):
        allowed = role is Role.MANAGER or address == "/plans"
        browser.get(f"{address}?organization={company}", status=404 if allowed else 403)


def test_neither_side_of_a_joint_inspection_opens_the_others_records(world: World, browser: Browser) -> None:
    ours, theirs = world.ids["order_id"], world.bureaus_order
    for user, own, foreign in ((world.case.officer, theirs, ours), (world.case.manager, ours, theirs)):
        browser.sign_in(user)
        browser.get(f"/orders/{own}")
        for act in ("", "/reply", "/assess", "/extend"):
            browser.get(f"/orders/{foreign}{act}", status=404)
    browser.sign_in(world.case.officer).get(f"/violations/{world.ids['violation_id']}/escalate", status=403)
