"""What a request brings from outside, made harmless before anything reads it: numbers in addresses, characters that no
database stores, and where somebody wants to go or came from."""

from typing import Any
from urllib.parse import SplitResult, urlsplit

from flask import Flask, current_app, request, url_for
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.routing import IntegerConverter, Map

HOME = "/"
LARGEST_ID = 2**31 - 1


class RecordNumber(IntegerConverter):
    """`<int:…>`: a number that a key column can hold. A larger one names no record, so its address leads nowhere."""

    def __init__(self, url_map: Map, **rules: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST_ID} | rules)


def named_record(parameter: str) -> int | None:
    """The record that the query names by its number (`?organization=12`). None when it names none, or none there can
    be."""
    text = request.args.get(parameter, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID)) else 0
    return number if 0 < number <= LARGEST_ID else None


def refuse_nul() -> None:
    """Raises BadRequest for a NUL in the address or the form: nobody types it, and PostgreSQL stores none."""
    texts = [request.path, *_values(request.args)]
    if request.method not in ("GET", "HEAD"):
        texts += [*_values(request.form), *(file.filename or "" for file in request.files.values())]
    if any("\0" in text for text in texts):
        raise BadRequest()


def _values(given: Any) -> list[str]:
    return [text for texts in given.listvalues() for text in texts]


def safe_target(target: str | None) -> str:
    """A path on this site; anything else (another host, a scheme, back-slashes, nonsense) becomes the home page."""
    parts = _split(target or "")
    if not target or parts is None or parts.scheme or parts.netloc or "\\" in target:
        return HOME
    return target if target.startswith("/") and not target.startswith("//") else HOME


def referring_page() -> str:
    """Path and query of the page that this request came from; the home page when it is not one of ours."""
    referrer = _split(request.referrer or "")
    if referrer is None or referrer.netloc != request.host:
        return HOME
    return safe_target(referrer._replace(scheme="", netloc="", fragment="").geturl())


def page_above() -> str:
    """The nearest page above the present address: of /orders/7/extend the page of the instrument. The home page when
    there is none."""
    adapter = current_app.create_url_adapter(request)
    parts = request.path.strip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        try:
            endpoint, names = adapter.match("/" + "/".join(parts[:length]), method="GET")  # type: ignore[union-attr]
        except HTTPException:
            continue
        return url_for(endpoint, **names)
    return HOME


def stays_at() -> str:
    """The present address, to come back to; where only a POST leads, the page that the form was sent from."""
    rule = request.url_rule
    readable = rule is None or "GET" in (rule.methods or ())
    return request.full_path.rstrip("?") if readable else referring_page()


def serves_files(endpoint: str | None) -> bool:
    """Whether it is Flask's own endpoint for the static files of the application or of a blueprint."""
    return endpoint is not None and (endpoint == "static" or endpoint.endswith(".static"))


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


def register(app: Flask) -> None:
    """Before any address is declared: converters are looked up then."""
    app.url_map.converters["int"] = RecordNumber
    app.before_request(refuse_nul)
