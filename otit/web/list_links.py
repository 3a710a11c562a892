"""List links: what upper subjects offer beside the number of hits of a list, for the very list on screen."""

from collections.abc import Callable

from flask import Flask, current_app

_KEY = "otit-list-links"

Offer = Callable[[], tuple[str, str] | None]
"""(text in the reader's language, address) for the list of the present request, or None."""


def add_list_link(app: Flask, offer: Offer) -> None:
    app.extensions.setdefault(_KEY, []).append(offer)


def list_links() -> list[tuple[str, str]]:
    offers = (offer() for offer in current_app.extensions.get(_KEY, []))
    return [offered for offered in offers if offered is not None]
