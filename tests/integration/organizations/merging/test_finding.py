"""The nightly look for pairs: what it finds, and that it finds nothing twice."""

from itertools import combinations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from organizations.merging.finding import LARGEST_BLOCK, find_candidates
from organizations.merging.jobs import find_duplicates
from organizations.merging.models import DuplicateCandidate
from organizations.merging.services import separate
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.audit.models import AuditEvent
from otit.auth.actors import system_actor
from otit.auth.permissions import Role
from otit.errors import NotPermitted
from otit.jobs.progress import Progress
from otit.jobs.queue import Task
from tests.factories import TODAY, Factories

SYSTEM = system_actor("test")


def found(session: Session) -> set[tuple[int, int]]:
    return {(pair.first_id, pair.second_id) for pair in session.scalars(sa.select(DuplicateCandidate))}


def body(factories: Factories, name: str, key: str = "", **values: object) -> Organization:
    return factories.organization(name=name, address_key=key or f"住所{name}", **values)


def test_each_kind_of_agreement_brings_rows_together(session: Session, factories: Factories) -> None:
    same_name = [body(factories, "株式会社架空縫製", f"愛媛県架空市{n}") for n in ("本町1", "本町2")]
    same_address = [body(factories, name, "愛媛県例示市1") for name in ("株式会社見本水産", "株式会社見本水産加工")]
    phone = [
        body(factories, "設例木工", "愛媛県想定町1", phone="089-000-0001"),
        body(factories, "設例木材", "愛媛県想定町9", phone="（０８９）０００ー０００１"),
    ]
    core = [body(factories, f"{form}仮題建設", f"愛媛県模擬市{form}") for form in ("株式会社", "有限会社")]
    assert find_candidates(session, SYSTEM, today=TODAY).added == 4
    assert found(session) == {(a.id, b.id) for a, b in (same_name, same_address, phone, core)}


def test_other_kinds_prefectures_and_merged_rows_are_left_alone(session: Session, factories: Factories) -> None:
    first = body(factories, "株式会社架空縫製", "愛媛県架空市1")
    factories.organization(OrganizationKind.SUPERVISING, name="株式会社架空縫製", address_key="愛媛県架空市1")
    body(factories, "株式会社架空縫製", "東京都架空市1", prefecture_code="13")
    body(factories, "株式会社架空縫製", "愛媛県架空市1", merged_into_id=first.id)
    assert find_candidates(session, SYSTEM, today=TODAY).added == 0


def test_a_second_run_adds_nothing_and_what_is_distinct_does_not_come_back(
    session: Session, factories: Factories
) -> None:
    for _ in range(3):
        body(factories, "株式会社架空縫製", "愛媛県架空市1")
    assert find_candidates(session, SYSTEM, today=TODAY).added == 3
    pair = session.scalars(sa.select(DuplicateCandidate).order_by(DuplicateCandidate.id)).first()
    assert pair is not None
    separate(session, factories.user(Role.MANAGER).actor, pair, reason="隣の別会社")
    assert find_candidates(session, SYSTEM, today=TODAY).added == 0
    session.commit()
    events = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "duplicates.found")).all()
    assert [event.detail["count"] for event in events] == [3]


def test_what_too_many_share_makes_no_pairs(session: Session, factories: Factories) -> None:
    for n in range(LARGEST_BLOCK + 1):
        body(factories, f"架空{n}社", f"愛媛県架空市{n}", phone="089-000-0001")
    assert find_candidates(session, SYSTEM, today=TODAY).compared == 0


def test_blocks_up_to_the_limit_are_compared_pair_by_pair(session: Session, factories: Factories) -> None:
    bodies = [body(factories, "架空縫製", f"愛媛県架空市{n}") for n in range(5)]
    find_candidates(session, SYSTEM, today=TODAY)
    assert found(session) == set(combinations([row.id for row in bodies], 2))


def test_the_job_says_what_it_found(session: Session, factories: Factories) -> None:
    for _ in range(2):
        body(factories, "株式会社架空縫製", "愛媛県架空市1")
    task = Task(session, Progress("x", None), {"business_date": TODAY.isoformat()}, "x", "system:cron", None)
    assert find_duplicates(task)["count"] == 1
    assert find_duplicates(task)["count"] == 0


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.READ_ONLY, Role.INTERNATIONAL, Role.LABOUR_STANDARDS])
def test_only_who_maintains_the_register_looks(session: Session, factories: Factories, role: Role) -> None:
    with pytest.raises(NotPermitted):
        find_candidates(session, factories.user(role).actor, today=TODAY)
