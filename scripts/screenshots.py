"""Make the pictures of the README: `make screenshots`.

The application runs here on a database of its own with the demonstration, its clock stopped, so that the pictures
change only when the pages do. Japanese, one in English; the browser is that of OTIT_CHROMIUM or scripts/browser.py.
"""

import argparse
import logging
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, NoReturn

import flask_migrate
import openpyxl
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from imports.batches.commands import import_command
from imports.batches.models import ImportBatch
from inspections.dispositions.models import Disposition
from inspections.dispositions.states import DispositionState
from inspections.scheduling.models import Inspection
from organizations.licenses.models import License
from organizations.licenses.states import LicenseClass, LicenseState
from organizations.register.models import Organization
from organizations.register.states import BusinessStatus
from organizations.sending.countries import country_name
from otit.app import create_app
from otit.clock import FixedClock, fiscal_year
from otit.config import load_settings
from otit.db import db, transaction
from otit.demo.loading import load_demo
from otit.demo.people import HOME_OFFICE, PASSWORD
from otit.web.limits import limiter
from scripts import browser

PICTURES: Final = Path(__file__).resolve().parent.parent / "docs" / "pictures"
DAY: Final = date(2026, 11, 24)
WIDTH: Final = 1280
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Shot:
    """A picture: its file, who looks, at which address (asked for once the data is there), and its height."""

    name: str
    username: str
    address: Callable[[Session], str]
    height: int = 960
    language: str = "ja"


def _today(session: Session) -> Inspection:
    """The first of the inspector's visits of the day that is to a supervising organization."""
    statement = sa.select(Inspection).where(Inspection.planned_on == DAY, Inspection.office_code == HOME_OFFICE)
    return session.scalars(statement.order_by(Inspection.due_on, Inspection.id)).first() or _nothing("visit")


def _decided(session: Session) -> Disposition:
    statement = sa.select(Disposition).where(Disposition.state == DispositionState.DECIDED)
    return session.scalars(statement.order_by(Disposition.id)).first() or _nothing("disposition")


def _batch(session: Session) -> ImportBatch:
    return session.scalars(sa.select(ImportBatch).order_by(ImportBatch.id.desc())).first() or _nothing("batch")


def _nothing(what: str) -> NoReturn:
    raise LookupError(f"the demonstration has no {what} to show")


SHOTS: Final = (
    Shot("home-manager", "manager", lambda session: "/", 1280),
    Shot("home-inspector", "inspector", lambda session: "/", 1120),
    Shot("inspections", "manager", lambda session: "/inspections"),
    Shot("visit", "inspector", lambda session: f"/inspections/{_today(session).id}/visits/new", 1120),
    Shot("import-preview", "manager", lambda session: f"/imports/{_batch(session).id}", 1640),
    Shot("organization", "manager", lambda session: f"/organizations/{_today(session).organization_id}", 1640),
    Shot("disposition", "manager", lambda session: f"/dispositions/{_decided(session).id}"),
    Shot("revocations", "manager", lambda session: f"/exports/revocations?article=16&year={fiscal_year(DAY)}"),
    Shot("home-manager-en", "manager", lambda session: "/", 1280, "en"),
)


def made_app(home: Path) -> Flask:
    """The application on an own SQLite database with the demonstration, and a list waiting to be imported."""
    environ = {"OTIT_HOME": str(home), "SECRET_KEY": "p" * 40, "REDIS_URL": f"unix://{home}/none"}
    app = create_app(load_settings(environ), FixedClock.on(DAY))
    limiter.enabled = False
    with app.app_context():
        flask_migrate.upgrade()
        with transaction(db.session()) as session:
            load_demo(session, FixedClock.on(DAY))
        file = home / "監理団体一覧（一般）.xlsx"
        _workbook(db.session(), file)
        read = app.test_cli_runner().invoke(import_command, [str(file)])
        if read.exception is not None and not isinstance(read.exception, SystemExit):
            raise read.exception
        db.session.remove()
    return app


def _workbook(session: Session, file: Path) -> None:
    """A published list of the general class as it might come next month: most as known, some moved, one new, one
    with an impossible date."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "一般監理事業"
    sheet.append(["監理団体一覧（一般監理事業）　令和8年11月24日現在"])
    sheet.append(
        [
            "許可番号",
            "監理団体名",
            "都道府県",
            "住所",
            "電話番号",
            "許可年月日",
            "許可の有効期限",
            "受入れ国",
            "取扱職種",
        ]
    )
    statement = (
        sa.select(License, Organization)
        .join(Organization, Organization.id == License.organization_id)
        .where(License.license_class == LicenseClass.GENERAL, License.state == LicenseState.LICENSED)
        .order_by(License.id)
    )
    for place, (license, body) in enumerate(session.execute(statement)):
        sheet.append(
            [
                license.number,
                body.name + ("(事業休止中)" if body.status is BusinessStatus.SUSPENDED else ""),
                body.full_address[:3],
                body.full_address.replace("丁目", "丁目1番") if place == 3 else body.full_address,
                "052-000-8888" if place in (1, 6) else body.phone,
                "令和元年2月30日" if place == 4 else license.licensed_on,
                license.expires_on,
                "、".join(country_name(country.country) for country in license.countries),
                "、".join(occupation.code for occupation in license.occupations),
            ]
        )
    sheet.append(
        [
            "許2606009001",
            "協同組合見本瀬国際交流センター",
            "愛知県",
            "愛知県架空市見本瀬1丁目2番3号",
            "052-000-0001",
            date(2026, 11, 1),
            date(2031, 10, 31),
            "ベトナム、インドネシア",
            "3-4、6-1",
        ]
    )
    book.save(file)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """On a free port of this machine."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def _signed_in(chromium: Browser, address: str, shot: Shot) -> Page:
    page = chromium.new_context(viewport={"width": WIDTH, "height": shot.height}, locale=shot.language).new_page()
    page.goto(f"{address}/language/{shot.language}?next=/sign-in")
    page.fill("#username", shot.username)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{address}/")
    return page


def take(app: Flask, folder: Path, wanted: frozenset[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with served(app) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(browser.find_browser()), args=list(FLAGS))
        for shot in SHOTS:
            if wanted and shot.name not in wanted:
                continue
            with app.app_context():
                path = shot.address(db.session())
            page = _signed_in(chromium, address, shot)
            answer = page.goto(address + path)
            assert answer is not None
            if answer.status != 200:
                raise RuntimeError(f"{shot.name}: {path} answered {answer.status}")
            file = folder / f"{shot.name}.png"
            page.screenshot(path=file)
            page.context.close()
            print(f"{file}: {file.stat().st_size // 1024} kB")
        chromium.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these pictures")
    parser.add_argument("--out", type=Path, default=PICTURES)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        take(made_app(Path(home)), chosen.out, frozenset(chosen.names))


if __name__ == "__main__":
    main()
