"""What `otit serve` does before it opens the door: migrations, and demonstration data on the very first start."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import flask_migrate
from flask import Flask
from sqlalchemy.orm import Session

from otit.config import Settings
from otit.db import db, transaction

_KEY = "otit-demonstration"


@dataclass(frozen=True)
class SignIn:
    """A demonstration account, printed at the start. `role` is the word shown to people."""

    username: str
    password: str
    role: str


@dataclass(frozen=True)
class Demonstration:
    """How to fill an empty database with invented data: whether it is `wanted` (nothing is there yet), how to `load`
    it in the given transaction, and the accounts with which it is seen (none when the data is not the demonstration).
    """

    wanted: Callable[[Session], bool]
    load: Callable[[Session], None]
    sign_ins: Callable[[Session], Sequence[SignIn]]


def offer_demonstration(app: Flask, demonstration: Demonstration) -> None:
    """Called by create_app, for the layers that know the domains."""
    app.extensions[_KEY] = demonstration


def prepare(app: Flask, settings: Settings, tell: Callable[[str], None]) -> Sequence[SignIn]:
    """Bring the database to the present schema, load the demonstration if it is due; the accounts to print.

    Leaves no open connection behind, so that the process may fork.
    """
    demonstration: Demonstration | None = app.extensions.get(_KEY)
    with app.app_context():
        flask_migrate.upgrade()
        accounts: Sequence[SignIn] = ()
        if demonstration is not None and settings.demo:
            with Session(db.engine) as session, transaction(session):
                if demonstration.wanted(session):
                    tell("first start: making the demonstration data ...")
                    demonstration.load(session)
            with Session(db.engine) as session:
                accounts = demonstration.sign_ins(session)
        db.engine.dispose()
    return accounts
