"""Acts on applications: from the receipt to the ministers' decision, and what it makes of the licence."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizations.licenses.history import history_of
from organizations.licenses.models import License
from organizations.licenses.states import LicenseClass, LicenseState, TermGround
from organizations.licenses.terms import Term
from organizations.licensing import corrections, decisions, queries, services
from organizations.licensing.corrections import Correction
from organizations.licensing.decisions import Decision
from organizations.licensing.models import LicenseApplication
from organizations.licensing.services import PERMISSION, Request
from organizations.licensing.states import TRANSITIONS, ApplicationAct, ApplicationPurpose, ApplicationState
from organizations.register.models import Officer, Organization
from organizations.register.states import BusinessStatus, OfficerPosition, OrganizationKind, Scheme
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor
from otit.auth.permissions import Permission, Role
from otit.errors import NotPermitted, RuleViolation, StateConflict
from otit.findings import digest, stored
from otit.law.authority import DispositionAuthority
from tests.factories import NOW, TODAY, Factories
from tests.races import collide, settled

NEW, RENEWAL, CHANGE = ApplicationPurpose.NEW, ApplicationPurpose.RENEWAL, ApplicationPurpose.CLASS_CHANGE
GENERAL, SPECIFIC, SUPPORT = LicenseClass.GENERAL, LicenseClass.SPECIFIC, LicenseClass.SUPPORT
MINISTERS = Decision(DispositionAuthority.MOJ_MHLW, TODAY, "架空発1124第1号")


@pytest.fixture
def manager(factories: Factories) -> Actor:
    return factories.user(Role.MANAGER).actor


@pytest.fixture
def union(factories: Factories) -> Organization:
    return factories.organization(OrganizationKind.SUPERVISING)


Taking = Callable[..., LicenseApplication]


@pytest.fixture
def take(session: Session, manager: Actor, union: Organization) -> Taking:
    """An application of the union, its facts found."""

    def make(purpose: ApplicationPurpose = NEW, license_class: LicenseClass = SPECIFIC, **values: Any) -> Any:
        values = {"applied_on": date(2026, 7, 1), **values}
        license = values.get("license")
        owner = license.organization if license else union
        application = services.receive(session, manager, owner, Request(purpose, license_class, **values), now=NOW)
        services.find_facts(session, manager, application, on=date(2026, 10, 1), text="架空の調査", day=TODAY)
        return application

    return make


def grant(session: Session, actor: Actor, application: LicenseApplication, **values: Any) -> License:
    facts = {"years": 3, "valid_from": TODAY, **values}
    decision = confirmed(session, application, facts["years"])
    return decisions.grant(session, actor, application, decision, now=NOW, **facts)


def confirmed(session: Session, application: LicenseApplication, years: int | None = None) -> Decision:
    """The ministers' decision after a look at what there is to look at."""
    return replace(MINISTERS, seen=digest(services.findings_of(session, application, TODAY, years)))


def actions(session: Session) -> list[str]:
    session.commit()
    return list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)))


def test_a_new_licence_bears_the_number_of_its_application_and_has_its_first_term(
    session: Session, manager: Actor, take: Taking, union: Organization
) -> None:
    application = take(number="許2611000077")
    license = grant(session, manager, application)
    assert actions(session) == [
        "license_application.received",
        "license_application.facts_found",
        "license.licensed",
        "license_application.granted",
    ]
    assert (license.number, license.organization_id, license.scheme) == (
        "許2611000077",
        union.id,
        Scheme.TECHNICAL_INTERN_TRAINING,
    )
    assert (license.state, license.licensed_on, license.expires_on) == (
        LicenseState.LICENSED,
        TODAY,
        date(2029, 11, 23),
    )
    assert history_of(session, license.id) == [Term(SPECIFIC, TODAY, date(2029, 11, 23), TermGround.LICENSED)]
    assert (application.state, application.license_id) == (ApplicationState.GRANTED, license.id)
    assert (application.valid_from, application.valid_until) == (TODAY, date(2029, 11, 23))
    assert (application.authority, application.document_number) == ("moj_mhlw", "架空発1124第1号")
    assert application.warnings == []
    assert (application.provision_code, application.provision_from) == ("TIT-23-1", date(2017, 11, 1))


