"""`otit demo`, and the demonstration that `otit serve` offers on its first start."""

from collections.abc import Sequence

import click
from flask import Flask
from sqlalchemy.orm import Session

from otit.db import db, transaction
from otit.demo.loading import DemoSummary, is_demo, is_empty, load_demo
from otit.demo.people import DOCUMENTED, PASSWORD
from otit.errors import UserError
from otit.jobs.startup import Demonstration, SignIn, offer_demonstration
from otit.web.clock import clock


@click.command("demo")
def demo() -> None:
    """Fill the empty database with invented data and print the sign-ins."""
    try:
        with transaction(db.session()) as session:
            summary = load_demo(session, clock())
    except UserError as error:
        raise click.ClickException(str(error)) from error
    _tell(summary)


def _load(session: Session) -> None:
    load_demo(session, clock())


def _tell(summary: DemoSummary) -> None:
    click.echo(f"loaded {sum(summary.counts.values())} rows of invented data")
    for table in ("organizations", "licenses", "training_plans", "inspections", "violations", "correction_orders"):
        click.echo(f"  {summary.counts[table]:>6,} {table}")
    click.echo(f"sign in with one of these; the password of all is {summary.password}")
    for account in summary.sign_ins:
        click.echo(f"  {account.username:<16} {account.words}")


def sign_ins(session: Session) -> Sequence[SignIn]:
    """None when the data is not the demonstration."""
    if not is_demo(session):
        return ()
    return [SignIn(account.username, PASSWORD, account.words) for account in DOCUMENTED]


def register(app: Flask) -> None:
    app.cli.add_command(demo)
    offer_demonstration(app, Demonstration(is_empty, _load, sign_ins))
