"""Addresses made from the present one, and those of pages that another subject may or may not have."""

from typing import Any

from flask import current_app, request, url_for


def url_if_there(endpoint: str, **values: Any) -> str | None:
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def with_query(**changes: Any) -> str:
    """The present address with some query parameters changed; None removes one."""
    query = {**request.args.to_dict(flat=False), **changes}
    return url_for(
        request.endpoint or "", **(request.view_args or {}), **{k: v for k, v in query.items() if v is not None}
    )