def test_a_renewal_adds_a_term_behind_the_last(
    session: Session, manager: Actor, factories: Factories, take: Taking
) -> None:
    license = factories.license()
    application = take(RENEWAL, license=license)
    assert grant(session, manager, application, years=5, valid_from=None) is license
    session.commit()
    assert license.expires_on == date(2032, 5, 31)
    assert history_of(session, license.id) == [
        Term(SPECIFIC, date(2024, 6, 1), date(2027, 5, 31), TermGround.LICENSED),
        Term(SPECIFIC, date(2027, 6, 1), date(2032, 5, 31), TermGround.RENEWED),
    ]
    assert application.provision_code == "TIT-31"
    # the longer term was shown as something to verify, and is stored as shown
    (stored,) = application.warnings
    assert (stored["params"], stored["citation"]) == ({"years": 5}, "法第31条第1項")


def test_another_class_ends_the_term_the_day_before(
    session: Session, manager: Actor, factories: Factories, take: Taking
) -> None:
    license = factories.license()
    application = take(CHANGE, GENERAL, license=license)
    grant(session, manager, application, years=5)
    session.commit()
    assert (license.license_class, license.expires_on) == (GENERAL, date(2031, 11, 23))
    assert history_of(session, license.id) == [
        Term(SPECIFIC, date(2024, 6, 1), date(2026, 11, 23), TermGround.LICENSED),
        Term(GENERAL, TODAY, date(2031, 11, 23), TermGround.CLASS_CHANGED),
    ]
    assert application.provision_code == "TIT-32-1"
    assert "license.class_changed" in actions(session)


def test_a_body_holds_a_licence_under_each_scheme(
    session: Session, manager: Actor, factories: Factories, union: Organization, take: Taking
) -> None:
    factories.license(union)
    application = take(NEW, SUPPORT)
    with pytest.raises(RuleViolation) as early:
        grant(session, manager, application, valid_from=date(2027, 3, 31))
    assert early.value.field == "valid_from"
    license = grant(session, manager, application, valid_from=date(2027, 4, 1))
    session.commit()
    assert (license.scheme, license.expires_on) == (Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT, date(2030, 3, 31))
    assert (application.provision_code, application.provision_from) == ("ESD-23-1", date(2027, 4, 1))
    assert len(queries.held_by(session, union.id)) == 2


def test_numbers_left_blank_run_on_behind_those_typed(
    session: Session, manager: Actor, factories: Factories, union: Organization
) -> None:
    factories.license(number="許2608000040")
    typed, drawn, next_one, last_year = (
        services.receive(
            session,
            manager,
            factories.organization(OrganizationKind.SUPERVISING),
            Request(NEW, SPECIFIC, on, number),
            now=NOW,
        ).number
        for on, number in (
            (TODAY, "２６１１０００００７"),
            (TODAY, None),
            (TODAY, None),
            (date(2025, 12, 31), None),
        )
    )
    assert (typed, drawn, next_one, last_year) == ("許2611000007", "許2611000041", "許2611000042", "許2511000001")


@pytest.mark.parametrize("number", ["許26110000", "認2611000001", "許2108000001"])
def test_a_number_of_another_shape_or_taken_is_refused(
    session: Session, manager: Actor, factories: Factories, union: Organization, number: str
) -> None:
    factories.license(number="許2108000001")
    with pytest.raises(RuleViolation) as refusal:
        services.receive(session, manager, union, Request(NEW, SPECIFIC, TODAY, number), now=NOW)
    assert refusal.value.field == "number"


