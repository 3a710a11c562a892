"""Two orders to suspend one business: told when the second one is drafted and decided, and confirmed by a person."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.dispositions import services
from inspections.dispositions.decisions import decide
from inspections.dispositions.models import Disposition
from inspections.dispositions.states import DispositionKind, DispositionState
from inspections.dispositions.suspensions import review_decision, review_proposal
from organizations.licenses.models import License
from organizations.register.states import OrganizationKind
from organizations.relations.services import Contract, review
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor
from otit.auth.permissions import Role
from otit.errors import RuleViolation
from otit.findings import digest
from tests.cases import NOON, REASON, decision, grounds, statements
from tests.factories import TODAY, Factories
from tests.pages import Browser, Page

SUSPENSION, GROUND = DispositionKind.BUSINESS_SUSPENSION, "TIT-37-1-4@2017-11-01"
SPRING = {"effective_on": date(2027, 2, 1), "suspension_until": date(2027, 3, 31)}


@pytest.fixture
def license(factories: Factories) -> License:
    return factories.license()


def submitted(session: Session, actor: Actor, license: License, *, seen: str = "") -> Disposition:
    facts = {"grounds": grounds(GROUND), "reason": REASON, "proposed_on": date(2026, 10, 1), "seen": seen}
    proposal = services.Proposal(kind=SUSPENSION, **facts)
    file = services.propose(session, actor, license.organization, proposal, now=NOON)
    services.submit(session, actor, file, on=date(2026, 10, 5), document_number="", now=NOON)
    return file


def decided(session: Session, actor: Actor, file: Disposition, **changes: Any) -> None:
    day = date(2026, 11, 2)
    facts = {"kind": SUSPENSION, "decided_on": day, "grounds": grounds(GROUND), **changes}
    decide(session, actor, file, decision(**facts), now=NOON)


def second(session: Session, actor: Actor, license: License) -> Disposition:
    """Drafted knowing of the first."""
    found = review_proposal(session, license.organization, SUSPENSION)
    return submitted(session, actor, license, seen=digest(found))


def test_a_second_draft_is_confirmed_and_leaves_its_trace(session: Session, manager: Actor, license: License) -> None:
    first = submitted(session, manager, license)
    with pytest.raises(RuleViolation) as refusal:
        submitted(session, manager, license)
    assert refusal.value.field == "confirmed"
    (found,) = review_proposal(session, license.organization, SUSPENSION)
    assert found.params == {"number": first.number, "state": DispositionState.SUBMITTED}
    assert found.citation is None
    second(session, manager, license)
    session.commit()
    events = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "disposition.propose").order_by(AuditEvent.id)
    )
    assert [event.detail.get("findings") for event in events] == [None, ["second-suspension"]]


@pytest.mark.parametrize(
    ("effective_on", "until", "overlaps"),
    [
        (date(2027, 3, 31), date(2027, 5, 31), True),
        (date(2027, 1, 1), date(2027, 2, 1), True),
        (date(2027, 4, 1), date(2027, 5, 31), False),
        (date(2027, 1, 1), date(2027, 1, 31), False),
    ],
)
def test_orders_that_overlap_are_confirmed_at_the_decision(
    session: Session, manager: Actor, license: License, effective_on: date, until: date, overlaps: bool
) -> None:
    first = submitted(session, manager, license)
    file = second(session, manager, license)
    decided(session, manager, first, **SPRING)
    days = {"effective_on": effective_on, "suspension_until": until}
    found = review_decision(session, file, SUSPENSION, effective_on, until)
    assert [one.params["number"] for one in found] == ([first.number] if overlaps else [])
    if overlaps:
        with pytest.raises(RuleViolation) as refusal:
            decided(session, manager, file, **days)
        assert refusal.value.field == "confirmed"
    decided(session, manager, file, **days, seen=digest(found))
    session.commit()
    event = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert event.detail.get("findings") == (["overlapping-suspension"] if overlaps else None)


def test_an_annulled_order_and_another_kind_overlap_nothing(session: Session, manager: Actor, license: License) -> None:
    first = submitted(session, manager, license)
    file = second(session, manager, license)
    decided(session, manager, first, **SPRING)
    days = SPRING["effective_on"], SPRING["suspension_until"]
    with statements() as sent:
        assert review_decision(session, file, DispositionKind.IMPROVEMENT_ORDER, *days) == []
        assert review_decision(session, file, SUSPENSION, days[0], None) == []
    assert list(sent) == []
    with statements() as sent:
        assert len(review_decision(session, file, SUSPENSION, *days)) == 1
    assert len([one for one in sent if one.startswith("SELECT")]) == 1
    first.state, first.effective_on = DispositionState.ANNULLED, days[0]
    first.annulled_on, first.annulled_reason = days[0], "裁決"
    session.flush()
    assert review_decision(session, file, SUSPENSION, *days) == []


@pytest.mark.parametrize(
    ("starts_on", "told"),
    [
        (date(2027, 1, 31), []),
        (date(2027, 2, 1), ["suspended-business"]),
        (date(2027, 3, 31), ["suspended-business"]),
        (date(2027, 4, 1), []),
    ],
)
def test_a_contract_that_begins_while_a_decided_order_will_apply_is_told_of_it(
    session: Session, factories: Factories, manager: Actor, license: License, starts_on: date, told: list[str]
) -> None:
    decided(session, manager, submitted(session, manager, license), **SPRING)
    company = factories.organization(OrganizationKind.IMPLEMENTING)
    contract = Contract(license.organization, company, None, starts_on)
    assert [one.code for one in review(session, contract, TODAY)] == told


def test_the_pages_show_what_is_to_be_confirmed(
    browser: Browser, session: Session, factories: Factories, manager: Actor, license: License
) -> None:
    first = submitted(session, manager, license)
    browser.sign_in(factories.user(Role.MANAGER))
    url = f"/dispositions/new?organization={license.organization_id}"
    draft = {"kind": SUSPENSION.value, "grounds": [GROUND], "reason": REASON, "proposed_on": "2026-11-01"}
    told = Page(browser.send(url, draft, status=422))
    assert f"事業停止命令の手続（{first.number}、進達済）が既にあります" in told.text
    again = {**draft, "confirmed": "y", "shown": told.hidden("shown")}
    browser.follow(browser.send(url, again))
    decided(session, manager, first, **SPRING)
    file = session.scalars(sa.select(Disposition).order_by(Disposition.id.desc()).limit(1)).one()
    services.submit(session, manager, file, on=date(2026, 11, 2), document_number="", now=NOON)
    session.commit()
    url = f"/dispositions/{file.id}/decision"
    order = {"kind": SUSPENSION.value, "grounds": [GROUND], "reason": REASON, "authority": "moj_mhlw"}
    order |= {"decided_on": "2026-11-24", "effective_on": "2027-03-01", "suspension_until": "2027-04-30"}
    told = Page(browser.send(url, order, status=422))
    assert f"事業停止命令（{first.number}、令和9年2月1日から令和9年3月31日まで）と停止の期間が重なります" in told.text
    browser.follow(browser.send(url, {**order, "confirmed": "y", "shown": told.hidden("shown")}))
