"""What a merge of two register rows means for their inspections (Art. 14(1)): one cycle goes on, counted from the
history of both. Called through the signals of organizations.merging; the system acts, the merge keeps who wanted it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.scheduling.due import Due, Facts, due, rule_for
from inspections.scheduling.models import OPEN, Inspection
from inspections.scheduling.services import cancel, reinstate
from inspections.scheduling.states import (
    OPEN_STATES,
    TRANSITIONS,
    DueBasis,
    InspectionAct,
    InspectionKind,
    InspectionState,
)
from organizations.licenses.models import License
from organizations.licenses.states import LIVE_STATES
from organizations.merging.signals import after_move, after_undo, before_move, foreseen
from organizations.merging.tallies import count_open
from organizations.register.lookup import chunks
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind, Scheme
from otit.audit.trail import changed, plain, record, record_bulk
from otit.auth.actors import system_actor
from otit.clock import today as day_of
from otit.errors import RuleViolation
from otit.findings import Finding, Severity, note
from otit.labels import Bilingual
from otit.places import OFFICES
from otit.text import N_

ACTOR: Final = system_actor("merging")
REASON: Final = "統合"
_EFFECTS: Final = "inspections"
_CYCLE: Final = ("due_on", "cycle", "due_basis", "due_basis_on")
_BOTH_STARTED: Final = N_("両方の団体の定期の実地検査（%(numbers)s）が実施中です。先に一方を終えてください。")


def open_periodic(session: Session, ids: Sequence[int]) -> Sequence[Inspection]:
    """By due date; one for each organization at most."""
    periodic = Inspection.kind == InspectionKind.PERIODIC
    statement = sa.select(Inspection).where(Inspection.organization_id.in_(ids), OPEN, periodic)
    return session.scalars(statement.order_by(Inspection.due_on, Inspection.id)).all()


def one_too_many(found: Sequence[Inspection]) -> Inspection | None:
    """Of two open periodic inspections the one to call off: that with the later due date, or the other one where it
    has begun already. Raises RuleViolation where both have."""
    if len(found) < 2:
        return None
    for inspection in reversed(found):
        if (inspection.state, InspectionAct.CANCEL) in TRANSITIONS:
            return inspection
    numbers = {"numbers": "・".join(inspection.number for inspection in found)}
    raise RuleViolation(_BOTH_STARTED, numbers, citation=N_("法第14条第1項"))


def due_of_both(
    session: Session, kept: Organization, ids: Sequence[int], scheme: Scheme, taken: Mapping[str, Any], today: date
) -> Due | None:
    """When the kept body is due by the history of all `ids`; None where the rules say nothing of it. `taken` are facts
    that it is about to take over."""
    rule = rule_for(kept.kind, scheme, today)
    done = sa.and_(Inspection.state == InspectionState.DONE, Inspection.scheme == scheme)
    last = sa.select(sa.func.max(Inspection.completed_on)).where(Inspection.organization_id.in_(ids), done)
    live = sa.and_(License.scheme == scheme, License.state.in_(LIVE_STATES))
    licensed = sa.select(sa.func.max(License.licensed_on)).where(License.organization_id.in_(ids), live)
    facts = Facts(
        kind=kept.kind,
        created_on=day_of(kept.created_at),
        last_completed_on=session.scalar(last),
        licensed_on=session.scalar(licensed) if kept.kind is OrganizationKind.SUPERVISING else None,
        first_training_on=kept.first_training_on,
        notified_on=kept.notified_on,
    )
    known = {name: value for name, value in taken.items() if name in ("first_training_on", "notified_on")}
    facts = replace(facts, **known)
    if rule is None or (kept.kind is OrganizationKind.SUPERVISING and facts.licensed_on is None):
        return None
    return due(facts, rule)


@foreseen.connect
def _foresee(
    _sender: object,
    *,
    session: Session,
    kept: Organization,
    duplicate: Organization,
    facts: Mapping[str, Any],
    today: date,
) -> list[Finding]:
    ids = (kept.id, duplicate.id)
    found = open_periodic(session, ids)
    try:
        off = one_too_many(found)
    except RuleViolation as error:
        return [Finding(error.message, error.params, error.citation, Severity.REFUSAL)]
    findings = []
    if off is not None:
        message = N_("定期の実地検査%(number)s（期限%(due)s）を、理由を「統合」として取りやめます。")
        findings.append(note(message, number=off.number, due=off.due_on))
    for stays in (one for one in found if one is not off):
        new = due_of_both(session, kept, ids, stays.scheme, facts, today)
        if new is not None and new.due_on != stays.due_on:
            message = N_("実地検査%(number)sの期限を、%(old)sから%(new)sに改めます。")
            findings.append(note(message, number=stays.number, old=stays.due_on, new=new.due_on))
    if any(_owners(session, duplicate.id, kept.office_code).values()):
        office = OFFICES[kept.office_code]
        message = N_("移す実地検査の担当事務所は%(office)sになります。")
        findings.append(note(message, office=Bilingual(office.name_ja, office.name_en)))
    return findings


@before_move.connect
def _call_off(
    _sender: object,
    *,
    session: Session,
    kept: Organization,
    duplicate: Organization,
    today: date,
    effects: dict[str, Any],
) -> None:
    """Only one open periodic inspection fits. The one that stays keeps the cycle running; that the other was called off
    holds no planning off, as long as this one is open."""
    noted = effects.setdefault(_EFFECTS, {})
    off = one_too_many(open_periodic(session, (kept.id, duplicate.id)))
    if off is not None:
        cancel(session, ACTOR, off, reason=REASON, today=today)
        noted["called_off"] = off.id
    noted["owners"] = _owners(session, duplicate.id, kept.office_code)


def _owners(session: Session, organization_id: int, office: str) -> dict[str, list[int]]:
    """{office in charge: ids} of the body's inspections that are in charge of another office than `office`."""
    columns = sa.select(Inspection.owner_office_code, Inspection.id)
    others = columns.where(Inspection.organization_id == organization_id, Inspection.owner_office_code != office)
    found: dict[str, list[int]] = defaultdict(list)
    for owner, key in session.execute(others.order_by(Inspection.id)):
        found[owner].append(key)
    return dict(found)


