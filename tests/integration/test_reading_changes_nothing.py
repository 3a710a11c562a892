"""Opening a page writes nothing, whoever opens it. The test walks the URL map."""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from otit.auth.models import User
from otit.auth.permissions import Role
from otit.db import db
from otit.demo.people import PASSWORD
from tests.demonstration import shared_app as shared_app
from tests.pages import OwnContextClient

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|MERGE|CREATE|DROP|ALTER|TRUNCATE)\b|.*\bFOR UPDATE\b", re.I | re.S)


@pytest.fixture
def pages(shared_app: Flask) -> Iterator[Flask]:
    """Without CSRF, which only signing in would need here."""
    shared_app.test_client_class = OwnContextClient
    shared_app.config["WTF_CSRF_ENABLED"] = False
    with shared_app.app_context():
        yield shared_app
        db.session.remove()
        db.engine.dispose()
    shared_app.config["WTF_CSRF_ENABLED"] = True


@pytest.mark.parametrize("role", Role)
def test_a_get_writes_nothing(pages: Flask, role: Role) -> None:
    name = db.session().scalar(sa.select(User.username).where(User.role == role).order_by(User.id))
    db.session.remove()
    client, written, opened = pages.test_client(), [], 0

    def note(_connection, _cursor, statement, *_rest) -> None:
        if WRITES.match(statement):
            written.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.post("/sign-in", data={"username": name, "password": PASSWORD}).status_code == 303
        assert written, "signing in writes, so the test sees nothing"
        written.clear()
        for rule in sorted(pages.url_map.iter_rules(), key=str):
            if "GET" in (rule.methods or ()):
                answer = client.get(re.sub(r"<[^>]+>", "1", rule.rule))
                opened += answer.status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert written == []
    assert opened > 3
