"""The audit trail: written with its act, chained, append-only, and able to prove that nothing was changed."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from organizations.register.models import Organization
from otit.audit import trail
from otit.audit.models import AuditEvent
from otit.audit.trail import changed, id_ranges, record, record_bulk, verify
from otit.auth.actors import system_actor
from tests.factories import Factories

ACTOR = system_actor("test")


def events(session: Session) -> list[AuditEvent]:
    return list(session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)))


def unprotected(session: Session, statement: str) -> None:
    """Tamper as only the owner of the database could: with the protection switched off."""
    if session.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            session.execute(sa.text(f"DROP TRIGGER IF EXISTS audit_events_no_{verb}"))
    else:
        session.execute(sa.text("SET LOCAL session_replication_role = replica"))
    session.execute(sa.text(statement))
    session.commit()


def write(session: Session, factories: Factories, count: int = 3) -> None:
    for _ in range(count):
        organization = factories.organization()
        record(session, ACTOR, "organization.created", organization, name=organization.name)
        session.commit()


def test_an_event_names_actor_act_subject_and_the_old_and_new_values(session: Session, factories: Factories) -> None:
    organization = factories.organization(phone="089-000-0001")
    session.commit()
    organization.phone = "089-000-0002"
    record(session, ACTOR, "organization.changed", organization, changed(organization))
    session.commit()
    (event,) = events(session)
    assert (event.actor, event.action) == ("system:test", "organization.changed")
    assert (event.subject_type, event.subject_id) == ("organizations", str(organization.id))
    assert event.changes == {"phone": ["089-000-0001", "089-000-0002"]}


def test_a_rolled_back_act_leaves_no_event(session: Session, factories: Factories) -> None:
    record(session, ACTOR, "organization.created", factories.organization())
    session.rollback()
    write(session, factories, 1)
    assert len(events(session)) == 1


def test_the_event_of_a_new_record_carries_the_id_it_got(session: Session, factories: Factories) -> None:
    write(session, factories, 1)
    assert events(session)[0].subject_id == str(session.scalars(sa.select(Organization.id)).one())


def test_a_bulk_act_is_one_event_with_its_ids_and_a_digest(session: Session) -> None:
    record_bulk(session, ACTOR, "inspection.scheduled", "inspections", [7, 1, 2, 3])
    session.commit()
    (event,) = events(session)
    assert event.detail["count"] == 4
    assert event.detail["ids"] == [[1, 3], [7, 7]]
    assert len(event.detail["digest"]) == 64


def test_id_ranges_keep_every_id() -> None:
    assert id_ranges([]) == []
    assert id_ranges([5]) == [[5, 5]]
    assert id_ranges([1, 2, 4, 5, 9]) == [[1, 2], [4, 5], [9, 9]]


def test_an_untouched_chain_verifies(session: Session, factories: Factories) -> None:
    write(session, factories)
    assert verify(session).sound
    assert verify(session).count == 3


@pytest.mark.parametrize("statement", ["UPDATE audit_events SET actor = 'x'", "DELETE FROM audit_events"])
def test_the_database_refuses_to_change_or_remove_an_event(
    session: Session, factories: Factories, statement: str
) -> None:
    write(session, factories)
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(sa.text(statement))
    session.rollback()
    assert verify(session).sound


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_events SET actor = 'user:1' WHERE id = (SELECT min(id) + 1 FROM audit_events)",
        "UPDATE audit_events SET at = '2020-01-01 00:00:00' WHERE id = (SELECT max(id) FROM audit_events)",
        "DELETE FROM audit_events WHERE id = (SELECT min(id) FROM audit_events)",
        "DELETE FROM audit_events WHERE id = (SELECT max(id) FROM audit_events)",
        "DELETE FROM audit_events",
        "UPDATE audit_head SET count = 2",
        "UPDATE audit_head SET hash = 'f'",
    ],
    ids=["changed", "redated", "first removed", "last removed", "all removed", "head set back", "head replaced"],
)
def test_tampering_past_the_protection_is_found(session: Session, factories: Factories, tampering: str) -> None:
    write(session, factories)
    unprotected(session, tampering)
    assert not verify(session).sound


def test_what_is_written_while_the_chain_is_read_is_no_fault(
    session: Session, factories: Factories, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody acts after the last event was read and before the head is."""
    write(session, factories)
    read, late = trail._Chain.follow, iter(range(2))

    def follow(chain: Any, reading: Session) -> Any:
        fault = read(chain, reading)
        if next(late, None) is not None:
            with Session(session.get_bind()) as other:
                record(other, ACTOR, "test.acted", ("tests", 1))
                other.commit()
        return fault

    monkeypatch.setattr(trail._Chain, "follow", follow)
    result = verify(session)
    assert (result.sound, result.count) == (True, 5)
