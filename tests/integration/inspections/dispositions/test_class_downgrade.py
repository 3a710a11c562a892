"""The change of a general licence to a specific one ex officio (Art. 37(2)), from the proposal to the list."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from imports.exports.layout import layout
from imports.exports.revocations import ListArticle, Selection, entries
from inspections.dispositions import effects, rules, services
from inspections.dispositions.decisions import decide
from inspections.dispositions.models import Disposition
from inspections.dispositions.states import DispositionKind, DispositionState
from organizations.licenses.history import history_of
from organizations.licenses.models import License
from organizations.licenses.states import LicenseClass, LicenseState, TermGround
from organizations.register.states import OrganizationKind
from otit.auth.actors import Actor
from otit.auth.permissions import Role
from otit.errors import RuleViolation
from tests.cases import NOON, REASON, decision, grounds
from tests.factories import TODAY, Factories
from tests.pages import Browser

DOWNGRADE, GROUND = DispositionKind.CLASS_DOWNGRADE, "TIT-37-2@2017-11-01"
DAY = date(2026, 11, 2)


@pytest.fixture
def license(factories: Factories) -> License:
    return factories.license(license_class=LicenseClass.GENERAL, expires_on=date(2029, 5, 31))


def proposed(
    session: Session, actor: Actor, license: License, kind: DispositionKind = DOWNGRADE, ground: str = GROUND
) -> Disposition:
    proposal = services.Proposal(kind=kind, grounds=grounds(ground), reason=REASON, proposed_on=date(2026, 10, 1))
    file = services.propose(session, actor, license.organization, proposal, now=NOON)
    services.submit(session, actor, file, on=date(2026, 10, 5), document_number="", now=NOON)
    return file


def decided(session: Session, actor: Actor, file: Disposition) -> Disposition:
    changes: dict[str, Any] = {"kind": DOWNGRADE, "decided_on": DAY, "effective_on": DAY, "grounds": grounds(GROUND)}
    decide(session, actor, file, decision(**changes), now=NOON)
    return file


def test_it_ends_the_term_and_its_annulment_restores_it(session: Session, manager: Actor, license: License) -> None:
    before = history_of(session, license.id)
    file = decided(session, manager, proposed(session, manager, license))
    effects.take_effect(session, manager, file, now=NOON)
    session.commit()
    assert (license.license_class, license.state, license.expires_on) == (
        LicenseClass.SPECIFIC,
        LicenseState.LICENSED,
        date(2029, 5, 31),
    )
    assert [(term.starts_on, term.ground) for term in history_of(session, license.id)] == [
        (date(2024, 6, 1), TermGround.LICENSED),
        (DAY, TermGround.DOWNGRADED),
    ]
    effects.annul(session, manager, file, on=TODAY, reason="裁決", document_number="", now=NOON)
    session.commit()
    assert (license.license_class, history_of(session, license.id)) == (LicenseClass.GENERAL, before)


def test_an_annulment_after_the_end_of_the_licence_leaves_it(
    session: Session, manager: Actor, license: License
) -> None:
    file = decided(session, manager, proposed(session, manager, license))
    effects.take_effect(session, manager, file, now=NOON)
    license.state, license.closed_on = LicenseState.CLOSED, date(2026, 11, 10)
    session.flush()
    effects.annul(session, manager, file, on=TODAY, reason="裁決", document_number="", now=NOON)
    session.commit()
    assert (license.license_class, file.state) == (LicenseClass.SPECIFIC, DispositionState.ANNULLED)


def test_a_specific_licence_is_neither_proposed_nor_decided_for_it(
    session: Session, manager: Actor, factories: Factories
) -> None:
    specific = factories.license()
    with pytest.raises(RuleViolation) as refusal:
        proposed(session, manager, specific)
    assert (refusal.value.field, refusal.value.citation) == ("kind", "法第37条第2項")
    revocation = proposed(session, manager, specific, DispositionKind.LICENSE_REVOCATION, "TIT-37-1-4@2017-11-01")
    with pytest.raises(RuleViolation) as decided_otherwise:
        decided(session, manager, revocation)
    assert decided_otherwise.value.field == "kind"


def test_the_ministers_may_lower_the_class_where_a_revocation_was_proposed(
    session: Session, manager: Actor, license: License
) -> None:
    file = proposed(session, manager, license, DispositionKind.LICENSE_REVOCATION, "TIT-37-1-4@2017-11-01")
    effects.take_effect(session, manager, decided(session, manager, file), now=NOON)
    session.commit()
    assert (license.state, license.license_class, license.bar_until) == (
        LicenseState.LICENSED,
        LicenseClass.SPECIFIC,
        None,
    )


def test_it_opens_no_bar_and_is_published_under_paragraph_four() -> None:
    assert rules.bar_end(DOWNGRADE, DAY) is None
    found = rules.publication_provision(OrganizationKind.SUPERVISING, DOWNGRADE, DAY)
    assert found is not None
    assert found.code == "TIT-37-4"


def test_it_has_a_list_of_its_own(session: Session, manager: Actor, license: License) -> None:
    effects.take_effect(session, manager, decided(session, manager, proposed(session, manager, license)), now=NOON)
    session.commit()
    selection = Selection(ListArticle.CLASS_DOWNGRADE, 2026, TODAY)
    (entry,) = entries(session, manager, selection)
    assert entry.numbers[0].number == license.number
    assert layout(selection).title == "監理団体に対する特定監理事業への区分の変更（技能実習法第37条第2項）　令和8年度"


def test_the_page_says_what_it_will_do(
    browser: Browser, session: Session, factories: Factories, manager: Actor, license: License
) -> None:
    file = decided(session, manager, proposed(session, manager, license))
    browser.sign_in(factories.user(Role.MANAGER))
    page = browser.get(f"/dispositions/{file.id}/effect")
    assert "一般監理事業から特定監理事業に変更します" in page.text
    done = browser.follow(browser.send(f"/dispositions/{file.id}/effect"))
    assert "効力発生" in done.heading
    shown = browser.get(f"/licenses/{license.id}")
    assert "職権による区分の変更" in shown.text
    assert file.number in shown.text
    assert "一般監理事業に戻ります" in browser.get(f"/dispositions/{file.id}/annulment").text
