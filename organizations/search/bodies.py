"""Organizations, licences and sending organizations in the search of everything."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from organizations.licenses.models import License
from organizations.register.matching import closest, named
from organizations.register.models import Organization, Place
from organizations.register.queries import LIVES_ON, begins_with, found_by_former_name, reached_by, visible
from organizations.register.states import OrganizationKind
from organizations.search.registry import Hit, Source, add_source
from organizations.search.terms import Asked
from organizations.sending.countries import country_name
from organizations.sending.models import SendingOrganization
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.text import N_, NP_
from otit.web.language import english
from otit.web.templating import aside, label, office_name

LISTS = {
    OrganizationKind.SUPERVISING: "organizations.supervising",
    OrganizationKind.IMPLEMENTING: "organizations.implementing",
}


def _organizations(kind: OrganizationKind, actor: Actor, asked: Asked) -> sa.Select[Any] | None:
    columns: list[Any] = [
        Organization.id,
        Organization.name,
        Organization.office_code,
        Organization.status,
        Organization.corporate_number,
        Organization.notification_number,
    ]
    found = sa.select(*columns).where(Organization.kind == kind, Organization.merged_into_id.is_(None), visible(actor))
    found = found.add_columns(*_reached(asked.phone))
    if asked.name_key is not None:
        return found.where(named(asked.name_key)).order_by(
            *closest(Organization.name_key, asked.name_key), Organization.id
        )
    ids = _numbered(asked)
    return (
        found.where(Organization.id.in_(sa.union(*ids))).order_by(Organization.name_key, Organization.id)
        if ids
        else None
    )


def _numbered(asked: Asked) -> list[sa.Select[Any]]:
    """The ids of the bodies whose number it is, of any kind."""
    ids = reached_by(asked.phone) if asked.phone else []
    if asked.digits and not asked.sign:
        numbers = (Organization.corporate_number, Organization.notification_number)
        ids += [sa.select(LIVES_ON).where(begins_with(column, asked.digits)) for column in numbers]
    return ids


def _reached(phone: str | None) -> tuple[Any, Any]:
    """Which telephone number was found, of the body or of a place of it, and whether it was typed in full."""
    if phone is None:
        return sa.null().label("reached"), sa.false().label("called")
    own, there = begins_with(Organization.phone_key, phone), begins_with(Place.phone_key, phone)
    place = sa.select(Place.name + "　" + Place.phone).where(Place.organization_id == Organization.id, there)
    site = place.order_by(Place.id).limit(1).correlate(Organization).scalar_subquery()
    in_full = sa.exists().where(Place.organization_id == Organization.id, Place.phone_key == phone)
    called = sa.or_(sa.func.coalesce(Organization.phone_key, "") == phone, in_full)
    return sa.case((own, Organization.phone), else_=site).label("reached"), called.label("called")


def _organization(row: Any, asked: Asked) -> Hit:
    numbers = row.corporate_number, row.notification_number
    return Hit(
        row.name,
        url_for("organizations.detail", organization_id=row.id),
        "　".join(filter(None, (*numbers, row.reached, office_name(row.office_code)))),
        row.status,
        exact=bool(row.called) or (asked.digits in numbers and asked.digits is not None),
        more=((_("計画の一覧"), url_for("plans.index", organization=row.id)),),
    )


def _former_names(session: Session, rows: Sequence[Any], asked: Asked) -> dict[int, str]:
    """Why a body is among the hits whose name is another one by now."""
    if asked.name_key is None:
        return {}
    former = found_by_former_name(session, [row.id for row in rows], asked.text)
    return {key: _("旧名称：%(name)s", name=name) for key, name in former.items()}


def _of_kind(kind: OrganizationKind, asked: Asked) -> str:
    return url_for(LISTS[kind], q=asked.filter_text)


def _licenses(actor: Actor, asked: Asked) -> sa.Select[Any] | None:
    digits = asked.official("許")
    if digits is None:
        return None
    columns: list[Any] = [License.number, License.state, License.license_class, Organization.id, Organization.name]
    return (
        sa.select(*columns)
        .join(License.organization)
        .where(begins_with(License.number, digits, "許"), Organization.merged_into_id.is_(None), visible(actor))
        .order_by(License.number)
    )


def _license(row: Any, asked: Asked) -> Hit:
    url = url_for("organizations.detail", organization_id=row.id)
    line = row.name + aside(label(row.license_class))
    return Hit(row.number, url, line, row.state, exact=row.number == f"許{asked.digits}")


def _sending(actor: Actor, asked: Asked) -> sa.Select[Any] | None:
    body = SendingOrganization
    columns: list[Any] = [body.id, body.name, body.country, body.number, body.reference_number]
    meant: list[sa.ColumnElement[bool]] = []
    if asked.name_key is not None:
        meant.append(body.name_key.contains(asked.name_key, autoescape=True))
    if asked.digits is not None:
        number = asked.sign + asked.digits
        meant += [
            body.number.startswith(number, autoescape=True),
            body.reference_number.startswith(number, autoescape=True),
        ]
    order = closest(body.name_key, asked.name_key) if asked.name_key else [body.name_key]
    return sa.select(*columns).where(sa.or_(*meant)).order_by(*order, body.id) if meant else None


def _sending_hit(row: Any, asked: Asked) -> Hit:
    number = asked.sign + asked.digits if asked.digits else None
    line = "　".join(filter(None, (row.number, row.reference_number, country_name(row.country, english=english()))))
    url = url_for("sending.detail", sending_id=row.id)
    return Hit(row.name, url, line, exact=number is not None and number in (row.number, row.reference_number))


def register(app: Flask) -> None:
    names = {
        OrganizationKind.SUPERVISING: NP_("menu", "監理団体"),
        OrganizationKind.IMPLEMENTING: NP_("menu", "実習実施者"),
    }
    registers = (Permission.VIEW_REGISTERS,)
    for order, kind in enumerate(OrganizationKind, 10):
        rows, url = partial(_organizations, kind), partial(_of_kind, kind)
        add_source(app, Source(order, names[kind], registers, rows, _organization, url, _former_names))
    add_source(
        app, Source(20, N_("許可"), registers, _licenses, _license, partial(_of_kind, OrganizationKind.SUPERVISING))
    )
    sending = NP_("menu", "送出機関")
    add_source(
        app,
        Source(
            50,
            sending,
            (Permission.VIEW_SENDING,),
            _sending,
            _sending_hit,
            lambda a: url_for("sending.index", q=a.filter_text),
        ),
    )
