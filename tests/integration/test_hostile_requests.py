"""Whatever is sent to an endpoint, by whomever, it is answered: found, refused or explained, never with a fault of ours
(500). The tests walk the URL map as each role, so that a new endpoint is in them from its first day."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import html5lib
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.routing.converters import AnyConverter, BaseConverter, IntegerConverter

from otit.auth.access import PUBLIC, SIGNED_IN
from otit.auth.models import User
from otit.auth.permissions import MATRIX, Role
from otit.db import db
from otit.demo.people import PASSWORD
from tests.demonstration import shared_app as shared_app
from tests.factories import TODAY
from tests.pages import HTML, OwnContextClient, readable

# They end the session, or the other roles' sessions.
LEFT_OUT = {"auth.sign_out", "auth.sign_in", "auth.language", "admin.deactivate", "admin.new_password"}
# Together they open every page; for the others the first few will do.
THOROUGH = (Role.MANAGER, Role.LABOUR_STANDARDS, Role.ADMINISTRATOR)
PAGED_DETAILS = {"dispositions.detail", "imports.detail", "relations.index"}
HUGE = "9" * 40
PARAMETERS = (
    *("q", "number", "organization", "organization_name", "sending", "inspection", "actor", "action", "subject"),
    *("prefecture", "office", "status", "state", "kind", "category", "charge", "target", "country", "instrument"),
    *("organization_kind", "license_class", "license_state", "ageing", "article", "year", "format", "on", "role"),
    *("due_from", "due_to", "accredited_from", "accredited_to", "effective_from", "effective_to", "since", "until"),
    *("endpoint", "_method", "_external", "_scheme", "_anchor"),
    *("overdue", "joint", "missing", "suspended", "next", "as_of", "subject_type", "subject_id"),
)
VALUES = ("\0", HUGE, "-1", "%_\\'\"", "2026-02-30", "1900-01-01", "１２３", "<script>", "😀" * 300)
IDS = (0, 2**31, 2**63, 10**40)
KNOWN = range(1, 41)
REFERENCES = {"organization": "1", "sending": "1", "inspection": "1"}


def cursor(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


CURSORS = (
    "%%%",
    "あ",
    base64.urlsafe_b64encode(b"[" * 5000).decode(),
    cursor(0),
    cursor(1, None, None),
    cursor(0, "2026-01-01", 2**70),
    cursor(0, "2026-01-01", True),
    cursor(0, "0001-01-01", 1),
    cursor(0, "not a day", 1),
    cursor(0, "\0", 1),
    cursor(0, "\ud800", 1),
    cursor(0, 2**70),
    cursor(0, 1.5),
    cursor({}, [], {}),
)


@pytest.fixture
def walked(shared_app: Flask) -> Iterator[Flask]:
    """Without CSRF: what is tested here is what comes behind it."""
    shared_app.test_client_class = OwnContextClient
    shared_app.config["WTF_CSRF_ENABLED"] = False
    with shared_app.app_context():
        yield shared_app
        db.session.remove()
        db.engine.dispose()
    shared_app.config["WTF_CSRF_ENABLED"] = True


def signed_in(app: Flask, role: Role) -> FlaskClient:
    name = db.session().scalar(sa.select(User.username).where(User.role == role).order_by(User.id))
    client = app.test_client()
    answer = client.post("/sign-in", data={"username": name, "password": PASSWORD})
    assert answer.status_code == 303, readable(answer)
    return client


def rules(app: Flask, role: Role, method: str) -> list[Rule]:
    """The rules of that method whose endpoint this role may open; that the others are closed is tested with access."""
    found = []
    for rule in app.url_map.iter_rules():
        guards = getattr(app.view_functions[rule.endpoint], "guards", None)
        if guards is None or rule.endpoint in LEFT_OUT or method not in (rule.methods or ()):
            continue
        if guards in ((PUBLIC,), (SIGNED_IN,)) or MATRIX[role] & set(guards):
            found.append(rule)
    return sorted(found, key=str)


def addresses(rule: Rule, *ids: int) -> Iterator[str]:
    """The rule's address once for each id, and for each of the words it lets choose from."""
    names = sorted(rule.arguments)
    for key in ids if names else ids[:1]:
        for chosen in product(*(_options(rule._converters[name], key) for name in names)):
            built = rule.build(dict(zip(names, chosen, strict=True)))
            assert built is not None
            yield built[1]


def _options(converter: BaseConverter, key: int) -> Sequence[object]:
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)
    return [key] if isinstance(converter, IntegerConverter) else [f"{key:032d}"[:32]]


