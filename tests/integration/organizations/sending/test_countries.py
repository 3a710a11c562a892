"""The countries of the memoranda: figures in the reader's scope, focal points; and who warns of a body."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from organizations.plans.states import PlanCategory, PlanState
from organizations.register.states import OrganizationKind
from organizations.relations.models import Supervision
from organizations.sending import services
from organizations.sending.countries import MOC_COUNTRIES
from organizations.sending.figures import CountryFigures, figures_by_country, plans_through, supervisions_through
from organizations.sending.focal_points import FocalPointDetails, add_focal_point, end_focal_point
from organizations.sending.models import FocalPoint
from organizations.sending.queries import ANNOUNCED, APPROVAL_ENDED, SUSPENDED, warnings_for
from otit.audit.models import AuditEvent
from otit.auth.permissions import Role
from otit.db import db
from otit.errors import NotFound, NotPermitted
from tests.factories import TODAY, Factories
from tests.pages import Browser

URL = "/sending-organizations/countries"


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    found: list[str] = []

    def note(connection, cursor, statement, *rest):
        found.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield found
    sa.event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def desk(factories: Factories):
    return factories.user(Role.INTERNATIONAL)


@pytest.fixture
def body(session: Session, factories: Factories):
    """A body of Viet Nam with two plans in force in Ehime and one in Osaka, and one plan that is over."""
    body = factories.sending_organization(approved_on=date(2020, 4, 1))
    here, there = factories.organization(name="株式会社松山架空"), factories.organization(prefecture_code="27")
    union = factories.organization(OrganizationKind.SUPERVISING, name="架空監理協同組合", prefecture_code="27")
    group = {"category": PlanCategory.D, "supervising_organization_id": union.id, "sending_organization_id": body.id}
    for owner in (here, here, there):
        factories.plan(owner, **group)
    factories.plan(there, **group, state=PlanState.COMPLETED, ended_on=date(2026, 5, 1))
    factories.plan(there, **group, ends_on=date(2026, 11, 23))
    factories.add(
        Supervision(
            implementing_organization_id=there.id,
            supervising_organization_id=union.id,
            sending_organization_id=body.id,
            starts_on=date(2024, 4, 1),
        )
    )
    session.commit()
    return body


def test_figures_are_of_the_day_and_plans_of_the_readers_scope(session: Session, factories: Factories, desk, body):
    factories.sending_organization(approved_on=date(2020, 4, 1), approval_ended_on=date(2026, 11, 23))
    factories.sending_organization(country="KHM", number="KHM000001", approved_on=TODAY, approval_ended_on=TODAY)
    services.suspend_acceptance(session, desk.actor, body, starts_on=TODAY, reason="架空")
    assert figures_by_country(session, desk.actor, TODAY) == {
        "VNM": CountryFigures(2, 1, 1, 3),
        "KHM": CountryFigures(1, 1, 0, 0),
    }
    before = figures_by_country(session, desk.actor, date(2026, 11, 23))
    assert before["VNM"] == CountryFigures(2, 2, 0, 4)
    matsuyama, osaka, sapporo = (factories.user(Role.READ_ONLY, office_code=code).actor for code in ("11", "08", "01"))
    plans = [figures_by_country(session, actor, TODAY)["VNM"].plans for actor in (matsuyama, osaka, sapporo)]
    assert plans == [2, 3, 0]


def test_plans_and_contracts_through_a_body_are_those_of_the_readers_scope(
    session: Session, factories: Factories, desk, body
):
    everything = plans_through(session, desk.actor, body.id, TODAY)
    assert (everything.plans, everything.organizations, [row.plans for row in everything.rows]) == (3, 2, [2, 1])
    matsuyama = factories.user(Role.READ_ONLY, office_code="11").actor
    mine = plans_through(session, matsuyama, body.id, TODAY)
    assert (mine.plans, mine.organizations, [row.name for row in mine.rows]) == (2, 1, ["株式会社松山架空"])
    assert [row.supervising_name for row in supervisions_through(session, desk.actor, body.id)] == ["架空監理協同組合"]
    assert supervisions_through(session, matsuyama, body.id) == []


def test_the_page_lists_all_countries_and_says_what_is_not_confirmed(
    app: Flask, browser: Browser, factories: Factories, session: Session, desk, body
):
    add_focal_point(session, desk.actor, "VNM", FocalPointDetails("架空の省", date(2020, 1, 1)))
    browser.sign_in(desk)
    page = browser.get(URL)
    assert len([cell for cell in page.all("th") if cell.get("scope") == "row"]) == len(MOC_COUNTRIES) == 15
    assert "平成29年6月6日" in page.text
    assert "架空の省" in page.text
    assert "遅くとも令和6年1月18日まで" in page.text
    assert page.text.count("日は未確認") == 12
    with counted(app) as statements:
        browser.get(URL)
    assert len(statements) <= 5, statements
    with counted(app) as statements:
        page = browser.get(f"/sending-organizations/{body.id}")
    assert "認定中の計画は3件、実習実施者は2者です。" in page.text
    assert "架空監理協同組合" in page.text
    assert len(statements) <= 9, statements


def test_focal_points_are_added_corrected_and_ended(browser: Browser, factories: Factories, session: Session, desk):
    browser.sign_in(desk)
    data = {"body": "架空の省", "email": "desk@example.org", "starts_on": "R8.4.1"}
    page = browser.follow(browser.send(f"{URL}/KHM/focal-points/new", data))
    assert "架空の省" in page.text
    point = session.scalars(sa.select(FocalPoint)).one()
    url = f"/sending-organizations/focal-points/{point.id}"
    browser.send(url, {**data, "body": "架空の労働省"})
    assert "始まりの日より前" in browser.send(f"{url}/end", {"ends_on": "R8.3.31"}, status=422).get_data(as_text=True)
    page = browser.follow(browser.send(f"{url}/end", {"ends_on": "R8.11.23"}))
    assert "連絡先ではない" in page.text
    assert "既に終わっています" in browser.send(f"{url}/end", {"ends_on": "R8.11.23"}, status=422).get_data(
        as_text=True
    )
    late = browser.send(url, {**data, "starts_on": "R8.11.24"}, status=422)
    assert "より後の日付" in late.get_data(as_text=True)
    actions = session.scalars(sa.select(AuditEvent.action).where(AuditEvent.subject_type == "focal_points"))
    assert sorted(actions) == ["focal_point.added", "focal_point.corrected", "focal_point.ended"]
    session.expire_all()
    assert (point.body, point.email, point.ends_on) == ("架空の労働省", "desk@example.org", date(2026, 11, 23))


def test_only_countries_with_a_memorandum_have_focal_points_and_only_the_desk_maintains_them(
    browser: Browser, factories: Factories, session: Session, desk
):
    details = FocalPointDetails("架空の省", TODAY)
    with pytest.raises(NotFound):
        add_focal_point(session, desk.actor, "CHN", details)
    point = add_focal_point(session, desk.actor, "VNM", details)
    reader = factories.user(Role.MANAGER)
    with pytest.raises(NotPermitted):
        add_focal_point(session, reader.actor, "VNM", details)
    with pytest.raises(NotPermitted):
        end_focal_point(session, reader.actor, point, ends_on=TODAY)
    browser.sign_in(reader)
    browser.get(f"{URL}/VNM")
    browser.get(f"{URL}/CHN", status=404)
    for url in (f"{URL}/VNM/focal-points/new", f"/sending-organizations/focal-points/{point.id}"):
        browser.get(url, status=403)


def test_whoever_names_a_body_is_warned_of_it_in_one_statement(
    app: Flask, session: Session, factories: Factories, desk
):
    suspended, announced, ended, sound, released = (factories.sending_organization() for _ in range(5))
    for body, day in ((suspended, TODAY), (announced, date(2026, 12, 1)), (released, date(2021, 8, 1))):
        services.suspend_acceptance(session, desk.actor, body, starts_on=day, reason="架空の理由")
    services.release_acceptance(session, desk.actor, released, ends_on=date(2022, 2, 1))
    ended.approval_ended_on = date(2026, 11, 23)
    session.flush()
    bodies = (suspended, announced, ended, sound, released)
    with counted(app) as statements:
        found = warnings_for(session, [None, *(body.id for body in bodies)], TODAY)
    assert len(statements) == 1
    assert {(warning.sending_id, warning.message) for warning in found} == {
        (suspended.id, SUSPENDED),
        (announced.id, ANNOUNCED),
        (ended.id, APPROVAL_ENDED),
    }
    first = next(warning for warning in found if warning.sending_id == suspended.id)
    assert first.params == {"name": suspended.name, "start": TODAY, "reason": "架空の理由"}
    assert first.citation is not None
    assert [w.message for w in warnings_for(session, [ended.id], date(2026, 11, 23))] == []
    assert [w.message for w in warnings_for(session, [released.id], date(2022, 2, 1))] == [SUSPENDED]
    assert warnings_for(session, [None], TODAY) == []


def test_the_warnings_are_drawn_by_one_macro(app: Flask, session: Session, factories: Factories, desk):
    body = factories.sending_organization(name="Imaginary Manpower")
    services.suspend_acceptance(session, desk.actor, body, starts_on=TODAY, reason="架空の理由")
    with app.test_request_context():
        macro = app.jinja_env.get_template("organizations/sending/_warnings.html").make_module(
            {"may_open": lambda endpoint: True}
        )
        drawn = macro.sending_warnings(warnings_for(session, [body.id], TODAY))
    assert "Imaginary Manpower" in drawn
    assert "法第9条第6号" in drawn
    assert f"/sending-organizations/{body.id}" in drawn
