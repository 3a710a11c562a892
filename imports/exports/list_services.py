"""Drawing up a list of a register as a file. Every export is audited with its filters, its length and its digest."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO

from sqlalchemy.orm import Session

from imports.exports.register_lists import MOST_ROWS, RegisterList, Values, count, table
from imports.exports.services import FileFormat
from imports.workbook.csv_writing import write_csv
from imports.workbook.writing import OutColumn, OutSheet, write_workbook
from otit.audit.trail import record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import format_era, in_japan
from otit.errors import RuleViolation
from otit.places import OFFICES
from otit.text import N_
from otit.web.paging import Listing

TOO_LONG = N_("%(most)s件を超える一覧はファイルにできません。条件を加えて、件数を減らしてください。")


@dataclass(frozen=True)
class Wanted:
    """The list behind an endpoint with the filters of an address: `query` as it stands there, `filters` in words."""

    endpoint: str
    chosen: RegisterList
    listing: Listing
    query: str
    filters: Sequence[tuple[str, str]]


def export_list(session: Session, actor: Actor, wanted: Wanted, file_format: FileFormat, *, now: datetime) -> IO[bytes]:
    """The list as the actor sees it, in a file on disk that goes when it is closed. Raises RuleViolation when it holds
    more rows than MOST_ROWS."""
    actor.require(Permission.EXPORT_LISTS)
    actor.require(wanted.chosen.permission)
    length = count(session, wanted.listing)
    if length > MOST_ROWS:
        raise RuleViolation(TOO_LONG, {"most": f"{MOST_ROWS:,}"})
    columns, rows = table(session, actor, wanted.chosen, wanted.listing)
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    if file_format is FileFormat.XLSX:
        write_workbook(file, _sheets(actor, wanted, columns, rows, length, now))
    else:
        write_csv(file, columns, rows)
    file.seek(0)
    record(
        session,
        actor,
        "export.list",
        ("export", wanted.endpoint),
        format=file_format,
        filters=wanted.query,
        office=actor.office_code,
        count=length,
        sha256=hashlib.file_digest(file, "sha256").hexdigest(),
    )
    file.seek(0)
    return file


def _sheets(
    actor: Actor, wanted: Wanted, columns: Sequence[OutColumn], rows: Iterator[Values], length: int, now: datetime
) -> list[OutSheet]:
    """The list under its title and day, and a sheet that says what it rests on."""
    moment = in_japan(now)
    lines = (wanted.chosen.title, f"{format_era(moment.date())}現在")
    filters: list[list[object]] = [[f"条件：{name}", value] for name, value in wanted.filters]
    facts: list[list[object]] = [
        ["一覧", wanted.chosen.title],
        *filters,
        ["範囲", "全国" if actor.office_code is None else OFFICES[actor.office_code].name_ja],
        ["作成者", actor.display_name],
        ["作成日時", f"{format_era(moment.date())} {moment:%H:%M}"],
        ["件数", f"{length:,}件"],
    ]
    basis = (OutColumn("項目", width=24), OutColumn("内容", width=60))
    return [OutSheet("一覧", columns, rows, lines), OutSheet("作成条件", basis, facts)]
