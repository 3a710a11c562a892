"""Plans, applications for them and notices of difficulty: parts of an organization's story. Plans and applications are
told by the day and the kind, because a body has thousands of them."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask, url_for
from sqlalchemy.orm import Session

from organizations.accreditation.models import PlanApplication, PlanChange
from organizations.accreditation.states import ApplicationState
from organizations.notices.models import DifficultyNotice
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanState
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from otit.auth.actors import Actor
from otit.labels import Tone
from otit.text import N_
from otit.web.timeline import Event, Provider, add_open, add_provider, dated, tell

KIND, NOTICE = ("plans", N_("計画")), ("notice", N_("実施困難時届出"))
Titles = Mapping[str, tuple[str, Tone]]
_PLANS: Titles = {
    "accredited": (N_("計画の認定 %(count)s件"), "success"),
    "revoked": (N_("計画の認定の取消し %(count)s件"), "danger"),
    "completed": (N_("計画の修了 %(count)s件"), "neutral"),
    "discontinued": (N_("計画の中止 %(count)s件"), "warning"),
}
_APPLICATIONS: Titles = {
    "applied": (N_("計画の認定の申請 %(count)s件"), "info"),
    "accredited": (N_("計画の認定の申請 %(count)s件を認定"), "success"),
    "refused": (N_("計画の認定の申請 %(count)s件を不認定"), "danger"),
    "withdrawn": (N_("計画の認定の申請 %(count)s件の取下げ"), "neutral"),
}
_CHANGES: Titles = {
    "applied": (N_("計画の変更の申請・届出 %(count)s件"), "info"),
    "decided": (N_("計画の変更の申請 %(count)s件の処理"), "neutral"),
}


def _owner(table: Any, body: Organization) -> sa.ColumnElement[bool]:
    supervising = body.kind is OrganizationKind.SUPERVISING
    column = table.supervising_organization_id if supervising else table.implementing_organization_id
    return column == body.id  # type: ignore[no-any-return]


def _by_day(
    session: Session,
    rows: sa.Select[Any],
    days: Mapping[str, Any],
    titles: Titles,
    until: date,
    most: int,
    url: Callable[[Any], str | None],
) -> list[Event]:
    """One event for each day and kind, which leads to what happened. Each kind is counted along its own days, the
    newest first."""
    (key,) = rows.selected_columns
    parts = [
        rows.with_only_columns(
            sa.literal(what).label("what"),
            sa.type_coerce(day, sa.Date).label("day"),
            sa.func.count().label("plans"),
            sa.func.min(key).label("first_id"),
        )
        .where(day <= until)
        .group_by(day)
        .order_by(sa.desc("day"))
        .limit(most)
        .subquery()
        for what, day in days.items()
    ]
    told = sa.union_all(*(sa.select(part) for part in parts)).subquery()
    statement = sa.select(told).order_by(told.c.day.desc()).limit(most)

    def event(row: Any) -> Event:
        title, tone = titles[row.what]
        return Event(row.day, title, {"count": f"{row.plans:,}"}, tone, url=url(row))

    return tell(session, statement, event)


def _plans(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    def ended(state: PlanState) -> Any:
        return sa.case((TrainingPlan.state == state, TrainingPlan.ended_on))

    days = {
        "accredited": TrainingPlan.accredited_on,
        "revoked": TrainingPlan.revoked_on,
        "completed": ended(PlanState.COMPLETED),
        "discontinued": ended(PlanState.DISCONTINUED),
    }

    def url(row: Any) -> str:
        if row.plans == 1:
            return url_for("plans.detail", plan_id=row.first_id)
        day = row.day.isoformat() if row.what == "accredited" else None
        return url_for("plans.index", organization=body.id, accredited_from=day, accredited_to=day)

    rows = sa.select(TrainingPlan.id).where(_owner(TrainingPlan, body))
    return _by_day(session, rows, days, _PLANS, until, most, url)


def _applications(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    table = PlanApplication

    def decided(state: ApplicationState) -> Any:
        return sa.case((table.state == state, table.decided_on))

    ends = (ApplicationState.ACCREDITED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN)
    days = {"applied": table.applied_on} | {state.value: decided(state) for state in ends}

    def url(row: Any) -> str | None:
        return url_for("plan_applications.detail", plan_application_id=row.first_id) if row.plans == 1 else None

    return _by_day(session, sa.select(table.id).where(_owner(table, body)), days, _APPLICATIONS, until, most, url)


def _changes(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    rows = sa.select(PlanChange.id).join(PlanChange.plan).where(_owner(TrainingPlan, body))
    days = {"applied": PlanChange.applied_on, "decided": PlanChange.decided_on}

    def url(row: Any) -> str | None:
        return url_for("plan_changes.detail", plan_change_id=row.first_id) if row.plans == 1 else None

    return _by_day(session, rows, days, _CHANGES, until, most, url)


def _notices(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    table = DifficultyNotice
    columns: list[Any] = [table.plan_id, table.reason, table.occurred_on, TrainingPlan.number]
    statement = sa.select(*columns).join(table.plan).where(_owner(TrainingPlan, body))
    title = N_("実施困難時届出（%(reason)s）：%(number)s")

    def event(row: Any) -> Event:
        url = url_for("plans.detail", plan_id=row.plan_id)
        return Event(row.day, title, {"reason": row.reason, "number": row.number}, row.reason.tone, url=url)

    return tell(session, dated(statement, {"notified": table.notified_on}, until, most), event)


def _open_applications(session: Session, actor: Actor, body: Organization, today: date, most: int) -> list[Event]:
    table = PlanApplication
    waiting = sa.select(sa.func.count(), sa.func.min(table.applied_on))
    count, since = session.execute(waiting.where(_owner(table, body), table.state == ApplicationState.APPLIED)).one()
    title = N_("審査中：計画の認定の申請 %(count)s件")
    return [Event(since, title, {"count": f"{count:,}"}, "info", day=N_("最も古い申請日"))] if count else []


def register(app: Flask) -> None:
    for order, load in enumerate((_plans, _applications, _changes), 20):
        add_provider(app, Provider("organization", order, *KIND, load))
    add_provider(app, Provider("organization", 30, *NOTICE, _notices))
    add_open(app, "organization", 51, _open_applications)
