"""The clock of the running application, so that tests and demonstrations can stop it."""

from flask import current_app

from otit.clock import Clock

_KEY = "otit-clock"


def set_clock(app: object, value: Clock) -> None:
    app.extensions[_KEY] = value  # type: ignore[attr-defined]


def clock() -> Clock:
    value: Clock = current_app.extensions[_KEY]
    return value
