"""`otit import`: the same as in the browser, in this process and without Redis."""

import json
from pathlib import Path
from typing import Any

import click
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from imports.batches import presenting, queries, services
from imports.batches.models import ImportBatch
from imports.batches.states import BatchState, ImportKind, Verdict
from otit.auth.actors import system_actor
from otit.db import db, transaction
from otit.errors import UserError
from otit.jobs.progress import Progress
from otit.web.clock import clock
from otit.web.language import bracketed
from otit.web.messages import explain, translate

ACTOR = system_actor("command-line")


# What is printed as JSON when a file is refused at the door: the keys are always the same.
_NO_BATCH: dict[str, Any] = {
    "number": None,
    "file": None,
    "sha256": None,
    "kind": None,
    "as_of": None,
    "state": "refused",
    "counts": {verdict.value: 0 for verdict in Verdict},
    "rows_with_warnings": 0,
    "applied": False,
    "failure": None,
    "errors": [],
}


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice([kind.value for kind in ImportKind]), help="Else found by the headers.")
@click.option("--confirm", "confirmed", is_flag=True, help="Apply it if no row has an error; else only a preview.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--lang", type=click.Choice(["ja", "en"]), default="ja", help="Language of the messages.")
@click.pass_context
def import_command(
    context: click.Context, file: Path, kind: str | None, confirmed: bool, as_json: bool, lang: str
) -> None:
    """Import a list of supervising or implementing organizations, training plans or occupations (.xlsx, .csv).

    Prints how many rows are new, changed, unchanged or in error, and each faulty row with sheet, cell and reason.
    Without --confirm the batch waits for a person to confirm it on the page. Exit code 1 when anything is refused.
    """
    with force_locale(lang):
        session = db.session()
        try:
            batch = _run(session, file, ImportKind(kind) if kind else None, confirmed)
        except UserError as error:
            # Refused at the door: there is no batch.
            report = {**_NO_BATCH, "file": file.name, "failure": explain(error)}
            lines = [_("受け付けられません：%(reason)s", reason=explain(error))]
            refused = True
        else:
            report, lines = _report(session, batch), _lines(session, batch)
            refused = batch.state in (BatchState.READ, BatchState.FAILED)
        click.echo(json.dumps(report, ensure_ascii=False) if as_json else "\n".join(lines))
    context.exit(1 if refused else 0)


def _run(session: Session, file: Path, kind: ImportKind | None, confirmed: bool) -> ImportBatch:
    """Each step is its own transaction, as it is in the browser; only confirming and applying are one."""
    now, today, progress = clock().now(), clock().today(), Progress("command-line", None)
    with transaction(session):
        batch = services.upload(session, ACTOR, file.read_bytes(), file.name, kind=kind, now=now)
    with transaction(session):
        services.read(session, ACTOR, batch, today=today, progress=progress)
    if confirmed and batch.state is BatchState.VALIDATED:
        with transaction(session):
            services.confirm(session, ACTOR, batch, sha256=batch.sha256, now=now)
            services.apply(session, ACTOR, batch.id, now=now, today=today, progress=progress)
    return batch


def _report(session: Session, batch: ImportBatch) -> dict[str, Any]:
    return {
        "number": batch.number,
        "file": batch.filename,
        "sha256": batch.sha256,
        "kind": batch.kind.value if batch.kind else None,
        "as_of": batch.as_of.isoformat() if batch.as_of else None,
        "state": batch.state.value,
        "counts": {verdict.value: batch.count_of(verdict) for verdict in Verdict},
        "rows_with_warnings": batch.warned_count,
        "applied": batch.state is BatchState.APPLIED,
        "failure": translate(batch.failure, batch.failure_params) if batch.failure else None,
        "errors": [
            {
                "sheet": row.sheet,
                "row": row.number,
                "cell": issue["cell"],
                "header": issue["header"],
                "code": issue["code"],
                "reason": presenting.reason(issue),
                "value": issue["value"],
            }
            for row in queries.faulty_rows(session, batch.id)
            for issue in row.errors
        ],
    }


def _lines(session: Session, batch: ImportBatch) -> list[str]:
    kind = _(batch.kind.label) if batch.kind else "—"
    lines = [f"{batch.number}  {batch.filename}  {kind}  {_(batch.state.label)}"]
    if batch.failure:
        lines.append(translate(batch.failure, batch.failure_params))
    if batch.row_count:
        lines.append("  ".join(f"{_(verdict.label)} {batch.count_of(verdict):,}" for verdict in Verdict))
    for row in queries.faulty_rows(session, batch.id):
        for remark in presenting.remarks(row.errors, row.number):
            place = " ".join(part for part in (row.sheet, remark.cell or str(row.number), remark.header) if part)
            value = bracketed(remark.value) if remark.value and remark.value not in remark.text else ""
            lines.append("  " + _("%(label)s：%(text)s", label=place, text=remark.text + value))
    return lines