def test_one_open_application_for_a_body_and_scheme(
    session: Session, manager: Actor, factories: Factories, union: Organization, take: Taking
) -> None:
    take()
    with pytest.raises(StateConflict):
        take()
    take(NEW, SUPPORT)
    session.commit()
    with pytest.raises(IntegrityError):  # whatever the act has checked, the database keeps it
        factories.application(union)


def test_two_people_take_the_same_application_at_once(
    app: Flask, session: Session, manager: Actor, union: Organization
) -> None:
    key = union.id
    session.commit()

    def receive(own: Session) -> None:
        body = own.get(Organization, key)
        assert body is not None
        services.receive(own, manager, body, Request(NEW, SPECIFIC, TODAY), now=NOW)

    assert collide(app, receive, receive) is not None
    count = settled(session).scalar(sa.select(sa.func.count(LicenseApplication.id)))
    assert count == 1


def test_two_people_decide_at_once_and_one_licence_is_given(
    app: Flask, session: Session, manager: Actor, take: Taking
) -> None:
    key = take().id
    session.commit()

    def give(own: Session) -> None:
        grant(own, manager, queries.get_application(own, manager, key))

    def refuse(own: Session) -> None:
        application = queries.get_application(own, manager, key)
        decisions.refuse(own, manager, application, MINISTERS, reason="架空", now=NOW)

    assert collide(app, give, refuse) is not None
    kept = settled(session).get_one(LicenseApplication, key)
    assert (kept.state, kept.refusal_reason) == (ApplicationState.GRANTED, None)
    assert session.scalar(sa.select(sa.func.count(License.id))) == 1


@pytest.mark.parametrize(
    ("purpose", "license_class", "held", "citation"),
    [
        (CHANGE, SPECIFIC, {}, "法第32条第1項"),  # the class that it has
        (CHANGE, SUPPORT, {}, "法第32条第1項"),  # of the other scheme
        (RENEWAL, GENERAL, {}, "法第31条"),
        (RENEWAL, SPECIFIC, {"state": LicenseState.EXPIRED, "expires_on": date(2026, 9, 30)}, "法第31条"),
        (RENEWAL, SPECIFIC, {"state": LicenseState.CLOSED, "closed_on": date(2026, 9, 30)}, "法第31条"),
        (
            RENEWAL,
            SPECIFIC,
            {
                "state": LicenseState.REVOKED,
                "revoked_on": date(2026, 9, 30),
                "bar_until": date(2031, 9, 29),
            },
            "法第26条第2号",
        ),
    ],
)
def test_what_cannot_be_applied_for_is_refused_with_its_article(
    session: Session,
    manager: Actor,
    factories: Factories,
    purpose: ApplicationPurpose,
    license_class: LicenseClass,
    held: dict[str, Any],
    citation: str,
) -> None:
    license = factories.license(**held)
    request = Request(purpose, license_class, TODAY, license=license)
    with pytest.raises(RuleViolation) as refusal:
        services.receive(session, manager, license.organization, request, now=NOW)
    assert refusal.value.citation == citation


def test_all_that_stands_against_an_application_is_told_at_once(
    session: Session, manager: Actor, factories: Factories
) -> None:
    license = factories.license()
    body = license.organization
    factories.application(body, license=license, purpose=RENEWAL, number="許2611000042")
    body.status = BusinessStatus.CLOSED
    wrong = Request(RENEWAL, GENERAL, date(2027, 6, 1), "許26", license)
    with pytest.raises(RuleViolation) as refusal:
        services.receive(session, manager, body, wrong, now=NOW)
    found = [refusal.value, *refusal.value.others]
    assert [(one.field, getattr(one, "citation", None)) for one in found] == [
        ("license_class", "法第31条"),
        ("applied_on", None),  # in the future
        (None, "法第34条第1項"),
        ("applied_on", "法第31条"),  # after the end of the licence
        ("number", None),
        (None, None),  # another one is open
    ]
    assert "許2611000042" in str(found[-1])


