"""A database of national size with generated contents: 73,718 organizations, 260,000 inspections over ten years.

The sizes are those of the real register; names are invented. The same seed gives the same rows on both databases.
"""

import random
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from inspections.scheduling.models import Inspection
from inspections.scheduling.states import DueBasis, InspectionKind, InspectionState
from organizations.licenses.models import License
from organizations.licenses.states import LicenseClass, LicenseState
from organizations.register.models import Organization
from organizations.register.states import BusinessStatus, OrganizationKind, Scheme
from otit.auth.models import User
from otit.auth.permissions import Role
from otit.clock import FixedClock
from otit.db import db
from otit.places import OFFICE_OF_PREFECTURE, PREFECTURES
from otit.web.clock import set_clock
from tests import databases, services
from tests.factories import PASSWORD_HASH

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
IMPLEMENTING, SUPERVISING, INSPECTIONS = 70_000, 3_718, 260_000
INSPECTORS = 130
BACKENDS = ("sqlite", "postgresql")
_BATCH = 20_000
_SURNAMES = [
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "佐々木",
    "山口",
    "松本",
]
_TRADES = ("製作所", "建設", "食品", "水産", "農園", "縫製", "鉄工", "塗装", "運輸", "電機", "工業")


@contextmanager
def national(backend: str) -> Iterator[Flask]:
    """The application on a freshly built database, inside its context; everything is removed afterwards."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="otit-bench-")))
        if backend == "sqlite":
            url = f"sqlite:///{place / 'national.sqlite3'}"
        else:
            services.open_run()
            stack.callback(services.close_run)
            url = stack.enter_context(services.fresh_database(stack.enter_context(services.postgres_server())))
        app = databases.migrate(url, place)
        set_clock(app, FixedClock.on(TODAY))
        with app.app_context():
            with db.engine.begin() as connection:
                _fill(connection)
            settle()
            yield app
            db.session.remove()
            db.engine.dispose()


def settle() -> None:
    """Bring the statistics up to date and, on PostgreSQL, do what autovacuum does in the night: remove what was rolled
    back and mark the pages that everybody sees. The server of the tests does not wait for its log, and VACUUM marks no
    page whose commit, or one beside it, has not reached the disk: hence the checkpoint, and the waiting for the commits
    of VACUUM itself."""
    postgresql = ["SET synchronous_commit TO on", "CHECKPOINT", "VACUUM (ANALYZE)", "RESET synchronous_commit"]
    commands = ["ANALYZE"] if db.engine.dialect.name == "sqlite" else postgresql
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for command in commands:
            connection.exec_driver_sql(command)


def _fill(connection: sa.Connection) -> None:
    _insert(connection, User, (_user(n) for n in range(1, INSPECTORS + 2)))
    _insert(connection, Organization, (_organization(n) for n in range(1, IMPLEMENTING + SUPERVISING + 1)))
    _insert(connection, License, (_license(n) for n in range(IMPLEMENTING + 1, IMPLEMENTING + SUPERVISING + 1)))
    _insert(connection, Inspection, _inspections(random.Random(1)))
    if connection.dialect.name == "postgresql":
        for table in ("users", "organizations", "licenses", "inspections"):
            connection.exec_driver_sql(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")


def _insert(connection: sa.Connection, model: Any, rows: Iterator[dict[str, Any]]) -> None:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            connection.execute(sa.insert(model.__table__), batch)
            batch = []
    if batch:
        connection.execute(sa.insert(model.__table__), batch)


def _user(n: int) -> dict[str, Any]:
    """The first one is a manager of headquarters, the others inspectors, ten for each office."""
    manager = n == 1
    return {
        "id": n,
        "username": "manager" if manager else f"inspector-{n}",
        "display_name": "架空　管理" if manager else f"架空　検査{n}",
        "role": Role.MANAGER if manager else Role.INSPECTOR,
        "office_code": None if manager else f"{(n - 2) % 13 + 1:02d}",
        "password_hash": PASSWORD_HASH,
        "active": True,
        "locale": "ja",
        "created_at": NOW,
        "version": 1,
    }


def _kind(n: int) -> OrganizationKind:
    return OrganizationKind.IMPLEMENTING if n <= IMPLEMENTING else OrganizationKind.SUPERVISING


def _organization(n: int) -> dict[str, Any]:
    prefecture = f"{n % 47 + 1:02d}"
    name = f"{_SURNAMES[n % 13]}{_TRADES[n // 13 % 11]}{PREFECTURES[prefecture]}第{n}事業所"
    implementing = n <= IMPLEMENTING
    return {
        "id": n,
        "kind": _kind(n),
        "name": name,
        "name_key": name,  # has nothing to fold
        "is_individual": False,
        "notification_number": f"18{OFFICE_OF_PREFECTURE[prefecture]}{n:06d}" if implementing else None,
        "first_training_on": date(2018, 1, 1) + timedelta(days=n * 31 % 1500) if implementing else None,
        "prefecture_code": prefecture,
        "office_code": OFFICE_OF_PREFECTURE[prefecture],
        "address": f"架空市本町{n % 90 + 1}丁目{n % 30 + 1}番{n % 20 + 1}号",
        "address_key": f"架空市本町{n}",
        "status": BusinessStatus.CLOSED if n % 50 == 0 else BusinessStatus.ACTIVE,
        "created_at": NOW,
        "updated_at": NOW,
        "version": 1,
    }


def _license(n: int) -> dict[str, Any]:
    return {
        "id": n,
        "organization_id": n,
        "scheme": Scheme.TECHNICAL_INTERN_TRAINING,
        "number": f"許17{OFFICE_OF_PREFECTURE[f'{n % 47 + 1:02d}']}{n:06d}",
        "license_class": LicenseClass.GENERAL,
        "state": LicenseState.LICENSED,
        "licensed_on": date(2018, 1, 1) + timedelta(days=n * 31 % 1500),
        "expires_on": date(2030, 3, 31),
        "handles_care": False,
        "version": 1,
    }


def _inspections(dice: random.Random) -> Iterator[dict[str, Any]]:
    """14 % of supervising organizations; one in fifty is open, one for each organization at most."""
    opened: set[int] = set()
    for n in range(1, INSPECTIONS + 1):
        supervising = dice.random() < 0.14
        body = (
            dice.randrange(IMPLEMENTING, IMPLEMENTING + SUPERVISING) + 1
            if supervising
            else dice.randrange(IMPLEMENTING) + 1
        )
        day = TODAY - timedelta(days=dice.randrange(3650))
        is_open = dice.random() <= 0.02 and body not in opened
        if is_open:
            opened.add(body)
            day = TODAY + timedelta(days=dice.randrange(90))
        yield _inspection(n, body, day, is_open)


def _inspection(n: int, body: int, day: date, is_open: bool) -> dict[str, Any]:
    office = OFFICE_OF_PREFECTURE[f"{body % 47 + 1:02d}"]
    assigned = is_open and n % 2 == 0
    return {
        "id": n,
        "number": f"{day.year % 100:02d}-{office}-{500_000 + n}",
        "scheme": Scheme.TECHNICAL_INTERN_TRAINING,
        "organization_id": body,
        "kind": InspectionKind.PERIODIC,
        "cycle": day.isoformat(),
        "due_on": day,
        "due_basis": DueBasis.LAST_INSPECTION,
        "due_basis_on": day - timedelta(days=1095),
        "state": (InspectionState.ASSIGNED if assigned else InspectionState.PLANNED)
        if is_open
        else InspectionState.DONE,
        "owner_office_code": office,
        "office_code": office,
        "assigned_to_id": None if is_open and not assigned else int(office) + 1 + 13 * (n % 10),
        "planned_on": day if assigned else None,
        "announced": True,
        "completed_on": None if is_open else day,
        "created_at": NOW,
        "created_by": "system:benchmark",
        "version": 1,
    }
