"""The least that shows a page of rows: what the list pages are measured against."""

from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from benchmarks.national import TODAY
from inspections.scheduling.models import OPEN, Inspection
from organizations.register.models import Organization
from otit.auth.models import User
from otit.web.paging import PAGE_SIZE

PAGE = """<!doctype html><title>bare</title><table>{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>
{% endfor %}</tr>{% endfor %}</table><a href="?after={{ rows[-1].id }}">next</a>"""


def bare_app(engine: Engine) -> FlaskClient:
    """The least that shows the same rows: one Core query, one table; no layout, no sign-in, no filters, no count."""
    app = Flask("bare")
    template = app.jinja_env.from_string(PAGE)
    columns: list[Any] = [
        Inspection.id,
        Inspection.number,
        Organization.id.label("organization_id"),
        Organization.name,
        Inspection.due_basis,
        Inspection.due_basis_on,
        Inspection.due_on,
        Inspection.state,
        Inspection.office_code,
        User.display_name,
        Inspection.planned_on,
        Inspection.bureau_code,
    ]
    query = (
        sa.select(*columns)
        .join(Organization, Organization.id == Inspection.organization_id)
        .outerjoin(User, User.id == Inspection.assigned_to_id)
        .where(OPEN, sa.tuple_(Inspection.due_on, Inspection.id) > sa.tuple_(sa.literal(TODAY), sa.literal(0)))
        .order_by(Inspection.due_on, Inspection.id)
        .limit(PAGE_SIZE)
    )

    @app.get("/")
    def rows() -> str:
        with engine.connect() as connection:
            return template.render(rows=connection.execute(query).all())

    return app.test_client()
