"""Pages of what belongs to an organization: officers, places, notices about its business."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug import Response

from organizations.register import business, namesakes, officers, part_queries, place_acts, queries
from organizations.register.entry_forms import BusinessNoticeForm, EndForm, OfficerForm, PlaceForm, WithdrawalForm
from organizations.register.entry_routes import Answer, bp
from organizations.register.models import Organization
from organizations.register.officers import OfficerFacts
from otit.auth.access import allow, current_actor
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.db import db
from otit.findings import Finding
from otit.text import match_key
from otit.web.clock import clock
from otit.web.forms import BaseForm


@bp.route("/<int:organization_id>/business-notice", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def business_notice(organization_id: int) -> Answer:
    session, actor, organization = _loaded(organization_id)
    form, now = BusinessNoticeForm(notified_on=clock().today()), clock().now()
    found: list[Finding] = []
    if form.validate_on_submit():
        form.expect_version(organization)
        found = business.review_notice(organization, form.facts())
        if form.confirms(found):
            with form.refusals():
                business.record_business_notice(session, actor, organization, form.facts(), findings=found, now=now)
                return _done(organization, _("事業の状況についての届出を記録しました。"))
    notices = part_queries.notices_of(session, organization.id)
    return _page("business_notice", organization, form, findings=[] if form.refused else found, notices=notices)


@bp.route("/<int:organization_id>/business-notices/<int:notice_id>/withdraw", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def withdraw_notice(organization_id: int, notice_id: int) -> Answer:
    session, actor, organization = _loaded(organization_id)
    notice = part_queries.get_notice(session, organization, notice_id)
    form, now = WithdrawalForm(), clock().now()
    if form.validate_on_submit():
        form.expect_version(organization)
        with form.refusals():
            business.withdraw_notice(session, actor, organization, notice, reason=form.reason.data or "", now=now)
            return _done(organization, _("届出の記録を取り消しました。"))
    return _page("notice_withdraw", organization, form, notice=notice)


@bp.route("/<int:organization_id>/officers/new", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def new_officer(organization_id: int) -> Answer:
    session, actor, organization = _loaded(organization_id)
    form = OfficerForm.of(organization)

    def act(facts: OfficerFacts, found: list[Finding]) -> None:
        officers.add_officer(session, actor, organization, facts, findings=found, now=clock().now())

    return _officer_page(organization, form, None, act, _("役員を登録しました。"))


@bp.route("/officers/<int:officer_id>/edit", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def edit_officer(officer_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    officer = part_queries.get_officer(session, actor, officer_id)
    form = OfficerForm.of(officer.organization, officer)

    def act(facts: OfficerFacts, found: list[Finding]) -> None:
        officers.correct_officer(session, actor, officer, facts, findings=found, now=clock().now())

    return _officer_page(officer.organization, form, officer, act, _("役員の記録を訂正しました。"))


def _officer_page(
    organization: Organization,
    form: OfficerForm,
    officer: Any,
    act: Callable[[OfficerFacts, list[Finding]], None],
    done: str,
) -> Answer:
    found: list[Finding] = []
    if form.validate_on_submit():
        if officer is not None:
            form.expect_version(officer)
        today, facts = clock().today(), form.facts()
        with form.refusals():
            key = match_key(facts.name)
            found = [
                *officers.review_officer(db.session(), organization, facts, officer, today),
                *namesakes.review_officers(db.session(), organization, [key], today).get(key, []),
            ]
            if form.confirms(found):
                act(facts, found)
                return _done(organization, done, "officers")
    return _page("officer", organization, form, findings=found, officer=officer)


@bp.route("/officers/<int:officer_id>/end", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def end_officer(officer_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    officer = part_queries.get_officer(session, actor, officer_id)
    form = EndForm(ends_on=clock().today())

    def act() -> None:
        officers.end_officer(session, actor, officer, on=form.ends_on.day, now=clock().now())

    return _act_page("officer_end", officer, form, act, _("役員の退任を記録しました。"), "officers")


@bp.route("/<int:organization_id>/places/new", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def new_place(organization_id: int) -> Answer:
    session, actor, organization = _loaded(organization_id)
    form = PlaceForm(prefecture_code=organization.prefecture_code)
    if form.validate_on_submit():
        with form.refusals():
            place_acts.add_place(session, actor, organization, form.facts())
            return _done(organization, _("場所を登録しました。"), "places")
    return _page("place", organization, form, place=None)


@bp.route("/places/<int:place_id>/edit", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def edit_place(place_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    place = part_queries.get_place(session, actor, place_id)
    form = PlaceForm.of(place)

    def act() -> None:
        place_acts.correct_place(session, actor, place, form.facts())

    return _act_page("place", place, form, act, _("場所の記録を訂正しました。"), "places", place=place)


@bp.route("/places/<int:place_id>/end", methods=["GET", "POST"])
@allow(Permission.MAINTAIN_REGISTERS)
def end_place(place_id: int) -> Answer:
    session, actor = db.session(), current_actor()
    place = part_queries.get_place(session, actor, place_id)
    form = EndForm(ends_on=clock().today())

    def act() -> None:
        place_acts.end_place(session, actor, place, on=form.ends_on.day)

    return _act_page("place_end", place, form, act, _("場所の使用の終わりを記録しました。"), "places")


def _loaded(organization_id: int) -> tuple[Session, Actor, Organization]:
    session, actor = db.session(), current_actor()
    return session, actor, queries.get_organization(session, actor, organization_id)


def _act_page(
    name: str, part: Any, form: BaseForm, act: Callable[[], None], done: str, place_on_page: str, **context: Any
) -> Answer:
    """A form about a record of the organization: shown, sent, refused or done."""
    if form.validate_on_submit():
        form.expect_version(part)
        with form.refusals():
            act()
            return _done(part.organization, done, place_on_page)
    return _page(name, part.organization, form, part=part, **context)


def _done(organization: Organization, words: str, place_on_page: str | None = None) -> Response:
    flash(words, "success")
    address = url_for("organizations.detail", organization_id=organization.id, _anchor=place_on_page)
    return redirect(address, 303)


def _page(
    name: str, organization: Organization, form: BaseForm, *, findings: Sequence[Finding] = (), **context: Any
) -> Answer:
    named = {one.organization_id for one in findings if one.organization_id is not None}
    return form.page(
        f"organizations/register/{name}.html",
        organization=organization,
        findings=findings,
        openable=queries.openable(db.session(), current_actor(), named),
        **context,
    )
