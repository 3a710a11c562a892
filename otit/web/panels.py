"""Panels: how an upper subject shows its records on a lower subject's page without that page knowing it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

_KEY = "otit-panels"


@dataclass(frozen=True)
class Panel:
    """`load(session, actor, record)` returns the template's context, or None when the panel has nothing to show."""

    place: str
    order: int
    template: str
    load: Callable[[Session, Any, Any], dict[str, Any] | None]


@dataclass(frozen=True)
class LoadedPanel:
    template: str
    context: dict[str, Any]


def add_panel(app: Flask, panel: Panel) -> None:
    app.extensions.setdefault(_KEY, []).append(panel)


def load_panels(place: str, session: Session, actor: Any, record: Any) -> list[LoadedPanel]:
    """The panels of `place` ("organization", "plan", …) that have something to show this person."""
    panels = sorted((p for p in current_app.extensions.get(_KEY, []) if p.place == place), key=lambda p: p.order)
    loaded = ((panel.template, panel.load(session, actor, record)) for panel in panels)
    return [LoadedPanel(template, context) for template, context in loaded if context is not None]
