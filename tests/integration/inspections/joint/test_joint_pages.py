"""Joint inspections in the browser: confidential in both directions, by direct address and for other bureaus."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspections.joint import services
from inspections.joint.models import JointResult
from inspections.orders.issuing import Draft
from inspections.orders.models import CorrectionOrder
from inspections.orders.states import Instrument
from inspections.violations.queries import violations_of
from tests.factories import NOW, TODAY, Factories
from tests.field_work import BOOKS, PREMIUM, VISITED, Case
from tests.pages import Browser, Page

OTITS_OWN = ("宿泊施設を確認した", "管理簿", "架空一郎", "改勧", "法第20条", "前回の実地検査", "重点解消事案")


@pytest.fixture
def case(session: Session, factories: Factories) -> Case:
    return Case(session, factories, demand="重点解消事案")


def _both_sides(case: Case) -> tuple[CorrectionOrder, CorrectionOrder]:
    """OTIT's order and the bureau's, each with everything behind it."""
    ours = case.order()
    case.bureau_result()
    session, actor = case.session, case.officer.actor
    services.record_bureau_violation(session, actor, case.inspection, PREMIUM, now=NOW)
    found = violations_of(session, actor, case.inspection.id)
    draft = Draft(
        Instrument.CORRECTIVE_RECOMMENDATION, "賃金台帳により支払うこと。", VISITED, TODAY, [row.id for row in found]
    )
    return ours, services.issue(session, actor, case.inspection, draft, now=NOW, today=TODAY)


def test_the_officer_sees_shared_facts_and_the_bureaus_own_records_only(case: Case, browser: Browser) -> None:
    ours, theirs = _both_sides(case)
    browser.sign_in(case.officer)
    page = browser.get(f"/joint-inspections/{case.inspection.id}")
    for shared in (case.organization.name, case.organization.address, "089-000-0000", "松山支所", "実施中"):
        assert shared in page.text
    for own in ("割増賃金の不足を認めた", "申告者は在籍中", theirs.number, "労働基準法第37条"):
        assert own in page.text
    assert [text for text in OTITS_OWN if text in page.html] == []
    assert f"/organizations/{case.organization.id}" not in page.html
    assert f"/orders/{ours.id}" not in page.html


def test_the_officers_list_and_orders_hold_nothing_of_otits(case: Case, browser: Browser) -> None:
    ours, theirs = _both_sides(case)
    Case(case.session, case.factories, bureau_code="37")
    Case(case.session, case.factories, bureau_code=None)
    browser.sign_in(case.officer)
    page = browser.get("/joint-inspections")
    assert "該当 1 件" in page.text
    assert case.organization.name in page.text
    listed = browser.get("/orders")
    assert theirs.number in listed.text
    assert ours.number not in listed.text
    assert "賃金台帳により支払うこと" in browser.get(f"/orders/{theirs.id}").text


def test_the_filters_of_the_two_bodies_do_not_mix(case: Case, browser: Browser) -> None:
    browser.sign_in(case.manager)
    otit = browser.get("/orders").text
    browser.sign_in(case.officer)
    bureau = browser.get("/orders").text
    assert ("検査した事務所" in otit, "是正勧告" in otit) == (True, False)
    assert ("検査した事務所" in bureau, "是正勧告" in bureau, "改善勧告" in bureau) == (False, True, False)


def test_otits_pages_are_closed_to_the_officer_by_direct_address(case: Case, browser: Browser) -> None:
    ours, _theirs = _both_sides(case)
    (violation,) = case.violations()
    browser.sign_in(case.officer)
    for url in (
        f"/inspections/{case.inspection.id}",
        f"/inspections/{case.inspection.id}/visits/new",
        f"/inspections/{case.inspection.id}/violations/new",
        f"/inspections/{case.inspection.id}/orders/new",
        f"/violations/{violation.id}/escalate",
        f"/organizations/{case.organization.id}",
        "/inspections",
    ):
        browser.get(url, status=403)
    for act in ("", "/reply", "/assess", "/extend"):
        browser.get(f"/orders/{ours.id}{act}", status=404)


@pytest.mark.parametrize("who", ["inspector", "manager", "reader"])
def test_otit_sees_result_and_dates_of_instruments_never_what_is_confidential(
    case: Case, browser: Browser, who: str
) -> None:
    _ours, theirs = _both_sides(case)
    browser.sign_in(getattr(case, who))
    page = browser.get(f"/inspections/{case.inspection.id}")
    for shared in ("愛媛労働局", "違反あり", "割増賃金の不足を認めた", "是正勧告"):
        assert shared in page.text
    for own in ("申告者は在籍中", "賃金台帳により支払うこと", PREMIUM.description, "労働基準法第37条", theirs.number):
        assert own not in page.html
    for url in (f"/orders/{theirs.id}", f"/orders/{theirs.id}/reply"):
        browser.get(url, status=403 if who == "reader" and "reply" in url else 404)
    assert theirs.number not in browser.get("/orders").html
    for url in ("/joint-inspections", f"/joint-inspections/{case.inspection.id}"):
        browser.get(url, status=403)
    assert "労働基準法第37条" not in browser.get(f"/organizations/{case.organization.id}").html


def test_the_address_names_its_prefecture_once(case: Case, browser: Browser) -> None:
    case.organization.address = "愛媛県架空市試験町1-1"
    assert browser.sign_in(case.officer).get(f"/joint-inspections/{case.inspection.id}").text.count("愛媛県") == 1


def test_another_bureau_finds_nothing_by_direct_address(case: Case, browser: Browser) -> None:
    _ours, theirs = _both_sides(case)
    browser.sign_in(case.other_officer)
    assert "条件に合う合同検査はありません" in browser.get("/joint-inspections").text
    for url in ("", "/result", "/violations/new", "/orders/new"):
        browser.get(f"/joint-inspections/{case.inspection.id}{url}", status=404)
    for url in ("", "/reply", "/assess", "/extend"):
        browser.get(f"/orders/{theirs.id}{url}", status=404)


def test_an_inspection_that_is_not_joint_is_not_found_by_any_officer(
    session: Session, factories: Factories, browser: Browser
) -> None:
    alone = Case(session, factories, bureau_code=None)
    browser.sign_in(alone.officer)
    browser.get(f"/joint-inspections/{alone.inspection.id}", status=404)


def test_the_officer_records_result_violation_instrument_and_reply_through_the_pages(
    case: Case, browser: Browser
) -> None:
    browser.sign_in(case.officer)
    url = f"/joint-inspections/{case.inspection.id}"
    result = {"visited_on": "2026-11-20", "finding": "found", "summary": "不足あり", "confidential": "秘"}
    assert "不足あり" in browser.follow(browser.send(f"{url}/result", result)).text
    fact = {"finding": "LSI-PREMIUM|LSA-37", "fact_on": "2026-10-31", "description": "割増賃金の不足"}
    assert "労働基準法第37条" in browser.follow(browser.send(f"{url}/violations/new", fact)).text
    case.session.expire_all()
    (violation,) = violations_of(case.session, case.officer.actor, case.inspection.id)
    order = {
        "instrument": "corrective_recommendation",
        "violations": [violation.id],
        "text": "支払うこと。",
        "issued_on": "2026-11-20",
        "due_on": "2026-12-20",
    }
    page = browser.follow(browser.send(f"{url}/orders/new", order))
    assert page.heading.startswith("是正勧告 是勧26-38-0001")
    assert "/escalate" not in page.html
    place = page.response.request.path
    browser.send(f"{place}/reply", {"received_on": "2026-11-24", "summary": "支払った"})
    done = browser.follow(browser.send(f"{place}/assess", {"assessed_on": "2026-11-24", "verdict": "accept"}))
    assert "改善確認" in done.heading
    browser.get(f"{place}/escalate", status=403)


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"visited_on": "2026-11-25"}, "visited_on"),
        ({"visited_on": "令和8年13月1日"}, "visited_on"),
        ({"finding": ""}, "finding"),
        ({"summary": ""}, "summary"),
    ],
)
def test_a_wrong_result_is_explained_and_not_stored(
    case: Case, browser: Browser, values: dict[str, str], place: str
) -> None:
    browser.sign_in(case.officer)
    data = {"visited_on": "2026-11-20", "finding": "found", "summary": "不足あり"}
    page = Page(browser.send(f"/joint-inspections/{case.inspection.id}/result", data | values, status=422))
    assert page.by_id(f"{place}-error") is not None
    assert case.session.scalars(select(JointResult)).all() == []


def test_two_officers_do_not_overwrite_each_other(case: Case, browser: Browser) -> None:
    browser.sign_in(case.officer)
    url = f"/joint-inspections/{case.inspection.id}/result"
    form = browser.get(url)
    hidden = {name: form.hidden(name) for name in ("csrf_token", "version")}
    case.bureau_result(summary="先に保存")
    case.session.commit()
    data = {**hidden, "visited_on": "2026-11-20", "finding": "none", "summary": "後から"}
    assert browser.client.post(url, data=data).status_code == 409
    case.session.expire_all()
    assert case.session.scalars(select(JointResult.summary)).all() == ["先に保存"]


def test_the_filter_shows_what_still_misses_a_result(case: Case, browser: Browser) -> None:
    other = Case(case.session, case.factories)
    case.bureau_result()
    browser.sign_in(case.officer)
    page = browser.get("/joint-inspections?missing=y")
    assert other.inspection.number in page.text
    assert case.inspection.number not in page.text


def test_without_a_violation_the_page_offers_none_to_add(case: Case, browser: Browser) -> None:
    case.bureau_result(violation_found=False)
    browser.sign_in(case.officer)
    page = browser.get(f"/joint-inspections/{case.inspection.id}")
    assert "/violations/new" not in page.html
    assert "違反なし" in page.text
    assert BOOKS.description not in page.html
