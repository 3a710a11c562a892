"""Where a request came from, as far as it was one of our own pages."""

import pytest
from flask import Flask

from otit.web.intake import referring_page


@pytest.mark.parametrize(
    ("referrer", "page"),
    [
        ("http://localhost/moc-reports/new?sending=3", "/moc-reports/new?sending=3"),
        ("http://localhost/orders/7#reply", "/orders/7"),
        ("http://elsewhere.example/orders/7", "/"),
        ("http://localhost//elsewhere.example/", "/"),
        (None, "/"),
    ],
)
def test_only_our_own_pages_are_led_back_to_with_their_query(referrer: str | None, page: str) -> None:
    headers = {"Referer": referrer} if referrer else {}
    with Flask("test").test_request_context("/", headers=headers):
        assert referring_page() == page
