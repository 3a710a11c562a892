"""The command `otit`: running the system, and the commands of the application."""

import logging
import os
import sys
from collections.abc import Callable

import click
from flask import Flask
from flask.cli import ScriptInfo
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from otit.app import create_app
from otit.config import Settings, load_settings
from otit.db import db
from otit.errors import ConfigurationError
from otit.jobs import cron, worker
from otit.jobs import serve as whole
from otit.jobs import web as server


def _tell(line: str) -> None:
    click.echo(f"otit: {line}", err=False)


class Otit(click.Group):
    """The running commands are ours; every other one belongs to the application and gets its context."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted({*super().list_commands(context), *_app(context).cli.list_commands(context)})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        own = super().get_command(context, name)
        if own is not None:
            return own
        app = _app(context)
        context.with_resource(app.app_context())
        return app.cli.get_command(context, name)


def _settings(context: click.Context) -> Settings:
    found = context.find_root().meta.setdefault("otit.settings", None) or load_settings(os.environ)
    context.find_root().meta["otit.settings"] = found
    assert isinstance(found, Settings)
    return found


def _app(context: click.Context) -> Flask:
    info = context.find_root().ensure_object(ScriptInfo)
    if info.create_app is None:
        info.create_app = lambda: create_app(_settings(context))
        app = info.load_app()
        context.find_root().call_on_close(lambda: _disconnect(app))
    return info.load_app()


def _disconnect(app: Flask) -> None:
    """Say goodbye to the database; a connection that is merely dropped is an error in PostgreSQL's log."""
    with app.app_context():
        db.engine.dispose()


@click.group(cls=Otit, context_settings={"help_option_names": ["-h", "--help"]})
def otit() -> None:
    """OTIT inspection and compliance system."""


@otit.command()
@click.pass_context
def serve(context: click.Context) -> None:
    """Run everything on this machine: web, background work and schedule, with an embedded Redis if none is set."""
    whole.serve(_settings(context), create_app, _tell)


@otit.command()
@click.pass_context
def web(context: click.Context) -> None:
    """Run the web server only (set DATABASE_URL and REDIS_URL); as many as wanted."""
    server.serve(_app(context), _settings(context))


@otit.command(name="worker")
@click.option("--burst", is_flag=True, help="End when nothing is left to do.")
@click.pass_context
def work(context: click.Context, burst: bool) -> None:
    """Run one background worker; as many as wanted."""
    worker.work(_app(context), _settings(context).queue_url, burst)


@otit.command(name="cron")
@click.pass_context
def keep_schedule(context: click.Context) -> None:
    """Run the schedule. One process leads; any others wait to take over."""
    cron.run(_app(context), _settings(context).queue_url)


def _guarded(run: Callable[[], None]) -> int:
    try:
        run()
    except ConfigurationError as error:
        click.echo(str(error), err=True)
        return 2
    except RedisError as error:
        click.echo(f"REDIS_URL: the Redis server does not answer: {error}", err=True)
        return 1
    except (OperationalError, ProgrammingError) as error:
        if _lacks_tables(error):
            click.echo("DATABASE_URL: the tables are missing or of an older release; run `otit db upgrade`", err=True)
            return 1
        if isinstance(error, ProgrammingError):
            raise
        click.echo(f"DATABASE_URL: the database does not answer: {error.orig}", err=True)
        return 1
    return 0


def _lacks_tables(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in ("42P01", "42703") or "no such " in str(error.orig)


def main() -> None:
    """Entry point. Exit code 2: settings or usage are wrong; 1: something needed does not answer."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")
    sys.exit(_guarded(lambda: otit(prog_name="otit", standalone_mode=True)))


if __name__ == "__main__":
    main()
