"""Every page that each role can reach by links opens, is free of barriers, and speaks English from end to end."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy.orm import Session

from otit.auth.permissions import Role
from tests.e2e.conftest import Arrive
from tests.factories import Factories
from tests.people import Person
from tests.world import World, written

JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")
NUMBER = re.compile(r"\d+|[0-9a-f]{32}")
# What a reader sees or hears of the program: texts and spoken names, but not what is marked as another language.
# The tooltip of a date tells it in the other calendar and so in the other language.
TEXTS = """() => {
  const found = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, {
    acceptNode: node => node.nodeType === 1 && (node.lang === "ja" || node.matches("script, style, textarea"))
      ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT});
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === 3) found.push(node.data);
    else for (const name of ["aria-label", "alt", "placeholder", "title"])
      if (node.hasAttribute(name) && !(name === "title" && node.matches("time"))) found.push(node.getAttribute(name));
  }
  return found;
}"""
# What a page is made of, whatever its texts and however many its rows.
MADE_OF = """() => {
  const made = one => one && [one.tagName, one.className, one.getAttribute("role"), one.getAttribute("type")].join(".");
  const all = [...document.querySelectorAll("*")].map(one => made(one.parentElement) + ">" + made(one));
  return [...new Set(all)].sort().join(" ");
}"""
# axe takes longest: what has been judged is not judged again where another role sees a page of the same kind that is
# made of the same things.
JUDGED: set[tuple[str, str]] = set()
LINKS = """() => [...document.querySelectorAll("main a[href], .site-nav-wide a[href]")]
  .map(link => link.getAttribute("href"))"""


def kind_of(path: str) -> str:
    """/inspections/12?state=open and /inspections/13 are pages of one kind."""
    return NUMBER.sub("N", urlsplit(path).path)


def pages(person: Person, special: list[str]) -> Iterator[str]:
    """The first page of each kind that links lead to, and the special ones, opened one after the other."""
    waiting, seen = ["/", *special], {"/"}
    while waiting:
        path = waiting.pop(0)
        person.open(path)
        yield path
        for link in person.page.evaluate(LINKS):
            kind = kind_of(link)
            if link.startswith("/") and "." not in kind and kind not in seen:  # a name with a dot is a file
                seen.add(kind)
                waiting.append(link)


@pytest.fixture
def world(session: Session, factories: Factories) -> World:
    return World(session, factories)


@pytest.mark.one_backend
@pytest.mark.timeout(600)
@pytest.mark.parametrize("role", Role)
def test_every_page_speaks_english_and_is_free_of_barriers(
    role: Role, world: World, session: Session, arrive: Arrive
) -> None:
    person = arrive(world.people[role]).speak("en")
    known = sorted(written(session), key=len, reverse=True)
    session.commit()
    faults: dict[str, list[Any]] = {}
    for path in pages(person, world.special(role)):
        assert person.page.locator("html").get_attribute("lang") == "en", path
        texts = set(map(str.strip, person.page.evaluate(TEXTS)))
        faults[path] = [*(text for text in texts if is_japanese(text, known)), *out_of_place(person)]
        page = kind_of(path), person.page.evaluate(MADE_OF)
        if page not in JUDGED:
            JUDGED.add(page)
            faults[path] += person.barriers()
    assert {path: found for path, found in faults.items() if found} == {}
    assert len(faults) > 5, list(faults)


@pytest.mark.one_backend
@pytest.mark.timeout(600)
def test_every_page_of_a_manager_fits_the_screen_in_japanese_too(world: World, arrive: Arrive) -> None:
    """A page has the same elements in both languages; only the lengths of its texts differ."""
    person = arrive(world.people[Role.MANAGER])
    faults = {path: out_of_place(person) for path in pages(person, world.special(Role.MANAGER))}
    assert {path: found for path, found in faults.items() if found} == {}


def out_of_place(person: Person) -> list[Any]:
    """What is wrong with the page shown on a tablet and a telephone."""
    too_wide = [fault for width in (768, 390) for fault in person.overhang(width)]
    return [*person.refused_images(), *too_wide]


def is_japanese(text: str, known: list[str]) -> bool:
    for words in known:
        text = text.replace(words, "")
    return JAPANESE.search(text) is not None