@after_move.connect
def _recompute(_sender: object, *, session: Session, kept: Organization, today: date, effects: dict[str, Any]) -> None:
    noted = effects[_EFFECTS]
    for ids in noted["owners"].values():
        _give_to(session, ids, kept.office_code)
    for inspection in open_periodic(session, [kept.id]):
        change = _settle(session, kept, inspection, today)
        if change:
            noted["due"] = {"inspection": inspection.id, "changes": plain(change)}


def _settle(session: Session, body: Organization, inspection: Inspection, today: date) -> dict[str, Any]:
    """Bring an open periodic inspection in line with the history of its body; what has changed."""
    new = due_of_both(session, body, [body.id], inspection.scheme, {}, today)
    if new is None:
        return {}
    return _set_cycle(session, inspection, (new.due_on, new.cycle, new.basis, new.basis_on))


def _set_cycle(session: Session, inspection: Inspection, values: Sequence[Any]) -> dict[str, Any]:
    for name, value in zip(_CYCLE, values, strict=True):
        if getattr(inspection, name) != value:
            setattr(inspection, name, value)
    change = changed(inspection)
    if change:
        record(session, ACTOR, "inspection.due_recomputed", inspection, change)
        session.flush()
    return change


def _give_to(session: Session, ids: Sequence[int], office: str) -> None:
    """Put these inspections in charge of the office."""
    version = Inspection.version + 1
    for part in chunks(ids):
        statement = sa.update(Inspection).where(Inspection.id.in_(part))
        session.execute(statement.values(owner_office_code=office, version=version))
    record_bulk(session, ACTOR, "inspection.owner_changed", Inspection.__tablename__, ids, office=office)
    session.expire_all()


@after_undo.connect
def _undo(
    _sender: object,
    *,
    session: Session,
    kept: Organization,
    duplicate: Organization,
    merged_on: date,
    today: date,
    effects: Mapping[str, Any],
) -> None:
    """As it was, where nothing has happened since; as the rules have it where an inspection was completed meanwhile."""
    noted = effects.get(_EFFECTS, {})
    for office, ids in noted.get("owners", {}).items():
        _give_to(session, ids, office)
    _restore_due(session, noted.get("due"))
    off = session.get(Inspection, noted.get("called_off") or 0)
    if off is not None and not open_periodic(session, [off.organization_id]):
        reinstate(session, ACTOR, off)
    for body in (kept, duplicate):
        since = sa.exists().where(Inspection.organization_id == body.id, Inspection.completed_on >= merged_on)
        if session.scalar(sa.select(since)):
            for inspection in open_periodic(session, [body.id]):
                _settle(session, body, inspection, today)


def _restore_due(session: Session, noted: Mapping[str, Any] | None) -> None:
    inspection = session.get(Inspection, noted["inspection"]) if noted else None
    if inspection is None or noted is None or inspection.state not in OPEN_STATES:
        return
    changes: Mapping[str, list[Any]] = noted["changes"]
    if any(plain(getattr(inspection, name)) != new for name, (_old, new) in changes.items()):
        return
    old = {name: pair[0] for name, pair in changes.items()}
    values = [_read(name, old[name]) if name in old else getattr(inspection, name) for name in _CYCLE]
    _set_cycle(session, inspection, values)


def _read(name: str, value: Any) -> Any:
    """A stored value as the column holds it."""
    if name in ("due_on", "due_basis_on"):
        return date.fromisoformat(value)
    return DueBasis(value) if name == "due_basis" else value


count_open(Inspection.organization_id, OPEN)
