"""Commands that need the application: users, audit, and those of the domains."""

import click
from flask import Flask
from flask.cli import AppGroup

from otit.audit.trail import verify
from otit.auth.actors import system_actor
from otit.auth.permissions import Role
from otit.auth.services import create_user
from otit.db import db, transaction
from otit.errors import UserError
from otit.web.clock import clock

audit = AppGroup("audit", help="The audit trail.")
user = AppGroup("user", help="People who sign in.")


@audit.command("verify")
def audit_verify() -> None:
    """Recompute the hash chain of the audit trail; exit code 1 when it is broken.

    Says how many events there are and the hash of the last one: who keeps both elsewhere can prove later that the
    chain still begins with them.
    """
    result = verify(db.session())
    if result.sound:
        click.echo(f"audit trail sound: {result.count} events, the last one's hash is {result.end}")
        return
    place = "" if result.broken_at is None else f" at event {result.broken_at}"
    raise click.ClickException(f"audit trail broken{place}: {result.reason}; {result.count} events before it are sound")


@user.command("add")
@click.argument("username")
@click.option("--name", "display_name", required=True, help="Name shown on the screens.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--office", "office_code", help="Two-digit code of the local office; none means headquarters.")
@click.option("--bureau", "bureau_code", help="Prefecture code of the Labour Bureau (Labour Standards officers).")
@click.password_option()
def user_add(
    username: str, display_name: str, role: str, office_code: str | None, bureau_code: str | None, password: str
) -> None:
    """Add a person who may sign in."""
    try:
        with transaction(db.session()) as session:
            create_user(
                session,
                system_actor("command-line"),
                username=username,
                display_name=display_name,
                role=Role(role),
                password=password,
                now=clock().now(),
                office_code=office_code,
                bureau_code=bureau_code,
            )
    except UserError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"added {username}")


def register(app: Flask) -> None:
    for command in (audit, user):
        app.cli.add_command(command)