def test_only_supervising_bodies_apply_and_only_for_their_own_licence(
    session: Session, manager: Actor, factories: Factories, union: Organization
) -> None:
    with pytest.raises(RuleViolation):
        services.receive(session, manager, factories.organization(), Request(NEW, SPECIFIC, TODAY), now=NOW)
    others = Request(RENEWAL, SPECIFIC, TODAY, license=factories.license())
    with pytest.raises(RuleViolation):
        services.receive(session, manager, union, others, now=NOW)


def test_what_happened_since_the_application_is_asked_again_at_the_grant(
    session: Session, manager: Actor, factories: Factories, union: Organization, take: Taking
) -> None:
    application = take()
    union.status = BusinessStatus.CLOSED
    session.flush()
    with pytest.raises(RuleViolation) as closed:
        grant(session, manager, application)
    assert closed.value.citation == "法第34条第1項"
    union.status = BusinessStatus.ACTIVE
    other = factories.license(union)
    with pytest.raises(RuleViolation) as beside:
        grant(session, manager, application)
    assert beside.value.citation == "法第23条第1項"
    other.state, other.revoked_on, other.bar_until = LicenseState.REVOKED, date(2026, 9, 1), date(2031, 8, 31)
    session.flush()
    with pytest.raises(RuleViolation) as barred:
        grant(session, manager, application)
    assert (barred.value.field, barred.value.citation) == ("decided_on", "法第26条第2号")
    assert application.state is ApplicationState.FACTS_FOUND


def test_a_renewal_does_not_outlive_its_licence_or_its_class(
    session: Session, manager: Actor, factories: Factories, take: Taking
) -> None:
    general = factories.license(license_class=GENERAL, expires_on=date(2029, 5, 31))
    application = take(RENEWAL, GENERAL, license=general)
    general.license_class = SPECIFIC
    session.flush()
    with pytest.raises(RuleViolation):
        grant(session, manager, application, years=5, valid_from=None)
    ended = factories.license(expires_on=date(2026, 11, 23))
    late = take(RENEWAL, license=ended)
    with pytest.raises(RuleViolation) as refusal:
        grant(session, manager, late, valid_from=None)
    assert refusal.value.citation == "法第31条"


@pytest.mark.parametrize(
    ("valid_from", "years", "field"),
    [
        (date(2026, 11, 25), 5, "valid_from"),  # it is recorded when its day has come
        (date(2026, 11, 23), 5, "valid_from"),  # before its decision
        (None, 5, "valid_from"),
        (TODAY, 3, "years"),
    ],
)
def test_a_change_of_class_has_its_day_and_its_years(
    session: Session,
    manager: Actor,
    factories: Factories,
    take: Taking,
    valid_from: date | None,
    years: int,
    field: str,
) -> None:
    application = take(CHANGE, GENERAL, license=factories.license())
    with pytest.raises(RuleViolation) as refusal:
        grant(session, manager, application, years=years, valid_from=valid_from)
    assert refusal.value.field == field


def test_a_grant_past_a_finding_that_nobody_confirmed_is_refused(
    session: Session, manager: Actor, factories: Factories, take: Taking
) -> None:
    application = take(RENEWAL, license=factories.license())
    usual = confirmed(session, application, 3)
    with pytest.raises(RuleViolation) as refusal:
        decisions.grant(session, manager, application, usual, years=5, valid_from=None, now=NOW)
    assert refusal.value.field == "confirmed"
    decisions.grant(session, manager, application, usual, years=3, valid_from=None, now=NOW)


def test_the_longer_term_of_a_first_licence_is_refused(session: Session, manager: Actor, take: Taking) -> None:
    with pytest.raises(RuleViolation) as refusal:
        grant(session, manager, take(), years=5)
    assert (refusal.value.field, refusal.value.citation) == ("years", "法第31条第1項")


