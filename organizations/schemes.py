"""What templates call the things of a scheme: `term(plan.scheme, "supervisor")`."""

from flask import Flask
from flask_babel import gettext

from otit.law.schemes import term
from otit.law.terms import Scheme


def _term(scheme: Scheme, word: str) -> str:
    return str(gettext(term(scheme, word)))


def register(app: Flask) -> None:
    app.jinja_env.globals["term"] = _term
