"""What templates call the things of a scheme."""

from flask import Flask
from flask_babel import force_locale

from otit.law.terms import Scheme


def test_templates_have_the_words_in_both_languages(app: Flask) -> None:
    draw = app.jinja_env.from_string("{{ term(scheme, 'supervisor') }}").render
    with app.test_request_context():
        with force_locale("ja"):
            assert draw(scheme=Scheme.ESD) == "監理支援機関"
        with force_locale("en"):
            assert draw(scheme=Scheme.ESD) == "Supervising and support organization"
