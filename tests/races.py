"""Two people at the same moment, in two real sessions: the second acts while the first has not yet committed."""

from collections.abc import Callable
from threading import Thread
from typing import Any

from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from otit.audit.trail import verify
from otit.db import db
from otit.errors import UserError

# What a page answers with a message; anything else would be a fault of ours.
ANSWERED = (UserError, StaleDataError, IntegrityError)
HEAD_START_SECONDS = 0.3
LONGEST_SECONDS = 30

Doing = Callable[[Session], Any]


def collide(app: Flask, first: Doing, second: Doing) -> Exception | None:
    """How the second fared: None when its act was committed as well, else the refusal. Each of the two loads what it
    acts upon through the session it is given; the second has loaded it before the first commits unless a lock made it
    wait. Whatever a page would not answer with a message is raised."""
    outcome: list[Exception | None] = []

    def run() -> None:
        with app.app_context(), Session(db.engine) as session:
            try:
                second(session)
                session.commit()
            except Exception as error:  # noqa: BLE001 - handed to the test's own thread
                outcome.append(error)
            else:
                outcome.append(None)

    other = Thread(target=run)
    with Session(db.engine) as session:
        first(session)
        session.flush()
        other.start()
        other.join(HEAD_START_SECONDS)
        session.commit()
    other.join(LONGEST_SECONDS)
    assert not other.is_alive(), "the second waits for ever"
    (refusal,) = outcome
    if refusal is not None and not isinstance(refusal, ANSWERED):
        raise refusal
    return refusal


def settled(session: Session) -> Session:
    """The test's own session, to read anew what stands after both; no event of either is missing or broken."""
    session.expire_all()
    assert verify(session).sound
    return session
