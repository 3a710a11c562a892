"""`otit generate`: an invented register of national size, to try and to measure."""

import time

import click
from flask import Flask

from otit.db import db, transaction
from otit.demo.people import DOCUMENTED, PASSWORD
from otit.errors import UserError
from otit.generate.loading import generate, settle
from otit.generate.scales import SCALES
from otit.web.clock import clock


@click.command("generate")
@click.option("--scale", type=click.Choice(list(SCALES)), default="national", help="how much")
def generate_command(scale: str) -> None:
    """Fill the empty database with an invented register and print the sign-ins."""
    begun = time.monotonic()

    def tell(what: str) -> None:
        click.echo(f"{time.monotonic() - begun:6.0f} s  {what} …")

    try:
        with transaction(db.session()) as session:
            generate(session, clock(), SCALES[scale], tell)
    except UserError as error:
        raise click.ClickException(str(error)) from error
    tell("statistics")
    settle(db.engine)
    tell("done")
    click.echo(f"sign in with one of these; the password of all is {PASSWORD}")
    for account in DOCUMENTED:
        click.echo(f"  {account.username:<16} {account.words}")


def register(app: Flask) -> None:
    app.cli.add_command(generate_command)
