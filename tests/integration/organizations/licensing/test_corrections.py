"""An application for a licence is put right until it is decided: by the rules of its receipt, and on record."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.licenses.states import LicenseClass, LicenseState, Scheme
from organizations.licensing import decisions, services
from organizations.licensing.corrections import Correction, correct
from organizations.licensing.decisions import Decision
from organizations.licensing.models import LicenseApplication
from organizations.licensing.states import ApplicationPurpose, ApplicationState
from organizations.register.models import Organization
from organizations.register.states import BusinessStatus, OrganizationKind
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor
from otit.auth.permissions import Permission, Role
from otit.errors import NotPermitted, RuleViolation, StateConflict
from otit.law.authority import DispositionAuthority
from tests.cases import statements
from tests.factories import NOW, TODAY, Factories
from tests.pages import Browser

NEW, RENEWAL, CHANGE = ApplicationPurpose.NEW, ApplicationPurpose.RENEWAL, ApplicationPurpose.CLASS_CHANGE
GENERAL, SPECIFIC, SUPPORT = LicenseClass.GENERAL, LicenseClass.SPECIFIC, LicenseClass.SUPPORT
FOUND: dict[str, Any] = {
    "state": ApplicationState.FACTS_FOUND,
    "facts_found_on": date(2026, 10, 1),
    "facts_found": "架空の調査",
}


@pytest.fixture
def manager(factories: Factories) -> Actor:
    return factories.user(Role.MANAGER).actor


@pytest.fixture
def union(factories: Factories) -> Organization:
    return factories.organization(OrganizationKind.SUPERVISING, name="架空松山協同組合")


@pytest.fixture
def application(factories: Factories, union: Organization) -> LicenseApplication:
    return factories.application(union, number="許2611000042")


def recorded(application: LicenseApplication) -> Correction:
    facts = application.license_class, application.applied_on, application.number
    return Correction(application.organization, application.purpose, *facts)


def events(session: Session) -> list[AuditEvent]:
    session.commit()
    action = AuditEvent.action == "license_application.corrected"
    return list(session.scalars(sa.select(AuditEvent).where(action).order_by(AuditEvent.id)))


@pytest.mark.parametrize("values", [{}, FOUND])
def test_number_day_and_class_are_put_right_and_on_record_once(
    session: Session, manager: Actor, factories: Factories, union: Organization, values: dict[str, Any]
) -> None:
    application = factories.application(union, number="許2611000042", **values)
    right = Correction(union, NEW, GENERAL, date(2026, 6, 30), "２６１１００００２４号")
    assert correct(session, manager, application, right, now=NOW)
    (event,) = events(session)
    assert event.changes == {
        "number": ["許2611000042", "許2611000024"],
        "license_class": ["specific", "general"],
        "applied_on": ["2026-07-01", "2026-06-30"],
    }
    assert event.actor == manager.audit_name
    assert application.state is values.get("state", ApplicationState.APPLIED)


def test_nothing_is_recorded_when_nothing_has_changed(
    session: Session, manager: Actor, application: LicenseApplication
) -> None:
    session.commit()
    version = application.version
    assert not correct(session, manager, application, recorded(application), now=NOW)
    assert events(session) == []
    assert application.version == version


def test_a_number_left_blank_is_drawn_as_at_the_receipt(
    session: Session, manager: Actor, application: LicenseApplication
) -> None:
    correct(session, manager, application, replace(recorded(application), number=None), now=NOW)
    assert application.number == "許2611000043"


def test_another_body_brings_its_office_and_its_licence(
    session: Session, manager: Actor, factories: Factories, application: LicenseApplication
) -> None:
    other = factories.organization(OrganizationKind.SUPERVISING, prefecture_code="13")
    factories.license(other, state=LicenseState.EXPIRED, licensed_on=date(2020, 6, 1), expires_on=date(2023, 5, 31))
    license = factories.license(other)
    right = Correction(other, RENEWAL, SPECIFIC, date(2026, 7, 1), application.number)
    correct(session, manager, application, right, now=NOW)
    session.commit()
    assert (application.organization, application.license) == (other, license)
    assert (application.purpose, application.provision_code) == (RENEWAL, "TIT-31")
    correct(session, manager, application, replace(right, purpose=CHANGE, license_class=GENERAL), now=NOW)
    session.commit()
    assert (application.license_id, application.provision_code) == (license.id, "TIT-32-1")


def test_a_renewal_that_was_a_new_application_names_no_licence(
    session: Session, manager: Actor, factories: Factories
) -> None:
    license = factories.license()
    application = factories.application(license=license, provision_code="TIT-31")
    right = Correction(license.organization, NEW, SUPPORT, date(2026, 7, 1), application.number)
    correct(session, manager, application, right, now=NOW)
    session.commit()
    assert (application.license, application.scheme) == (None, Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT)
    assert (application.provision_code, application.provision_from) == ("ESD-23-1", date(2027, 4, 1))


Wrong = Callable[[Factories, Organization], dict[str, Any]]


def _closed(factories: Factories, _union: Organization) -> dict[str, Any]:
    return {"organization": factories.organization(OrganizationKind.SUPERVISING, status=BusinessStatus.CLOSED)}


def _licensed(factories: Factories, union: Organization) -> dict[str, Any]:
    factories.license(union)
    return {}


def _ended(factories: Factories, union: Organization) -> dict[str, Any]:
    factories.license(union, state=LicenseState.EXPIRED, expires_on=date(2026, 6, 1))
    return {"purpose": RENEWAL}


def _taken(factories: Factories, _union: Organization) -> dict[str, Any]:
    return {"number": factories.application().number}


def _general(factories: Factories, union: Organization) -> dict[str, Any]:
    factories.license(union, license_class=GENERAL)
    return {"purpose": RENEWAL}


WRONG: list[tuple[Wrong, str | None, str | None]] = [
    (lambda _f, _u: {"number": "許26"}, "number", None),
    (_taken, "number", None),
    (lambda _f, _u: {"applied_on": date(2026, 11, 25)}, "applied_on", None),
    (lambda _f, _u: {"applied_on": date(2026, 10, 2)}, "applied_on", "法第24条第1項"),  # the facts were found before
    (  # the facts were found of another body
        lambda f, _u: {"organization": f.organization(OrganizationKind.SUPERVISING)},
        "organization",
        "法第24条第1項",
    ),
    (
        lambda _f, _u: {"license_class": SUPPORT, "applied_on": date(2026, 4, 14)},
        "applied_on",
        "令和6年法律第60号附則第5条",
    ),
    (lambda f, _u: {"organization": f.organization()}, None, "法第23条第1項"),  # supervises nobody
    (_closed, None, "法第34条第1項"),
    (_licensed, "license_class", "法第23条第1項"),
    (lambda _f, _u: {"purpose": RENEWAL}, "purpose", "法第23条第1項"),  # it has no licence
    (_ended, "applied_on", "法第31条"),
    (_general, "license_class", "法第31条"),  # renewal keeps the class
]


@pytest.mark.parametrize(("wrong", "field", "citation"), WRONG)
def test_what_could_not_be_received_cannot_be_corrected_to(
    session: Session,
    manager: Actor,
    factories: Factories,
    union: Organization,
    wrong: Wrong,
    field: str | None,
    citation: str | None,
) -> None:
    application = factories.application(union, **FOUND)
    right = replace(recorded(application), **wrong(factories, union))
    session.commit()
    with pytest.raises(RuleViolation) as refusal:
        correct(session, manager, application, right, now=NOW)
    assert (refusal.value.field, refusal.value.citation) == (field, citation)
    session.rollback()
    assert events(session) == []


def test_one_open_application_for_a_body_and_scheme(
    session: Session, manager: Actor, factories: Factories, application: LicenseApplication
) -> None:
    busy = factories.application().organization
    with pytest.raises(StateConflict):
        correct(session, manager, application, replace(recorded(application), organization=busy), now=NOW)


def test_what_is_decided_or_withdrawn_stays_as_it_is(session: Session, manager: Actor, factories: Factories) -> None:
    withdrawn, refused, granted = (
        factories.application(),
        factories.application(**FOUND),
        factories.application(**FOUND),
    )
    services.withdraw(session, manager, withdrawn, on=TODAY, day=TODAY)
    ministers = Decision(DispositionAuthority.MOJ_MHLW, TODAY)
    decisions.refuse(session, manager, refused, ministers, reason="架空", now=NOW)
    decisions.grant(session, manager, granted, ministers, years=3, valid_from=TODAY, now=NOW)
    for application in (withdrawn, refused, granted):
        with pytest.raises(StateConflict):
            correct(session, manager, application, recorded(application), now=NOW)


def test_only_permitted_people_of_both_offices_correct(
    session: Session, factories: Factories, application: LicenseApplication
) -> None:
    elsewhere, here = (factories.user(Role.MANAGER, office_code=code).actor for code in ("03", "11"))
    powerless = [a for role in Role if not (a := factories.user(role).actor).can(Permission.MAINTAIN_REGISTERS)]
    for actor in (elsewhere, *powerless):
        with pytest.raises(NotPermitted):
            correct(session, actor, application, recorded(application), now=NOW)
    far = factories.organization(OrganizationKind.SUPERVISING, prefecture_code="13")
    with pytest.raises(NotPermitted):
        correct(session, here, application, replace(recorded(application), organization=far), now=NOW)
    assert correct(session, here, application, replace(recorded(application), license_class=GENERAL), now=NOW)


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(browser: Browser, factories: Factories) -> Browser:
    return browser.sign_in(factories.user(Role.MANAGER, office_code="11", display_name="架空　訂子"))


def shown(desk: Browser, url: str) -> dict[str, str]:
    """What the form is filled with."""
    page, values = desk.get(url), {}
    for name in ("organization", "applied_on", "number"):
        field = page.by_id(name)
        assert field is not None
        values[name] = field.get("value") or ""
    for name in ("purpose", "license_class"):
        field = page.by_id(name)
        assert field is not None
        values[name] = next(one.get("value") or "" for one in field.iter() if one.get("selected") is not None)
    return values


def test_the_form_is_filled_and_what_is_put_right_is_shown(
    desk: Browser, session: Session, application: LicenseApplication
) -> None:
    own = f"/license-applications/{application.id}"
    url = f"{own}/correction"
    links = {link.get("href"): "".join(link.itertext()) for link in desk.get(own).all("a")}
    assert links[url] == "申請の記録を訂正する"
    filled = shown(desk, url)
    assert filled == {
        "organization": "架空松山協同組合",
        "purpose": "new",
        "license_class": "specific",
        "applied_on": "2026-07-01",
        "number": "許2611000042",
    }
    page = desk.follow(desk.send(url, {**filled, "applied_on": "令和8年6月30日", "number": "2611000024"}))
    assert page.heading.startswith("許2611000024 新規の許可")
    for words in ("申請の記録を訂正しました", "令和8年6月30日"):
        assert words in page.text
    page = desk.follow(desk.send(url, shown(desk, url)))
    assert "何も変更していません" in page.text
    assert len(events(session)) == 1


def test_the_page_tells_how_the_application_was_put_right_the_latest_first(
    desk: Browser, session: Session, factories: Factories, application: LicenseApplication
) -> None:
    own = f"/license-applications/{application.id}"
    with statements() as sent:
        assert "訂正の記録" not in desk.get(own).text
    never = len(sent)
    other = factories.organization(OrganizationKind.SUPERVISING, name="架空高知協同組合")
    filled = shown(desk, f"{own}/correction")
    desk.send(f"{own}/correction", {**filled, "number": "2611000024"})
    desk.send(
        f"{own}/correction", {**filled, "number": "2611000024", "organization": other.name, "applied_on": "2026-06-30"}
    )
    with statements() as sent:
        page = desk.get(own)
    assert len(sent) <= never + 2  # who did it, and the bodies that are named
    _facts, told = page.text.split("訂正の記録")
    latest, first = told.split("架空 訂子")[1:]
    for words in ("団体：", "架空松山協同組合", "架空高知協同組合", "申請日：", "令和8年7月1日", "令和8年6月30日"):
        assert words in latest
    assert ("許2611000042" in first, "許2611000024" in first) == (True, True)
    assert "架空 訂子" in desk.sign_in(factories.user(Role.READ_ONLY)).get(own).text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"organization": "架空の知らない組合"}, "登録されていないか、担当外です"),
        ({"organization": "架空東京協同組合"}, "登録されていないか、担当外です"),
        ({"organization": ""}, "入力してください"),
        ({"purpose": "renewal"}, "この制度の許可がありません"),
        ({"license_class": ""}, "入力してください"),
        ({"applied_on": "2026-11-25"}, "未来の日付は登録できません"),
        ({"applied_on": ""}, "入力してください"),
        ({"number": "26"}, "10桁の数字です"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_changed(
    desk: Browser,
    session: Session,
    factories: Factories,
    application: LicenseApplication,
    wrong: dict[str, str],
    words: str,
) -> None:
    factories.organization(OrganizationKind.SUPERVISING, name="架空東京協同組合", prefecture_code="13")
    url = f"/license-applications/{application.id}/correction"
    answer = desk.send(url, {**shown(desk, url), **wrong}, status=422)
    assert words in answer.get_data(as_text=True)
    assert events(session) == []


def test_of_bodies_of_one_name_the_recorded_one_is_marked_and_another_can_be_chosen(
    desk: Browser, session: Session, factories: Factories, union: Organization, application: LicenseApplication
) -> None:
    twin = factories.organization(OrganizationKind.SUPERVISING, name=union.name)
    url = f"/license-applications/{application.id}/correction"
    chosen = [one.get("value") for one in desk.get(url).all("input") if one.get("checked") is not None]
    assert chosen == [str(union.id)]
    filled = shown(desk, url)
    desk.send(url, filled, status=422)
    desk.follow(desk.send(url, {**filled, "organization_choice": str(twin.id)}))
    session.refresh(application)
    assert application.organization_id == twin.id


def test_the_second_of_two_people_sees_what_the_first_has_put_right(
    browser: Browser, desk: Browser, session: Session, factories: Factories, application: LicenseApplication
) -> None:
    other = factories.organization(OrganizationKind.SUPERVISING, name="架空高知協同組合")
    url = f"/license-applications/{application.id}/correction"
    form = desk.get(url)
    old = {name: form.hidden(name, "") for name in ("csrf_token", "version", "once")}
    filled = shown(desk, url)
    desk.send(url, {**filled, "organization": other.name, "number": "2611000024"})
    answer = desk.client.post(url, data={**filled, **old, "applied_on": "2026-06-30"}).get_data(as_text=True)
    for words in (
        "ほかの人がこの記録を変更しました",
        "架空　訂子",
        "団体：",
        "架空高知協同組合",
        "許2611000024",
        'value="2026-06-30"',
    ):
        assert words in answer
    assert "provision" not in answer
    session.refresh(application)
    assert application.applied_on == date(2026, 7, 1)


def test_who_may_not_or_no_longer_is_offered_nothing(
    browser: Browser, factories: Factories, application: LicenseApplication
) -> None:
    withdrawn = factories.application(state=ApplicationState.WITHDRAWN, withdrawn_on=TODAY)
    browser.sign_in(factories.user(Role.READ_ONLY))
    assert "訂正する" not in browser.get(f"/license-applications/{application.id}").text
    browser.get(f"/license-applications/{application.id}/correction", status=403)
    browser.sign_in(factories.user(Role.MANAGER))
    assert "訂正する" not in browser.get(f"/license-applications/{withdrawn.id}").text
    browser.get(f"/license-applications/{withdrawn.id}/correction", status=409)
    browser.sign_in(factories.user(Role.MANAGER, office_code="03"))
    browser.get(f"/license-applications/{application.id}/correction", status=404)
