"""The life of a report: each move by its own act and by the right person, every other refused."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from inspections.moc import queries, services
from inspections.moc.models import MocReport
from inspections.moc.states import TRANSITIONS, Ageing, MocAct, MocMeasure, MocState
from organizations.sending.countries import MOC_COUNTRIES
from otit.auth.actors import Actor
from otit.auth.permissions import Role
from otit.errors import NotPermitted, RuleViolation, StateConflict
from tests.cases import NOON
from tests.factories import TODAY, Factories

SENT, DUE = date(2026, 9, 10), date(2026, 11, 1)


@pytest.fixture
def desk(factories: Factories) -> Actor:
    return factories.user(Role.INTERNATIONAL).actor


@pytest.fixture
def manager(factories: Factories) -> Actor:
    return factories.user(Role.MANAGER).actor


def drafted(session: Session, factories: Factories, desk: Actor, **values: Any) -> MocReport:
    body = factories.sending_organization(**values)
    return services.draft(session, desk, body, facts="事実", request="要請", drafted_on=date(2026, 9, 1), now=NOON)


Doing = Callable[[Session, Actor, MocReport], None]
ACTS: dict[MocAct, Doing] = {
    MocAct.REVISE: lambda s, a, r: services.revise(s, a, r, facts="直した事実", request="要請"),
    MocAct.APPROVE: lambda s, a, r: services.approve(s, a, r, on=date(2026, 9, 5), now=NOON),
    MocAct.SEND: lambda s, a, r: services.send(s, a, r, on=SENT, reference="架空第1号", answer_due_on=DUE, now=NOON),
    MocAct.ACKNOWLEDGE: lambda s, a, r: services.acknowledge(s, a, r, on=date(2026, 9, 20), reference="", now=NOON),
    MocAct.ANSWER: lambda s, a, r: services.answer(
        s, a, r, on=date(2026, 11, 10), measure=MocMeasure.GUIDANCE, summary="指導した。", reference="", now=NOON
    ),
    MocAct.NOTE_NO_REPLY: lambda s, a, r: services.note_no_reply(s, a, r, on=date(2026, 11, 2), note="", now=NOON),
    MocAct.CLOSE: lambda s, a, r: services.close(s, a, r, on=date(2026, 11, 20), note="", now=NOON),
}
SEND = (MocAct.APPROVE, MocAct.SEND)
WAY: dict[MocState, tuple[MocAct, ...]] = {
    MocState.DRAFTED: (),
    MocState.APPROVED: (MocAct.APPROVE,),
    MocState.SENT: SEND,
    MocState.ACKNOWLEDGED: (*SEND, MocAct.ACKNOWLEDGE),
    MocState.ANSWERED: (*SEND, MocAct.ANSWER),
    MocState.NO_REPLY: (*SEND, MocAct.NOTE_NO_REPLY),
    MocState.CLOSED: (*SEND, MocAct.ANSWER, MocAct.CLOSE),
}


def brought_to(session: Session, state: MocState, report: MocReport, desk: Actor, manager: Actor) -> MocReport:
    for act in WAY[state]:
        ACTS[act](session, manager if act is MocAct.APPROVE else desk, report)
    assert report.state is state
    return report


@pytest.mark.parametrize("state", list(MocState))
@pytest.mark.parametrize("act", list(MocAct))
def test_each_act_moves_the_report_as_the_table_says_or_is_refused(
    session: Session, factories: Factories, desk: Actor, manager: Actor, state: MocState, act: MocAct
) -> None:
    report = brought_to(session, state, drafted(session, factories, desk), desk, manager)
    actor = manager if act is MocAct.APPROVE else desk
    if (state, act) in TRANSITIONS:
        ACTS[act](session, actor, report)
        session.flush()
        assert report.state is TRANSITIONS[state, act]
    else:
        with pytest.raises(StateConflict):
            ACTS[act](session, actor, report)
        assert report.state is state


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("state", list(MocState))
def test_each_act_belongs_to_its_role(
    session: Session, factories: Factories, desk: Actor, manager: Actor, role: Role, state: MocState
) -> None:
    report = brought_to(session, state, drafted(session, factories, desk), desk, manager)
    other = factories.user(role).actor
    for act, doing in ACTS.items():
        rightful = Role.MANAGER if act is MocAct.APPROVE else Role.INTERNATIONAL
        if (state, act) in TRANSITIONS and role is not rightful:
            with pytest.raises(NotPermitted):
                doing(session, other, report)


def test_nobody_approves_their_own_draft(session: Session, factories: Factories, desk: Actor, manager: Actor) -> None:
    report = drafted(session, factories, desk)
    report.drafted_by_id = manager.user_id or 0
    session.flush()
    with pytest.raises(NotPermitted):
        ACTS[MocAct.APPROVE](session, manager, report)
    assert queries.drafts_to_approve(session, manager, TODAY) == []


@pytest.mark.parametrize("country", ["CHN", "KOR", "XXX"])
def test_only_a_country_with_a_memorandum_is_reported_to(
    session: Session, factories: Factories, desk: Actor, country: str
) -> None:
    with pytest.raises(RuleViolation):
        drafted(session, factories, desk, country=country, number=None)


@pytest.mark.parametrize("country", list(MOC_COUNTRIES.values()), ids=lambda country: country.code)
def test_nothing_is_reported_before_the_memorandum_was_signed_where_the_day_is_known(
    session: Session, factories: Factories, desk: Actor, country: Any
) -> None:
    body = factories.sending_organization(country=country.code, number=None)
    texts = {"facts": "事実", "request": "要請", "now": NOON}
    if country.moc_signed_on is None:
        services.draft(session, desk, body, drafted_on=date(2017, 11, 1), **texts)
        return
    with pytest.raises(RuleViolation):
        services.draft(session, desk, body, drafted_on=country.moc_signed_on - timedelta(days=1), **texts)
    services.draft(session, desk, body, drafted_on=country.moc_signed_on, **texts)


@pytest.mark.parametrize(
    ("state", "doing"),
    [
        (MocState.DRAFTED, lambda s, d, m, r: services.approve(s, m, r, on=date(2026, 8, 31), now=NOON)),
        (
            MocState.APPROVED,
            lambda s, d, m, r: services.send(s, d, r, on=date(2026, 9, 4), reference="-", answer_due_on=DUE, now=NOON),
        ),
        (
            MocState.APPROVED,
            lambda s, d, m, r: services.send(s, d, r, on=SENT, reference="-", answer_due_on=date(2026, 9, 9), now=NOON),
        ),
        (
            MocState.SENT,
            lambda s, d, m, r: services.acknowledge(s, d, r, on=date(2026, 9, 9), reference="", now=NOON),
        ),
        (MocState.SENT, lambda s, d, m, r: services.note_no_reply(s, d, r, on=DUE, note="", now=NOON)),
        (
            MocState.ACKNOWLEDGED,
            lambda s, d, m, r: services.answer(
                s, d, r, on=date(2026, 9, 19), measure=MocMeasure.NONE, summary="-", reference="", now=NOON
            ),
        ),
        (
            MocState.ANSWERED,
            lambda s, d, m, r: services.close(s, d, r, on=TODAY + timedelta(days=1), note="", now=NOON),
        ),
        (MocState.ANSWERED, lambda s, d, m, r: services.close(s, d, r, on=date(2026, 11, 9), note="", now=NOON)),
    ],
)
def test_days_stand_in_order_and_none_is_in_the_future(
    session: Session, factories: Factories, desk: Actor, manager: Actor, state: MocState, doing: Any
) -> None:
    report = brought_to(session, state, drafted(session, factories, desk), desk, manager)
    with pytest.raises(RuleViolation) as refusal:
        doing(session, desk, manager, report)
    assert refusal.value.field in ("on", "answer_due_on")
    assert report.state is state


@pytest.mark.parametrize(
    ("today", "ageing"),
    [
        (DUE, {Ageing.WITHIN}),
        (DUE + timedelta(days=1), {Ageing.OVERDUE}),
        (DUE + timedelta(days=89), {Ageing.OVERDUE}),
        (DUE + timedelta(days=90), {Ageing.OVERDUE, Ageing.LONG_OVERDUE}),
    ],
)
def test_an_answer_ages_from_the_day_after_it_was_due(
    session: Session, factories: Factories, desk: Actor, manager: Actor, today: date, ageing: set[Ageing]
) -> None:
    brought_to(session, MocState.SENT, drafted(session, factories, desk), desk, manager)
    found = {a for a in Ageing if queries.count(session, queries.MocFilter(ageing=a), today)}
    assert found == ageing
    figures = queries.awaited(session, desk, today)
    assert figures is not None
    assert (figures.awaited, figures.overdue) == (1, int(Ageing.OVERDUE in ageing))


def test_what_waits_is_counted_for_who_can_act(
    session: Session, factories: Factories, desk: Actor, manager: Actor
) -> None:
    for state in (MocState.DRAFTED, MocState.APPROVED, MocState.SENT, MocState.CLOSED):
        brought_to(session, state, drafted(session, factories, desk), desk, manager)
    figures = queries.awaited(session, desk, TODAY)
    assert figures is not None
    assert (figures.to_approve, figures.to_send, figures.awaited, figures.overdue) == (1, 1, 1, 1)
    assert [row.state for row in figures.rows] == [MocState.SENT]
    assert len(queries.drafts_to_approve(session, manager, TODAY)) == 1
    assert queries.drafts_to_approve(session, desk, TODAY) == []
    assert queries.awaited(session, factories.user(Role.INSPECTOR).actor, TODAY) is None
