"""The story of an organization: its own page, and the top of it on the organization's page."""

from datetime import date
from typing import Any

from flask import Blueprint, Flask, render_template, request, url_for
from sqlalchemy.orm import Session

from organizations.register.models import Organization
from organizations.register.queries import get_organization
from organizations.story import body, licenses, plans
from otit.auth.access import allow, current_actor
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.web.clock import clock
from otit.web.messages import date_text, translate
from otit.web.panels import Panel, add_panel
from otit.web.timeline import Event, load_open, load_story

PLACE = "organization"
TOP = 8

bp = Blueprint("story", __name__, url_prefix="/organizations")


@bp.get("/<int:organization_id>/story")
@allow(Permission.VIEW_REGISTERS)
def show(organization_id: int) -> str:
    session, actor, today = db.session(), current_actor(), clock().today()
    organization = get_organization(session, actor, organization_id)
    kind, until = request.args.get("kind", ""), _until(today)
    story = load_story(PLACE, session, actor, organization, until, kind=kind)

    def address(of_kind: str, until: date | None = None) -> str:
        day = until.isoformat() if until else None
        return url_for("story.show", organization_id=organization.id, kind=of_kind or None, until=day)

    return render_template(
        "organizations/story/story.html",
        organization=organization,
        open=[_told(event) for event in load_open(PLACE, session, actor, organization, today)],
        events=[_told(event) for event in story.events],
        older=address(kind, story.older) if story.older else None,
        newest=address(kind) if until < today else None,
        tabs=[{"label": translate(name), "url": address(code), "active": code == kind} for code, name in story.kinds],
    )


def _until(today: date) -> date:
    """The day in the address; what has not come yet is no story."""
    try:
        return min(date.fromisoformat(request.args.get("until", "")), today)
    except ValueError:
        return today


def _told(event: Event) -> dict[str, Any]:
    return {
        "when": f"{translate(event.day)} {date_text(event.on)}" if event.day else date_text(event.on),
        "title": translate(event.title, event.params),
        "text": event.text,
        "tone": event.tone,
        "url": event.url,
        "actor": event.told_by,
    }


def _open_panel(session: Session, actor: Actor, organization: Organization) -> dict[str, Any]:
    found = load_open(PLACE, session, actor, organization, clock().today())
    return {"events": [_told(event) for event in found]}


def _panel(session: Session, actor: Actor, organization: Organization) -> dict[str, Any]:
    story = load_story(PLACE, session, actor, organization, clock().today(), size=TOP)
    more = story.older is not None or len(story.events) > TOP
    return {
        "events": [_told(event) for event in story.events[:TOP]],
        "url": url_for("story.show", organization_id=organization.id) if more else None,
    }


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    for part in (licenses, plans, body):
        part.register(app)
    add_panel(app, Panel(f"{PLACE}.top", 1, "organizations/story/open_panel.html", _open_panel))
    add_panel(app, Panel(PLACE, 90, "organizations/story/panel.html", _panel))
