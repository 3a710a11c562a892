"""The database base: acts wait for the commit, a second writer is refused, moments keep their zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.db import after_commit, db, transaction, violated
from tests.factories import Factories


def test_what_waits_for_the_commit_runs_once_after_it(session: Session) -> None:
    done: list[str] = []
    after_commit(session, lambda: done.append("sent"))
    assert done == []
    session.commit()
    session.commit()
    assert done == ["sent"]


def test_what_waits_for_the_commit_is_forgotten_after_a_rollback(session: Session) -> None:
    done: list[str] = []
    after_commit(session, lambda: done.append("sent"))
    session.rollback()
    session.commit()
    assert done == []


def test_a_savepoint_does_not_count_as_the_commit(session: Session, factories: Factories) -> None:
    done: list[str] = []
    after_commit(session, lambda: done.append("sent"))
    with session.begin_nested():
        factories.organization()
    assert done == []
    session.commit()
    assert done == ["sent"]


def test_a_failing_transaction_leaves_nothing(session: Session, factories: Factories) -> None:
    def fail() -> None:
        with transaction(session):
            factories.organization()
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        fail()
    assert session.scalar(sa.select(sa.func.count()).select_from(Organization)) == 0


def test_the_second_writer_of_one_version_is_refused(session: Session, factories: Factories) -> None:
    mine = factories.organization()
    key = mine.id
    session.commit()
    assert mine.phone is None
    with Session(db.engine) as other:
        theirs = other.get_one(Organization, key)
        theirs.phone = "2"
        other.commit()
    mine.phone = "1"
    with pytest.raises(StaleDataError):
        session.commit()
    session.rollback()
    assert session.get_one(Organization, key).phone == "2"


def test_a_broken_unique_index_is_recognized_on_both_databases(session: Session, factories: Factories) -> None:
    factories.organization(OrganizationKind.SUPERVISING, corporate_number="1999900000001")
    with pytest.raises(IntegrityError) as caught:
        factories.organization(OrganizationKind.SUPERVISING, corporate_number="1999900000001")
    columns = ("organizations.kind", "organizations.corporate_number")
    assert violated(caught.value, "uq_organizations_kind_corporate_number", *columns)
    assert not violated(caught.value, "uq_organizations_notification_number", "organizations.notification_number")


def test_a_broken_check_is_recognized_on_both_databases(session: Session, factories: Factories) -> None:
    with pytest.raises(IntegrityError) as caught:
        factories.organization(staff_count=-1)
    assert violated(caught.value, "ck_organizations_staff_count_not_negative")


def test_moments_come_back_aware_and_equal(session: Session, factories: Factories) -> None:
    moment = datetime(2026, 4, 1, 0, 30, tzinfo=timezone(timedelta(hours=9)))
    organization = factories.organization(created_at=moment)
    session.commit()
    session.expire_all()
    assert organization.created_at == moment
    assert organization.created_at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(factories: Factories) -> None:
    with pytest.raises(sa.exc.StatementError, match="time zone"):
        factories.organization(created_at=datetime(2026, 4, 1))  # noqa: DTZ001 - the point of the test
