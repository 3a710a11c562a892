"""The licences of a supervising organization and the applications for them: parts of its story."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from organizations.licenses.models import License, LicenseCondition, LicenseTerm
from organizations.licenses.states import LIVE_STATES, LicenseState, TermGround
from organizations.licensing.models import LicenseApplication
from organizations.licensing.states import OPEN_STATES
from organizations.register.models import Organization
from organizations.register.states import BusinessStatus, OrganizationKind
from otit.auth.actors import Actor
from otit.labels import Tone
from otit.text import N_
from otit.web.addresses import url_if_there
from otit.web.timeline import Event, Provider, add_open, add_provider, dated, tell

KIND = ("license", N_("許可"))
_RENEWALS = (TermGround.RENEWED, TermGround.CLASS_CHANGED, TermGround.DOWNGRADED)
_LICENSE: dict[str, tuple[str, Tone]] = {
    "licensed": (N_("%(license_class)sの許可 %(number)s"), "success"),
    "expired": (N_("許可の有効期間の満了 %(number)s"), "neutral"),
    "revoked": (N_("許可の取消し %(number)s（欠格期間 %(bar_until)sまで）"), "danger"),
    "closed": (N_("監理事業の廃止 %(number)s"), "neutral"),
}
_APPLICATION = {
    "applied": N_("%(purpose)sの申請 %(number)s"),
    "facts_found": N_("%(purpose)sの申請 %(number)s：事実関係の調査済"),
    "decided": N_("%(purpose)sの申請 %(number)s：%(state)s"),
    "withdrawn": N_("%(purpose)sの申請 %(number)s の取下げ"),
}


def _supervising(body: Organization) -> bool:
    return body.kind is OrganizationKind.SUPERVISING


def _licenses(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    if not _supervising(body):
        return []
    columns: list[Any] = [License.number, License.license_class, License.bar_until]
    expired = sa.case((License.state == LicenseState.EXPIRED, License.expires_on))
    days = {
        "licensed": License.licensed_on,
        "expired": expired,
        "revoked": License.revoked_on,
        "closed": License.closed_on,
    }

    def event(row: Any) -> Event:
        title, tone = _LICENSE[row.what]
        params = {"number": row.number or "—", "license_class": row.license_class, "bar_until": row.bar_until}
        return Event(row.day, title, params, tone)

    statement = sa.select(*columns).where(License.organization_id == body.id)
    return tell(session, dated(statement, days, until, most), event)


def _terms(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    if not _supervising(body):
        return []
    columns: list[Any] = [LicenseTerm.ground, LicenseTerm.license_class, LicenseTerm.ends_on]
    statement = sa.select(*columns).join(License, License.id == LicenseTerm.license_id)
    statement = statement.where(License.organization_id == body.id, LicenseTerm.ground.in_(_RENEWALS))
    title = N_("%(ground)s：%(license_class)s（%(ends_on)sまで）")

    def event(row: Any) -> Event:
        tone: Tone = "warning" if row.ground is TermGround.DOWNGRADED else "success"
        params = {"ground": row.ground, "license_class": row.license_class, "ends_on": row.ends_on}
        return Event(row.day, title, params, tone)

    return tell(session, dated(statement, {"term": LicenseTerm.starts_on}, until, most), event)


def _conditions(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    if not _supervising(body):
        return []
    statement = sa.select(LicenseCondition.text).join(LicenseCondition.license)
    statement = statement.where(License.organization_id == body.id)
    titles = {"set": N_("許可に条件を付与"), "ended": N_("許可の条件が終了")}
    tones: dict[str, Tone] = {"set": "warning", "ended": "neutral"}
    days = {"set": LicenseCondition.starts_on, "ended": LicenseCondition.ends_on}
    return tell(
        session,
        dated(statement, days, until, most),
        lambda row: Event(row.day, titles[row.what], tone=tones[row.what], text=row.text),
    )


def _application_url(row: Any) -> str | None:
    return url_if_there("license_applications.detail", license_application_id=row.id)


def _applications(session: Session, actor: Actor, body: Organization, until: date, most: int) -> list[Event]:
    if not _supervising(body):
        return []
    table = LicenseApplication
    columns: list[Any] = [table.id, table.number, table.purpose, table.state, table.refusal_reason]
    days = {
        "applied": table.applied_on,
        "facts_found": table.facts_found_on,
        "decided": table.decided_on,
        "withdrawn": table.withdrawn_on,
    }

    def event(row: Any) -> Event:
        decided = row.what == "decided"
        tone: Tone = row.state.tone if decided else "info"
        params = {"number": row.number, "purpose": row.purpose, "state": row.state}
        text = row.refusal_reason or "" if decided else ""
        return Event(row.day, _APPLICATION[row.what], params, tone, text, _application_url(row))

    statement = sa.select(*columns).where(table.organization_id == body.id)
    return tell(session, dated(statement, days, until, most), event)


def _open_applications(session: Session, actor: Actor, body: Organization, today: date, most: int) -> list[Event]:
    if not _supervising(body):
        return []
    table = LicenseApplication
    columns: list[Any] = [table.id, table.number, table.purpose, table.state, table.applied_on]
    statement = sa.select(*columns).where(table.organization_id == body.id, table.state.in_(OPEN_STATES))
    title = N_("審査中：%(purpose)sの申請 %(number)s（%(state)s）")
    return [
        Event(
            row.applied_on,
            title,
            {"purpose": row.purpose, "number": row.number, "state": row.state},
            "info",
            url=_application_url(row),
            day=N_("申請日"),
        )
        for row in session.execute(statement.order_by(table.applied_on, table.id).limit(most))
    ]


def _suspension(session: Session, actor: Actor, body: Organization, today: date, most: int) -> list[Event]:
    if not _supervising(body):
        return []
    suspended = sa.select(License.number, License.suspended_until).where(
        License.organization_id == body.id, License.state == LicenseState.SUSPENDED
    )
    title = N_("事業停止中：許可 %(number)s")
    return [
        Event(until, title, {"number": number or "—"}, "danger", day=N_("停止期間の末日"))
        for number, until in session.execute(suspended.order_by(License.id).limit(most))
        if until is not None
    ]


def _outlived(session: Session, actor: Actor, body: Organization, today: date, most: int) -> list[Event]:
    """The body has given up its business, and still has a licence: the notice (Art. 34(1)) is to be followed there."""
    if not _supervising(body) or body.status is not BusinessStatus.CLOSED:
        return []
    live = sa.select(License.id, License.number, License.expires_on)
    live = live.where(License.organization_id == body.id, License.state.in_(LIVE_STATES)).order_by(License.id)
    title = N_("事業の廃止の届出がありますが、許可 %(number)s の廃止が記録されていません")
    return [
        Event(
            row.expires_on,
            title,
            {"number": row.number or "—"},
            "warning",
            url=url_if_there("licenses.detail", license_id=row.id),
            day=N_("許可の有効期限"),
        )
        for row in session.execute(live.limit(most))
    ]


def register(app: Flask) -> None:
    for order, load in enumerate((_licenses, _terms, _applications, _conditions), 10):
        add_provider(app, Provider("organization", order, *KIND, load))
    add_open(app, "organization", 10, _suspension)
    add_open(app, "organization", 15, _outlived)
    add_open(app, "organization", 50, _open_applications)
