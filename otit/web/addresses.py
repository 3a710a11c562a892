"""Addresses made from the present one, and those of pages that another subject may or may not have."""

from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from flask import current_app, request, url_for


def url_if_there(endpoint: str, **values: Any) -> str | None:
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def with_query(**changes: Any) -> str:
    """The present address with some query parameters changed; None removes one."""
    query = {**request.args.to_dict(flat=False), **changes}
    text = urlencode({name: value for name, value in query.items() if value is not None}, doseq=True)
    return here() + (f"?{text}" if text else "")


def about_this_list(endpoint: str) -> str:
    """A page about the present list: it is told the list's endpoint and its filters as they stand in the address."""
    told = {"list": request.endpoint or "", "query": request.query_string.decode("utf-8", "replace")}
    return f"{_page(endpoint, request.script_root)}?{urlencode({name: text for name, text in told.items() if text})}"


@lru_cache
def _page(endpoint: str, _script_root: str) -> str:
    return url_for(endpoint)


def here() -> str:
    """The present address without its query."""
    return quote(request.script_root + request.path)
