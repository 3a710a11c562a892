"""`otit schedule`: plan what is due, from the command line."""

import json
from datetime import date
from typing import Any

import click

from inspections.scheduling.jobs import ACTOR
from inspections.scheduling.planning import ScheduleResult, schedule
from organizations.register.states import OrganizationKind
from otit.clock import DateParseError, parse_date
from otit.db import db, transaction
from otit.places import OFFICES
from otit.web.clock import clock


class JapaneseDate(click.ParamType[date]):
    """A date as people write it: 2026-11-24, 令和8年11月24日, R8.11.24."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return parse_date(value).value
        except DateParseError as error:
            self.fail(str(error), param, ctx)


@click.command("schedule")
@click.option("--as-of", type=JapaneseDate(), help="What is due up to this day (also 令和8年4月1日); else today.")
@click.option("--dry-run", is_flag=True, help="Say what would be planned and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def schedule_command(as_of: date | None, dry_run: bool, as_json: bool) -> None:
    """Plan the periodic inspections that are due. A second run adds nothing."""
    with transaction(db.session()) as session:
        result = schedule(session, ACTOR, as_of=as_of or clock().today(), now=clock().now(), dry_run=dry_run)
    click.echo(json.dumps(_plain(result), ensure_ascii=False) if as_json else _text(result))


def _plain(result: ScheduleResult) -> dict[str, Any]:
    return {
        "as_of": result.as_of.isoformat(),
        "dry_run": result.dry_run,
        "planned": result.total,
        "overdue": result.overdue,
        "by_kind": {kind.value: result.of_kind(kind) for kind in OrganizationKind},
        "by_office": {office: {kind.value: n for kind, n in row.items()} for office, row in result.by_office()},
        "sample": [
            {
                "organization_id": row.organization_id,
                "name": row.name,
                "kind": row.kind.value,
                "office": row.office_code,
                "due_on": row.due_on.isoformat(),
                "because": row.basis.value,
                "since": row.basis_on.isoformat(),
            }
            for row in result.sample
        ],
    }


def _text(result: ScheduleResult) -> str:
    verb = "would be planned" if result.dry_run else "planned"
    kinds = ", ".join(f"{kind.value} {result.of_kind(kind)}" for kind in OrganizationKind)
    lines = [f"as of {result.as_of}: {result.total} inspections {verb} ({kinds}), {result.overdue} of them overdue"]
    for office, row in result.by_office():
        lines.append(f"  {office} {OFFICES[office].name_en}: " + ", ".join(f"{k.value} {n}" for k, n in row.items()))
    return "\n".join(lines)
