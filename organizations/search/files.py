"""Plans, applications and occupations in the search of everything: by number or code, applications also by who
applies."""

from typing import Any

import sqlalchemy as sa
from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import aliased

from organizations.accreditation.models import PlanApplication
from organizations.licensing.models import LicenseApplication
from organizations.licensing.states import ApplicationPurpose
from organizations.occupations.codes import parse_code
from organizations.occupations.models import Occupation
from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from organizations.register.queries import begins_with, visible
from organizations.search.registry import Hit, Source, add_source
from organizations.search.terms import Asked
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.auth.scope import within_offices
from otit.text import N_, NP_
from otit.web.addresses import url_if_there
from otit.web.messages import date_text
from otit.web.templating import aside, label

_Implementing = aliased(Organization, name="implementing")
_Supervising = aliased(Organization, name="supervising")


def _of_plans(columns: list[Any], table: Any, actor: Actor) -> sa.Select[Any]:
    """Rows of a table that names both organizations of a plan, within the scope of either."""
    return (
        sa.select(*columns, _Implementing.name.label("name"))
        .join(_Implementing, _Implementing.id == table.implementing_organization_id)
        .outerjoin(_Supervising, _Supervising.id == table.supervising_organization_id)
        .where(within_offices(actor, _Implementing.office_code, _Supervising.office_code))
    )


def _plans(actor: Actor, asked: Asked) -> sa.Select[Any] | None:
    """By number only: who asks for a name finds the organization, and there its plans."""
    digits = asked.official("認")
    if digits is None:
        return None
    columns: list[Any] = [TrainingPlan.id, TrainingPlan.number, TrainingPlan.state, TrainingPlan.category]
    statement = _of_plans(columns, TrainingPlan, actor)
    return statement.where(begins_with(TrainingPlan.number, digits, "認")).order_by(TrainingPlan.number)


def _plan(row: Any, asked: Asked) -> Hit:
    url = url_for("plans.detail", plan_id=row.id)
    return Hit(
        row.number, url, row.name + aside(label(row.category)), row.state, exact=row.number == f"認{asked.digits}"
    )


def _plan_applications(actor: Actor, asked: Asked) -> sa.Select[Any] | None:
    table, digits = PlanApplication, asked.official("認")
    columns: list[Any] = [table.id, table.number, table.state, table.plan_id, _Implementing.id.label("body_id")]
    statement = _of_plans(columns, table, actor)
    if digits is not None:
        return statement.where(begins_with(table.number, digits, "認")).order_by(table.number)
    if not asked.bodies:
        return None
    applicants = (table.implementing_organization_id, table.supervising_organization_id)
    named = sa.or_(*(column.in_(asked.bodies) for column in applicants))
    return statement.where(named).order_by(table.applied_on.desc(), table.id.desc())


def _plan_application(row: Any, asked: Asked) -> Hit:
    """An accredited plan bears the number of its application: that number means the plan."""
    url = url_if_there("plan_applications.detail", plan_application_id=row.id) or _body(row)
    exact = row.plan_id is None and row.number == f"認{asked.digits}"
    return Hit(row.number, url, row.name, row.state, exact=exact)


def _license_applications(actor: Actor, asked: Asked) -> sa.Select[Any] | None:
    table, digits = LicenseApplication, asked.official("許")
    columns: list[Any] = [table.id, table.number, table.state, table.purpose, table.license_id]
    columns += [Organization.name, Organization.id.label("body_id")]
    statement = sa.select(*columns).join(table.organization).where(visible(actor))
    if digits is not None:
        return statement.where(begins_with(table.number, digits, "許")).order_by(table.number)
    if not asked.bodies:
        return None
    named = table.organization_id.in_(asked.bodies)
    return statement.where(named).order_by(table.applied_on.desc(), table.id.desc())


def _license_application(row: Any, asked: Asked) -> Hit:
    """A new licence bears the number of its application: that number means the licence."""
    url = url_if_there("license_applications.detail", license_application_id=row.id) or _body(row)
    licensed = row.purpose is ApplicationPurpose.NEW and row.license_id is not None
    exact = not licensed and row.number == f"許{asked.digits}"
    return Hit(row.number, url, row.name + aside(label(row.purpose)), row.state, exact=exact)


def _occupations(actor: Actor, asked: Asked) -> sa.Select[Any] | None:
    """By code, with the operations below it; each version of a code is a record."""
    code = parse_code(asked.text)
    if code is None:
        return None
    table = Occupation
    columns: list[Any] = [table.id, table.code, table.name, table.scheme, table.valid_from, table.valid_until]
    meant = sa.or_(table.code == code, table.code.startswith(f"{code}-", autoescape=True))
    return sa.select(*columns).where(meant).order_by(table.sort_key, table.valid_from.desc(), table.id)


def _occupation(row: Any, asked: Asked) -> Hit:
    """A code stands for its version without an end."""
    exact = row.code == parse_code(asked.text) and row.valid_until is None
    url = url_for("occupations.detail", occupation_id=row.id)
    days = {"start": date_text(row.valid_from), "end": date_text(row.valid_until) if row.valid_until else ""}
    line = label(row.scheme) + aside(_("%(start)s ～ %(end)s", **days))
    return Hit(f"{row.code} {row.name}", url, line, exact=exact)


def _body(row: Any) -> str:
    return url_for("organizations.detail", organization_id=row.body_id)


def _plan_list(asked: Asked) -> str:
    return url_for("plans.index", number=asked.filter_text)


def _license_application_list(asked: Asked) -> str | None:
    return url_if_there("license_applications.index", q=asked.filter_text)


def _plan_application_list(asked: Asked) -> str | None:
    field = "organization_name" if asked.digits is None else "number"
    return url_if_there("plan_applications.index", **{field: asked.filter_text})


def _occupation_list(asked: Asked) -> str:
    return url_for("occupations.index", q=asked.text)


def register(app: Flask) -> None:
    may = (Permission.VIEW_REGISTERS,)
    for source in (
        Source(30, N_("技能実習計画"), may, _plans, _plan, _plan_list),
        Source(40, N_("許可申請"), may, _license_applications, _license_application, _license_application_list),
        Source(41, N_("計画の認定申請"), may, _plan_applications, _plan_application, _plan_application_list),
    ):
        add_source(app, source)
    codes = Source(45, NP_("menu", "職種・作業"), may, _occupations, _occupation, _occupation_list)
    add_source(app, codes)
