"""People at a real browser. They find fields by their labels, buttons and links by their words, as a person does, and
each notices what no page may do: an error in the console, a breach of the policy, an answer that nobody expected."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response

from otit.auth.models import User
from otit.db import db
from tests.factories import PASSWORD

WAIT_MS = 20_000
JOB_WAIT_MS = 60_000
REQUIRED_MARK = r"\s*(必須|Required)?"
# The browser's own line about an answer >= 400, which is judged by its status instead.
ABOUT_STATUS = "Failed to load resource: the server responded with a status of"
# Rarely, Chromium reckons with Bootstrap's style sheet before ours has come: the arrow of its select boxes is a data
# image, which the policy refuses. Whether ours is there in the end is asked of each page by `refused_images`.
NOT_YET_STYLED = "Loading the image 'data:image/svg+xml"
DATA_IMAGES = """() => [...document.querySelectorAll("*")]
  .filter(element => getComputedStyle(element).backgroundImage.includes("data:")).map(element => element.outerHTML)"""


class Person:
    """One browser session. `complaints` must be empty in the end."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.complaints: list[str] = []
        self._refusals: list[int] = []
        self._expected: int | None = None
        self.user: User | None = None
        context.set_default_timeout(WAIT_MS)
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)
        self.page.on("response", self._see)
        self.page.on("dialog", lambda dialog: dialog.accept())

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith((ABOUT_STATUS, NOT_YET_STYLED)):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _see(self, response: Response) -> None:
        if response.status < 400:
            return
        if response.status == self._expected:
            self._refusals.append(response.status)
        else:
            self.complaints.append(f"{response.status} {response.request.method} {response.url}")

    @contextmanager
    def refused(self, status: int = 422) -> Iterator[None]:
        """What is done inside is answered with this status, once."""
        self._expected, self._refusals = status, []
        yield
        assert self._refusals == [status], f"{len(self._refusals)} answers {status} at {self.page.url}: {self.text}"
        self._expected = None

    # --- moving about -------------------------------------------------------------------------------------------------

    def open(self, path: str) -> "Person":
        self.page.goto(self.address + path)
        return self

    def sign_in(self, user: User, path: str = "/", password: str = PASSWORD) -> "Person":
        """On the way to a page; commits the test's own session first, so that the server sees its records."""
        db.session.commit()
        self.open(path)
        assert self.path.startswith("/sign-in"), f"{path} is open to strangers"
        return self.identify(user, password)

    def identify(self, user: User, password: str = PASSWORD) -> "Person":
        """At the sign-in page, which leads on to where the person wanted to go."""
        self.user = user
        self.fill({"ユーザー名": user.username, "パスワード": password})
        return self.press("サインイン")

    def press(self, button: str, within: Locator | None = None) -> "Person":
        """A submit button, and the page it leads to."""
        with self.page.expect_navigation():
            (within or self.main).get_by_role("button", name=button, exact=True).click()
        return self

    def follow(self, link: str, within: Locator | None = None) -> "Person":
        with self.page.expect_navigation():
            (within or self.main).get_by_role("link", name=link, exact=True).first.click()
        return self

    def menu(self, item: str) -> "Person":
        """An entry of the menu, which may lie in a group that is to be opened first."""
        menu = self.page.locator(".site-nav-wide")
        group = menu.locator("details").filter(has=self.page.locator("a", has_text=exactly(item)))
        if group.count():
            group.locator("summary").click()
        return self.follow(item, menu)

    def wait_for(self, state: str) -> "Person":
        """On a page that shows the progress of a job: until it leads on, by itself, to a heading with this state."""
        reached = self.page.locator("h1", has_text=state)
        for _turn in range(JOB_WAIT_MS // 100):
            if reached.count() or self.complaints:
                break
            self.page.wait_for_timeout(100)
        assert reached.count(), f"{self.path} is not {state!r}: {self.heading}: {self.text}"
        return self

    def speak(self, language: str) -> "Person":
        """Switch the language of the interface on the page shown."""
        if self.page.locator("html").get_attribute("lang") != language:
            with self.page.expect_navigation():
                self.page.locator(f".site-tools a[hreflang={language}]").click()
        return self

    # --- reading ------------------------------------------------------------------------------------------------------

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    @property
    def heading(self) -> str:
        return one_line(self.page.locator("h1").inner_text())

    @property
    def text(self) -> str:
        return one_line(self.main.inner_text())

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)

    def row(self, words: str) -> Locator:
        """The row of a table that has these words in it."""
        return self.main.locator("tbody tr", has_text=words)

    def fact(self, name: str) -> str:
        """The value beside this name in a list of facts."""
        entries = self.main.locator("dl.facts > div").filter(has=self.page.locator("dt", has_text=exactly(name)))
        return one_line(entries.first.locator("dd").inner_text())

    def field_errors(self) -> list[str]:
        return [one_line(text) for text in self.page.locator(".error-summary li").all_inner_texts()]

    # --- filling in ---------------------------------------------------------------------------------------------------

    def field(self, label: str, within: Locator | None = None) -> Locator:
        return (within or self.main).get_by_label(re.compile(rf"^\s*{re.escape(label)}{REQUIRED_MARK}\s*$"))

    def fill(self, values: dict[str, str | bool], within: Locator | None = None) -> "Person":
        """By label: text and dates as typed (dates as the browser's own calendar gives them), the words of a choice,
        True or False for a box to tick."""
        for label, value in values.items():
            field = self.field(label, within)
            if isinstance(value, bool):
                self._mark(field, value)
            elif field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)
        return self

    def tick(self, group: str, *options: str) -> "Person":
        """Options of a group, by the beginning of their words."""
        box = self.main.get_by_role("group", name=re.compile(rf"^{re.escape(group)}{REQUIRED_MARK}$"))
        for option in options:
            self._mark(box.get_by_label(re.compile(rf"^\s*{re.escape(option)}")), True)
        return self

    def _mark(self, box: Locator, on: bool) -> None:
        """By its label, which is what a finger hits: it lies over the box."""
        if box.is_checked() != on:
            self.main.locator(f"label[for='{box.get_attribute('id')}']").click()
        assert box.is_checked() == on

    # --- files --------------------------------------------------------------------------------------------------------

    def attach(self, label: str, name: str, content: bytes) -> "Person":
        self.field(label).set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
        return self

    def download(self, button: str) -> tuple[str, bytes]:
        """The name and content of the file that a button or link brings."""
        control = self.main.get_by_role("button", name=button).or_(self.main.get_by_role("link", name=button))
        with self.page.expect_download() as caught:
            control.first.click()
        return caught.value.suggested_filename, Path(caught.value.path()).read_bytes()

    # --- judging ------------------------------------------------------------------------------------------------------

    def barriers(self) -> list[tuple[str, str]]:
        """What axe finds on the page shown: (rule, first element)."""
        found = Axe().run(self.page, options={"resultTypes": ["violations"]}).response["violations"]
        return [(rule["id"], rule["nodes"][0]["html"]) for rule in found]

    def overhang(self, width: int) -> list[str]:
        """That the page stands out at the side of a screen so many pixels wide."""
        usual = self.page.viewport_size
        assert usual is not None
        self.page.set_viewport_size({**usual, "width": width})
        needed: int = self.page.evaluate("document.documentElement.scrollWidth")
        self.page.set_viewport_size(usual)
        return [f"{needed} px wide on {width}"] if needed > width else []

    def refused_images(self) -> list[str]:
        """Elements whose picture the policy does not let in."""
        found: list[str] = self.page.evaluate(DATA_IMAGES)
        return found


def one_line(text: str) -> str:
    return " ".join(text.split())


def exactly(text: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(text)}\s*$")
