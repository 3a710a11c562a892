"""List links: what upper subjects offer beside the number of hits of a list, for the very list on screen; and its
shelf, the filters that were kept for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app

_KEY, _SHELF = "otit-list-links", "otit-list-shelf"

Offer = Callable[[], tuple[str, str] | None]
"""(text in the reader's language, address) for the list of the present request, or None."""


def add_list_link(app: Flask, offer: Offer) -> None:
    app.extensions.setdefault(_KEY, []).append(offer)


def list_links() -> list[tuple[str, str]]:
    offers = (offer() for offer in current_app.extensions.get(_KEY, []))
    return [offered for offered in offers if offered is not None]


@dataclass(frozen=True)
class Kept:
    """`owner` is who shares it, empty for one's own; `here` is true while the list is filtered so."""

    name: str
    url: str
    owner: str
    here: bool


Shelf = Callable[[], Sequence[Kept]]
"""What was kept for the list of the present request, as its reader may see it."""


def add_shelf(app: Flask, shelf: Shelf) -> None:
    app.extensions[_SHELF] = shelf


def kept_lists() -> Sequence[Kept]:
    shelf: Shelf | None = current_app.extensions.get(_SHELF)
    return shelf() if shelf else ()
