"""Drawing up a list as a file. Every export is audited with what was asked for, how much it held and its digest."""

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from imports.exports import layout as layouts
from imports.exports import revocations, sheet
from imports.exports.revocations import Selection, Totals
from imports.workbook.csv_writing import write_csv
from otit.audit.trail import record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import format_era, in_japan
from otit.labels import Labelled
from otit.places import OFFICES
from otit.text import N_


class FileFormat(Labelled):
    XLSX = "xlsx", N_("Excel")
    CSV = "csv", N_("CSV")

    @property
    def mimetype(self) -> str:
        spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return spreadsheet if self is FileFormat.XLSX else "text/csv; charset=utf-8"


@dataclass(frozen=True)
class ExportFile:
    name: str
    content: bytes
    totals: Totals


def export_revocations(
    session: Session, actor: Actor, selection: Selection, file_format: FileFormat, *, now: datetime
) -> ExportFile:
    """The list as a file, limited to what the actor may see."""
    actor.require(Permission.EXPORT_LISTS)
    found = revocations.entries(session, actor, selection)
    figures = revocations.totals(session, actor, selection)
    form = layouts.layout(selection)
    if file_format is FileFormat.XLSX:
        content = sheet.workbook(form, found, basis(actor, selection, form, figures, now))
    else:
        stream = io.BytesIO()
        write_csv(stream, form.columns, layouts.csv_rows(found, form.columns))
        content = stream.getvalue()
    record(
        session,
        actor,
        "export.revocations",
        ("export", f"revocations/{selection.article.value}/{selection.year}"),
        format=file_format,
        as_of=selection.as_of,
        office=actor.office_code,
        dispositions=figures.dispositions,
        bodies=figures.bodies,
        plans=figures.plans,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    name = f"revocations-{selection.article.value}-{selection.year}-{selection.as_of:%Y%m%d}.{file_format.value}"
    return ExportFile(name, content, figures)


def basis(
    actor: Actor, selection: Selection, form: layouts.Layout, figures: Totals, now: datetime
) -> list[tuple[str, object]]:
    """What the list rests on: filter, day, who drew it up, and how much it holds."""
    moment = in_japan(now)
    office = "全国" if actor.office_code is None else OFFICES[actor.office_code].name_ja
    rows: list[tuple[str, object]] = [
        ("一覧", form.title),
        ("根拠条文", layouts.article_ja(selection.article)),
        ("対象期間", f"{layouts.period_ja(selection.year)}（効力発生日による）"),
        ("基準日", selection.as_of),
        ("範囲", office),
        ("除いたもの", "取り消された処分、効力が発生していない処分"),
        ("作成者", actor.display_name),
        ("作成日時", f"{format_era(moment.date())} {moment:%H:%M}"),
        ("処分の件数", figures.dispositions),
        ("団体数", figures.bodies),
    ]
    if figures.plans:
        rows.append(("計画数（認定番号の数）", figures.plans))
    return rows
