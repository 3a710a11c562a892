"""Filling an empty database with a register of any size, in a fixed number of statements and one transaction."""

from collections.abc import Callable
from random import Random
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.scheduling.models import Inspection
from organizations.licenses.models import License
from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from organizations.sending.models import SendingOrganization
from otit.audit.trail import record
from otit.auth.actors import system_actor
from otit.auth.models import User
from otit.clock import Clock
from otit.demo.loading import NotEmpty, is_empty
from otit.demo.people import make_people
from otit.demo.world import Row, World
from otit.generate import bodies, work
from otit.generate.material import Material
from otit.generate.scales import Scale
from otit.text import N_

GENERATED: Final = "generate.loaded"
_TABLES: Final = (Organization, License, SendingOrganization, TrainingPlan, Inspection)
_SEED: Final = 20171101
INSPECTORS_OF_AN_OFFICE: Final = 10


def generate(session: Session, clock: Clock, scale: Scale, tell: Callable[[str], None] = lambda text: None) -> None:
    """Invented people, organizations, licences, plans and inspections; the caller commits. The same day and scale make
    the same rows. Raises NotEmpty. `tell` is told what comes next."""
    if not is_empty(session):
        raise NotEmpty(N_("データベースが空ではないため、データを生成できません。"))
    today, now = clock.today(), clock.now()
    world = World(today, Random(_SEED))  # noqa: S311 - dice, not secrets
    inspectors = make_people(world).inspectors
    _staff(world, inspectors)
    world.rows.insert(session)
    connection = session.connection()
    tell("material")
    largest = max(scale.organizations, scale.inspections, *scale.accredited)
    slots = {office: [user["id"] for user in users] for office, users in inspectors.items()}
    material = Material(connection, today, largest, slots)
    tell("organizations")
    bodies.organizations(connection, material, scale, now)
    bodies.sending(connection, material, scale, now)
    bodies.licenses(connection, material, scale)
    tell("plans")
    work.plans(connection, material, scale)
    tell("inspections")
    work.inspections(connection, material, scale, now)
    bodies.supervisions(connection, scale)
    material.drop(connection)
    _go_on_counting(connection)
    counts = {
        str(table.__tablename__): session.scalar(sa.select(sa.func.count()).select_from(table)) for table in _TABLES
    }
    record(session, system_actor("generate"), GENERATED, ("database", "generate"), as_of=today, counts=counts)


def _staff(world: World, inspectors: dict[str, list[Row]]) -> None:
    """As many inspectors in each office as a national load needs; they have the password of the documented ones."""
    for office, found in inspectors.items():
        same = {name: found[0][name] for name in ("role", "office_code", "password_hash", "created_at")}
        for number in range(len(found) + 1, INSPECTORS_OF_AN_OFFICE + 1):
            name, _kana = world.person()
            username = f"inspector-{office}-{number:02d}"
            found.append(world.rows.add(User, username=username, display_name=f"{name}{number}", **same))


def settle(engine: sa.Engine) -> None:
    """Bring the statistics up to date; on PostgreSQL also mark the pages that everybody sees, as autovacuum does in
    the night: VACUUM marks none whose commit, or one beside it, has not reached the disk. Hence the checkpoint, and the
    waiting for the commits of VACUUM itself."""
    postgresql = ["SET synchronous_commit TO on", "CHECKPOINT", "VACUUM (ANALYZE)", "RESET synchronous_commit"]
    commands = ["ANALYZE"] if engine.dialect.name == "sqlite" else postgresql
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for command in commands:
            connection.exec_driver_sql(command)


def _go_on_counting(connection: sa.Connection) -> None:
    """The sequences go on behind the ids that were given."""
    if connection.dialect.name != "postgresql":
        return
    for table in _TABLES:
        name = str(table.__tablename__)
        sequence, last = sa.func.pg_get_serial_sequence(name, "id"), sa.select(sa.func.max(table.id)).scalar_subquery()
        connection.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(last, 1))))