class Faults(list[str]):
    """Requests that were answered with a fault of ours, in words."""

    def note(self, answer: Any, sent: Mapping[str, str], *, shown: bool = False) -> None:
        """With `shown` the request is a good one: its page is shown, or is not for this person or this state."""
        if answer.status_code >= 500 or (shown and answer.status_code not in (200, 302, 403, 404, 409)):
            about = {name: value[:60] for name, value in sent.items()}
            self.append(f"{answer.request.method} {answer.request.path[:100]} {about}"[:1000])


@pytest.mark.parametrize("role", THOROUGH)
def test_no_address_makes_a_fault(walked: Flask, role: Role) -> None:
    ask_for_every_address(walked, role)


@pytest.mark.one_backend
@pytest.mark.parametrize("role", [role for role in Role if role not in THOROUGH])
def test_no_address_makes_a_fault_for_others(walked: Flask, role: Role) -> None:
    ask_for_every_address(walked, role)


def ask_for_every_address(walked: Flask, role: Role) -> None:
    client, faults = signed_in(walked, role), Faults()
    for rule in rules(walked, role, "GET"):
        asked: list[tuple[str, dict[str, str]]] = [(address, {}) for address in addresses(rule, *IDS)]
        for address in addresses(rule, 1):
            values = VALUES if role in THOROUGH and not rule.arguments else VALUES[:2]
            asked += [(address, dict.fromkeys(PARAMETERS, value)) for value in values]
            if not rule.arguments or rule.endpoint in PAGED_DETAILS:
                asked += [(address, {"cursor": place}) for place in (CURSORS if role in THOROUGH else CURSORS[:3])]
        for address, query in asked:
            faults.note(client.get(address, query_string=query), query)
    assert faults == []


def fields(html: str) -> dict[str, str]:
    """{name: a value that fits} of the fields of a page's forms: the last choice, today, a text."""
    found: dict[str, str] = {}
    for form in html5lib.parse(html).iter(HTML + "form"):
        if form.get("method") != "post":
            continue
        for select in form.iter(HTML + "select"):
            found[select.get("name", "")] = [option.get("value", "") for option in select.iter(HTML + "option")][-1]
        found |= {area.get("name", ""): "架空の内容" for area in form.iter(HTML + "textarea")}
        for field in form.iter(HTML + "input"):
            name, kind = field.get("name", ""), field.get("type", "text")
            fitting = {"date": TODAY.isoformat(), "text": "架空", "checkbox": "y"}
            found[name] = field.get("value") or fitting.get(kind, "")
    return found


def bodies(fitting: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Forms no browser sends, then such as one might, with odd contents."""
    yield {}
    for value in VALUES:
        yield dict.fromkeys(fitting, value)
    fresh = {name: value for name, value in fitting.items() if name not in ("once", "version")}
    yield fresh | {"once": "x" * 5000, "version": HUGE}
    yield fresh | {"once": "é\ud800".encode("utf-8", "replace").decode(), "version": "None"}
    dates = {name: "1900-01-01" for name, value in fresh.items() if value == TODAY.isoformat()}
    yield fresh | dates
    yield fresh | dict.fromkeys(dates, "2199-12-31")
    yield fresh | {name: "😀\u202e" * 20 for name, value in fresh.items() if value.startswith("架空")}


def opened_form(client: FlaskClient, rule: Rule, address: str) -> tuple[str, dict[str, str]]:
    """The first address like this one whose form this person may open now, and what fits its fields."""
    last = address.rsplit("/", 1)[-1]
    for candidate in (each for key in KNOWN for each in addresses(rule, key) if each.endswith(last)):
        page = client.get(candidate, query_string=REFERENCES)
        if page.status_code == 200:
            return candidate, fields(page.get_data(as_text=True))
    return address, {"version": "1"}


def test_no_form_makes_a_fault_and_none_leaves_a_page_that_cannot_be_shown(walked: Flask) -> None:
    send_every_form(walked, Role.MANAGER)


@pytest.mark.one_backend
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_no_form_of_others_makes_a_fault(walked: Flask, role: Role) -> None:
    send_every_form(walked, role)


def send_every_form(walked: Flask, role: Role) -> None:
    client, faults = signed_in(walked, role), Faults()
    pages = {rule.rule for rule in rules(walked, role, "GET")}
    for rule in rules(walked, role, "POST"):
        for address in addresses(rule, 1):
            opened, fitting = opened_form(client, rule, address) if rule.rule in pages else (address, {"version": "1"})
            for body in bodies(fitting):
                faults.note(client.post(opened, query_string=REFERENCES, data=body), body)
    for rule in rules(walked, role, "GET"):
        for address in addresses(rule, *KNOWN[:10]):
            faults.note(client.get(address), {}, shown=True)
    assert faults == []
