"""Addresses of pages that another subject may or may not have."""

from typing import Any

from flask import current_app, url_for


def url_if_there(endpoint: str, **values: Any) -> str | None:
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
