"""Whole cases that tests of several subjects start from, with invented names."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from inspections.dispositions import effects, services
from inspections.dispositions.decisions import DecisionFacts, decide
from inspections.dispositions.models import Disposition
from inspections.dispositions.rules import Ground, ground_of
from inspections.dispositions.states import DispositionAct, DispositionKind, DispositionState
from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from otit.auth.actors import Actor
from otit.db import db
from otit.law.authority import DispositionAuthority
from tests.factories import TODAY, Factories

NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 3, tzinfo=UTC)
GROUND = "TIT-16-1-3@2017-11-01/TIT-10-2@2017-11-01"
FIRST_CASE = {
    "認1711001206": date(2018, 2, 20),
    "認1711001207": date(2018, 2, 20),
    "認1711001208": date(2018, 2, 20),
    "認1711001494": date(2018, 4, 2),
}
REASON = "労働に関する法律の規定により罰金の刑に処せられ、欠格事由に該当することとなったため。"


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL sent while it is open."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def grounds(*keys: str) -> list[Ground]:
    return [ground_of(key) for key in keys]


def first_company(factories: Factories) -> Organization:
    """The company in Ehime with its four plans."""
    company = factories.organization(
        name="株式会社架空伊予縫製", address="松山市架空町1-1", representative="代表取締役　架空　太郎"
    )
    for number, accredited_on in FIRST_CASE.items():
        factories.plan(
            company, number=number, accredited_on=accredited_on, starts_on=accredited_on, ends_on=date(2019, 3, 1)
        )
    return company


def proposed(
    session: Session, actor: Actor, company: Organization, plans: list[TrainingPlan], ground: str = GROUND
) -> Disposition:
    return services.propose(
        session,
        actor,
        company,
        services.Proposal(
            kind=DispositionKind.ACCREDITATION_REVOCATION,
            grounds=grounds(ground),
            plans=plans,
            reason=REASON,
            proposed_on=date(2018, 6, 1),
        ),
        now=NOON,
    )


def decision(**changes: object) -> DecisionFacts:
    facts: dict[str, object] = {
        "kind": DispositionKind.ACCREDITATION_REVOCATION,
        "authority": DispositionAuthority.MOJ_MHLW,
        "decided_on": date(2018, 7, 3),
        "effective_on": date(2018, 7, 3),
        "reason": REASON,
        "grounds": grounds(GROUND),
    }
    return DecisionFacts(**{**facts, **changes})  # type: ignore[arg-type]


def revoked(session: Session, actor: Actor, company: Organization, plans: list[TrainingPlan]) -> Disposition:
    """The whole way, to the effect on 2018-07-03."""
    file = proposed(session, actor, company, plans)
    services.submit(session, actor, file, on=date(2018, 6, 15), document_number="架空発0615第1号", now=NOON)
    decide(session, actor, file, decision(), now=NOON)
    effects.take_effect(session, actor, file, now=NOON)
    return file


Doing = Callable[[Session, Actor, Disposition], None]
ACTS: dict[DispositionAct, Doing] = {
    DispositionAct.SUBMIT: lambda s, a, d: services.submit(s, a, d, on=date(2018, 6, 15), document_number="", now=NOON),
    DispositionAct.WITHDRAW: lambda s, a, d: services.withdraw(s, a, d, on=date(2018, 6, 15), reason="-", now=NOON),
    DispositionAct.DECIDE: lambda s, a, d: decide(s, a, d, decision(), now=NOON),
    DispositionAct.DECIDE_NONE: lambda s, a, d: decide(
        s, a, d, decision(kind=DispositionKind.NONE, effective_on=None, grounds=()), now=NOON
    ),
    DispositionAct.TAKE_EFFECT: lambda s, a, d: effects.take_effect(s, a, d, now=NOON),
    DispositionAct.PUBLISH: lambda s, a, d: services.publish(
        s, a, d, on=date(2018, 7, 4), document_number="", now=NOON
    ),
    DispositionAct.ANNUL: lambda s, a, d: effects.annul(
        s, a, d, on=date(2018, 9, 1), reason="裁決", document_number="", now=NOON
    ),
}
WAY: dict[DispositionState, tuple[DispositionAct, ...]] = {
    DispositionState.PROPOSED: (),
    DispositionState.SUBMITTED: (DispositionAct.SUBMIT,),
    DispositionState.DECIDED: (DispositionAct.SUBMIT, DispositionAct.DECIDE),
    DispositionState.EFFECTIVE: (DispositionAct.SUBMIT, DispositionAct.DECIDE, DispositionAct.TAKE_EFFECT),
    DispositionState.PUBLISHED: (
        DispositionAct.SUBMIT,
        DispositionAct.DECIDE,
        DispositionAct.TAKE_EFFECT,
        DispositionAct.PUBLISH,
    ),
    DispositionState.NOT_TAKEN: (DispositionAct.SUBMIT, DispositionAct.DECIDE_NONE),
    DispositionState.WITHDRAWN: (DispositionAct.WITHDRAW,),
    DispositionState.ANNULLED: (
        DispositionAct.SUBMIT,
        DispositionAct.DECIDE,
        DispositionAct.TAKE_EFFECT,
        DispositionAct.ANNUL,
    ),
}