@pytest.mark.parametrize("on", [date(2026, 9, 30), date(2026, 11, 25)])
def test_a_decision_lies_between_the_facts_and_today(session: Session, manager: Actor, take: Taking, on: date) -> None:
    application = take()
    with pytest.raises(RuleViolation) as refusal:
        decisions.refuse(session, manager, application, Decision(MINISTERS.authority, on), reason="架空", now=NOW)
    assert refusal.value.field == "decided_on"


def test_the_wrong_authority_is_refused(session: Session, manager: Actor, take: Taking) -> None:
    wrong = Decision(DispositionAuthority.ISA_MHLW, TODAY)
    application = take()
    with pytest.raises(RuleViolation) as refusal:
        decisions.refuse(session, manager, application, wrong, reason="架空", now=NOW)
    assert refusal.value.field == "authority"


def test_a_refusal_keeps_its_reason_and_what_was_shown(session: Session, manager: Actor, take: Taking) -> None:
    application = take(number="許2508000001")
    with pytest.raises(RuleViolation) as unseen:
        decisions.refuse(session, manager, application, MINISTERS, reason="架空の理由", now=NOW)
    assert unseen.value.field == "confirmed"
    decisions.refuse(session, manager, application, confirmed(session, application), reason="架空の理由", now=NOW)
    session.commit()
    assert (application.state, application.refusal_reason) == (ApplicationState.REFUSED, "架空の理由")
    assert len(application.warnings) == 2
    take()  # nothing is open any more


@pytest.mark.parametrize(("name", "on"), [("facts", date(2026, 6, 30)), ("facts", date(2026, 11, 25))])
def test_facts_lie_between_application_and_today(
    session: Session, manager: Actor, factories: Factories, name: str, on: date
) -> None:
    application = factories.application()
    with pytest.raises(RuleViolation):
        services.find_facts(session, manager, application, on=on, text="架空", day=TODAY)
    with pytest.raises(RuleViolation):
        services.withdraw(session, manager, application, on=on, day=TODAY)
    with pytest.raises(RuleViolation) as refusal:
        services.find_facts(session, manager, application, on=TODAY, text=" ", day=TODAY)
    assert refusal.value.citation == "法第24条第1項"


Doing = Callable[[Session, Actor, LicenseApplication], Any]
ACTS: dict[ApplicationAct, Doing] = {
    ApplicationAct.CORRECT: lambda s, a, one: corrections.correct(
        s,
        a,
        one,
        Correction(one.organization, RENEWAL if one.license else NEW, SPECIFIC, date(2026, 10, 1), one.number),
        now=NOW,
    ),
    ApplicationAct.FIND_FACTS: lambda s, a, one: services.find_facts(s, a, one, on=TODAY, text="架空", day=TODAY),
    ApplicationAct.GRANT: grant,
    ApplicationAct.REFUSE: lambda s, a, one: decisions.refuse(s, a, one, MINISTERS, reason="架空", now=NOW),
    ApplicationAct.WITHDRAW: lambda s, a, one: services.withdraw(s, a, one, on=TODAY, day=TODAY),
}
_FOUND: dict[str, Any] = {"facts_found_on": date(2026, 10, 1), "facts_found": "架空の調査"}
_DECIDED = {**_FOUND, "decided_on": TODAY, "authority": "moj_mhlw"}
EVIDENCE: dict[ApplicationState, dict[str, Any]] = {
    ApplicationState.APPLIED: {},
    ApplicationState.FACTS_FOUND: _FOUND,
    ApplicationState.GRANTED: {**_DECIDED, "valid_from": TODAY, "valid_until": date(2029, 11, 23)},
    ApplicationState.REFUSED: {**_DECIDED, "refusal_reason": "架空"},
    ApplicationState.WITHDRAWN: {"withdrawn_on": TODAY},
}


