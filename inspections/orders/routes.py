"""Instruments: the list, the page with its story, and the acts. A Labour Bureau sees its own through the same doors."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug import Response

from inspections.orders import queries, services
from inspections.orders.forms import (
    OPEN_CHOICE,
    AssessForm,
    BureauOrderFilterForm,
    ExtendForm,
    KeptOrderFilterForm,
    OrderFilterForm,
    OrderForm,
    ReplyForm,
)
from inspections.orders.models import CorrectionOrder
from inspections.orders.states import TRANSITIONS, OrderAct
from inspections.orders.story import story
from inspections.scheduling.models import Inspection
from inspections.violations.forms import ReasonForm
from inspections.violations.presenting import shown
from inspections.violations.queries import instructable
from inspections.violations.services import FINDABLE
from inspections.violations.states import Authority
from inspections.visits.queries import inspection_in_scope
from organizations.register.models import Organization
from otit.auth.access import allow, current_actor
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.errors import NotPermitted
from otit.saved_lists.registry import add_list
from otit.text import N_
from otit.web.clock import clock
from otit.web.forms import BaseForm, SelectChoice, given
from otit.web.messages import date_text, translate
from otit.web.navigation import add_nav
from otit.web.panels import Panel, add_panel
from otit.web.templating import aside

bp = Blueprint("orders", __name__)
SHOWN = 20

Answer = str | Response | tuple[str, int]


@bp.get("/orders")
@allow(Permission.VIEW_INSPECTIONS, Permission.VIEW_JOINT_INSPECTIONS)
def index() -> str:
    session, actor, today = db.session(), current_actor(), clock().today()
    form = (OrderFilterForm if actor.bureau_code is None else BureauOrderFilterForm).from_address()
    listing = queries.order_list(actor, form.wanted(), today)
    page, (total, exact) = listing.read(session, form.cursor())
    return render_template("inspections/orders/index.html", form=form, page=page, total=total, exact=exact)


@bp.get("/orders/<int:order_id>")
@allow(Permission.VIEW_INSPECTIONS, Permission.VIEW_JOINT_INSPECTIONS)
def detail(order_id: int) -> str:
    order = queries.get_order(db.session(), current_actor(), order_id)
    return render_template(
        "inspections/orders/detail.html",
        order=order,
        overdue=order.overdue(clock().today()),
        violations=shown(order.violations),
        events=[
            {"when": date_text(e.on), "title": translate(e.title, e.params), "text": _written(e.text), "tone": e.tone}
            for e in story(order)
        ],
        acts=_possible_acts(order),
    )


def _written(text: str) -> Markup:
    """What a person wrote, with its line breaks."""
    return Markup('<span class="written">{}</span>').format(text) if text else Markup("")


def _possible_acts(order: CorrectionOrder) -> set[str]:
    """The acts that this person may do now, by their code."""
    try:
        services.require_issuer(current_actor(), order)
    except NotPermitted:
        return set()
    acts = {act.value for act in OrderAct if (order.state, act) in TRANSITIONS}
    return acts if order.authority is Authority.OTIT else acts - {OrderAct.ESCALATE.value}


@bp.route("/inspections/<int:inspection_id>/orders/new", methods=["GET", "POST"])
@allow(Permission.ISSUE_INSTRUMENTS)
def new(inspection_id: int) -> Answer:
    session, actor, today = db.session(), current_actor(), clock().today()
    inspection = inspection_in_scope(session, actor, inspection_id)
    form = OrderForm()
    if not form.is_submitted():
        form.issued_on.data = today
    form.offer(Authority.OTIT, violation_choices(session, actor, inspection_id))
    if form.validate_on_submit():
        with form.refusals():
            order = services.issue(session, actor, inspection, form.draft(), now=clock().now(), today=today)
            flash(_("%(number)sを交付しました。", number=order.number), "success")
            return redirect(url_for("orders.detail", order_id=order.id), 303)
    return form.page("inspections/orders/new.html", inspection=inspection)


def violation_choices(session: Session, actor: Actor, inspection_id: int) -> list[SelectChoice]:
    """The violations that an instrument of the actor's body can name."""
    rows = shown(instructable(session, actor, inspection_id))
    texts = [(row, f"{row.citation} {row.title}{aside(date_text(row.violation.fact_on))}") for row in rows]
    return [SelectChoice(value=str(row.violation.id), label=text) for row, text in texts]


