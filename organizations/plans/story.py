"""What happened to a plan, the latest first: application, accreditation, changes, notices, end, revocation."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from organizations.accreditation.models import PlanApplication, PlanChange
from organizations.accreditation.presenting import moved
from organizations.notices.models import DifficultyNotice
from organizations.notices.queries import of_plan
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanState
from otit.web.templating import aside, era, label

Event = dict[str, Any]


def story(
    session: Session, plan: TrainingPlan, application: PlanApplication | None, changes: Sequence[PlanChange]
) -> list[Event]:
    """Events for the `timeline` macro, with the plan's own application and changes; at most three statements."""
    differences = moved(session, changes)
    dated = [*_of_plan(plan), *_of_application(application)]
    dated += [_of_change(change, differences.get(change.id, [])) for change in changes]
    dated += [_of_notice(notice) for notice in of_plan(session, plan.id)]
    return [event for _day, event in sorted(dated, key=lambda pair: pair[0], reverse=True)]


Dated = tuple[date, Event]


def _event(day: date, title: str, text: str = "", tone: str = "neutral", url: str | None = None) -> Dated:
    return day, {"when": era(day), "title": title, "text": text, "tone": tone, "url": url}


def _of_plan(plan: TrainingPlan) -> Iterator[Dated]:
    if plan.revoked_on is not None:
        yield _event(plan.revoked_on, label(PlanState.REVOKED), tone="danger")
    if plan.ended_on is not None:
        yield _event(plan.ended_on, label(plan.state), tone="neutral")
    yield _event(plan.accredited_on, _("認定"), tone="success")


def _of_application(application: PlanApplication | None) -> Iterator[Dated]:
    if application is not None:
        address = url_for("plan_applications.detail", plan_application_id=application.id)
        yield _event(application.applied_on, _("認定の申請"), application.number, "info", address)


def _of_change(change: PlanChange, differences: list[tuple[str, str, str]]) -> Dated:
    moves = "、".join(f"{name} {old or '—'} → {new or '—'}" for name, old, new in differences)
    title = label(change.kind)
    return _event(
        change.decided_on or change.applied_on,
        f"{title}{aside(label(change.state))}",
        moves,
        change.state.tone,
        url_for("plan_changes.detail", plan_change_id=change.id),
    )


def _of_notice(notice: DifficultyNotice) -> Dated:
    days = (notice.notified_on - notice.occurred_on).days
    late = ngettext("困難となった日から%(num)s日", "困難となった日から%(num)s日", days) if days else ""
    title = f"{_('実施困難時届出')}{aside(label(notice.reason))}"
    return _event(notice.notified_on, title, late, notice.reason.tone, url_for("notices.detail", notice_id=notice.id))
