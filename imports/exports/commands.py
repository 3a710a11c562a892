"""`otit export revocations`: the same file as on the page, for scripts."""

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from imports.exports.revocations import ListArticle, Selection
from imports.exports.services import FileFormat, export_revocations
from otit.auth.actors import system_actor
from otit.clock import fiscal_year
from otit.db import db, transaction
from otit.law.terms import ACT_IN_FORCE
from otit.web.clock import clock

export = AppGroup("export", help="Lists as files.")


@export.command("revocations")
@click.option("--article", type=click.Choice([a.value for a in ListArticle]), required=True, help="37-3 is Art. 37(3).")
@click.option("--year", type=int, required=True, help="Fiscal year of the day of effect, named by its first April.")
@click.option("--format", "file_format", type=click.Choice([f.value for f in FileFormat]), default="xlsx")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
def export_revocations_command(article: str, year: int, file_format: str, output: Path) -> None:
    """Dispositions of an article and fiscal year, in the published layout."""
    today = clock().today()
    first, last = fiscal_year(ACT_IN_FORCE), fiscal_year(today)
    if not first <= year <= last:
        raise click.BadParameter(f"there are lists for {first} to {last}", param_hint="--year")
    selection = Selection(ListArticle(article), year, today)
    with transaction(db.session()) as session:
        actor = system_actor("command-line")
        made = export_revocations(session, actor, selection, FileFormat(file_format), now=clock().now())
        try:
            output.write_bytes(made.content)
        except OSError as error:
            raise click.ClickException(f"cannot write {output}: {error.strerror}") from error
    figures = made.totals
    click.echo(f"{output}: {figures.dispositions} dispositions, {figures.bodies} bodies, {figures.plans} plans")


def register(app: Flask) -> None:
    app.cli.add_command(export)