def _act(order: CorrectionOrder, form: BaseForm, act: OrderAct, done: str, perform: Callable[[], Any]) -> Answer:
    """One page for each act: what it does, the form, the answer."""
    if form.validate_on_submit():
        with form.refusals():
            form.expect_version(order)
            perform()
            flash(done, "success")
            return redirect(url_for("orders.detail", order_id=order.id), 303)
    return form.page("inspections/orders/act.html", order=order, act=act)


def _loaded(order_id: int) -> tuple[Session, Actor, CorrectionOrder]:
    session, actor = db.session(), current_actor()
    return session, actor, queries.get_order(session, actor, order_id)


@bp.route("/orders/<int:order_id>/reply", methods=["GET", "POST"])
@allow(Permission.ISSUE_INSTRUMENTS, Permission.RECORD_JOINT_RESULTS)
def reply(order_id: int) -> Answer:
    session, actor, order = _loaded(order_id)
    form, today = ReplyForm(), clock().today()

    def perform() -> None:
        received, summary = given(form.received_on.data), given(form.summary.data)
        services.receive_reply(session, actor, order, received_on=received, summary=summary, today=today)

    return _act(order, form, OrderAct.RECEIVE_REPLY, _("報告書の受領を記録しました。"), perform)


@bp.route("/orders/<int:order_id>/assess", methods=["GET", "POST"])
@allow(Permission.ISSUE_INSTRUMENTS, Permission.RECORD_JOINT_RESULTS)
def assess(order_id: int) -> Answer:
    session, actor, order = _loaded(order_id)
    form, today = AssessForm(), clock().today()
    if not form.is_submitted():
        form.assessed_on.data = today

    def perform() -> None:
        services.assess(session, actor, order, form.assessment(), today=today)

    return _act(order, form, OrderAct.ACCEPT, _("報告書の確認結果を記録しました。"), perform)


@bp.route("/orders/<int:order_id>/extend", methods=["GET", "POST"])
@allow(Permission.ISSUE_INSTRUMENTS, Permission.RECORD_JOINT_RESULTS)
def extend(order_id: int) -> Answer:
    session, actor, order = _loaded(order_id)
    form, today = ExtendForm(), clock().today()

    def perform() -> None:
        due_on = given(form.due_on.data)
        services.extend(session, actor, order, due_on=due_on, reason=given(form.reason.data), today=today)

    return _act(order, form, OrderAct.EXTEND, _("期限を延ばしました。"), perform)


@bp.route("/orders/<int:order_id>/escalate", methods=["GET", "POST"])
@allow(Permission.ISSUE_INSTRUMENTS)
def escalate(order_id: int) -> Answer:
    session, actor, order = _loaded(order_id)
    form, today = ReasonForm(), clock().today()

    def perform() -> None:
        services.escalate(session, actor, order, reason=given(form.reason.data), today=today)

    return _act(order, form, OrderAct.ESCALATE, _("処分手続へ移しました。"), perform)


def _inspection_panel(session: Session, actor: Actor, inspection: Inspection) -> dict[str, Any] | None:
    if not actor.can(Permission.VIEW_INSPECTIONS) or inspection.state not in FINDABLE:
        return None
    covered = actor.covers_office(inspection.owner_office_code, inspection.office_code)
    return {
        "inspection": inspection,
        "rows": queries.orders_of(session, actor, inspection.id),
        "may_issue": actor.can(Permission.ISSUE_INSTRUMENTS) and covered,
    }


def _organization_panel(session: Session, actor: Actor, organization: Organization) -> dict[str, Any] | None:
    if not actor.can(Permission.VIEW_INSPECTIONS):
        return None
    found = queries.open_of_organization(session, actor, organization.id, SHOWN + 1)
    return {"rows": found[:SHOWN], "more": len(found) > SHOWN}


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    add_nav(app, N_("勧告・指導"), "orders.index", 15, state=OPEN_CHOICE)
    add_list(app, "orders.index", N_("勧告・指導"), KeptOrderFilterForm)
    add_panel(app, Panel("inspection", 30, "inspections/orders/panel.html", _inspection_panel))
    add_panel(app, Panel("organization", 30, "inspections/orders/organization_panel.html", _organization_panel))
