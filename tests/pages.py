"""The asserting client: it checks the quality of every page once, for all tests."""

import re
import warnings
from collections import Counter
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from otit.auth.models import User
from otit.db import db
from tests.factories import PASSWORD

HTML = "{http://www.w3.org/1999/xhtml}"


class Page:
    """A checked page: `tree` is its html5lib tree, `text` what a reader sees."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.html = response.get_data(as_text=True)
        parser = html5lib.HTMLParser()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            self.tree: Element = parser.parse(self.html)
        assert not parser.errors, f"invalid HTML: {parser.errors[:3]}"
        self._check()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.tree.itertext()).split())

    @property
    def heading(self) -> str:
        return _text(self.all("h1")[0])

    def all(self, tag: str) -> list[Element]:
        return list(self.tree.iter(HTML + tag))

    def by_id(self, key: str) -> Element | None:
        return next((e for e in self.tree.iter() if e.get("id") == key), None)

    def hidden(self, name: str, form_action: str | None = None) -> str:
        """The value of a hidden field, of the form with that action or of the first form that has it."""
        for form in self.all("form"):
            if form_action is None or form.get("action", "").split("?")[0] in (form_action, ""):
                for field in form.iter(HTML + "input"):
                    if field.get("name") == name:
                        return field.get("value", "")
        raise AssertionError(f"no hidden field {name!r}")

    def _check(self) -> None:
        headings = self.all("h1")
        assert len(headings) == 1, f"{len(headings)} h1"
        title = _text(self.all("title")[0])
        assert title.startswith(_text(headings[0])), f"title {title!r} does not begin with the h1 {self.heading!r}"
        ids = Counter(e.get("id") for e in self.tree.iter() if e.get("id"))
        assert not [i for i, n in ids.items() if n > 1], f"repeated ids: {ids.most_common(3)}"
        labelled = {label.get("for") for label in self.all("label")}
        for field in [*self.all("input"), *self.all("select"), *self.all("textarea")]:
            if field.get("type") not in ("hidden", "submit"):
                assert field.get("id") in labelled or field.get("aria-label"), f"no label: {field.attrib}"
        for element in self.tree.iter():
            assert "style" not in element.attrib, f"inline style: {element.attrib}"
            assert not [a for a in element.attrib if a.startswith("on")], f"inline handler: {element.attrib}"
        for form in self.all("form"):
            if form.get("method", "get").lower() == "post":
                names = {field.get("name") for field in form.iter(HTML + "input")}
                assert "csrf_token" in names, f"form without csrf_token: {form.attrib}"
        for table in self.all("table"):
            assert list(table.iter(HTML + "caption")), "a table without a caption"
        scripts = [s for s in self.all("script") if not s.get("src")]
        assert not scripts, "inline script"


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


class OwnContextClient(FlaskClient):
    """Each request gets its own application context as on a server. Inside the test's context it would share that
    one's `g`, and with it the person signed in, and its session."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        with self.application.app_context():
            return super().open(*args, **{"buffered": True, **kwargs})


class Browser:
    """Signs in, gets pages and sends forms, hidden fields included. `last` is the last page."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        app.test_client_class = OwnContextClient
        self.client: FlaskClient = app.test_client()
        self.last: Page | None = None

    def sign_in(self, user: User, password: str = PASSWORD) -> "Browser":
        """Signs in anew; commits the test's own session first, so that requests see its records."""
        db.session.commit()
        self.client = self.app.test_client()
        self.send("/sign-in", {"username": user.username, "password": password}, status=303)
        return self

    def get(self, url: str, status: int = 200, **query: Any) -> Page:
        db.session.commit()
        response = self.client.get(url, query_string=query or None)
        assert response.status_code == status, f"{url}: {response.status_code}\n{readable(response)}"
        self.last = Page(response)
        return self.last

    def follow(self, response: TestResponse) -> Page:
        assert response.status_code in (302, 303), f"{response.status_code}\n{readable(response)}"
        return self.get(response.headers["Location"])

    def send(
        self, url: str, data: dict[str, Any] | None = None, *, status: int = 303, page: str | None = None
    ) -> TestResponse:
        """POST a form as a browser does: opens the form's page (`page`, else `url`) for its hidden fields first.
        `page=""` sends with the CSRF token of the last page only."""
        source = self.last if page == "" else self.get(page or url)
        assert source is not None
        hidden: dict[str, Any] = {}
        for form in source.all("form"):
            if form.get("method", "get").lower() == "post" and form.get("action", "").split("?")[0] in ("", url):
                hidden = {
                    f.get("name", ""): f.get("value", "")
                    for f in form.iter(HTML + "input")
                    if f.get("type") == "hidden"
                }
        hidden.setdefault("csrf_token", source.hidden("csrf_token"))
        db.session.commit()
        response = self.client.post(url, data={**hidden, **(data or {})}, headers={"Referer": "http://localhost/"})
        assert response.status_code == status, f"{url}: {response.status_code}\n{readable(response)}"
        return response


def readable(response: TestResponse) -> str:
    """The text of an unexpected answer, short enough for a failure message."""
    text = re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))
    return " ".join(text.split())[:1500]