@pytest.mark.parametrize(("state", "act"), [*product(ApplicationState, ApplicationAct)])
def test_every_act_in_every_state_moves_or_is_refused(
    session: Session, manager: Actor, factories: Factories, state: ApplicationState, act: ApplicationAct
) -> None:
    values = EVIDENCE[state]
    if state is ApplicationState.GRANTED:
        values = {**values, "license": factories.license()}
    application = factories.application(state=state, **values)
    if (state, act) in TRANSITIONS:
        ACTS[act](session, manager, application)
        session.commit()
        assert application.state is TRANSITIONS[state, act]
        return
    with pytest.raises(StateConflict):
        ACTS[act](session, manager, application)
    assert application.state is state


@pytest.mark.parametrize("act", ApplicationAct)
def test_only_permitted_people_of_the_office_in_charge_act(
    session: Session, factories: Factories, act: ApplicationAct
) -> None:
    application = factories.application(state=ApplicationState.FACTS_FOUND, **_FOUND)
    elsewhere = factories.user(Role.MANAGER, office_code="03").actor
    powerless = [actor for role in Role if not (actor := factories.user(role).actor).can(PERMISSION[act])]
    assert len(powerless) >= 4
    for actor in (elsewhere, *powerless):
        with pytest.raises(NotPermitted):
            ACTS[act](session, actor, application)


def test_only_permitted_people_of_the_office_in_charge_take_an_application(
    session: Session, factories: Factories, union: Organization
) -> None:
    elsewhere = factories.user(Role.MANAGER, office_code="03").actor
    powerless = [a for role in Role if not (a := factories.user(role).actor).can(Permission.MAINTAIN_REGISTERS)]
    for actor in (elsewhere, *powerless):
        with pytest.raises(NotPermitted):
            services.receive(session, actor, union, Request(NEW, SPECIFIC, TODAY), now=NOW)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "granted"},
        {"decided_on": TODAY},
        {"state": "withdrawn"},
        {"state": "facts_found"},
        {"state": "withdrawn", "withdrawn_on": date(2026, 6, 30)},
        {"license_class": SUPPORT, "scheme": Scheme.TECHNICAL_INTERN_TRAINING},
        {"license_class": SUPPORT, "applied_on": date(2026, 4, 14)},
        {"purpose": RENEWAL},
    ],
)
def test_the_database_keeps_each_state_with_its_evidence(factories: Factories, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        factories.application(**values)


def test_the_database_has_no_licence_of_a_scheme_before_it_begins(factories: Factories) -> None:
    support = {"license_class": SUPPORT, "scheme": Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT}
    with pytest.raises(IntegrityError):
        factories.license(**support, licensed_on=date(2027, 3, 31), expires_on=date(2030, 3, 30))


@pytest.mark.parametrize("revoked_on", [date(2025, 6, 1), date(2026, 9, 1)])
def test_an_officer_with_the_name_of_a_barred_one_is_pointed_out_before_the_decision(
    session: Session, manager: Actor, factories: Factories, take: Taking, union: Organization, revoked_on: date
) -> None:
    """Also of one barred while the application waited, since the decision counts."""
    since = date(2020, 4, 1)
    revoked = {"state": LicenseState.REVOKED, "revoked_on": revoked_on, "bar_until": date(2030, 5, 31)}
    barred = factories.license(**revoked).organization
    for body in (barred, union):
        named = {"name": "架空　再子", "name_key": "架空再子", "position": OfficerPosition.DIRECTOR}
        factories.add(Officer(organization_id=body.id, starts_on=since, **named))
    application = take()
    shown = [one for one in services.findings_of(session, application, TODAY) if one.params.get("name") == "架空　再子"]
    assert [(one.params["organization"], one.citation) for one in shown] == [(barred.name, "法第26条第5号")]
    decisions.refuse(session, manager, application, confirmed(session, application), reason="架空の理由", now=NOW)
    assert stored(shown)[0] in application.warnings
