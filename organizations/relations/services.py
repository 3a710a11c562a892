"""Acts on supervision contracts: beginning and ending one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from organizations.licenses.suspensions import is_suspended
from organizations.licensing.queries import held_by
from organizations.licensing.rules import Held
from organizations.register.models import Organization
from organizations.register.states import BusinessStatus, OrganizationKind
from organizations.relations import queries
from organizations.relations.models import Supervision
from organizations.sending.models import SendingOrganization
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import hold
from otit.errors import RuleViolation, StateConflict
from otit.findings import Finding, noted
from otit.text import N_


@dataclass(frozen=True)
class Contract:
    """Without a sending organization: whichever. `ends_on` is the last day, None while it lasts."""

    supervising: Organization
    implementing: Organization
    sending: SendingOrganization | None
    starts_on: date
    ends_on: date | None = None


def review(session: Session, contract: Contract, today: date) -> list[Finding]:
    """What to look at before a contract is recorded: the supervising body is under an order to suspend its business on
    the first day. One statement for each licence, and one more."""
    day, held = contract.starts_on, held_by(session, contract.supervising.id)
    if not any(is_suspended(session, one, day, today) for one in held):
        return []
    message = N_("監理団体「%(name)s」は、契約の開始日（%(day)s）に事業の停止を命じられています。")
    params = {"name": contract.supervising.name, "day": day}
    return [Finding(message, params, N_("法第37条第3項"), code="suspended-business")]


def begin_supervision(
    session: Session, actor: Actor, contract: Contract, *, findings: Sequence[Finding] = ()
) -> Supervision:
    """Record a contract. For the offices in charge of either body. Raises RuleViolation when one of the bodies has
    closed its business, when the supervising body held no licence on the first day or the contract goes on behind the
    end of its last one (Art. 23(1)), and when the same three already have a contract in that period."""
    actor.require(Permission.MAINTAIN_REGISTERS)
    actor.require_office(contract.supervising.office_code, contract.implementing.office_code)
    _check_bodies(contract)
    check_period(contract.starts_on, contract.ends_on)
    hold(session, contract.implementing)
    _check_licence(contract, held_by(session, contract.supervising.id))
    _check_others(session, contract)
    supervision = Supervision(
        supervising_organization_id=contract.supervising.id,
        implementing_organization_id=contract.implementing.id,
        sending_organization_id=None if contract.sending is None else contract.sending.id,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
    )
    session.add(supervision)
    session.flush()
    record(
        session,
        actor,
        "supervision.begun",
        supervision,
        supervising=contract.supervising.id,
        implementing=contract.implementing.id,
        sending=supervision.sending_organization_id,
        starts_on=contract.starts_on,
        **noted(findings),
    )
    return supervision


def end_supervision(session: Session, actor: Actor, supervision: Supervision, *, on: date) -> None:
    """`on` is the last day of the contract; it may be announced."""
    actor.require(Permission.MAINTAIN_REGISTERS)
    bodies = supervision.supervising_organization, supervision.implementing_organization
    actor.require_office(*(body.office_code for body in bodies))
    if supervision.ends_on is not None:
        raise StateConflict(N_("この契約は既に終わっています（%(day)sまで）。"), {"day": supervision.ends_on})
    check_period(supervision.starts_on, on)
    supervision.ends_on = on
    record(session, actor, "supervision.ended", supervision, changed(supervision))
    session.flush()


def check_period(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        message = N_("契約の末日は、契約の開始日（%(start)s）以後にしてください。")
        raise RuleViolation(message, {"start": starts_on}, field="ends_on")


def _check_bodies(contract: Contract) -> None:
    sides = (
        (contract.supervising, OrganizationKind.SUPERVISING),
        (contract.implementing, OrganizationKind.IMPLEMENTING),
    )
    for body, kind in sides:
        if body.kind is not kind:
            raise RuleViolation(N_("契約は監理団体と実習実施者の間のものです。"), field="other")
        if body.status is BusinessStatus.CLOSED:
            message = N_("「%(name)s」は事業を廃止しているため、契約を登録できません。")
            citation = N_("法第34条第1項") if kind is OrganizationKind.SUPERVISING else None
            raise RuleViolation(message, {"name": body.name}, field="other", citation=citation)


def _check_licence(contract: Contract, held: Sequence[Held]) -> None:
    day, name, citation = contract.starts_on, contract.supervising.name, N_("法第23条第1項")
    if not any(one.licensed_on <= day <= one.ended_on for one in held):
        message = N_("監理団体「%(name)s」は、契約の開始日（%(day)s）に監理団体の許可を受けていません。")
        raise RuleViolation(message, {"name": name, "day": day}, field="starts_on", citation=citation)
    last = max(one.ended_on for one in held)
    ended = not any(one.live for one in held)
    if ended and (contract.ends_on is None or contract.ends_on > last):
        message = N_("監理団体「%(name)s」の許可は%(last)sまででした。契約の末日を、その日以前にしてください。")
        raise RuleViolation(message, {"name": name, "last": last}, field="ends_on", citation=citation)


def _check_others(session: Session, contract: Contract) -> None:
    ids = contract.supervising.id, contract.implementing.id, None if contract.sending is None else contract.sending.id
    other = queries.overlapping(session, *ids, contract.starts_on, contract.ends_on)
    if other is not None:
        message = N_("同じ監理団体・実習実施者・送出機関の契約が、%(day)sから既に登録されています。")
        raise RuleViolation(message, {"day": other.starts_on}, field="starts_on")
