"""Filter forms are kept for whoever asks the same: by address, language and day, and without the place in the list."""

from flask import Flask, session
from flask_babel import refresh

from organizations.register.forms import ImplementingFilterForm, SupervisingFilterForm


def form_at(app: Flask, address: str, locale: str = "ja") -> ImplementingFilterForm:
    with app.test_request_context(address):
        session["locale"] = locale
        refresh()
        app.preprocess_request()
        return ImplementingFilterForm.from_address()


def test_the_same_address_shows_the_same_form_on_every_page_of_the_list(app: Flask) -> None:
    form = form_at(app, "/?office=03")
    assert form is form_at(app, "/?office=03&cursor=abc")
    assert form.chosen() == {"office": "03"}


def test_another_address_list_or_language_has_a_form_of_its_own(app: Flask) -> None:
    form = form_at(app, "/?office=99")
    assert form.chosen() == {}
    assert form_at(app, "/?office=03").chosen() == {"office": "03"}
    assert form.errors != form_at(app, "/?office=99", "en").errors
    with app.test_request_context("/?office=99"):
        app.preprocess_request()
        assert type(SupervisingFilterForm.from_address()) is SupervisingFilterForm
