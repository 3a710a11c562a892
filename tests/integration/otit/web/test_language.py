"""Texts of templates in the reader's language: looked up once per text, placeholders filled by the template."""

import pytest
from flask import Flask, session

from otit.web.language import english, language

PLURAL = "{{ ngettext('%(num)d件、超過%(days)d日', '%(num)d件、超過%(days)d日', 2, days=12) }}"
TAGGED = "{{ _('<%(name)s>', name='<b>') }}"


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_a_template_fills_its_own_placeholders(app: Flask, locale: str) -> None:
    with app.test_request_context("/sign-in"):
        session["locale"] = locale
        app.preprocess_request()
        assert language() == locale
        assert app.jinja_env.from_string(PLURAL).render() == "2件、超過12日"
        assert app.jinja_env.from_string("{{ _('ホーム') }}").render() == {"ja": "ホーム", "en": "Home"}[locale]


def test_what_fills_a_text_is_escaped(app: Flask) -> None:
    with app.test_request_context("/sign-in"):
        app.preprocess_request()
        assert (
            "&lt;b&gt;" in app.jinja_env.from_string("{% autoescape true %}" + TAGGED + "{% endautoescape %}").render()
        )


def test_the_language_of_one_request_does_not_stay_for_the_next(app: Flask) -> None:
    client = app.test_client()
    client.get("/language/en")
    assert 'lang="en"' in client.get("/sign-in").text
    assert 'lang="ja"' in app.test_client().get("/sign-in").text
    assert not english()
