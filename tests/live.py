"""The application behind a real address, and a person in a real browser in front of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page
from werkzeug.serving import make_server

from otit.auth.models import User
from otit.db import db
from tests.factories import PASSWORD

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address of `app` on a free port of the loopback, for as long as the block runs."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def complaining_page(chromium: Browser) -> Iterator[Page]:
    """A new person's page; at the end it fails when the browser complained, a breach of the policy included."""
    context = chromium.new_context(locale="ja-JP", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if _is_complaint(message) else None)
    yield page
    context.close()
    assert complaints == []


def _is_complaint(message: ConsoleMessage) -> bool:
    """A form that came back with errors (422) is an answer, although the browser notes it as a failed load."""
    return message.type == "error" and "status of 422" not in message.text


class Visitor:
    """A person at the site. `page` is Playwright's, for whatever has no name here."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def open(self, path: str) -> Page:
        """Commits the test's own session first, so that the page sees its records."""
        db.session.commit()
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, user: User, path: str = "/") -> Page:
        """Through the sign-in page, which leads to `path`; whoever was signed in before is signed out."""
        self.page.context.clear_cookies()
        name = user.username
        self.open(f"/sign-in?next={path}")
        self.page.locator("[name=username]").fill(name)
        self.page.locator("[name=password]").fill(PASSWORD)
        with self.page.expect_navigation():
            self.page.locator("form [type=submit]").first.click()
        return self.page

    def press(self, name: str) -> None:
        """A button by its text; waits for the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()

    def tick(self, label: str) -> None:
        """A check box or radio button by a part of its label; the label is what a finger hits."""
        self.page.locator("label", has_text=label).click()

    def follow(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name, exact=True).first.click()

    def assert_accessible(self) -> None:
        """axe finds nothing, and nothing stands out of the screen at the side."""
        found = Axe().run(self.page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
        width = self.page.evaluate("window.innerWidth")
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width
